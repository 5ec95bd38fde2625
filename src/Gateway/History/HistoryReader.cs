using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using StatusMonitor.Storage.History;

namespace StatusMonitor.Gateway.History;

/// <summary>Reads history as points. Each host costs a read of its catalogue and one of its samples or rollups.</summary>
internal sealed class HistoryReader(IHistory history, IOptions<HistoryOptions> options, TimeProvider time)
{
    /// <summary>How much further back is read for what a counter grew from, milliseconds. A host that reports less often begins a range without a rate.</summary>
    private const long SampleLead = 120_000;

    public HistoryOptions Options { get; } = options.Value;

    /// <summary>The host's catalogue, by id.</summary>
    public Task<IReadOnlyList<StoredSeries>> ReadSeriesAsync(long hostId, CancellationToken cancellationToken) => history.ReadSeriesAsync(hostId, cancellationToken);

    /// <summary>Reads the points of a host's series.</summary>
    /// <param name="hostId">The host.</param>
    /// <param name="selection">Its series.</param>
    /// <param name="range">What part of the past.</param>
    /// <param name="plan">Tier and step. A step of 0 gives samples as they are.</param>
    /// <param name="mostSamples">If so few samples, and the gaps between them, answer it, they are given as they are, whatever the step; -1: never.</param>
    /// <param name="hasGaps">Whether gaps are looked for.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<HostHistory> ReadAsync(
        long hostId, SeriesSelection selection, TimeRange range, HistoryPlan plan, int mostSamples, bool hasGaps, CancellationToken cancellationToken)
    {
        if (selection.Series.IsEmpty) return new HostHistory(PointGrid.Of([], [], 0, plan.Step), [], [], [], null, plan.Step);
        if (plan.Tier != HistoryTier.Raw) return await ReadRollupsAsync(hostId, selection, range, plan, hasGaps, cancellationToken);

        var samples = await history.ReadSamplesAsync(hostId, selection.Ids, range.From - (selection.HasRates ? SampleLead : 0), range.To, cancellationToken);
        var (times, intervals) = (samples.Times, samples.Intervals);
        var step = plan.Step;
        var grid = PointGrid.Of(times.AsSpan(), intervals.AsSpan(), range.From, step);
        if (step > 0 && times.Length - grid.Lead <= mostSamples && PointGrid.Of(times.AsSpan(), intervals.AsSpan(), range.From, 0) is var ofSamples && ofSamples.Times.Length <= mostSamples)
        {
            (grid, step) = (ofSamples, 0);
        }

        var points = ImmutableArray.CreateBuilder<SeriesPoints>(selection.Series.Length);
        foreach (var series in selection.Series)
        {
            var column = Find(samples.Columns, series.Id);
            points.Add(column is null ? SeriesPoints.None(grid.Times.Length) : SeriesPoints.Of(series, grid, times.AsSpan(), column.Value.Values.AsSpan()));
        }

        int? interval = intervals.IsEmpty ? null : intervals[^1];
        var (first, last) = grid.Lead < times.Length ? (times[grid.Lead], times[^1]) : ((long?)null, (long?)null);
        var gaps = hasGaps ? await FindGapsAsync(grid, first, last, range, selection, PointGrid.SilenceAfter(interval ?? 0, step), cancellationToken) : [];
        return new HostHistory(grid, selection.Series, points.MoveToImmutable(), gaps, interval, step);
    }

    private async Task<HostHistory> ReadRollupsAsync(long hostId, SeriesSelection selection, TimeRange range, HistoryPlan plan, bool hasGaps, CancellationToken cancellationToken)
    {
        var tier = plan.Tier == HistoryTier.Minute ? RollupTier.Minute : RollupTier.QuarterHour;
        // The bucket that the range begins in counts: what lies in it before that is little, and a spike must not be lost.
        var from = range.From - (range.From % HistoryPlan.LengthOf(plan.Tier));
        var lead = selection.HasRates ? HistoryPlan.LengthOf(HistoryTier.QuarterHour) : 0;
        // Of a total also what it was in between is shown: whether it started anew.
        var steps = selection.HasTotals ? RollupSteps.None : new RollupSteps(from, plan.Step);
        var rollups = await history.ReadRollupsAsync(hostId, selection.Ids, tier, new TimeRange(from - lead, range.To), steps, cancellationToken);
        var interval = rollups.Interval;
        var grid = PointGrid.Of(rollups, interval, from, plan.Step);

        var points = ImmutableArray.CreateBuilder<SeriesPoints>(selection.Series.Length);
        foreach (var series in selection.Series)
        {
            var column = Find(rollups.Columns, series.Id);
            points.Add(column is null ? SeriesPoints.None(grid.Times.Length) : SeriesPoints.Of(series, grid, column.Value.Points.AsSpan()));
        }

        var (first, last) = grid.Lead < rollups.Starts.Length ? (rollups.FirstAt[grid.Lead], rollups.LastAt[^1]) : ((long?)null, (long?)null);
        var gaps = hasGaps ? await FindGapsAsync(grid, first, last, range, selection, PointGrid.SilenceAfter(interval, plan.Step), cancellationToken) : [];
        return new HostHistory(grid, selection.Series, points.MoveToImmutable(), gaps, null, plan.Step);
    }

    private async Task<ImmutableArray<HistoryGap>> FindGapsAsync(
        PointGrid grid, long? first, long? last, TimeRange range, SeriesSelection selection, long silence, CancellationToken cancellationToken)
    {
        var keptSince = time.GetUtcNow().ToUnixTimeMilliseconds() - (long)Options.KeepQuarterHours.TotalMilliseconds;
        var gaps = HistoryGaps.Find(grid, first, last, range, Math.Max(selection.KnownSince, keptSince), silence);
        if (gaps.Count == 0) return [];
        return HistoryGaps.Explain(gaps, await history.ReadAwayAsync(gaps[0].From, gaps[^1].To, cancellationToken));
    }

    private static SampleColumn? Find(ImmutableArray<SampleColumn> columns, int id)
    {
        foreach (var column in columns)
        {
            if (column.SeriesId == id) return column;
        }

        return null;
    }

    private static RollupColumn? Find(ImmutableArray<RollupColumn> columns, int id)
    {
        foreach (var column in columns)
        {
            if (column.SeriesId == id) return column;
        }

        return null;
    }
}
