using Microsoft.Data.Sqlite;
using Orleans.Storage;
using StatusMonitor.Storage.Sqlite;
using StatusMonitor.Storage.Tests.State;
using StatusMonitor.Storage.Tests.Support;

namespace StatusMonitor.Storage.Tests.Sqlite;

public sealed class SqliteGrainStorageTests() : GrainStorageSuite(() => new SqliteStatePlace());

public sealed class SqliteReminderTableTests() : ReminderTableSuite(() => new SqliteStatePlace());

/// <summary>A store in a folder of its own.</summary>
internal sealed class SqliteStatePlace : IStatePlace
{
    private readonly DataFolder _folder = new();
    private SqliteStore? _store;
    private SqliteGrainStorage? _storage;

    public Task<(IGrainStorage Storage, IReminderTable Reminders)> OpenAsync()
    {
        _store?.Dispose();
        _store = _folder.Open();
        _storage = new SqliteGrainStorage(_store);
        return Task.FromResult<(IGrainStorage, IReminderTable)>((_storage, new SqliteReminderTable(_store)));
    }

    public Task<IGrainStorage> OpenAnotherAsync() => Task.FromResult<IGrainStorage>(_storage!);

    public async Task<Func<Task>> HoldAsync()
    {
        var held = await HeldWrite.HoldAsync(_store!);
        return held.ReleaseAsync;
    }

    /// <summary>As if the disk were full: nothing can be written, all can be read.</summary>
    public IDisposable BreakWrites()
    {
        var other = new SqliteConnection($"Data Source={_folder.Database};Pooling=False");
        other.Open();
        _ = other.BeginTransaction(deferred: false);
        return other;
    }

    public ValueTask DisposeAsync()
    {
        _store?.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
