using StatusMonitor.Grains.Alerts;
using StatusMonitor.Grains.Hosts;
using StatusMonitor.Grains.Tests.Support;

namespace StatusMonitor.Grains.Tests.Hosts;

/// <summary>What each kind of rule looks at.</summary>
public sealed class HostAlertKindsTests : AlertTests
{
    private static readonly AlertRule Offline = new() { Name = "Offline", Kind = AlertKind.Offline, For = TimeSpan.FromSeconds(30), Severity = AlertSeverity.Critical };
    private static readonly AlertRule Rebooted = new() { Name = "Rebooted", Kind = AlertKind.Rebooted };

    [Fact]
    public async Task AnOfflineHost_IsToldOfWhenItHasBeenForLongEnough_AndOnceItIsBack()
    {
        var agent = await HostAsync(Offline);
        await SendAsync(agent, 1);
        await Silo.AdvanceUntilAsync(HostStatus.Offline, 1, TimeSpan.FromMinutes(1));
        var since = Time.Wall;
        await Silo.AdvanceAsync(TimeSpan.FromSeconds(29), 1);
        Assert.Equal("", await StoryAsync());
        await Silo.AdvanceAsync(TimeSpan.FromSeconds(2), 1);
        Assert.Equal("Fired", await StoryAsync());
        Assert.InRange(Silo.Desk.Told[0].At, since.AddSeconds(29), since.AddSeconds(31));
        Assert.Equal((1, AlertSeverity.Critical), await Silo.Host(1).GetSummary() is { } line ? (line.Firing, line.Severity) : default);

        await SendAsync(agent, 1);
        await SendAsync(agent, 1);
        Assert.Equal("Fired Resolved", await StoryAsync());
        Assert.Null(Silo.Desk.Told[0].Series);
    }

    [Fact]
    public async Task AnOutageThatIsShorter_IsNotToldOf()
    {
        var agent = await HostAsync(Offline);
        await SendAsync(agent, 1);
        await Silo.AdvanceUntilAsync(HostStatus.Offline, 1, TimeSpan.FromMinutes(1));
        await Silo.AdvanceAsync(TimeSpan.FromSeconds(20), 1);
        await SendAsync(agent, 1);
        await Silo.AdvanceAsync(TimeSpan.FromSeconds(9), 1);

        Assert.Equal("", await StoryAsync());
    }

    [Fact]
    public async Task TheTimeUntilAnOfflineHostIsToldOf_GoesOnOverARestart()
    {
        var agent = await HostAsync(Offline with { For = TimeSpan.FromMinutes(3) });
        await SendAsync(agent, 1);
        await Silo.AdvanceUntilAsync(HostStatus.Offline, 1, TimeSpan.FromMinutes(1));
        var since = (await Silo.StoredAsync<HostState>("host", Silo.Host(1))).OfflineSince!.Value;
        await Silo.AdvanceAsync(TimeSpan.FromMinutes(1), 1);

        await RestartAsync(TimeSpan.FromSeconds(15));
        await Silo.AdvanceAsync(since.AddSeconds(179) - Time.Wall, 1);
        Assert.Equal("", await StoryAsync());
        await Silo.AdvanceAsync(TimeSpan.FromSeconds(2), 1);
        Assert.Equal("Fired", await StoryAsync());
        Assert.InRange(Silo.Desk.Told[0].At, since.AddSeconds(180), since.AddSeconds(180.5));
        await RestartAsync(TimeSpan.FromHours(1));
        await SendAsync(agent.At(Silo), 1);
        Assert.Equal("Fired Resolved", await StoryAsync());
    }

    [Fact]
    public async Task WhatFellDueWhileWeWereAway_WaitsForTheHostToSpeakFirst()
    {
        var agent = await HostAsync(Offline);
        await SendAsync(agent, 1);
        await Silo.AdvanceUntilAsync(HostStatus.Offline, 1, TimeSpan.FromMinutes(1));

        await RestartAsync(TimeSpan.FromHours(1));
        await Silo.AdvanceAsync(TimeSpan.FromSeconds(55), 1);
        Assert.Equal("", await StoryAsync());
        await SendAsync(agent.At(Silo), 1);
        Assert.Equal("", await StoryAsync());

        await Silo.AdvanceUntilAsync(HostStatus.Offline, 1, TimeSpan.FromMinutes(1));
        await RestartAsync(TimeSpan.FromHours(1));
        await Silo.AdvanceAsync(TimeSpan.FromSeconds(61), 1);
        Assert.Equal("Fired", await StoryAsync());
    }

    [Fact]
    public async Task OurOwnOutage_ReportsNobodyAsDown()
    {
        var agent = await HostAsync(Offline with { For = TimeSpan.Zero });
        await SendAsync(agent, 1);
        await RestartAsync(TimeSpan.FromHours(1));
        await Silo.AdvanceAsync(TimeSpan.FromSeconds(58), 1);
        agent = agent.At(Silo);
        await SendAsync(agent, 1);
        await Silo.AdvanceAsync(TimeSpan.FromSeconds(9), 1);
        await SendAsync(agent, 1);

        Assert.Equal("", await StoryAsync());
    }

    [Fact]
    public async Task ARuleMadeWhileTheHostIsOffline_TellsOfIt_AndOneThatIsRemovedEndsIt()
    {
        var agent = await HostAsync();
        await SendAsync(agent, 1);
        await Silo.AdvanceUntilAsync(HostStatus.Offline, 1, TimeSpan.FromMinutes(1));
        await Silo.AdvanceAsync(TimeSpan.FromMinutes(2), 1);
        var rule = (await Book.Add(Offline)).Rule!;
        await Silo.AdvanceAsync(TimeSpan.FromSeconds(31), 1);
        Assert.Equal("Fired", await StoryAsync());

        await Book.Remove(rule.Id);
        await Silo.AdvanceAsync(TimeSpan.FromSeconds(31), 1);
        Assert.Equal("Fired Resolved", await StoryAsync());
    }

    [Fact]
    public async Task AnOfflineThatCannotBeStored_IsToldOnceItCan()
    {
        var agent = await HostAsync(Offline with { For = TimeSpan.Zero });
        await SendAsync(agent, 1);
        Silo.Faults.BreakState("alerts");
        await Silo.AdvanceUntilAsync(HostStatus.Offline, 1, TimeSpan.FromMinutes(1));
        await Silo.AdvanceAsync(TimeSpan.FromSeconds(10), 1);
        Assert.Empty(Silo.Desk.Told);
        Silo.Faults.MendState("alerts");
        await Silo.AdvanceAsync(TimeSpan.FromSeconds(6), 1);

        Assert.Equal("Fired", await StoryAsync());
    }

    [Fact]
    public async Task AReboot_IsToldOfOnce_AndNotOfTheFirstReportEver()
    {
        var agent = await HostAsync(Rebooted);
        await SendAsync(agent, 1, 1);
        Assert.Equal("", await StoryAsync());
        agent.BootId = "boot-2";

        // As if we had crashed before the host's own state was written.
        Silo.Faults.BreakState("host");
        await SendAsync(agent, 1);
        Assert.Equal("Fired Resolved", await StoryAsync());
        await RestartAsync();
        agent = agent.At(Silo);
        await SendAsync(agent, 1, 1);

        Assert.Equal("Fired Resolved", await StoryAsync());
        agent.BootId = "";
        await SendAsync(agent, 1);
        Assert.Equal("Fired Resolved", await StoryAsync());
    }

    [Fact]
    public async Task ARuleMadeAfterAReboot_KnowsNothingOfIt()
    {
        var agent = await HostAsync(Rebooted);
        await SendAsync(agent, 1);
        agent.BootId = "boot-2";
        await SendAsync(agent, 1);
        Assert.Equal("Fired Resolved", await StoryAsync());
        await Book.Remove((await Book.Get())[0].Id);
        agent.BootId = "boot-3";
        for (var i = 0; i < 15; i++) await SendAsync(agent, 1);
        await Book.Add(Rebooted);
        await RestartAsync();
        await SendAsync(agent.At(Silo), 1);

        Assert.Equal("Fired Resolved", await StoryAsync());
    }

    [Fact]
    public async Task ASeriesThatIsMissing_IsToldOf_ThoughTheHostReports()
    {
        var agent = await HostAsync(new AlertRule { Name = "No load", Kind = AlertKind.NoData, Series = "load.1m", For = TimeSpan.FromMinutes(1) });
        var both = new SeriesSet(["cpu.percent", "load.1m"]);
        await agent.SendAsync(agent.Report(Time.Milliseconds, both, 1, 1));
        await SendAsync(agent, [.. Enumerable.Repeat(1.0, 6)]);
        await RestartAsync();
        agent = agent.At(Silo);
        await SendAsync(agent, [.. Enumerable.Repeat(1.0, 6)]);
        Assert.Equal("", await StoryAsync());
        await SendAsync(agent, 1);
        Assert.Equal("Fired", await StoryAsync());
        Assert.Equal("load.1m", Silo.Desk.Told[0].Series);

        Time.Advance(agent.Interval);
        await agent.SendAsync(agent.Report(Time.Milliseconds, both, 1, 1));
        Assert.Equal("Fired Resolved", await StoryAsync());
    }

    [Theory]
    [InlineData(MissingData.Keep, "Fired DataLost DataBack")]
    [InlineData(MissingData.Resolve, "Fired Resolved Fired")]
    [InlineData(MissingData.Fire, "Fired DataLost DataBack")]
    public async Task AnAlertWhoseSeriesHasNoValues_DoesAsItsRuleSays(MissingData missing, string story)
    {
        var agent = await HostAsync(Hot with { Series = "load.1m", MissingData = missing });
        var both = new SeriesSet(["cpu.percent", "load.1m"]);
        await agent.SendAsync(agent.Report(Time.Milliseconds, both, 1, 95));
        await SendAsync(agent, [.. Enumerable.Repeat(1.0, 20)]);
        Time.Advance(agent.Interval);
        await agent.SendAsync(agent.Report(Time.Milliseconds, both, 1, 95));

        Assert.Equal(story, await StoryAsync());
    }

    [Fact]
    public async Task ASeriesThatWasFineAndIsGone_FiresIfItsRuleSaysSo()
    {
        var agent = await HostAsync(Hot with { Series = "load.1m", MissingData = MissingData.Fire });
        await agent.SendAsync(agent.Report(Time.Milliseconds, new SeriesSet(["cpu.percent", "load.1m"]), 1, 1));
        await SendAsync(agent, [.. Enumerable.Repeat(1.0, 12)]);
        Assert.Equal("", await StoryAsync());
        await SendAsync(agent, 1, 1);

        Assert.Equal("Fired", await StoryAsync());
    }

    [Fact]
    public async Task ARate_IsOfTwoSamples_AndACounterThatStartsAnewIsNoFall()
    {
        var agent = await HostAsync(new AlertRule { Name = "Busy", Kind = AlertKind.Rate, Series = "net.rx.bytes{nic=eth0}", Threshold = 100 });
        var counter = new SeriesSet(["net.rx.bytes{nic=eth0}"]);
        foreach (var (seconds, value) in new[] { (0, 1_000_000d), (5, 1_000_400), (10, 1_000_800), (15, 450), (20, 1_000), (25, 1_400), (325, 9_000_000), (330, 9_000_400) })
        {
            await agent.SendAsync(agent.Report(Time.Milliseconds + seconds * 1000, counter, value));
        }

        // At 20 s 110 a second, over the gap nothing.
        Assert.Equal("Fired Resolved", await StoryAsync());
        Assert.Equal(110, Silo.Desk.Told[0].Value!.Value, 6);
        Assert.Equal(80, Silo.Desk.Told[1].Value!.Value, 6);
    }

    [Fact]
    public async Task ACounterThatLeapsBeyondAllNumbers_StopsNothing()
    {
        var agent = await HostAsync(new AlertRule { Name = "Busy", Kind = AlertKind.Rate, Series = "net.rx.bytes", Threshold = 100 });
        var counter = new SeriesSet(["net.rx.bytes{nic=eth0}"]);
        agent.Interval = TimeSpan.FromSeconds(1);
        foreach (var (at, value) in new[] { (0, -1e308), (1, 1.7e308), (1000, 1.7e308), (2000, 1e308), (3000, 1), (4000, 500) }) await agent.SendAsync(agent.Report(Time.Milliseconds + at, counter, value));

        Assert.Equal("Fired Resolved Fired", await StoryAsync());
    }

    [Fact]
    public async Task AClassicRule_IsStrict_KnowsNoEnd_AndKeepsItsCooldown()
    {
        var rule = new AlertRule { Name = "cpu > 90", Kind = AlertKind.Classic, ClassicMetric = "cpu", Threshold = 90, Cooldown = TimeSpan.FromMinutes(5), Scope = new RuleScope(ScopeKind.Host, HostId: 1) };
        var agent = await HostAsync(rule);
        await SendAsync(agent, 90, 90.1, 99, 50, 99);
        Assert.Equal("Classic", await StoryAsync());
        var first = Silo.Desk.Told[0];
        Assert.Equal((90.1, first.Id, true, false), (first.Value!.Value, first.IncidentId, first.IsTold, first.IsOpen));
        Assert.Equal(0, (await Silo.Host(1).GetSummary())!.Firing);

        // The cooldown goes on over a restart.
        await RestartAsync(TimeSpan.FromSeconds(270));
        agent = agent.At(Silo);
        await SendAsync(agent, 99, 99, 99, 99);
        Assert.Equal("Classic Classic", await StoryAsync());
        Assert.Equal(TimeSpan.FromMinutes(5), Silo.Desk.Told[1].At - first.At);
    }

    [Fact]
    public async Task AClassicRuleForDisks_TakesTheFullest_AndOneWithoutItsMetricFiresNot()
    {
        var disk = new AlertRule { Name = "disk", Kind = AlertKind.Classic, ClassicMetric = "disk", Threshold = 90, Cooldown = TimeSpan.FromMinutes(5), Scope = new RuleScope(ScopeKind.Host, HostId: 1) };
        var agent = await HostAsync(disk, disk with { ClassicMetric = "memory", Condition = AlertCondition.Below });
        await agent.SendAsync(agent.Report(Time.Milliseconds, new SeriesSet(["disk.used.percent{mount=/}", "disk.used.percent{mount=/data}"]), 10, 95));

        Assert.Equal("Classic", await StoryAsync());
        Assert.Equal(95, Silo.Desk.Told[0].Value);
    }

    [Fact]
    public async Task AForecast_FiresWhenTheLineSaysSo_AndSaysWhen()
    {
        var agent = await HostAsync(new AlertRule { Name = "Full soon", Kind = AlertKind.Forecast, Series = "disk.used.percent", Condition = AlertCondition.AtOrAbove, Threshold = 100, Within = TimeSpan.FromHours(24) });
        agent.Interval = TimeSpan.FromMinutes(1);
        var disk = new SeriesSet(["disk.used.percent{mount=/}"]);

        // From 70 percent, one more in an hour: full in 30 hours, and in less than 24 after more than six.
        var start = Time.Milliseconds;
        for (var minute = 0; minute < 420; minute += 60)
        {
            await agent.SendAsync([.. Enumerable.Range(minute, 60).Select(at => agent.Report(start + at * 60_000, disk, 70 + at / 60.0))]);
            await Silo.SettleAsync(1);
        }

        for (var minute = 420; minute < 460; minute++)
        {
            await agent.SendAsync(agent.Report(start + minute * 60_000, disk, 70 + minute / 60.0));
            await Silo.AdvanceAsync(TimeSpan.FromMilliseconds(100), 1);
        }

        await Waiting.UntilAsync(
            async () =>
            {
                Time.Advance(TimeSpan.FromMilliseconds(100));
                await agent.SendAsync(agent.Report(start + 460 * 60_000, disk, 77.7));
                return (await StoredAsync())?.LastNumber > 0;
            },
            "the forecast");
        Assert.Equal("Fired", await StoryAsync());
        var until = Silo.Desk.Told[0].Until!.Value.ToUnixTimeMilliseconds();
        Assert.InRange(until, start + 29 * 3_600_000L, start + 31 * 3_600_000L);
    }
}
