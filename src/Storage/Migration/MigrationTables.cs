using System.Collections.Immutable;

namespace StatusMonitor.Storage.Migration;

/// <summary>A table that both stores have with the same columns: its rows are taken over as they are.</summary>
/// <param name="Name">The same in both.</param>
/// <param name="Key">What its rows are read by, in order. A key of one row is never another's.</param>
/// <param name="Identity">The column that numbers rows and gives no number twice, or null.</param>
internal sealed record PlainTable(string Name, ImmutableArray<string> Key, string? Identity = null);

/// <summary>What becomes of each table. A test holds these lists against both schemas, so that none is forgotten.</summary>
internal static class MigrationTables
{
    public static readonly ImmutableArray<PlainTable> Plain =
    [
        new("grain_state", ["name", "grain_id"]),
        new("reminders", ["grain_id", "name"]),
        new("audit", ["id"], "id"),
        new("transitions", ["seq"], "seq"),
        new("pending_transitions", ["seq"], "seq"),
        new("alert_accounts", ["account_id"]),
        new("incidents", ["id"]),
        new("incident_events", ["incident_id", "n"]),
        new("notifications", ["seq"], "seq"),
        new("incident_notifications", ["incident_id", "notification"]),
        new("classic_alerts", ["id"], "id"),
        new("server_runs", ["from_at"]),
    ];

    /// <summary>Where SQLite has samples and their history (<see cref="HistoryCopy"/>).</summary>
    public static readonly ImmutableArray<string> SqliteHistory = ["series", "journal", "journal_log_0", "journal_log_1", "chunks", "days"];

    /// <summary>What only SQLite needs; the gauges are in the minutes too.</summary>
    public static readonly ImmutableArray<string> SqliteOwn = ["history_size", "gauges", "sqlite_sequence"];

    /// <summary>Where PostgreSQL has samples and their history.</summary>
    public static readonly ImmutableArray<string> PostgresHistory = ["catalogue", "host_times", "chunks", "minutes", "days"];

    /// <summary>What only servers on PostgreSQL need, and a database that no server has used has none of.</summary>
    public static readonly ImmutableArray<string> PostgresOwn = ["schema_version", "leases", "journal", "journal_default", "compacted", "gauges", "leadership", "migrated_from", "migrated_tables",
        "cluster_versions", "cluster_silos", "orleansquery", "secrets", "members"];

    /// <summary>All that is filled here.</summary>
    public static IEnumerable<string> Filled => Plain.Select(table => table.Name).Concat(PostgresHistory);
}
