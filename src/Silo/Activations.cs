using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using StatusMonitor.Grains.Hosts;

namespace StatusMonitor.Silo;

/// <summary>How many activations of each class of grains this process has. Counts from when it is made, so that must be before the silo starts.</summary>
/// <remarks>It listens to the engine's metric, rather than asking its management grain: both engines have it, and it answers while the silo is busy.</remarks>
public sealed class Activations : IDisposable
{
    private const string OfEngine = "Engine";

    // Types are called as their classes, in small letters and without "grain".
    private static readonly Dictionary<string, string> Names = typeof(HostGrain).Assembly.GetTypes()
        .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(Grain)))
        .ToDictionary(type => type.Name[..^"Grain".Length].ToLowerInvariant(), type => type.Name);

    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, int> _byType = new();

    /// <param name="meters">That of this process's host; another host in the same process counts its own.</param>
    public Activations(IMeterFactory meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument is { Name: "orleans-grains", Meter.Name: "Microsoft.Orleans" } && instrument.Meter.Scope == meters) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<int>((_, change, tags, _) =>
        {
            foreach (var tag in tags)
            {
                if (tag.Key == "grain_type" && tag.Value?.ToString() is { } type) _byType.AddOrUpdate(type, change, (_, count) => count + change);
            }
        });
        _listener.Start();
    }

    /// <summary>The classes by their names, the most numerous first; those of the engine's own together.</summary>
    public IReadOnlyList<(string Kind, int Count)> Read() =>
        [.. _byType.GroupBy(type => Names.GetValueOrDefault(type.Key, OfEngine), (kind, types) => (Kind: kind, Count: types.Sum(type => type.Value)))
            .Where(kind => kind.Count > 0).OrderByDescending(kind => kind.Count).ThenBy(kind => kind.Kind, StringComparer.Ordinal)];

    public void Dispose() => _listener.Dispose();
}
