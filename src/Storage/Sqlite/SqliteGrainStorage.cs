namespace StatusMonitor.Storage.Sqlite;

/// <summary>Grain state in SQLite.</summary>
public sealed class SqliteGrainStorage(SqliteStore store) : JsonGrainStorage
{
    private readonly SqliteStatement _insert = new("""
        insert into grain_state (name, grain_id, etag, data) values (?1, ?2, 1, ?3) on conflict (name, grain_id) do nothing
        """);

    private readonly SqliteStatement _update = new("""
        update grain_state set etag = etag + 1, data = ?3 where name = ?1 and grain_id = ?2 and etag = ?4
        """);

    private protected override Task<(long ETag, byte[]? Data)?> ReadAsync(string stateName, string grainId) => store.ReadAsync(
        connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = "select etag, data from grain_state where name = $name and grain_id = $grain";
            command.Parameters.AddWithValue("$name", stateName);
            command.Parameters.AddWithValue("$grain", grainId);
            using var reader = command.ExecuteReader();
            if (!reader.Read()) return ((long ETag, byte[]? Data)?)null;
            return (reader.GetInt64(0), reader.IsDBNull(1) ? null : reader.GetFieldValue<byte[]>(1));
        },
        CancellationToken.None);

    private protected override Task<bool> TryWriteAsync(string stateName, string grainId, long expected, byte[]? data)
    {
        var write = new StateWrite(this, stateName, grainId, expected, data);
        store.Enqueue(write);
        return write.Completion;
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
