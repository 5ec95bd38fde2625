using System.Diagnostics.CodeAnalysis;
using StatusMonitor.Storage.History;

namespace StatusMonitor.Gateway.History;

/// <summary>The points of one series over all hosts that have it.</summary>
/// <param name="Series">The series; its id is that of one of the hosts.</param>
/// <param name="Min">Lowest of all hosts.</param>
/// <param name="Mean">Mean of the hosts' means.</param>
/// <param name="Max">Highest of all hosts.</param>
/// <param name="Hosts">How many hosts have a value.</param>
internal sealed record FleetSeries(SelectedSeries Series, double[] Min, double[] Mean, double[] Max, int[] Hosts);

/// <summary>What a query gives of all hosts together.</summary>
internal sealed record FleetHistory(long[] Times, IReadOnlyList<FleetSeries> Series);

/// <summary>Takes in one host after the other and keeps of each no more than what it adds to the points.</summary>
internal sealed class FleetAverage(TimeRange range, long step)
{
    private readonly long _first = range.From / step;
    private readonly int _count = (int)((range.To - 1) / step - range.From / step) + 1;
    private readonly Dictionary<string, FleetSums> _sums = new(StringComparer.Ordinal);

    /// <summary>Adds a host. False if there are then more series than may be.</summary>
    public bool TryAdd(HostHistory host)
    {
        for (var i = 0; i < host.Series.Length; i++)
        {
            if (!TryFind(host.Series[i], out var sums)) return false;
            sums.Add(host.Grid.Times, host.Points[i], _first, step);
        }

        return true;
    }

    /// <summary>Puts in points that were taken out of another one, from a time on. False if there are then more series than may be.</summary>
    public bool TryAdd(IReadOnlyList<FleetSums> part, long from)
    {
        foreach (var sums in part)
        {
            if (!TryFind(sums.Series, out var whole)) return false;
            sums.CopyTo(whole, (int)(from / step - _first));
        }

        return true;
    }

    /// <summary>So many points from a time on.</summary>
    public IReadOnlyList<FleetSums> Cut(long from, int count) => [.. _sums.Values.Select(sums => sums.Cut((int)(from / step - _first), count))];

    /// <summary>What has come together since a time, by the series' names. Points without a sample are left out, but for one in each stretch of them.</summary>
    public FleetHistory ToHistory(long from)
    {
        var kept = new List<int>();
        for (var point = (int)(from / step - _first); point < _count; point++)
        {
            // One empty point after another says nothing more.
            if (IsAny(point) || (kept.Count > 0 && kept[^1] == point - 1 && IsAny(kept[^1]))) kept.Add(point);
        }

        if (kept.Count > 0 && !IsAny(kept[^1])) kept.RemoveAt(kept.Count - 1);
        return new FleetHistory([.. kept.Select(point => (_first + point) * step)], [.. _sums.Values.OrderBy(sums => sums.Series.Name, StringComparer.Ordinal).Select(sums => sums.Of(kept))]);
    }

    private bool IsAny(int point) => _sums.Values.Any(sums => sums.Hosts[point] > 0);

    private bool TryFind(SelectedSeries series, [NotNullWhen(true)] out FleetSums? sums)
    {
        if (_sums.TryGetValue(series.Name, out sums)) return true;
        if (_sums.Count == HistoryRequest.MaxSeries) return false;
        _sums.Add(series.Name, sums = new FleetSums(series, _count));
        return true;
    }
}

/// <summary>What hosts add up to, of one series, by point.</summary>
internal sealed class FleetSums
{
    private readonly double[] _min;
    private readonly double[] _sum;
    private readonly double[] _max;

    public FleetSums(SelectedSeries series, int count)
    {
        Series = series;
        (_min, _sum, _max, Hosts) = (new double[count], new double[count], new double[count], new int[count]);
        Array.Fill(_min, double.PositiveInfinity);
        Array.Fill(_max, double.NegativeInfinity);
    }

    public SelectedSeries Series { get; }

    public int[] Hosts { get; }

    public void Add(ReadOnlySpan<long> times, SeriesPoints points, long first, long step)
    {
        for (var i = 0; i < times.Length; i++)
        {
            var mean = points.Mean[i];
            if (double.IsNaN(mean)) continue;
            var point = times[i] / step - first;
            _min[point] = Math.Min(_min[point], points.Min[i]);
            _max[point] = Math.Max(_max[point], points.Max[i]);
            _sum[point] += mean;
            Hosts[point]++;
        }
    }

    public FleetSums Cut(int first, int count)
    {
        var part = new FleetSums(Series, count);
        Copy(first, part, 0, count);
        return part;
    }

    public void CopyTo(FleetSums whole, int first) => Copy(0, whole, first, Hosts.Length);

    public FleetSeries Of(List<int> kept) => new(
        Series,
        [.. kept.Select(point => Hosts[point] == 0 ? double.NaN : _min[point])],
        [.. kept.Select(point => Hosts[point] == 0 ? double.NaN : Math.Clamp(_sum[point] / Hosts[point], _min[point], _max[point]))],
        [.. kept.Select(point => Hosts[point] == 0 ? double.NaN : _max[point])],
        [.. kept.Select(point => Hosts[point])]);

    private void Copy(int from, FleetSums target, int to, int count)
    {
        Array.Copy(_min, from, target._min, to, count);
        Array.Copy(_sum, from, target._sum, to, count);
        Array.Copy(_max, from, target._max, to, count);
        Array.Copy(Hosts, from, target.Hosts, to, count);
    }
}
