using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using StatusMonitor.Gateway.History;
using StatusMonitor.Storage.History;

namespace StatusMonitor.Gateway.Classic;

/// <summary>What lies in one window of time.</summary>
/// <param name="End">Its end, Unix milliseconds: the next multiple of its length, or where the range ends.</param>
/// <param name="Count">Values in it.</param>
/// <param name="Sum">Of a gauge their sum.</param>
/// <param name="Min">Of a gauge the lowest.</param>
/// <param name="Max">Of a gauge the highest.</param>
/// <param name="Last">Of a counter the last.</param>
internal readonly record struct ClassicWindow(long End, long Count, double Sum, double Min, double Max, double Last)
{
    public double Mean => Math.Clamp(Sum / Count, Min, Max);
}

/// <summary>The windows of a series; those without a value are left out.</summary>
internal sealed record ClassicSeriesWindows(string Series, IReadOnlyList<ClassicWindow> Windows);

/// <summary>Puts history into the windows of the older StatusMonitor.</summary>
internal sealed class ClassicWindows(IHistory history, IOptions<HistoryOptions> options, TimeProvider time)
{
    /// <summary>The windows of a host's series whose names are wanted, by name.</summary>
    public async Task<IReadOnlyList<ClassicSeriesWindows>> ReadAsync(long hostId, Func<string, bool> isWanted, TimeRange range, long every, CancellationToken cancellationToken)
    {
        var series = (await history.ReadSeriesAsync(hostId, cancellationToken)).Where(one => isWanted(one.Name)).ToDictionary(one => one.Id, one => one.Name);
        if (series.Count == 0) return [];

        var ids = series.Keys.Order().ToImmutableArray();
        var tier = TierFor(range, every, options.Value, time.GetUtcNow().ToUnixTimeMilliseconds());
        var found = new List<ClassicSeriesWindows>();
        if (tier == HistoryTier.Raw)
        {
            var samples = await history.ReadSamplesAsync(hostId, ids, range.From, range.To, cancellationToken);
            foreach (var column in samples.Columns) found.Add(new ClassicSeriesWindows(series[column.SeriesId], Of(samples.Times.AsSpan(), column.Values.AsSpan(), range, every)));
        }
        else
        {
            var from = range.From - (range.From % HistoryPlan.LengthOf(tier));
            var rollups = await history.ReadRollupsAsync(hostId, ids, tier == HistoryTier.Minute ? RollupTier.Minute : RollupTier.QuarterHour, from, range.To, cancellationToken);
            foreach (var column in rollups.Columns) found.Add(new ClassicSeriesWindows(series[column.SeriesId], Of(rollups.Starts.AsSpan(), column.Points.AsSpan(), range, every)));
        }

        found.Sort(static (a, b) => string.CompareOrdinal(a.Series, b.Series));
        return found;
    }

    /// <summary>Samples while they are few, and where they are kept; then the coarsest rollups of which windows can be made.</summary>
    internal static HistoryTier TierFor(TimeRange range, long every, HistoryOptions options, long now)
    {
        var tier = HistoryPlan.FinestKept(range.From, options, now);
        if (tier == HistoryTier.Raw && Math.Min(range.To, now) - range.From <= HistoryPlan.MaxRawRange) return tier;
        return tier == HistoryTier.QuarterHour || every % HistoryPlan.LengthOf(HistoryTier.QuarterHour) == 0 || every == long.MaxValue ? HistoryTier.QuarterHour : HistoryTier.Minute;
    }

    internal static List<ClassicWindow> Of(ReadOnlySpan<long> times, ReadOnlySpan<double> values, TimeRange range, long every)
    {
        var windows = new List<ClassicWindow>();
        for (var i = 0; i < times.Length; i++)
        {
            var value = values[i];
            if (!double.IsNaN(value)) Add(windows, new ClassicWindow(EndOf(times[i], range, every), 1, value, value, value, value));
        }

        return windows;
    }

    private static List<ClassicWindow> Of(ReadOnlySpan<long> starts, ReadOnlySpan<RollupPoint> rollups, TimeRange range, long every)
    {
        var windows = new List<ClassicWindow>();
        for (var i = 0; i < starts.Length; i++)
        {
            var rollup = rollups[i];
            if (rollup.Count > 0) Add(windows, new ClassicWindow(EndOf(Math.Max(starts[i], range.From), range, every), rollup.Count, rollup.Sum, rollup.Min, rollup.Max, rollup.Last));
        }

        return windows;
    }

    /// <summary>Windows are aligned to multiples of their length since 1970, and the last is cut where the range ends.</summary>
    private static long EndOf(long at, TimeRange range, long every) => every == long.MaxValue ? range.To : Math.Min(((at / every) + 1) * every, range.To);

    private static void Add(List<ClassicWindow> windows, ClassicWindow next)
    {
        if (windows.Count == 0 || windows[^1].End != next.End)
        {
            windows.Add(next);
            return;
        }

        var window = windows[^1];
        windows[^1] = new ClassicWindow(next.End, window.Count + next.Count, window.Sum + next.Sum, Math.Min(window.Min, next.Min), Math.Max(window.Max, next.Max), next.Last);
    }
}
