using StatusMonitor.Storage.History;

namespace StatusMonitor.Gateway.History;

/// <summary>What a range is read from.</summary>
internal enum HistoryTier
{
    /// <summary>The samples as they came.</summary>
    Raw,

    /// <summary>Rollups of a minute.</summary>
    Minute,

    /// <summary>Rollups of fifteen minutes.</summary>
    QuarterHour,
}

/// <summary>How a query is answered.</summary>
/// <param name="Tier">What it is read from.</param>
/// <param name="Step">Milliseconds from one point to the next; points are aligned to multiples of it. 0: the samples themselves.</param>
internal readonly record struct HistoryPlan(HistoryTier Tier, long Step)
{
    /// <summary>Longest range that is read from samples unless all of them are asked for: a hundred thousand of a host that reports every second.</summary>
    public const long MaxRawRange = 100_000 * Second;

    /// <summary>Samples of a series, of all hosts together, that are read for a mean over them if a coarser tier would do with less.</summary>
    public const long MaxSamplesForMean = 100_000;

    /// <summary>Likewise rollups: some tens of milliseconds, and most of it is remembered for the next time.</summary>
    public const long MaxRollupsForMean = 300_000;

    private const long UsualInterval = 5 * Second;
    private const long Second = 1000;
    private const long Minute = 60 * Second;
    private const long Hour = 60 * Minute;
    private const long Day = 24 * Hour;

    // Each is a multiple of the rollups' buckets that are not longer than it.
    private static readonly long[] Steps =
    [
        Second, 2 * Second, 5 * Second, 10 * Second, 15 * Second, 30 * Second, Minute, 2 * Minute, 5 * Minute, 10 * Minute, 15 * Minute, 30 * Minute,
        Hour, 2 * Hour, 3 * Hour, 6 * Hour, 12 * Hour, Day, 2 * Day, 5 * Day, 10 * Day, 20 * Day, 50 * Day, 100 * Day, 200 * Day, 500 * Day,
        1000 * Day, 2000 * Day, 5000 * Day, 10_000 * Day, 20_000 * Day, 50_000 * Day, 100_000 * Day, 1_000_000 * Day, 10_000_000 * Day,
    ];

    /// <summary>
    /// The smallest round step that makes at most so many points of the range, and the coarsest tier that is fine enough for it. Where finer ones are no longer
    /// kept for the whole range the step is that of one that is.
    /// </summary>
    /// <param name="range">The range.</param>
    /// <param name="points">At most so many points.</param>
    /// <param name="options">How long tiers are kept.</param>
    /// <param name="now">The time, Unix milliseconds.</param>
    /// <param name="atLeast">No finer tier than this.</param>
    public static HistoryPlan Choose(TimeRange range, int points, HistoryOptions options, long now, HistoryTier atLeast = HistoryTier.Raw)
    {
        var finest = FinestKept(range.From, options, now);
        if (finest < atLeast) finest = atLeast;
        if (finest == HistoryTier.Raw && range.To - range.From > MaxRawRange) finest = HistoryTier.Minute;

        var step = Steps.First(step => step >= LengthOf(finest) && Buckets(range, step) <= points);
        return new HistoryPlan(step >= LengthOf(HistoryTier.QuarterHour) ? HistoryTier.QuarterHour : step >= LengthOf(HistoryTier.Minute) ? HistoryTier.Minute : HistoryTier.Raw, step);
    }

    /// <summary>The same for a mean over hosts. Of many hosts and a long range that is coarser than one host's, because each costs as much.</summary>
    public static HistoryPlan ChooseForMean(TimeRange range, int points, int hosts, HistoryOptions options, long now)
    {
        var plan = Choose(range, points, options, now);
        if (plan.Tier == HistoryTier.Raw && hosts * ((range.To - range.From) / UsualInterval) > MaxSamplesForMean) plan = Choose(range, points, options, now, HistoryTier.Minute);
        if (plan.Tier == HistoryTier.Minute && hosts * ((range.To - range.From) / Minute) > MaxRollupsForMean) plan = Choose(range, points, options, now, HistoryTier.QuarterHour);
        return plan;
    }

    /// <summary>Everything there is, as fine as it is kept for the whole range.</summary>
    public static HistoryPlan Everything(TimeRange range, HistoryOptions options, long now)
    {
        var tier = FinestKept(range.From, options, now);
        return new HistoryPlan(tier, LengthOf(tier));
    }

    /// <summary>Milliseconds of a tier's buckets; 0 of samples.</summary>
    public static long LengthOf(HistoryTier tier) => tier switch
    {
        HistoryTier.Raw => 0,
        HistoryTier.Minute => Minute,
        _ => 15 * Minute,
    };

    /// <summary>
    /// The finest tier that is kept since a time. As long back as a tier is kept is still of that tier a minute later: a question takes a moment from where it was asked to here, and what went meanwhile is at most that minute.
    /// </summary>
    public static HistoryTier FinestKept(long from, HistoryOptions options, long now) =>
        from >= now - (long)options.KeepSamples.TotalMilliseconds - Minute ? HistoryTier.Raw
        : from >= now - (long)options.KeepMinutes.TotalMilliseconds - Minute ? HistoryTier.Minute
        : HistoryTier.QuarterHour;

    private static long Buckets(TimeRange range, long step) => (range.To - 1) / step - range.From / step + 1;
}
