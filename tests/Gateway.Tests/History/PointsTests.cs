using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using StatusMonitor.Gateway.History;
using StatusMonitor.Protocol;
using StatusMonitor.Storage.History;

namespace StatusMonitor.Gateway.Tests.History;

/// <summary>Points made of samples and of rollups, against what is plainly computed from the samples.</summary>
public sealed class PointsTests
{
    private const long Begin = 1_767_225_600_000; // A midnight.
    private const int Cases = 400;
    private static readonly SelectedSeries Gauge = new(1, "cpu.percent", KnownSeries.Describe("cpu.percent"), IsRate: false);
    private static readonly SelectedSeries Rate = new(1, "net.rx.bytes{nic=a}", KnownSeries.Describe("net.rx.bytes"), IsRate: true);
    private static readonly SelectedSeries Total = Rate with { IsRate = false };

    // Mostly every five seconds; sometimes late, sometimes away for minutes or hours; values missing now and then, counters starting anew.
    private static readonly Gen<Samples> Hosts =
        from count in Gen.Choose(1, 600)
        from waits in Gen.Frequency((60, Gen.Constant(5000)), (20, Gen.Choose(1, 9000)), (2, Gen.Choose(10_000, 200_000)), (1, Gen.Choose(200_000, 9_000_000))).ArrayOf(count)
        from percents in Gen.Frequency((20, Gen.Choose(0, 1000).Select(value => value / 10.0)), (1, Gen.Constant(double.NaN))).ArrayOf(count)
        from gains in Gen.Frequency((50, Gen.Choose(0, 100_000)), (2, Gen.Constant(-1)), (2, Gen.Constant(-2))).ArrayOf(count)
        from leadPercent in Gen.Choose(0, 60)
        select Samples.Of(waits, percents, gains, leadPercent);

    private static readonly Gen<long> SampleSteps = Gen.Elements<long>(0, 1000, 2000, 5000, 15_000, 30_000, 60_000, 300_000, 900_000, 3_600_000, 86_400_000);

    [Fact]
    public void EverySample_LiesInExactlyOnePointAndTimesAscend() => Check(Hosts, SampleSteps, (host, step) =>
    {
        var grid = host.Grid(step);
        Assert.Equal(grid.Times.Length + 1, grid.Starts.Length);
        var lies = new List<int>();
        for (var point = 0; point < grid.Times.Length; point++)
        {
            if (point > 0) Assert.True(grid.Times[point] > grid.Times[point - 1]);
            Assert.True(step == 0 || grid.Times[point] % step == 0);
            for (var i = grid.Starts[point]; i < grid.Starts[point + 1]; i++)
            {
                lies.Add(i);
                Assert.Equal(step == 0 ? host.Times[i] : host.Times[i] / step * step, grid.Times[point]);
            }
        }

        Assert.Equal(Enumerable.Range(0, host.Times.Length).Where(i => host.Times[i] >= host.From), lies);
    });

    [Fact]
    public void SilenceAndNothingElse_HasAnEmptyPoint() => Check(Hosts, SampleSteps, (host, step) =>
    {
        var grid = host.Grid(step);
        var expected = new List<TimeRange>();
        for (var i = grid.Lead + 1; i < host.Times.Length; i++)
        {
            var (last, next) = (host.Times[i - 1], host.Times[i]);
            var isApart = step == 0 || (next / step) - (last / step) > 1;
            if (next - last > Math.Max(15_000, step) && isApart) expected.Add(new TimeRange(last, next));
        }

        Assert.Equal(expected, grid.Silences);
        var empty = new List<long>();
        for (var point = 0; point < grid.Times.Length; point++)
        {
            if (grid.Starts[point] == grid.Starts[point + 1]) empty.Add(grid.Times[point]);
        }

        Assert.Equal(expected.Count, empty.Count);
        Assert.All(empty.Zip(expected), pair => Assert.True(pair.First > pair.Second.From - (step == 0 ? 0 : step) && pair.First < pair.Second.To));
    });

    [Fact]
    public void PointsOfAGauge_LoseNoSpike() => Check(Hosts, SampleSteps, (host, step) =>
    {
        var grid = host.Grid(step);
        var points = SeriesPoints.Of(Gauge, grid, host.Times.AsSpan(), host.Percents.AsSpan());
        var count = 0;
        var sum = 0.0;
        for (var point = 0; point < grid.Times.Length; point++)
        {
            var inside = host.Percents[grid.Starts[point]..grid.Starts[point + 1]].Where(value => !double.IsNaN(value)).ToArray();
            Assert.Equal(inside.Length == 0, double.IsNaN(points.Mean[point]));
            if (inside.Length == 0) continue;
            Assert.Equal((inside.Min(), inside.Max()), (points.Min[point], points.Max[point]));
            Assert.InRange(points.Mean[point], points.Min[point], points.Max[point]);
            count += inside.Length;
            sum += points.Mean[point] * inside.Length;
        }

        var all = host.Percents[grid.Lead..].Where(value => !double.IsNaN(value)).ToArray();
        Assert.Equal(all.Length, count);
        Assert.Equal(all.Sum(), sum, 6);
        if (all.Length == 0) return;
        Assert.Equal((all.Min(), all.Max()), (points.Min.Where(double.IsFinite).Min(), points.Max.Where(double.IsFinite).Max()));
    });

    [Fact]
    public void RatesOfACounter_AreItsIncreaseByTheTimeAndNeverNegative() => Check(Hosts, SampleSteps, (host, step) =>
    {
        var grid = host.Grid(step);
        var points = SeriesPoints.Of(Rate, grid, host.Times.AsSpan(), host.Totals.AsSpan());
        for (var point = 0; point < grid.Times.Length; point++)
        {
            var steps = host.Steps(grid, point);
            Assert.Equal(steps.Count == 0, double.IsNaN(points.Mean[point]));
            if (steps.Count == 0) continue;
            Assert.True(points.Min[point] >= 0);
            Assert.InRange(points.Mean[point], points.Min[point], points.Max[point]);
            AssertClose(steps.Min(one => one.Gain * 1000 / one.Time), points.Min[point], 1e-9);
            AssertClose(steps.Max(one => one.Gain * 1000 / one.Time), points.Max[point], 1e-9);
            AssertClose(steps.Sum(one => one.Gain) * 1000 / steps.Sum(one => one.Time), points.Mean[point], 1e-9);
        }
    });

    [Fact]
    public void MinutesAndQuarterHours_SayTheSameAsTheSamples() => Check(Hosts, Gen.Elements<long>(900_000, 1_800_000, 3_600_000, 86_400_000), (host, step) =>
    {
        var samples = host.Block();
        var minutes = Rollups.Minutes(samples, id => id == 2);
        foreach (var rollups in new[] { minutes, Rollups.QuarterHours(minutes) })
        {
            // Rollups begin with a whole bucket.
            var from = host.From / 900_000 * 900_000;
            var ofSamples = PointGrid.Of(host.Times.AsSpan(), samples.Intervals.AsSpan(), from, step);
            var grid = PointGrid.Of(rollups, Rollups.Join(rollups.Tier, [rollups]).Interval, from, step);
            Assert.Equal(ofSamples.Times.ToArray(), grid.Times.ToArray());
            Assert.Equal(ofSamples.Silences, grid.Silences);

            AssertSame(SeriesPoints.Of(Gauge, ofSamples, host.Times.AsSpan(), host.Percents.AsSpan()), SeriesPoints.Of(Gauge, grid, rollups.Columns[0].Points.AsSpan()), 0);
            // Rollups keep rates to four digits.
            AssertSame(SeriesPoints.Of(Rate, ofSamples, host.Times.AsSpan(), host.Totals.AsSpan()), SeriesPoints.Of(Rate, grid, rollups.Columns[1].Points.AsSpan()), 1e-3);

            var (exact, totals) = (SeriesPoints.Of(Total, ofSamples, host.Times.AsSpan(), host.Totals.AsSpan()), SeriesPoints.Of(Total, grid, rollups.Columns[1].Points.AsSpan()));
            Assert.Equal(exact.Mean, totals.Mean);
        }
    });

    [Fact]
    public void Interval_IsToldByTheRollups()
    {
        Assert.Equal(5000, IntervalOf(Enumerable.Repeat(5000, 100)));
        Assert.Equal(300_000, IntervalOf(Enumerable.Repeat(300_000, 20)));
        Assert.Equal(0, IntervalOf([1]));

        static long IntervalOf(IEnumerable<int> waits)
        {
            var values = waits.Select(_ => 1.0).ToArray();
            return Rollups.Join(RollupTier.Minute, [Rollups.Minutes(Samples.Of([.. waits], values, [.. values.Select(_ => 1)], 0).Block(), _ => false)]).Interval;
        }
    }

    [Fact]
    public void HostThatReportsOnceAMinute_HasNoGapsInMinutes()
    {
        // A little early and a little late, so that now and then a minute has none or two.
        var waits = Enumerable.Range(0, 200).Select(i => 60_000 + (i % 2 == 0 ? 900 : -850)).ToArray();
        var host = Samples.Of(waits, [.. waits.Select(_ => 1.0)], [.. waits.Select(_ => 1)], 0);
        var minutes = Rollups.Minutes(host.Block(), _ => false);
        Assert.Empty(PointGrid.Of(minutes, Rollups.Join(RollupTier.Minute, [minutes]).Interval, Begin, 60_000).Silences);
    }

    [Fact]
    public void LargestValues_HaveAMean()
    {
        var grid = PointGrid.Of([Begin, Begin + 1, Begin + 2], [5000, 5000, 5000], Begin, 1000);
        var points = SeriesPoints.Of(Gauge, grid, [Begin, Begin + 1, Begin + 2], [double.MaxValue, double.MaxValue, -double.MaxValue]);
        Assert.True(double.IsFinite(points.Mean[0]));
    }

    private static void Check(Gen<Samples> hosts, Gen<long> steps, Action<Samples, long> property)
    {
        var cases = from host in hosts
                    from step in steps
                    select (host, step);
        Prop.ForAll(cases.ToArbitrary(), one => property(one.host, one.step)).Check(Config.QuickThrowOnFailure.WithMaxTest(Cases));
    }

    private static void AssertSame(SeriesPoints expected, SeriesPoints actual, double tolerance)
    {
        for (var i = 0; i < expected.Mean.Length; i++)
        {
            AssertClose(expected.Min[i], actual.Min[i], tolerance);
            AssertClose(expected.Max[i], actual.Max[i], tolerance);
            AssertClose(expected.Mean[i], actual.Mean[i], Math.Max(tolerance, 1e-9));
        }
    }

    private static void AssertClose(double expected, double actual, double tolerance) =>
        Assert.True(expected.Equals(actual) || Math.Abs(expected - actual) <= tolerance * Math.Abs(expected), $"{expected:R} {actual:R}");

    private sealed record Samples(ImmutableArray<long> Times, ImmutableArray<double> Percents, ImmutableArray<double> Totals, long From)
    {
        public static Samples Of(int[] waits, double[] percents, int[] gains, int leadPercent)
        {
            var (time, total) = (Begin, 1_000_000.0);
            var times = new List<long>();
            var totals = new List<double>();
            for (var i = 0; i < waits.Length; i++)
            {
                times.Add(time += waits[i]);
                if (gains[i] == -1) total = i % 7;
                else if (gains[i] >= 0) total += gains[i];
                totals.Add(gains[i] == -2 ? double.NaN : total);
            }

            return new Samples([.. times], [.. percents], [.. totals], times[waits.Length * leadPercent / 100]);
        }

        public PointGrid Grid(long step) => PointGrid.Of(Times.AsSpan(), Block().Intervals.AsSpan(), From, step);

        public SampleBlock Block() => new(Times, [.. Times.Select(_ => 5000)], [new SampleColumn(1, Percents), new SampleColumn(2, Totals)]);

        /// <summary>What the counter grew by up to each sample of a point that has it, since the one before, but not over a silence.</summary>
        public List<(double Gain, double Time)> Steps(PointGrid grid, int point)
        {
            var steps = new List<(double, double)>();
            for (var i = grid.Starts[point]; i < grid.Starts[point + 1]; i++)
            {
                var before = i - 1;
                while (before >= 0 && double.IsNaN(Totals[before])) before--;
                if (double.IsNaN(Totals[i]) || before < 0 || IsCut(grid, before, i)) continue;
                steps.Add((Totals[i] >= Totals[before] ? Totals[i] - Totals[before] : Totals[i], Times[i] - Times[before]));
            }

            return steps;
        }

        private bool IsCut(PointGrid grid, int before, int after) =>
            grid.Silences.Any(silence => silence.From >= Times[before] && silence.To <= Times[after]) || (grid.IsLeadCut && before < grid.Lead && after >= grid.Lead);
    }
}
