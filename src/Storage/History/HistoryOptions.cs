namespace StatusMonitor.Storage.History;

/// <summary>How history is kept, whatever the store.</summary>
public sealed class HistoryOptions
{
    /// <summary>How long samples are kept in full. Default: 7 days.</summary>
    public TimeSpan KeepSamples { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long rollups of a minute are kept. Default: 90 days.</summary>
    public TimeSpan KeepMinutes { get; set; } = TimeSpan.FromDays(90);

    /// <summary>How long rollups of fifteen minutes are kept. Default: 730 days.</summary>
    public TimeSpan KeepQuarterHours { get; set; } = TimeSpan.FromDays(730);

    /// <summary>How long after its end an hour is compacted, so that what comes a little late need not be merged. Default: 5 minutes.</summary>
    public TimeSpan CompactionDelay { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>A server that was not noted for longer than this was away. Default: 30 s.</summary>
    public TimeSpan AwayAfter { get; set; } = TimeSpan.FromSeconds(30);
}
