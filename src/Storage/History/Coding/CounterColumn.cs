namespace StatusMonitor.Storage.History.Coding;

/// <summary>When the first and the last sample of a bucket were collected.</summary>
internal readonly record struct TimeSpanOf(long FirstAt, long LastAt);

/// <summary>Rollups of a counter as bits, for <see cref="CounterReader"/>; it knows how many there are, their counts and the times of their buckets.</summary>
/// <remarks>
/// <code>
/// 3 bits  decimals  0 to 6: first, last and sum are integers divided by that power of ten:
///                     number: the first's first, signed; integers: each other first less the last before it; last less first
///                     1 bit, 1: integers: sum less (last less first), which is not 0 where the counter started anew
///                   7: doubles: first; last; sums
/// 1 bit   times     0: those of the buckets; 1: integers: first time less the bucket's; the bucket's last time less last time
/// 2 bits  rates     0: doubles: lowest; highest, of all points
///                   1: of points with two values and more, integers: lowest; highest, as numbers of their digits; the others have none
///                   2: likewise, integers: lowest; highest, as steps of the counter
/// </code>
/// The number of a rate's digits is 0 for 0, and counts on through those of four digits of all powers of ten from -22. As a step, a rate is what the counter grew by within the usual time between
/// two samples, to whole multiples of what its growth from one bucket to the next is multiples of: where agents are punctual that is a small number, and no digit of it is chance.
/// </remarks>
internal static class CounterColumn
{
    /// <summary>Mantissas of four digits.</summary>
    private const int Mantissas = 9_000;
    private const int FirstMantissa = 1_000;
    private const int ExponentBias = 22;

    internal const int RateBits = 2;
    internal const ulong AsDoubles = 0;
    internal const ulong AsDigits = 1;
    internal const ulong AsSteps = 2;

    private delegate bool TryInteger(double rate, out long integer);

    public static void Write(BitWriter bits, IntegerEncoder integers, ReadOnlySpan<RollupPoint> points, ReadOnlySpan<TimeSpanOf> buckets)
    {
        if (points.IsEmpty) return;
        var (growths, exponent) = WriteValues(bits, integers, points);

        var (late, early) = (new long[points.Length], new long[points.Length]);
        for (var i = 0; i < points.Length; i++)
        {
            late[i] = points[i].FirstAt - buckets[i].FirstAt;
            early[i] = buckets[i].LastAt - points[i].LastAt;
        }

        var isOwn = late.AsSpan().ContainsAnyExcept(0) || early.AsSpan().ContainsAnyExcept(0);
        bits.Write(isOwn ? 1UL : 0, 1);
        if (isOwn)
        {
            integers.Write(bits, late);
            integers.Write(bits, early);
        }

        long? interval = null;
        foreach (var point in points)
        {
            if (point.Count < 2) continue;
            interval = StepScale.Interval(point.FirstAt, point.LastAt, point.Count);
            break;
        }

        WriteRates(bits, integers, points, StepScale.Of(growths, exponent, interval));
    }

    /// <summary>Writes first, last and sums; gives the growth from each point to the next, scaled.</summary>
    private static (long[] Growths, int Exponent) WriteValues(BitWriter bits, IntegerEncoder integers, ReadOnlySpan<RollupPoint> points)
    {
        var values = new double[points.Length * 3];
        var firsts = values.AsSpan(0, points.Length);
        var lasts = values.AsSpan(points.Length, points.Length);
        var sums = values.AsSpan(points.Length * 2);
        for (var i = 0; i < points.Length; i++) (firsts[i], lasts[i], sums[i]) = (points[i].First, points[i].Last, points[i].Sum);

        var scaled = new long[values.Length];
        if (!DecimalColumn.TryScale(values, scaled, out var exponent))
        {
            bits.Write(DoubleCoder.AsDoubles, DoubleCoder.DecimalBits);
            DoubleCoder.Write(bits, integers, firsts);
            DoubleCoder.Write(bits, integers, lasts);
            DoubleCoder.Write(bits, integers, sums);
            return ([], 0);
        }

        bits.Write((ulong)exponent, DoubleCoder.DecimalBits);
        var first = scaled.AsSpan(0, points.Length);
        var last = scaled.AsSpan(points.Length, points.Length);
        var sum = scaled.AsSpan(points.Length * 2);
        bits.WriteSigned(first[0]);
        var isUnbroken = true;
        for (var i = points.Length - 1; i >= 0; i--)
        {
            var growth = last[i] - first[i];
            sum[i] -= growth;
            isUnbroken &= sum[i] == 0;
            if (i > 0) first[i] -= last[i - 1];
            last[i] = growth;
        }

        integers.Write(bits, first[1..]);
        integers.Write(bits, last);
        bits.Write(isUnbroken ? 0UL : 1, 1);
        if (!isUnbroken) integers.Write(bits, sum);
        return (first[1..].ToArray(), exponent);
    }

    private static void WriteRates(BitWriter bits, IntegerEncoder integers, ReadOnlySpan<RollupPoint> points, StepScale? scale)
    {
        var (lowest, highest) = (new long[points.Length], new long[points.Length]);
        if (!TryAll(points, TryIndex, lowest, highest, out var count))
        {
            bits.Write(AsDoubles, RateBits);
            var values = new double[points.Length];
            for (var i = 0; i < values.Length; i++) values[i] = points[i].Min;
            DoubleCoder.Write(bits, integers, values);
            for (var i = 0; i < values.Length; i++) values[i] = points[i].Max;
            DoubleCoder.Write(bits, integers, values);
            return;
        }

        var (lowestSteps, highestSteps) = (new long[points.Length], new long[points.Length]);
        var isSteps = scale is { } steps && count > 0 && TryAll(points, steps.TryStep, lowestSteps, highestSteps, out _)
            && Bits(lowestSteps) + Bits(highestSteps) < Bits(lowest) + Bits(highest);
        bits.Write(isSteps ? AsSteps : AsDigits, RateBits);
        integers.Write(bits, (isSteps ? lowestSteps : lowest).AsSpan(0, count));
        integers.Write(bits, (isSteps ? highestSteps : highest).AsSpan(0, count));

        long Bits(long[] column)
        {
            integers.Plan(column.AsSpan(0, count), out var needed);
            return needed;
        }
    }

    /// <summary>Rates of the points with two values and more as integers, closed up; false if one cannot be, or another point has rates.</summary>
    private static bool TryAll(ReadOnlySpan<RollupPoint> points, TryInteger tryInteger, Span<long> lowest, Span<long> highest, out int count)
    {
        count = 0;
        foreach (var point in points)
        {
            if (point.Count < 2)
            {
                if (!double.IsNaN(point.Min) || !double.IsNaN(point.Max)) return false;
                continue;
            }

            if (!tryInteger(point.Min, out lowest[count]) || !tryInteger(point.Max, out highest[count])) return false;
            count++;
        }

        return true;
    }

    /// <summary>Rates of four digits as numbers in the same order: 0, and then those of each power of ten.</summary>
    private static bool TryIndex(double rate, out long index)
    {
        index = 0;
        if (rate == 0) return !double.IsNegative(rate);
        if (!CounterRate.TryDigits(rate, out var mantissa, out var exponent)) return false;
        index = (exponent + ExponentBias) * Mantissas + mantissa - FirstMantissa + 1;
        return RateOf(index) == rate;
    }

    /// <summary>Undoes <see cref="TryIndex"/>.</summary>
    /// <exception cref="InvalidDataException">There is no such rate.</exception>
    internal static double RateOf(long index)
    {
        if (index == 0) return 0;
        if (index < 0 || index > 2 * ExponentBias * Mantissas) throw new InvalidDataException("Stored rollups have a rate that cannot be.");
        var (exponent, mantissa) = Math.DivRem(index - 1, Mantissas);
        return CounterRate.Of(mantissa + FirstMantissa, (int)exponent - ExponentBias);
    }
}
