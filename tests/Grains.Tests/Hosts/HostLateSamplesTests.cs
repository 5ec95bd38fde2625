using StatusMonitor.Grains.Alerts;
using StatusMonitor.Grains.Hosts;
using StatusMonitor.Grains.Tests.Support;
using StatusMonitor.Storage.History;

namespace StatusMonitor.Grains.Tests.Hosts;

/// <summary>What comes late pages nobody, and disturbs nothing that is live.</summary>
public sealed class HostLateSamplesTests : AlertTests
{
    [Fact]
    public async Task WhatTheAgentKeptBack_IsNotedInAnIncidentOfItsOwn()
    {
        var agent = await HostAsync(Hot with { For = TimeSpan.FromSeconds(10) });
        await SendAsync(agent, 50);
        var start = Time.Milliseconds;
        Time.Advance(TimeSpan.FromMinutes(10));
        agent.SentAt = Time.Milliseconds;
        await agent.SendAsync([.. Enumerable.Range(1, 100).Select(i => agent.Report(i is > 10 and <= 20 ? 95 + i / 20 : 50, start + i * 5000))]);

        Assert.Equal("FoundLate(untold)", await StoryAsync());
        var found = Silo.Desk.Told[0];
        Assert.Equal((start + 65_000, start + 105_000L), (found.At.ToUnixTimeMilliseconds(), found.Until!.Value.ToUnixTimeMilliseconds()));
        Assert.Equal((found.Id, false, 95d, 96d), (found.IncidentId, found.IsOpen, found.Value!.Value, found.Peak!.Value));
        Assert.Equal(0, (await Silo.Host(1).GetSummary())!.Firing);
    }

    [Fact]
    public async Task WhatStillBreaksTheRule_BeginsAnewWithWhatComesInTime()
    {
        var agent = await HostAsync(Hot with { For = TimeSpan.FromSeconds(10) });
        await SendAsync(agent, 50);
        var start = Time.Milliseconds;
        Time.Advance(TimeSpan.FromMinutes(5));
        agent.SentAt = Time.Milliseconds;
        await agent.SendAsync([.. Enumerable.Range(1, 40).Select(i => agent.Report(95, start + i * 5000))]);
        Assert.Equal("", await StoryAsync());
        agent.SentAt = null;
        await SendAsync(agent, 95);
        Assert.Equal("FoundLate(untold)", await StoryAsync());
        await SendAsync(agent, 95, 95);

        Assert.Equal("FoundLate(untold) Fired", await StoryAsync());
    }

    [Fact]
    public async Task AShortHiccup_IsNotLate()
    {
        var agent = await HostAsync(Hot);
        await SendAsync(agent, 50);
        Time.Advance(TimeSpan.FromSeconds(50));
        agent.SentAt = Time.Milliseconds;
        await agent.SendAsync(agent.Report(95, Ago(TimeSpan.FromSeconds(45))), agent.Report(50));

        Assert.Equal("Fired Resolved", await StoryAsync());
    }

    [Fact]
    public async Task ABackfill_LeavesTheLiveStateAlone_AndANoteInTheIncidentThatIsOpen()
    {
        var agent = await HostAsync(Hot);
        await SendAsync(agent, 50);
        Time.Advance(TimeSpan.FromHours(3));
        await SendAsync(agent, 95);
        Time.Advance(TimeSpan.FromSeconds(2));
        var old = new HostReport(0, "boot-1", Ago(TimeSpan.FromHours(2)), agent.Interval, Cpu, [97]);
        await agent.SendAsync(old, old with { At = old.At + 5000, Values = [50] });
        await agent.SendAsync(old with { At = old.At + 10_000, Values = [30] });

        Assert.Equal("Fired FoundLate(untold)", await StoryAsync());
        Assert.Equal(("1-1", true), (Silo.Desk.Told[1].IncidentId, Silo.Desk.Told[1].IsOpen));
        var line = (await Silo.Host(1).GetSummary())!;
        Assert.Equal((95d, 1), (line.CpuPercent!.Value, line.Firing));
    }

    [Fact]
    public async Task LateSamples_StayLateOverARestart()
    {
        var (agent, start) = await CutOffAsync(TimeSpan.FromMinutes(10));

        // The crash comes between the journal and the write, and the agent is heard in time again just before.
        Silo.Faults.BreakState("alerts");
        await SendKeptBackAsync(agent, start);
        await SendInTimeAsync(agent);
        await RestartAsync();
        await Silo.Host(1).GetSummary();

        Assert.Equal("", await StoryAsync());
    }

    [Fact]
    public async Task LateSamples_StayLate_WhenItIsTriedAgainWhatCouldNotBeStored()
    {
        var (agent, start) = await CutOffAsync(TimeSpan.FromMinutes(10));
        Silo.Faults.BreakState("alerts");
        await SendKeptBackAsync(agent, start);
        Silo.Faults.MendState("alerts");
        await SendInTimeAsync(agent);

        Assert.Equal("", await StoryAsync());
    }

    [Fact]
    public async Task LateSamples_StayLateOverARestart_AlsoWhenTheirHourIsCompacted()
    {
        var (agent, start) = await CutOffAsync(TimeSpan.FromMinutes(70));
        await SendKeptBackAsync(agent, start);
        Assert.True((await Silo.Service<IHistoryUpkeep>().CompactAsync(Time.Wall + TimeSpan.FromHours(1), default)).Hours > 0);
        await RestartAsync();
        await Silo.Host(1).GetSummary();

        Assert.Equal("", await StoryAsync());
    }

    [Fact]
    public async Task AClockThatIsSetBack_SilencesNothing()
    {
        var agent = await HostAsync(Hot with { For = TimeSpan.FromSeconds(10) });
        await agent.SendAsync(agent.Report(50, Time.Milliseconds + 3_600_000));
        await agent.SendAsync(agent.Report(95, Time.Milliseconds + 3_605_000));
        await SendAsync(agent, 95, 95);
        Assert.Equal("", await StoryAsync());
        await SendAsync(agent, 95);
        Assert.Equal("Fired", await StoryAsync());
        await SendAsync(agent, 50);
        Assert.Equal("Fired Resolved", await StoryAsync());
    }

    [Fact]
    public async Task TheClocksOffset_IsTakenFromWhenItWasSent()
    {
        var agent = await HostAsync();
        agent.SentAt = Time.Milliseconds - 2000;
        await agent.SendAsync(agent.Report(1, Ago(TimeSpan.FromMinutes(10))));

        Assert.Equal(TimeSpan.FromSeconds(-2), (await Silo.Host(1).GetSnapshot())!.ClockOffset);
    }

    /// <summary>A host that was heard in time, and whose agent comes by again after a while; when it was heard, Unix milliseconds.</summary>
    private async Task<(TestAgent Agent, long Start)> CutOffAsync(TimeSpan away)
    {
        var agent = await HostAsync(Hot);
        await SendAsync(agent, 50);
        var start = Time.Milliseconds;
        Time.Advance(away);
        agent.SentAt = Time.Milliseconds;
        return (agent, start);
    }

    private static Task<ReportResult> SendKeptBackAsync(TestAgent agent, long start) => agent.SendAsync([.. Enumerable.Range(1, 50).Select(i => agent.Report(95, start + i * 5000))]);

    private Task<ReportResult> SendInTimeAsync(TestAgent agent)
    {
        Time.Advance(TimeSpan.FromSeconds(1));
        agent.SentAt = Time.Milliseconds;
        return agent.SendAsync(agent.Report(50));
    }
}
