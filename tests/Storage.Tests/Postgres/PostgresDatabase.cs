using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using StatusMonitor.Storage.Postgres;

namespace StatusMonitor.Storage.Tests.Postgres;

/// <summary>A database that is empty when a test begins. Tests of a class come one after the other, so it is the class's.</summary>
internal sealed class PostgresDatabase(string name, PostgresCluster? cluster = null)
{
    public string ConnectionString { get; } = (cluster ?? PostgresCluster.Shared).EmptyDatabase(name.ToLowerInvariant());

    /// <summary>Opens the store in it, as a server's start does.</summary>
    public PostgresStore Open(Action<PostgresOptions>? configure = null, TimeProvider? time = null)
    {
        var options = new PostgresOptions { ConnectionString = ConnectionString };
        configure?.Invoke(options);
        return new PostgresStore(Options.Create(options), time ?? TimeProvider.System, NullLogger<PostgresStore>.Instance);
    }

    /// <summary>Runs SQL behind the store's back and gives the first column of the first row.</summary>
    public object? Execute(string sql) => PostgresCluster.Execute(ConnectionString, sql);

    public long Count(string sql) => (long)Execute(sql)!;

    /// <summary>As a disk that is full: until it is disposed of nothing can be written, and all can be read.</summary>
    public IDisposable BreakWrites()
    {
        Set("default_transaction_read_only = on");
        return new Repair(this);
    }

    // From another database, whose connections it does not hold for.
    private void Set(string setting)
    {
        var elsewhere = new NpgsqlConnectionStringBuilder(ConnectionString) { Database = "postgres" }.ConnectionString;
        PostgresCluster.Execute(elsewhere, $"alter database {name.ToLowerInvariant()} set {setting}");
        Execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
    }

    private sealed class Repair(PostgresDatabase database) : IDisposable
    {
        public void Dispose() => database.Set("default_transaction_read_only = off");
    }
}
