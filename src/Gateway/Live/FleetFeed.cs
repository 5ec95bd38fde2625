using System.Collections.Immutable;
using StatusMonitor.Gateway.Access;
using StatusMonitor.Grains.Fleet;
using StatusMonitor.Grains.Hosts;
using StatusMonitor.Grains.Live;

namespace StatusMonitor.Gateway.Live;

/// <summary>
/// The fleet while anybody watches it, by one subscription to each shard. It knows who may see which host and its status, of all of them, and is told of changed values only for hosts that are on somebody's page;
/// each browser is sent only what its account may see, and nothing at all when only other hosts changed.
/// </summary>
internal sealed class FleetFeed(IClusterClient cluster, TimeProvider time)
{
    /// <summary>Shortest time between two looks at whether a browser's page is made up of other hosts now.</summary>
    private static readonly TimeSpan PageCheckInterval = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly Dictionary<long, HostSummary> _hosts = [];
    private readonly Dictionary<LiveConnection, Page> _pages = [];
    private readonly Dictionary<Viewer, FleetTally> _tallies = [];
    private readonly List<LiveSubscription<FleetUpdate>> _subscriptions = [];

    // Hosts that went while the fleet was still being read; null once it is.
    private HashSet<long>? _gone = [];
    private int _entering;

    public bool HasWatchers
    {
        get
        {
            lock (_gate) return _pages.Count + _entering > 0;
        }
    }

    public async Task StartAsync()
    {
        for (var shard = 0; shard < FleetGrain.Shards; shard++)
        {
            var subscription = new LiveSubscription<FleetUpdate>(cluster, LiveTopics.Fleet(shard), update =>
            {
                Apply(update);
                return Task.CompletedTask;
            });
            await subscription.StartAsync();
            _subscriptions.Add(subscription);
        }

        await Task.WhenAll(Enumerable.Range(0, FleetGrain.Shards).Select(shard => cluster.GetGrain<IFleetGrain>(shard).Watch()));
        var fleet = await FleetPages.ReadAllAsync(cluster, viewer: null);
        lock (_gate)
        {
            // An update that came meanwhile is newer than what was read.
            foreach (var host in fleet.Where(host => !_gone!.Contains(host.Id))) _hosts.TryAdd(host.Id, host);
            _gone = null;
        }
    }

    /// <summary>Asks the shards to go on publishing. What may have been missed of one is read anew.</summary>
    public Task RenewAsync() => Task.WhenAll(Enumerable.Range(0, FleetGrain.Shards).Select(RenewAsync));

    public Task StopAsync() => Task.WhenAll(_subscriptions.Select(subscription => subscription.StopAsync()));

    /// <summary>Gives a browser its page, and from now on the changes of the page's rows.</summary>
    public async Task<FleetPage> WatchAsync(LiveConnection watcher, FleetQuery query)
    {
        lock (_gate) _entering++;
        try
        {
            while (true)
            {
                // Read from the shards, not from what has been heard here, so that a page is never older than the call that asked for it.
                var viewer = watcher.Viewer;
                var selection = await FleetPages.SelectAsync(cluster, query, viewer);
                if (!TryEnter(watcher, query, viewer, selection)) continue;

                // The page's lines are those from which on the shards tell of changes; what came in between went to nobody.
                var ids = selection.Lines.Select(line => line.Id).ToHashSet();
                var lines = (await Task.WhenAll(ids.GroupBy(id => id % FleetGrain.Shards).Select(shard => cluster.GetGrain<IFleetGrain>(shard.Key).Show([.. shard]))))
                    .SelectMany(shown => shown).Where(line => line.IsVisibleTo(viewer)).ToDictionary(line => line.Id);
                selection = selection with { Lines = [.. selection.Lines.Select(line => lines.GetValueOrDefault(line.Id)).OfType<HostSummary>()] };
                return await FleetPages.OfAsync(cluster, selection, viewer, time.GetUtcNow());
            }
        }
        finally
        {
            lock (_gate) _entering--;
        }
    }

    /// <summary>The browser's account may see more or less than before.</summary>
    public void ViewerChanged(LiveConnection watcher)
    {
        lock (_gate)
        {
            if (!_pages.TryGetValue(watcher, out var page) || page.Tally.Viewer == watcher.Viewer) return;
            Enter(watcher, new Page(page.Query, page.Ids, Tally(watcher.Viewer), page.Told));
        }

        watcher.OfferResync();
    }

    public void Remove(LiveConnection watcher)
    {
        lock (_gate)
        {
            if (_pages.Remove(watcher, out var page)) Leave(page.Tally);
        }
    }

    private async Task RenewAsync(int shard)
    {
        var fleet = cluster.GetGrain<IFleetGrain>(shard);
        ImmutableArray<long> shown;
        lock (_gate) shown = [.. _pages.Values.SelectMany(page => page.Ids).Where(id => id % FleetGrain.Shards == shard).Distinct()];
        var isHeard = await _subscriptions[shard].RenewAsync();
        var wentOn = await fleet.Watch();
        await fleet.Show(shown);
        if (wentOn && isHeard) return;

        var lines = await fleet.GetHosts(null);
        lock (_gate)
        {
            var ids = lines.Select(line => line.Id).ToHashSet();
            Apply(new FleetUpdate(
                [.. lines.Where(line => _hosts.GetValueOrDefault(line.Id) != line)], [.. _hosts.Keys.Where(id => id % FleetGrain.Shards == shard && !ids.Contains(id))]));
        }
    }

    private bool TryEnter(LiveConnection watcher, FleetQuery query, Viewer viewer, FleetSelection selection)
    {
        lock (_gate)
        {
            if (watcher.Viewer != viewer) return false;
            var page = new Page(query, [.. selection.Lines.Select(line => line.Id)], Tally(viewer), FleetCounts.Of(selection.ByStatus.AsSpan())) { CheckedAt = time.GetTimestamp() };
            Enter(watcher, page);

            // A host that came or went between the reading and now was told of to nobody.
            Offer(watcher, page, []);
            return true;
        }
    }

    private void Enter(LiveConnection watcher, Page page)
    {
        page.Tally.Pages++;
        if (_pages.Remove(watcher, out var before)) Leave(before.Tally);
        _pages[watcher] = page;
        watcher.ForgetFleet();
    }

    private FleetTally Tally(Viewer viewer)
    {
        if (!_tallies.TryGetValue(viewer, out var tally)) _tallies.Add(viewer, tally = new FleetTally(viewer, _hosts.Values));
        return tally;
    }

    private void Leave(FleetTally tally)
    {
        if (--tally.Pages == 0) _tallies.Remove(tally.Viewer);
    }

    private void Apply(FleetUpdate update)
    {
        lock (_gate)
        {
            var changes = new List<FleetChange>();
            foreach (var id in update.Removed)
            {
                _gone?.Add(id);
                _hosts.Remove(id, out var before);
                changes.Add(new FleetChange(id, before, null));
            }

            foreach (var host in update.Changed)
            {
                changes.Add(new FleetChange(host.Id, _hosts.GetValueOrDefault(host.Id), host));
                _hosts[host.Id] = host;
            }

            foreach (var tally in _tallies.Values) tally.Apply(changes);
            foreach (var (watcher, page) in _pages) Tell(watcher, page, changes);
        }
    }

    private void Tell(LiveConnection watcher, Page page, List<FleetChange> changes)
    {
        var viewer = page.Tally.Viewer;
        var rows = new List<HostRow>();
        var isConcerned = false;
        foreach (var (id, before, after) in changes)
        {
            var (saw, sees, isOnPage) = (before?.IsVisibleTo(viewer) == true, after?.IsVisibleTo(viewer) == true, page.Ids.Contains(id));
            isConcerned |= (saw || sees) && (page.Question.IsMoving || before is null || after is null || page.Question.Matches(before) != page.Question.Matches(after) || page.Order.Compare(before, after) != 0);
            if (sees && isOnPage) rows.Add(HostRow.Of(after!, viewer));
            if (!sees) watcher.Withdraw(id);

            // What somebody may see counts at once, also if it was otherwise only while the page was read. The browser asks for its page again, and telling it
            // more often could do no more.
            var isNews = sees ? !saw && !isOnPage && page.Question.Matches(after!) : isOnPage;
            if (!isNews || page.IsStale) continue;
            page.IsStale = true;
            watcher.OfferResync();
        }

        Offer(watcher, page, rows);
        if (isConcerned) CheckPage(watcher, page);
    }

    /// <summary>Nothing is sent if there is nothing to tell: the mere moment would tell of hosts that are not this viewer's.</summary>
    private static void Offer(LiveConnection watcher, Page page, List<HostRow> rows)
    {
        if (rows.Count == 0 && page.Told == page.Tally.Counts) return;
        page.Told = page.Tally.Counts;
        watcher.Offer(page.Told, rows);
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
        _ = CheckPageAsync(watcher, page);
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

    private async Task CheckPageAsync(LiveConnection watcher, Page page)
    {
        try
        {
            var selection = await FleetPages.SelectAsync(cluster, page.Query, page.Tally.Viewer);
            lock (_gate)
            {
                if (_pages.GetValueOrDefault(watcher) == page && !page.Ids.SetEquals(selection.Lines.Select(line => line.Id))) watcher.OfferResync();
            }
        }
        catch (Exception)
        {
            // A shard cannot answer. Whoever asks for the page is told why.
            watcher.OfferResync();
        }
    }

    private sealed class Page(FleetQuery query, HashSet<long> ids, FleetTally tally, FleetCounts told)
    {
        public FleetQuery Query { get; } = query;

        public FleetQuestion Question { get; } = query.ToQuestion();

        public FleetOrder Order { get; } = new(query.ToQuestion());

        public HashSet<long> Ids { get; } = ids;

        public FleetTally Tally { get; } = tally;

        /// <summary>The counts the browser knows.</summary>
        public FleetCounts Told { get; set; } = told;

        public long CheckedAt { get; set; }

        /// <summary>It is going to be looked at anyway.</summary>
        public bool IsCheckDue { get; set; }

        /// <summary>The browser was told at once that it sees other hosts now.</summary>
        public bool IsStale { get; set; }
    }
}
