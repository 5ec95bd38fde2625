using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace StatusMonitor.Silo;

/// <summary>How many activations of each class of grains this process has. Counts from when it is made, so that must be before the silo starts.</summary>
/// <remarks>It listens to the engine's metric, rather than asking its management grain: both engines have it, and it answers while the silo is busy.</remarks>
public sealed class Activations : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, int> _byType = new();

    /// <param name="meters">That of this process's host; another host in the same process counts its own.</param>
    public Activations(IMeterFactory meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument is { Name: "orleans-grains", Meter.Name: "Microsoft.Orleans" } && instrument.Meter.Scope == meters) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<int>((_, change, tags, _) => Count(change, tags));
        _listener.SetMeasurementEventCallback<long>((_, change, tags, _) => Count((int)change, tags));
        _listener.Start();
    }

    /// <summary>The classes by their names without namespace, the most numerous first. Classes of the same name count as one.</summary>
    public IReadOnlyList<(string Kind, int Count)> Read() =>
        [.. _byType.GroupBy(type => NameOf(type.Key), type => type.Value).Select(kind => (kind.Key, kind.Sum())).Where(kind => kind.Item2 > 0).OrderByDescending(kind => kind.Item2).ThenBy(kind => kind.Key, StringComparer.Ordinal)];

    public void Dispose() => _listener.Dispose();

    private void Count(int change, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var tag in tags)
        {
            if (tag is { Key: "type", Value: string type }) _byType.AddOrUpdate(type, change, (_, count) => count + change);
        }
    }

    /// <summary>Orleans names the assembly as well, and writes generic arguments in brackets.</summary>
    private static string NameOf(string type)
    {
        var name = type.AsSpan();
        if (name.IndexOfAny(',', '`', '<') is > 0 and var end) name = name[..end];
        return name[(name.LastIndexOf('.') + 1)..].ToString();
    }
}
