using System.Collections.Immutable;
using StatusMonitor.Storage.Alerts;

namespace StatusMonitor.Storage.Sqlite;

/// <summary>Incidents, and what is to be told of them, in SQLite. Whatever waits is written with the journal's groups.</summary>
public sealed class SqliteAlertStore(SqliteStore store, TimeProvider time) : IAlertStore
{
    private readonly SqliteAlertTables _tables = new();
    private readonly SqliteIncidents _incidents = new();
    private readonly SqliteAlertRetention _retention = new(store);

    /// <inheritdoc/>
    public async Task AcceptAsync(IReadOnlyList<TransitionEntry> transitions)
    {
        if (transitions.Count == 0) return;
        if (!await WriteAsync(new Acceptance(this, transitions, time.GetUtcNow().ToUnixTimeMilliseconds()))) throw new StorageBusyException("The account has too much to tell of already.");
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<PendingTransition>> ReadPendingAsync(long accountId, int limit, CancellationToken cancellationToken) =>
        ReadAsync([AlertQueries.Sqlite.Pending(accountId, limit)], AlertRows.Pending, cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> DecideAsync(long accountId, IReadOnlyList<string> transitions, IReadOnlyList<NotificationEntry> notifications, IReadOnlyList<IncidentChange> changes) =>
        await WriteAsync(new Decision(this, accountId, transitions, notifications, changes)) ?? throw new StorageBusyException("The account has too many notifications queued already.");

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredNotification>> ReadQueuedAsync(long accountId, int limit, CancellationToken cancellationToken) =>
        ReadAsync([AlertQueries.Sqlite.Queued(accountId, limit)], AlertRows.Notification, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> SettleAsync(StoredNotification result) => WriteAsync(new Step<bool>(
        database =>
        {
            var isQueued = _tables.Settle(database, result);
            if (isQueued && result.State != NotificationState.Queued) _tables.Count(database, result.Entry.AccountId, 0, -1);
            return isQueued;
        }));

    /// <inheritdoc/>
    public Task<bool> RequeueAsync(long accountId, string notificationId, DateTimeOffset now) => WriteAsync(new Step<bool>(
        database =>
        {
            var isDead = _tables.Requeue(database, accountId, notificationId, now.ToUnixTimeMilliseconds());
            if (isDead) _tables.Count(database, accountId, 0, 1);
            return isDead;
        }));

    /// <inheritdoc/>
    public Task<bool> DismissAsync(long accountId, string notificationId) => WriteAsync(new Step<bool>(database => _tables.Dismiss(database, accountId, notificationId)));

    /// <inheritdoc/>
    public async Task<IReadOnlyList<StoredNotification>> ReadNotificationsAsync(
        long accountId, ImmutableArray<NotificationState> states, long? before, int limit, CancellationToken cancellationToken) =>
        AlertQueries.Newest(await ReadAsync(AlertQueries.Sqlite.Notifications(accountId, states, before, limit), AlertRows.Notification, cancellationToken), limit);

    /// <inheritdoc/>
    public async Task<int> CountNotificationsAsync(long accountId, NotificationState state, CancellationToken cancellationToken) =>
        (await ReadAsync([AlertQueries.Sqlite.NotificationCount(accountId, state)], row => row.GetInt32(0), cancellationToken))[0];

    /// <inheritdoc/>
    public async Task<(long Transitions, long Notifications)> CountWaitingAsync(CancellationToken cancellationToken) =>
        (await ReadAsync([AlertQueries.Sqlite.Waiting()], row => (row.GetInt64(0), row.GetInt64(1)), cancellationToken))[0];

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredNotification>> ReadNotificationsOfAsync(string incidentId, CancellationToken cancellationToken) =>
        ReadAsync([AlertQueries.Sqlite.NotificationsOf(incidentId)], AlertRows.Notification, cancellationToken);

    /// <inheritdoc/>
    public async Task<Incident?> ChangeAsync(IncidentChange change)
    {
        if (!await WriteAsync(new Step<bool>(database => _incidents.Change(database, change)))) return null;
        return await ReadAsync([AlertQueries.Sqlite.Incident(change.IncidentId)], AlertRows.Incident, CancellationToken.None) is [var incident] ? incident : null;
    }

    /// <inheritdoc/>
    public Task<IncidentStory?> ReadStoryAsync(string incidentId, CancellationToken cancellationToken) => store.ReadAsync(
        connection =>
        {
            // Of one moment, though it is several queries.
            using var moment = connection.BeginTransaction(deferred: true);
            var (incident, events, notifications) = (AlertQueries.Sqlite.Incident(incidentId), AlertQueries.Sqlite.Events(incidentId), AlertQueries.Sqlite.NotificationsOf(incidentId));
            return connection.Rows(incident.Sql, incident.Values, AlertRows.Incident).FirstOrDefault() is { } found
                ? new IncidentStory(
                    found,
                    [.. connection.Rows(events.Sql, events.Values, AlertRows.Event)],
                    [.. connection.Rows(notifications.Sql, notifications.Values, AlertRows.Notification)])
                : null;
        },
        cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Incident>> ReadAsync(IncidentQuery query, CancellationToken cancellationToken) =>
        AlertQueries.Newest(await ReadAsync(AlertQueries.Sqlite.Incidents(query), AlertRows.Incident, cancellationToken), query.Limit);

    /// <inheritdoc/>
    public async Task<(int Open, int Acknowledged)> CountAsync(IncidentQuery query, CancellationToken cancellationToken)
    {
        var counts = await ReadAsync(AlertQueries.Sqlite.Counts(query), row => (State: (IncidentState)row.GetInt32(0), Count: row.GetInt32(1)), cancellationToken);
        return (counts.Where(count => count.State == IncidentState.Open).Sum(count => count.Count), counts.Where(count => count.State == IncidentState.Acknowledged).Sum(count => count.Count));
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Incident>> ReadDueAsync(long accountId, DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        ReadAsync([AlertQueries.Sqlite.Due(accountId, now, limit)], AlertRows.Incident, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ClassicRecord>> ReadClassicAsync(long accountId, long? hostId, string? metric, int limit, int offset, CancellationToken cancellationToken) =>
        ReadAsync([AlertQueries.Sqlite.Classic(accountId, hostId, metric, limit, offset)], AlertRows.Classic, cancellationToken);

    /// <inheritdoc/>
    public Task<int> ClearClassicAsync(long accountId, CancellationToken cancellationToken) => _retention.ClearClassicAsync(accountId, cancellationToken);

    /// <inheritdoc/>
    public Task<int> DropBeforeAsync(DateTimeOffset before, CancellationToken cancellationToken) => _retention.DropBeforeAsync(before, cancellationToken);

    /// <inheritdoc/>
    public Task DeleteHostAsync(long hostId) => _retention.DeleteHostAsync(hostId);

    private Task<T> WriteAsync<T>(SqliteWrite<T> write)
    {
        store.Enqueue(write);
        return write.Completion;
    }

    private Task<IReadOnlyList<T>> ReadAsync<T>(IEnumerable<AlertQuery> queries, Func<Microsoft.Data.Sqlite.SqliteDataReader, T> map, CancellationToken cancellationToken) =>
        store.ReadAsync<IReadOnlyList<T>>(connection => [.. queries.SelectMany(query => connection.Rows(query.Sql, query.Values, map))], cancellationToken);

    /// <summary>Transitions on their way in; false if one of their accounts has too much to tell of.</summary>
    private sealed class Acceptance(SqliteAlertStore alerts, IReadOnlyList<TransitionEntry> transitions, long now) : SqliteWrite<bool>
    {
        public override int Weight { get; } = 1 + (transitions.Sum(transition => transition.Payload.Length + (transition.Change?.Opens?.Rule.Length ?? 0)) / 1024);

        public override void Execute(SqliteStore store)
        {
            Result = HasRoom(store);
            if (!Result) return;
            foreach (var transition in transitions)
            {
                if (!alerts._tables.Know(store, transition.Id, now)) continue;
                if (transition.Change is { } change) alerts._incidents.Change(store, change);
                if (transition.Classic is { } classic) alerts._tables.AddClassic(store, transition, classic, now);
                if (!transition.IsPending) continue;
                alerts._tables.AddPending(store, transition);
                alerts._tables.Count(store, transition.AccountId, 1, 0);
            }
        }

        private bool HasRoom(SqliteStore store)
        {
            foreach (var account in transitions.Where(transition => transition.IsPending).GroupBy(transition => transition.AccountId))
            {
                var room = store.Options.MaxWaitingAlerts - alerts._tables.PendingOf(store, account.Key);
                if (account.Count() <= room) continue;

                // Which of them are new is asked only where it matters: a repeat needs no room.
                var added = account.DistinctBy(transition => transition.Id).Count(transition => !alerts._tables.IsKnown(store, transition.Id));
                if (added > 0 && added > room) return false;
            }

            return true;
        }
    }

    /// <summary>What to tell on its way in; false if another has decided, null if too much is queued.</summary>
    private sealed class Decision(
        SqliteAlertStore alerts, long accountId, IReadOnlyList<string> transitions, IReadOnlyList<NotificationEntry> notifications, IReadOnlyList<IncidentChange> changes) : SqliteWrite<bool?>
    {
        private readonly string[] _transitions = [.. transitions.Distinct()];

        public override int Weight { get; } = 1 + ((transitions.Count + changes.Count) / 16) + (notifications.Sum(notification => notification.Payload.Length) / 1024);

        public override void Execute(SqliteStore store)
        {
            Result = false;
            if (!_transitions.All(transition => alerts._tables.IsPending(store, transition, accountId))) return;
            Result = null;
            if (notifications.Count > 0 && alerts._tables.QueuedOf(store, accountId) + notifications.Count > store.Options.MaxWaitingAlerts) return;
            Result = true;
            foreach (var transition in _transitions) alerts._tables.DeletePending(store, transition);
            var queued = notifications.Count(notification => alerts._tables.Queue(store, notification));
            foreach (var change in changes) alerts._incidents.Change(store, change);
            alerts._tables.Count(store, accountId, -_transitions.Length, queued);
        }
    }

    /// <summary>Something small.</summary>
    private sealed class Step<T>(Func<SqliteStore, T> execute) : SqliteWrite<T>
    {
        public override int Weight => 1;

        public override void Execute(SqliteStore store) => Result = execute(store);
    }
}
