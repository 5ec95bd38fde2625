using System.Collections.Immutable;
using Npgsql;
using StatusMonitor.Storage.Alerts;

namespace StatusMonitor.Storage.Postgres;

/// <summary>Incidents, and what is to be told of them, in PostgreSQL. Transitions are taken in by groups; the rest is rare, and each a transaction of its own.</summary>
public sealed class PostgresAlertStore : IAlertStore, IAsyncDisposable
{
    private readonly PostgresStore _store;
    private readonly PostgresAlertRetention _retention;
    private readonly Groups _groups;

    public PostgresAlertStore(PostgresStore store)
    {
        _store = store;
        _retention = new PostgresAlertRetention(store);
        _groups = new Groups(this);
    }

    /// <inheritdoc/>
    public async Task AcceptAsync(IReadOnlyList<TransitionEntry> transitions)
    {
        if (transitions.Count == 0) return;
        var acceptance = new Acceptance(transitions);
        _groups.Enqueue(acceptance);
        if (!await acceptance.Completion) throw new StorageBusyException("The account has too much to tell of already.");
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<PendingTransition>> ReadPendingAsync(long accountId, int limit, CancellationToken cancellationToken) =>
        ReadAsync([AlertQueries.Postgres.Pending(accountId, limit)], AlertRows.Pending, cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> DecideAsync(long accountId, IReadOnlyList<string> transitions, IReadOnlyList<NotificationEntry> notifications, IReadOnlyList<IncidentChange> changes)
    {
        string[] told = [.. transitions.Distinct()];
        try
        {
            return await _store.WriteAsync(
                async connection =>
                {
                    var waiting = (await PostgresAlertTables.TakeAsync(connection, accountId))[accountId];
                    if (!await PostgresAlertTables.DeletePendingAsync(connection, accountId, told)) throw new NotPendingException();
                    if (notifications.Count > 0 && waiting.Queued + notifications.Count > _store.Options.MaxWaitingAlerts) throw new StorageBusyException("The account has too many notifications queued already.");
                    var queued = await PostgresAlertTables.QueueAsync(connection, notifications);
                    await PostgresIncidents.ChangeAsync(connection, changes);
                    await PostgresAlertTables.CountAsync(connection, (accountId, -told.Length, queued));
                    return true;
                },
                CancellationToken.None);
        }
        catch (NotPendingException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredNotification>> ReadQueuedAsync(long accountId, int limit, CancellationToken cancellationToken) =>
        ReadAsync([AlertQueries.Postgres.Queued(accountId, limit)], AlertRows.Notification, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> SettleAsync(StoredNotification result) => ChangeQueueAsync(
        result.Entry.AccountId, result.State == NotificationState.Queued ? 0 : -1, connection => PostgresAlertTables.SettleAsync(connection, result));

    /// <inheritdoc/>
    public Task<bool> RequeueAsync(long accountId, string notificationId, DateTimeOffset now) =>
        ChangeQueueAsync(accountId, 1, connection => PostgresAlertTables.RequeueAsync(connection, accountId, notificationId, now.ToUnixTimeMilliseconds()));

    /// <inheritdoc/>
    public Task<bool> DismissAsync(long accountId, string notificationId) =>
        _store.WriteAsync(connection => PostgresAlertTables.DismissAsync(connection, accountId, notificationId), CancellationToken.None);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<StoredNotification>> ReadNotificationsAsync(
        long accountId, ImmutableArray<NotificationState> states, long? before, int limit, CancellationToken cancellationToken) =>
        AlertQueries.Newest(await ReadAsync(AlertQueries.Postgres.Notifications(accountId, states, before, limit), AlertRows.Notification, cancellationToken), limit);

    /// <inheritdoc/>
    public async Task<int> CountNotificationsAsync(long accountId, NotificationState state, CancellationToken cancellationToken) =>
        (int)(await ReadAsync([AlertQueries.Postgres.NotificationCount(accountId, state)], row => row.GetInt64(0), cancellationToken))[0];

    /// <inheritdoc/>
    public async Task<(long Transitions, long Notifications)> CountWaitingAsync(CancellationToken cancellationToken) =>
        (await ReadAsync([AlertQueries.Postgres.Waiting()], row => (row.GetInt64(0), row.GetInt64(1)), cancellationToken))[0];

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredNotification>> ReadNotificationsOfAsync(string incidentId, CancellationToken cancellationToken) =>
        ReadAsync([AlertQueries.Postgres.NotificationsOf(incidentId)], AlertRows.Notification, cancellationToken);

    /// <inheritdoc/>
    public async Task<Incident?> ChangeAsync(IncidentChange change)
    {
        if (await _store.WriteAsync(connection => PostgresIncidents.ChangeAsync(connection, [change]), CancellationToken.None) == 0) return null;
        return await ReadAsync([AlertQueries.Postgres.Incident(change.IncidentId)], AlertRows.Incident, CancellationToken.None) is [var incident] ? incident : null;
    }

    /// <inheritdoc/>
    public Task<IncidentStory?> ReadStoryAsync(string incidentId, CancellationToken cancellationToken) => _store.ReadAsync(
        async connection =>
        {
            // Of one moment, though it is several queries.
            await using var moment = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
            return await RowsAsync(connection, AlertQueries.Postgres.Incident(incidentId), AlertRows.Incident, cancellationToken) is [var found]
                ? new IncidentStory(
                    found,
                    [.. await RowsAsync(connection, AlertQueries.Postgres.Events(incidentId), AlertRows.Event, cancellationToken)],
                    [.. await RowsAsync(connection, AlertQueries.Postgres.NotificationsOf(incidentId), AlertRows.Notification, cancellationToken)])
                : null;
        },
        cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Incident>> ReadAsync(IncidentQuery query, CancellationToken cancellationToken) =>
        AlertQueries.Newest(await ReadAsync(AlertQueries.Postgres.Incidents(query), AlertRows.Incident, cancellationToken), query.Limit);

    /// <inheritdoc/>
    public async Task<(int Open, int Acknowledged)> CountAsync(IncidentQuery query, CancellationToken cancellationToken)
    {
        var counts = await ReadAsync(AlertQueries.Postgres.Counts(query), row => (State: (IncidentState)row.GetInt32(0), Count: (int)row.GetInt64(1)), cancellationToken);
        return (counts.Where(count => count.State == IncidentState.Open).Sum(count => count.Count), counts.Where(count => count.State == IncidentState.Acknowledged).Sum(count => count.Count));
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Incident>> ReadDueAsync(long accountId, DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        ReadAsync([AlertQueries.Postgres.Due(accountId, now, limit)], AlertRows.Incident, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ClassicRecord>> ReadClassicAsync(long accountId, long? hostId, string? metric, int limit, int offset, CancellationToken cancellationToken) =>
        ReadAsync([AlertQueries.Postgres.Classic(accountId, hostId, metric, limit, offset)], AlertRows.Classic, cancellationToken);

    /// <inheritdoc/>
    public Task<int> ClearClassicAsync(long accountId, CancellationToken cancellationToken) => _retention.ClearClassicAsync(accountId, cancellationToken);

    /// <inheritdoc/>
    public Task<int> DropBeforeAsync(DateTimeOffset before, CancellationToken cancellationToken) => _retention.DropBeforeAsync(before, cancellationToken);

    /// <inheritdoc/>
    public Task DeleteHostAsync(long hostId) => _retention.DeleteHostAsync(hostId);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _groups.DisposeAsync();

    private Task<bool> ChangeQueueAsync(long accountId, int queued, Func<NpgsqlConnection, Task<bool>> change) => _store.WriteAsync(
        async connection =>
        {
            await PostgresAlertTables.TakeAsync(connection, accountId);
            var isDone = await change(connection);
            if (isDone && queued != 0) await PostgresAlertTables.CountAsync(connection, (accountId, 0, queued));
            return isDone;
        },
        CancellationToken.None);

    private Task<IReadOnlyList<T>> ReadAsync<T>(IEnumerable<AlertQuery> queries, Func<NpgsqlDataReader, T> map, CancellationToken cancellationToken) => _store.ReadAsync<IReadOnlyList<T>>(
        async connection =>
        {
            var rows = new List<T>();
            foreach (var query in queries) rows.AddRange(await RowsAsync(connection, query, map, cancellationToken));
            return rows;
        },
        cancellationToken);

    private static Task<List<T>> RowsAsync<T>(NpgsqlConnection connection, AlertQuery query, Func<NpgsqlDataReader, T> map, CancellationToken cancellationToken) =>
        connection.RowsAsync(query.Sql, query.Values.Select(value => new NpgsqlParameter(value.Name, value.Value)), map, cancellationToken);

    /// <summary>Undoes a decision that another was quicker with.</summary>
    private sealed class NotPendingException : Exception;

    /// <summary>Transitions on their way in; false if one of their accounts has too much to tell of.</summary>
    private sealed class Acceptance(IReadOnlyList<TransitionEntry> transitions) : PostgresWrite<bool>
    {
        public IReadOnlyList<TransitionEntry> Transitions => transitions;

        public override int Weight { get; } = 1 + (transitions.Sum(transition => transition.Payload.Length + (transition.Change?.Opens?.Rule.Length ?? 0)) / 1024);
    }

    private sealed class Groups(PostgresAlertStore alerts) : WriteGroups<Acceptance>(alerts._store)
    {
        protected override async Task WriteAsync(NpgsqlConnection connection, IReadOnlyList<Acceptance> group)
        {
            var waiting = await PostgresAlertTables.TakeAsync(connection, group.SelectMany(write => write.Transitions, (_, transition) => transition.AccountId));
            var known = await PostgresAlertTables.KnownAsync(connection, [.. group.SelectMany(write => write.Transitions, (_, transition) => transition.Id).Distinct()]);
            var pending = waiting.ToDictionary(account => account.Key, account => account.Value.Pending);
            var added = new List<TransitionEntry>();
            foreach (var write in group)
            {
                var news = write.Transitions.Where(transition => !known.Contains(transition.Id)).DistinctBy(transition => transition.Id).ToList();
                var more = news.Where(transition => transition.IsPending).CountBy(transition => transition.AccountId).ToList();
                write.Result = more.All(account => pending[account.Key] + account.Value <= alerts._store.Options.MaxWaitingAlerts);
                if (!write.Result) continue;
                foreach (var (account, count) in more) pending[account] += count;
                known.UnionWith(news.Select(transition => transition.Id));
                added.AddRange(news);
            }

            await PostgresAlertTables.AddAsync(connection, added, alerts._store.Time.GetUtcNow().ToUnixTimeMilliseconds());
            await PostgresIncidents.ChangeAsync(connection, [.. added.Where(transition => transition.Change is not null).Select(transition => transition.Change!)]);
            await PostgresAlertTables.CountAsync(connection, [.. pending.Select(account => (account.Key, account.Value - waiting[account.Key].Pending, 0))]);
        }
    }
}
