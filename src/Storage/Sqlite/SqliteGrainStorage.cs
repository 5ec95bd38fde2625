using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Orleans.Runtime;
using Orleans.Storage;

namespace StatusMonitor.Storage.Sqlite;

/// <summary>Grain state as JSON in SQLite. A write must bring the ETag it has read, or it changes nothing.</summary>
public sealed class SqliteGrainStorage(SqliteStore store) : IGrainStorage
{
    private readonly SqliteStatement _insert = new("""
        insert into grain_state (name, grain_id, etag, data) values (?1, ?2, 1, ?3) on conflict (name, grain_id) do nothing
        """);

    private readonly SqliteStatement _update = new("""
        update grain_state set etag = etag + 1, data = ?3 where name = ?1 and grain_id = ?2 and etag = ?4
        """);

    /// <inheritdoc/>
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var stored = await store.ReadAsync(
            connection =>
            {
                using var command = connection.CreateCommand();
                command.CommandText = "select etag, data from grain_state where name = $name and grain_id = $grain";
                command.Parameters.AddWithValue("$name", stateName);
                command.Parameters.AddWithValue("$grain", grainId.ToString());
                using var reader = command.ExecuteReader();
                if (!reader.Read()) return ((long Etag, byte[]? Data)?)null;
                return (reader.GetInt64(0), reader.IsDBNull(1) ? null : reader.GetFieldValue<byte[]>(1));
            },
            CancellationToken.None);

        grainState.ETag = stored?.Etag.ToString(CultureInfo.InvariantCulture);
        grainState.RecordExists = stored?.Data is not null;
        grainState.State = stored?.Data is { } data ? JsonSerializer.Deserialize<T>(data)! : Activator.CreateInstance<T>();
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

    private async Task<string> WriteAsync(string stateName, GrainId grainId, string? etag, byte[]? data)
    {
        var expected = etag is null ? 0 : long.Parse(etag, CultureInfo.InvariantCulture);
        var write = new StateWrite(this, stateName, grainId.ToString(), expected, data);
        store.Enqueue(write);
        if (!await write.Completion)
        {
            throw new InconsistentStateException($"The state '{stateName}' of {grainId} was changed by another activation.", "unknown", etag ?? "none");
        }

        return (expected + 1).ToString(CultureInfo.InvariantCulture);
    }

    private sealed class StateWrite(SqliteGrainStorage storage, string name, string grainId, long expected, byte[]? data) : SqliteWrite<bool>
    {
        public override int Weight => 1 + (data?.Length ?? 0) / 1024;

        public override void Execute(SqliteStore store)
        {
            var statement = expected == 0 ? storage._insert : storage._update;
            statement.Bind(store, 1, name).Bind(store, 2, grainId).Bind(store, 3, data);
            if (expected != 0) statement.Bind(store, 4, expected);
            Result = statement.Run(store) == 1;
        }
    }
}
