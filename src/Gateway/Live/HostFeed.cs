using System.Collections.Immutable;
using Orleans.Streams;
using StatusMonitor.Grains.Hosts;

namespace StatusMonitor.Gateway.Live;

/// <summary>The one subscription to a watched host, however many browsers watch it.</summary>
internal sealed class HostFeed(long id, IClusterClient cluster)
{
    private readonly IHostGrain _host = cluster.GetGrain<IHostGrain>(id);
    private ImmutableArray<LiveConnection> _watchers = [];
    private StreamSubscriptionHandle<HostUpdate>? _subscription;

    public long Id { get; } = id;

    public bool HasWatchers => !_watchers.IsEmpty;

    /// <summary>Subscribes first and asks for updates then, so that a snapshot taken afterwards and the updates together miss nothing.</summary>
    public async Task StartAsync()
    {
        var stream = cluster.GetStreamProvider(LiveStreams.Provider).GetStream<HostUpdate>(StreamId.Create(LiveStreams.Hosts, Id));
        _subscription = await stream.SubscribeAsync((update, _) =>
        {
            foreach (var watcher in _watchers) watcher.Offer(Id, update);
            return Task.CompletedTask;
        });
        await RenewAsync();
    }

    /// <summary>Asks the host to go on publishing.</summary>
    public Task RenewAsync() => _host.Watch();

    public Task<HostSnapshot?> GetSnapshotAsync() => _host.GetSnapshot();

    public Task StopAsync() => _subscription?.UnsubscribeAsync() ?? Task.CompletedTask;

    public void Add(LiveConnection watcher) => ImmutableInterlocked.Update(ref _watchers, static (watchers, added) => watchers.Contains(added) ? watchers : watchers.Add(added), watcher);

    public void Remove(LiveConnection watcher) => ImmutableInterlocked.Update(ref _watchers, static (watchers, removed) => watchers.Remove(removed), watcher);
}
