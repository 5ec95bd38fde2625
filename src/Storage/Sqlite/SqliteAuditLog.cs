using Microsoft.Data.Sqlite;

namespace StatusMonitor.Storage.Sqlite;

/// <summary>The audit log in SQLite.</summary>
public sealed class SqliteAuditLog(SqliteStore store) : IAuditLog
{
    private const int MaxLimit = 500;

    /// <summary>Entries dropped in one transaction: some milliseconds, for which other writes wait.</summary>
    private const int DropRows = 1_000;

    private readonly SqliteStatement _insert = new("""
        insert into audit (at, actor_id, actor_name, actor_key, action, target_kind, target_id, target_name, address, outcome, detail)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
        """);

    private readonly SqliteStatement _drop = new("delete from audit where id in (select id from audit where at < ?1 order by at limit ?2)");

    /// <inheritdoc/>
    public async Task AppendAsync(AuditEntry entry)
    {
        var append = new Append(this, AuditText.Clean(entry));
        store.Enqueue(append);
        await append.Completion;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<AuditRecord>> ReadAsync(AuditQuery query, CancellationToken cancellationToken) =>
        store.ReadAsync<IReadOnlyList<AuditRecord>>(connection => Read(connection, query), cancellationToken);

    /// <inheritdoc/>
    public async Task<int> DropBeforeAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        for (var dropped = 0; ;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var drop = new Drop(this, before.ToUnixTimeMilliseconds());
            store.Enqueue(drop);
            var count = await drop.Completion;
            dropped += count;
            if (count < DropRows) return dropped;
        }
    }

    private static List<AuditRecord> Read(SqliteConnection connection, AuditQuery query)
    {
        using var command = connection.CreateCommand();
        var conditions = new List<string>();
        Where("id < $before", "$before", query.BeforeId);
        Where("actor_key = $actor", "$actor", AuditText.Key(query.Actor));
        Where("action between $action and $action || char(0x10ffff)", "$action", query.ActionPrefix);
        Where("target_kind = $kind", "$kind", AuditText.Clean(query.TargetKind));
        Where("target_id = $target", "$target", AuditText.Clean(query.TargetId));
        if (string.Equals(query.Outcome, "failed", StringComparison.OrdinalIgnoreCase)) conditions.Add("outcome <> 'ok'");
        else Where("outcome = $outcome", "$outcome", AuditText.Clean(query.Outcome));

        // The plus keeps SQLite from reading the whole span by its index and sorting it: the newest of it are found sooner by id.
        Where("+at >= $from", "$from", query.From?.ToUnixTimeMilliseconds());
        Where("+at < $to", "$to", query.To?.ToUnixTimeMilliseconds());
        command.Parameters.AddWithValue("$limit", Math.Clamp(query.Limit, 1, MaxLimit));
        command.CommandText = $"""
            select id, at, actor_id, actor_name, action, target_kind, target_id, target_name, address, outcome, detail from audit
            {(conditions.Count == 0 ? "" : $"where {string.Join(" and ", conditions)}")}
            order by id desc limit $limit
            """;
        using var reader = command.ExecuteReader();
        var records = new List<AuditRecord>();
        while (reader.Read()) records.Add(Record(reader));
        return records;

        void Where(string condition, string name, object? value)
        {
            if (value is null) return;
            conditions.Add(condition);
            command.Parameters.AddWithValue(name, value);
        }
    }

    private static AuditRecord Record(SqliteDataReader row)
    {
        return new AuditRecord(
            row.GetInt64(0),
            new AuditEntry(
                DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)),
                row.IsDBNull(2) ? null : row.GetInt64(2),
                Text(3),
                row.GetString(4),
                Text(5),
                Text(6),
                Text(7),
                Text(8),
                row.GetString(9),
                Text(10)));

        string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);
    }

    private sealed class Append(SqliteAuditLog log, AuditEntry entry) : SqliteWrite<bool>
    {
        // A bounded text is a few journal rows at most.
        public override int Weight => 1 + (entry.Detail?.Length ?? 0) / 256;

        public override void Execute(SqliteStore store)
        {
            log._insert
                .Bind(store, 1, entry.At.ToUnixTimeMilliseconds())
                .Bind(store, 2, entry.ActorId).Bind(store, 3, entry.ActorName).Bind(store, 4, AuditText.Key(entry.ActorName))
                .Bind(store, 5, entry.Action)
                .Bind(store, 6, entry.TargetKind).Bind(store, 7, entry.TargetId).Bind(store, 8, entry.TargetName)
                .Bind(store, 9, entry.Address).Bind(store, 10, entry.Outcome).Bind(store, 11, entry.Detail)
                .Run(store);
            Result = true;
        }
    }

    private sealed class Drop(SqliteAuditLog log, long before) : SqliteWrite<int>
    {
        // It makes room, and whoever drops waits for each.
        public override int Weight => 0;

        public override void Execute(SqliteStore store) => Result = log._drop.Bind(store, 1, before).Bind(store, 2, DropRows).Run(store);
    }
}
