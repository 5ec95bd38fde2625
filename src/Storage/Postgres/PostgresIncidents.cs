using Npgsql;
using NpgsqlTypes;
using StatusMonitor.Storage.Alerts;

namespace StatusMonitor.Storage.Postgres;

/// <summary>Changes of incidents and their events, many in a few statements.</summary>
internal static class PostgresIncidents
{
    /// <summary>Makes changes, in order; gives how many of them had an incident.</summary>
    public static async Task<int> ChangeAsync(NpgsqlConnection connection, IReadOnlyCollection<IncidentChange> changes)
    {
        if (changes.Count == 0) return 0;
        var before = await FindAsync(connection, [.. changes.Select(change => change.IncidentId).Distinct()]);
        var after = new Dictionary<string, IncidentProgress>(before);
        var opened = new List<Incident>();
        var added = new List<(string Incident, int Number, IncidentEvent Event)>();
        var found = 0;
        foreach (var change in changes)
        {
            if (!after.TryGetValue(change.IncidentId, out var progress))
            {
                if (change.Opens is null) continue;
                opened.Add(change.Opens with { Id = change.IncidentId });
                progress = IncidentProgress.Of(change.Opens);
            }

            var next = progress.After(change);
            after[change.IncidentId] = next;
            if (change.Event is { } happened && next.Events > progress.Events) added.Add((change.IncidentId, next.Events, happened));
            found++;
        }

        await InsertAsync(connection, opened, after);
        await UpdateAsync(connection, [.. before.Where(incident => after[incident.Key] != incident.Value).Select(incident => (incident.Key, after[incident.Key]))]);
        await AddEventsAsync(connection, added);
        await DropSurplusAsync(connection, [.. added.Select(entry => entry.Incident).Distinct().Select(id => (id, after[id].Surplus)).Where(surplus => surplus.Surplus.To >= surplus.Surplus.From)]);
        return found;
    }

    private static async Task<Dictionary<string, IncidentProgress>> FindAsync(NpgsqlConnection connection, string[] ids)
    {
        // By id, so that two who change several do not wait for each other.
        var rows = await connection.RowsAsync(
            """
            select id, state, resolved_at, acknowledged_at, acknowledged_by, peak, is_flapping, has_no_data, comments, next_at, step, events
            from statusmonitor.incidents where id = any($1) order by id for update
            """,
            [PostgresQuery.Value(ids)],
            row => KeyValuePair.Create(row.GetString(0), new IncidentProgress(
                (IncidentState)row.GetInt32(1), Time(row, 2), Time(row, 3), row.IsDBNull(4) ? null : row.GetString(4), row.IsDBNull(5) ? null : row.GetDouble(5), row.GetBoolean(6), row.GetBoolean(7),
                row.GetInt32(8), Time(row, 9), row.GetInt32(10), row.GetInt32(11))));
        return new Dictionary<string, IncidentProgress>(rows);

        static DateTimeOffset? Time(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));
    }

    private static Task InsertAsync(NpgsqlConnection connection, List<Incident> opened, Dictionary<string, IncidentProgress> progress) => opened.Count == 0 ? Task.CompletedTask : connection.RunAsync(
        $"""
        insert into statusmonitor.incidents ({AlertRows.IncidentColumns}, text_key, events)
        select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25)
        """,
        [
            opened.Column(NpgsqlDbType.Text, incident => incident.Id),
            opened.Column(NpgsqlDbType.Bigint, incident => incident.AccountId),
            opened.Column(NpgsqlDbType.Bigint, incident => incident.OwnerId),
            opened.Column(NpgsqlDbType.Bigint, incident => incident.HostId),
            opened.Column(NpgsqlDbType.Text, incident => AlertText.Name(incident.HostName)),
            opened.Column(NpgsqlDbType.Bigint, incident => incident.RuleId),
            opened.Column(NpgsqlDbType.Text, incident => AlertText.Name(incident.RuleName)),
            opened.Column(NpgsqlDbType.Integer, incident => incident.Severity),
            opened.Column(NpgsqlDbType.Text, incident => AlertText.Text(incident.Series)),
            opened.Column(NpgsqlDbType.Bigint, incident => incident.OpenedAt.ToUnixTimeMilliseconds()),
            opened.Column(NpgsqlDbType.Double, incident => incident.Value),
            opened.Column(NpgsqlDbType.Text, incident => incident.Rule),
            .. Columns(opened.Select(incident => progress[incident.Id]), opened.Column(NpgsqlDbType.Boolean, incident => incident.IsFoundLate)),
            opened.Column(NpgsqlDbType.Text, AlertText.Key),
            opened.Column(NpgsqlDbType.Integer, incident => progress[incident.Id].Events),
        ]);

    private static Task UpdateAsync(NpgsqlConnection connection, List<(string Id, IncidentProgress Progress)> changed) => changed.Count == 0 ? Task.CompletedTask : connection.RunAsync(
        """
        update statusmonitor.incidents i set
            state = c.state, resolved_at = c.resolved_at, acknowledged_at = c.acknowledged_at, acknowledged_by = c.acknowledged_by, peak = c.peak,
            is_flapping = c.is_flapping, has_no_data = c.has_no_data, comments = c.comments, next_at = c.next_at, step = c.step, events = c.events
        from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            c(id, state, resolved_at, acknowledged_at, acknowledged_by, peak, is_flapping, has_no_data, comments, next_at, step, events)
        where i.id = c.id
        """,
        [
            changed.Column(NpgsqlDbType.Text, change => change.Id),
            .. Columns(changed.Select(change => change.Progress)),
            changed.Column(NpgsqlDbType.Integer, change => change.Progress.Events),
        ]);

    /// <summary>What changes of an incident, in the order of the table, with what comes in between.</summary>
    private static NpgsqlParameter[] Columns(IEnumerable<IncidentProgress> incidents, params NpgsqlParameter[] afterData)
    {
        var rows = incidents.ToList();
        return
        [
            rows.Column(NpgsqlDbType.Integer, row => (int)row.State),
            rows.Column(NpgsqlDbType.Bigint, row => AlertRows.Milliseconds(row.ResolvedAt)),
            rows.Column(NpgsqlDbType.Bigint, row => AlertRows.Milliseconds(row.AcknowledgedAt)),
            rows.Column(NpgsqlDbType.Text, row => row.AcknowledgedBy),
            rows.Column(NpgsqlDbType.Double, row => row.Peak),
            rows.Column(NpgsqlDbType.Boolean, row => row.IsFlapping),
            rows.Column(NpgsqlDbType.Boolean, row => row.HasNoData),
            .. afterData,
            rows.Column(NpgsqlDbType.Integer, row => row.Comments),
            rows.Column(NpgsqlDbType.Bigint, row => AlertRows.Milliseconds(row.NextAt)),
            rows.Column(NpgsqlDbType.Integer, row => row.Step),
        ];
    }

    private static Task AddEventsAsync(NpgsqlConnection connection, List<(string Incident, int Number, IncidentEvent Event)> added) => added.Count == 0 ? Task.CompletedTask : connection.RunAsync(
        $"insert into statusmonitor.incident_events (incident_id, n, {AlertRows.EventColumns}) select * from unnest($1, $2, $3, $4, $5, $6, $7, $8)",
        [
            added.Column(NpgsqlDbType.Text, entry => entry.Incident),
            added.Column(NpgsqlDbType.Integer, entry => entry.Number),
            added.Column(NpgsqlDbType.Bigint, entry => entry.Event.At.ToUnixTimeMilliseconds()),
            added.Column(NpgsqlDbType.Text, entry => AlertText.Name(entry.Event.Kind)),
            added.Column(NpgsqlDbType.Text, entry => AlertText.Name(entry.Event.Actor)),
            added.Column(NpgsqlDbType.Text, entry => AlertText.Text(entry.Event.Text)),
            added.Column(NpgsqlDbType.Double, entry => entry.Event.Value),
            added.Column(NpgsqlDbType.Text, entry => entry.Event.Data),
        ]);

    private static Task DropSurplusAsync(NpgsqlConnection connection, List<(string Incident, (int From, int To) Range)> surplus) => surplus.Count == 0 ? Task.CompletedTask : connection.RunAsync(
        "delete from statusmonitor.incident_events e using unnest($1, $2, $3) s(id, low, high) where e.incident_id = s.id and e.n between s.low and s.high",
        [
            surplus.Column(NpgsqlDbType.Text, entry => entry.Incident),
            surplus.Column(NpgsqlDbType.Integer, entry => entry.Range.From),
            surplus.Column(NpgsqlDbType.Integer, entry => entry.Range.To),
        ]);
}
