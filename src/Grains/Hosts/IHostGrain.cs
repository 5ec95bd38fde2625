using System.Collections.Immutable;

namespace StatusMonitor.Grains.Hosts;

/// <summary>One monitored host. The key is the host id, a positive integer.</summary>
[Alias("StatusMonitor.IHostGrain")]
public interface IHostGrain : IGrainWithIntegerKey
{
    /// <summary>Makes the host known under a name. Doing it again only renames it.</summary>
    [Alias("Register")]
    Task Register(string name);

    /// <summary>Makes a new token for the host's agent beside those it has.</summary>
    [Alias("IssueToken")]
    Task<IssuedToken> IssueToken();

    /// <summary>Takes reports in. When it returns <see cref="ReportOutcome.Stored"/> they are durable.</summary>
    [Alias("Report")]
    Task<ReportResult> Report(HostReports reports);

    /// <summary>The host's line in the fleet, or null if it was never registered.</summary>
    [Alias("GetSummary"), AlwaysInterleave]
    Task<HostSummary?> GetSummary();

    /// <summary>Live state and recent history, or null if the host was never registered.</summary>
    [Alias("GetSnapshot"), AlwaysInterleave]
    Task<HostSnapshot?> GetSnapshot();

    /// <summary>
    /// Publishes to the host's stream until <see cref="HostOptions.WatchLease"/> has passed without another call.
    /// A watcher subscribes first, then calls this, then takes the snapshot, so that it misses nothing.
    /// </summary>
    [Alias("Watch"), AlwaysInterleave]
    Task Watch();

    /// <summary>CPU percent over the ring's window, oldest first, thinned to at most <paramref name="points"/> maxima; NaN where there was no sample.</summary>
    [Alias("GetCpuSpark"), AlwaysInterleave]
    Task<ImmutableArray<double>> GetCpuSpark(int points);
}

/// <summary>Names of the live streams.</summary>
public static class LiveStreams
{
    /// <summary>The stream provider.</summary>
    public const string Provider = "live";

    /// <summary>Namespace of the streams of <see cref="HostUpdate"/>, keyed by host id.</summary>
    public const string Hosts = "hosts";

    /// <summary>Namespace of the streams of <see cref="Fleet.FleetUpdate"/>, keyed by shard.</summary>
    public const string Fleet = "fleet";

    /// <summary>Namespace of the streams of <see cref="Accounts.AccountChanged"/>, keyed by account id.</summary>
    public const string Accounts = "accounts";
}
