using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using StatusMonitor.Storage.History;

namespace StatusMonitor.Storage.Sqlite;

/// <summary>The history in SQLite: what is in the journal's logs, in pieces and in compacted hours, as one.</summary>
/// <remarks>
/// A row leaves a log only once it is in a chunk, and a piece goes in the transaction that brings it into its hour; so whoever looks into the logs first and then
/// reads the rest in one transaction misses nothing, and what it sees twice is of the same host and time.
/// </remarks>
public sealed class SqliteHistory(SqliteStore store, SqliteSampleJournal journal) : IHistory
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<StoredSeries>> ReadSeriesAsync(long hostId, CancellationToken cancellationToken)
    {
        var logged = LoggedSamples.Of(journal.LoggedOf(hostId), long.MinValue, long.MaxValue);
        return await store.ReadAsync(connection => ReadSeries(connection, hostId, logged), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<SampleBlock> ReadSamplesAsync(long hostId, ImmutableArray<int> seriesIds, long from, long to, CancellationToken cancellationToken)
    {
        var ids = seriesIds.Sort();
        var logged = LoggedSamples.Of(journal.LoggedOf(hostId), from, to).Select(block => block.Only(ids)).ToList();
        return await store.ReadAsync(
            connection =>
            {
                var blocks = ReadSamples(connection, hostId, from, to).Select(samples => SampleBlocks.Slice(ChunkCodec.Decode(samples, ids.AsSpan()), from, to)).Concat(logged).ToList();
                return blocks.Count == 1 ? blocks[0] : SampleBlocks.Merge(blocks);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<RollupBlock> ReadRollupsAsync(long hostId, ImmutableArray<int> seriesIds, RollupTier tier, long from, long to, CancellationToken cancellationToken)
    {
        var ids = seriesIds.Sort();
        if (from >= to) return RollupBlocks.Empty(tier);

        // Whole hours, whose first and last buckets are cut off in the end: a bucket needs all of its samples.
        var (first, last) = (Hours.Of(from), Hours.Of(to - 1));
        var logged = LoggedSamples.Of(journal.LoggedOf(hostId), Hours.Begin(first), Hours.End(last)).ToDictionary(block => Hours.Of(block.Times[0]), block => block.Only(ids));
        var rollups = await store.ReadAsync(
            connection =>
            {
                using var transaction = connection.BeginTransaction(deferred: true);
                return tier == RollupTier.Minute ? ReadMinutes(connection, hostId, ids, first, last, logged) : ReadQuarterHours(connection, hostId, ids, first, last, logged);
            },
            cancellationToken);
        return RollupBlocks.Slice(rollups, from, to);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<TimeRange>> ReadAwayAsync(long from, long to, CancellationToken cancellationToken)
    {
        var runs = await store.ReadAsync(
            connection => connection.Rows("select from_at, to_at from server_runs order by from_at", [], row => new TimeRange(row.GetInt64(0), row.GetInt64(1))),
            cancellationToken);
        return [.. runs.Zip(runs.Skip(1), (before, after) => new TimeRange(Math.Max(before.To, from), Math.Min(after.From, to))).Where(gap => gap.From < gap.To)];
    }

    private static List<StoredSeries> ReadSeries(SqliteConnection connection, long hostId, List<SampleBlock> logged)
    {
        using var transaction = connection.BeginTransaction(deferred: true);
        var spans = new Dictionary<int, SeriesSpan>();
        foreach (var block in logged) SeriesSpan.Add(spans, block);
        var pieces = connection.Rows(
            "select samples from chunks indexed by chunks_place where host_id = $host and part > 0 and samples is not null", [("$host", hostId)], row => row.GetFieldValue<byte[]>(0));
        foreach (var piece in pieces) SeriesSpan.Add(spans, ChunkCodec.Decode(piece));

        var series = new List<StoredSeries>();
        connection.Rows("select series_id, name, first_at, last_at from series where host_id = $host order by series_id", [("$host", hostId)], row =>
        {
            var span = spans.GetValueOrDefault(row.GetInt32(0), SeriesSpan.None);
            if (!row.IsDBNull(2)) span = span.With(new SeriesSpan(row.GetInt64(2), row.GetInt64(3)));
            if (span != SeriesSpan.None) series.Add(new StoredSeries(row.GetInt32(0), row.GetString(1), span.FirstAt, span.LastAt));
            return 0;
        });
        return series;
    }

    private static List<byte[]> ReadSamples(SqliteConnection connection, long hostId, long from, long to) => connection.Rows(
        """
        select samples from chunks
        where host_id = $host and hour between $first and $last and to_at >= $from and from_at < $to and samples is not null order by hour, part
        """,
        [("$host", hostId), ("$first", Hours.Of(from)), ("$last", Hours.Of(to)), ("$from", from), ("$to", to)],
        row => row.GetFieldValue<byte[]>(0));

    private static RollupBlock ReadMinutes(
        SqliteConnection connection, long hostId, ImmutableArray<int> ids, long first, long last, Dictionary<long, SampleBlock> logged)
    {
        // Samples of the compacted hour only where something is to be merged with them: they are most of what would be read.
        var chunks = connection.Rows(
            "select hour, part, minutes, iif(part > 0, samples, null) from chunks where host_id = $host and hour between $first and $last order by hour, part",
            [("$host", hostId), ("$first", first), ("$last", last)],
            row => (Hour: row.GetInt64(0), Part: row.GetInt32(1), Minutes: row.Blob(2), Samples: row.Blob(3)));
        var merger = new OpenHours(connection, hostId, ids);
        var hours = new List<RollupBlock>();
        foreach (var hour in chunks.GroupBy(chunk => chunk.Hour))
        {
            var late = hour.Where(chunk => chunk.Part > 0).Select(chunk => ChunkCodec.Decode(chunk.Samples, ids.AsSpan())).ToList();
            if (logged.Remove(hour.Key, out var newest)) late.Add(newest);
            var compacted = hour.First();
            if (late.Count > 0) hours.Add(merger.Merge(hour.Key, compacted.Part == 0, compacted.Minutes, late).Minutes);
            else if (compacted.Minutes is not null) hours.Add(RollupCodec.Decode(compacted.Minutes, ids.AsSpan()));
        }

        hours.AddRange(logged.Select(hour => merger.Merge(hour.Key, isCompacted: false, null, [hour.Value]).Minutes));
        hours.RemoveAll(hour => hour.Starts.Length == 0);
        return hours.Count switch
        {
            0 => RollupBlocks.Empty(RollupTier.Minute),
            1 => hours[0],
            _ => Rollups.Join(RollupTier.Minute, [.. hours.OrderBy(hour => hour.Starts[0])]),
        };
    }

    private static RollupBlock ReadQuarterHours(
        SqliteConnection connection, long hostId, ImmutableArray<int> ids, long first, long last, Dictionary<long, SampleBlock> logged)
    {
        var days = connection.Rows(
            "select data from days where host_id = $host and day between $first and $last order by day",
            [("$host", hostId), ("$first", Hours.DayOf(first)), ("$last", Hours.DayOf(last))],
            row => RollupCodec.Decode(row.GetFieldValue<byte[]>(0), ids.AsSpan()));
        days.RemoveAll(day => day.Starts.Length == 0);
        var rollups = days.Count == 0 ? RollupBlocks.Empty(RollupTier.QuarterHour) : Rollups.Join(RollupTier.QuarterHour, days);

        var open = connection.Rows(
            "select distinct hour from chunks indexed by chunks_place where host_id = $host and hour between $first and $last and part > 0",
            [("$host", hostId), ("$first", first), ("$last", last)],
            row => row.GetInt64(0)).Union(logged.Keys).ToList();
        var merger = new OpenHours(connection, hostId, ids);
        foreach (var hour in open)
        {
            var chunks = connection.Rows(
                "select part, minutes, iif(part > 0, samples, null) from chunks where host_id = $host and hour = $hour order by part",
                [("$host", hostId), ("$hour", hour)],
                row => (Part: row.GetInt32(0), Minutes: row.Blob(1), Samples: row.Blob(2)));
            var late = chunks.Where(chunk => chunk.Part > 0).Select(chunk => ChunkCodec.Decode(chunk.Samples, ids.AsSpan())).ToList();
            if (logged.TryGetValue(hour, out var newest)) late.Add(newest);
            rollups = merger.Merge(hour, chunks is [{ Part: 0 }, ..], chunks.FirstOrDefault().Minutes, late).Into(rollups);
        }

        return rollups;
    }

    /// <summary>Hours of a host that something came for which is not compacted yet.</summary>
    private sealed class OpenHours(SqliteConnection connection, long hostId, ImmutableArray<int> ids)
    {
        private Dictionary<int, string>? _names;

        public HourMerge Merge(long hour, bool isCompacted, byte[]? minutes, List<SampleBlock> late)
        {
            _names ??= connection.SeriesOf(hostId);
            if (!isCompacted) return HourMerge.Of(null, late, IsCounter);
            var samples = connection.Rows("select samples from chunks where host_id = $host and hour = $hour and part = 0", [("$host", hostId), ("$hour", hour)], row => row.Blob(0))[0];
            return HourMerge.Of(
                (samples is null ? null : ChunkCodec.Decode(samples, ids.AsSpan()), minutes is null ? null : RollupCodec.Decode(minutes, ids.AsSpan())), late, IsCounter);
        }

        private bool IsCounter(int seriesId) => _names!.TryGetValue(seriesId, out var name) && SeriesCounters.IsCounter(name);
    }
}
