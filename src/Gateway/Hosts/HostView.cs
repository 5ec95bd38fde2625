using System.Collections.Immutable;
using StatusMonitor.Grains.Hosts;
using StatusMonitor.Protocol;

namespace StatusMonitor.Gateway.Hosts;

/// <summary>A series of a host's catalogue: its canonical name, unit and kind (<c>gauge</c> or <c>counter</c>).</summary>
internal sealed record SeriesView(string Name, string Unit, string Kind)
{
    public static SeriesView Of(string name)
    {
        var brace = name.IndexOf('{', StringComparison.Ordinal);
        var definition = KnownSeries.Describe(brace < 0 ? name : name[..brace]);
        return new SeriesView(name, definition.Unit, definition.Kind == SeriesKind.Counter ? "counter" : "gauge");
    }
}

/// <summary>A host with its recent history, as the browser and the API get it.</summary>
internal sealed record HostView(
    long Id,
    string Name,
    HostStatus Status,
    DateTimeOffset? LastSeen,
    double? IntervalSeconds,
    string? BootId,
    double? ClockOffsetSeconds,
    HostDescription? Agent,
    DateTimeOffset ServerTime,
    IReadOnlyList<SeriesView> Series,
    IReadOnlyList<long> Times,
    IReadOnlyList<IReadOnlyList<double?>> Values)
{
    public static HostView Of(HostSnapshot snapshot, DateTimeOffset now) => new(
        snapshot.Summary.Id,
        snapshot.Summary.Name,
        snapshot.Summary.Status,
        snapshot.Summary.LastSeen,
        snapshot.Interval?.TotalSeconds,
        snapshot.BootId,
        snapshot.ClockOffset?.TotalSeconds,
        snapshot.Agent,
        now,
        [.. snapshot.Series.Select(SeriesView.Of)],
        snapshot.Times,
        [.. snapshot.Values.Select(Column)]);

    private static double?[] Column(ImmutableArray<double> values) => [.. values.Select(value => double.IsNaN(value) ? (double?)null : value)];
}
