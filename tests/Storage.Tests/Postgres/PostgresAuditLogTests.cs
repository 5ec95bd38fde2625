using Npgsql;
using StatusMonitor.Storage.Postgres;
using StatusMonitor.Storage.Tests.Audit;
using StatusMonitor.Storage.Tests.Support;

namespace StatusMonitor.Storage.Tests.Postgres;

[NeedsPostgres]
public sealed class PostgresAuditLogTests : AuditLogSuite
{
    private readonly PostgresDatabase _database = new(nameof(PostgresAuditLogTests));
    private PostgresStore? _store;
    private PostgresAuditLog? _log;

    [SuiteFact]
    public async Task ADropThatIsCancelled_EndsWithNothingHalfDone()
    {
        await FillAsync(2_500);
        using var held = new HeldTable(_database, "audit");
        using var cancellation = new CancellationTokenSource();
        var drop = Log.DropBeforeAsync(Start.AddDays(1), cancellation.Token);
        await held.AwaitedAsync();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => drop.Soon("the cancelled drop"));
        held.Release();

        Assert.Equal(2_500, await Log.DropBeforeAsync(Start.AddDays(1), CancellationToken.None));
        Assert.Empty(await EntriesAsync(new AuditQuery()));
    }

    [SuiteFact]
    public async Task AnEntry_CannotBeChanged_EvenByAnotherProgram()
    {
        await Log.AppendAsync(Login);

        var exception = Assert.Throws<PostgresException>(() => _database.Execute("update statusmonitor.audit set outcome = 'ok', actor_name = 'bob'"));

        Assert.Contains("an entry of the audit log is never changed", exception.Message, StringComparison.Ordinal);
        Assert.Equal([Login], await EntriesAsync(new AuditQuery()));
    }

    /// <summary>Whoever reads pages asks for what is before an id; one that came later with a lower id would be passed over.</summary>
    [SuiteFact]
    public async Task EntriesOfTwoServers_AreSeenInTheOrderOfTheirIds()
    {
        const int Each = 200;
        await using var store = _database.Open();
        await using var other = new PostgresAuditLog(store);
        var writers = new[] { Log, other }.Select(log => Task.Run(async () =>
        {
            for (var i = 0; i < Each; i++) await log.AppendAsync(Login);
        })).ToList();

        var seen = new List<long>();
        while (seen.Count < 2 * Each)
        {
            var newest = await ReadAsync(new AuditQuery(Limit: 500));
            Assert.Equal(seen, newest.Select(record => record.Id).Order().Take(seen.Count));
            seen = [.. newest.Select(record => record.Id).Order()];
        }

        await Task.WhenAll(writers);
    }

    [SuiteFact]
    public async Task AFullQueue_RefusesTheEntry()
    {
        await using var store = _database.Open(options => options.MaxWaitingRows = 3);
        await using var log = new PostgresAuditLog(store);
        using var held = new HeldTable(_database, "audit");
        var first = log.AppendAsync(Login with { Detail = new string('d', 300) });
        await held.AwaitedAsync();

        // Long ones take more of the room: this one waits, the next has none.
        var waiting = log.AppendAsync(Login with { Detail = new string('d', 600) });
        await Assert.ThrowsAsync<StorageBusyException>(() => log.AppendAsync(Login with { Detail = new string('d', 300) }).Soon("the refusal"));
        held.Release();
        await Task.WhenAll(first, waiting).Soon("the entries that waited");

        Assert.Equal(2, (await log.ReadAsync(new AuditQuery(), CancellationToken.None)).Count);
    }

    [SuiteFact]
    public async Task ABrokenConnection_FailsTheAppend_AndTheNextHasANewOne()
    {
        await Log.AppendAsync(Login);
        using (var held = new HeldTable(_database, "audit"))
        {
            var append = Log.AppendAsync(Login);
            await held.AwaitedAsync();
            held.BreakWaiting();
            await Assert.ThrowsAsync<StorageFailedException>(() => append.Soon("the append"));
        }

        Assert.NotNull(_store!.Failure);
        await Log.AppendAsync(Login);
        Assert.Null(_store.Failure);
        Assert.Equal(2, (await ReadAsync(new AuditQuery())).Count);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_log is not null) await _log.DisposeAsync();
        if (_store is not null) await _store.DisposeAsync();
    }

    protected override async Task<IAuditLog> OpenAsync()
    {
        await DisposeAsync();
        _store = _database.Open();
        return _log = new PostgresAuditLog(_store);
    }
}
