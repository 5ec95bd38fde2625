using StatusMonitor.Grains.Fleet;
using StatusMonitor.Grains.Hosts;

namespace StatusMonitor.Gateway.Live;

/// <summary>
/// Feeds by what is watched: made with the first browser, ended with the last, and renewed in between. Starting and ending are rare
/// and take turns, so that a feed is never ended while somebody joins it.
/// </summary>
internal sealed partial class LiveFeeds(IClusterClient cluster, TimeProvider time, ILogger<LiveFeeds> logger) : BackgroundService
{
    /// <summary>A third of the leases, so that one renewal may fail.</summary>
    private static readonly TimeSpan RenewInterval = TimeSpan.FromSeconds(20);

    /// <summary>Hosts one browser may watch at once.</summary>
    public const int MaxHostsPerConnection = 16;

    private readonly SemaphoreSlim _turn = new(1);
    private readonly Dictionary<long, HostFeed> _hosts = [];
    private FleetFeed? _fleet;

    /// <summary>Watches a host, or returns null if there is none.</summary>
    public async Task<HostSnapshot?> WatchHostAsync(LiveConnection watcher, long id)
    {
        if (!watcher.Watched.TryGetValue(id, out var feed))
        {
            if (await cluster.GetGrain<IHostGrain>(id).GetSummary() is null) return null;
            feed = await JoinAsync(watcher, id);
            watcher.Watched.Add(id, feed);
        }

        watcher.Forget(id);
        return await feed.GetSnapshotAsync();
    }

    public async Task UnwatchHostAsync(LiveConnection watcher, long id)
    {
        if (!watcher.Watched.Remove(id, out var feed)) return;
        feed.Remove(watcher);
        watcher.Forget(id);
        await InTurnAsync(async () =>
        {
            if (feed.HasWatchers || !_hosts.Remove(id)) return;
            await feed.StopAsync();
        });
    }

    public async Task<FleetPage> WatchFleetAsync(LiveConnection watcher, FleetQuery query)
    {
        watcher.ForgetFleet();
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
        return await page!;
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
        using var timer = new PeriodicTimer(RenewInterval, time);
        // Ends the wait without an exception, which would be told as a failure if the server could not start and so never stops.
        using var stopping = stoppingToken.Register(timer.Dispose);
        while (await timer.WaitForNextTickAsync(CancellationToken.None))
        {
            try
            {
                await InTurnAsync(() => Task.WhenAll(_hosts.Values.Select(feed => feed.RenewAsync()).Append(_fleet?.RenewAsync() ?? Task.CompletedTask)));
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Log.RenewalFailed(logger, exception);
            }
        }
    }

    private async Task<HostFeed> JoinAsync(LiveConnection watcher, long id)
    {
        HostFeed? feed = null;
        await InTurnAsync(async () =>
        {
            if (!_hosts.TryGetValue(id, out feed))
            {
                feed = new HostFeed(id, cluster);
                await feed.StartAsync();
                _hosts.Add(id, feed);
            }

            feed.Add(watcher);
        });
        return feed!;
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
        [LoggerMessage(LogLevel.Warning, "A watched host or the fleet could not be asked to go on publishing; trying again.")]
        public static partial void RenewalFailed(ILogger logger, Exception exception);
    }
}
