using StatusMonitor.Gateway.Access;
using StatusMonitor.Gateway.Live;
using StatusMonitor.Grains.Accounts;
using StatusMonitor.Grains.Hosts;
using StatusMonitor.Storage.Alerts;

namespace StatusMonitor.Gateway.Alerts;

/// <summary>Who may see an incident, and who may do something about it: lists, single ones and the live feed all ask here.</summary>
internal static class IncidentAccess
{
    /// <summary>Whether somebody may see it: it is of one's own rule, or one may see the host.</summary>
    /// <param name="viewer">Who.</param>
    /// <param name="accountId">Whose rule it is of.</param>
    /// <param name="access">What the viewer may do with the host.</param>
    public static bool IsVisible(Viewer viewer, long accountId, HostAccess access) => viewer.IsAdministrator || viewer.Id == accountId || access >= HostAccess.Read;

    /// <summary>Whether somebody may take it up or say something about it: it is of one's own rule, or one may change the host.</summary>
    /// <inheritdoc cref="IsVisible"/>
    public static bool MayChange(Viewer viewer, long accountId, HostAccess access) => viewer.IsAdministrator || viewer.Id == accountId || access >= HostAccess.Full;
}

/// <summary>The hosts that somebody may see, and what they may do with each.</summary>
internal sealed class IncidentHosts
{
    private readonly Viewer _viewer;
    private readonly Dictionary<long, HostSummary> _hosts;

    private IncidentHosts(Viewer viewer, Dictionary<long, HostSummary> hosts) => (_viewer, _hosts) = (viewer, hosts);

    public static async Task<IncidentHosts> ReadAsync(IGrainFactory grains, Viewer viewer) =>
        new(viewer, viewer.IsAdministrator ? [] : (await FleetPages.ReadAllAsync(grains, viewer)).DistinctBy(host => host.Id).ToDictionary(host => host.Id));

    /// <summary>The query for what of it they may see.</summary>
    public IncidentQuery Visible(IncidentQuery query)
    {
        if (_viewer.IsAdministrator) return query;
        var isOwn = _hosts.Values.ToLookup(host => host.AccessOf(_viewer) == HostAccess.Owner, host => host.Id);
        return query with { AccountId = _viewer.Id, HostIds = [.. isOwn[false]], OwnHostIds = [.. isOwn[true]] };
    }

    public HostAccess AccessTo(Incident incident) => _hosts.TryGetValue(incident.HostId, out var host) ? host.AccessOf(_viewer) : HostAccess.None;
}
