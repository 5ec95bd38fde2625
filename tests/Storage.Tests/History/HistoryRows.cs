using System.Collections.Immutable;
using StatusMonitor.Storage.History;
using StatusMonitor.Storage.Samples;

namespace StatusMonitor.Storage.Tests.History;

/// <summary>Samples of a small host, and what history must make of them.</summary>
internal static class HistoryRows
{
    public const long Hour = 3_600_000;

    /// <summary>Begin of an hour and of a day; long enough ago to be compacted, whenever that is.</summary>
    public const long Start = 1_795_305_600_000;

    public static readonly SeriesEntry[] Series =
        [new(0, "cpu.percent"), new(1, "net.rx.bytes{nic=eth0}"), new(2, "disk.used.percent{mount=/}"), new(3, "rare")];

    public static readonly ImmutableArray<int> Ids = [0, 1, 2, 3];

    public static DateTimeOffset Time(long at) => DateTimeOffset.FromUnixTimeMilliseconds(at);

    /// <summary>When the hour of a time is long over.</summary>
    public static DateTimeOffset After(long at) => Time(at + 2 * Hour);

    /// <summary>A sample whose values follow from its time: a gauge, a counter that starts anew now and then, one that seldom changes, and one that is seldom there.</summary>
    public static JournalRow Row(long at)
    {
        var second = at / 1_000;
        var values = new List<double> { second * 7919 % 1_000 / 10.0, second * 131 % 100_000, second / 900 % 100 };
        if (second % 7 == 0) values.Add(-second / 3.0);
        return new JournalRow(at, at + 250, second, 5_000, SampleRow.Encode([.. Enumerable.Range(0, values.Count)], [.. values]));
    }

    public static JournalRow[] Rows(long from, long to, long step) => [.. Times(from, to, step).Select(Row)];

    public static IEnumerable<long> Times(long from, long to, long step)
    {
        for (var at = from; at < to; at += step) yield return at;
    }

    public static SampleBlock BlockOf(IEnumerable<long> times) => SampleBlocks.Of([.. times.Order().Select(Row)]);

    /// <summary>The rollups computed from all samples at once.</summary>
    public static RollupBlock Rolled(RollupTier tier, IEnumerable<long> times)
    {
        var minutes = Rollups.Minutes(BlockOf(times), id => id == 1);
        return tier == RollupTier.Minute ? minutes : Rollups.QuarterHours(minutes);
    }

    public static void AssertSame(SampleBlock expected, SampleBlock actual)
    {
        Assert.Equal(expected.Times.ToArray(), actual.Times.ToArray());
        Assert.Equal(expected.Intervals.ToArray(), actual.Intervals.ToArray());
        var columns = Filled(actual);
        Assert.Equal(Filled(expected).Select(column => column.SeriesId), columns.Select(column => column.SeriesId));
        foreach (var (wanted, found) in Filled(expected).Zip(columns)) Assert.Equal(wanted.Values.ToArray(), found.Values.ToArray());
    }

    public static void AssertSame(RollupBlock expected, RollupBlock actual)
    {
        Assert.Equal(expected.Tier, actual.Tier);
        Assert.Equal(expected.Starts.ToArray(), actual.Starts.ToArray());
        Assert.Equal(expected.FirstAt.ToArray(), actual.FirstAt.ToArray());
        Assert.Equal(expected.LastAt.ToArray(), actual.LastAt.ToArray());
        var columns = Filled(actual);
        Assert.Equal(Filled(expected).Select(column => (column.SeriesId, column.IsCounter)), columns.Select(column => (column.SeriesId, column.IsCounter)));
        foreach (var (wanted, found) in Filled(expected).Zip(columns)) Assert.Equal(wanted.Points.ToArray(), found.Points.ToArray());
    }

    /// <summary>Everything of a host over ten days: samples, and the rollups as if computed from all of them at once.</summary>
    public static async Task AssertAllAsync(IHistory history, long host, IReadOnlyList<long> times)
    {
        await AssertSamplesAsync(history, host, times);
        await AssertRollupsAsync(history, host, times);
        await AssertGaugesAsync(history, host, times);
    }

    public static async Task AssertSamplesAsync(IHistory history, long host, IReadOnlyList<long> times) =>
        AssertSame(BlockOf(times), await history.ReadSamplesAsync(host, Ids, Start - 240 * Hour, Start + 240 * Hour, default));

    public static async Task AssertRollupsAsync(IHistory history, long host, IReadOnlyList<long> times)
    {
        foreach (var tier in new[] { RollupTier.Minute, RollupTier.QuarterHour })
        {
            AssertSame(Rolled(tier, times), await history.ReadRollupsAsync(host, Ids, tier, Start - 240 * Hour, Start + 240 * Hour, default));
        }
    }

    /// <summary>Gauges merged into steps, as many a question asks for them: whatever they are read from, they are as if merged from the minutes of all samples.</summary>
    public static async Task AssertGaugesAsync(IHistory history, long host, IReadOnlyList<long> times)
    {
        // The one that is no decimal is summed as doubles, for which it matters what was added up first.
        foreach (var (ids, step) in new (ImmutableArray<int>, long)[] { ([0, 2, 3], 300_000), ([2, 0], 600_000) })
        {
            foreach (var (from, to) in new[] { (Start - 240 * Hour, Start + 240 * Hour), (Start + Hour + 300_000, Start + 3 * Hour - 300_000), (Start + Hour + 60_000, Start + 9 * Hour + 120_000) })
            {
                await AssertGaugesAsync(history, host, times, ids, new TimeRange(from, to), step);
            }
        }
    }

    /// <summary>The same of some series and one range.</summary>
    public static async Task AssertGaugesAsync(IHistory history, long host, IReadOnlyList<long> times, ImmutableArray<int> ids, TimeRange range, long step)
    {
        var steps = new RollupSteps(range.From, step);
        var expected = new RollupJoin(RollupTier.Minute, range.From, range.To, steps);
        expected.Add(Rolled(RollupTier.Minute, times));
        var all = expected.ToBlock();
        var read = await history.ReadRollupsAsync([new RollupQuestion(host, ids)], new RollupReading(RollupTier.Minute, range, steps, AreGauges: true), default);
        AssertSame(all with { Columns = [.. all.Columns.Where(column => ids.Contains(column.SeriesId))] }, read[0]);
    }

    // A column without a value says as much as none.
    private static List<SampleColumn> Filled(SampleBlock block) => [.. block.Columns.Where(column => column.Values.Any(value => !double.IsNaN(value)))];

    private static List<RollupColumn> Filled(RollupBlock block) => [.. block.Columns.Where(column => column.Points.Any(point => point.Count > 0))];
}
