using FsCheck;
using FsCheck.Fluent;
using StatusMonitor.Gateway.History;
using StatusMonitor.Storage.History;

namespace StatusMonitor.Gateway.Tests.History;

public sealed class HistoryPlanTests
{
    private const long Second = 1000;
    private const long Minute = 60 * Second;
    private const long Hour = 60 * Minute;
    private const long Day = 24 * Hour;
    private static readonly long Now = new DateTimeOffset(2026, 1, 1, 12, 0, 17, TimeSpan.Zero).ToUnixTimeMilliseconds();

    [Theory]
    [InlineData(5 * Minute, 300, nameof(HistoryTier.Raw), Second)]
    [InlineData(Hour, 300, nameof(HistoryTier.Raw), 15 * Second)]
    [InlineData(Hour, 2000, nameof(HistoryTier.Raw), 2 * Second)]
    [InlineData(6 * Hour, 300, nameof(HistoryTier.Minute), 2 * Minute)]
    [InlineData(Day, 300, nameof(HistoryTier.Minute), 5 * Minute)]
    [InlineData(Day, 1, nameof(HistoryTier.QuarterHour), 5 * Day)]
    [InlineData(7 * Day, 300, nameof(HistoryTier.QuarterHour), Hour)]
    [InlineData(30 * Day, 300, nameof(HistoryTier.QuarterHour), 3 * Hour)]
    [InlineData(100_000 * Second, 2000, nameof(HistoryTier.Minute), Minute)]
    [InlineData(365 * Day, 2000, nameof(HistoryTier.QuarterHour), 6 * Hour)]
    public void Range_GetsTheSmallestRoundStepThatFits(long range, int points, string tier, long step) =>
        Assert.Equal((tier, step), Choose(Now - range, Now, points) is var plan ? (plan.Tier.ToString(), plan.Step) : default);

    [Fact]
    public void RangeOfWhichSamplesAreGone_IsReadFromWhatIsKept()
    {
        var raw = Choose(Now - (7 * Day), Now - (7 * Day) + Hour, 300);
        Assert.Equal(new HistoryPlan(HistoryTier.Raw, 15 * Second), raw);
        var minutes = Choose(Now - (8 * Day), Now - (8 * Day) + Hour, 300);
        Assert.Equal(new HistoryPlan(HistoryTier.Minute, Minute), minutes);
        var quarters = Choose(Now - (91 * Day), Now - (91 * Day) + Hour, 300);
        Assert.Equal(new HistoryPlan(HistoryTier.QuarterHour, 15 * Minute), quarters);
    }

    [Fact]
    public void RangeAsLongAsATierIsKept_IsOfThatTier_ThoughItIsAskedForAMomentLater()
    {
        foreach (var (days, tier) in new[] { (7, HistoryTier.Raw), (90, HistoryTier.Minute) })
        {
            Assert.Equal(tier, HistoryPlan.FinestKept(Now - (days * Day), new HistoryOptions(), Now + (30 * Second)));
            Assert.Equal(tier + 1, HistoryPlan.FinestKept(Now - (days * Day), new HistoryOptions(), Now + (2 * Minute)));
        }
    }

    [Theory]
    [InlineData(Hour, 10, nameof(HistoryTier.Raw), 15 * Second)]
    [InlineData(Hour, 200, nameof(HistoryTier.Minute), Minute)]
    [InlineData(Day, 10, nameof(HistoryTier.Minute), 5 * Minute)]
    [InlineData(Day, 200, nameof(HistoryTier.Minute), 5 * Minute)]
    [InlineData(Day, 250, nameof(HistoryTier.QuarterHour), 15 * Minute)]
    [InlineData(Hour, 10_000, nameof(HistoryTier.QuarterHour), 15 * Minute)]
    [InlineData(365 * Day, 10_000, nameof(HistoryTier.QuarterHour), 2 * Day)]
    public void MeanOverManyHosts_IsCoarserThanOneHost(long range, int hosts, string tier, long step) =>
        Assert.Equal((tier, step), HistoryPlan.ChooseForMean(new TimeRange(Now - range, Now), 300, hosts, new HistoryOptions(), Now) is var plan ? (plan.Tier.ToString(), plan.Step) : default);

    [Fact]
    public void Everything_IsAsFineAsItIsKept()
    {
        Assert.Equal(new HistoryPlan(HistoryTier.Raw, 0), Everything(6));
        Assert.Equal(new HistoryPlan(HistoryTier.Minute, Minute), Everything(8));
        Assert.Equal(new HistoryPlan(HistoryTier.QuarterHour, 15 * Minute), Everything(1000));

        static HistoryPlan Everything(long days) => HistoryPlan.Everything(new TimeRange(Now - (days * Day), Now), new HistoryOptions(), Now);
    }

    [Fact]
    public void Plan_NeverMakesMorePointsThanAskedFor()
    {
        var ranges = from length in Gen.Choose(1, int.MaxValue).Select(value => (long)value * 37)
                     from ago in Gen.Choose(0, int.MaxValue).Select(value => (long)value * 29)
                     from points in Gen.Frequency((3, Gen.Choose(1, 2000)), (1, Gen.Choose(1, 3)))
                     select (From: Math.Max(0, Now - ago - length), To: Now - ago, Points: points);
        Prop.ForAll(ranges.ToArbitrary(), range =>
        {
            var plan = Choose(range.From, range.To, range.Points);
            Assert.InRange(((range.To - 1) / plan.Step) - (range.From / plan.Step) + 1, 1, range.Points);
            var length = HistoryPlan.LengthOf(plan.Tier);
            Assert.True(length == 0 ? plan.Step < Minute : plan.Step % length == 0, $"{plan}");
            Assert.True(plan.Tier >= HistoryPlan.FinestKept(range.From, new HistoryOptions(), Now), $"{plan}");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    private static HistoryPlan Choose(long from, long to, int points) => HistoryPlan.Choose(new TimeRange(from, to), points, new HistoryOptions(), Now);
}
