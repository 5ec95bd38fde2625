using System.Collections.Immutable;

namespace StatusMonitor.Storage.Alerts;

/// <summary>Where an incident is.</summary>
public enum IncidentState
{
    /// <summary>It goes on, and nobody has taken it up.</summary>
    Open,

    /// <summary>It goes on, and somebody has taken it up.</summary>
    Acknowledged,

    /// <summary>It is over.</summary>
    Resolved,
}

/// <summary>The kept story of an alert, but for its events.</summary>
/// <param name="Id">Id of the transition that opened it.</param>
/// <param name="AccountId">Whose rule it is.</param>
/// <param name="HostId">The host.</param>
/// <param name="HostName">Its name then.</param>
/// <param name="RuleId">The rule, of that account.</param>
/// <param name="RuleName">Its name then.</param>
/// <param name="Severity">0 info, 1 warning, 2 critical.</param>
/// <param name="Series">The series, or null.</param>
/// <param name="OpenedAt">When it began; to the millisecond, like all times here.</param>
/// <param name="Value">The value it began with, or null.</param>
/// <param name="Rule">The rule as it was then, JSON.</param>
public sealed record Incident(
    string Id,
    long AccountId,
    long HostId,
    string HostName,
    long RuleId,
    string RuleName,
    int Severity,
    string? Series,
    DateTimeOffset OpenedAt,
    double? Value,
    string Rule)
{
    /// <summary>Whose host it was then.</summary>
    public long OwnerId { get; init; }

    /// <summary>Where it is.</summary>
    public IncidentState State { get; init; }

    /// <summary>When it was over, or null.</summary>
    public DateTimeOffset? ResolvedAt { get; init; }

    /// <summary>When it was taken up, or null. Kept when it is resolved.</summary>
    public DateTimeOffset? AcknowledgedAt { get; init; }

    /// <summary>Who took it up, as a name people know.</summary>
    public string? AcknowledgedBy { get; init; }

    /// <summary>The worst value so far, or null.</summary>
    public double? Peak { get; init; }

    /// <summary>Whether its alert changes so often that it is damped.</summary>
    public bool IsFlapping { get; init; }

    /// <summary>Whether its series has no values at the moment.</summary>
    public bool HasNoData { get; init; }

    /// <summary>Whether only samples that came late tell of it; nobody was told.</summary>
    public bool IsFoundLate { get; init; }

    /// <summary>Comments people made.</summary>
    public int Comments { get; init; }

    /// <summary>When it is to be told again or escalated next, or null. The desk's own.</summary>
    public DateTimeOffset? NextAt { get; init; }

    /// <summary>Escalation steps that were taken. The desk's own.</summary>
    public int Step { get; init; }
}

/// <summary>One thing in an incident's story.</summary>
/// <param name="At">When.</param>
/// <param name="Kind">A word: that of a <c>TransitionKind</c>, or <c>acknowledged</c>, <c>unacknowledged</c>, <c>comment</c>, <c>silenced</c>, <c>notified</c>, <c>notFailed</c>, <c>escalated</c>, <c>repeated</c>.</param>
/// <param name="Actor">Who did it, as a name people know; null for what the server did.</param>
/// <param name="Text">In words, at most 2,000 characters; or null.</param>
/// <param name="Value">The value, or null.</param>
/// <param name="Data">More, as JSON; for <c>evidence</c> the processes. Or null.</param>
public sealed record IncidentEvent(DateTimeOffset At, string Kind, string? Actor = null, string? Text = null, double? Value = null, string? Data = null);

/// <summary>An incident with its story: events in the order of storing, of more than 1,000 the first and the newest; and the newest 200 notifications, newest first.</summary>
public sealed record IncidentStory(Incident Incident, ImmutableArray<IncidentEvent> Events, ImmutableArray<StoredNotification> Notifications);

/// <summary>A change of an incident. What is null stays as it is; nothing happens if there is no such incident.</summary>
/// <param name="IncidentId">Which.</param>
/// <param name="Opens">If it begins with this, how; one that is there already stays.</param>
/// <param name="Event">What is added to its story, or null.</param>
public sealed record IncidentChange(string IncidentId, Incident? Opens, IncidentEvent? Event)
{
    /// <summary>When it was over; of one that is over already that stays.</summary>
    public DateTimeOffset? ResolvedAt { get; init; }

    /// <summary>The worst value so far.</summary>
    public double? Peak { get; init; }

    /// <summary>Whether it flaps now.</summary>
    public bool? IsFlapping { get; init; }

    /// <summary>Whether its series has no values now.</summary>
    public bool? HasNoData { get; init; }

    /// <summary>Who takes it up, at the event's time; empty takes that back. If it is resolved, or that is so already, nothing of the whole change happens.</summary>
    public string? AcknowledgedBy { get; init; }

    /// <summary>When it is to be told again or escalated next; <see cref="DateTimeOffset.MaxValue"/> is never.</summary>
    public DateTimeOffset? NextAt { get; init; }

    /// <summary>Escalation steps that were taken.</summary>
    public int? Step { get; init; }
}

/// <summary>A transition as the store takes it in.</summary>
/// <param name="Id">What a repeat is known by.</param>
/// <param name="AccountId">Whose desk has it.</param>
/// <param name="Change">What it changes; null for one that has no incident.</param>
/// <param name="IsPending">Whether the desk has still to tell of it.</param>
/// <param name="Payload">The transition, JSON.</param>
public sealed record TransitionEntry(string Id, long AccountId, IncidentChange? Change, bool IsPending, string Payload)
{
    /// <summary>Where a client of the older StatusMonitor finds it, or null if it does not.</summary>
    public ClassicAlert? Classic { get; init; }
}

/// <summary>What an alert of the older StatusMonitor is found by.</summary>
/// <param name="HostId">Its host.</param>
/// <param name="Metric">Its metric.</param>
public sealed record ClassicAlert(long HostId, string Metric);

/// <summary>An alert of the older StatusMonitor that was told of.</summary>
/// <param name="Id">Ascends in the order of storing; never given twice.</param>
/// <param name="Payload">The transition, JSON.</param>
public sealed record ClassicRecord(long Id, string Payload);

/// <summary>A transition that the desk has still to tell of, in the order they came.</summary>
public sealed record PendingTransition(string Id, string Payload);

/// <summary>Where a notification is.</summary>
public enum NotificationState
{
    /// <summary>It waits to be sent, or to be tried again.</summary>
    Queued,

    /// <summary>The channel accepted it.</summary>
    Sent,

    /// <summary>It will never be accepted.</summary>
    Dead,
}

/// <summary>A message to one channel.</summary>
/// <param name="Id">Unique; what a channel with idempotency is given.</param>
/// <param name="AccountId">Whose channel it is.</param>
/// <param name="ChannelId">The channel, of that account.</param>
/// <param name="CreatedAt">When it was queued.</param>
/// <param name="Title">What it says, in a line.</param>
/// <param name="Payload">The message, JSON.</param>
/// <param name="Incidents">The incidents it tells of.</param>
public sealed record NotificationEntry(string Id, long AccountId, long ChannelId, DateTimeOffset CreatedAt, string Title, string Payload, ImmutableArray<string> Incidents);

/// <summary>A notification and what became of it.</summary>
public sealed record StoredNotification(NotificationEntry Entry, NotificationState State)
{
    /// <summary>Its place in the order of storing.</summary>
    public long Number { get; init; }

    /// <summary>Tries so far.</summary>
    public int Attempts { get; init; }

    /// <summary>When it is to be tried next; of one that is sent or dead, when that happened.</summary>
    public DateTimeOffset DueAt { get; init; }

    /// <summary>Why the last try failed, in words; or null.</summary>
    public string? Error { get; init; }

    /// <summary>What the channel calls the message, for changing it later; or null.</summary>
    public string? Reference { get; init; }
}

/// <summary>Which incidents to read, newest first by <see cref="Incident.OpenedAt"/>, then id. Null matches all.</summary>
/// <param name="AccountId">Of this account's rules, or of one of the hosts; null is all there are.</param>
/// <param name="HostIds">Hosts of others that are looked at besides.</param>
public sealed record IncidentQuery(long? AccountId = null, ImmutableArray<long>? HostIds = null)
{
    /// <summary>The account's own hosts: what others' rules found on them is looked at besides.</summary>
    public ImmutableArray<long> OwnHostIds { get; init; } = [];

    /// <summary>In one of these states; null is any.</summary>
    public ImmutableArray<IncidentState>? States { get; init; }

    /// <summary>With one of these severities.</summary>
    public ImmutableArray<int>? Severities { get; init; }

    /// <summary>Of this host.</summary>
    public long? HostId { get; init; }

    /// <summary>Of this rule.</summary>
    public long? RuleId { get; init; }

    /// <summary>Whose host's name, rule's name or series contains this, in any case.</summary>
    public string? Text { get; init; }

    /// <summary>That were open at or after this.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>That began before this.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Only those after this one in the order: how the next page is asked for.</summary>
    public (DateTimeOffset OpenedAt, string Id)? After { get; init; }

    /// <summary>At most so many, 1 to 500.</summary>
    public int Limit { get; init; } = 100;
}
