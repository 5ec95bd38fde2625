using FsCheck;
using FsCheck.Fluent;
using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Grains.Tests.Alerts;

public sealed class ForecastTests
{
    private const long Minute = 60_000;
    private const long Hour = 60 * Minute;
    private const long Now = 1_795_320_000_000;

    private static readonly AlertRule DiskFull = DefaultRules.All.Single(rule => rule.DefaultKey == "disk-full");

    [Fact]
    public void ALine_IsReadAheadExactly()
    {
        // 2 % an hour: 60 % now, 100 % in 20 h, 108 % in a day.
        var outlook = Look(DiskFull, ago => 60 - (2.0 * ago / Hour));

        Assert.Equal(108, outlook!.Value.Value, 6);
        Assert.Equal(Now + (20 * Hour), outlook.Value.ReachedAt!.Value, 10.0);
    }

    [Fact]
    public void TooSlow_IsNotReached() => Assert.Equal((84.0, null), Rounded(Look(DiskFull, ago => 60 - (1.0 * ago / Hour))));

    [Fact]
    public void Falling_IsReadAheadForARuleThatLooksBelow()
    {
        var rule = DiskFull with { Series = "memory.available.bytes", Condition = AlertCondition.AtOrBelow, Threshold = 1e9 };
        var outlook = Look(rule, ago => 5e9 + (5e8 * ago / Hour));

        Assert.Equal(-7e9, outlook!.Value.Value, 1.0);
        Assert.Equal(Now + (8 * Hour), outlook.Value.ReachedAt!.Value, 10.0);
    }

    [Fact]
    public void WhatIsThereAlready_IsReachedNow()
    {
        Assert.Equal((100.0, Now), Rounded(Look(DiskFull, _ => 100)));
        Assert.Equal(Now, Look(DiskFull with { Threshold = 50 }, ago => 60 - (2.0 * ago / Hour))!.Value.ReachedAt);
    }

    [Fact]
    public void WhatStopsGrowing_StaysWhereItIs() =>
        Assert.Equal((90.0, null), Rounded(Look(DiskFull, ago => ago > 3.5 * Hour ? 90 - ((ago - (3.5 * Hour)) * 20 / Hour) : 90)));

    /// <summary>One large file is no trend, whenever in the window it came and however large it is.</summary>
    [Fact]
    public void AStep_IsNoTrend() => Assert.All(Enumerable.Range(1, 359), minute =>
        Assert.Equal((70.0, null), Rounded(Look(DiskFull, ago => ago >= minute * Minute ? 5 : 70))));

    [Fact]
    public void GrowthInTheLastThirdAlone_IsNoTrendYet() =>
        Assert.Null(Look(DiskFull, ago => ago < 2 * Hour ? 50 + (40.0 * ((2 * Hour) - ago) / (2 * Hour)) : 50)!.Value.ReachedAt);

    /// <summary>Noise of up to a tenth of the growth, of any seed: the end is foretold within an hour or so of the truth.</summary>
    [Fact]
    public void NoiseOnALine_HardlyMovesTheEnd() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        var outlook = Look(DiskFull, ago => 60 - (2.0 * ago / Hour) + ((random.NextDouble() - 0.5) * 2.4));
        return outlook is { ReachedAt: { } reached } && Math.Abs(reached - Now - (20 * Hour)) < 1.5 * Hour;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    /// <summary>Noise without growth never foretells a full disk.</summary>
    [Fact]
    public void NoiseAlone_ForetellsNothing() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        return Look(DiskFull, _ => 90 + (random.NextDouble() * 9)) is { ReachedAt: null };
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void TooFewValues_OrTooLittleTime_SayNothing()
    {
        var few = Enumerable.Range(0, 9).Select(i => Now - ((8 - i) * 40 * Minute)).ToArray();
        Assert.Null(Forecast.Look(DiskFull, few, few.Select(at => (double)at).ToArray(), Now));
        Assert.Null(Forecast.Look(DiskFull, [], [], Now));

        Assert.Null(Look(DiskFull, ago => 60 - (2.0 * ago / Hour), minutes: 179));
        Assert.NotNull(Look(DiskFull, ago => 60 - (2.0 * ago / Hour), minutes: 180));
    }

    [Fact]
    public void WhatIsOlderThanItLooksBack_DoesNotCount() => Assert.Equal(108, Look(DiskFull, ago => ago > 6 * Hour ? 99 : 60 - (2.0 * ago / Hour), minutes: 2_000)!.Value.Value, 6);

    [Theory]
    [InlineData(10, 30)]
    [InlineData(24 * 60, 6 * 60)]
    [InlineData(30 * 24 * 60, 7 * 24 * 60)]
    public void ItLooksBackAQuarterOfTheWayAhead_WithinBounds(int aheadMinutes, int backMinutes) =>
        Assert.Equal(TimeSpan.FromMinutes(backMinutes), Forecast.Lookback(TimeSpan.FromMinutes(aheadMinutes)));

    private static (double Value, long? ReachedAt) Rounded(Outlook? outlook) => (Math.Round(outlook!.Value.Value, 6), outlook.Value.ReachedAt);

    private static Outlook? Look(AlertRule rule, Func<long, double> value, int minutes = 360)
    {
        var times = Enumerable.Range(0, minutes + 1).Select(i => Now - ((minutes - i) * Minute)).ToArray();
        return Forecast.Look(rule, times, times.Select(at => value(Now - at)).ToArray(), Now);
    }
}
