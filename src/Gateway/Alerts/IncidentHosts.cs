using StatusMonitor.Gateway.Access;
using StatusMonitor.Gateway.Live;
using StatusMonitor.Grains.Alerts;
using StatusMonitor.Grains.Hosts;
using StatusMonitor.Storage.Alerts;

namespace StatusMonitor.Gateway.Alerts;

/// <summary>The hosts that somebody may see, and what they may do with each.</summary>
internal sealed class IncidentHosts
{
    private readonly Viewer _viewer;
    private readonly Dictionary<long, HostSummary> _hosts;

    private IncidentHosts(Viewer viewer, Dictionary<long, HostSummary> hosts) => (_viewer, _hosts) = (viewer, hosts);

    public static async Task<IncidentHosts> ReadAsync(IGrainFactory grains, Viewer viewer) =>
        new(viewer, viewer.IsAdministrator ? [] : (await FleetPages.ReadAllAsync(grains, viewer)).DistinctBy(host => host.Id).ToDictionary(host => host.Id));

    /// <summary>The query for what of it they may see.</summary>
    public IncidentQuery Visible(IncidentQuery query) => IncidentAccess.Visible(query, _viewer, _hosts.Values);

    public HostAccess AccessTo(Incident incident) => _hosts.TryGetValue(incident.HostId, out var host) ? host.AccessOf(_viewer) : HostAccess.None;
}
