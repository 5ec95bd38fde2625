namespace StatusMonitor.Storage.Sqlite;

/// <summary>Drops what alerts no longer have to keep, in slices of some milliseconds for which other writes wait.</summary>
internal sealed class SqliteAlertRetention(SqliteStore store)
{
    /// <summary>Incidents with their stories dropped in one transaction.</summary>
    private const int Incidents = 100;

    /// <summary>Other rows likewise.</summary>
    private const int Rows = 1_000;

    private readonly SqliteStatement[] _dropIncidents = Stories("id in (select id from incidents where resolved_at < ?1 order by resolved_at limit ?2)");
    private readonly SqliteStatement[] _deleteHost = Stories("id in (select id from incidents where host_id = ?1 limit ?2)");

    private readonly SqliteStatement[] _dropNotifications =
    [
        new("""
            delete from incident_notifications where (incident_id, notification) in
                (select value, seq from (select seq, incidents from notifications where state <> 0 and due_at < ?1 order by due_at, seq limit ?2), json_each(incidents))
            """),
        new("delete from notifications where seq in (select seq from notifications where state <> 0 and due_at < ?1 order by due_at, seq limit ?2)"),
    ];

    // In the order they came, which is that of their times but for a clock that was set; then some stay until the first of them is old enough.
    private readonly SqliteStatement[] _dropKnown =
    [
        new("delete from transitions where seq in (select seq from transitions order by seq limit ?2) and accepted_at < ?1 and id not in (select id from pending_transitions)"),
    ];

    private readonly SqliteStatement[] _dropClassic = [new("delete from classic_alerts where id in (select id from classic_alerts order by id limit ?2) and accepted_at < ?1")];
    private readonly SqliteStatement[] _clearClassic = [new("delete from classic_alerts where id in (select id from classic_alerts where account_id = ?1 limit ?2)")];
    private readonly SqliteStatement[] _deleteClassicOfHost = [new("delete from classic_alerts where id in (select id from classic_alerts where host_id = ?1 limit ?2)")];

    public async Task<int> DropBeforeAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var at = before.ToUnixTimeMilliseconds();
        return await DropAsync(_dropIncidents, at, Incidents, cancellationToken)
            + await DropAsync(_dropNotifications, at, Rows, cancellationToken)
            + await DropAsync(_dropKnown, at, Rows, cancellationToken)
            + await DropAsync(_dropClassic, at, Rows, cancellationToken);
    }

    public Task<int> ClearClassicAsync(long accountId, CancellationToken cancellationToken) => DropAsync(_clearClassic, accountId, Rows, cancellationToken);

    public async Task DeleteHostAsync(long hostId)
    {
        await DropAsync(_deleteHost, hostId, Incidents, CancellationToken.None);
        await DropAsync(_deleteClassicOfHost, hostId, Rows, CancellationToken.None);
    }

    private static SqliteStatement[] Stories(string condition) =>
    [
        new($"delete from incident_events where incident_id in (select id from incidents where {condition})"),
        new($"delete from incident_notifications where incident_id in (select id from incidents where {condition})"),
        new($"delete from incidents where {condition}"),
    ];

    /// <summary>Runs the statements, the last of which tells how many went, until fewer than a slice are left.</summary>
    private async Task<int> DropAsync(SqliteStatement[] statements, long value, int slice, CancellationToken cancellationToken)
    {
        for (var dropped = 0; ;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var drop = new Drop(statements, value, slice);
            store.Enqueue(drop);
            var count = await drop.Completion;
            dropped += count;
            if (count < slice) return dropped;
        }
    }

    private sealed class Drop(SqliteStatement[] statements, long value, int slice) : SqliteWrite<int>
    {
        // It makes room, and whoever drops waits for each.
        public override int Weight => 0;

        public override void Execute(SqliteStore store)
        {
            foreach (var statement in statements) Result = statement.Bind(store, 1, value).Bind(store, 2, slice).Run(store);
        }
    }
}
