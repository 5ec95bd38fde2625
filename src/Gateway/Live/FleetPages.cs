using System.Collections.Immutable;
using StatusMonitor.Gateway.Access;
using StatusMonitor.Grains.Alerts;
using StatusMonitor.Grains.Fleet;
using StatusMonitor.Grains.Hosts;

namespace StatusMonitor.Gateway.Live;

/// <summary>How many hosts there are in each status.</summary>
internal sealed record FleetCounts(int Total, int Online, int Late, int Offline, int Pending)
{
    /// <param name="byStatus">A number for each <see cref="HostStatus"/>.</param>
    public static FleetCounts Of(ReadOnlySpan<int> byStatus)
    {
        var (online, late, offline, pending) = (byStatus[(int)HostStatus.Online], byStatus[(int)HostStatus.Late], byStatus[(int)HostStatus.Offline], byStatus[(int)HostStatus.Pending]);
        return new FleetCounts(online + late + offline + pending, online, late, offline, pending);
    }
}

/// <summary>A host's row on the fleet page. <paramref name="CpuSpark"/> comes only with a whole page.</summary>
/// <param name="Access">What whoever gets the row may do with the host.</param>
/// <param name="Firing">How many of its alerts fire, whoever's rules they are of.</param>
/// <param name="Severity">The worst severity of them, or null.</param>
internal sealed record HostRow(
    long Id,
    string Name,
    HostStatus Status,
    DateTimeOffset? LastSeen,
    double? CpuPercent,
    double? MemoryPercent,
    double? DiskPercent,
    double? RxBytesPerSecond,
    double? TxBytesPerSecond,
    double? Load1,
    double? UptimeSeconds,
    string? Group,
    IReadOnlyList<string> Tags,
    HostAccess Access,
    int Firing,
    AlertSeverity? Severity,
    IReadOnlyList<double?>? CpuSpark)
{
    public static HostRow Of(HostSummary host, Viewer viewer, ImmutableArray<double>? spark = null) => new(
        host.Id,
        host.Name,
        host.Status,
        host.LastSeen,
        host.CpuPercent,
        host.MemoryPercent,
        host.DiskPercent,
        host.RxBytesPerSecond,
        host.TxBytesPerSecond,
        host.Load1,
        host.UptimeSeconds,
        host.Group,
        host.Tags ?? [],
        host.AccessOf(viewer),
        host.Firing,
        host.Severity,
        spark?.Select(value => double.IsNaN(value) ? (double?)null : value).ToArray());
}

/// <summary>
/// A part of what somebody may see of the fleet, with counts of all of that, how many match the query, and the groups and tags there are to choose from,
/// at most <see cref="FleetPart.MaxChoices"/> of each.
/// </summary>
internal sealed record FleetPage(FleetCounts Counts, int Matched, IReadOnlyList<HostRow> Rows, IReadOnlyList<string> Groups, IReadOnlyList<string> Tags, DateTimeOffset ServerTime);

/// <summary>Puts pages of the fleet together.</summary>
internal static class FleetPages
{
    private const int SparkPoints = 60;

    /// <summary>The lines of all shards that somebody may see; null sees all.</summary>
    public static async Task<IReadOnlyCollection<HostSummary>> ReadAllAsync(IGrainFactory grains, Viewer? viewer)
    {
        var shards = await Task.WhenAll(Enumerable.Range(0, FleetGrain.Shards).Select(shard => grains.GetGrain<IFleetGrain>(shard).GetHosts(viewer)));
        return [.. shards.SelectMany(hosts => hosts)];
    }

    /// <summary>The page that a query asks for, as the shards have it now.</summary>
    public static Task<FleetSelection> SelectAsync(IGrainFactory grains, FleetQuery query, Viewer viewer) =>
        FleetSelection.ReadAsync(grains, query.ToQuestion(), viewer, query.EffectiveOffset, query.EffectiveLimit);

    /// <summary>The page with the sparklines of its rows.</summary>
    public static async Task<FleetPage> OfAsync(IGrainFactory grains, FleetSelection selection, Viewer viewer, DateTimeOffset now) => new(
        FleetCounts.Of(selection.ByStatus.AsSpan()),
        selection.Matched,
        await Task.WhenAll(selection.Lines.Select(async host => HostRow.Of(host, viewer, await grains.GetGrain<IHostGrain>(host.Id).GetCpuSpark(SparkPoints)))),
        selection.Groups,
        selection.Tags,
        now);
}
