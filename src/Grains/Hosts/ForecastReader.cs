using System.Collections.Immutable;
using StatusMonitor.Grains.Alerts;
using StatusMonitor.Storage.History;

namespace StatusMonitor.Grains.Hosts;

/// <summary>Reads the past that forecasts are made from. At most so many hosts of a silo at once: all of them want to after a start, and none is in a hurry.</summary>
public sealed class ForecastReader(IHistory history) : IDisposable
{
    private const int Concurrency = 4;

    // From here on quarters of an hour are enough points.
    private static readonly TimeSpan QuarterHoursFrom = TimeSpan.FromHours(3);

    private readonly SemaphoreSlim _turn = new(Concurrency);

    /// <summary>The outlook of each series; those of which nothing can be said are left away.</summary>
    internal async Task<List<(PlannedCheck Check, Outlook Outlook)>> LookAsync(long hostId, IReadOnlyList<(PlannedCheck Check, int SeriesId)> checks, long at, CancellationToken cancellationToken)
    {
        var outlooks = new List<(PlannedCheck, Outlook)>();
        await _turn.WaitAsync(cancellationToken);
        try
        {
            foreach (var group in checks.GroupBy(check => Forecast.Lookback(check.Check.Rule.Rule.Within)))
            {
                var tier = group.Key < QuarterHoursFrom ? RollupTier.Minute : RollupTier.QuarterHour;
                ImmutableArray<int> ids = [.. group.Select(check => check.SeriesId).Distinct().Order()];
                var block = await history.ReadRollupsAsync(hostId, ids, tier, at - (long)group.Key.TotalMilliseconds, at + 1, cancellationToken);
                foreach (var (check, seriesId) in group)
                {
                    if (Look(block, check.Rule.Rule, seriesId, at) is { } outlook) outlooks.Add((check, outlook));
                }
            }
        }
        finally
        {
            _turn.Release();
        }

        return outlooks;
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private static Outlook? Look(RollupBlock block, AlertRule rule, int seriesId, long at)
    {
        var column = block.Columns.FirstOrDefault(column => column.SeriesId == seriesId);
        if (column.Points.IsDefaultOrEmpty) return null;

        var (times, values) = (new List<long>(), new List<double>());
        for (var i = 0; i < column.Points.Length; i++)
        {
            var point = column.Points[i];
            if (point.Count == 0) continue;
            times.Add(Math.Min(at, (block.FirstAt[i] + block.LastAt[i]) / 2));
            values.Add(column.IsCounter ? point.Last : point.Sum / point.Count);
        }

        return Forecast.Look(rule, [.. times], [.. values], at) is { } outlook && double.IsFinite(outlook.Value) ? outlook : null;
    }
}
