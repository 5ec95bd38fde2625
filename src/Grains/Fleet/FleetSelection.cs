using System.Collections.Immutable;
using StatusMonitor.Grains.Hosts;

namespace StatusMonitor.Grains.Fleet;

/// <summary>The answer of all shards together: a page of the hosts that somebody asked for, and what there is beside it.</summary>
/// <param name="ByStatus">How many hosts in each <see cref="HostStatus"/> the viewer sees at all.</param>
/// <param name="Matched">How many of them are asked for.</param>
/// <param name="Lines">The page, in order.</param>
/// <param name="Groups">Groups there are to choose from.</param>
/// <param name="Tags">Tags there are to choose from.</param>
public sealed record FleetSelection(ImmutableArray<int> ByStatus, int Matched, ImmutableArray<HostSummary> Lines, ImmutableArray<string> Groups, ImmutableArray<string> Tags)
{
    /// <summary>Asks the shards.</summary>
    /// <remarks>
    /// Hosts are spread evenly over the shards, so each has about a sixteenth of what comes before the page and of the page itself, and is asked for that stretch with some more
    /// on either side. Whether it was enough shows in the lines: nothing a shard kept back may belong on the page or be needed to count up to it. If so, all are asked for everything up to the page's end.
    /// </remarks>
    public static async Task<FleetSelection> ReadAsync(IGrainFactory grains, FleetQuestion question, Viewer viewer, int offset, int limit)
    {
        var (share, margin) = (1.0 / FleetGrain.Shards, 8 + (2 * Math.Sqrt((double)offset + limit)));
        var first = (int)Math.Max(0, (offset * share) - margin);
        var parts = await AskAsync(grains, question, viewer, first, (int)Math.Ceiling((((double)offset + limit) * share) + margin) - first);
        var lines = Page(parts, question, offset, limit);
        if (lines is null)
        {
            parts = await AskAsync(grains, question, viewer, 0, (int)Math.Min((long)offset + limit, int.MaxValue));
            lines = Page(parts, question, offset, limit)!;
        }

        return new FleetSelection(
            [.. Enumerable.Range(0, parts[0].ByStatus.Length).Select(status => parts.Sum(part => part.ByStatus[status]))],
            parts.Sum(part => part.Matched),
            lines.Value,
            FleetLines.Choices(parts.SelectMany(part => part.Groups)),
            FleetLines.Choices(parts.SelectMany(part => part.Tags)));
    }

    /// <summary>The page from stretches of the shards' hosts, or null if those do not show for certain what is on it.</summary>
    internal static ImmutableArray<HostSummary>? Page(IReadOnlyCollection<FleetPart> parts, FleetQuestion question, int offset, int limit)
    {
        var matched = parts.Sum(part => part.Matched);
        if (offset >= matched) return [];

        var order = new FleetOrder(question);
        var lines = parts.SelectMany(part => part.Lines).ToList();
        lines.Sort(order);
        var (first, length) = (offset - parts.Sum(part => part.First), Math.Min(limit, matched - offset));
        if (first < 0 || first + length > lines.Count) return null;

        var page = lines[first..(first + length)];
        return parts.All(part => IsEnough(part)) ? [.. page] : null;

        // What was left out before a stretch is smaller than its first line, and what was left out behind it larger than its last.
        bool IsEnough(FleetPart part) =>
            (part.First == 0 || order.Compare(part.Lines[0], page[0]) <= 0)
            && (part.First + part.Lines.Length == part.Matched || order.Compare(part.Lines[^1], page[^1]) >= 0);
    }

    private static Task<FleetPart[]> AskAsync(IGrainFactory grains, FleetQuestion question, Viewer viewer, int first, int count) =>
        Task.WhenAll(Enumerable.Range(0, FleetGrain.Shards).Select(shard => grains.GetGrain<IFleetGrain>(shard).Select(question, viewer, first, count)));
}
