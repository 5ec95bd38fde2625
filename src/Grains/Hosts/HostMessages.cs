using System.Collections.Immutable;
using StatusMonitor.Grains.Agents;
using StatusMonitor.Grains.Alerts;
using StatusMonitor.Grains.Live;
using StatusMonitor.Protocol;

namespace StatusMonitor.Grains.Hosts;

/// <summary>The values of one moment, checked against the limits of the protocol.</summary>
/// <param name="Sequence">The agent's sequence number.</param>
/// <param name="BootId">The machine's boot id.</param>
/// <param name="At">Collection time, Unix milliseconds.</param>
/// <param name="Interval">Time until the agent means to report again.</param>
/// <param name="Series">The series.</param>
/// <param name="Values">A finite value for each series.</param>
[GenerateSerializer, Immutable, Alias("StatusMonitor.HostReport")]
public sealed record HostReport(
    [property: Id(0)] long Sequence,
    [property: Id(1)] string BootId,
    [property: Id(2)] long At,
    [property: Id(3)] TimeSpan Interval,
    [property: Id(4)] SeriesSet Series,
    [property: Id(5)] ImmutableArray<double> Values);

/// <summary>What one request brings for a host.</summary>
/// <param name="Token">The token it came with.</param>
/// <param name="Agent">The machine's description, if the agent sent it.</param>
/// <param name="Reports">At least one report.</param>
/// <param name="SentAt">When the agent sent it by its own clock, Unix milliseconds; null if it does not say.</param>
/// <param name="Processes">What runs on the machine, if it was asked: the most by CPU and the most by memory.</param>
[GenerateSerializer, Immutable, Alias("StatusMonitor.HostReports")]
public sealed record HostReports(
    [property: Id(0)] TokenHash Token,
    [property: Id(1)] HostDescription? Agent,
    [property: Id(2)] ImmutableArray<HostReport> Reports,
    [property: Id(3)] long? SentAt = null,
    [property: Id(4)] ImmutableArray<ProcessSighting>? Processes = null);

/// <summary>What became of reports.</summary>
public enum ReportOutcome
{
    /// <summary>They are durable.</summary>
    Stored,

    /// <summary>The host does not know the token; nothing was stored.</summary>
    UnknownToken,

    /// <summary>The token was not used in time; nothing was stored.</summary>
    ExpiredToken,

    /// <summary>The host would have more series than it may; nothing was stored.</summary>
    TooManySeries,

    /// <summary>The journal is behind; nothing was stored, try again shortly.</summary>
    Busy,

    /// <summary>The journal cannot be written; nothing was stored.</summary>
    StorageFailed,

    /// <summary>The disk is nearly full; nothing was stored.</summary>
    StorageFull,
}

/// <summary>Answer to <see cref="HostReports"/>.</summary>
/// <param name="Outcome">What became of them.</param>
/// <param name="Accepted">How many were new.</param>
/// <param name="Repeated">How many were there already.</param>
/// <param name="AskProcesses">Of how many processes the agent is to tell, the most by CPU and as many by memory; 0 for none.</param>
[GenerateSerializer, Immutable, Alias("StatusMonitor.ReportResult")]
public sealed record ReportResult(
    [property: Id(0)] ReportOutcome Outcome,
    [property: Id(1)] int Accepted = 0,
    [property: Id(2)] int Repeated = 0,
    [property: Id(3)] int AskProcesses = 0);

/// <summary>What the agent says of its machine (<see cref="AgentInfo"/>).</summary>
[GenerateSerializer, Immutable, Alias("StatusMonitor.HostDescription")]
public sealed record HostDescription(
    [property: Id(0)] string? Version,
    [property: Id(1)] string? Hostname,
    [property: Id(2)] string? Os,
    [property: Id(3)] string? Kernel,
    [property: Id(4)] string? Architecture,
    [property: Id(5)] string? Cpu);

/// <summary>A new token for a host's agent, with its text, which is not kept.</summary>
[GenerateSerializer, Immutable, Alias("StatusMonitor.IssuedToken")]
public sealed record IssuedToken([property: Id(0)] string Token, [property: Id(1)] DateTimeOffset ExpiresAt, [property: Id(2)] int Id = 0);

/// <summary>A token of a host as people see it; its text is not kept.</summary>
/// <param name="Id">Number of the token within the host.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">Until when it must be used for the first time.</param>
/// <param name="IsActivated">Whether it was, and is permanent.</param>
/// <param name="LastUsedAt">When it last brought a report, to about a minute; null if never, or not since the host was last activated.</param>
[GenerateSerializer, Immutable, Alias("StatusMonitor.TokenInfo")]
public sealed record TokenInfo(
    [property: Id(0)] int Id,
    [property: Id(1)] DateTimeOffset CreatedAt,
    [property: Id(2)] DateTimeOffset ExpiresAt,
    [property: Id(3)] bool IsActivated,
    [property: Id(4)] DateTimeOffset? LastUsedAt);

/// <summary>Whether an agent's token is good.</summary>
public enum TokenOutcome
{
    /// <summary>It is, and is permanent from now on.</summary>
    Valid,

    /// <summary>The host does not know it.</summary>
    Unknown,

    /// <summary>It was not used in time.</summary>
    Expired,

    /// <summary>It could not be made permanent, because nothing can be stored.</summary>
    StorageFailed,
}

/// <summary>A host that is to be made.</summary>
/// <param name="Name">The name people give it.</param>
/// <param name="OwnerId">Account id of the owner.</param>
/// <param name="Group">The one group it is in, or null.</param>
/// <param name="Tags">Its tags, each once.</param>
[GenerateSerializer, Immutable, Alias("StatusMonitor.NewHost")]
public sealed record NewHost(
    [property: Id(0)] string Name,
    [property: Id(1)] long OwnerId,
    [property: Id(2)] string? Group,
    [property: Id(3)] ImmutableArray<string> Tags);

/// <summary>What is to change on a host; null leaves it as it is, and an empty group takes it out of its group.</summary>
[GenerateSerializer, Immutable, Alias("StatusMonitor.HostChange")]
public sealed record HostChange(
    [property: Id(0)] string? Name = null,
    [property: Id(1)] string? Group = null,
    [property: Id(2)] ImmutableArray<string>? Tags = null);

/// <summary>What is stored of a host beside its samples; of a deleted one too.</summary>
/// <param name="Id">Host id.</param>
/// <param name="Name">The name people gave it.</param>
/// <param name="Group">Its group, or null.</param>
/// <param name="Tags">Its tags.</param>
/// <param name="People">Whose it is.</param>
/// <param name="CreatedAt">When it was made; the epoch for a host from before this was kept.</param>
/// <param name="LastSeen">When its newest report was taken in.</param>
/// <param name="DeletedAt">When it was deleted, or null.</param>
/// <param name="Tokens">Its tokens that are good or may become so, oldest first.</param>
[GenerateSerializer, Immutable, Alias("StatusMonitor.HostRecord")]
public sealed record HostRecord(
    [property: Id(0)] long Id,
    [property: Id(1)] string Name,
    [property: Id(2)] string? Group,
    [property: Id(3)] ImmutableArray<string> Tags,
    [property: Id(4)] HostPeople People,
    [property: Id(5)] DateTimeOffset CreatedAt,
    [property: Id(6)] DateTimeOffset? LastSeen,
    [property: Id(7)] DateTimeOffset? DeletedAt,
    [property: Id(8)] ImmutableArray<TokenInfo> Tokens);

/// <summary>A host's line in the fleet.</summary>
/// <param name="Id">Host id.</param>
/// <param name="Name">The name people gave it.</param>
/// <param name="Status">Whether it is heard of.</param>
/// <param name="LastSeen">When its newest report was taken in.</param>
/// <param name="CpuPercent">CPU in use.</param>
/// <param name="MemoryPercent">Memory in use.</param>
/// <param name="DiskPercent">The fullest filesystem.</param>
/// <param name="RxBytesPerSecond">Received, all interfaces.</param>
/// <param name="TxBytesPerSecond">Sent, all interfaces.</param>
/// <param name="Load1">Load average over one minute.</param>
/// <param name="UptimeSeconds">Time since the machine started.</param>
/// <param name="People">Whose it is; null is nobody's.</param>
/// <param name="Group">Its group, or null.</param>
/// <param name="Tags">Its tags; null is none.</param>
/// <param name="Firing">How many of its alerts fire, whoever's rules they are of.</param>
/// <param name="Severity">The worst severity of them, or null.</param>
[GenerateSerializer, Immutable, Alias("StatusMonitor.HostSummary")]
public sealed record HostSummary(
    [property: Id(0)] long Id,
    [property: Id(1)] string Name,
    [property: Id(2)] HostStatus Status,
    [property: Id(3)] DateTimeOffset? LastSeen,
    [property: Id(4)] double? CpuPercent = null,
    [property: Id(5)] double? MemoryPercent = null,
    [property: Id(6)] double? DiskPercent = null,
    [property: Id(7)] double? RxBytesPerSecond = null,
    [property: Id(8)] double? TxBytesPerSecond = null,
    [property: Id(9)] double? Load1 = null,
    [property: Id(10)] double? UptimeSeconds = null,
    [property: Id(11)] HostPeople? People = null,
    [property: Id(12)] string? Group = null,
    [property: Id(13)] ImmutableArray<string>? Tags = null,
    [property: Id(14)] int Firing = 0,
    [property: Id(15)] AlertSeverity? Severity = null);

/// <summary>All a new watcher of a host needs at once.</summary>
/// <param name="Summary">The host's line in the fleet.</param>
/// <param name="Interval">The agent's interval, if it ever reported.</param>
/// <param name="BootId">The machine's boot id.</param>
/// <param name="ClockOffset">The agent's clock less ours at the newest report.</param>
/// <param name="Agent">The machine's description.</param>
/// <param name="Series">The host's catalogue: canonical names by series id.</param>
/// <param name="Times">Collection times of the ring, Unix milliseconds, ascending.</param>
/// <param name="Values">For each series a value for each time; NaN where it has none.</param>
[GenerateSerializer, Immutable, Alias("StatusMonitor.HostSnapshot")]
public sealed record HostSnapshot(
    [property: Id(0)] HostSummary Summary,
    [property: Id(1)] TimeSpan? Interval,
    [property: Id(2)] string? BootId,
    [property: Id(3)] TimeSpan? ClockOffset,
    [property: Id(4)] HostDescription? Agent,
    [property: Id(5)] ImmutableArray<string> Series,
    [property: Id(6)] ImmutableArray<long> Times,
    [property: Id(7)] ImmutableArray<ImmutableArray<double>> Values);

/// <summary>One sample as the stream of a watched host carries it.</summary>
/// <param name="At">Collection time, Unix milliseconds.</param>
/// <param name="SeriesIds">The host's ids of the series.</param>
/// <param name="Values">A value for each.</param>
[GenerateSerializer, Immutable, Alias("StatusMonitor.LiveSample")]
public sealed record LiveSample(
    [property: Id(0)] long At,
    [property: Id(1)] ImmutableArray<int> SeriesIds,
    [property: Id(2)] ImmutableArray<double> Values);

/// <summary>What changed on a watched host.</summary>
/// <param name="Status">Its status now.</param>
/// <param name="LastSeen">When its newest report was taken in.</param>
/// <param name="Samples">New samples, in the order they came; none if only the status changed.</param>
/// <param name="FirstNewSeries">Series id of the first of <paramref name="NewSeries"/>.</param>
/// <param name="NewSeries">Series the catalogue gained with these samples.</param>
/// <param name="People">Whose it is now, if that changed, or its name, group or tags: whoever may no longer see it must be sent away. <see cref="HostPeople.Nobody"/> once it is deleted.</param>
[GenerateSerializer, Immutable, Alias("StatusMonitor.HostUpdate")]
public sealed record HostUpdate(
    [property: Id(0)] HostStatus Status,
    [property: Id(1)] DateTimeOffset? LastSeen,
    [property: Id(2)] ImmutableArray<LiveSample> Samples,
    [property: Id(3)] int FirstNewSeries,
    [property: Id(4)] ImmutableArray<string> NewSeries,
    [property: Id(5)] HostPeople? People = null) : LiveUpdate;
