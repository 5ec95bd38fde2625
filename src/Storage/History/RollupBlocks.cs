using System.Collections.Immutable;

namespace StatusMonitor.Storage.History;

/// <summary>Rollups of one host put together, and cut.</summary>
internal static class RollupBlocks
{
    public static RollupBlock Empty(RollupTier tier) => new(tier, [], [], [], []);

    /// <summary>The buckets that begin in a range, <paramref name="to"/> not included.</summary>
    public static RollupBlock Slice(RollupBlock block, long from, long to)
    {
        var first = IndexOf(block.Starts, from);
        var count = Math.Max(0, IndexOf(block.Starts, to) - first);
        if (count == block.Starts.Length) return block;
        return new RollupBlock(
            block.Tier,
            block.Starts.Slice(first, count),
            block.FirstAt.Slice(first, count),
            block.LastAt.Slice(first, count),
            [.. block.Columns.Select(column => column with { Points = column.Points.Slice(first, count) })]);
    }

    /// <summary>The union by bucket. Where several blocks have a bucket, that of the first block counts, whole.</summary>
    public static RollupBlock Merge(RollupTier tier, IReadOnlyList<RollupBlock> blocks)
    {
        var filled = blocks.Where(block => block.Starts.Length > 0).ToList();
        if (filled.Count == 0) return Empty(tier);
        if (filled.Count == 1) return filled[0];

        var buckets = filled.SelectMany((block, order) => block.Starts.Select((start, index) => (Start: start, Order: order, Index: index)))
            .OrderBy(bucket => bucket.Start).ThenBy(bucket => bucket.Order).DistinctBy(bucket => bucket.Start).ToArray();
        var kinds = new SortedDictionary<int, bool>();
        foreach (var column in filled.SelectMany(block => block.Columns)) kinds.TryAdd(column.SeriesId, column.IsCounter);
        return new RollupBlock(
            tier,
            [.. buckets.Select(bucket => bucket.Start)],
            [.. buckets.Select(bucket => filled[bucket.Order].FirstAt[bucket.Index])],
            [.. buckets.Select(bucket => filled[bucket.Order].LastAt[bucket.Index])],
            [.. kinds.Select(kind => new RollupColumn(kind.Key, kind.Value, Points(kind.Key)))]);

        ImmutableArray<RollupPoint> Points(int seriesId)
        {
            var columns = filled.ConvertAll(block => block.Columns.FirstOrDefault(column => column.SeriesId == seriesId).Points);
            return [.. buckets.Select(bucket => columns[bucket.Order] is { IsDefault: false } points ? points[bucket.Index] : default)];
        }
    }

    private static int IndexOf(ImmutableArray<long> starts, long from)
    {
        var index = starts.BinarySearch(from);
        return index < 0 ? ~index : index;
    }
}
