using System.Collections.Concurrent;
using Microsoft.AspNetCore.SignalR;
using StatusMonitor.Gateway.Hosts;
using StatusMonitor.Grains.Accounts;
using StatusMonitor.Grains.Hosts;

namespace StatusMonitor.Gateway.Live;

/// <summary>
/// What one browser is still to be sent. It holds the newest row of each host on its page and a bounded number of samples; when the
/// browser is slower than the fleet it skips, and never falls behind.
/// </summary>
internal sealed class LiveConnection(ISingleClientProxy client, AccountPrincipal account, Action abort, TimeProvider time, CancellationToken closed)
{
    /// <summary>Samples of one host that may wait; more, and the browser is told to start over.</summary>
    private const int MaxWaitingSamples = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<long, PendingHost> _hosts = [];
    private readonly Dictionary<long, HostRow> _rows = [];
    private readonly HashSet<long> _gone = [];
    private readonly PendingAlerts _alerts = new(time);
    private volatile AccountPrincipal _account = account;
    private FleetCounts? _counts;
    private bool _resyncFleet;
    private bool _isSending;

    /// <summary>Feeds of the hosts this browser watches, by host id. One that may no longer be seen leaves it at any time.</summary>
    public ConcurrentDictionary<long, HostFeed> Watched { get; } = [];

    /// <summary>Whom it belongs to, as of the last time the session was checked.</summary>
    public AccountPrincipal Account
    {
        get => _account;
        set => _account = value;
    }

    /// <summary>The account as the hosts' access rule sees it.</summary>
    public Viewer Viewer => _account.Viewer;

    /// <summary>Cancelled when the browser has gone.</summary>
    public CancellationToken Closed { get; } = closed;

    /// <summary>Ends the connection.</summary>
    public void Abort() => abort();

    /// <summary>Drops what waits of a host, and keeps back what comes until <see cref="Show"/>: whether it may be seen is not known yet.</summary>
    public void Hide(long hostId)
    {
        lock (_gate) _hosts[hostId] = new PendingHost { IsHidden = true };
    }

    /// <summary>What comes of the host may be sent.</summary>
    public void Show(long hostId)
    {
        lock (_gate)
        {
            if (!_hosts.TryGetValue(hostId, out var pending)) return;
            pending.IsHidden = false;
        }

        Send();
    }

    public void Offer(long hostId, HostUpdate update) => Offer(hostId, pending => pending.Add(update));

    /// <summary>Tells the browser to ask for the host anew.</summary>
    public void OfferResync(long hostId) => Offer(hostId, static pending => pending.IsOver = true);

    public void Offer(FleetCounts counts, IEnumerable<HostRow> rows)
    {
        lock (_gate)
        {
            _counts = counts;
            foreach (var row in rows) _rows[row.Id] = row;
        }

        Send();
    }

    /// <summary>The host's row may not be sent any more.</summary>
    public void Withdraw(long hostId)
    {
        lock (_gate) _rows.Remove(hostId);
    }

    /// <summary>Tells the browser to ask for its page anew.</summary>
    public void OfferResync()
    {
        lock (_gate) _resyncFleet = true;
        Send();
    }

    /// <summary>Something of an incident that may be seen has changed.</summary>
    public void Offer(string incidentId, long hostId) => Offer(alerts => alerts.Add(incidentId, hostId));

    /// <summary>Anything of alerts may have changed.</summary>
    public void OfferAnyAlerts() => Offer(alerts => alerts.AddAny());

    private void Offer(Func<PendingAlerts, TimeSpan?> add)
    {
        TimeSpan? wait;
        lock (_gate) wait = add(_alerts);
        if (wait == TimeSpan.Zero) Send();
        else if (wait is { } later) _ = SendAfterAsync(later);
    }

    public void Forget(long hostId)
    {
        lock (_gate) _hosts.Remove(hostId);
    }

    /// <summary>The host may not be seen any more: nothing that waits or comes of it is sent, and the browser is told.</summary>
    public void SendAway(HostFeed feed)
    {
        lock (_gate)
        {
            if (!Watched.TryRemove(KeyValuePair.Create(feed.Id, feed))) return;
            _hosts.Remove(feed.Id);
            _gone.Add(feed.Id);
        }

        Send();
    }

    public void ForgetFleet()
    {
        lock (_gate)
        {
            _rows.Clear();
            _counts = null;
            _resyncFleet = false;
        }
    }

    private void Offer(long hostId, Action<PendingHost> add)
    {
        lock (_gate)
        {
            // It may have stopped watching, or been sent away, while the feed was at it.
            if (!Watched.ContainsKey(hostId)) return;
            if (!_hosts.TryGetValue(hostId, out var pending)) _hosts.Add(hostId, pending = new PendingHost());
            add(pending);
        }

        Send();
    }

    private async Task SendAfterAsync(TimeSpan wait)
    {
        await Task.Delay(wait, time, Closed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_gate) _alerts.IsDue = true;
        Send();
    }

    private void Send()
    {
        lock (_gate)
        {
            if (_isSending) return;
            _isSending = true;
        }

        _ = SendAllAsync();
    }

    /// <summary>Sends until nothing waits. A send ends when the connection has taken it, so a slow browser makes what comes meanwhile merge.</summary>
    private async Task SendAllAsync()
    {
        // Off the feed's thread: it has other browsers to serve.
        await Task.Yield();
        try
        {
            while (Take() is { } messages)
            {
                foreach (var (method, argument) in messages) await client.SendAsync(method, argument, Closed);
            }
        }
        catch (Exception) when (Closed.IsCancellationRequested)
        {
            // The browser has gone, and with it all that waited.
        }
        catch (Exception)
        {
            // The connection broke in the middle of a message; its end is on the way to the hub. Nothing more is sent.
        }
    }

    private List<(string Method, object Argument)>? Take()
    {
        lock (_gate)
        {
            var messages = new List<(string, object)>();
            foreach (var id in _gone) messages.Add(("HostGone", new HostGone(id)));
            _gone.Clear();
            foreach (var (id, pending) in _hosts.Where(host => !host.Value.IsHidden).ToArray())
            {
                pending.TakeInto(messages, id);
                _hosts.Remove(id);
            }

            if (_counts is not null) messages.Add(("FleetChanged", new FleetChanged(_counts, [.. _rows.Values])));
            if (_resyncFleet) messages.Add(("Resync", new Resync(null)));
            if (_alerts.Take() is { } news) messages.Add(("AlertsChanged", news));
            _rows.Clear();
            _counts = null;
            _resyncFleet = false;
            if (messages.Count > 0) return messages;
            _isSending = false;
            return null;
        }
    }

    private sealed class PendingHost
    {
        private readonly List<LiveSample> _samples = [];
        private readonly List<string> _newSeries = [];
        private int _firstNewSeries = -1;
        private HostStatusChanged? _status;

        /// <summary>It cannot be made up for: the browser must start over.</summary>
        public bool IsOver { get; set; }

        /// <summary>Nothing of it may be sent yet.</summary>
        public bool IsHidden { get; set; }

        public void Add(HostUpdate update)
        {
            _status = new HostStatusChanged(0, update.Status, update.LastSeen);
            if (_samples.Count + update.Samples.Length > MaxWaitingSamples) IsOver = true;
            if (IsOver) return;
            if (_firstNewSeries < 0) _firstNewSeries = update.FirstNewSeries;
            _newSeries.AddRange(update.NewSeries);
            _samples.AddRange(update.Samples);
        }

        public void TakeInto(List<(string, object)> messages, long id)
        {
            if (IsOver) messages.Add(("Resync", new Resync(id)));
            else if (_samples.Count > 0) messages.Add(("HostSamples", new HostSamples(id, _firstNewSeries, [.. _newSeries.Select(SeriesView.Of)], [.. _samples.Select(View)])));
            if (_status is not null) messages.Add(("HostStatus", _status with { Id = id }));
        }

        private static SampleView View(LiveSample sample)
        {
            var values = new double?[sample.SeriesIds.IsEmpty ? 0 : sample.SeriesIds.Max() + 1];
            for (var i = 0; i < sample.SeriesIds.Length; i++) values[sample.SeriesIds[i]] = sample.Values[i];
            return new SampleView(sample.At, values);
        }
    }
}
