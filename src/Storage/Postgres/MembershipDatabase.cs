using Npgsql;

namespace StatusMonitor.Storage.Postgres;

/// <summary>Connections for those who find the members of a cluster. They are few and apart from the others, so that a database that is busy with reports does not make a silo look dead.</summary>
/// <param name="store">The database, which has our schema once this is there.</param>
public sealed class MembershipDatabase(PostgresStore store) : IAsyncDisposable, IDisposable
{
    private const int MaxConnections = 5;

    // Asked again soon; an answer that takes longer is none.
    private const int PatienceSeconds = 5;

    /// <summary>In the schema where Orleans finds what it asks for.</summary>
    public NpgsqlDataSource Source { get; } = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(PostgresStore.Parse(store.Options.ConnectionString).ConnectionString)
    {
        SearchPath = "statusmonitor",
        MaxPoolSize = MaxConnections,
        Timeout = PatienceSeconds,
        CommandTimeout = PatienceSeconds,
    });

    /// <inheritdoc/>
    public void Dispose() => Source.Dispose();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Source.DisposeAsync();
}
