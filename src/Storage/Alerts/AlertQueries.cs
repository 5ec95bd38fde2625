using System.Collections.Immutable;
using System.Globalization;

namespace StatusMonitor.Storage.Alerts;

/// <summary>A query and its values.</summary>
internal sealed record AlertQuery(string Sql, (string Name, object Value)[] Values);

/// <summary>What is asked of the alert tables. The databases differ in how they name them, look into a text, and take a list.</summary>
/// <param name="schema">What comes before a table's name.</param>
/// <param name="contains">Whether the first text contains the second.</param>
/// <param name="hostsAre">Whether a host is one of a list.</param>
/// <param name="list">A list of hosts as that takes it.</param>
internal sealed class AlertQueries(string schema, Func<string, string, string> contains, Func<string, string> hostsAre, Func<IEnumerable<long>, object> list)
{
    private const int MaxLimit = 500;
    private const int MaxNotificationsOfIncident = 200;

    public static AlertQueries Sqlite { get; } = new(
        "",
        (text, part) => $"instr({text}, {part}) > 0",
        hosts => $"host_id in (select value from json_each({hosts}))",
        hosts => System.Text.Json.JsonSerializer.Serialize(hosts));

    public static AlertQueries Postgres { get; } = new(
        "statusmonitor.",
        (text, part) => $"strpos({text}, {part}) > 0",
        hosts => $"host_id = any({hosts})",
        hosts => hosts.ToArray());

    /// <summary>
    /// Queries whose rows together are what a query picks, each of them once. Apart, because each has an index that gives it in order: one over all would be read whole and sorted.
    /// </summary>
    public IEnumerable<AlertQuery> Incidents(IncidentQuery query) =>
        Parts(query, isPage: true).Select(part => new AlertQuery(
            $"select {AlertRows.IncidentColumns} from {schema}incidents {part.Sql} order by opened_at desc, id desc limit {Limit(query.Limit)}", part.Values));

    /// <summary>The newest of what the parts gave.</summary>
    public static List<Incident> Newest(IEnumerable<Incident> incidents, int limit) =>
        [.. incidents.OrderByDescending(incident => incident.OpenedAt).ThenByDescending(incident => incident.Id, StringComparer.Ordinal).Take(Limit(limit))];

    /// <summary>Queries for a state and how many are in it, to be added up.</summary>
    public IEnumerable<AlertQuery> Counts(IncidentQuery query) =>
        Parts(query with { States = [IncidentState.Open, IncidentState.Acknowledged] }, isPage: false)
            .Select(part => new AlertQuery($"select state, count(*) from {schema}incidents {part.Sql} group by state", part.Values));

    public AlertQuery Incident(string id) => new($"select {AlertRows.IncidentColumns} from {schema}incidents where id = @id", [("@id", id)]);

    public AlertQuery Events(string incidentId) =>
        new($"select {AlertRows.EventColumns} from {schema}incident_events where incident_id = @id order by n", [("@id", incidentId)]);

    public AlertQuery Due(long accountId, DateTimeOffset now, int limit) => new(
        $"select {AlertRows.IncidentColumns} from {schema}incidents where account_id = @account and next_at <= @now order by next_at, id limit {Whole(limit)}",
        [("@account", accountId), ("@now", now.ToUnixTimeMilliseconds())]);

    public AlertQuery Pending(long accountId, int limit) =>
        new($"select id, payload from {schema}pending_transitions where account_id = @account order by seq limit {Whole(limit)}", [("@account", accountId)]);

    public AlertQuery Queued(long accountId, int limit) => new(
        $"select {AlertRows.NotificationColumns} from {schema}notifications where account_id = @account and state = 0 order by due_at, seq limit {Whole(limit)}",
        [("@account", accountId)]);

    public IEnumerable<AlertQuery> Notifications(long accountId, ImmutableArray<NotificationState> states, long? before, int limit) =>
        states.Distinct().Select(state => new AlertQuery(
            $"""
            select {AlertRows.NotificationColumns} from {schema}notifications
            where account_id = @account and state = {(int)state} and seq < @before order by seq desc limit {Limit(limit)}
            """,
            [("@account", accountId), ("@before", before ?? long.MaxValue)]));

    public static List<StoredNotification> Newest(IEnumerable<StoredNotification> notifications, int limit) =>
        [.. notifications.OrderByDescending(notification => notification.Number).Take(Limit(limit))];

    public AlertQuery NotificationCount(long accountId, NotificationState state) =>
        new($"select count(*) from {schema}notifications where account_id = @account and state = {(int)state}", [("@account", accountId)]);

    public AlertQuery Waiting() => new($"select cast(coalesce(sum(pending), 0) as bigint), cast(coalesce(sum(queued), 0) as bigint) from {schema}alert_accounts", []);

    public AlertQuery NotificationsOf(string incidentId) => new(
        $"""
        select {AlertRows.NotificationColumns} from {schema}notifications
        where seq in (select notification from {schema}incident_notifications where incident_id = @id order by notification desc limit {MaxNotificationsOfIncident})
        order by seq desc
        """,
        [("@id", incidentId)]);

    public AlertQuery Classic(long accountId, long? hostId, string? metric, int limit, int offset)
    {
        var where = new Conditions();
        where.Add("account_id = @account", "@account", accountId);
        where.Add("host_id = @host", "@host", hostId);
        where.Add("metric = @metric", "@metric", AlertText.Name(metric));
        return new AlertQuery(
            string.Create(CultureInfo.InvariantCulture, $"select id, payload from {schema}classic_alerts {where} order by id desc limit {Math.Clamp(limit, 1, 1_000)} offset {Math.Max(offset, 0)}"),
            where.Values);
    }

    private static int Limit(int limit) => Math.Clamp(limit, 1, MaxLimit);

    private static string Whole(int limit) => Math.Max(limit, 0).ToString(CultureInfo.InvariantCulture);

    private static string OneOf(string column, IEnumerable<int> numbers) =>
        string.Join(", ", numbers.Select(number => number.ToString(CultureInfo.InvariantCulture))) is { Length: > 0 } list ? $"{column} in ({list})" : "1 = 0";

    private IEnumerable<(string Sql, (string Name, object Value)[] Values)> Parts(IncidentQuery query, bool isPage)
    {
        if (query.AccountId is not { } account)
        {
            yield return Part(query, isPage, where =>
            {
                if (query.HostIds is { } only) where.Add(hostsAre("@hosts"), "@hosts", list(only));
            });
            yield break;
        }

        yield return Part(query, isPage, where => where.Add("account_id = @account", "@account", account));
        foreach (var (hosts, of) in new[] { (query.OwnHostIds, "owner_id <> account_id and account_id <> @account"), (query.HostIds ?? [], "account_id <> @account") })
        {
            if (hosts.IsDefaultOrEmpty) continue;
            yield return Part(query, isPage, where =>
            {
                where.Add(hostsAre("@hosts"), "@hosts", list(hosts));
                where.Add(of, "@account", account);
            });
        }
    }

    private (string Sql, (string Name, object Value)[] Values) Part(IncidentQuery query, bool isPage, Action<Conditions> begin)
    {
        var where = new Conditions();
        begin(where);
        if (query.States is { } states)
        {
            // As the indexes of what goes on have it.
            if (!states.Contains(IncidentState.Resolved)) where.Add("state < 2");
            where.Add(OneOf("state", states.Select(state => (int)state)));
        }

        if (query.Severities is { } severities) where.Add(OneOf("severity", severities));
        where.Add("host_id = @host", "@host", query.HostId);
        where.Add("rule_id = @rule", "@rule", query.RuleId);
        where.Add(contains("text_key", "@text"), "@text", query.Text is { } text ? AlertText.Key(AlertText.Text(text)) : null);

        // The plus keeps the index of the resolved ones away, by which the rest would have to be sorted.
        where.Add("(+resolved_at is null or +resolved_at >= @from)", "@from", query.From?.ToUnixTimeMilliseconds());
        where.Add("opened_at < @to", "@to", query.To?.ToUnixTimeMilliseconds());
        if (isPage && query.After is var (openedAt, id))
        {
            where.Add("(opened_at, id) < (@openedAt, @id)", "@openedAt", openedAt.ToUnixTimeMilliseconds());
            where.Add("@id", (object)id);
        }

        return (where.ToString(), where.Values);
    }

    /// <summary>Conditions that must all hold.</summary>
    private sealed class Conditions
    {
        private readonly List<string> _sql = [];
        private readonly List<(string, object)> _values = [];

        public (string, object)[] Values => [.. _values];

        public void Add(string condition) => _sql.Add(condition);

        /// <summary>A value that a condition names besides.</summary>
        public void Add(string name, object value) => _values.Add((name, value));

        /// <summary>A condition on a value; none if that is null.</summary>
        public void Add(string condition, string name, object? value)
        {
            if (value is null) return;
            _sql.Add(condition);
            _values.Add((name, value));
        }

        public override string ToString() => _sql.Count == 0 ? "" : $"where {string.Join(" and ", _sql)}";
    }
}
