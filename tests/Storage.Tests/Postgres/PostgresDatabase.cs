using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
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
}
