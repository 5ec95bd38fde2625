using System.Collections.Immutable;

namespace StatusMonitor.Storage.Alerts;

/// <summary>
/// Incidents, and what is to be told of them. Each call is one transaction: after a crash at any point all of it is there, or nothing. All of them throw
/// <see cref="StorageFailedException"/> if the database cannot be read or written, and those that write <see cref="StorageBusyException"/> if too much waits.
/// </summary>
public interface IAlertStore
{
    /// <summary>
    /// Takes transitions in, in order; one whose id is known is passed over, also after the desk has told of it. On disk when this returns. An account that has 100,000 to
    /// tell of is busy: nothing of them is taken then.
    /// </summary>
    Task AcceptAsync(IReadOnlyList<TransitionEntry> transitions);

    /// <summary>What an account's desk has still to tell of, in the order it came; at most so many.</summary>
    Task<IReadOnlyList<PendingTransition>> ReadPendingAsync(long accountId, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// What to tell is decided: these pending transitions are done with, these notifications are queued, due now, and these incidents change. Does nothing and
    /// gives false if one of the transitions is pending no more: another desk has decided. A notification whose id is known is passed over. An account that has
    /// 100,000 queued is busy.
    /// </summary>
    /// <remarks>If it throws, it may have happened all the same: read again what is pending and queued.</remarks>
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

    /// <summary>Notifications of an account in these states, newest first by their numbers; at most so many, 1 to 500, before a number if given.</summary>
    Task<IReadOnlyList<StoredNotification>> ReadNotificationsAsync(long accountId, ImmutableArray<NotificationState> states, long? before, int limit, CancellationToken cancellationToken);

    /// <summary>How many notifications of an account are in a state.</summary>
    Task<int> CountNotificationsAsync(long accountId, NotificationState state, CancellationToken cancellationToken);

    /// <summary>Of all accounts: transitions that are still to be told of, and notifications that are still to be sent.</summary>
    Task<(long Transitions, long Notifications)> CountWaitingAsync(CancellationToken cancellationToken);

    /// <summary>The newest 200 notifications that tell of an incident, newest first.</summary>
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

    /// <summary>What an account was told of by rules of the older StatusMonitor, newest first; of one host and of one metric if given.</summary>
    /// <param name="limit">At most so many, 1 to 1,000.</param>
    /// <param name="offset">After so many.</param>
    Task<IReadOnlyList<ClassicRecord>> ReadClassicAsync(long accountId, long? hostId, string? metric, int limit, int offset, CancellationToken cancellationToken);

    /// <summary>Drops all of that; gives how many.</summary>
    Task<int> ClearClassicAsync(long accountId, CancellationToken cancellationToken);

    /// <summary>
    /// Drops resolved incidents that were over before a time, notifications that were sent or dead before it, and what was taken in before it and is told; some at a time. Gives how many of them went.
    /// </summary>
    Task<int> DropBeforeAsync(DateTimeOffset before, CancellationToken cancellationToken);

    /// <summary>
    /// Drops the incidents of a host that is deleted, some at a time; can be repeated. What is still to be told of it stays until it is: a message that it is
    /// down has one that it is over.
    /// </summary>
    Task DeleteHostAsync(long hostId);
}
