using System.Collections.Immutable;
using StatusMonitor.Grains.Hosts;
using StatusMonitor.Grains.Live;

namespace StatusMonitor.Grains.Fleet;

/// <summary>Lines of the fleet that changed since the update before, each host at most once, and hosts that are no more.</summary>
[GenerateSerializer, Immutable, Alias("StatusMonitor.FleetUpdate")]
public sealed record FleetUpdate([property: Id(0)] ImmutableArray<HostSummary> Changed, [property: Id(1)] ImmutableArray<long> Removed) : LiveUpdate;
