using Npgsql;

namespace StatusMonitor.Storage.Postgres;

/// <summary>What all servers on one database must have alike.</summary>
public sealed class PostgresSecrets(PostgresStore store)
{
    /// <summary>The secret of a name: the first that any server has added. Blocks, and is asked at the start only.</summary>
    /// <exception cref="StorageFailedException">The database failed.</exception>
    public string GetOrAdd(string name, string secret)
    {
        try
        {
            using var connection = store.Open();
            using var command = new NpgsqlCommand(
                """
                insert into statusmonitor.secrets (name, value) values ($1, $2) on conflict (name) do update set value = secrets.value returning value
                """,
                connection);
            command.Parameters.AddWithValue(name);
            command.Parameters.AddWithValue(secret);
            return (string)command.ExecuteScalar()!;
        }
        catch (Exception exception) when (PostgresStore.IsOfDatabase(exception))
        {
            throw PostgresStore.NotWritten(exception);
        }
    }
}
