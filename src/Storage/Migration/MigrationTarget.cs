using Npgsql;
using StatusMonitor.Storage.Postgres;

namespace StatusMonitor.Storage.Migration;

/// <summary>The PostgreSQL that is filled, and how far that is.</summary>
internal sealed class MigrationTarget(PostgresStore store)
{
    /// <summary>Begins, or goes on with what an earlier run has begun.</summary>
    /// <returns>When the folder was moved completely, or null; and whether there is something of an earlier run.</returns>
    /// <exception cref="StorageFailedException">The database holds what is not from this folder.</exception>
    public Task<(DateTime? CompletedAt, bool IsResumed)> BeginAsync(SqliteSource source, CancellationToken cancellationToken) => store.WriteAsync(
        async connection =>
        {
            // Of two that begin at once the second waits here for the first.
            await connection.RunAsync("lock table statusmonitor.migrated_from in share row exclusive mode", [], cancellationToken);
            var found = await connection.RowsAsync(
                "select source, fingerprint, completed_at from statusmonitor.migrated_from",
                [],
                row => (Source: row.GetString(0), Fingerprint: row.GetString(1), CompletedAt: row.IsDBNull(2) ? (DateTime?)null : row.GetDateTime(2)),
                cancellationToken);
            if (found is [var earlier])
            {
                if (earlier.Fingerprint == source.Fingerprint) return (earlier.CompletedAt, true);
                if (earlier.CompletedAt is { } at)
                {
                    throw new StorageFailedException($"{Name(connection)} was filled from '{earlier.Source}' on {at:u} and is a server's since. {AnotherDatabase}");
                }

                if (earlier.Source != source.Name) throw new StorageFailedException($"{Name(connection)} has a part of what is moved to it from '{earlier.Source}', not from '{source.Name}'. {AnotherDatabase}");

                // A server has run on the folder since: some of what is here is old, and nobody has used any of it.
                await connection.RunAsync($"truncate {string.Join(", ", MigrationTables.Filled.Append("migrated_tables").Append("migrated_from").Select(table => $"statusmonitor.{table}"))}", [], cancellationToken);
            }
            else
            {
                foreach (var table in MigrationTables.Filled.Append("journal"))
                {
                    if ((await connection.RowsAsync($"select exists (select 1 from statusmonitor.{table})", [], row => row.GetBoolean(0), cancellationToken))[0])
                    {
                        throw new StorageFailedException($"{Name(connection)} already holds a fleet, which is not from '{source.Name}'; nothing was changed. {AnotherDatabase}");
                    }
                }
            }

            await connection.RunAsync("insert into statusmonitor.migrated_from (source, fingerprint) values ($1, $2)", [PostgresQuery.Value(source.Name), PostgresQuery.Value(source.Fingerprint)], cancellationToken);
            return ((DateTime?)null, false);
        },
        cancellationToken);

    /// <summary>How far a table is.</summary>
    public async Task<(string? LastKey, long Rows, bool IsDone)> ProgressAsync(string table, CancellationToken cancellationToken) => (await ReadAsync(
        "select last_key, rows, is_done from statusmonitor.migrated_tables where name = $1",
        [PostgresQuery.Value(table)],
        row => (row.IsDBNull(0) ? null : row.GetString(0), row.GetInt64(1), row.GetBoolean(2)),
        cancellationToken)).FirstOrDefault();

    /// <summary>Writes some rows and, in the same transaction, how far their table then is.</summary>
    /// <param name="table">The table.</param>
    /// <param name="before">Key of the last row that was there before.</param>
    /// <param name="last">Key of the last row now.</param>
    /// <param name="rows">How many they are.</param>
    /// <param name="isDone">Whether that is all.</param>
    /// <param name="write">Writes them.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="StorageFailedException">The database failed, or somebody else moves the same; nothing was written.</exception>
    public Task AddAsync(string table, string? before, string? last, long rows, bool isDone, Func<NpgsqlConnection, Task> write, CancellationToken cancellationToken) => store.WriteAsync(
        async connection =>
        {
            var changed = await connection.RunAsync(
                """
                insert into statusmonitor.migrated_tables as t (name, last_key, rows, is_done) values ($1, $2, $3, $4)
                on conflict (name) do update set last_key = excluded.last_key, rows = t.rows + excluded.rows, is_done = excluded.is_done
                where t.last_key is not distinct from $5 and not t.is_done
                """,
                [PostgresQuery.Value(table), Text(last), PostgresQuery.Value(rows), PostgresQuery.Value(isDone), Text(before)],
                cancellationToken);
            if (changed == 0) throw new StorageFailedException($"Somebody else is moving the same folder to {Name(connection)}. Wait for that to end.");
            await write(connection);
            return changed;
        },
        cancellationToken);

    /// <summary>Numbers rows on from where SQLite was: a number is never given twice, however much is dropped.</summary>
    public Task ContinueNumbersAsync(SqliteSource source, CancellationToken cancellationToken) => store.WriteAsync(
        async connection =>
        {
            var numbers = new Dictionary<string, long>(source.Rows("select name, seq from sqlite_sequence where seq > 0", row => KeyValuePair.Create(row.GetString(0), row.GetInt64(1))));
            foreach (var table in MigrationTables.Plain.Where(table => table.Identity is not null && numbers.ContainsKey(table.Name)))
            {
                await connection.RowsAsync($"select setval(pg_get_serial_sequence('statusmonitor.{table.Name}', '{table.Identity}'), $1)", [PostgresQuery.Value(numbers[table.Name])], row => row.GetInt64(0), cancellationToken);
            }

            return numbers.Count;
        },
        cancellationToken);

    /// <summary>Everything is there: from now on a server may start.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        // So that the first queries are planned for what is there; nothing that must not be lost.
        foreach (var table in MigrationTables.Filled) await store.WriteAsync(connection => connection.RunAsync($"analyze statusmonitor.{table}", [], cancellationToken), cancellationToken);
        await store.WriteAsync(connection => connection.RunAsync("update statusmonitor.migrated_from set completed_at = clock_timestamp()", [], cancellationToken), cancellationToken);
    }

    public Task<List<T>> ReadAsync<T>(string sql, IEnumerable<NpgsqlParameter> values, Func<NpgsqlDataReader, T> map, CancellationToken cancellationToken) =>
        store.ReadAsync(connection => connection.RowsAsync(sql, values, map, cancellationToken), cancellationToken);

    /// <summary>Runs something on a connection of its own, for results that are too long to be held.</summary>
    public Task<T> ReadAsync<T>(Func<NpgsqlConnection, Task<T>> query, CancellationToken cancellationToken) => store.ReadAsync(query, cancellationToken);

    private const string AnotherDatabase = "Give an empty database; one that nobody needs any more is emptied with 'drop schema statusmonitor cascade'.";

    private static string Name(NpgsqlConnection connection) => $"The database '{connection.Database}' on '{connection.Host}'";

    private static NpgsqlParameter Text(string? text) => new() { NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text, Value = (object?)text ?? DBNull.Value };
}
