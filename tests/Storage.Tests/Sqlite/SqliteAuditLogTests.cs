using Microsoft.Data.Sqlite;
using StatusMonitor.Storage.Sqlite;
using StatusMonitor.Storage.Tests.Audit;
using StatusMonitor.Storage.Tests.Support;

namespace StatusMonitor.Storage.Tests.Sqlite;

public sealed class SqliteAuditLogTests : AuditLogSuite
{
    private readonly DataFolder _folder = new();
    private SqliteStore? _store;

    [Fact]
    public async Task ManyOldEntries_AreDroppedInSlices()
    {
        await FillAsync(2_500);
        var before = _store!.Committed;

        Assert.Equal(2_500, await Log.DropBeforeAsync(Start.AddDays(1), CancellationToken.None));

        Assert.Equal((before.Groups + 3, before.Writes + 3), _store!.Committed);
        Assert.Empty(await EntriesAsync(new AuditQuery()));
    }

    [Fact]
    public async Task ADropThatIsCancelled_EndsBetweenSlices()
    {
        await FillAsync(2_500);
        using var cancellation = new CancellationTokenSource();
        var held = await HeldWrite.HoldAsync(_store!);
        var drop = Log.DropBeforeAsync(Start.AddDays(1), cancellation.Token);
        await cancellation.CancelAsync();
        held.Release();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => drop.Soon("the cancelled drop"));
        Assert.Equal(1_500, _folder.Execute("select count(*) from audit"));
    }

    [Fact]
    public async Task AnEntry_CannotBeChanged_EvenByAnotherProgram()
    {
        await Log.AppendAsync(Login);

        var exception = Assert.Throws<SqliteException>(() => _folder.Execute("update audit set outcome = 'ok', actor_name = 'bob'"));

        Assert.Contains("an entry of the audit log is never changed", exception.Message, StringComparison.Ordinal);
        Assert.Equal([Login], await EntriesAsync(new AuditQuery()));
    }

    [Fact]
    public async Task AnEntryIsOnDisk_WhenItsAppendEnds()
    {
        using var folder = new DataFolder();
        using var store = folder.Open(options => options.CheckpointPages = 1_000_000);
        await new SqliteAuditLog(store).AppendAsync(Login);

        using var copy = folder.CopyAsAfterACrash();
        using var recovered = copy.Open();
        Assert.Equal(Login, Assert.Single(await new SqliteAuditLog(recovered).ReadAsync(new AuditQuery(), CancellationToken.None)).Entry);
    }

    [Fact]
    public async Task ADatabaseThatCannotBeWritten_FailsTheAppend_AndStoresNothing()
    {
        using (var other = new SqliteConnection($"Data Source={_folder.Database};Pooling=False"))
        {
            other.Open();
            using var transaction = other.BeginTransaction(deferred: false);
            await Assert.ThrowsAsync<StorageFailedException>(() => Log.AppendAsync(Login).Soon("the append"));
        }

        Assert.Empty(await EntriesAsync(new AuditQuery()));
        await Log.AppendAsync(Login);
        Assert.Single(await EntriesAsync(new AuditQuery()));
    }

    [Fact]
    public async Task AFullQueue_RefusesTheEntry()
    {
        using var folder = new DataFolder();
        using var store = folder.Open(options => options.MaxWaitingRows = 3);
        var log = new SqliteAuditLog(store);
        var held = await HeldWrite.HoldAsync(store);

        // Long ones take more of the room.
        var waiting = log.AppendAsync(Login with { Detail = new string('d', 300) });
        var refused = log.AppendAsync(Login with { Detail = new string('d', 300) });
        await Assert.ThrowsAsync<StorageBusyException>(() => refused.Soon("the refusal"));
        held.Release();
        await waiting.Soon("the entry that waited");

        Assert.Single(await log.ReadAsync(new AuditQuery(), CancellationToken.None));
    }

    public override ValueTask DisposeAsync()
    {
        _store?.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    protected override Task<IAuditLog> OpenAsync()
    {
        _store?.Dispose();
        _store = _folder.Open();
        return Task.FromResult<IAuditLog>(new SqliteAuditLog(_store));
    }
}
