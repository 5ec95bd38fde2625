namespace StatusMonitor.Grains.Alerts;

/// <summary>What a series will be if it goes on as it did.</summary>
/// <param name="Value">What it will be at the end of <see cref="AlertRule.Within"/>: what the machine observes.</param>
/// <param name="ReachedAt">When it reaches the threshold by then, Unix milliseconds, never before now; null if it does not.</param>
public readonly record struct Outlook(double Value, long? ReachedAt);

/// <summary>
/// A straight line through a series' recent past, by least squares. It says something only if there is enough past, and it believes in a trend only if the line
/// fits: otherwise the series is taken to stay where it is, so that an alert ends when a disk stops filling.
/// </summary>
public static class Forecast
{
    /// <summary>Values there must be.</summary>
    public const int MinPoints = 10;

    /// <summary>
    /// Share of the values' variance that the line must account for (R²). A single step, however high, reaches 0.75 at most, and so does growth that began later
    /// than half-way: one large file is no trend, and neither is noise.
    /// </summary>
    public const double MinFit = 0.8;

    /// <summary>How much of the past is looked at: a quarter of what is looked ahead, 30 minutes to 7 days.</summary>
    public static TimeSpan Lookback(TimeSpan within) => TimeSpan.FromTicks(Math.Clamp(within.Ticks / 4, TimeSpan.FromMinutes(30).Ticks, TimeSpan.FromDays(7).Ticks));

    /// <summary>How much of that the values must cover: half. A line is drawn out eight times its length at most, but for a host that is new it is soon of use.</summary>
    public static TimeSpan MinCovered(TimeSpan within) => Lookback(within) / 2;

    /// <summary>The outlook of a series; null if there are too few values, or they cover too little time.</summary>
    /// <param name="rule">A forecast.</param>
    /// <param name="times">Times of the values, Unix milliseconds, ascending. What is older than <see cref="Lookback"/> is not looked at.</param>
    /// <param name="values">The values; finite.</param>
    /// <param name="at">Now; no value is newer.</param>
    public static Outlook? Look(AlertRule rule, ReadOnlySpan<long> times, ReadOnlySpan<double> values, long at)
    {
        var oldest = at - (long)Lookback(rule.Within).TotalMilliseconds;
        var start = times.BinarySearch(oldest);
        if (start < 0) start = ~start;
        times = times[start..];
        values = values[start..];
        if (times.Length < MinPoints || times[^1] - times[0] < MinCovered(rule.Within).TotalMilliseconds) return null;

        var horizon = at + (long)rule.Within.TotalMilliseconds;
        var (level, slope) = Fit(times, values, at);
        var value = level + (slope * (horizon - at));
        if (!AlertMachine.IsBroken(rule, value)) return new Outlook(value, null);
        var reached = slope == 0 || AlertMachine.IsBroken(rule, level) ? at : at + ((rule.Threshold - level) / slope);
        return new Outlook(value, (long)Math.Clamp(reached, at, horizon));
    }

    /// <summary>The line, as its value now and its growth a millisecond; level at the newest value if no line fits.</summary>
    private static (double Level, double Slope) Fit(ReadOnlySpan<long> times, ReadOnlySpan<double> values, long at)
    {
        // Around the means: with times of thirteen digits, sums of squares from zero would leave nothing of the differences.
        var (meanTime, meanValue) = (0.0, 0.0);
        for (var i = 0; i < times.Length; i++)
        {
            meanTime += (times[i] - at) / (double)times.Length;
            meanValue += values[i] / times.Length;
        }

        var (timeSquares, valueSquares, products) = (0.0, 0.0, 0.0);
        for (var i = 0; i < times.Length; i++)
        {
            var (time, value) = (times[i] - at - meanTime, values[i] - meanValue);
            timeSquares += time * time;
            valueSquares += value * value;
            products += time * value;
        }

        var fits = timeSquares > 0 && valueSquares > 0 && products * products >= MinFit * timeSquares * valueSquares;
        if (!fits) return (values[^1], 0);
        var slope = products / timeSquares;
        return (meanValue - (slope * meanTime), slope);
    }
}
