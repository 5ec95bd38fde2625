using Npgsql;
using NpgsqlTypes;

namespace StatusMonitor.Storage.Postgres;

/// <summary>The audit log in PostgreSQL.</summary>
public sealed class PostgresAuditLog : IAuditLog, IAsyncDisposable
{
    private const int MaxLimit = 500;

    /// <summary>Entries dropped in one transaction: some milliseconds.</summary>
    private const int DropRows = 1_000;

    private readonly PostgresStore _store;
    private readonly Groups _groups;

    public PostgresAuditLog(PostgresStore store)
    {
        _store = store;
        _groups = new Groups(store);
    }

    /// <inheritdoc/>
    public async Task AppendAsync(AuditEntry entry)
    {
        var append = new Append(AuditText.Clean(entry));
        _groups.Enqueue(append);
        await append.Completion;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<AuditRecord>> ReadAsync(AuditQuery query, CancellationToken cancellationToken) =>
        _store.ReadAsync<IReadOnlyList<AuditRecord>>(connection => ReadAsync(connection, query, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public async Task<int> DropBeforeAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        for (var dropped = 0; ;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var count = await _store.WriteAsync(
                async connection =>
                {
                    await using var command = new NpgsqlCommand("delete from statusmonitor.audit where id in (select id from statusmonitor.audit where at < $1 order by at limit $2)", connection)
                    {
                        Parameters = { new() { Value = before.ToUnixTimeMilliseconds() }, new() { Value = DropRows } },
                    };
                    return await command.ExecuteNonQueryAsync(cancellationToken);
                },
                cancellationToken);
            dropped += count;
            if (count < DropRows) return dropped;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _groups.DisposeAsync();

    private static async Task<IReadOnlyList<AuditRecord>> ReadAsync(NpgsqlConnection connection, AuditQuery query, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand { Connection = connection };
        var conditions = new List<string>();
        Where("id < {0}", query.BeforeId);
        Where("actor_key = {0}", AuditText.Key(query.Actor));
        Where("starts_with(lower(action collate \"C\"), lower({0} collate \"C\"))", AuditText.Clean(query.ActionPrefix));
        Where("lower(target_kind collate \"C\") = lower({0} collate \"C\")", AuditText.Clean(query.TargetKind));
        Where("lower(target_id collate \"C\") = lower({0} collate \"C\")", AuditText.Clean(query.TargetId));
        if (string.Equals(query.Outcome, "failed", StringComparison.OrdinalIgnoreCase)) conditions.Add("lower(outcome collate \"C\") <> 'ok'");
        else Where("lower(outcome collate \"C\") = lower({0} collate \"C\")", AuditText.Clean(query.Outcome));
        Where("at >= {0}", query.From?.ToUnixTimeMilliseconds());
        Where("at < {0}", query.To?.ToUnixTimeMilliseconds());
        command.Parameters.Add(new NpgsqlParameter { Value = Math.Clamp(query.Limit, 1, MaxLimit) });
        command.CommandText = $"""
            select id, at, actor_id, actor_name, action, target_kind, target_id, target_name, address, outcome, detail from statusmonitor.audit
            {(conditions.Count == 0 ? "" : $"where {string.Join(" and ", conditions)}")}
            order by id desc limit ${command.Parameters.Count}
            """;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var records = new List<AuditRecord>();
        while (await reader.ReadAsync(cancellationToken)) records.Add(Record(reader));
        return records;

        void Where(string condition, object? value)
        {
            if (value is null) return;
            command.Parameters.Add(new NpgsqlParameter { Value = value });
            conditions.Add(condition.Replace("{0}", $"${command.Parameters.Count}", StringComparison.Ordinal));
        }
    }

    private static AuditRecord Record(NpgsqlDataReader row)
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

    private sealed class Append(AuditEntry entry) : PostgresWrite<bool>
    {
        public AuditEntry Entry => entry;

        // A bounded text is a few journal rows at most.
        public override int Weight => 1 + (entry.Detail?.Length ?? 0) / 256;
    }

    private sealed class Groups(PostgresStore store) : WriteGroups<Append>(store)
    {
        protected override async Task WriteAsync(NpgsqlConnection connection, IReadOnlyList<Append> group)
        {
            // Ids are given when a row is stored and seen when it is committed: one server at a time, so that no page passes over a lower one that comes later.
            await using var batch = new NpgsqlBatch(connection)
            {
                BatchCommands =
                {
                    new($"select pg_advisory_xact_lock({AdvisoryLocks.AuditOrder})"),
                    new("""
                        insert into statusmonitor.audit (at, actor_id, actor_name, actor_key, action, target_kind, target_id, target_name, address, outcome, detail)
                        select at, actor_id, actor_name, actor_key, action, target_kind, target_id, target_name, address, outcome, detail
                        from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) with ordinality
                            e(at, actor_id, actor_name, actor_key, action, target_kind, target_id, target_name, address, outcome, detail, n)
                        order by n
                        """)
                    {
                        Parameters =
                        {
                            Column(NpgsqlDbType.Bigint, entry => entry.At.ToUnixTimeMilliseconds()),
                            Column(NpgsqlDbType.Bigint, entry => entry.ActorId),
                            Column(NpgsqlDbType.Text, entry => entry.ActorName),
                            Column(NpgsqlDbType.Text, entry => AuditText.Key(entry.ActorName)),
                            Column(NpgsqlDbType.Text, entry => entry.Action),
                            Column(NpgsqlDbType.Text, entry => entry.TargetKind),
                            Column(NpgsqlDbType.Text, entry => entry.TargetId),
                            Column(NpgsqlDbType.Text, entry => entry.TargetName),
                            Column(NpgsqlDbType.Text, entry => entry.Address),
                            Column(NpgsqlDbType.Text, entry => entry.Outcome),
                            Column(NpgsqlDbType.Text, entry => entry.Detail),
                        },
                    },
                },
            };
            await batch.ExecuteNonQueryAsync();
            foreach (var append in group) append.Result = true;

            NpgsqlParameter Column<T>(NpgsqlDbType type, Func<AuditEntry, T> value) => new() { NpgsqlDbType = NpgsqlDbType.Array | type, Value = group.Select(append => value(append.Entry)).ToArray() };
        }
    }
}
