using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StatusMonitor.Storage.History;
using StatusMonitor.Storage.Sqlite;
using StatusMonitor.Storage.Tests.History;
using StatusMonitor.Storage.Tests.Support;

namespace StatusMonitor.Storage.Tests.Sqlite;

/// <summary>What every store promises, of SQLite with logs of the usual length.</summary>
public sealed class SqliteHistoryTests() : HistorySuite(() => new SqlitePlace());

/// <summary>The same with logs so short that rows are in pieces before they are compacted.</summary>
public sealed class SqliteHistoryOfManyPiecesTests() : HistorySuite(() => new SqlitePlace(logRows: 100));

/// <summary>Whatever happens, with rows in all places.</summary>
public sealed class SqliteAnyHistoryTests() : AnyHistorySuite(() => new SqlitePlace(logRows: 9));

public sealed class SqliteJournalTests() : JournalSuite(() => new SqlitePlace());

public sealed class SqliteJournalOfShortLogsTests() : JournalSuite(() => new SqlitePlace(logRows: 3));

/// <summary>A data folder.</summary>
internal sealed class SqlitePlace(int logRows = 32_768) : IStorePlace
{
    private readonly List<DataFolder> _folders = [new DataFolder()];
    private SqliteStore? _store;

    public DataFolder Folder => _folders[^1];

    public SqliteStore Store => _store!;

    public Task<OpenedStore> OpenAsync()
    {
        // Without a checkpoint a plain copy is what a crash leaves.
        var store = _store = Folder.Open(options => (options.LogRows, options.CheckpointPages) = (logRows, 1_000_000));
        var journal = new SqliteSampleJournal(store);
        var upkeep = new SqliteHistoryUpkeep(store, journal, Options.Create(new HistoryOptions()), NullLogger<SqliteHistoryUpkeep>.Instance);
        return Task.FromResult(new OpenedStore(journal, new SqliteHistory(store, journal), upkeep, () =>
        {
            store.Dispose();
            upkeep.Dispose();
            return Task.CompletedTask;
        }));
    }

    public async Task<OpenedStore> OpenAsAfterACrashAsync(OpenedStore killed)
    {
        // What moves in the background must not be half copied: it stands still while a write is held.
        var pause = await HeldWrite.HoldAsync(Store);
        _folders.Add(Folder.CopyAsAfterACrash());
        pause.Release();
        await killed.Close();
        return await OpenAsync();
    }

    public ValueTask DisposeAsync()
    {
        foreach (var folder in _folders) folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
