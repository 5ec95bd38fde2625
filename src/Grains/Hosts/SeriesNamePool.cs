using System.Collections.Concurrent;

namespace StatusMonitor.Grains.Hosts;

/// <summary>One string for the many hosts that have a series of the same name. Bounded: names beyond are used as they come.</summary>
public static class SeriesNamePool
{
    private const int MaxNames = 100_000;

    private static readonly ConcurrentDictionary<string, string> Names = new(StringComparer.Ordinal);

    /// <summary>The shared instance of a canonical name.</summary>
    public static string Share(string name)
    {
        if (Names.TryGetValue(name, out var shared)) return shared;
        return Names.Count < MaxNames ? Names.GetOrAdd(name, name) : name;
    }
}
