using System.Runtime.CompilerServices;

namespace StatusMonitor.Storage.History.Coding;

/// <summary>Rollups of a gauge as bits; the reader knows how many there are and their counts.</summary>
/// <remarks>
/// <code>
/// 3 bits  decimals  0 to 6: sums, lowest and highest are integers divided by that power of ten:
///                     integers: sums
///                     1 bit, 0: integers: whole mean less lowest; highest less whole mean
///                            1: integers: highest less lowest; whole mean less lowest less half of that
///                   7: doubles: sums; lowest; highest
/// </code>
/// The whole mean is sum divided by count, rounded down. What is written is mostly small, and never below 0 but for the last.
/// </remarks>
internal static class GaugeColumn
{
    private const long MaxExact = 1L << 52;

    public static void Write(BitWriter bits, IntegerEncoder integers, ReadOnlySpan<RollupPoint> points)
    {
        if (points.IsEmpty) return;
        var values = new double[points.Length * 3];
        var sums = values.AsSpan(0, points.Length);
        var lowest = values.AsSpan(points.Length, points.Length);
        var highest = values.AsSpan(points.Length * 2);
        for (var i = 0; i < points.Length; i++)
        {
            var point = points[i];
            if (point is not { First: 0, Last: 0, FirstAt: 0, LastAt: 0 }) throw new ArgumentException("Rollups of a gauge have what only a counter has.", nameof(points));
            (sums[i], lowest[i], highest[i]) = (point.Sum, point.Min, point.Max);
        }

        var scaled = new long[values.Length];
        if (!DecimalColumn.TryScale(values, scaled, out var exponent))
        {
            bits.Write(DoubleCoder.AsDoubles, DoubleCoder.DecimalBits);
            DoubleCoder.Write(bits, integers, sums);
            DoubleCoder.Write(bits, integers, lowest);
            DoubleCoder.Write(bits, integers, highest);
            return;
        }

        bits.Write((ulong)exponent, DoubleCoder.DecimalBits);
        var sum = scaled.AsSpan(0, points.Length);
        var low = scaled.AsSpan(points.Length, points.Length);
        var high = scaled.AsSpan(points.Length * 2);
        integers.Write(bits, sum);

        var (range, skew) = (new long[points.Length], new long[points.Length]);
        for (var i = 0; i < points.Length; i++)
        {
            var mean = WholeMean(sum[i], points[i].Count);
            range[i] = high[i] - low[i];
            skew[i] = mean - low[i] - (range[i] >> 1);
            low[i] = mean - low[i];
            high[i] -= mean;
        }

        var lowPlan = integers.Plan(low, out var lowBits);
        var highPlan = integers.Plan(high, out var highBits);
        var rangePlan = integers.Plan(range, out var rangeBits);
        var skewPlan = integers.Plan(skew, out var skewBits);
        var isSkew = rangeBits + skewBits < lowBits + highBits;
        bits.Write(isSkew ? 1UL : 0, 1);
        integers.Write(bits, isSkew ? range : low, isSkew ? rangePlan : lowPlan);
        integers.Write(bits, isSkew ? skew : high, isSkew ? skewPlan : highPlan);
    }

    /// <summary>Reads them, with those of each run merged into one.</summary>
    /// <exception cref="InvalidDataException">The bits are no rollups.</exception>
    public static void Read(ref BitReader bits, scoped ReadOnlySpan<int> counts, scoped BucketRuns runs, scoped Span<RollupPoint> points)
    {
        points.Clear();
        if (counts.IsEmpty) return;
        var count = counts.Length;
        var exponent = bits.Read(DoubleCoder.DecimalBits);
        if (exponent == DoubleCoder.AsDoubles)
        {
            var values = new double[count * 3];
            for (var part = 0; part < 3; part++) DoubleCoder.Read(ref bits, values.AsSpan(part * count, count));
            var place = runs.Begin;
            for (var run = 0; run < points.Length; run++)
            {
                for (; place < runs.Ends[run]; place++)
                {
                    points[run] = Rollups.Merge(points[run], new RollupPoint(counts[place], values[place], values[count + place], values[2 * count + place], 0, 0), isCounter: false);
                }
            }

            return;
        }

        Span<long> numbers = count <= RollupCodec.RowsOnStack ? stackalloc long[count * 3] : new long[count * 3];
        var sums = numbers[..count];
        var below = numbers.Slice(count, count);
        var above = numbers[(count * 2)..];
        IntegerCoder.Read(ref bits, sums);
        var isSkew = bits.Read(1) != 0;
        IntegerCoder.Read(ref bits, below);
        IntegerCoder.Read(ref bits, above);

        // Merged as integers: exact, and scaled once.
        var at = runs.Begin;
        for (var run = 0; run < points.Length; run++)
        {
            if (at == runs.Ends[run]) continue;
            var (values, sum, lowest, highest) = (0, 0L, long.MaxValue, long.MinValue);
            for (; at < runs.Ends[run]; at++)
            {
                var mean = WholeMean(sums[at], counts[at]);
                var low = unchecked(isSkew ? mean - above[at] - (below[at] >> 1) : mean - below[at]);
                var high = unchecked(isSkew ? low + below[at] : mean + above[at]);
                values = unchecked(values + counts[at]);
                sum = unchecked(sum + sums[at]);
                lowest = Math.Min(lowest, low);
                highest = Math.Max(highest, high);
            }

            points[run] = new RollupPoint(
                values, DecimalColumn.Unscale(sum, (int)exponent), DecimalColumn.Unscale(lowest, (int)exponent), DecimalColumn.Unscale(highest, (int)exponent), 0, 0);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long WholeMean(long sum, int count)
    {
        // As doubles, where that is exact: several divisions of those are under way at once.
        if (sum is > -MaxExact and < MaxExact) return (long)Math.Floor((double)sum / count);
        return LongWholeMean(sum, count);
    }

    private static long LongWholeMean(long sum, int count)
    {
        var mean = sum / count;
        return sum % count < 0 ? mean - 1 : mean;
    }
}
