using StatusMonitor.Storage.Alerts;

namespace StatusMonitor.Storage.Sqlite;

/// <summary>What is to be told and sent, as the writing thread changes it.</summary>
internal sealed class SqliteAlertTables
{
    private readonly SqliteStatement _isKnown = new("select 1 from transitions where id = ?1");
    private readonly SqliteStatement _know = new("insert into transitions (id, accepted_at) values (?1, ?2) on conflict (id) do nothing");
    private readonly SqliteStatement _insertPending = new("insert into pending_transitions (id, account_id, payload) values (?1, ?2, ?3)");
    private readonly SqliteStatement _isPending = new("select 1 from pending_transitions where id = ?1 and account_id = ?2");
    private readonly SqliteStatement _deletePending = new("delete from pending_transitions where id = ?1");
    private readonly SqliteStatement _insertClassic = new("insert into classic_alerts (account_id, host_id, metric, accepted_at, payload) values (?1, ?2, ?3, ?4, ?5)");

    private readonly SqliteStatement _pending = new("select pending from alert_accounts where account_id = ?1");
    private readonly SqliteStatement _queued = new("select queued from alert_accounts where account_id = ?1");

    private readonly SqliteStatement _count = new("""
        insert into alert_accounts (account_id, pending, queued) values (?1, ?2, ?3)
        on conflict (account_id) do update set pending = pending + excluded.pending, queued = queued + excluded.queued
        """);

    private readonly SqliteStatement _insertNotification = new("""
        insert into notifications (id, account_id, channel_id, created_at, title, payload, incidents, state, attempts, due_at) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, 0, ?4)
        on conflict (id) do nothing returning seq
        """);

    private readonly SqliteStatement _link = new("insert into incident_notifications (incident_id, notification) values (?1, ?2) on conflict do nothing");

    private readonly SqliteStatement _settle = new("""
        update notifications set state = ?3, attempts = ?4, due_at = ?5, error = ?6, reference = ?7 where id = ?1 and account_id = ?2 and state = 0
        """);

    private readonly SqliteStatement _requeue = new("update notifications set state = 0, attempts = 0, due_at = ?3 where id = ?1 and account_id = ?2 and state = 2");

    private readonly SqliteStatement _unlinkDead = new("""
        delete from incident_notifications where (incident_id, notification) in (select value, seq from notifications, json_each(incidents) where notifications.id = ?1 and account_id = ?2 and state = 2)
        """);

    private readonly SqliteStatement _deleteDead = new("delete from notifications where id = ?1 and account_id = ?2 and state = 2");

    public bool IsKnown(SqliteStore store, string transition) => _isKnown.Bind(store, 1, transition).First(store) is not null;

    /// <summary>Remembers that a transition was taken in; false if it was before.</summary>
    public bool Know(SqliteStore store, string transition, long now) => _know.Bind(store, 1, transition).Bind(store, 2, now).Run(store) == 1;

    public bool IsPending(SqliteStore store, string transition, long account) => _isPending.Bind(store, 1, transition).Bind(store, 2, account).First(store) is not null;

    public long PendingOf(SqliteStore store, long account) => _pending.Bind(store, 1, account).First(store) ?? 0;

    public long QueuedOf(SqliteStore store, long account) => _queued.Bind(store, 1, account).First(store) ?? 0;

    /// <summary>Notes that so many more of an account wait.</summary>
    public void Count(SqliteStore store, long account, int pending, int queued)
    {
        if (pending != 0 || queued != 0) _count.Bind(store, 1, account).Bind(store, 2, pending).Bind(store, 3, queued).Run(store);
    }

    public void AddPending(SqliteStore store, TransitionEntry transition) =>
        _insertPending.Bind(store, 1, transition.Id).Bind(store, 2, transition.AccountId).Bind(store, 3, transition.Payload).Run(store);

    public void DeletePending(SqliteStore store, string transition) => _deletePending.Bind(store, 1, transition).Run(store);

    public void AddClassic(SqliteStore store, TransitionEntry transition, ClassicAlert alert, long now) => _insertClassic
        .Bind(store, 1, transition.AccountId).Bind(store, 2, alert.HostId).Bind(store, 3, AlertText.Name(alert.Metric)).Bind(store, 4, now).Bind(store, 5, transition.Payload).Run(store);

    /// <summary>Queues a notification; false if its id is known.</summary>
    public bool Queue(SqliteStore store, NotificationEntry entry)
    {
        var number = _insertNotification
            .Bind(store, 1, entry.Id).Bind(store, 2, entry.AccountId).Bind(store, 3, entry.ChannelId).Bind(store, 4, entry.CreatedAt.ToUnixTimeMilliseconds())
            .Bind(store, 5, AlertText.Name(entry.Title)).Bind(store, 6, entry.Payload).Bind(store, 7, AlertRows.Ids(entry.Incidents))
            .First(store);
        if (number is not { } seq) return false;
        foreach (var incident in entry.Incidents) _link.Bind(store, 1, incident).Bind(store, 2, seq).Run(store);
        return true;
    }

    /// <summary>Notes what became of a try; false if it is queued no more.</summary>
    public bool Settle(SqliteStore store, StoredNotification result) => _settle
        .Bind(store, 1, result.Entry.Id).Bind(store, 2, result.Entry.AccountId)
        .Bind(store, 3, (long)result.State).Bind(store, 4, result.Attempts).Bind(store, 5, result.DueAt.ToUnixTimeMilliseconds())
        .Bind(store, 6, AlertText.Text(result.Error)).Bind(store, 7, AlertText.Text(result.Reference))
        .Run(store) == 1;

    public bool Requeue(SqliteStore store, long account, string notification, long now) =>
        _requeue.Bind(store, 1, notification).Bind(store, 2, account).Bind(store, 3, now).Run(store) == 1;

    public bool Dismiss(SqliteStore store, long account, string notification)
    {
        _unlinkDead.Bind(store, 1, notification).Bind(store, 2, account).Run(store);
        return _deleteDead.Bind(store, 1, notification).Bind(store, 2, account).Run(store) == 1;
    }
}
