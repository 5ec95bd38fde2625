using System.Collections.Immutable;
using StatusMonitor.Storage.History;

namespace StatusMonitor.Gateway.History;

/// <summary>Why nothing is known of a host for a while.</summary>
internal enum GapReason
{
    /// <summary>The host did not report.</summary>
    HostOffline,

    /// <summary>There was no server to hear it.</summary>
    ServerAway,
}

/// <summary>A stretch without samples, Unix milliseconds.</summary>
internal readonly record struct HistoryGap(long From, long To, GapReason Reason);

/// <summary>What a query gives of one host.</summary>
/// <param name="Grid">The points' times.</param>
/// <param name="Series">The series that were asked for.</param>
/// <param name="Points">Their points, in the same order.</param>
/// <param name="Gaps">Where the host, or the server, was silent.</param>
/// <param name="Interval">How often the host reports, milliseconds, if samples were read.</param>
/// <param name="Step">From one point to the next; 0 if each is a sample.</param>
internal sealed record HostHistory(
    PointGrid Grid, ImmutableArray<SelectedSeries> Series, ImmutableArray<SeriesPoints> Points, ImmutableArray<HistoryGap> Gaps, int? Interval, long Step)
{
    /// <summary>Whether lowest, mean and highest are one.</summary>
    public bool IsOfSamples => Step == 0;
}

/// <summary>Finds out which gaps there are, and whose they are.</summary>
internal static class HistoryGaps
{
    /// <summary>The silences within a range, with that before the first sample, if the host was known by then, and that after the last.</summary>
    /// <param name="grid">Has the silences between samples.</param>
    /// <param name="first">When the first sample in the range was collected; null if there is none.</param>
    /// <param name="last">When the last was.</param>
    /// <param name="range">The range.</param>
    /// <param name="knownSince">Before it nothing is missing: the host was not known, or what was measured is no longer kept.</param>
    /// <param name="silence">How long a host must be silent to be noticed.</param>
    public static List<TimeRange> Find(PointGrid grid, long? first, long? last, TimeRange range, long knownSince, long silence)
    {
        var from = Math.Max(range.From, knownSince);
        var gaps = new List<TimeRange>();
        if (first is null || last is null)
        {
            if (range.To - from > silence) gaps.Add(new TimeRange(from, range.To));
            return gaps;
        }

        if (first - from > silence) gaps.Add(new TimeRange(from, first.Value));
        gaps.AddRange(grid.Silences);
        if (range.To - last > silence) gaps.Add(new TimeRange(last.Value, range.To));
        return gaps;
    }

    /// <summary>
    /// A gap is the server's if it was away for at least half of it. A host that is off for a night is not excused by a restart of the server meanwhile, and it
    /// takes a host a moment to be heard again.
    /// </summary>
    public static ImmutableArray<HistoryGap> Explain(List<TimeRange> gaps, IReadOnlyList<TimeRange> away)
    {
        var explained = ImmutableArray.CreateBuilder<HistoryGap>(gaps.Count);
        var next = 0;
        foreach (var gap in gaps)
        {
            while (next < away.Count && away[next].To <= gap.From) next++;
            var missed = 0L;
            for (var i = next; i < away.Count && away[i].From < gap.To; i++) missed += Math.Min(away[i].To, gap.To) - Math.Max(away[i].From, gap.From);
            explained.Add(new HistoryGap(gap.From, gap.To, missed * 2 >= gap.To - gap.From ? GapReason.ServerAway : GapReason.HostOffline));
        }

        return explained.MoveToImmutable();
    }
}
