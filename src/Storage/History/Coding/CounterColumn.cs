namespace StatusMonitor.Storage.History.Coding;

/// <summary>When the first and the last sample of a bucket were collected.</summary>
internal readonly record struct TimeSpanOf(long FirstAt, long LastAt);

/// <summary>Rollups of a counter as bits; the reader knows how many there are, their counts and the times of their buckets.</summary>
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

    private const int RateBits = 2;
    private const ulong AsDoubles = 0;
    private const ulong AsDigits = 1;
    private const ulong AsSteps = 2;

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

        WriteRates(bits, integers, points, StepScale.Of(growths, exponent, points));
    }

    /// <summary>Completes points of which only the counts are set.</summary>
    /// <exception cref="InvalidDataException">The bits are no rollups.</exception>
    public static void Read(ref BitReader bits, scoped Span<RollupPoint> points, scoped ReadOnlySpan<TimeSpanOf> buckets)
    {
        if (points.IsEmpty) return;
        var count = points.Length;
        Span<long> numbers = count <= RollupCodec.RowsOnStack ? stackalloc long[count * 3] : new long[count * 3];
        var isScaled = TryReadValues(ref bits, points, numbers, out var exponent);

        // The growths stay where they are; the place of the others is free again.
        var late = numbers.Slice(count, count);
        var early = numbers.Slice(count * 2, count);
        numbers[count..].Clear();
        if (bits.Read(1) != 0)
        {
            IntegerCoder.Read(ref bits, late);
            IntegerCoder.Read(ref bits, early);
        }

        for (var i = 0; i < count; i++) points[i] = points[i] with { FirstAt = unchecked(buckets[i].FirstAt + late[i]), LastAt = unchecked(buckets[i].LastAt - early[i]) };
        ReadRates(ref bits, points, StepScale.Of(isScaled ? numbers[1..count] : [], exponent, points), late, early);
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

    /// <summary>Reads first, last and sums. True if they are scaled: then <paramref name="numbers"/> begin with the growth to each point, scaled, 0 to the first.</summary>
    private static bool TryReadValues(ref BitReader bits, scoped Span<RollupPoint> points, scoped Span<long> numbers, out int exponent)
    {
        exponent = (int)bits.Read(DoubleCoder.DecimalBits);
        if (exponent == (int)DoubleCoder.AsDoubles)
        {
            exponent = 0;
            var values = new double[points.Length];
            DoubleCoder.Read(ref bits, values);
            for (var i = 0; i < values.Length; i++) points[i] = points[i] with { First = values[i] };
            DoubleCoder.Read(ref bits, values);
            for (var i = 0; i < values.Length; i++) points[i] = points[i] with { Last = values[i] };
            DoubleCoder.Read(ref bits, values);
            for (var i = 0; i < values.Length; i++) points[i] = points[i] with { Sum = values[i] };
            return false;
        }

        var first = numbers[..points.Length];
        var growth = numbers.Slice(points.Length, points.Length);
        var restarts = numbers.Slice(points.Length * 2, points.Length);
        var last = bits.ReadSigned();
        first[0] = 0;
        IntegerCoder.Read(ref bits, first[1..]);
        IntegerCoder.Read(ref bits, growth);
        restarts.Clear();
        if (bits.Read(1) != 0) IntegerCoder.Read(ref bits, restarts);
        for (var i = 0; i < points.Length; i++)
        {
            var from = unchecked(last + first[i]);
            last = unchecked(from + growth[i]);
            points[i] = points[i] with
            {
                First = DecimalColumn.Unscale(from, exponent),
                Last = DecimalColumn.Unscale(last, exponent),
                Sum = DecimalColumn.Unscale(unchecked(growth[i] + restarts[i]), exponent),
            };
        }

        return true;
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

    private static void ReadRates(ref BitReader bits, scoped Span<RollupPoint> points, StepScale? scale, scoped Span<long> lowest, scoped Span<long> highest)
    {
        var rates = bits.Read(RateBits);
        if (rates == AsDoubles)
        {
            var values = new double[points.Length];
            DoubleCoder.Read(ref bits, values);
            for (var i = 0; i < values.Length; i++) points[i] = points[i] with { Min = values[i] };
            DoubleCoder.Read(ref bits, values);
            for (var i = 0; i < values.Length; i++) points[i] = points[i] with { Max = values[i] };
            return;
        }

        if (rates > AsSteps || (rates == AsSteps && scale is null)) throw new InvalidDataException("Stored rollups have rates of an unknown kind.");
        var count = 0;
        foreach (var point in points) count += point.Count < 2 ? 0 : 1;
        IntegerCoder.Read(ref bits, lowest[..count]);
        IntegerCoder.Read(ref bits, highest[..count]);
        var next = 0;
        foreach (ref var point in points)
        {
            if (point.Count < 2) point = point with { Min = double.NaN, Max = double.NaN };
            else if (rates == AsSteps) point = point with { Min = scale!.Value.RateOf(lowest[next]), Max = scale.Value.RateOf(highest[next++]) };
            else point = point with { Min = RateOf(lowest[next]), Max = RateOf(highest[next++]) };
        }
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

    private static double RateOf(long index)
    {
        if (index == 0) return 0;
        if (index < 0 || index > 2 * ExponentBias * Mantissas) throw new InvalidDataException("Stored rollups have a rate that cannot be.");
        var (exponent, mantissa) = Math.DivRem(index - 1, Mantissas);
        return CounterRate.Of(mantissa + FirstMantissa, (int)exponent - ExponentBias);
    }
}
