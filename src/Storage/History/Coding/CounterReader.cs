namespace StatusMonitor.Storage.History.Coding;

/// <summary>Reads what <see cref="CounterColumn"/> wrote, with the buckets of each run merged into one.</summary>
internal static class CounterReader
{
    /// <summary>Reads the points of a column.</summary>
    /// <param name="bits">At its begin.</param>
    /// <param name="counts">Of the buckets that have a value.</param>
    /// <param name="buckets">Their times.</param>
    /// <param name="runs">Which of them become one.</param>
    /// <param name="points">By run.</param>
    /// <exception cref="InvalidDataException">The bits are no rollups.</exception>
    public static void Read(ref BitReader bits, scoped ReadOnlySpan<int> counts, scoped Span<TimeSpanOf> buckets, scoped BucketRuns runs, scoped Span<RollupPoint> points)
    {
        points.Clear();
        if (counts.IsEmpty) return;
        var count = counts.Length;
        Span<long> numbers = count <= RollupCodec.RowsOnStack ? stackalloc long[count * 5] : new long[count * 5];
        numbers.Clear();
        var values = new Scaled(numbers[..count], numbers.Slice(count, count), numbers.Slice(count * 2, count));
        var lowest = numbers.Slice(count * 3, count);
        var highest = numbers[(count * 4)..];

        var exponent = (int)bits.Read(DoubleCoder.DecimalBits);
        var doubles = exponent == (int)DoubleCoder.AsDoubles ? ReadDoubles(ref bits, count, 3) : null;
        if (doubles is null) ReadScaled(ref bits, numbers[..count], numbers.Slice(count, count), numbers.Slice(count * 2, count));
        ReadTimes(ref bits, buckets, lowest, highest);

        var rates = bits.Read(CounterColumn.RateBits);
        if (rates == CounterColumn.AsDoubles)
        {
            Merge(counts, buckets, runs, doubles ?? values.Unscaled(exponent), ReadDoubles(ref bits, count, 2), points);
            return;
        }

        var rated = 0;
        foreach (var one in counts) rated += one < 2 ? 0 : 1;
        IntegerCoder.Read(ref bits, lowest[..rated]);
        IntegerCoder.Read(ref bits, highest[..rated]);
        var scale = rates switch
        {
            CounterColumn.AsDigits => (StepScale?)null,
            CounterColumn.AsSteps when doubles is null && StepScale.Of(values.Growths, exponent, IntervalOf(counts, buckets)) is { } steps => steps,
            _ => throw new InvalidDataException("Stored rollups have rates of an unknown kind."),
        };
        if (doubles is null)
        {
            values.Merge(exponent, counts, buckets, runs, new Rates(lowest, highest, scale), points);
            return;
        }

        var unscaled = new double[count * 2];
        for (var (i, next) = (0, 0); i < count; i++)
        {
            (unscaled[i], unscaled[count + i]) = counts[i] < 2 ? (double.NaN, double.NaN) : (CounterColumn.RateOf(lowest[next]), CounterColumn.RateOf(highest[next++]));
        }

        Merge(counts, buckets, runs, doubles, unscaled, points);
    }

    private static void ReadScaled(ref BitReader bits, scoped Span<long> growths, scoped Span<long> within, scoped Span<long> restarts)
    {
        growths[0] = bits.ReadSigned();
        IntegerCoder.Read(ref bits, growths[1..]);
        IntegerCoder.Read(ref bits, within);
        if (bits.Read(1) != 0) IntegerCoder.Read(ref bits, restarts);
    }

    private static double[] ReadDoubles(ref BitReader bits, int count, int columns)
    {
        var values = new double[count * columns];
        for (var i = 0; i < columns; i++) DoubleCoder.Read(ref bits, values.AsSpan(i * count, count));
        return values;
    }

    /// <summary>Makes times of buckets those of the counter; the others are for use meanwhile.</summary>
    private static void ReadTimes(ref BitReader bits, scoped Span<TimeSpanOf> buckets, scoped Span<long> late, scoped Span<long> early)
    {
        if (bits.Read(1) == 0) return;
        IntegerCoder.Read(ref bits, late);
        IntegerCoder.Read(ref bits, early);
        for (var i = 0; i < buckets.Length; i++) buckets[i] = new TimeSpanOf(unchecked(buckets[i].FirstAt + late[i]), unchecked(buckets[i].LastAt - early[i]));
    }

    private static long? IntervalOf(ReadOnlySpan<int> counts, ReadOnlySpan<TimeSpanOf> buckets)
    {
        for (var i = 0; i < counts.Length; i++)
        {
            if (counts[i] >= 2) return StepScale.Interval(buckets[i].FirstAt, buckets[i].LastAt, counts[i]);
        }

        return null;
    }

    /// <summary>Merges buckets of doubles: all first values, then the last ones, then the sums; and all lowest rates, then the highest ones.</summary>
    private static void Merge(ReadOnlySpan<int> counts, ReadOnlySpan<TimeSpanOf> buckets, BucketRuns runs, double[] values, double[] rates, Span<RollupPoint> points)
    {
        var at = runs.Begin;
        for (var run = 0; run < points.Length; run++)
        {
            for (; at < runs.Ends[run]; at++)
            {
                var point = new RollupPoint(
                    counts[at], values[2 * counts.Length + at], rates[at], rates[counts.Length + at], values[at], values[counts.Length + at], buckets[at].FirstAt, buckets[at].LastAt);
                points[run] = Rollups.Merge(points[run], point, isCounter: true);
            }
        }
    }

    /// <summary>Rates of the points with two values and more, as the integers that they are written as; these are in the same order as the rates.</summary>
    private readonly ref struct Rates(ReadOnlySpan<long> lowest, ReadOnlySpan<long> highest, StepScale? scale)
    {
        public ReadOnlySpan<long> Lowest { get; } = lowest;

        public ReadOnlySpan<long> Highest { get; } = highest;

        public double Of(long number) => scale is { } steps ? steps.RateOf(number) : CounterColumn.RateOf(number);
    }

    /// <summary>Values as scaled integers.</summary>
    /// <param name="growths">From the last value of the bucket before to the first; at the begin that itself.</param>
    /// <param name="within">From a bucket's first value to its last.</param>
    /// <param name="restarts">What a bucket's increase is more than that.</param>
    private readonly ref struct Scaled(ReadOnlySpan<long> growths, ReadOnlySpan<long> within, ReadOnlySpan<long> restarts)
    {
        private readonly ReadOnlySpan<long> _growths = growths;
        private readonly ReadOnlySpan<long> _within = within;
        private readonly ReadOnlySpan<long> _restarts = restarts;

        /// <summary>From each bucket to the next.</summary>
        public ReadOnlySpan<long> Growths => _growths[1..];

        /// <summary>All first values, then the last ones, then the sums.</summary>
        public double[] Unscaled(int exponent)
        {
            var count = _growths.Length;
            var values = new double[count * 3];
            var last = 0L;
            for (var i = 0; i < count; i++)
            {
                var first = unchecked(last + _growths[i]);
                last = unchecked(first + _within[i]);
                values[i] = DecimalColumn.Unscale(first, exponent);
                values[count + i] = DecimalColumn.Unscale(last, exponent);
                values[2 * count + i] = DecimalColumn.Unscale(unchecked(_within[i] + _restarts[i]), exponent);
            }

            return values;
        }

        /// <summary>As <see cref="Rollups.Merge"/> does, but in integers, and with a rate worked out for each run instead of each bucket: they keep the order of what they are written as.</summary>
        public void Merge(int exponent, ReadOnlySpan<int> counts, ReadOnlySpan<TimeSpanOf> buckets, BucketRuns runs, Rates rates, Span<RollupPoint> points)
        {
            var (last, rated) = (0L, 0);
            for (var i = 0; i < runs.Begin; i++)
            {
                last = unchecked(last + _growths[i] + _within[i]);
                if (counts[i] >= 2) rated++;
            }

            var at = runs.Begin;
            for (var run = 0; run < points.Length; run++)
            {
                if (at == runs.Ends[run]) continue;
                var (begin, ratedBefore, opened) = (at, rated, unchecked(last + _growths[at]));
                var (values, sum, lowest, highest) = (0, 0L, long.MaxValue, long.MinValue);
                var (min, max) = (double.NaN, double.NaN);
                for (; at < runs.Ends[run]; at++)
                {
                    var first = unchecked(last + _growths[at]);
                    if (at > begin)
                    {
                        // A total that is less than it was has started anew from 0.
                        var step = unchecked(first < last ? Math.Max(first, 0) : first - last);
                        var rate = CounterRate.Of(DecimalColumn.Unscale(step, exponent), unchecked(buckets[at].FirstAt - buckets[at - 1].LastAt));
                        sum = unchecked(sum + step);
                        min = Rollups.Lowest(min, rate);
                        max = Rollups.Highest(max, rate);
                    }

                    last = unchecked(first + _within[at]);
                    sum = unchecked(sum + _within[at] + _restarts[at]);
                    values = unchecked(values + counts[at]);
                    if (counts[at] < 2) continue;
                    lowest = Math.Min(lowest, rates.Lowest[rated]);
                    highest = Math.Max(highest, rates.Highest[rated++]);
                }

                (min, max) = (CounterRate.Round(min), CounterRate.Round(max));
                if (rated > ratedBefore) (min, max) = (Rollups.Lowest(min, rates.Of(lowest)), Rollups.Highest(max, rates.Of(highest)));
                points[run] = new RollupPoint(
                    values, DecimalColumn.Unscale(sum, exponent), min, max, DecimalColumn.Unscale(opened, exponent), DecimalColumn.Unscale(last, exponent), buckets[begin].FirstAt, buckets[at - 1].LastAt);
            }
        }
    }
}
