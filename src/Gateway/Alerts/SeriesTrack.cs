using System.Collections.Immutable;
using System.Runtime.InteropServices;
using StatusMonitor.Gateway.History;
using StatusMonitor.Grains.Alerts;
using StatusMonitor.Storage.History;

namespace StatusMonitor.Gateway.Alerts;

/// <summary>A series' past as a rule looks at it: values or rates with their times, and when the host reported without it.</summary>
internal sealed class SeriesTrack(SelectedSeries series, AlertKind kind)
{
    private readonly List<long> _times = [];
    private readonly List<double> _values = [];
    private (long At, double Value, long Until)? _before;

    public int Id => series.Id;

    /// <summary>Adds samples that come after what is there.</summary>
    public void Add(ReadOnlySpan<long> times, ReadOnlySpan<int> intervals, ReadOnlySpan<double> values)
    {
        for (var i = 0; i < times.Length; i++) Add(times[i], values[i], PointGrid.SilenceAfter(intervals[i], 0));
    }

    /// <summary>Adds rollups that come after what is there. What is in a bucket is known at its end.</summary>
    public void Add(ReadOnlySpan<long> starts, long length, long now, RollupColumn column)
    {
        for (var i = 0; i < starts.Length; i++)
        {
            var point = column.Points[i];
            var at = Math.Min(starts[i] + length, now);
            if (point.Count == 0) Add(at, double.NaN, 0);
            else if (kind == AlertKind.Rate && column.IsCounter) Add(point.LastAt, point.Last, 3 * length);
            else Add(at, column.IsCounter ? point.Last : point.Sum / point.Count, 3 * length);
        }
    }

    /// <summary>When the rule would have fired within the range.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="range">The range; what was added before it is lead.</param>
    /// <param name="firstAt">When the series first had a value: before, it lacked nothing.</param>
    public ImmutableArray<AlertEpisode> Try(AlertRule rule, TimeRange range, long firstAt) => rule.Kind switch
    {
        AlertKind.Forecast => Backtest.Run(rule, Foretold(rule, range.From)),
        AlertKind.NoData => Backtest.RunJudged(rule, Turns(firstAt), range.To),
        AlertKind.Rebooted => Backtest.RunJudged(rule, Restarts(), range.To),
        _ => Backtest.Run(rule, Values(range.From)),
    };

    private void Add(long at, double value, long silence)
    {
        if (kind == AlertKind.NoData)
        {
            Note(at, value);
        }
        else if (!double.IsNaN(value))
        {
            if (kind != AlertKind.Rate)
            {
                Note(at, value);
            }
            else if (_before is { } before && at > before.At && at <= before.Until)
            {
                // A total that is less than it was has started anew from 0.
                var gain = value >= before.Value ? value - before.Value : Math.Max(value, 0);
                Note(at, gain * 1000 / (at - before.At));
            }

            _before = (at, value, at + silence);
        }
    }

    private void Note(long at, double value)
    {
        _times.Add(at);
        _values.Add(value);
    }

    private IEnumerable<(long At, double Value)> Values(long from)
    {
        for (var i = 0; i < _times.Count; i++)
        {
            if (_times[i] >= from) yield return (_times[i], _values[i]);
        }
    }

    private IEnumerable<(long At, double Value)> Foretold(AlertRule rule, long from)
    {
        for (var i = 0; i < _times.Count; i++)
        {
            if (_times[i] < from) continue;
            var outlook = Forecast.Look(rule, CollectionsMarshal.AsSpan(_times)[..(i + 1)], CollectionsMarshal.AsSpan(_values)[..(i + 1)], _times[i]);
            if (outlook is { } seen) yield return (_times[i], seen.Value);
        }
    }

    /// <summary>When the host began to report without it, and when it was there again.</summary>
    private IEnumerable<(long At, bool IsBroken)> Turns(long firstAt)
    {
        var isMissing = false;
        for (var i = 0; i < _times.Count; i++)
        {
            if (_times[i] < firstAt || double.IsNaN(_values[i]) == isMissing) continue;
            isMissing = !isMissing;
            yield return (_times[i], isMissing);
        }
    }

    private IEnumerable<(long At, bool IsBroken)> Restarts()
    {
        for (var i = 1; i < _times.Count; i++)
        {
            if (_values[i] < _values[i - 1]) yield return (_times[i], true);
        }
    }
}
