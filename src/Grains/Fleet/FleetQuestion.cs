using System.Collections.Immutable;
using StatusMonitor.Grains.Hosts;

namespace StatusMonitor.Grains.Fleet;

/// <summary>What hosts are put in order by.</summary>
public enum FleetSort
{
    /// <summary>Their name, whatever its case.</summary>
    Name,

    /// <summary>What needs a person's eye first: offline, late, online, never seen.</summary>
    Status,

    /// <summary>CPU in use.</summary>
    Cpu,

    /// <summary>Memory in use.</summary>
    Memory,

    /// <summary>The fullest filesystem.</summary>
    Disk,

    /// <summary>Received and sent together.</summary>
    Network,

    /// <summary>When the newest report was taken in.</summary>
    LastSeen,
}

/// <summary>Which hosts of the fleet, in what order. Text is compared whatever its case; null, or empty, is any.</summary>
/// <param name="Search">Text that the name or a tag must contain.</param>
/// <param name="Status">The status it must have.</param>
/// <param name="Group">The group it must be in.</param>
/// <param name="Tag">The tag it must have.</param>
/// <param name="Sort">What they are put in order by.</param>
/// <param name="IsDescending">Largest first; hosts without the value always come last.</param>
[GenerateSerializer, Immutable, Alias("StatusMonitor.FleetQuestion")]
public sealed record FleetQuestion(
    [property: Id(0)] string? Search = null,
    [property: Id(1)] HostStatus? Status = null,
    [property: Id(2)] string? Group = null,
    [property: Id(3)] string? Tag = null,
    [property: Id(4)] FleetSort Sort = FleetSort.Name,
    [property: Id(5)] bool IsDescending = false)
{
    /// <summary>Whether the order, and so which hosts are on a page, moves with what hosts report and not only with what becomes of them.</summary>
    public bool IsMoving => Sort is not (FleetSort.Name or FleetSort.Status);

    /// <summary>Whether a host is asked for, on whatever page.</summary>
    public bool Matches(HostSummary host) =>
        (string.IsNullOrEmpty(Search) || Holds(host.Name, Search) || host.Tags is { } tags && tags.Any(tag => Holds(tag, Search)))
        && (Status is null || host.Status == Status)
        && (string.IsNullOrEmpty(Group) || Group.Equals(host.Group, StringComparison.OrdinalIgnoreCase))
        && (string.IsNullOrEmpty(Tag) || host.Tags is { } all && all.Contains(Tag, StringComparer.OrdinalIgnoreCase));

    private static bool Holds(string text, string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);
}

/// <summary>The order of a question: no two hosts are equal in it, so that shards which put their hosts in order agree on the whole.</summary>
public sealed class FleetOrder(FleetQuestion question) : IComparer<HostSummary>
{
    private readonly FleetSort _sort = question.Sort;
    private readonly bool _isDescending = question.IsDescending;

    /// <inheritdoc/>
    public int Compare(HostSummary? x, HostSummary? y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        if (PlaceOf(x, 0).CompareTo(PlaceOf(y, 0)) is var byValue and not 0) return byValue;
        var byName = string.Compare(x.Name, y.Name, StringComparison.OrdinalIgnoreCase);
        return Directed(byName == 0 ? x.Id.CompareTo(y.Id) : Math.Sign(byName));
    }

    /// <summary>The same order in numbers, for lines of which it is known how they stand to each other by name and id.</summary>
    internal FleetPlace PlaceOf(HostSummary host, int nameRank) => _sort == FleetSort.Name
        ? new FleetPlace(false, 0, Directed(nameRank))
        : ValueOf(host) is { } value ? new FleetPlace(false, _isDescending ? -value : value, nameRank) : new FleetPlace(true, 0, nameRank);

    /// <summary>Only an order by name has its names the other way round.</summary>
    private int Directed(int name) => _sort == FleetSort.Name && _isDescending ? -name : name;

    private double? ValueOf(HostSummary host) => _sort switch
    {
        FleetSort.Status => host.Status == HostStatus.Pending ? 3 : HostStatus.Offline - host.Status,
        FleetSort.Cpu => host.CpuPercent,
        FleetSort.Memory => host.MemoryPercent,
        FleetSort.Disk => host.DiskPercent,
        FleetSort.Network => host.RxBytesPerSecond + host.TxBytesPerSecond,
        _ => host.LastSeen?.ToUnixTimeMilliseconds(),
    };
}

/// <summary>Where a host stands in a <see cref="FleetOrder"/>: those without the value last, then by value, then by name.</summary>
internal readonly record struct FleetPlace(bool IsWithout, double Value, int NameRank) : IComparable<FleetPlace>
{
    public int CompareTo(FleetPlace other) =>
        IsWithout != other.IsWithout ? (IsWithout ? 1 : -1)
        : Value.CompareTo(other.Value) is var byValue and not 0 ? byValue
        : NameRank.CompareTo(other.NameRank);
}

/// <summary>A shard's part of the answer to a <see cref="FleetQuestion"/>.</summary>
/// <param name="ByStatus">How many hosts in each <see cref="HostStatus"/> the viewer sees at all.</param>
/// <param name="Matched">How many of them are asked for.</param>
/// <param name="First">How many of those come before <paramref name="Lines"/>.</param>
/// <param name="Lines">A stretch of them, in order; none only if none match.</param>
/// <param name="Groups">Groups of all that the viewer sees, in order, at most <see cref="MaxChoices"/>.</param>
/// <param name="Tags">Their tags, likewise.</param>
[GenerateSerializer, Immutable, Alias("StatusMonitor.FleetPart")]
public sealed record FleetPart(
    [property: Id(0)] ImmutableArray<int> ByStatus,
    [property: Id(1)] int Matched,
    [property: Id(2)] int First,
    [property: Id(3)] ImmutableArray<HostSummary> Lines,
    [property: Id(4)] ImmutableArray<string> Groups,
    [property: Id(5)] ImmutableArray<string> Tags)
{
    /// <summary>Groups or tags there are to choose from, at most.</summary>
    public const int MaxChoices = 200;
}
