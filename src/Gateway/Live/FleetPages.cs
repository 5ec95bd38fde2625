using System.Collections.Immutable;
using StatusMonitor.Grains.Fleet;
using StatusMonitor.Grains.Hosts;

namespace StatusMonitor.Gateway.Live;

/// <summary>Which part of the fleet to show, in what order.</summary>
/// <param name="Search">Text the name must contain, whatever its case.</param>
/// <param name="Status"><c>pending</c>, <c>online</c>, <c>late</c> or <c>offline</c>.</param>
/// <param name="Sort"><c>name</c> (default), <c>status</c>, <c>cpu</c>, <c>memory</c>, <c>disk</c>, <c>network</c> or <c>lastSeen</c>.</param>
/// <param name="Descending">Largest first; hosts without the value always come last.</param>
/// <param name="Offset">Rows to leave out at the beginning.</param>
/// <param name="Limit">Rows to show, 1 to <see cref="MaxLimit"/>; default 100.</param>
internal sealed record FleetQuery(string? Search = null, string? Status = null, string? Sort = null, bool? Descending = null, int? Offset = null, int? Limit = null)
{
    public const int MaxLimit = 200;
    private const int DefaultLimit = 100;
    private static readonly string[] Sorts = ["name", "status", "cpu", "memory", "disk", "network", "lastSeen"];

    public int EffectiveOffset => Offset ?? 0;

    public int EffectiveLimit => Limit ?? DefaultLimit;

    /// <summary>What is wrong with it, by field, or null.</summary>
    public Dictionary<string, string[]>? Errors()
    {
        var errors = new Dictionary<string, string[]>();
        if (Search is { Length: > 100 }) errors["search"] = ["must have at most 100 characters"];
        if (!string.IsNullOrEmpty(Status) && !Enum.GetNames<HostStatus>().Contains(Status, StringComparer.OrdinalIgnoreCase)) errors["status"] = ["must be pending, online, late or offline"];
        if (!string.IsNullOrEmpty(Sort) && !Sorts.Contains(Sort)) errors["sort"] = [$"must be one of {string.Join(", ", Sorts)}"];
        if (EffectiveOffset < 0) errors["offset"] = ["must be 0 or more"];
        if (EffectiveLimit is < 1 or > MaxLimit) errors["limit"] = [$"must be 1 to {MaxLimit}"];
        return errors.Count > 0 ? errors : null;
    }

    /// <summary>The hosts it matches, in its order.</summary>
    public List<HostSummary> Match(IEnumerable<HostSummary> hosts)
    {
        if (!string.IsNullOrEmpty(Search)) hosts = hosts.Where(host => host.Name.Contains(Search, StringComparison.OrdinalIgnoreCase));
        if (Enum.TryParse<HostStatus>(Status, ignoreCase: true, out var status)) hosts = hosts.Where(host => host.Status == status);

        var sorted = Sort switch
        {
            // What needs a person's eye first: offline, late, online, never seen.
            "status" => By(hosts, host => host.Status == HostStatus.Pending ? 3.0 : (double)(HostStatus.Offline - host.Status)),
            "cpu" => By(hosts, host => host.CpuPercent),
            "memory" => By(hosts, host => host.MemoryPercent),
            "disk" => By(hosts, host => host.DiskPercent),
            "network" => By(hosts, host => host.RxBytesPerSecond + host.TxBytesPerSecond),
            "lastSeen" => By(hosts, host => host.LastSeen?.ToUnixTimeMilliseconds()),
            _ => Descending == true
                ? hosts.OrderByDescending(host => host.Name, StringComparer.OrdinalIgnoreCase)
                : hosts.OrderBy(host => host.Name, StringComparer.OrdinalIgnoreCase),
        };
        return [.. sorted.ThenBy(host => host.Name, StringComparer.OrdinalIgnoreCase).ThenBy(host => host.Id)];
    }

    private IOrderedEnumerable<HostSummary> By(IEnumerable<HostSummary> hosts, Func<HostSummary, double?> value)
    {
        var withValueFirst = hosts.OrderBy(host => value(host) is null);
        return Descending == true ? withValueFirst.ThenByDescending(value) : withValueFirst.ThenBy(value);
    }
}

/// <summary>How many hosts there are in each status.</summary>
internal sealed record FleetCounts(int Total, int Online, int Late, int Offline, int Pending)
{
    public static FleetCounts Of(IReadOnlyCollection<HostSummary> hosts)
    {
        var byStatus = new int[4];
        foreach (var host in hosts) byStatus[(int)host.Status]++;
        return new FleetCounts(hosts.Count, byStatus[(int)HostStatus.Online], byStatus[(int)HostStatus.Late], byStatus[(int)HostStatus.Offline], byStatus[(int)HostStatus.Pending]);
    }
}

/// <summary>A host's row on the fleet page. <paramref name="CpuSpark"/> comes only with a whole page.</summary>
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
    IReadOnlyList<double?>? CpuSpark)
{
    public static HostRow Of(HostSummary host, ImmutableArray<double>? spark = null) => new(
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
        spark?.Select(value => double.IsNaN(value) ? (double?)null : value).ToArray());
}

/// <summary>A part of the fleet, with counts of all of it and how many match the query.</summary>
internal sealed record FleetPage(FleetCounts Counts, int Matched, IReadOnlyList<HostRow> Rows, DateTimeOffset ServerTime);

/// <summary>Puts pages of the fleet together.</summary>
internal static class FleetPages
{
    private const int SparkPoints = 60;

    /// <summary>The lines of all shards.</summary>
    public static async Task<IReadOnlyCollection<HostSummary>> ReadAllAsync(IGrainFactory grains)
    {
        var shards = await Task.WhenAll(Enumerable.Range(0, FleetGrain.Shards).Select(shard => grains.GetGrain<IFleetGrain>(shard).GetHosts(null)));
        return [.. shards.SelectMany(hosts => hosts)];
    }

    /// <summary>A page with the sparklines of its rows.</summary>
    public static async Task<FleetPage> ReadAsync(IGrainFactory grains, IReadOnlyCollection<HostSummary> fleet, FleetQuery query, DateTimeOffset now)
    {
        var matched = query.Match(fleet);
        var rows = matched.Skip(query.EffectiveOffset).Take(query.EffectiveLimit);
        var withSparks = await Task.WhenAll(rows.Select(async host => HostRow.Of(host, await grains.GetGrain<IHostGrain>(host.Id).GetCpuSpark(SparkPoints))));
        return new FleetPage(FleetCounts.Of(fleet), matched.Count, withSparks, now);
    }
}
