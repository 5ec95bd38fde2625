using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using StatusMonitor.Protocol;
using StatusMonitor.Storage.History;

namespace StatusMonitor.Gateway.History;

/// <summary>Reads history as points. Rollups are read with the catalogue, of several hosts at once; samples cost each host a read of its catalogue and another one.</summary>
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
        if (selection.Series.IsEmpty) return Empty(plan);
        if (plan.Tier != HistoryTier.Raw)
        {
            var reading = ReadingOf(range, plan, selection.HasRates || selection.HasTotals, selection.HasRates);
            var rollups = await history.ReadRollupsAsync([new RollupQuestion(hostId, selection.Ids)], reading, cancellationToken);
            return await OfRollupsAsync(rollups[0], selection, range, plan, hasGaps, cancellationToken);
        }

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

    /// <summary>Picks the series of a host and reads their points, with gaps.</summary>
    /// <returns>What was picked, and the points; null if that is more series than may be.</returns>
    public async Task<(SeriesSelection Selection, HostHistory? History)> ReadAsync(long hostId, HistoryRequest request, CancellationToken cancellationToken)
    {
        if (request.Plan.Tier != HistoryTier.Raw) return (await ReadRollupsAsync([(hostId, null)], request, hasGaps: true, cancellationToken))[0];
        var selection = SeriesSelection.Of(await ReadSeriesAsync(hostId, cancellationToken), request.Selectors, request.View);
        return (selection, selection.IsTooMany ? null : await ReadAsync(hostId, selection, request.Range, request.Plan, request.Points ?? 0, hasGaps: true, cancellationToken));
    }

    /// <summary>Reads rollups of hosts, all at once.</summary>
    /// <param name="hosts">The hosts, and what a query picks of them; null if that is not known, and then found out along the way.</param>
    /// <param name="request">The query.</param>
    /// <param name="hasGaps">Whether gaps are looked for.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>By host what was picked, and the points; null if that is more series than may be.</returns>
    public async Task<(SeriesSelection Selection, HostHistory? History)[]> ReadRollupsAsync(
        IReadOnlyList<(long Id, SeriesSelection? Selection)> hosts, HistoryRequest request, bool hasGaps, CancellationToken cancellationToken)
    {
        var (range, plan) = (request.Range, request.Plan);
        var hasCounters = request.Selectors.Any(static selector => KnownSeries.Describe(selector.Name).Kind == SeriesKind.Counter);
        var reading = ReadingOf(range, plan, hasCounters, request.View != HistoryView.Value);
        var selections = hosts.Select(host => host.Selection!).ToArray();
        var rollups = await history.ReadRollupsAsync([.. hosts.Select((host, place) => host.Selection is { } known ? new RollupQuestion(host.Id, known.Ids) : Unknown(host.Id, place))], reading, cancellationToken);
        var histories = new (SeriesSelection, HostHistory?)[hosts.Count];
        for (var i = 0; i < histories.Length; i++)
        {
            histories[i] = (selections[i], selections[i].IsTooMany ? null : await OfRollupsAsync(rollups[i], selections[i], range, plan, hasGaps, cancellationToken));
        }

        return histories;

        RollupQuestion Unknown(long hostId, int place) => new(hostId, catalogue =>
        {
            var selection = selections[place] = SeriesSelection.Of(catalogue, request.Selectors, request.View);
            return selection.IsTooMany ? [] : selection.Ids;
        });
    }

    private static RollupReading ReadingOf(TimeRange range, HistoryPlan plan, bool hasCounters, bool areRates)
    {
        var from = BeginOf(range, plan);
        var lead = hasCounters && areRates ? HistoryPlan.LengthOf(HistoryTier.QuarterHour) : 0;
        // Of a total also what it was in between is shown: whether it started anew.
        var steps = hasCounters && !areRates ? RollupSteps.None : new RollupSteps(from, plan.Step);
        return new RollupReading(plan.Tier == HistoryTier.Minute ? RollupTier.Minute : RollupTier.QuarterHour, new TimeRange(from - lead, range.To), steps, AreGauges: !hasCounters);
    }

    /// <summary>The bucket that the range begins in counts: what lies in it before that is little, and a spike must not be lost.</summary>
    private static long BeginOf(TimeRange range, HistoryPlan plan) => range.From - (range.From % HistoryPlan.LengthOf(plan.Tier));

    private async Task<HostHistory> OfRollupsAsync(RollupBlock rollups, SeriesSelection selection, TimeRange range, HistoryPlan plan, bool hasGaps, CancellationToken cancellationToken)
    {
        if (selection.Series.IsEmpty) return Empty(plan);
        var interval = rollups.Interval;
        var grid = PointGrid.Of(rollups, interval, BeginOf(range, plan), plan.Step);

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

    private static HostHistory Empty(HistoryPlan plan) => new(PointGrid.Of([], [], 0, plan.Step), [], [], [], null, plan.Step);

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
