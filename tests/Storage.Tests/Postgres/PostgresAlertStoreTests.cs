using StatusMonitor.Storage.Alerts;
using StatusMonitor.Storage.Postgres;
using StatusMonitor.Storage.Tests.Alerts;
using StatusMonitor.Storage.Tests.Support;

namespace StatusMonitor.Storage.Tests.Postgres;

[NeedsPostgres]
public sealed class PostgresAcceptanceTests() : AcceptanceSuite(() => new PostgresAlertPlace(nameof(PostgresAcceptanceTests)));

[NeedsPostgres]
public sealed class PostgresDecisionTests() : DecisionSuite(() => new PostgresAlertPlace(nameof(PostgresDecisionTests)));

[NeedsPostgres]
public sealed class PostgresIncidentTests() : IncidentSuite(() => new PostgresAlertPlace(nameof(PostgresIncidentTests)));

/// <summary>What is PostgreSQL's own.</summary>
[NeedsPostgres]
public sealed class PostgresAlertStoreTests() : AlertStoreSuite(() => new PostgresAlertPlace(nameof(PostgresAlertStoreTests)))
{
    [SuiteFact]
    public async Task ABrokenConnection_FailsTheCall_AndTheNextHasANewOne()
    {
        using (var held = new HeldTable(((PostgresAlertPlace)Place).Database, "transitions"))
        {
            var accept = Alerts.AcceptAsync([Fired("1-1")]);
            await held.AwaitedAsync();
            held.BreakWaiting();
            await Assert.ThrowsAsync<StorageFailedException>(() => accept.Soon("the broken acceptance"));
        }

        await Alerts.AcceptAsync([Fired("1-1")]);
        Assert.Equal(["1-1"], await PendingAsync());
    }

    /// <summary>Two servers take in what concerns several accounts, in any order, and wait for each other no longer than that takes.</summary>
    [SuiteFact]
    public async Task ServersThatTakeInForManyAccounts_DoNotBlockEachOther()
    {
        var another = await Place.OpenAnotherAsync();
        var random = new Random(3);
        var calls = Enumerable.Range(0, 200).Select(i =>
        {
            var accounts = Enumerable.Range(1, 6).OrderBy(_ => random.Next()).Take(4);
            return (Store: i % 2 == 0 ? Alerts : another, Transitions: accounts.Select(account => Fired($"{account}-{i}", i, account, account)).ToList());
        }).ToList();

        await Task.WhenAll(calls.Select(call => call.Store.AcceptAsync(call.Transitions))).Soon("the acceptances");

        Assert.Equal(800, Place.Count("incidents"));
        Assert.Equal(800, Place.Count("pending_transitions"));
    }
}

/// <summary>A store in a database of its class.</summary>
internal sealed class PostgresAlertPlace(string name) : IAlertPlace
{
    private readonly List<IAsyncDisposable> _open = [];

    public PostgresDatabase Database { get; } = new(name);

    public async Task<IAlertStore> OpenAsync(int maxWaiting)
    {
        await DisposeAsync();
        return Open(maxWaiting);
    }

    public Task<IAlertStore> OpenAnotherAsync() => Task.FromResult<IAlertStore>(Open(100_000));

    public IDisposable BreakWrites() => Database.BreakWrites();

    public long Count(string table) => Database.Count($"select count(*) from statusmonitor.{table}");

    public async ValueTask DisposeAsync()
    {
        foreach (var resource in _open) await resource.DisposeAsync();
        _open.Clear();
    }

    private PostgresAlertStore Open(int maxWaiting)
    {
        var store = Database.Open(options => options.MaxWaitingAlerts = maxWaiting);
        var alerts = new PostgresAlertStore(store);
        _open.AddRange([alerts, store]);
        return alerts;
    }
}
