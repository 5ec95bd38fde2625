using StatusMonitor.Storage.History;
using StatusMonitor.Storage.History.Coding;

namespace StatusMonitor.Storage.Tests.History;

/// <summary>Rollups straight from the samples of a bucket, whatever its length, without anything in between.</summary>
internal static class NaiveRollups
{
    public static RollupBlock Of(SampleBlock samples, RollupTier tier, Func<int, bool> isCounter)
    {
        var buckets = samples.Times.Select((at, index) => (At: at, Index: index)).GroupBy(sample => (long)Math.Floor(sample.At / (decimal)Rollups.Length(tier)) * Rollups.Length(tier)).ToList();
        return new RollupBlock(
            tier,
            [.. buckets.Select(bucket => bucket.Key)],
            [.. buckets.Select(bucket => bucket.First().At)],
            [.. buckets.Select(bucket => bucket.Last().At)],
            [
                .. samples.Columns.Select(column => new RollupColumn(
                    column.SeriesId,
                    isCounter(column.SeriesId),
                    [.. buckets.Select(bucket => Point([.. bucket.Select(sample => (sample.At, column.Values[sample.Index])).Where(sample => !double.IsNaN(sample.Item2))], isCounter(column.SeriesId)))])),
            ]);
    }

    private static RollupPoint Point((long At, double Value)[] values, bool isCounter)
    {
        if (values.Length == 0) return default;
        if (!isCounter) return new RollupPoint(values.Length, Sum(values.Select(value => value.Value)), values.Min(value => value.Value), values.Max(value => value.Value), 0, 0);

        var steps = values.Zip(values.Skip(1), (a, b) => (By: b.Value >= a.Value ? (double)((decimal)b.Value - (decimal)a.Value) : Math.Max(b.Value, 0), Time: b.At - a.At)).ToList();
        var rates = steps.Select(step => CounterRate.Round(step.By * 1_000 / step.Time)).DefaultIfEmpty(double.NaN).ToList();
        return new RollupPoint(values.Length, Sum(steps.Select(step => step.By)), rates.Min(), rates.Max(), values[0].Value, values[^1].Value, values[0].At, values[^1].At);
    }

    /// <summary>Exact for what has at most 15 digits. Plus 0, because a decimal knows minus zero: 1.3 - 3 + 1.7.</summary>
    private static double Sum(IEnumerable<double> values) => (double)values.Sum(value => (decimal)value) + 0.0;
}
