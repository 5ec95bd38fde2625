using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using StatusMonitor.Grains.Hosts;

namespace StatusMonitor.Gateway.Reports;

/// <summary>The series of a report as the agent spells them, with what they mean.</summary>
internal sealed class ReportShape(byte[][] spellings, SeriesSet series)
{
    // Machines of a kind send the same series; sharing the set lets every grain recognise it by reference.
    private static readonly ConcurrentDictionary<SetKey, SeriesSet> Sets = new();
    private const int MaxSets = 20_000;

    public static ReportShape Empty { get; } = new([], new SeriesSet([]));

    /// <summary>The property names of the samples in UTF-8.</summary>
    public byte[][] Spellings { get; } = spellings;

    public SeriesSet Series { get; } = series;

    public static ReportShape Of(IReadOnlyList<string> spellings, ImmutableArray<string> names) =>
        new([.. spellings.Select(Encoding.UTF8.GetBytes)], Share(names));

    private static SeriesSet Share(ImmutableArray<string> names)
    {
        var key = new SetKey(names);
        if (Sets.TryGetValue(key, out var set)) return set;
        set = new SeriesSet(names);
        return Sets.Count < MaxSets ? Sets.GetOrAdd(key, set) : set;
    }

    private readonly record struct SetKey(ImmutableArray<string> Names)
    {
        public bool Equals(SetKey other) => Names.AsSpan().SequenceEqual(other.Names.AsSpan());

        public override int GetHashCode()
        {
            var hash = new HashCode();
            foreach (var name in Names) hash.Add(name, StringComparer.Ordinal);
            return hash.ToHashCode();
        }
    }
}
