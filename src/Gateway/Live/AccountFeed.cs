using System.Collections.Immutable;
using StatusMonitor.Grains.Accounts;
using StatusMonitor.Grains.Live;

namespace StatusMonitor.Gateway.Live;

/// <summary>
/// The one subscription to an account that has live connections. Whenever something about the account changed, and at every renewal, the session of each
/// connection is checked: one that has ended takes its connections with it, and another role changes what they are shown.
/// </summary>
/// <param name="id">Account id.</param>
/// <param name="cluster">Where it is.</param>
/// <param name="roleChanged">Looks anew at what a connection watches.</param>
internal sealed class AccountFeed(long id, IClusterClient cluster, Func<LiveConnection, Task> roleChanged)
{
    private readonly IAccountGrain _account = cluster.GetGrain<IAccountGrain>(id);

    private readonly Lock _gate = new();
    private ImmutableArray<LiveConnection> _connections = [];

    // One check at a time, because the answer of an earlier one must not undo what a later one found; and at most one more that has not begun.
    private Task _check = Task.CompletedTask;
    private Task? _nextCheck;
    private LiveSubscription<AccountChanged>? _subscription;

    public long Id { get; } = id;

    public int Connections => _connections.Length;

    public async Task StartAsync()
    {
        _subscription = new LiveSubscription<AccountChanged>(cluster, LiveTopics.Account(Id), _ => CheckAsync());
        await _subscription.StartAsync();
        await _account.Watch();
    }

    /// <summary>Asks the account to go on publishing, and checks, in case that an update was lost.</summary>
    public async Task RenewAsync()
    {
        await Task.WhenAll(_subscription!.RenewAsync(), _account.Watch());
        await CheckAsync();
    }

    public Task StopAsync() => _subscription?.StopAsync() ?? Task.CompletedTask;

    public void Add(LiveConnection connection) => ImmutableInterlocked.Update(ref _connections, static (connections, added) => connections.Add(added), connection);

    public void Remove(LiveConnection connection) => ImmutableInterlocked.Update(ref _connections, static (connections, removed) => connections.Remove(removed), connection);

    /// <summary>Ends the connections whose session has ended; finds whatever had changed when this was called.</summary>
    public Task CheckAsync()
    {
        lock (_gate) return _nextCheck ??= _check = CheckAfterAsync(_check);
    }

    private async Task CheckAfterAsync(Task before)
    {
        // Always later, so that the caller has noted by then that this check is to come.
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        lock (_gate) _nextCheck = null;
        foreach (var session in _connections.GroupBy(connection => connection.Account.Session).ToArray())
        {
            var account = await _account.Check(session.Key);
            foreach (var connection in session) await ApplyAsync(connection, account);
        }
    }

    private async Task ApplyAsync(LiveConnection connection, AccountPrincipal? account)
    {
        if (account is null)
        {
            connection.Abort();
            return;
        }

        var isSameRole = connection.Account.Role == account.Role;
        connection.Account = account;
        if (!isSameRole) await roleChanged(connection);
    }
}
