using StatusMonitor.Storage.History;

namespace StatusMonitor.Gateway.History;

/// <summary>
/// The points of one series: by point the lowest, the mean and the highest of what is in it, NaN where there is nothing. Of a counter's rate the mean is its increase by
/// the time it took. Of a counter's value the mean is the last one, being the one that says something.
/// </summary>
internal sealed class SeriesPoints
{
    private SeriesPoints(int count)
    {
        Min = new double[count];
        Mean = new double[count];
        Max = new double[count];
        Array.Fill(Min, double.NaN);
        Array.Fill(Mean, double.NaN);
        Array.Fill(Max, double.NaN);
    }

    public double[] Min { get; }

    public double[] Mean { get; }

    public double[] Max { get; }

    /// <summary>Points of a series that the samples or rollups do not have.</summary>
    public static SeriesPoints None(int count) => new(count);

    /// <summary>Of samples.</summary>
    public static SeriesPoints Of(SelectedSeries series, PointGrid grid, ReadOnlySpan<long> times, ReadOnlySpan<double> values)
    {
        var points = new SeriesPoints(grid.Times.Length);
        if (series.IsRate) points.TakeRates(grid, times, values);
        else points.TakeValues(grid, values, series.IsCounter);
        return points;
    }

    /// <summary>Of rollups.</summary>
    public static SeriesPoints Of(SelectedSeries series, PointGrid grid, ReadOnlySpan<RollupPoint> rollups)
    {
        var points = new SeriesPoints(grid.Times.Length);
        if (series.IsRate) points.TakeRates(grid, rollups);
        else if (series.IsCounter) points.TakeTotals(grid, rollups);
        else points.TakeValues(grid, rollups);
        return points;
    }

    private void TakeValues(PointGrid grid, ReadOnlySpan<double> values, bool isCounter)
    {
        var starts = grid.Starts;
        for (var point = 0; point < Mean.Length; point++)
        {
            var (count, sum, min, max, last) = (0, 0.0, double.PositiveInfinity, double.NegativeInfinity, 0.0);
            foreach (var value in values[starts[point]..starts[point + 1]])
            {
                if (double.IsNaN(value)) continue;
                count++;
                sum += value;
                last = value;
                if (value < min) min = value;
                if (value > max) max = value;
            }

            if (count > 0) Set(point, min, isCounter ? last : sum / count, max);
        }
    }

    private void TakeRates(PointGrid grid, ReadOnlySpan<long> times, ReadOnlySpan<double> values)
    {
        var starts = grid.Starts;
        // The newest sample that has the series; its value is NaN if there is none to go on from.
        var (before, beforeAt) = (double.NaN, 0L);
        for (var i = 0; i < grid.Lead && !grid.IsLeadCut; i++)
        {
            if (!double.IsNaN(values[i])) (before, beforeAt) = (values[i], times[i]);
        }

        for (var point = 0; point < Mean.Length; point++)
        {
            if (starts[point] == starts[point + 1]) before = double.NaN;
            var (increase, elapsed, min, max) = (0.0, 0L, double.PositiveInfinity, double.NegativeInfinity);
            for (var i = starts[point]; i < starts[point + 1]; i++)
            {
                var value = values[i];
                if (double.IsNaN(value)) continue;
                if (!double.IsNaN(before))
                {
                    // A total that is less than it was has started anew from 0.
                    var (gain, time) = (value >= before ? value - before : Math.Max(value, 0), times[i] - beforeAt);
                    var rate = gain * 1000 / time;
                    increase += gain;
                    elapsed += time;
                    if (rate < min) min = rate;
                    if (rate > max) max = rate;
                }

                (before, beforeAt) = (value, times[i]);
            }

            if (elapsed > 0) Set(point, min, increase * 1000 / elapsed, max);
        }
    }

    private void TakeValues(PointGrid grid, ReadOnlySpan<RollupPoint> rollups)
    {
        var starts = grid.Starts;
        for (var point = 0; point < Mean.Length; point++)
        {
            var (count, sum, min, max) = (0L, 0.0, double.PositiveInfinity, double.NegativeInfinity);
            foreach (ref readonly var rollup in rollups[starts[point]..starts[point + 1]])
            {
                if (rollup.Count == 0) continue;
                count += rollup.Count;
                sum += rollup.Sum;
                if (rollup.Min < min) min = rollup.Min;
                if (rollup.Max > max) max = rollup.Max;
            }

            if (count > 0) Set(point, min, sum / count, max);
        }
    }

    private void TakeTotals(PointGrid grid, ReadOnlySpan<RollupPoint> rollups)
    {
        var starts = grid.Starts;
        for (var point = 0; point < Mean.Length; point++)
        {
            var (count, min, max, last) = (0L, double.PositiveInfinity, double.NegativeInfinity, 0.0);
            foreach (ref readonly var rollup in rollups[starts[point]..starts[point + 1]])
            {
                if (rollup.Count == 0) continue;
                count += rollup.Count;
                last = rollup.Last;
                min = Math.Min(min, Math.Min(rollup.First, rollup.Last));
                max = Math.Max(max, Math.Max(rollup.First, rollup.Last));
            }

            if (count > 0) Set(point, min, last, max);
        }
    }

    private void TakeRates(PointGrid grid, ReadOnlySpan<RollupPoint> rollups)
    {
        var starts = grid.Starts;
        RollupPoint before = default;
        for (var i = 0; i < grid.Lead && !grid.IsLeadCut; i++)
        {
            if (rollups[i].Count > 0) before = rollups[i];
        }

        for (var point = 0; point < Mean.Length; point++)
        {
            if (starts[point] == starts[point + 1]) before = default;
            var merged = LastOf(before);
            for (var i = starts[point]; i < starts[point + 1]; i++)
            {
                if (rollups[i].Count == 0) continue;
                before = rollups[i];
                merged = merged.Count == 0 ? before : Rollups.Merge(merged, before, isCounter: true);
            }

            if (merged.LastAt > merged.FirstAt) Set(point, merged.Min, merged.Sum * 1000 / (merged.LastAt - merged.FirstAt), merged.Max);
        }
    }

    /// <summary>The last value of a bucket, as a bucket of its own: what the step to the next one begins at.</summary>
    private static RollupPoint LastOf(RollupPoint point) =>
        point.Count == 0 ? default : new RollupPoint(1, 0, double.NaN, double.NaN, point.Last, point.Last, point.LastAt, point.LastAt);

    /// <summary>However sums were rounded, a mean is not outside of what it is of.</summary>
    private void Set(int point, double min, double mean, double max)
    {
        Min[point] = min;
        Max[point] = max;
        Mean[point] = double.IsFinite(mean) ? Math.Clamp(mean, min, max) : (min / 2) + (max / 2);
    }
}
