using Microsoft.Data.Sqlite;
using StatusMonitor.Storage.Alerts;
using StatusMonitor.Storage.Sqlite;
using StatusMonitor.Storage.Tests.Alerts;
using StatusMonitor.Storage.Tests.Support;

namespace StatusMonitor.Storage.Tests.Sqlite;

public sealed class SqliteAcceptanceTests() : AcceptanceSuite(() => new SqliteAlertPlace());

public sealed class SqliteDecisionTests() : DecisionSuite(() => new SqliteAlertPlace());

public sealed class SqliteIncidentTests() : IncidentSuite(() => new SqliteAlertPlace());

/// <summary>What is SQLite's own.</summary>
public sealed class SqliteAlertStoreTests() : AlertStoreSuite(() => new SqliteAlertPlace())
{
    [Fact]
    public async Task WhatIsTakenInAndDecided_IsOnDisk_WhenTheCallEnds()
    {
        using var folder = new DataFolder();
        using var store = folder.Open(options => options.CheckpointPages = 1_000_000);
        var alerts = new SqliteAlertStore(store, TimeProvider.System);
        await alerts.AcceptAsync([Fired("1-1"), Fired("1-2")]);
        Assert.True(await alerts.DecideAsync(Mine, ["1-1"], [Message("m", "1-1")], []));

        using var copy = folder.CopyAsAfterACrash();
        using var recovered = copy.Open();
        var after = new SqliteAlertStore(recovered, TimeProvider.System);
        await after.AcceptAsync([Fired("1-1")]);
        Assert.Equal(["1-2"], (await after.ReadPendingAsync(Mine, 10, CancellationToken.None)).Select(pending => pending.Id));
        Assert.Equal("m", Assert.Single(await after.ReadQueuedAsync(Mine, 10, CancellationToken.None)).Entry.Id);
    }

    [Fact]
    public async Task WritesThatComeTogether_AreOneGroup()
    {
        var store = ((SqliteAlertPlace)Place).Store;
        var before = store.Committed;
        var held = await HeldWrite.HoldAsync(store);
        var writes = Enumerable.Range(0, 500).Select(i => Alerts.AcceptAsync([Fired($"{i}-1", host: i)])).ToList();
        held.Release();

        await Task.WhenAll(writes).Soon("the transitions");

        Assert.Equal((before.Groups + 2, before.Writes + 501), store.Committed);
    }

    [Fact]
    public async Task AFullQueue_RefusesTransitions_AndTakesThemLater()
    {
        using var folder = new DataFolder();
        using var store = folder.Open(options => options.MaxWaitingRows = 3);
        var alerts = new SqliteAlertStore(store, TimeProvider.System);
        var held = await HeldWrite.HoldAsync(store);
        var waiting = alerts.AcceptAsync([Fired("1-1") with { Payload = new string('p', 3_000) }]);
        await Assert.ThrowsAsync<StorageBusyException>(() => alerts.AcceptAsync([Fired("1-2")]).Soon("the refusal"));
        held.Release();
        await waiting.Soon("what waited");

        await alerts.AcceptAsync([Fired("1-2")]);
        Assert.Equal(["1-1", "1-2"], (await alerts.ReadPendingAsync(Mine, 10, CancellationToken.None)).Select(pending => pending.Id));
    }

    /// <summary>Lists must not read and sort what they do not show.</summary>
    [Theory]
    [InlineData("account_id = 7", "incidents_account")]
    [InlineData("account_id = 7 and state < 2 and state in (0, 1)", "incidents_active_account")]
    [InlineData("state < 2 and state in (0, 1)", "incidents_active")]
    [InlineData("(opened_at, id) < (5, 'x')", "incidents_all")]
    [InlineData("account_id = 7 and (opened_at, id) < (5, 'x') and severity in (2)", "incidents_account")]
    [InlineData("host_id in (7) and owner_id <> account_id and account_id <> 7", "incidents_foreign")]
    [InlineData("account_id = 7 and (+resolved_at is null or +resolved_at >= 5)", "incidents_account")]
    public async Task AListOfIncidents_ComesInOrderFromAnIndex(string condition, string index)
    {
        var store = ((SqliteAlertPlace)Place).Store;
        var plan = await store.ReadAsync(
            connection => string.Join('\n', connection.Rows($"explain query plan select {AlertRows.IncidentColumns} from incidents where {condition} order by opened_at desc, id desc limit 100", [], row => row.GetString(3))),
            CancellationToken.None);

        Assert.Contains($"USING INDEX {index} ", plan + " ", StringComparison.Ordinal);
        Assert.DoesNotContain("TEMP B-TREE", plan, StringComparison.Ordinal);
    }
}

/// <summary>A store in a folder of its own.</summary>
internal sealed class SqliteAlertPlace : IAlertPlace
{
    private readonly DataFolder _folder = new();
    private SqliteStore? _store;
    private SqliteAlertStore? _alerts;

    public SqliteStore Store => _store!;

    public Task<IAlertStore> OpenAsync(int maxWaiting)
    {
        _store?.Dispose();
        _store = _folder.Open(options => options.MaxWaitingAlerts = maxWaiting);
        return Task.FromResult<IAlertStore>(_alerts = new SqliteAlertStore(_store, TimeProvider.System));
    }

    public Task<IAlertStore> OpenAnotherAsync() => Task.FromResult<IAlertStore>(_alerts!);

    /// <summary>As if the disk were full: nothing can be written, all can be read.</summary>
    public IDisposable BreakWrites()
    {
        var other = new SqliteConnection($"Data Source={_folder.Database};Pooling=False");
        other.Open();
        _ = other.BeginTransaction(deferred: false);
        return other;
    }

    public long Count(string table) => _folder.Execute($"select count(*) from {table}");

    public ValueTask DisposeAsync()
    {
        _store?.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
