using Orleans.Storage;
using StatusMonitor.Storage.Postgres;
using StatusMonitor.Storage.Tests.State;
using StatusMonitor.Storage.Tests.Support;

namespace StatusMonitor.Storage.Tests.Postgres;

[NeedsPostgres]
public sealed class PostgresReminderTableTests() : ReminderTableSuite(() => new PostgresStatePlace(nameof(PostgresReminderTableTests)));

/// <summary>What is PostgreSQL's own.</summary>
[NeedsPostgres]
public sealed class PostgresGrainStorageTests() : GrainStorageSuite(() => new PostgresStatePlace(nameof(PostgresGrainStorageTests)))
{
    private PostgresDatabase Database => ((PostgresStatePlace)Place).Database;

    [SuiteFact]
    public async Task ABrokenConnection_FailsTheWrite_AndTheNextHasANewOne()
    {
        var (grain, state) = (GrainId.Create("host", "1"), new GrainState<Note>(new Note { Text = "first" }));
        using (var held = new HeldTable(Database, "grain_state"))
        {
            var write = Storage.WriteStateAsync("note", grain, state);
            await held.AwaitedAsync();
            held.BreakWaiting();
            await Assert.ThrowsAsync<StorageFailedException>(() => write.Soon("the broken write"));
        }

        Assert.Null(state.ETag);
        await Storage.WriteStateAsync("note", grain, state);
        Assert.Equal(1, Database.Count("select count(*) from statusmonitor.grain_state"));
    }

    /// <summary>Whoever gives their server a database would find it without accounts and hosts.</summary>
    [SuiteFact]
    public async Task AnEmptyDatabase_BesideAFolderWithState_IsNotBegunAnew()
    {
        using var folder = new DataFolder();
        folder.Open().Dispose();

        var exception = Assert.Throws<StorageFailedException>(() => Database.Open(options => options.DataFolder = folder.Path));
        Assert.StartsWith($"The data folder '{folder.Path}' has a SQLite database with accounts and hosts, and the database '", exception.Message, StringComparison.Ordinal);
        Assert.EndsWith("this would be a new server. Move them there first (statusmonitor-server migrate --data FOLDER --database CONNECTION, or ./start.sh migrate), give it another folder (--data), or start it without --database.", exception.Message, StringComparison.Ordinal);

        await Storage.WriteStateAsync("note", GrainId.Create("host", "1"), new GrainState<Note>(new Note()));
        Database.Open(options => options.DataFolder = folder.Path).Dispose();
    }

    [SuiteFact]
    public void AnEmptyDatabase_BesideAFolderWithoutADatabase_IsANewServer()
    {
        using var folder = new DataFolder();
        Database.Open(options => options.DataFolder = folder.Path).Dispose();
    }
}

/// <summary>State in a database of its class.</summary>
internal sealed class PostgresStatePlace(string name) : IStatePlace
{
    private readonly List<IAsyncDisposable> _open = [];
    private PostgresGrainStorage? _storage;

    public PostgresDatabase Database { get; } = new(name);

    public async Task<(IGrainStorage Storage, IReminderTable Reminders)> OpenAsync()
    {
        await DisposeAsync();
        var store = Database.Open();
        return (_storage = Open(store), new PostgresReminderTable(store));
    }

    public Task<IGrainStorage> OpenAnotherAsync() => Task.FromResult<IGrainStorage>(Open(Database.Open()));

    public async Task<Func<Task>> HoldAsync()
    {
        var held = new HeldTable(Database, "grain_state");
        var first = _storage!.WriteStateAsync("held", GrainId.Create("host", "0"), new GrainState<string>("held"));
        await held.AwaitedAsync();
        return async () =>
        {
            held.Release();
            await first;
            held.Dispose();
        };
    }

    /// <summary>As a disk that is full: nothing can be written, all can be read.</summary>
    public IDisposable BreakWrites() => Database.BreakWrites();

    public async ValueTask DisposeAsync()
    {
        foreach (var resource in _open) await resource.DisposeAsync();
        _open.Clear();
    }

    private PostgresGrainStorage Open(PostgresStore store)
    {
        var storage = new PostgresGrainStorage(store);
        _open.AddRange([storage, store]);
        return storage;
    }
}
