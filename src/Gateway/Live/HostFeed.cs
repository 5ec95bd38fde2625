using System.Collections.Immutable;
using StatusMonitor.Grains.Hosts;
using StatusMonitor.Grains.Live;

namespace StatusMonitor.Gateway.Live;

/// <summary>The one subscription to a watched host, however many browsers watch it. A browser that may no longer see the host is sent away before it is sent anything more.</summary>
/// <param name="id">Host id.</param>
/// <param name="cluster">Where it is.</param>
/// <param name="abandoned">Told when the last watcher was sent away. It must not wait for the feed, which may be in the middle of an update.</param>
internal sealed class HostFeed(long id, IClusterClient cluster, Action<HostFeed> abandoned)
{
    private readonly IHostGrain _host = cluster.GetGrain<IHostGrain>(id);
    private ImmutableArray<LiveConnection> _watchers = [];
    private LiveSubscription<HostUpdate>? _subscription;

    public long Id { get; } = id;

    public bool HasWatchers => !_watchers.IsEmpty;

    /// <summary>Subscribes first and asks for updates then, so that a snapshot taken afterwards and the updates together miss nothing.</summary>
    public async Task StartAsync()
    {
        _subscription = new LiveSubscription<HostUpdate>(cluster, LiveTopics.Host(Id), ApplyAsync);
        await _subscription.StartAsync();
        await _host.Watch();
    }

    /// <summary>Asks the host to go on publishing, and who may see it, in case that an update was lost. Who may have missed something starts over.</summary>
    public async Task RenewAsync()
    {
        var isHeard = _subscription!.RenewAsync();
        var wasPublished = _host.Watch();
        await Task.WhenAll(isHeard, wasPublished);
        if (!await wasPublished || !await isHeard)
        {
            foreach (var watcher in _watchers) watcher.OfferResync(Id);
        }

        await ReconsiderAsync();
    }

    public Task<HostSnapshot?> GetSnapshotAsync() => _host.GetSnapshot();

    public Task StopAsync() => _subscription?.StopAsync() ?? Task.CompletedTask;

    public void Add(LiveConnection watcher) => ImmutableInterlocked.Update(ref _watchers, static (watchers, added) => watchers.Contains(added) ? watchers : watchers.Add(added), watcher);

    public void Remove(LiveConnection watcher) => ImmutableInterlocked.Update(ref _watchers, static (watchers, removed) => watchers.Remove(removed), watcher);

    /// <summary>Sends away who may not see the host (any more).</summary>
    public async Task ReconsiderAsync() => SendAway(await _host.GetPeople());

    private async Task ApplyAsync(HostUpdate update)
    {
        if (update.People is { } people)
        {
            // Nobody's host may be one that is deleted, which not even an administrator goes on watching. The others may do more or less with it now than
            // they were told.
            SendAway(people.OwnerId == 0 ? await _host.GetPeople() : people);
            foreach (var watcher in _watchers) watcher.OfferResync(Id);
        }

        foreach (var watcher in _watchers) watcher.Offer(Id, update);
    }

    /// <param name="people">Null if there is no such host any more.</param>
    private void SendAway(HostPeople? people)
    {
        var isLeft = false;
        foreach (var watcher in _watchers)
        {
            if (people?.AccessOf(watcher.Viewer) >= HostAccess.Read) continue;
            Remove(watcher);
            watcher.SendAway(this);
            isLeft = true;
        }

        if (isLeft && !HasWatchers) abandoned(this);
    }
}
