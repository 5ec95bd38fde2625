namespace StatusMonitor.Storage.Postgres;

/// <summary>Drops what alerts no longer have to keep, in slices of some milliseconds.</summary>
internal sealed class PostgresAlertRetention(PostgresStore store)
{
    /// <summary>Incidents with their stories dropped in one transaction.</summary>
    private const int Incidents = 100;

    /// <summary>Other rows likewise.</summary>
    private const int Rows = 1_000;

    private static readonly string DropIncidents = Stories("select id from statusmonitor.incidents where resolved_at < $1 order by resolved_at limit $2");
    private static readonly string DeleteIncidentsOfHost = Stories("select id from statusmonitor.incidents where host_id = $1 limit $2");

    private const string DropNotifications = """
        with gone as (
            delete from statusmonitor.notifications where seq in (select seq from statusmonitor.notifications where state <> 0 and due_at < $1 order by due_at, seq limit $2)
            returning seq, incidents),
        unlinked as (
            delete from statusmonitor.incident_notifications l using gone, jsonb_array_elements_text(gone.incidents::jsonb) incident
            where l.incident_id = incident and l.notification = gone.seq)
        select count(*) from gone
        """;

    // In the order they came, which is that of their times but for a clock that was set; then some stay until the first of them is old enough.
    private const string DropKnown = """
        with gone as (
            delete from statusmonitor.transitions where seq in (select seq from statusmonitor.transitions order by seq limit $2) and accepted_at < $1
                and id not in (select id from statusmonitor.pending_transitions)
            returning 1)
        select count(*) from gone
        """;

    private const string DropClassic = """
        with gone as (
            delete from statusmonitor.classic_alerts where id in (select id from statusmonitor.classic_alerts order by id limit $2) and accepted_at < $1
            returning 1)
        select count(*) from gone
        """;

    private const string ClearClassic = """
        with gone as (delete from statusmonitor.classic_alerts where id in (select id from statusmonitor.classic_alerts where account_id = $1 limit $2) returning 1)
        select count(*) from gone
        """;

    private const string DeleteClassicOfHost = """
        with gone as (delete from statusmonitor.classic_alerts where id in (select id from statusmonitor.classic_alerts where host_id = $1 limit $2) returning 1)
        select count(*) from gone
        """;

    public async Task<int> DropBeforeAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var at = before.ToUnixTimeMilliseconds();
        return await DropAsync(DropIncidents, at, Incidents, cancellationToken)
            + await DropAsync(DropNotifications, at, Rows, cancellationToken)
            + await DropAsync(DropKnown, at, Rows, cancellationToken)
            + await DropAsync(DropClassic, at, Rows, cancellationToken);
    }

    public Task<int> ClearClassicAsync(long accountId, CancellationToken cancellationToken) => DropAsync(ClearClassic, accountId, Rows, cancellationToken);

    public async Task DeleteHostAsync(long hostId)
    {
        await DropAsync(DeleteIncidentsOfHost, hostId, Incidents, CancellationToken.None);
        await DropAsync(DeleteClassicOfHost, hostId, Rows, CancellationToken.None);
    }

    private static string Stories(string incidents) => $"""
        with gone as (delete from statusmonitor.incidents where id in ({incidents}) returning id),
        events as (delete from statusmonitor.incident_events where incident_id in (select id from gone)),
        links as (delete from statusmonitor.incident_notifications where incident_id in (select id from gone))
        select count(*) from gone
        """;

    /// <summary>Runs a statement, which tells how many went, until fewer than a slice are left.</summary>
    private async Task<int> DropAsync(string sql, long value, int slice, CancellationToken cancellationToken)
    {
        for (var dropped = 0; ;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var count = await store.WriteAsync(
                async connection => (int)(await connection.RowsAsync(sql, [PostgresQuery.Value(value), PostgresQuery.Value(slice)], row => row.GetInt64(0), cancellationToken))[0],
                cancellationToken);
            dropped += count;
            if (count < slice) return dropped;
        }
    }
}
