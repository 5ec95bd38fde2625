using System.Collections.Immutable;

namespace StatusMonitor.Storage.Alerts;

/// <summary>
/// Incidents, and what is to be told of them. Each call is one transaction: after a crash at any point all of it is there, or nothing. All of them throw
/// <see cref="StorageFailedException"/> if the database cannot be read or written, and those that write <see cref="StorageBusyException"/> if too much waits.
/// </summary>
public interface IAlertStore
{
    /// <summary>Takes transitions in, in order; one whose id is known is passed over. On disk when this returns.</summary>
    Task AcceptAsync(IReadOnlyList<TransitionEntry> transitions);

    /// <summary>What an account's desk has still to tell of, in the order it came; at most so many.</summary>
    Task<IReadOnlyList<PendingTransition>> ReadPendingAsync(long accountId, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// What to tell is decided: these pending transitions are done with, these notifications are queued, due now, and these incidents change. Does nothing and
    /// gives false if one of the transitions is pending no more: another desk has decided.
    /// </summary>
    Task<bool> DecideAsync(long accountId, IReadOnlyList<string> transitions, IReadOnlyList<NotificationEntry> notifications, IReadOnlyList<IncidentChange> changes);

    /// <summary>Queued notifications of an account, by when they are due, then in the order they were queued.</summary>
    Task<IReadOnlyList<StoredNotification>> ReadQueuedAsync(long accountId, int limit, CancellationToken cancellationToken);

    /// <summary>What became of a try. False if the notification is queued no more.</summary>
    /// <param name="result">The notification as it is now, with the new state, attempts, time, error and reference.</param>
    Task<bool> SettleAsync(StoredNotification result);

    /// <summary>A dead notification is queued again, due now and with no attempts. False if there is no dead one of that id of the account.</summary>
    Task<bool> RequeueAsync(long accountId, string notificationId, DateTimeOffset now);

    /// <summary>A dead notification goes. False if there is no dead one of that id of the account.</summary>
    Task<bool> DismissAsync(long accountId, string notificationId);

    /// <summary>Notifications of an account in these states, newest first by id of storing; at most so many, before one of them if given.</summary>
    Task<IReadOnlyList<StoredNotification>> ReadNotificationsAsync(long accountId, ImmutableArray<NotificationState> states, string? beforeId, int limit, CancellationToken cancellationToken);

    /// <summary>Notifications that told of an incident.</summary>
    Task<IReadOnlyList<StoredNotification>> ReadNotificationsOfAsync(string incidentId, CancellationToken cancellationToken);

    /// <summary>Changes an incident: somebody took it up, or said something. Null if there is none, else what it is now.</summary>
    Task<Incident?> ChangeAsync(IncidentChange change);

    /// <summary>An incident with its story, or null.</summary>
    Task<IncidentStory?> ReadStoryAsync(string incidentId, CancellationToken cancellationToken);

    /// <summary>Incidents, newest first.</summary>
    Task<IReadOnlyList<Incident>> ReadAsync(IncidentQuery query, CancellationToken cancellationToken);

    /// <summary>How many are open, and how many acknowledged, of what a query picks; its states, place and limit do not count.</summary>
    Task<(int Open, int Acknowledged)> CountAsync(IncidentQuery query, CancellationToken cancellationToken);

    /// <summary>Incidents of an account that go on and whose <see cref="Incident.NextAt"/> is no later than a time, by that; at most so many.</summary>
    Task<IReadOnlyList<Incident>> ReadDueAsync(long accountId, DateTimeOffset now, int limit, CancellationToken cancellationToken);

    /// <summary>Drops resolved incidents that were over before a time, with their events, and notifications that were sent or dead before it; some at a time. Gives how many rows went.</summary>
    Task<int> DropBeforeAsync(DateTimeOffset before, CancellationToken cancellationToken);

    /// <summary>Drops everything of a host that is deleted.</summary>
    Task DeleteHostAsync(long hostId);
}
