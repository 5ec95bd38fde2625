using System.Collections.Immutable;
using System.Runtime.InteropServices;
using StatusMonitor.Storage.History.Coding;

namespace StatusMonitor.Storage.History;

/// <summary>Rollups from samples, and from finer rollups.</summary>
public static class Rollups
{
    /// <summary>Milliseconds of a bucket.</summary>
    public static long Length(RollupTier tier) => tier switch
    {
        RollupTier.Minute => 60_000,
        RollupTier.QuarterHour => 15 * 60_000,
        RollupTier.FiveMinutes => 5 * 60_000,
        _ => throw new ArgumentOutOfRangeException(nameof(tier), tier, "There is no such tier."),
    };

    /// <summary>Begin of the bucket that a time is in.</summary>
    public static long StartOf(RollupTier tier, long at)
    {
        var into = at % Length(tier);
        return into < 0 ? at - into - Length(tier) : at - into;
    }

    /// <summary>The buckets of a minute of these samples.</summary>
    public static RollupBlock Minutes(SampleBlock samples, Func<int, bool> isCounter)
    {
        var times = samples.Times.AsSpan();
        var buckets = Buckets(times, RollupTier.Minute, out var starts);
        var (first, last) = (new long[buckets.Length], new long[buckets.Length]);
        for (var i = 0; i < buckets.Length; i++)
        {
            first[i] = times[buckets[i].Start];
            last[i] = times[buckets[i].End.Value - 1];
        }

        var columns = new RollupColumn[samples.Columns.Length];
        for (var i = 0; i < columns.Length; i++)
        {
            var id = samples.Columns[i].SeriesId;
            var values = samples.Columns[i].Values.AsSpan();
            var counts = isCounter(id);
            var points = new RollupPoint[buckets.Length];
            for (var b = 0; b < points.Length; b++) points[b] = counts ? CounterPoint(times[buckets[b]], values[buckets[b]]) : GaugePoint(values[buckets[b]]);
            columns[i] = new RollupColumn(id, counts, Immutable(points));
        }

        return new RollupBlock(RollupTier.Minute, Immutable(starts), Immutable(first), Immutable(last), Immutable(columns));
    }

    /// <summary>The buckets of fifteen minutes of these of a minute; the same as from the samples themselves.</summary>
    public static RollupBlock QuarterHours(RollupBlock minutes)
    {
        var buckets = Buckets(minutes.Starts.AsSpan(), RollupTier.QuarterHour, out var starts);
        var (first, last) = (new long[buckets.Length], new long[buckets.Length]);
        for (var i = 0; i < buckets.Length; i++)
        {
            first[i] = minutes.FirstAt[buckets[i].Start.Value];
            last[i] = minutes.LastAt[buckets[i].End.Value - 1];
        }

        var columns = ImmutableArray.CreateRange(minutes.Columns, column =>
        {
            var points = new RollupPoint[buckets.Length];
            for (var b = 0; b < points.Length; b++)
            {
                foreach (var point in column.Points.AsSpan()[buckets[b]]) points[b] = Merge(points[b], point, column.IsCounter);
            }

            return column with { Points = Immutable(points) };
        });
        return new RollupBlock(RollupTier.QuarterHour, Immutable(starts), Immutable(first), Immutable(last), columns);
    }

    /// <summary>Blocks of one tier and of different times, ascending, as one. Whether a series is a counter is as the last block says.</summary>
    /// <exception cref="ArgumentException">A block is of another tier, or not later than the one before.</exception>
    public static RollupBlock Join(RollupTier tier, IReadOnlyList<RollupBlock> blocks)
    {
        var join = new RollupJoin(tier, long.MinValue, long.MaxValue, RollupSteps.None);
        foreach (var block in blocks) join.Add(block);
        return join.ToBlock();
    }

    /// <summary>Two buckets of one series, the earlier first, as one. A counter's step from one to the other counts into the increase, and its rate into the lowest and highest.</summary>
    /// <param name="earlier">The earlier bucket.</param>
    /// <param name="later">The later bucket.</param>
    /// <param name="isCounter">Whether the series is a counter.</param>
    public static RollupPoint Merge(RollupPoint earlier, RollupPoint later, bool isCounter)
    {
        if (earlier.Count == 0) return later;
        if (later.Count == 0) return earlier;
        var count = earlier.Count + later.Count;
        if (!isCounter) return new RollupPoint(count, ExactSum.Of([earlier.Sum, later.Sum]), Math.Min(earlier.Min, later.Min), Math.Max(earlier.Max, later.Max), 0, 0);

        var step = CounterRate.Increase(earlier.Last, later.First);
        var rate = CounterRate.Round(CounterRate.Of(step, later.FirstAt - earlier.LastAt));
        return new RollupPoint(
            count,
            ExactSum.Of([earlier.Sum, step, later.Sum]),
            Lowest(Lowest(earlier.Min, rate), later.Min),
            Highest(Highest(earlier.Max, rate), later.Max),
            earlier.First,
            later.Last,
            earlier.FirstAt,
            later.LastAt);
    }

    private static RollupPoint GaugePoint(ReadOnlySpan<double> values)
    {
        var (count, min, max) = (0, double.PositiveInfinity, double.NegativeInfinity);
        foreach (var value in values)
        {
            if (double.IsNaN(value)) continue;
            count++;
            min = Math.Min(min, value);
            max = Math.Max(max, value);
        }

        return count == 0 ? default : new RollupPoint(count, ExactSum.Of(values), min, max, 0, 0);
    }

    private static RollupPoint CounterPoint(ReadOnlySpan<long> times, ReadOnlySpan<double> values)
    {
        var (count, first, last, min, max) = (0, -1, -1, double.NaN, double.NaN);
        Span<double> steps = values.Length <= 256 ? stackalloc double[values.Length] : new double[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            if (double.IsNaN(values[i])) continue;
            if (count++ == 0)
            {
                first = last = i;
                continue;
            }

            steps[count - 2] = CounterRate.Increase(values[last], values[i]);
            var rate = CounterRate.Of(steps[count - 2], times[i] - times[last]);
            min = Lowest(min, rate);
            max = Highest(max, rate);
            last = i;
        }

        // Rounding keeps the order, so it is enough to round the lowest and the highest.
        return count == 0
            ? default
            : new RollupPoint(count, ExactSum.Of(steps[..(count - 1)]), CounterRate.Round(min), CounterRate.Round(max), values[first], values[last], times[first], times[last]);
    }

    /// <summary>The runs of times that lie in the same bucket.</summary>
    private static Range[] Buckets(ReadOnlySpan<long> times, RollupTier tier, out long[] starts)
    {
        var (buckets, begins) = (new List<Range>(), new List<long>());
        for (var (begin, end) = (0, 0); begin < times.Length; begin = end)
        {
            var start = StartOf(tier, times[begin]);
            while (end < times.Length && times[end] - start < Length(tier)) end++;
            buckets.Add(begin..end);
            begins.Add(start);
        }

        starts = [.. begins];
        return [.. buckets];
    }

    /// <summary>The lower one; NaN counts as none.</summary>
    internal static double Lowest(double a, double b) => double.IsNaN(a) || b < a ? b : a;

    /// <summary>The higher one; NaN counts as none.</summary>
    internal static double Highest(double a, double b) => double.IsNaN(a) || b > a ? b : a;

    private static ImmutableArray<T> Immutable<T>(T[] array) => ImmutableCollectionsMarshal.AsImmutableArray(array);
}
