using StatusMonitor.Gateway.History;
using StatusMonitor.Storage.History;

namespace StatusMonitor.Gateway.Tests.History;

public sealed class HistoryGapsTests
{
    private const long Silence = 15_000;

    [Fact]
    public void Range_HasTheGapsBeforeBetweenAndAfterItsSamples()
    {
        long[] times = [100_000, 105_000, 200_000, 205_000];
        var grid = PointGrid.Of(times, [5000, 5000, 5000, 5000], 0, 0);
        Assert.Equal([new(0, 100_000), new(105_000, 200_000), new(205_000, 300_000)], HistoryGaps.Find(grid, 100_000, 205_000, new TimeRange(0, 300_000), 0, Silence));
        Assert.Equal([new(105_000, 200_000)], HistoryGaps.Find(grid, 100_000, 205_000, new TimeRange(85_000, 220_000), 0, Silence));
    }

    [Fact]
    public void HostThatWasNotKnownYet_MissedNothing()
    {
        var grid = PointGrid.Of([100_000], [5000], 0, 0);
        Assert.Empty(HistoryGaps.Find(grid, 100_000, 100_000, new TimeRange(0, 110_000), 100_000, Silence));
        Assert.Empty(HistoryGaps.Find(PointGrid.Of([], [], 0, 0), null, null, new TimeRange(0, 110_000), long.MaxValue, Silence));
    }

    [Fact]
    public void RangeWithoutASample_IsOneGap() =>
        Assert.Equal([new TimeRange(50_000, 200_000)], HistoryGaps.Find(PointGrid.Of([], [], 0, 0), null, null, new TimeRange(0, 200_000), 50_000, Silence));

    [Fact]
    public void Gap_IsTheServersIfItWasAwayForHalfOfIt()
    {
        TimeRange[] gaps = [new(0, 100), new(200, 300), new(400, 500), new(600, 700), new(800, 900)];
        TimeRange[] away = [new(10, 60), new(150, 210), new(290, 420), new(440, 450), new(451, 471), new(550, 750)];
        Assert.Equal(
            [GapReason.ServerAway, GapReason.HostOffline, GapReason.ServerAway, GapReason.ServerAway, GapReason.HostOffline],
            HistoryGaps.Explain([.. gaps], away).Select(gap => gap.Reason));
    }

    [Fact]
    public void OneAbsenceOfTheServer_ExplainsAllItsGaps() =>
        Assert.All(HistoryGaps.Explain([new(0, 100), new(150, 300)], [new(0, 300)]), gap => Assert.Equal(GapReason.ServerAway, gap.Reason));
}
