using StatusMonitor.Grains.Hosts;
using StatusMonitor.Storage.Alerts;

namespace StatusMonitor.Grains.Alerts;

/// <summary>Who may see an incident, and who may do something about it: lists, single ones, the live feed and the bot all ask here.</summary>
public static class IncidentAccess
{
    /// <summary>Whether somebody may see it: it is of one's own rule, or one may see the host.</summary>
    /// <param name="viewer">Who.</param>
    /// <param name="accountId">Whose rule it is of.</param>
    /// <param name="access">What the viewer may do with the host.</param>
    public static bool IsVisible(Viewer viewer, long accountId, HostAccess access) => viewer.IsAdministrator || viewer.Id == accountId || access >= HostAccess.Read;

    /// <summary>Whether somebody may take it up or say something about it: it is of one's own rule, or one may change the host.</summary>
    /// <inheritdoc cref="IsVisible"/>
    public static bool MayChange(Viewer viewer, long accountId, HostAccess access) => viewer.IsAdministrator || viewer.Id == accountId || access >= HostAccess.Full;

    /// <summary>The query for what of it somebody may see.</summary>
    /// <param name="query">What is looked for, of no account.</param>
    /// <param name="viewer">Who.</param>
    /// <param name="hosts">The hosts that the viewer may see; of no matter for an administrator, who sees all.</param>
    public static IncidentQuery Visible(IncidentQuery query, Viewer viewer, IEnumerable<HostSummary> hosts)
    {
        if (viewer.IsAdministrator) return query;
        var isOwn = hosts.ToLookup(host => (host.People ?? HostPeople.Nobody).AccessOf(viewer) == HostAccess.Owner, host => host.Id);
        return query with { AccountId = viewer.Id, HostIds = [.. isOwn[false]], OwnHostIds = [.. isOwn[true]] };
    }
}
