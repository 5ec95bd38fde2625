using StatusMonitor.Storage.Alerts;

namespace StatusMonitor.Storage.Sqlite;

/// <summary>Incidents and their events, as the writing thread changes them.</summary>
internal sealed class SqliteIncidents
{
    private readonly SqliteStatement _insert = new($"""
        insert into incidents ({AlertRows.IncidentColumns}, text_key, events)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25)
        """);

    private readonly SqliteStatement _find = new("""
        select state, resolved_at, acknowledged_at, acknowledged_by, peak, is_flapping, has_no_data, comments, next_at, step, events from incidents where id = ?1
        """);

    private readonly SqliteStatement _update = new("""
        update incidents set state = ?2, resolved_at = ?3, acknowledged_at = ?4, acknowledged_by = ?5, peak = ?6, is_flapping = ?7, has_no_data = ?8, comments = ?9, next_at = ?10, step = ?11, events = ?12
        where id = ?1
        """);

    private readonly SqliteStatement _insertEvent = new($"insert into incident_events (incident_id, n, {AlertRows.EventColumns}) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");

    private readonly SqliteStatement _dropEvents = new("delete from incident_events where incident_id = ?1 and n between ?2 and ?3");

    /// <summary>Makes a change; false if there is no such incident.</summary>
    public bool Change(SqliteStore store, IncidentChange change)
    {
        var id = change.IncidentId;
        var before = Find(store, id);
        if (before is null && change.Opens is null) return false;

        var after = (before ?? IncidentProgress.Of(change.Opens!)).After(change);
        if (before is null) Insert(store, id, change.Opens!, after);
        else if (after != before) Update(store, id, after);

        if (change.Event is { } added && after.Events > (before?.Events ?? 0))
        {
            InsertEvent(store, id, after.Events, added);
            var (from, to) = after.Surplus;
            if (to >= from) _dropEvents.Bind(store, 1, id).Bind(store, 2, from).Bind(store, 3, to).Run(store);
        }

        return true;
    }

    private IncidentProgress? Find(SqliteStore store, string id)
    {
        IncidentProgress? found = null;
        _find.Bind(store, 1, id).Each(store, row => found = new IncidentProgress(
            (IncidentState)row.Number(0), Time(row.NumberOrNull(1)), Time(row.NumberOrNull(2)), row.TextOrNull(3), row.RealOrNull(4), row.Number(5) != 0, row.Number(6) != 0, (int)row.Number(7),
            Time(row.NumberOrNull(8)), (int)row.Number(9), (int)row.Number(10)));
        return found;

        static DateTimeOffset? Time(long? milliseconds) => milliseconds is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;
    }

    private void Insert(SqliteStore store, string id, Incident incident, IncidentProgress progress) => _insert
        .Bind(store, 1, id).Bind(store, 2, incident.AccountId).Bind(store, 3, incident.OwnerId)
        .Bind(store, 4, incident.HostId).Bind(store, 5, AlertText.Name(incident.HostName))
        .Bind(store, 6, incident.RuleId).Bind(store, 7, AlertText.Name(incident.RuleName))
        .Bind(store, 8, incident.Severity).Bind(store, 9, AlertText.Text(incident.Series))
        .Bind(store, 10, incident.OpenedAt.ToUnixTimeMilliseconds()).Bind(store, 11, incident.Value).Bind(store, 12, incident.Rule)
        .Bind(store, 13, (long)progress.State).Bind(store, 14, AlertRows.Milliseconds(progress.ResolvedAt))
        .Bind(store, 15, AlertRows.Milliseconds(progress.AcknowledgedAt)).Bind(store, 16, progress.AcknowledgedBy)
        .Bind(store, 17, progress.Peak).Bind(store, 18, progress.IsFlapping ? 1 : 0).Bind(store, 19, progress.HasNoData ? 1 : 0).Bind(store, 20, incident.IsFoundLate ? 1 : 0)
        .Bind(store, 21, progress.Comments).Bind(store, 22, AlertRows.Milliseconds(progress.NextAt)).Bind(store, 23, progress.Step)
        .Bind(store, 24, AlertText.Key(incident)).Bind(store, 25, progress.Events)
        .Run(store);

    private void Update(SqliteStore store, string id, IncidentProgress progress) => _update
        .Bind(store, 1, id)
        .Bind(store, 2, (long)progress.State).Bind(store, 3, AlertRows.Milliseconds(progress.ResolvedAt))
        .Bind(store, 4, AlertRows.Milliseconds(progress.AcknowledgedAt)).Bind(store, 5, progress.AcknowledgedBy)
        .Bind(store, 6, progress.Peak).Bind(store, 7, progress.IsFlapping ? 1 : 0).Bind(store, 8, progress.HasNoData ? 1 : 0)
        .Bind(store, 9, progress.Comments).Bind(store, 10, AlertRows.Milliseconds(progress.NextAt)).Bind(store, 11, progress.Step).Bind(store, 12, progress.Events)
        .Run(store);

    private void InsertEvent(SqliteStore store, string id, int number, IncidentEvent added) => _insertEvent
        .Bind(store, 1, id).Bind(store, 2, number)
        .Bind(store, 3, added.At.ToUnixTimeMilliseconds()).Bind(store, 4, AlertText.Name(added.Kind)).Bind(store, 5, AlertText.Name(added.Actor)).Bind(store, 6, AlertText.Text(added.Text))
        .Bind(store, 7, added.Value).Bind(store, 8, added.Data)
        .Run(store);
}
