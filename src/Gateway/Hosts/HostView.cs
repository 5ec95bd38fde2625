using System.Collections.Immutable;
using StatusMonitor.Gateway.Access;
using StatusMonitor.Grains.Accounts;
using StatusMonitor.Grains.Alerts;
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

/// <summary>Whose a host is.</summary>
internal sealed record OwnerView(long Id, string Username);

/// <summary>A host with its recent history, as the browser and the API get it.</summary>
/// <param name="Access">What whoever asked may do with the host.</param>
/// <param name="Owner">Null if it is nobody's, being from before there were accounts.</param>
/// <param name="CreatedAt">Null if it is from before this was kept.</param>
/// <param name="Firing">How many of its alerts fire, whoever's rules they are of.</param>
/// <param name="Severity">The worst severity of them, or null.</param>
internal sealed record HostView(
    long Id,
    string Name,
    string? Group,
    IReadOnlyList<string> Tags,
    HostAccess Access,
    OwnerView? Owner,
    DateTimeOffset? CreatedAt,
    HostStatus Status,
    DateTimeOffset? LastSeen,
    int Firing,
    AlertSeverity? Severity,
    double? IntervalSeconds,
    string? BootId,
    double? ClockOffsetSeconds,
    HostDescription? Agent,
    DateTimeOffset ServerTime,
    IReadOnlyList<SeriesView> Series,
    IReadOnlyList<long> Times,
    IReadOnlyList<IReadOnlyList<double?>> Values);

/// <summary>Puts hosts' views together.</summary>
internal sealed class HostViews(IGrainFactory grains, TimeProvider time)
{
    /// <summary>A snapshot as somebody sees it who may.</summary>
    public async Task<HostView> OfAsync(HostSnapshot snapshot, Viewer viewer)
    {
        var host = snapshot.Summary;
        var record = await grains.GetGrain<IHostGrain>(host.Id).GetRecord();
        return new HostView(
            host.Id,
            host.Name,
            host.Group,
            host.Tags ?? [],
            host.AccessOf(viewer),
            await OwnerAsync(host.People ?? HostPeople.Nobody),
            record?.CreatedAt > DateTimeOffset.UnixEpoch ? record.CreatedAt : null,
            host.Status,
            host.LastSeen,
            host.Firing,
            host.Severity,
            snapshot.Interval?.TotalSeconds,
            snapshot.BootId,
            snapshot.ClockOffset?.TotalSeconds,
            snapshot.Agent,
            time.GetUtcNow(),
            [.. snapshot.Series.Select(SeriesView.Of)],
            snapshot.Times,
            [.. snapshot.Values.Select(Column)]);
    }

    private async Task<OwnerView?> OwnerAsync(HostPeople people) =>
        people.OwnerId > 0 && await grains.GetGrain<IAccountGrain>(people.OwnerId).GetInfo() is { } owner ? new OwnerView(owner.Id, owner.Name) : null;

    private static double?[] Column(ImmutableArray<double> values) => [.. values.Select(value => double.IsNaN(value) ? (double?)null : value)];
}
