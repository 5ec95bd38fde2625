namespace StatusMonitor.Grains.Hosts;

/// <summary>How a host is watched over.</summary>
public sealed class HostOptions
{
    /// <summary>Recent history kept in memory for the live view. Longer costs memory for every host. Default: 15 minutes.</summary>
    public TimeSpan RingWindow { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// Samples kept in memory however short the interval: a bound on memory. Default: 200, which is the window of an agent
    /// that reports every 5 s.
    /// </summary>
    public int RingCapacity { get; set; } = 200;

    /// <summary>Missed intervals until a host is late. Default: 2.</summary>
    public int LateAfterIntervals { get; set; } = 2;

    /// <summary>Missed intervals until a host is offline. Default: 3.</summary>
    public int OfflineAfterIntervals { get; set; } = 3;

    /// <summary>Silence that must pass before a host is offline, whatever its interval. Shorter finds an outage sooner and mistakes more hiccups for one. Default: 15 s.</summary>
    public TimeSpan MinOfflineAfter { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Time after a start of ours in which nobody is called silent: an agent that could not reach us tries again at ever longer
    /// distances, up to a minute. Longer finds a host later that was lost together with us. Default: 60 s.
    /// </summary>
    public TimeSpan RestartGrace { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Time in which a new token must be used for the first time. Default: 5 minutes.</summary>
    public TimeSpan TokenActivationWindow { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Shortest time between two entries of a host in the fleet summary, unless its status changes. Default: 1 s.</summary>
    public TimeSpan SummaryInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a host goes on publishing for a watcher that does not renew. Default: 60 s.</summary>
    public TimeSpan WatchLease { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Different series one host may have in its life; more is a label that never repeats. Default: 10,000.</summary>
    public int MaxSeries { get; set; } = 10_000;

    /// <summary>Tokens a host may have at once. Default: 10.</summary>
    public int MaxTokens { get; set; } = 10;

    /// <summary>Accounts a host may be shared with. Each is part of its line in the fleet. Default: 100.</summary>
    public int MaxShares { get; set; } = 100;

    /// <summary>Alerts of a host that may be pending, firing or otherwise not normal at once; all of them are written whenever one changes. Default: 500.</summary>
    public int MaxAlerts { get; set; } = 500;

    /// <summary>How long after a failure or a restart a deleted host that is not gone altogether is taken up again; at least a minute. Default: 1 minute.</summary>
    public TimeSpan ErasureRetry { get; set; } = TimeSpan.FromMinutes(1);
}
