using System.Diagnostics.Metrics;

namespace Orleans.Runtime;

/// <summary>Counts the activations there are, by their type, as Orleans' own metric of that name does.</summary>
internal sealed class GrainInstruments(IMeterFactory meters)
{
    private readonly UpDownCounter<int> _grains = meters.Create("Microsoft.Orleans").CreateUpDownCounter<int>("orleans-grains");

    public void Began(GrainClass grainClass) => _grains.Add(1, Tag(grainClass));

    public void Ended(GrainClass grainClass) => _grains.Add(-1, Tag(grainClass));

    private static KeyValuePair<string, object?> Tag(GrainClass grainClass) => new("grain_type", grainClass.GrainType.ToString());
}
