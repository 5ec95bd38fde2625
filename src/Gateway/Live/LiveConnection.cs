using System.Collections.Immutable;
using Microsoft.AspNetCore.SignalR;
using StatusMonitor.Gateway.Hosts;
using StatusMonitor.Grains.Hosts;

namespace StatusMonitor.Gateway.Live;

/// <summary>
/// What one browser is still to be sent. It holds the newest row of each host on its page and a bounded number of samples; when the
/// browser is slower than the fleet it skips, and never falls behind.
/// </summary>
internal sealed class LiveConnection(ISingleClientProxy client, CancellationToken closed)
{
    /// <summary>Samples of one host that may wait; more, and the browser is told to start over.</summary>
    private const int MaxWaitingSamples = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<long, PendingHost> _hosts = [];
    private readonly Dictionary<long, HostRow> _rows = [];
    private FleetCounts? _counts;
    private bool _resyncFleet;
    private bool _isSending;

    /// <summary>Feeds of the hosts this browser watches, by host id. Used by the hub's calls, one at a time.</summary>
    public Dictionary<long, HostFeed> Watched { get; } = [];

    /// <summary>Cancelled when the browser has gone.</summary>
    public CancellationToken Closed { get; } = closed;

    public void Offer(long hostId, HostUpdate update)
    {
        lock (_gate)
        {
            if (!_hosts.TryGetValue(hostId, out var pending)) _hosts.Add(hostId, pending = new PendingHost());
            pending.Add(update);
        }

        Send();
    }

    public void Offer(FleetCounts counts, IEnumerable<HostRow> rows)
    {
        lock (_gate)
        {
            _counts = counts;
            foreach (var row in rows) _rows[row.Id] = row;
        }

        Send();
    }

    /// <summary>Tells the browser to ask for its page anew.</summary>
    public void OfferResync()
    {
        lock (_gate) _resyncFleet = true;
        Send();
    }

    public void Forget(long hostId)
    {
        lock (_gate) _hosts.Remove(hostId);
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
            foreach (var (id, pending) in _hosts) pending.TakeInto(messages, id);
            _hosts.Clear();
            if (_counts is not null) messages.Add(("FleetChanged", new FleetChanged(_counts, [.. _rows.Values])));
            if (_resyncFleet) messages.Add(("Resync", new Resync(null)));
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
        private bool _isOver;

        public void Add(HostUpdate update)
        {
            _status = new HostStatusChanged(0, update.Status, update.LastSeen);
            if (_samples.Count + update.Samples.Length > MaxWaitingSamples) _isOver = true;
            if (_isOver) return;
            if (_firstNewSeries < 0) _firstNewSeries = update.FirstNewSeries;
            _newSeries.AddRange(update.NewSeries);
            _samples.AddRange(update.Samples);
        }

        public void TakeInto(List<(string, object)> messages, long id)
        {
            if (_isOver) messages.Add(("Resync", new Resync(id)));
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
