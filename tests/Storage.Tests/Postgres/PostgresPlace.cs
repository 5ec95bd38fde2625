using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StatusMonitor.Storage.History;
using StatusMonitor.Storage.Postgres;
using StatusMonitor.Storage.Tests.History;
using StatusMonitor.Storage.Tests.Support;

namespace StatusMonitor.Storage.Tests.Postgres;

/// <summary>A store in PostgreSQL.</summary>
/// <param name="name">Name of the database.</param>
/// <param name="now">The time of the store's clock, which decides what hours get a partition of the journal.</param>
internal sealed class PostgresPlace(string name, DateTimeOffset now) : IStorePlace
{
    private readonly PostgresDatabase _database = new(name);

    public Task<OpenedStore> OpenAsync()
    {
        var store = _database.Open(time: new FixedTime(now));
        var journal = new PostgresSampleJournal(store);
        var upkeep = new PostgresHistoryUpkeep(store, Options.Create(new HistoryOptions()), NullLogger<PostgresHistoryUpkeep>.Instance);
        return Task.FromResult(new OpenedStore(journal, new PostgresHistory(store), upkeep, async () =>
        {
            await journal.DisposeAsync();
            upkeep.Dispose();
            await store.DisposeAsync();
        }));
    }

    /// <summary>What PostgreSQL sees of a killed server is that its connections end; its leases run out.</summary>
    public async Task<OpenedStore> OpenAsAfterACrashAsync(OpenedStore killed)
    {
        _database.Execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
        await killed.Close();
        _database.Execute("update statusmonitor.leases set until = clock_timestamp()");
        return await OpenAsync();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
