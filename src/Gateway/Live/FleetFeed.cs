using Orleans.Streams;
using StatusMonitor.Grains.Fleet;
using StatusMonitor.Grains.Hosts;

namespace StatusMonitor.Gateway.Live;

/// <summary>The fleet as it is now, kept up to date by one subscription to each shard, while anybody watches it.</summary>
internal sealed class FleetFeed(IClusterClient cluster, TimeProvider time)
{
    /// <summary>Shortest time between two looks at whether a browser's page is made up of other hosts now.</summary>
    private static readonly TimeSpan PageCheckInterval = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly Dictionary<long, HostSummary> _hosts = [];
    private readonly Dictionary<LiveConnection, Page> _pages = [];
    private readonly List<StreamSubscriptionHandle<FleetUpdate>> _subscriptions = [];

    public bool HasWatchers
    {
        get
        {
            lock (_gate) return _pages.Count > 0;
        }
    }

    public async Task StartAsync()
    {
        var streams = cluster.GetStreamProvider(LiveStreams.Provider);
        for (var shard = 0; shard < FleetGrain.Shards; shard++)
        {
            var stream = streams.GetStream<FleetUpdate>(StreamId.Create(LiveStreams.Fleet, shard));
            _subscriptions.Add(await stream.SubscribeAsync((update, _) =>
            {
                Apply(update);
                return Task.CompletedTask;
            }));
        }

        await RenewAsync();
        foreach (var host in await FleetPages.ReadAllAsync(cluster))
        {
            // An update that came meanwhile is newer than what was read.
            lock (_gate) _hosts.TryAdd(host.Id, host);
        }
    }

    /// <summary>Asks the shards to go on publishing.</summary>
    public Task RenewAsync() => Task.WhenAll(Enumerable.Range(0, FleetGrain.Shards).Select(shard => cluster.GetGrain<IFleetGrain>(shard).Watch()));

    public Task StopAsync() => Task.WhenAll(_subscriptions.Select(subscription => subscription.UnsubscribeAsync()));

    /// <summary>Gives a browser its page, and from now on the changes of the page's rows.</summary>
    public Task<FleetPage> WatchAsync(LiveConnection watcher, FleetQuery query)
    {
        HostSummary[] fleet;
        lock (_gate)
        {
            fleet = [.. _hosts.Values];
            _pages[watcher] = new Page(query, Ids(query, fleet)) { CheckedAt = time.GetTimestamp() };
        }

        return FleetPages.ReadAsync(cluster, fleet, query, time.GetUtcNow());
    }

    public void Remove(LiveConnection watcher)
    {
        lock (_gate) _pages.Remove(watcher);
    }

    private void Apply(FleetUpdate update)
    {
        lock (_gate)
        {
            foreach (var host in update.Changed) _hosts[host.Id] = host;
            var counts = FleetCounts.Of(_hosts.Values);
            foreach (var (watcher, page) in _pages)
            {
                watcher.Offer(counts, update.Changed.Where(host => page.Ids.Contains(host.Id)).Select(host => HostRow.Of(host)));
                CheckPage(watcher, page);
            }
        }
    }

    private void CheckPage(LiveConnection watcher, Page page)
    {
        var wait = PageCheckInterval - time.GetElapsedTime(page.CheckedAt);
        if (wait > TimeSpan.Zero)
        {
            // This may have been the last change for long.
            if (!page.IsCheckDue) _ = CheckPageAfterAsync(wait, watcher, page);
            page.IsCheckDue = true;
            return;
        }

        page.CheckedAt = time.GetTimestamp();
        if (!Ids(page.Query, _hosts.Values).SetEquals(page.Ids)) watcher.OfferResync();
    }

    private async Task CheckPageAfterAsync(TimeSpan wait, LiveConnection watcher, Page page)
    {
        await Task.Delay(wait, time);
        lock (_gate)
        {
            page.IsCheckDue = false;
            if (_pages.GetValueOrDefault(watcher) == page) CheckPage(watcher, page);
        }
    }

    private static HashSet<long> Ids(FleetQuery query, IEnumerable<HostSummary> fleet) =>
        [.. query.Match(fleet).Skip(query.EffectiveOffset).Take(query.EffectiveLimit).Select(host => host.Id)];

    private sealed class Page(FleetQuery query, HashSet<long> ids)
    {
        public FleetQuery Query { get; } = query;

        public HashSet<long> Ids { get; } = ids;

        public long CheckedAt { get; set; }

        /// <summary>It is going to be looked at anyway.</summary>
        public bool IsCheckDue { get; set; }
    }
}
