using StatusMonitor.Gateway.Access;
using StatusMonitor.Grains.Hosts;

namespace StatusMonitor.Gateway.Live;

/// <summary>What changed of a host's line. Null is no line.</summary>
internal readonly record struct FleetChange(long Id, HostSummary? Before, HostSummary? After);

/// <summary>How many hosts in each status one viewer sees, kept up to date change by change: counting anew would go through the whole fleet for every viewer and update.</summary>
internal sealed class FleetTally
{
    private readonly int[] _byStatus = new int[4];

    public FleetTally(Viewer viewer, IEnumerable<HostSummary> fleet)
    {
        Viewer = viewer;
        foreach (var host in fleet) Add(host, 1);
        Counts = FleetCounts.Of(_byStatus);
    }

    public Viewer Viewer { get; }

    public FleetCounts Counts { get; private set; }

    /// <summary>Pages that show it.</summary>
    public int Pages { get; set; }

    public void Apply(IEnumerable<FleetChange> changes)
    {
        foreach (var (_, before, after) in changes)
        {
            if (before is not null) Add(before, -1);
            if (after is not null) Add(after, 1);
        }

        Counts = FleetCounts.Of(_byStatus);
    }

    private void Add(HostSummary host, int number)
    {
        if (host.IsVisibleTo(Viewer)) _byStatus[(int)host.Status] += number;
    }
}
