using Npgsql;
using StatusMonitor.Storage.Tests.Support;

namespace StatusMonitor.Storage.Tests.Postgres;

/// <summary>A table that nobody can write to until it is let go: what is queued meanwhile becomes one group.</summary>
internal sealed class HeldTable : IDisposable
{
    private const string Waiting = "not granted and database = (select oid from pg_database where datname = current_database())";

    private readonly NpgsqlConnection _holder;
    private readonly NpgsqlConnection _watcher;

    public HeldTable(PostgresDatabase database, string table)
    {
        var settings = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Pooling = false }.ConnectionString;
        (_holder, _watcher) = (new NpgsqlConnection(settings), new NpgsqlConnection(settings));
        _holder.Open();
        _watcher.Open();
        Run(_holder, $"begin; lock table statusmonitor.{table} in share row exclusive mode");
    }

    /// <summary>Ends when somebody waits for it, or so many do for whatever there is in its database.</summary>
    public async Task AwaitedAsync(int count = 1)
    {
        // PostgreSQL has no way to be told.
        for (var tries = 0; Run(_watcher, $"select count(*) >= {count} from pg_locks where {Waiting}") is false; tries++)
        {
            Assert.True(tries < 10_000, "Nobody ever waited for the table.");
            await Task.Yield();
        }
    }

    /// <summary>Breaks the connections of those who wait, as a network that fails does.</summary>
    public void BreakWaiting() => Run(_watcher, $"select pg_terminate_backend(pid) from pg_locks where {Waiting}");

    public void Release() => _holder.Close();

    public void Dispose()
    {
        _holder.Dispose();
        _watcher.Dispose();
    }

    private static object? Run(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        return command.ExecuteScalar();
    }
}
