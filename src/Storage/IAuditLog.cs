namespace StatusMonitor.Storage;

/// <summary>One thing somebody did, or tried to do.</summary>
/// <remarks>
/// Some of the texts are whatever a stranger sent. They are kept up to 200 characters, <paramref name="Detail"/> up to 1,000; what is longer is cut
/// and ends in <c>…</c>. What is no character to be read, such as a line break, becomes U+FFFD.
/// </remarks>
/// <param name="At">When; kept to the millisecond.</param>
/// <param name="ActorId">Account id of who did it, or null if nobody was signed in.</param>
/// <param name="ActorName">User name as it was then, or as it was claimed.</param>
/// <param name="Action">What, as a dotted word of <c>Gateway/Audit/AuditActions.cs</c>, such as <c>account.login</c>.</param>
/// <param name="TargetKind"><c>account</c>, <c>host</c>, <c>session</c>, <c>token</c>, <c>enrolment</c>, <c>incident</c>, <c>notification</c> or what else alerts are made of; or null.</param>
/// <param name="TargetId">Id of what it was done to, as text.</param>
/// <param name="TargetName">Its name as it was then.</param>
/// <param name="Address">Network address it came from.</param>
/// <param name="Outcome"><c>ok</c>, or why not, such as <c>wrong-credentials</c>.</param>
/// <param name="Detail">More, in words; never a secret.</param>
public sealed record AuditEntry(
    DateTimeOffset At,
    long? ActorId,
    string? ActorName,
    string Action,
    string? TargetKind,
    string? TargetId,
    string? TargetName,
    string? Address,
    string Outcome,
    string? Detail);

/// <summary>A stored entry; ids ascend in the order of storing.</summary>
public sealed record AuditRecord(long Id, AuditEntry Entry);

/// <summary>Which entries to read, newest first. Null matches all; texts match whatever their case, and whole but for <paramref name="ActionPrefix"/>.</summary>
/// <param name="Actor">User name of who did it.</param>
/// <param name="ActionPrefix">Beginning of the action, such as <c>account.</c>.</param>
/// <param name="TargetKind">Kind of what it was done to.</param>
/// <param name="TargetId">Id of what it was done to.</param>
/// <param name="Outcome"><c>ok</c>, <c>failed</c> for all that is not <c>ok</c>, or one outcome.</param>
/// <param name="From">Not before.</param>
/// <param name="To">Before.</param>
/// <param name="BeforeId">Only entries stored before this one: how the next page is asked for.</param>
/// <param name="Limit">At most so many, 1 to 500; what is beyond counts as the nearest of these.</param>
public sealed record AuditQuery(
    string? Actor = null,
    string? ActionPrefix = null,
    string? TargetKind = null,
    string? TargetId = null,
    string? Outcome = null,
    DateTimeOffset? From = null,
    DateTimeOffset? To = null,
    long? BeforeId = null,
    int Limit = 100);

/// <summary>Who did what to what: append-only, but for what is older than it is kept.</summary>
public interface IAuditLog
{
    /// <summary>Stores an entry; it is on disk when this returns.</summary>
    /// <exception cref="StorageBusyException">Too much is waiting to be written.</exception>
    /// <exception cref="StorageFailedException">It could not be written.</exception>
    Task AppendAsync(AuditEntry entry);

    /// <summary>Reads entries, newest first: by when they were stored, not by their time.</summary>
    /// <exception cref="StorageFailedException">The database cannot be read.</exception>
    Task<IReadOnlyList<AuditRecord>> ReadAsync(AuditQuery query, CancellationToken cancellationToken);

    /// <summary>Drops entries older than <paramref name="before"/>, some at a time so that nothing else waits for it; gives how many.</summary>
    /// <exception cref="StorageFailedException">It could not be written; some may be gone already.</exception>
    Task<int> DropBeforeAsync(DateTimeOffset before, CancellationToken cancellationToken);
}
