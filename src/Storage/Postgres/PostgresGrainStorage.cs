using System.Globalization;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Orleans.Runtime;
using Orleans.Storage;

namespace StatusMonitor.Storage.Postgres;

/// <summary>Grain state as JSON in PostgreSQL. A write must bring the ETag it has read, or it changes nothing. Writes that come together are one transaction.</summary>
public sealed class PostgresGrainStorage : IGrainStorage, IAsyncDisposable
{
    private readonly PostgresStore _store;
    private readonly Groups _groups;

    public PostgresGrainStorage(PostgresStore store)
    {
        _store = store;
        _groups = new Groups(store);
    }

    /// <inheritdoc/>
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var rows = await _store.ReadAsync(
            connection => connection.RowsAsync(
                "select etag, data from statusmonitor.grain_state where name = $1 and grain_id = $2",
                [PostgresQuery.Value(stateName), PostgresQuery.Value(grainId.ToString())],
                row => (Etag: row.GetInt64(0), Data: row.IsDBNull(1) ? null : row.GetFieldValue<byte[]>(1))),
            CancellationToken.None);

        var (etag, data) = rows is [var stored] ? (stored.Etag.ToString(CultureInfo.InvariantCulture), stored.Data) : (null, null);
        grainState.ETag = etag;
        grainState.RecordExists = data is not null;
        grainState.State = data is not null ? JsonSerializer.Deserialize<T>(data)! : Activator.CreateInstance<T>();
    }

    /// <inheritdoc/>
    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        grainState.ETag = await WriteAsync(stateName, grainId, grainState.ETag, JsonSerializer.SerializeToUtf8Bytes(grainState.State));
        grainState.RecordExists = true;
    }

    /// <inheritdoc/>
    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        // The row stays with its ETag, so that a stale activation cannot bring the old state back.
        if (grainState.ETag is not null) grainState.ETag = await WriteAsync(stateName, grainId, grainState.ETag, null);
        grainState.RecordExists = false;
        grainState.State = Activator.CreateInstance<T>();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _groups.DisposeAsync();

    private async Task<string> WriteAsync(string stateName, GrainId grainId, string? etag, byte[]? data)
    {
        var expected = etag is null ? 0 : long.Parse(etag, CultureInfo.InvariantCulture);
        var write = new StateWrite(new Key(stateName, grainId.ToString(), expected), data);
        _groups.Enqueue(write);
        if (!await write.Completion)
        {
            throw new InconsistentStateException($"The state '{stateName}' of {grainId} was changed by another activation.", "unknown", etag ?? "none");
        }

        return (expected + 1).ToString(CultureInfo.InvariantCulture);
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
