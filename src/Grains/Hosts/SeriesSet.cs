using System.Collections.Immutable;

namespace StatusMonitor.Grains.Hosts;

/// <summary>
/// The series of a report, in its order, as canonical names without repeats. An agent sends the same set again and again,
/// so one instance serves many reports, and whoever has seen it need not look at the names again.
/// </summary>
[GenerateSerializer, Immutable, Alias("StatusMonitor.SeriesSet")]
public sealed class SeriesSet(ImmutableArray<string> names)
{
    /// <summary>Canonical names (<see cref="Protocol.SeriesName"/>).</summary>
    [Id(0)]
    public ImmutableArray<string> Names { get; } = names;

    /// <summary>Whether both hold the same names in the same order.</summary>
    public bool SameAs(SeriesSet? other) => ReferenceEquals(this, other) || (other is not null && Names.AsSpan().SequenceEqual(other.Names.AsSpan()));
}
