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

    /// <summary>Completes points of which only the counts are set.</summary>
    /// <exception cref="InvalidDataException">The bits are no rollups.</exception>
    public static void Read(ref BitReader bits, scoped Span<RollupPoint> points)
    {
        if (points.IsEmpty) return;
        var exponent = bits.Read(DoubleCoder.DecimalBits);
        if (exponent == DoubleCoder.AsDoubles)
        {
            var values = new double[points.Length];
            DoubleCoder.Read(ref bits, values);
            for (var i = 0; i < values.Length; i++) points[i] = points[i] with { Sum = values[i] };
            DoubleCoder.Read(ref bits, values);
            for (var i = 0; i < values.Length; i++) points[i] = points[i] with { Min = values[i] };
            DoubleCoder.Read(ref bits, values);
            for (var i = 0; i < values.Length; i++) points[i] = points[i] with { Max = values[i] };
            return;
        }

        Span<long> numbers = points.Length <= RollupCodec.RowsOnStack ? stackalloc long[points.Length * 3] : new long[points.Length * 3];
        var sums = numbers[..points.Length];
        var below = numbers.Slice(points.Length, points.Length);
        var above = numbers[(points.Length * 2)..];
        IntegerCoder.Read(ref bits, sums);
        var isSkew = bits.Read(1) != 0;
        IntegerCoder.Read(ref bits, below);
        IntegerCoder.Read(ref bits, above);
        for (var i = 0; i < points.Length; i++)
        {
            var mean = WholeMean(sums[i], points[i].Count);
            var (low, high) = isSkew
                ? unchecked((mean - above[i] - (below[i] >> 1), mean - above[i] - (below[i] >> 1) + below[i]))
                : unchecked((mean - below[i], mean + above[i]));
            points[i] = new RollupPoint(
                points[i].Count, DecimalColumn.Unscale(sums[i], (int)exponent), DecimalColumn.Unscale(low, (int)exponent), DecimalColumn.Unscale(high, (int)exponent), 0, 0);
        }
    }

    private static long WholeMean(long sum, int count)
    {
        var mean = sum / count;
        return sum % count < 0 ? mean - 1 : mean;
    }
}
