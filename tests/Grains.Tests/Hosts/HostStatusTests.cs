using StatusMonitor.Grains.Hosts;
using StatusMonitor.Grains.Tests.Support;

namespace StatusMonitor.Grains.Tests.Hosts;

/// <summary>Online, late, offline: by time alone, and over restarts.</summary>
public sealed class HostStatusTests : SiloTests
{
    // The steps of the clock, and one more for the timer's way.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(500);

    [Fact]
    public async Task ASilentHost_IsLateThenOffline_AndTheFleetHearsOfBoth()
    {
        var agent = await Silo.EnrolAsync(1);
        await agent.SendAsync(agent.Report());
        Assert.Equal((1, 1), await Silo.Shard(1).GetCounts());

        var late = await Silo.AdvanceUntilAsync(HostStatus.Late, 1, TimeSpan.FromMinutes(1));
        Assert.InRange(late, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10) + Tolerance);
        Assert.Equal(HostStatus.Late, Assert.Single(await Silo.Shard(1).GetHosts(null)).Status);

        var offline = late + await Silo.AdvanceUntilAsync(HostStatus.Offline, 1, TimeSpan.FromMinutes(1));
        Assert.InRange(offline, TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(15) + Tolerance);
        Assert.Equal(HostStatus.Offline, Assert.Single(await Silo.Shard(1).GetHosts(null)).Status);
        Assert.Equal((1, 0), await Silo.Shard(1).GetCounts());
    }

    [Fact]
    public async Task ASlowAgent_IsGivenThreeOfItsIntervals()
    {
        var agent = await Silo.EnrolAsync(1);
        agent.Interval = TimeSpan.FromSeconds(20);
        await agent.SendAsync(agent.Report());

        Assert.InRange(await Silo.AdvanceUntilAsync(HostStatus.Late, 1, TimeSpan.FromMinutes(2)), TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(40) + Tolerance);
        Assert.InRange(await Silo.AdvanceUntilAsync(HostStatus.Offline, 1, TimeSpan.FromMinutes(2)), TimeSpan.FromSeconds(19.5), TimeSpan.FromSeconds(20) + Tolerance);
    }

    [Fact]
    public async Task AnIntervalThatBecomesShorter_CountsAtOnce()
    {
        var agent = await Silo.EnrolAsync(1);
        agent.Interval = TimeSpan.FromSeconds(300);
        await agent.SendAsync(agent.Report());
        agent.Interval = TimeSpan.FromSeconds(5);
        await Silo.AdvanceAsync(TimeSpan.FromSeconds(1), 1);
        await agent.SendAsync(agent.Report());

        Assert.InRange(await Silo.AdvanceUntilAsync(HostStatus.Offline, 1, TimeSpan.FromMinutes(1)), TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(15) + Tolerance);
    }

    [Fact]
    public async Task ReportsInTime_KeepAHostOnline()
    {
        var agent = await Silo.EnrolAsync(1);
        for (var i = 0; i < 12; i++)
        {
            await agent.SendAsync(agent.Report());
            await Silo.AdvanceAsync(TimeSpan.FromSeconds(9.9), 1);
            Assert.Equal(HostStatus.Online, await StatusAsync(1));
        }

        // The silence counts from the last report, not from when the timer was set.
        Assert.InRange(await Silo.AdvanceUntilAsync(HostStatus.Offline, 1, TimeSpan.FromMinutes(1)), TimeSpan.FromSeconds(5.0), TimeSpan.FromSeconds(5.1) + Tolerance);
    }

    [Fact]
    public async Task AReport_BringsAnOfflineHostBack_AndItCanFallSilentAgain()
    {
        var agent = await Silo.EnrolAsync(1);
        for (var i = 0; i < 3; i++)
        {
            await agent.SendAsync(agent.Report());
            Assert.Equal(HostStatus.Online, await StatusAsync(1));
            Assert.Equal((1, 1), await Silo.Shard(1).GetCounts());

            await Silo.AdvanceUntilAsync(HostStatus.Offline, 1, TimeSpan.FromMinutes(1));
            Assert.Equal((1, 0), await Silo.Shard(1).GetCounts());
        }
    }

    [Fact]
    public async Task ARepeat_IsASignOfLifeToo()
    {
        var agent = await Silo.EnrolAsync(1);
        var report = agent.Report();
        await agent.SendAsync(report);
        await Silo.AdvanceUntilAsync(HostStatus.Offline, 1, TimeSpan.FromMinutes(1));

        Assert.Equal(new ReportResult(ReportOutcome.Stored, 0, 1), await agent.SendAsync(report));

        Assert.Equal(HostStatus.Online, await StatusAsync(1));
    }

    [Fact]
    public async Task AHostThatNeverReported_StaysPending()
    {
        await Silo.EnrolAsync(1);
        await Silo.AdvanceAsync(TimeSpan.FromMinutes(2), 1);

        Assert.Equal(HostStatus.Pending, await StatusAsync(1));
    }

    [Fact]
    public async Task AnOfflineHost_IsOfflineAfterARestart()
    {
        var agent = await Silo.EnrolAsync(1);
        await agent.SendAsync(agent.Report());
        var lastSeen = Time.Wall;
        await Silo.AdvanceUntilAsync(HostStatus.Offline, 1, TimeSpan.FromMinutes(1));

        await RestartAsync(TimeSpan.FromHours(1));

        var summary = (await Silo.Host(1).GetSummary())!;
        Assert.Equal((HostStatus.Offline, lastSeen), (summary.Status, summary.LastSeen));

        agent = agent.At(Silo);
        await agent.SendAsync(agent.Report());
        await RestartAsync();
        Assert.Equal(HostStatus.Online, await StatusAsync(1));
    }

    /// <summary>A restart of ours never looks like an outage of theirs.</summary>
    [Fact]
    public async Task AnOnlineHost_IsNotOfflineByOurRestart_UntilTheGraceAndItsWindowHavePassed()
    {
        var agent = await Silo.EnrolAsync(1);
        await agent.SendAsync(agent.Report());

        await RestartAsync(TimeSpan.FromHours(1));
        Assert.Equal(HostStatus.Online, await StatusAsync(1));

        Assert.InRange(await Silo.AdvanceUntilAsync(HostStatus.Offline, 1, TimeSpan.FromMinutes(2)), TimeSpan.FromSeconds(75), TimeSpan.FromSeconds(75) + Tolerance);
    }

    [Fact]
    public async Task AHostThatFellSilentWhileNobodyRan_IsFoundOffline_WithoutAnybodyAsking()
    {
        var agent = await Silo.EnrolAsync(1);
        await agent.SendAsync(agent.Report());
        await RestartAsync(TimeSpan.FromHours(1));

        // Only the fleet is looked at: the shard wakes its hosts itself.
        await Waiting.UntilAsync(async () => Assert.Single(await Silo.Shard(1).GetHosts(null)).Status == HostStatus.Online, "the woken host's line");
        await Waiting.UntilAsync(
            async () =>
            {
                Time.Advance(TimeSpan.FromMilliseconds(100));
                return Assert.Single(await Silo.Shard(1).GetHosts(null)).Status == HostStatus.Offline;
            },
            "offline in the fleet");
    }

    [Theory]
    [InlineData(+24)]
    [InlineData(-24)]
    public async Task SettingOurWallClock_ChangesNoStatus(int hours)
    {
        var agent = await Silo.EnrolAsync(1);
        await agent.SendAsync(agent.Report());
        await Silo.AdvanceAsync(TimeSpan.FromSeconds(5), 1);

        Time.Wall += TimeSpan.FromHours(hours);
        Assert.InRange(await Silo.AdvanceUntilAsync(HostStatus.Late, 1, TimeSpan.FromMinutes(1)), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5) + Tolerance);
        Assert.InRange(await Silo.AdvanceUntilAsync(HostStatus.Offline, 1, TimeSpan.FromMinutes(1)), TimeSpan.FromSeconds(4.4), TimeSpan.FromSeconds(5) + Tolerance);
        Time.Wall -= TimeSpan.FromHours(hours);
        await Silo.AdvanceAsync(TimeSpan.FromSeconds(30), 1);
        Assert.Equal(HostStatus.Offline, await StatusAsync(1));
    }

    [Fact]
    public async Task AnOfflineThatCannotBeStored_IsToldOnceItCan()
    {
        var agent = await Silo.EnrolAsync(1);
        await agent.SendAsync(agent.Report());
        Silo.Faults.BreakState("host");
        await Silo.AdvanceAsync(TimeSpan.FromSeconds(30), 1);

        // What a restart would forget is not told.
        Assert.Equal(HostStatus.Late, await StatusAsync(1));

        Silo.Faults.MendState("host");
        await Silo.AdvanceUntilAsync(HostStatus.Offline, 1, TimeSpan.FromSeconds(10));
        await RestartAsync();
        Assert.Equal(HostStatus.Offline, await StatusAsync(1));
    }

    [Fact]
    public async Task AFleetThatCannotBeTold_IsToldOnceItCan()
    {
        Silo.Faults.BreakState("fleet");
        await Assert.ThrowsAnyAsync<Exception>(() => Silo.RegisterAsync(1));
        var agent = await Silo.AgentAsync(1);
        Assert.Equal(ReportOutcome.Stored, (await agent.SendAsync(agent.Report())).Outcome);
        await Silo.AdvanceUntilAsync(HostStatus.Offline, 1, TimeSpan.FromMinutes(1));

        // No report comes any more that would tell it.
        Silo.Faults.MendState("fleet");
        await Silo.AdvanceAsync(TimeSpan.FromSeconds(12), 1);

        await RestartAsync();
        await Waiting.UntilAsync(async () => (await Silo.Shard(1).GetHosts(null)) is [{ Status: HostStatus.Offline, Name: "web-1" }], "the line that could not be told");
    }
}
