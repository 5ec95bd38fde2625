using System.Collections.Immutable;
using StatusMonitor.Grains.Hosts;

namespace StatusMonitor.Grains.Fleet;

/// <summary>What a shard stores.</summary>
[GenerateSerializer, Alias("StatusMonitor.FleetState")]
public sealed class FleetState
{
    /// <summary>Name by host id, from before there were accounts; empty once it was read.</summary>
    [Id(0)]
    public Dictionary<long, string> Hosts { get; set; } = [];

    /// <summary>What is known of each host before it has been asked, by its id.</summary>
    [Id(1)]
    public Dictionary<long, FleetMember> Members { get; set; } = [];
}

/// <summary>The part of a host's line that only people change.</summary>
[GenerateSerializer, Immutable, Alias("StatusMonitor.FleetMember")]
public sealed record FleetMember(
    [property: Id(0)] string Name,
    [property: Id(1)] HostPeople People,
    [property: Id(2)] string? Group,
    [property: Id(3)] ImmutableArray<string> Tags)
{
    /// <summary>That part of a line.</summary>
    public static FleetMember Of(HostSummary line) => new(line.Name, line.People ?? HostPeople.Nobody, line.Group, line.Tags ?? []);

    /// <summary>Whether it says what a line says. Allocates nothing: it is asked at every update.</summary>
    public bool IsOf(HostSummary line) =>
        Name == line.Name && Group == line.Group && People.Equals(line.People ?? HostPeople.Nobody) && Tags.AsSpan().SequenceEqual(line.Tags.GetValueOrDefault().AsSpan());

    /// <summary>The line until the host has been asked.</summary>
    public HostSummary ToLine(long id) => new(id, Name, HostStatus.Pending, null, People: People, Group: Group, Tags: Tags);
}
