using Npgsql;
using NpgsqlTypes;

namespace StatusMonitor.Storage.Postgres;

/// <summary>Grain state in PostgreSQL. Writes that come together are one transaction.</summary>
public sealed class PostgresGrainStorage : JsonGrainStorage, IAsyncDisposable
{
    private readonly PostgresStore _store;
    private readonly Groups _groups;

    public PostgresGrainStorage(PostgresStore store)
    {
        _store = store;
        _groups = new Groups(store);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _groups.DisposeAsync();

    private protected override async Task<(long ETag, byte[]? Data)?> ReadAsync(string stateName, string grainId)
    {
        var rows = await _store.ReadAsync(
            connection => connection.RowsAsync(
                "select etag, data from statusmonitor.grain_state where name = $1 and grain_id = $2",
                [PostgresQuery.Value(stateName), PostgresQuery.Value(grainId)],
                row => (ETag: row.GetInt64(0), Data: row.IsDBNull(1) ? null : row.GetFieldValue<byte[]>(1))),
            CancellationToken.None);
        return rows is [var stored] ? stored : null;
    }

    private protected override Task<bool> TryWriteAsync(string stateName, string grainId, long expected, byte[]? data)
    {
        var write = new StateWrite(new Key(stateName, grainId, expected), data);
        _groups.Enqueue(write);
        return write.Completion;
    }

    /// <summary>What a write replaces: a state with the ETag that must be its present one; 0 if there must be none.</summary>
    private readonly record struct Key(string Name, string GrainId, long Expected);

    /// <summary>A state on its way in; false if what is stored has another ETag.</summary>
    private sealed class StateWrite(Key key, byte[]? data) : PostgresWrite<bool>
    {
        public Key Key => key;

        public byte[]? Data => data;

        public override int Weight => 1 + (data?.Length ?? 0) / 1024;
    }

    private sealed class Groups(PostgresStore store) : WriteGroups<StateWrite>(store)
    {
        private const string Update = """
            update statusmonitor.grain_state s set etag = s.etag + 1, data = w.data from unnest($1, $2, $3, $4) w(name, grain_id, etag, data)
            where s.name = w.name and s.grain_id = w.grain_id and s.etag = w.etag returning s.name, s.grain_id, w.etag
            """;

        private const string Insert = """
            insert into statusmonitor.grain_state (name, grain_id, etag, data) select name, grain_id, 1, data from unnest($1, $2, $3, $4) w(name, grain_id, etag, data)
            on conflict (name, grain_id) do nothing returning name, grain_id, 0::bigint
            """;

        protected override async Task WriteAsync(NpgsqlConnection connection, IReadOnlyList<StateWrite> group)
        {
            // Of several that would replace the same, the first does.
            var first = group.DistinctBy(write => write.Key).ToList();

            // Updates before what is new, which has an ETag that another of the group may claim to have read.
            await using var batch = new NpgsqlBatch(connection);
            foreach (var (sql, writes) in new[] { (Update, first.Where(write => write.Key.Expected != 0).ToList()), (Insert, first.Where(write => write.Key.Expected == 0).ToList()) })
            {
                if (writes.Count > 0) batch.BatchCommands.Add(Command(sql, writes));
            }

            var written = new HashSet<Key>();
            await using (var reader = await batch.ExecuteReaderAsync())
            {
                do
                {
                    while (await reader.ReadAsync()) written.Add(new Key(reader.GetString(0), reader.GetString(1), reader.GetInt64(2)));
                }
                while (await reader.NextResultAsync());
            }

            // A second one for the same finds it gone, which is said by its absence here.
            foreach (var write in group) write.Result = written.Remove(write.Key);
        }

        private static NpgsqlBatchCommand Command(string sql, List<StateWrite> writes) => new(sql)
        {
            Parameters =
            {
                writes.Column(NpgsqlDbType.Text, write => write.Key.Name),
                writes.Column(NpgsqlDbType.Text, write => write.Key.GrainId),
                writes.Column(NpgsqlDbType.Bigint, write => write.Key.Expected),
                writes.Column(NpgsqlDbType.Bytea, write => write.Data),
            },
        };
    }
}
