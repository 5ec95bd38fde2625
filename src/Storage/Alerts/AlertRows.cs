using System.Collections.Immutable;
using System.Data.Common;
using System.Text.Json;

namespace StatusMonitor.Storage.Alerts;

/// <summary>Rows of the alert tables, whose columns are named alike in every database. Times are Unix milliseconds.</summary>
internal static class AlertRows
{
    public const string IncidentColumns =
        "id, account_id, owner_id, host_id, host_name, rule_id, rule_name, severity, series, opened_at, value, rule, "
        + "state, resolved_at, acknowledged_at, acknowledged_by, peak, is_flapping, has_no_data, is_found_late, comments, next_at, step";

    public const string EventColumns = "at, kind, actor, text, value, data";

    public const string NotificationColumns = "seq, id, account_id, channel_id, created_at, title, payload, incidents, state, attempts, due_at, error, reference";

    public static Incident Incident(DbDataReader row) => new(
        row.GetString(0), row.GetInt64(1), row.GetInt64(3), row.GetString(4), row.GetInt64(5), row.GetString(6), row.GetInt32(7), Text(row, 8), Time(row.GetInt64(9)), Number(row, 10), row.GetString(11))
    {
        OwnerId = row.GetInt64(2),
        State = (IncidentState)row.GetInt32(12),
        ResolvedAt = TimeOrNull(row, 13),
        AcknowledgedAt = TimeOrNull(row, 14),
        AcknowledgedBy = Text(row, 15),
        Peak = Number(row, 16),
        IsFlapping = row.GetBoolean(17),
        HasNoData = row.GetBoolean(18),
        IsFoundLate = row.GetBoolean(19),
        Comments = row.GetInt32(20),
        NextAt = TimeOrNull(row, 21),
        Step = row.GetInt32(22),
    };

    public static IncidentEvent Event(DbDataReader row) => new(Time(row.GetInt64(0)), row.GetString(1), Text(row, 2), Text(row, 3), Number(row, 4), Text(row, 5));

    public static StoredNotification Notification(DbDataReader row) => new(
        new NotificationEntry(row.GetString(1), row.GetInt64(2), row.GetInt64(3), Time(row.GetInt64(4)), row.GetString(5), row.GetString(6), Ids(row.GetString(7))),
        (NotificationState)row.GetInt32(8))
    {
        Number = row.GetInt64(0),
        Attempts = row.GetInt32(9),
        DueAt = Time(row.GetInt64(10)),
        Error = Text(row, 11),
        Reference = Text(row, 12),
    };

    public static PendingTransition Pending(DbDataReader row) => new(row.GetString(0), row.GetString(1));

    public static ClassicRecord Classic(DbDataReader row) => new(row.GetInt64(0), row.GetString(1));

    /// <summary>A list of ids as it is kept in one column.</summary>
    public static string Ids(ImmutableArray<string> ids) => JsonSerializer.Serialize(ids);

    public static long? Milliseconds(DateTimeOffset? time) => time?.ToUnixTimeMilliseconds();

    private static ImmutableArray<string> Ids(string json) => JsonSerializer.Deserialize<ImmutableArray<string>>(json);

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    private static DateTimeOffset? TimeOrNull(DbDataReader row, int column) => row.IsDBNull(column) ? null : Time(row.GetInt64(column));

    private static string? Text(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static double? Number(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetDouble(column);
}
