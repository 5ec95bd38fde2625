using System.Collections.Immutable;
using StatusMonitor.Gateway.Alerts;
using StatusMonitor.Grains.Alerts;
using StatusMonitor.Grains.Hosts;
using StatusMonitor.Grains.Live;

namespace StatusMonitor.Gateway.Live;

/// <summary>
/// The one subscription to what changes of alerts, while there are live connections. Each is told of what its account may see at that moment, by the rule that holds
/// everywhere; nobody asks for it. Joining and leaving take turns.
/// </summary>
internal sealed class AlertsFeed(IClusterClient cluster)
{
    private ImmutableArray<LiveConnection> _connections = [];
    private LiveSubscription<AlertsChanged>? _subscription;

    public async Task AddAsync(LiveConnection connection)
    {
        if (_subscription is null)
        {
            var subscription = new LiveSubscription<AlertsChanged>(cluster, LiveTopics.Alerts, change =>
            {
                Apply(change);
                return Task.CompletedTask;
            });
            await subscription.StartAsync();
            _subscription = subscription;
        }

        ImmutableInterlocked.Update(ref _connections, static (connections, added) => connections.Add(added), connection);
    }

    public async Task RemoveAsync(LiveConnection connection)
    {
        ImmutableInterlocked.Update(ref _connections, static (connections, removed) => connections.Remove(removed), connection);
        if (!_connections.IsEmpty || _subscription is not { } idle) return;
        _subscription = null;
        await idle.StopAsync();
    }

    /// <summary>Who may have missed something reads all anew.</summary>
    public async Task RenewAsync()
    {
        if (_subscription is null || await _subscription.RenewAsync()) return;
        foreach (var connection in _connections) connection.OfferAnyAlerts();
    }

    private void Apply(AlertsChanged change)
    {
        foreach (var connection in _connections)
        {
            var viewer = connection.Viewer;
            if (IncidentAccess.IsVisible(viewer, change.AccountId, change.People.AccessOf(viewer))) connection.Offer(change.IncidentId, change.HostId);
        }
    }
}
