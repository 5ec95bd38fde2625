using System.Collections.Immutable;
using System.Runtime.InteropServices;
using StatusMonitor.Storage.History.Coding;

namespace StatusMonitor.Storage.History;

/// <summary>Rollups of one host as compressed bytes. Encoding and decoding gives back every point to the bit.</summary>
/// <remarks>
/// Format 1, laid out as <see cref="StoredBlock"/> says; its rows are buckets, and the flag of a column says that the series is a counter. Each section is bits, from the highest
/// of each byte down, filled with zeros to a whole byte; its parts are columns as <see cref="IntegerCoder"/> and <see cref="DoubleCoder"/> say.
/// <code>
/// shared section    byte: tier; integers: starts; first times less starts; last times less first; the most values any series has in the bucket
/// section of series a bit: 0 if it has that many values in each bucket, 1: integers: how many fewer;
///                   then for the buckets that have a value what <see cref="GaugeColumn"/> or <see cref="CounterColumn"/> says
/// </code>
/// </remarks>
public static class RollupCodec
{
    private const byte Format = 1;

    /// <summary>Rows for which what is needed while decoding is on the stack: an hour of minutes, or a day of quarters of an hour.</summary>
    internal const int RowsOnStack = 96;

    /// <exception cref="ArgumentException">It is no block: buckets do not ascend, lengths differ, or a gauge has what only a counter has.</exception>
    public static byte[] Encode(RollupBlock block)
    {
        var count = block.Starts.Length;
        if (count > StoredBlock.MaxRows || block.FirstAt.Length != count || block.LastAt.Length != count) throw new ArgumentException("Rollups have too many buckets, or not as many times as buckets.", nameof(block));
        using var bits = new BitWriter();
        using var integers = new IntegerEncoder(count);
        var most = WriteShared(bits, integers, block);
        var shared = bits.EndByte();

        var columns = new StoredBlock.Column[block.Columns.Length];
        var end = shared;
        for (var i = 0; i < columns.Length; i++)
        {
            var column = block.Columns[i];
            if (column.Points.Length != count) throw new ArgumentException("A series of rollups has not as many points as there are buckets.", nameof(block));
            WriteColumn(bits, integers, block, column, most);
            var begin = end;
            end = bits.EndByte();
            columns[i] = new StoredBlock.Column(column.SeriesId, column.IsCounter, end - begin);
        }

        return StoredBlock.Write(Format, count, shared, columns, bits.Written);
    }

    /// <summary>All of it.</summary>
    /// <exception cref="InvalidDataException">The bytes are no rollups of a known format, or damaged.</exception>
    public static RollupBlock Decode(ReadOnlySpan<byte> bytes)
    {
        var reader = StoredBlock.Open(bytes, Format);
        var block = ReadShared(reader, out var most);
        var columns = ImmutableArray.CreateBuilder<RollupColumn>(reader.Columns);
        while (reader.Next(out var column, out var section)) columns.Add(ReadColumn(block, column, section, most));
        return block with { Columns = columns.MoveToImmutable() };
    }

    /// <summary>All buckets, and of the columns only these (ascending); what is not there is left out.</summary>
    /// <exception cref="InvalidDataException">The bytes are no rollups of a known format, or damaged.</exception>
    public static RollupBlock Decode(ReadOnlySpan<byte> bytes, ReadOnlySpan<int> seriesIds)
    {
        var reader = StoredBlock.Open(bytes, Format);
        var block = ReadShared(reader, out var most);
        var columns = ImmutableArray.CreateBuilder<RollupColumn>(Math.Min(reader.Columns, seriesIds.Length));
        while (reader.Next(ref seriesIds, out var column, out var section)) columns.Add(ReadColumn(block, column, section, most));
        return block with { Columns = columns.DrainToImmutable() };
    }

    /// <summary>Adds to rollups those that are stored here, of these series (ascending).</summary>
    /// <exception cref="InvalidDataException">The bytes are no rollups of a known format, or damaged.</exception>
    internal static void Decode(ReadOnlySpan<byte> bytes, ReadOnlySpan<int> seriesIds, RollupJoin into)
    {
        var reader = StoredBlock.Open(bytes, Format);
        var rows = reader.Rows;
        Span<long> shared = rows <= RowsOnStack ? stackalloc long[4 * rows] : new long[4 * rows];
        var starts = shared[..rows];
        var first = shared.Slice(rows, rows);
        var last = shared.Slice(2 * rows, rows);
        var most = shared.Slice(3 * rows, rows);
        var tier = ReadShared(reader, starts, first, last, most);
        if (!into.TryBegin(tier, starts, first, last, most)) return;

        var runs = into.Runs;
        Span<RollupPoint> points = runs.Ends.Length <= RowsOnStack ? stackalloc RollupPoint[runs.Ends.Length] : new RollupPoint[runs.Ends.Length];
        while (reader.Next(ref seriesIds, out var column, out var section))
        {
            ReadColumn(column, section, first, last, most, runs, points);
            into.AddMerged(column.SeriesId, column.Flag, points);
        }
    }

    private static long[] WriteShared(BitWriter bits, IntegerEncoder integers, RollupBlock block)
    {
        var count = block.Starts.Length;
        var numbers = new long[count];
        for (var i = 1; i < count; i++)
        {
            if (block.Starts[i] <= block.Starts[i - 1]) throw new ArgumentException("The buckets of rollups do not ascend.", nameof(block));
        }

        bits.Write((ulong)block.Tier, 8);
        integers.Write(bits, block.Starts.AsSpan());
        for (var i = 0; i < count; i++) numbers[i] = block.FirstAt[i] - block.Starts[i];
        integers.Write(bits, numbers);
        for (var i = 0; i < count; i++) numbers[i] = block.LastAt[i] - block.FirstAt[i];
        integers.Write(bits, numbers);

        Array.Clear(numbers);
        foreach (var column in block.Columns)
        {
            for (var i = 0; i < Math.Min(count, column.Points.Length); i++) numbers[i] = Math.Max(numbers[i], column.Points[i].Count);
        }

        integers.Write(bits, numbers);
        return numbers;
    }

    private static RollupBlock ReadShared(StoredBlock.Reader reader, out long[] most)
    {
        var (starts, first, last) = (new long[reader.Rows], new long[reader.Rows], new long[reader.Rows]);
        most = new long[reader.Rows];
        var tier = ReadShared(reader, starts, first, last, most);
        return new RollupBlock(tier, Immutable(starts), Immutable(first), Immutable(last), []);
    }

    private static RollupTier ReadShared(StoredBlock.Reader reader, Span<long> starts, Span<long> first, Span<long> last, Span<long> most)
    {
        var bits = reader.Shared;
        var tier = (RollupTier)bits.Read(8);
        if (tier is not (RollupTier.Minute or RollupTier.QuarterHour or RollupTier.FiveMinutes)) throw new InvalidDataException("Stored rollups are of an unknown tier.");
        IntegerCoder.Read(ref bits, starts);
        IntegerCoder.Read(ref bits, first);
        IntegerCoder.Read(ref bits, last);
        IntegerCoder.Read(ref bits, most);
        for (var i = 0; i < starts.Length; i++)
        {
            if (i > 0 && starts[i] <= starts[i - 1]) throw new InvalidDataException("The buckets of stored rollups do not ascend.");
            first[i] = unchecked(first[i] + starts[i]);
            last[i] = unchecked(last[i] + first[i]);
        }

        return tier;
    }

    private static void WriteColumn(BitWriter bits, IntegerEncoder integers, RollupBlock block, RollupColumn column, ReadOnlySpan<long> most)
    {
        var missing = new long[most.Length];
        var points = new List<RollupPoint>(most.Length);
        var spans = new List<TimeSpanOf>(most.Length);
        var isFull = true;
        for (var i = 0; i < missing.Length; i++)
        {
            var point = column.Points[i];
            missing[i] = most[i] - point.Count;
            isFull &= missing[i] == 0;
            if (point.Count <= 0)
            {
                if (point != default) throw new ArgumentException("A point of rollups without a value has something else.", nameof(column));
                continue;
            }

            points.Add(point);
            spans.Add(new TimeSpanOf(block.FirstAt[i], block.LastAt[i]));
        }

        bits.Write(isFull ? 0UL : 1, 1);
        if (!isFull) integers.Write(bits, missing);
        if (column.IsCounter) CounterColumn.Write(bits, integers, CollectionsMarshal.AsSpan(points), CollectionsMarshal.AsSpan(spans));
        else GaugeColumn.Write(bits, integers, CollectionsMarshal.AsSpan(points));
    }

    private static RollupColumn ReadColumn(RollupBlock block, StoredBlock.Column column, BitReader bits, long[] most)
    {
        var points = new RollupPoint[most.Length];
        Span<int> each = most.Length <= RowsOnStack ? stackalloc int[most.Length] : new int[most.Length];
        for (var i = 0; i < each.Length; i++) each[i] = i + 1;
        ReadColumn(column, bits, block.FirstAt.AsSpan(), block.LastAt.AsSpan(), most, new BucketRuns(0, each), points);
        return new RollupColumn(column.SeriesId, column.Flag, Immutable(points));
    }

    /// <param name="column">The column.</param>
    /// <param name="bits">At its begin.</param>
    /// <param name="first">By bucket, the time of its first sample.</param>
    /// <param name="last">Likewise of its last.</param>
    /// <param name="most">By bucket, the most values any series has.</param>
    /// <param name="runs">Which buckets become one, by their places among all.</param>
    /// <param name="points">By run.</param>
    private static void ReadColumn(
        StoredBlock.Column column, BitReader bits, ReadOnlySpan<long> first, ReadOnlySpan<long> last, ReadOnlySpan<long> most, BucketRuns runs, Span<RollupPoint> points)
    {
        var rows = most.Length;
        Span<long> missing = rows <= RowsOnStack ? stackalloc long[rows] : new long[rows];
        var isFull = bits.Read(1) == 0;
        if (isFull) missing.Clear();
        else IntegerCoder.Read(ref bits, missing);

        // Those that have a value, closed up, and how many come before each bucket.
        Span<int> counts = rows <= RowsOnStack ? stackalloc int[rows] : new int[rows];
        Span<int> before = rows < RowsOnStack ? stackalloc int[rows + 1] : new int[rows + 1];
        Span<TimeSpanOf> buckets = !column.Flag ? [] : rows <= RowsOnStack ? stackalloc TimeSpanOf[rows] : new TimeSpanOf[rows];
        var present = 0;
        for (var i = 0; i < rows; i++)
        {
            var count = unchecked(most[i] - missing[i]);
            if (count is < 0 or > int.MaxValue) throw new InvalidDataException("Stored rollups have a count that cannot be.");
            before[i] = present;
            if (count == 0) continue;
            counts[present] = (int)count;
            if (column.Flag) buckets[present] = new TimeSpanOf(first[i], last[i]);
            present++;
        }

        before[rows] = present;
        Span<int> ends = runs.Ends.Length <= RowsOnStack ? stackalloc int[runs.Ends.Length] : new int[runs.Ends.Length];
        for (var run = 0; run < ends.Length; run++) ends[run] = before[runs.Ends[run]];
        var closedUp = new BucketRuns(before[runs.Begin], ends);
        if (column.Flag) CounterReader.Read(ref bits, counts[..present], buckets[..present], closedUp, points);
        else GaugeColumn.Read(ref bits, counts[..present], closedUp, points);
    }

    private static ImmutableArray<T> Immutable<T>(T[] array) => ImmutableCollectionsMarshal.AsImmutableArray(array);
}
