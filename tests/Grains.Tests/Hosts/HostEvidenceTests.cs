using System.Collections.Immutable;
using StatusMonitor.Grains.Alerts;
using StatusMonitor.Grains.Hosts;
using StatusMonitor.Grains.Tests.Support;

namespace StatusMonitor.Grains.Tests.Hosts;

/// <summary>What ran when an alert began: asked for, and noted once.</summary>
public sealed class HostEvidenceTests : AlertTests
{
    private static readonly ImmutableArray<ProcessSighting> Processes = [new(4711, "stress", 180.5, 12_000_000), new(1, "init", 0, 4_000_000)];

    [Fact]
    public async Task AnAlertOfTheCpu_AsksWhatRuns_AndNotesIt()
    {
        var agent = await HostAsync(Hot);
        Assert.Equal(0, (await agent.SendAsync(agent.Report(50))).AskProcesses);
        Time.Advance(agent.Interval);
        Assert.Equal(10, (await agent.SendAsync(agent.Report(95))).AskProcesses);
        Time.Advance(agent.Interval);
        Assert.Equal(0, (await TellAsync(agent, 95)).AskProcesses);

        Assert.Equal("Fired Evidence(untold)", await StoryAsync());
        var evidence = Silo.Desk.Told[1];
        Assert.Equal(("1-1", true), (evidence.IncidentId, evidence.IsOpen));
        Assert.Equal(Processes, evidence.Processes);
        Time.Advance(agent.Interval);
        await TellAsync(agent, 96);
        Assert.Equal("Fired Evidence(untold)", await StoryAsync());
    }

    [Fact]
    public async Task WhatRanWhileItWasPending_IsNotedWhenItFires()
    {
        var agent = await HostAsync(Hot with { For = TimeSpan.FromSeconds(10) });
        Assert.Equal(10, (await agent.SendAsync(agent.Report(95))).AskProcesses);
        Time.Advance(agent.Interval);
        await TellAsync(agent, 95);
        Assert.Equal("", await StoryAsync());
        await SendAsync(agent, 95);

        Assert.Equal("Fired Evidence(untold)", await StoryAsync());
    }

    [Fact]
    public async Task ItIsAskedOnceAMinuteAtMost_AndNotForEverIfTheAgentDoesNotKnow()
    {
        var agent = await HostAsync(Hot);
        var asked = new List<int>();
        for (var second = 0; second <= 70; second += 5)
        {
            asked.Add((await agent.SendAsync(agent.Report(second / 5 % 2 == 0 ? 95 : 50))).AskProcesses);
            Time.Advance(agent.Interval);
        }

        Assert.Equal([10, 10, 10, 10, 10, 10, 0, 0, 0, 0, 0, 0, 10, 10, 10], asked);
    }

    [Fact]
    public async Task AnAlertOfADisk_DoesNotAsk()
    {
        var agent = await HostAsync(Hot with { Series = "disk.used.percent" });
        Assert.Equal(0, (await agent.SendAsync(agent.Report(Time.Milliseconds, new SeriesSet(["disk.used.percent{mount=/}"]), 95))).AskProcesses);
        Assert.Equal("Fired", await StoryAsync());
    }

    private Task<ReportResult> TellAsync(TestAgent agent, double cpu) => Silo.Host(1).Report(new HostReports(agent.Token, null, [agent.Report(cpu)], null, Processes));
}
