using StatusMonitor.Storage.Samples;

namespace StatusMonitor.Storage.History.Coding;

/// <summary>
/// What a counter's growth between two samples is counted in, as its growth from one bucket to the next shows, and the usual time between samples.
/// Both who writes and who reads find it from what is written before.
/// </summary>
/// <param name="Least">A growth of 0 steps, scaled.</param>
/// <param name="Unit">A step, scaled.</param>
/// <param name="Exponent">Decimals of what is scaled.</param>
/// <param name="Milliseconds">Time that a growth takes.</param>
internal readonly record struct StepScale(long Least, long Unit, int Exponent, long Milliseconds)
{
    private const double MaxStep = 1L << 53;

    /// <summary>The scale of a counter; null where it cannot be seen.</summary>
    /// <param name="growths">From each bucket to the next, scaled.</param>
    /// <param name="exponent">Decimals of those.</param>
    /// <param name="milliseconds">The usual time between two samples, as <see cref="Interval"/> says it; null if it is not known.</param>
    public static StepScale? Of(ReadOnlySpan<long> growths, int exponent, long? milliseconds)
    {
        if (growths.IsEmpty || milliseconds is not > 0) return null;
        ulong unit = 0;
        foreach (var growth in growths)
        {
            var distance = Magnitude(unchecked(growth - growths[0]));
            if (unit != 0 && distance % unit == 0) continue;
            while (distance != 0) (unit, distance) = (distance, unit % distance);
        }

        // If all are alike, then in multiples of that.
        if (unit == 0) return new StepScale(0, (long)Math.Clamp(Magnitude(growths[0]), 1, long.MaxValue), exponent, milliseconds.Value);
        if (unit > long.MaxValue) return null;
        var least = growths[0] % (long)unit;
        return new StepScale(least < 0 ? least + (long)unit : least, (long)unit, exponent, milliseconds.Value);
    }

    /// <summary>Mean time between the samples of a bucket that has two or more; a column's is that of its first such bucket.</summary>
    public static long Interval(long firstAt, long lastAt, int count) => unchecked(lastAt - firstAt) / (count - 1);

    /// <summary>A rate in steps; false if it is not exactly what some number of steps gives.</summary>
    public bool TryStep(double rate, out long step)
    {
        step = 0;
        var steps = Math.Round((rate * Milliseconds / 1_000 / ScaledDecimal.Unscale(1, Exponent) - Least) / Unit);
        if (!(Math.Abs(steps) < MaxStep)) return false;
        step = (long)steps;
        return BitConverter.DoubleToInt64Bits(RateOf(step)) == BitConverter.DoubleToInt64Bits(rate);
    }

    /// <summary>Undoes <see cref="TryStep"/>.</summary>
    public double RateOf(long step) => CounterRate.Round(CounterRate.Of(ScaledDecimal.Unscale(unchecked(Least + step * Unit), Exponent), Milliseconds));

    private static ulong Magnitude(long value) => value < 0 ? unchecked((ulong)-value) : (ulong)value;
}
