using System.Collections.Immutable;
using StatusMonitor.Gateway.History;
using StatusMonitor.Grains.Alerts;
using StatusMonitor.Protocol;
using StatusMonitor.Storage.History;

namespace StatusMonitor.Gateway.Alerts;

/// <summary>Body of <c>POST /api/v1/alerts/rules/preview</c>.</summary>
/// <param name="Rule">The rule, which need not be stored.</param>
/// <param name="HostId">The host whose past it is tried on, whatever the rule's scope.</param>
/// <param name="From">Since when, such as <c>-7d</c>.</param>
internal sealed record RulePreviewRequest(RuleRequest? Rule, long? HostId, string? From);

/// <summary>A stretch in which the rule would have fired, Unix milliseconds; no end if it still would.</summary>
internal sealed record EpisodeView(long From, long? To, double? Peak);

/// <summary>A series with what the rule would have made of it.</summary>
/// <param name="Name">Its canonical name; for a rule that looks at no series its kind.</param>
/// <param name="Unit">Unit of the points.</param>
/// <param name="Times">Begin of each point, Unix milliseconds.</param>
/// <param name="Min">Lowest of each point.</param>
/// <param name="Mean">Mean of each point.</param>
/// <param name="Max">Highest of each point.</param>
/// <param name="Episodes">When it would have fired. The peak of a forecast is what was foretold.</param>
internal sealed record PreviewSeriesView(
    string Name, string Unit, IReadOnlyList<long> Times, IReadOnlyList<double?> Min, IReadOnlyList<double?> Mean, IReadOnlyList<double?> Max, IReadOnlyList<EpisodeView> Episodes);

/// <summary>What a rule would have made of a host's past.</summary>
/// <param name="HostId">The host.</param>
/// <param name="From">Begin, Unix milliseconds.</param>
/// <param name="To">End, Unix milliseconds.</param>
/// <param name="Step">From one point to the next, milliseconds; 0 if the points are samples.</param>
/// <param name="Resolution">What the rule was tried on: <c>sample</c>, or means of a <c>minute</c> or <c>quarterHour</c>, where a short spike may not show.</param>
/// <param name="Fired">How often it would have fired.</param>
/// <param name="Series">The series it looks at.</param>
internal sealed record RulePreviewView(long HostId, long From, long To, long Step, string Resolution, int Fired, IReadOnlyList<PreviewSeriesView> Series);

/// <summary>
/// Tries rules on stored history, with the machine that evaluates them on reports. Bounded by <see cref="MaxSamples"/>, <see cref="MaxValues"/> and
/// <see cref="MaxSeries"/>: what would be more is tried on means.
/// </summary>
internal sealed class RulePreviews(IHistory history, HistoryReader reader, TimeProvider time) : IDisposable
{
    /// <summary>Series of a host that a preview looks at.</summary>
    public const int MaxSeries = 50;

    /// <summary>Samples of a series: a week of one that comes every five seconds.</summary>
    public const int MaxSamples = 125_000;

    /// <summary>Values in all: some 16 MB, and some tenths of a second.</summary>
    public const int MaxValues = 1_000_000;

    private const int MaxPoints = 500;
    private const int MostAtOnce = 2;
    private const long Minute = 60_000;
    private const long Day = 24 * 60 * Minute;

    /// <summary>How far ahead of the range a counter's rate begins.</summary>
    private const long RateLead = 15 * Minute;

    // Each holds some tens of MB for a moment; whoever comes third waits.
    private readonly SemaphoreSlim _turns = new(MostAtOnce);

    /// <summary>Tries a rule; null, with what is wrong by field, if it looks at too much.</summary>
    public async Task<RulePreviewView?> RunAsync(AlertRule rule, long hostId, TimeRange range, Dictionary<string, string[]> errors, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken);
        try
        {
            var catalogue = await reader.ReadSeriesAsync(hostId, cancellationToken);
            return rule.Kind == AlertKind.Offline
                ? await OfflineAsync(rule, hostId, catalogue, range, cancellationToken)
                : await OfSeriesAsync(rule, hostId, catalogue, range, errors, cancellationToken);
        }
        finally
        {
            _turns.Release();
        }
    }

    public void Dispose() => _turns.Dispose();

    private async Task<RulePreviewView?> OfSeriesAsync(
        AlertRule rule, long hostId, IReadOnlyList<StoredSeries> catalogue, TimeRange range, Dictionary<string, string[]> errors, CancellationToken cancellationToken)
    {
        // A host that started anew shows it in its uptime.
        var text = rule.Kind == AlertKind.Rebooted ? KnownSeries.UptimeSeconds : rule.Series!;
        if (!SeriesSelector.TryParse(text, out var selector, out var problem)) throw new ArgumentException(problem, nameof(rule));
        var selection = SeriesSelection.Of(catalogue, [selector], rule.Kind == AlertKind.Rate ? HistoryView.Rate : HistoryView.Value);
        if (selection.Series.Length > MaxSeries)
        {
            errors["series"] = [$"matches {selection.Series.Length} series of the host; a preview shows at most {MaxSeries}"];
            return null;
        }

        var lead = rule.Kind switch { AlertKind.Rate => RateLead, AlertKind.Forecast => (long)Forecast.Lookback(rule.Within).TotalMilliseconds, _ => 0 };
        if (await ReadAsync(hostId, selection, rule, range, lead, cancellationToken) is not var (tier, tracks))
        {
            errors["from"] = ["reaches too far back for so many series"];
            return null;
        }

        var plan = HistoryPlan.Choose(range, MaxPoints, reader.Options, range.To);
        var drawn = await reader.ReadAsync(hostId, selection, range, plan, mostSamples: MaxPoints, hasGaps: false, cancellationToken);
        var (times, series) = (drawn.Grid.Times.ToArray(), new List<PreviewSeriesView>());
        for (var i = 0; i < selection.Series.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var points = drawn.Points[i];
            var episodes = tracks[i].Try(rule, range, catalogue.First(one => one.Id == selection.Series[i].Id).FirstAt);
            series.Add(new PreviewSeriesView(selection.Series[i].Name, selection.Series[i].Unit, times, Known(points.Min), Known(points.Mean), Known(points.Max), View(episodes)));
        }

        return Answer(hostId, range, drawn.Step, tier, series);
    }

    /// <summary>When nothing came of the host though there was a server to hear it. How soon that is noticed is the history's measure of a gap.</summary>
    private async Task<RulePreviewView> OfflineAsync(AlertRule rule, long hostId, IReadOnlyList<StoredSeries> catalogue, TimeRange range, CancellationToken cancellationToken)
    {
        var plan = HistoryPlan.Choose(range, HistoryRequest.MaxPoints, reader.Options, range.To);
        var any = catalogue.OrderByDescending(series => series.LastAt).ThenBy(series => series.Id).Take(1).Select(series => series.Name);
        ImmutableArray<SeriesSelector> selectors = [.. any.Select(name => SeriesSelector.TryParse(name, out var selector, out _) ? selector : null).OfType<SeriesSelector>()];
        var found = await reader.ReadAsync(hostId, SeriesSelection.Of(catalogue, selectors, HistoryView.Value), range, plan, mostSamples: -1, hasGaps: true, cancellationToken);
        var judgments = new List<(long At, bool IsBroken)>();
        foreach (var gap in found.Gaps.Where(gap => gap.Reason == GapReason.HostOffline))
        {
            judgments.Add((Math.Min(gap.To, gap.From + PointGrid.SilenceAfter(found.Interval ?? 0, 0)), true));
            if (gap.To < range.To) judgments.Add((gap.To, false));
        }

        var episodes = Backtest.RunJudged(rule, judgments, range.To);
        return Answer(hostId, range, plan.Step, plan.Tier, [new PreviewSeriesView("offline", "", [], [], [], [], View(episodes))]);
    }

    /// <summary>The series' values as fine as they are kept and may be; null if even the coarsest are too many.</summary>
    private async Task<(HistoryTier Tier, SeriesTrack[] Tracks)?> ReadAsync(long hostId, SeriesSelection selection, AlertRule rule, TimeRange asked, long lead, CancellationToken cancellationToken)
    {
        // What is before the range helps its first values, and is not worth coarser ones for all of it.
        var tier = HistoryPlan.FinestKept(asked.From, reader.Options, time.GetUtcNow().ToUnixTimeMilliseconds());
        var range = new TimeRange(asked.From - lead, asked.To);
        // A line is drawn through means, as the host does, and through no more than it needs.
        if (rule.Kind == AlertKind.Forecast) tier = (HistoryTier)Math.Max((int)tier, (int)(rule.Within > TimeSpan.FromDays(2) ? HistoryTier.QuarterHour : HistoryTier.Minute));
        for (; tier <= HistoryTier.QuarterHour; tier++)
        {
            var buckets = tier == HistoryTier.Raw ? 0 : (range.To - range.From) / HistoryPlan.LengthOf(tier);
            if (!IsAffordable(buckets, selection)) continue;
            SeriesTrack[] tracks = [.. selection.Series.Select(series => new SeriesTrack(series, rule.Kind))];
            if (selection.Series.IsEmpty || await FillAsync(tracks, hostId, selection, tier, range, cancellationToken)) return (tier, tracks);
        }

        return null;
    }

    /// <summary>A day at a time, so that what is too much is found out before it is all in memory.</summary>
    private async Task<bool> FillAsync(SeriesTrack[] tracks, long hostId, SeriesSelection selection, HistoryTier tier, TimeRange range, CancellationToken cancellationToken)
    {
        var byId = tracks.ToDictionary(track => track.Id);
        var rows = 0L;
        var length = tier == HistoryTier.Raw ? Day : 30 * Day;
        for (var from = Math.Max(0, range.From); from < range.To; from += length)
        {
            var to = Math.Min(from + length, range.To);
            if (tier == HistoryTier.Raw)
            {
                var block = await history.ReadSamplesAsync(hostId, selection.Ids, from, to, cancellationToken);
                foreach (var column in block.Columns) byId[column.SeriesId].Add(block.Times.AsSpan(), block.Intervals.AsSpan(), column.Values.AsSpan());
                rows += block.Times.Length;
            }
            else
            {
                var block = await history.ReadRollupsAsync(hostId, selection.Ids, tier == HistoryTier.Minute ? RollupTier.Minute : RollupTier.QuarterHour, from, to, cancellationToken);
                foreach (var column in block.Columns) byId[column.SeriesId].Add(block.Starts.AsSpan(), HistoryPlan.LengthOf(tier), range.To, column);
                rows += block.Starts.Length;
            }

            if (!IsAffordable(rows, selection)) return false;
        }

        return true;
    }

    private static bool IsAffordable(long rows, SeriesSelection selection) => rows <= MaxSamples && rows * selection.Series.Length <= MaxValues;

    private static RulePreviewView Answer(long hostId, TimeRange range, long step, HistoryTier tier, List<PreviewSeriesView> series)
    {
        var resolution = tier switch { HistoryTier.Raw => "sample", HistoryTier.Minute => "minute", _ => "quarterHour" };
        return new RulePreviewView(hostId, range.From, range.To, step, resolution, series.Sum(one => one.Episodes.Count), series);
    }

    private static double?[] Known(double[] values) => Array.ConvertAll(values, value => double.IsFinite(value) ? value : (double?)null);

    private static EpisodeView[] View(ImmutableArray<AlertEpisode> episodes) => [.. episodes.Select(episode => new EpisodeView(episode.From, episode.To, episode.Peak))];
}
