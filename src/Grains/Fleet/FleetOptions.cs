namespace StatusMonitor.Grains.Fleet;

/// <summary>How the fleet summary is kept.</summary>
public sealed class FleetOptions
{
    /// <summary>Shortest time between two updates to watchers. Shorter is livelier and sends more. Default: 250 ms.</summary>
    public TimeSpan PublishInterval { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a shard goes on publishing for a watcher that does not renew. Default: 60 s.</summary>
    public TimeSpan WatchLease { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Hosts a shard wakes at a time after a restart. More is sooner complete and a larger burst of reads. Default: 16.</summary>
    public int WakeConcurrency { get; set; } = 16;

    /// <summary>After how long hosts that could not answer are asked again. Default: 10 s.</summary>
    public TimeSpan WakeRetry { get; set; } = TimeSpan.FromSeconds(10);
}
