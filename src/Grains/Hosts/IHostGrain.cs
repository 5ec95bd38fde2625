using System.Collections.Immutable;
using StatusMonitor.Grains.Agents;

namespace StatusMonitor.Grains.Hosts;

/// <summary>One monitored host. The key is the host id, a positive integer.</summary>
[Alias("StatusMonitor.IHostGrain")]
public interface IHostGrain : IGrainWithIntegerKey
{
    /// <summary>Makes the host known. Doing it again with the same does nothing more.</summary>
    [Alias("Register")]
    Task Register(NewHost host);

    /// <summary>Renames or tags it. False if there is no such host.</summary>
    [Alias("Change")]
    Task<bool> Change(HostChange change);

    /// <summary>Shares it with an account, or with <see cref="HostAccess.None"/> no longer. Who watches and may no longer see it is told at once. False if there is no such host, or it has <see cref="HostOptions.MaxShares"/>.</summary>
    [Alias("Share")]
    Task<bool> Share(long accountId, HostAccess access);

    /// <summary>Gives it to another account. False if there is no such host.</summary>
    [Alias("SetOwner")]
    Task<bool> SetOwner(long accountId);

    /// <summary>
    /// Deletes the host: from now on its tokens are unknown and nobody sees it. Its history goes in the background, also after a
    /// crash. What is left says that there was one, so that the id is not used again. False if there is no such host.
    /// </summary>
    [Alias("Delete")]
    Task<bool> Delete();

    /// <summary>
    /// Makes a new token for the host's agent: beside those it has, or with <paramref name="replace"/> instead of them, which are unknown from then on.
    /// Null if there is no such host, or it has <see cref="HostOptions.MaxTokens"/> and none is to be replaced.
    /// </summary>
    [Alias("IssueToken")]
    Task<IssuedToken?> IssueToken(bool replace);

    /// <summary>Takes a token back. False if there was none.</summary>
    [Alias("RevokeToken")]
    Task<bool> RevokeToken(int tokenId);

    /// <summary>Checks a token without a report; a good one becomes permanent and counts as a sign of life, as the classic endpoints have it.</summary>
    [Alias("ValidateToken")]
    Task<TokenOutcome> ValidateToken(TokenHash token);

    /// <summary>Whose it is, or null if it was never registered or is deleted.</summary>
    [Alias("GetPeople"), AlwaysInterleave]
    Task<HostPeople?> GetPeople();

    /// <summary>What is stored of it, or null if it was never registered.</summary>
    [Alias("GetRecord"), AlwaysInterleave]
    Task<HostRecord?> GetRecord();

    /// <summary>Takes reports in. When it returns <see cref="ReportOutcome.Stored"/> they are durable.</summary>
    [Alias("Report")]
    Task<ReportResult> Report(HostReports reports);

    /// <summary>The host's line in the fleet, or null if it was never registered or is deleted.</summary>
    [Alias("GetSummary"), AlwaysInterleave]
    Task<HostSummary?> GetSummary();

    /// <summary>Live state and recent history, or null if the host was never registered or is deleted.</summary>
    [Alias("GetSnapshot"), AlwaysInterleave]
    Task<HostSnapshot?> GetSnapshot();

    /// <summary>
    /// Publishes to the host's stream until <see cref="HostOptions.WatchLease"/> has passed without another call.
    /// A watcher subscribes first, then calls this, then takes the snapshot, so that it misses nothing.
    /// False if it did not publish until now: a watcher that renews may have missed something, as when the host began anew on another silo.
    /// </summary>
    [Alias("Watch"), AlwaysInterleave]
    Task<bool> Watch();

    /// <summary>CPU percent over the ring's window, oldest first, thinned to at most <paramref name="points"/> maxima; NaN where there was no sample.</summary>
    [Alias("GetCpuSpark"), AlwaysInterleave]
    Task<ImmutableArray<double>> GetCpuSpark(int points);
}
