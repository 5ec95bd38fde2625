using System.Collections.Concurrent;
using StatusMonitor.Gateway.Access;
using StatusMonitor.Grains.Hosts;

namespace StatusMonitor.Gateway.Live;

/// <summary>
/// Feeds by what is watched: made with the first browser, ended with the last, and renewed in between. Starting and ending are rare
/// and take turns, so that a feed is never ended while somebody joins it.
/// </summary>
internal sealed partial class LiveFeeds(IClusterClient cluster, ServerOptions options, TimeProvider time, ILogger<LiveFeeds> logger) : BackgroundService
{
    /// <summary>A third of the leases, so that one renewal may fail.</summary>
    private static readonly TimeSpan RenewInterval = TimeSpan.FromSeconds(20);

    /// <summary>In a cluster a silo may be lost, and what is watched there goes on with the next renewal.</summary>
    private static readonly TimeSpan RenewIntervalOfGateway = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan RenewalRetry = TimeSpan.FromSeconds(1);

    /// <summary>Hosts one browser may watch at once.</summary>
    public const int MaxHostsPerConnection = 16;

    /// <summary>Live connections an account may have at once; one for each page that is open.</summary>
    public const int MaxConnectionsPerAccount = 100;

    private readonly SemaphoreSlim _turn = new(1);
    private readonly Dictionary<long, HostFeed> _hosts = [];
    private readonly Dictionary<long, AccountFeed> _accounts = [];
    private readonly ConcurrentDictionary<object, byte> _renewing = [];
    private readonly AlertsFeed _alerts = new(cluster);
    private FleetFeed? _fleet;
    private int _connections;

    /// <summary>Connections there are.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Watches over a new connection: it ends when its session does. One too many, or whose session has just ended, ends at once.</summary>
    public async Task EnterAsync(LiveConnection connection)
    {
        Interlocked.Increment(ref _connections);
        AccountFeed? feed = null;
        await InTurnAsync(async () =>
        {
            if (!_accounts.TryGetValue(connection.Account.Id, out feed))
            {
                feed = new AccountFeed(connection.Account.Id, cluster, RoleChangedAsync);
                await feed.StartAsync();
                _accounts.Add(feed.Id, feed);
            }

            feed.Add(connection);
            await _alerts.AddAsync(connection);
        });
        if (feed!.Connections > MaxConnectionsPerAccount) connection.Abort();

        // The session may have ended after the request was let in and before anybody listened.
        else await feed.CheckAsync();
    }

    /// <summary>The connection has ended: it watches nothing any more.</summary>
    public async Task LeaveAsync(LiveConnection connection)
    {
        Interlocked.Decrement(ref _connections);
        await UnwatchFleetAsync(connection);
        foreach (var id in connection.Watched.Keys) await UnwatchHostAsync(connection, id);
        await InTurnAsync(async () =>
        {
            await _alerts.RemoveAsync(connection);
            if (!_accounts.TryGetValue(connection.Account.Id, out var feed)) return;
            feed.Remove(connection);
            if (feed.Connections > 0) return;
            _accounts.Remove(feed.Id);
            await feed.StopAsync();
        });
    }

    /// <summary>Watches a host that the connection may see as far as is known; null if it may not after all, or there is no such host.</summary>
    public async Task<HostSnapshot?> WatchHostAsync(LiveConnection watcher, long id)
    {
        var feed = await JoinAsync(watcher, id);
        var isWatching = false;
        try
        {
            // Who may see it is asked after joining, and of the snapshot itself: a change before is in it, and one after sends the watcher away.
            var snapshot = await feed.GetSnapshotAsync();
            isWatching = snapshot?.Summary.IsVisibleTo(watcher.Viewer) == true && watcher.Watched.ContainsKey(id) && !watcher.Closed.IsCancellationRequested;
            if (!isWatching) return null;
            watcher.Show(id);
            return snapshot;
        }
        finally
        {
            if (!isWatching) await LeaveHostAsync(watcher, feed);
        }
    }

    public Task UnwatchHostAsync(LiveConnection watcher, long id) => watcher.Watched.TryGetValue(id, out var feed) ? LeaveHostAsync(watcher, feed) : Task.CompletedTask;

    public async Task<FleetPage> WatchFleetAsync(LiveConnection watcher, FleetQuery query)
    {
        Task<FleetPage>? page = null;
        await InTurnAsync(async () =>
        {
            if (_fleet is null)
            {
                var fleet = new FleetFeed(cluster, time);
                await fleet.StartAsync();
                _fleet = fleet;
            }

            page = _fleet.WatchAsync(watcher, query);
        });
        try
        {
            return await page!;
        }
        finally
        {
            // Its end may have come by while the page was read.
            if (watcher.Closed.IsCancellationRequested) await UnwatchFleetAsync(watcher);
        }
    }

    public async Task UnwatchFleetAsync(LiveConnection watcher)
    {
        _fleet?.Remove(watcher);
        watcher.ForgetFleet();
        await InTurnAsync(async () =>
        {
            if (_fleet is not { HasWatchers: false } idle) return;
            _fleet = null;
            await idle.StopAsync();
        });
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Role == ServerRole.Gateway ? RenewIntervalOfGateway : RenewInterval, time);
        // Ends the wait without an exception, which would be told as a failure if the server could not start and so never stops.
        using var stopping = stoppingToken.Register(timer.Dispose);
        while (await timer.WaitForNextTickAsync(CancellationToken.None))
        {
            List<(object Feed, Func<Task> Renew)> feeds = [];
            await InTurnAsync(() =>
            {
                foreach (var feed in _hosts.Values) feeds.Add((feed, feed.RenewAsync));
                foreach (var feed in _accounts.Values) feeds.Add((feed, feed.RenewAsync));
                if (_fleet is { } fleet) feeds.Add((fleet, fleet.RenewAsync));
                feeds.Add((_alerts, _alerts.RenewAsync));
                return Task.CompletedTask;
            });
            foreach (var (feed, renew) in feeds) _ = RenewAsync(feed, renew, stoppingToken);
        }
    }

    /// <summary>Each for itself and out of turn: when a silo is lost, those that were on it take seconds. What failed is tried again soon, until it succeeds.</summary>
    private async Task RenewAsync(object feed, Func<Task> renew, CancellationToken stoppingToken)
    {
        if (!_renewing.TryAdd(feed, 0)) return;
        var isSaid = false;
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                try
                {
                    await renew();
                    return;
                }
                catch (Exception exception)
                {
                    if (!isSaid) Log.RenewalFailed(logger, exception);
                    isSaid = true;
                }

                await Task.Delay(RenewalRetry, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        finally
        {
            _renewing.TryRemove(feed, out _);
        }
    }

    private async Task<HostFeed> JoinAsync(LiveConnection watcher, long id)
    {
        HostFeed? feed = null;
        await InTurnAsync(async () =>
        {
            if (!_hosts.TryGetValue(id, out feed))
            {
                feed = new HostFeed(id, cluster, abandoned => _ = AbandonedAsync(abandoned));
                await feed.StartAsync();
                _hosts.Add(id, feed);
            }

            watcher.Hide(id);
            watcher.Watched[id] = feed;
            feed.Add(watcher);
        });
        return feed!;
    }

    private Task LeaveHostAsync(LiveConnection watcher, HostFeed feed)
    {
        watcher.Watched.TryRemove(KeyValuePair.Create(feed.Id, feed));
        feed.Remove(watcher);
        watcher.Forget(feed.Id);
        return EndIfIdleAsync(feed);
    }

    private async Task AbandonedAsync(HostFeed feed)
    {
        try
        {
            await EndIfIdleAsync(feed);
        }
        catch (Exception exception)
        {
            Log.EndFailed(logger, exception, feed.Id);
        }
    }

    private Task EndIfIdleAsync(HostFeed feed) => InTurnAsync(async () =>
    {
        if (feed.HasWatchers || _hosts.GetValueOrDefault(feed.Id) != feed) return;
        _hosts.Remove(feed.Id);
        await feed.StopAsync();
    });

    private async Task RoleChangedAsync(LiveConnection connection)
    {
        _fleet?.ViewerChanged(connection);
        foreach (var feed in connection.Watched.Values) await feed.ReconsiderAsync();
    }

    private async Task InTurnAsync(Func<Task> action)
    {
        await _turn.WaitAsync();
        try
        {
            await action();
        }
        finally
        {
            _turn.Release();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "A watched host, account or the fleet could not be asked to go on publishing; trying again.")]
        public static partial void RenewalFailed(ILogger logger, Exception exception);

        [LoggerMessage(LogLevel.Warning, "The subscription to host {HostId}, which nobody watches any more, could not be ended.")]
        public static partial void EndFailed(ILogger logger, Exception exception, long hostId);
    }
}
