using System.Collections.Immutable;
using StatusMonitor.Grains.Hosts;

namespace StatusMonitor.Grains.Tests.Hosts;

public sealed class SummaryTrackerTests
{
    private static readonly HostSummary Before = new(7, "web-1", HostStatus.Online, DateTimeOffset.UnixEpoch);

    private readonly SummaryTracker _tracker = new();

    [Fact]
    public void TheKnownSeries_MakeTheLine()
    {
        var summary = Summarize(1_000, ("load.1m", 0.7), ("cpu.percent", 12.5), ("memory.used.percent", 40), ("uptime.seconds", 3_600), ("my.own", 99));

        Assert.Equal(Before with { CpuPercent = 12.5, MemoryPercent = 40, Load1 = 0.7, UptimeSeconds = 3_600 }, summary);
    }

    [Fact]
    public void WhatAReportDoesNotHave_IsUnknown()
    {
        Summarize(1_000, ("cpu.percent", 12.5), ("disk.used.percent{mount=/}", 10));

        Assert.Equal(Before, Summarize(2_000, ("my.own", 1)));
    }

    [Fact]
    public void TheFullestDisk_IsShown() =>
        Assert.Equal(91.5, Summarize(1_000, ("disk.used.percent{mount=/}", 10), ("disk.used.percent{mount=/var}", 91.5), ("disk.used.percent{mount=/home}", 50), ("disk.used.percent_of_others", 99)).DiskPercent);

    [Fact]
    public void Rates_AreOfAllInterfacesSinceTheReportBefore()
    {
        var first = Summarize(10_000, ("net.rx.bytes{nic=eth0}", 1_000), ("net.rx.bytes{nic=eth1}", 500), ("net.tx.bytes{nic=eth0}", 0));
        Assert.Null(first.RxBytesPerSecond);
        Assert.Null(first.TxBytesPerSecond);

        var second = Summarize(12_500, ("net.rx.bytes{nic=eth0}", 2_000), ("net.rx.bytes{nic=eth1}", 1_000), ("net.tx.bytes{nic=eth0}", 0));
        Assert.Equal(1_500 / 2.5, second.RxBytesPerSecond);
        Assert.Equal(0, second.TxBytesPerSecond);

        var third = Summarize(13_500, ("net.rx.bytes{nic=eth0}", 2_100), ("net.rx.bytes{nic=eth1}", 1_000), ("net.tx.bytes{nic=eth0}", 5));
        Assert.Equal((100.0, 5.0), (third.RxBytesPerSecond, third.TxBytesPerSecond));
    }

    [Fact]
    public void ACounterThatStartsAnew_HasNoRate_AndThenOneAgain()
    {
        Summarize(10_000, ("net.rx.bytes{nic=eth0}", 1e12));

        Assert.Null(Summarize(15_000, ("net.rx.bytes{nic=eth0}", 500)).RxBytesPerSecond);
        Assert.Equal(100, Summarize(20_000, ("net.rx.bytes{nic=eth0}", 1_000)).RxBytesPerSecond);
    }

    [Fact]
    public void AReportOfTheSameOrAnEarlierTime_HasNoRate()
    {
        Summarize(10_000, ("net.rx.bytes{nic=eth0}", 0));

        Assert.Null(Summarize(10_000, ("net.rx.bytes{nic=eth0}", 500)).RxBytesPerSecond);
        Assert.Null(Summarize(5_000, ("net.rx.bytes{nic=eth0}", 1_000)).RxBytesPerSecond);
        Assert.Equal(1_000, Summarize(6_000, ("net.rx.bytes{nic=eth0}", 2_000)).RxBytesPerSecond);
    }

    [Fact]
    public void AReportWithoutTheCounter_LeavesAGap()
    {
        Summarize(10_000, ("net.rx.bytes{nic=eth0}", 0));
        Assert.Null(Summarize(15_000, ("cpu.percent", 1)).RxBytesPerSecond);
        Assert.Null(Summarize(20_000, ("net.rx.bytes{nic=eth0}", 100)).RxBytesPerSecond);
        Assert.Equal(20, Summarize(25_000, ("net.rx.bytes{nic=eth0}", 200)).RxBytesPerSecond);
    }

    private HostSummary Summarize(long at, params (string Series, double Value)[] samples) => _tracker.Summarize(
        Before,
        new HostReport(1, "boot", at, TimeSpan.FromSeconds(5), new SeriesSet([.. samples.Select(sample => sample.Series)]), [.. samples.Select(sample => sample.Value)]));
}
