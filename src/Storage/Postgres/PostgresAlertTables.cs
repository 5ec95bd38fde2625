using Npgsql;
using NpgsqlTypes;
using StatusMonitor.Storage.Alerts;

namespace StatusMonitor.Storage.Postgres;

/// <summary>What is to be told and sent, as a transaction changes it.</summary>
internal static class PostgresAlertTables
{
    /// <summary>Takes accounts for this transaction, whoever else changes what waits of them waits for its end; gives what waits.</summary>
    public static async Task<Dictionary<long, (int Pending, int Queued)>> TakeAsync(NpgsqlConnection connection, params IEnumerable<long> accounts)
    {
        var ids = accounts.Distinct().Order().ToArray();
        await connection.RunAsync("insert into statusmonitor.alert_accounts select id, 0, 0 from unnest($1) id order by id on conflict do nothing", [PostgresQuery.Value(ids)]);
        var rows = await connection.RowsAsync(
            "select account_id, pending, queued from statusmonitor.alert_accounts where account_id = any($1) order by account_id for update",
            [PostgresQuery.Value(ids)],
            row => KeyValuePair.Create(row.GetInt64(0), (row.GetInt32(1), row.GetInt32(2))));
        return new Dictionary<long, (int, int)>(rows);
    }

    /// <summary>Notes that so many more of accounts wait.</summary>
    public static Task CountAsync(NpgsqlConnection connection, params IReadOnlyCollection<(long Account, int Pending, int Queued)> changes) => connection.RunAsync(
        """
        update statusmonitor.alert_accounts a set pending = a.pending + c.pending, queued = a.queued + c.queued
        from unnest($1, $2, $3) c(account_id, pending, queued) where a.account_id = c.account_id
        """,
        [
            changes.Column(NpgsqlDbType.Bigint, change => change.Account),
            changes.Column(NpgsqlDbType.Integer, change => change.Pending),
            changes.Column(NpgsqlDbType.Integer, change => change.Queued),
        ]);

    /// <summary>Those of some transitions that were taken in before.</summary>
    public static async Task<HashSet<string>> KnownAsync(NpgsqlConnection connection, string[] transitions) =>
        [.. await connection.RowsAsync("select id from statusmonitor.transitions where id = any($1)", [PostgresQuery.Value(transitions)], row => row.GetString(0))];

    /// <summary>Takes in transitions that are new.</summary>
    public static async Task AddAsync(NpgsqlConnection connection, IReadOnlyCollection<TransitionEntry> added, long now)
    {
        if (added.Count == 0) return;
        await connection.RunAsync(
            "insert into statusmonitor.transitions (id, accepted_at) select id, $2 from unnest($1) with ordinality t(id, n) order by n",
            [added.Column(NpgsqlDbType.Text, transition => transition.Id), PostgresQuery.Value(now)]);

        var pending = added.Where(transition => transition.IsPending).ToList();
        if (pending.Count > 0)
        {
            await connection.RunAsync(
                "insert into statusmonitor.pending_transitions (id, account_id, payload) select id, account_id, payload from unnest($1, $2, $3) with ordinality t(id, account_id, payload, n) order by n",
                [
                    pending.Column(NpgsqlDbType.Text, transition => transition.Id),
                    pending.Column(NpgsqlDbType.Bigint, transition => transition.AccountId),
                    pending.Column(NpgsqlDbType.Text, transition => transition.Payload),
                ]);
        }

        var classic = added.Where(transition => transition.Classic is not null).ToList();
        if (classic.Count == 0) return;
        await connection.RunAsync(
            """
            insert into statusmonitor.classic_alerts (account_id, host_id, metric, accepted_at, payload)
            select account_id, host_id, metric, $5, payload from unnest($1, $2, $3, $4) with ordinality t(account_id, host_id, metric, payload, n) order by n
            """,
            [
                classic.Column(NpgsqlDbType.Bigint, transition => transition.AccountId),
                classic.Column(NpgsqlDbType.Bigint, transition => transition.Classic!.HostId),
                classic.Column(NpgsqlDbType.Text, transition => AlertText.Name(transition.Classic!.Metric)),
                classic.Column(NpgsqlDbType.Text, transition => transition.Payload),
                PostgresQuery.Value(now),
            ]);
    }

    /// <summary>Does away with transitions that are told; false if one of them does not wait, and then all is to be undone.</summary>
    public static async Task<bool> DeletePendingAsync(NpgsqlConnection connection, long account, string[] transitions) => transitions.Length == 0 || await connection.RunAsync(
        "delete from statusmonitor.pending_transitions where account_id = $1 and id = any($2)", [PostgresQuery.Value(account), PostgresQuery.Value(transitions)]) == transitions.Length;

    /// <summary>Queues notifications; gives how many were not known.</summary>
    public static async Task<int> QueueAsync(NpgsqlConnection connection, IReadOnlyCollection<NotificationEntry> notifications)
    {
        if (notifications.Count == 0) return 0;
        var rows = await connection.RowsAsync(
            """
            insert into statusmonitor.notifications (id, account_id, channel_id, created_at, title, payload, incidents, state, attempts, due_at)
            select id, account_id, channel_id, created_at, title, payload, incidents, 0, 0, created_at
            from unnest($1, $2, $3, $4, $5, $6, $7) with ordinality e(id, account_id, channel_id, created_at, title, payload, incidents, n)
            order by n
            on conflict (id) do nothing returning id, seq
            """,
            [
                notifications.Column(NpgsqlDbType.Text, entry => entry.Id),
                notifications.Column(NpgsqlDbType.Bigint, entry => entry.AccountId),
                notifications.Column(NpgsqlDbType.Bigint, entry => entry.ChannelId),
                notifications.Column(NpgsqlDbType.Bigint, entry => entry.CreatedAt.ToUnixTimeMilliseconds()),
                notifications.Column(NpgsqlDbType.Text, entry => AlertText.Name(entry.Title)),
                notifications.Column(NpgsqlDbType.Text, entry => entry.Payload),
                notifications.Column(NpgsqlDbType.Text, entry => AlertRows.Ids(entry.Incidents)),
            ],
            row => KeyValuePair.Create(row.GetString(0), row.GetInt64(1)));
        var numbers = new Dictionary<string, long>(rows);
        var links = notifications
            .Where(entry => numbers.ContainsKey(entry.Id)).DistinctBy(entry => entry.Id)
            .SelectMany(entry => entry.Incidents.Distinct(), (entry, incident) => (Incident: incident, Notification: numbers[entry.Id]))
            .ToList();
        await connection.RunAsync(
            "insert into statusmonitor.incident_notifications (incident_id, notification) select * from unnest($1, $2)",
            [links.Column(NpgsqlDbType.Text, link => link.Incident), links.Column(NpgsqlDbType.Bigint, link => link.Notification)]);
        return numbers.Count;
    }

    /// <summary>Notes what became of a try; false if it is queued no more.</summary>
    public static async Task<bool> SettleAsync(NpgsqlConnection connection, StoredNotification result) => await connection.RunAsync(
        "update statusmonitor.notifications set state = $3, attempts = $4, due_at = $5, error = $6, reference = $7 where id = $1 and account_id = $2 and state = 0",
        [
            PostgresQuery.Value(result.Entry.Id),
            PostgresQuery.Value(result.Entry.AccountId),
            PostgresQuery.Value((int)result.State),
            PostgresQuery.Value(result.Attempts),
            PostgresQuery.Value(result.DueAt.ToUnixTimeMilliseconds()),
            Text(AlertText.Text(result.Error)),
            Text(AlertText.Text(result.Reference)),
        ]) == 1;

    public static async Task<bool> RequeueAsync(NpgsqlConnection connection, long account, string notification, long now) => await connection.RunAsync(
        "update statusmonitor.notifications set state = 0, attempts = 0, due_at = $3 where id = $1 and account_id = $2 and state = 2",
        [PostgresQuery.Value(notification), PostgresQuery.Value(account), PostgresQuery.Value(now)]) == 1;

    public static async Task<bool> DismissAsync(NpgsqlConnection connection, long account, string notification) => await connection.RunAsync(
        """
        with gone as (delete from statusmonitor.notifications where id = $1 and account_id = $2 and state = 2 returning seq, incidents),
        unlinked as (
            delete from statusmonitor.incident_notifications l using gone, jsonb_array_elements_text(gone.incidents::jsonb) incident
            where l.incident_id = incident and l.notification = gone.seq)
        select count(*) from gone
        """,
        [PostgresQuery.Value(notification), PostgresQuery.Value(account)],
        row => row.GetInt64(0)) == 1;

    private static async Task<long> RunAsync(this NpgsqlConnection connection, string sql, IEnumerable<NpgsqlParameter> values, Func<NpgsqlDataReader, long> map) =>
        (await connection.RowsAsync(sql, values, map))[0];

    private static NpgsqlParameter Text(string? text) => new() { NpgsqlDbType = NpgsqlDbType.Text, Value = (object?)text ?? DBNull.Value };
}
