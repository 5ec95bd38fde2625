using Orleans.Storage;
using StatusMonitor.Grains.Alerts;
using StatusMonitor.Grains.Hosts;
using StatusMonitor.Grains.Tests.Support;

namespace StatusMonitor.Grains.Tests.Hosts;

/// <summary>Rules on a host's values: what fires, that it is told exactly once whatever fails, and what becomes of it when rules change.</summary>
public sealed class HostAlertsTests : AlertTests
{
    [Fact]
    public async Task ARuleThatIsBroken_FiresAndIsOver_AndTheFleetSeesIt()
    {
        var agent = await HostAsync(Hot with { Severity = AlertSeverity.Critical });
        await SendAsync(agent, 50, 95);
        var firedAt = Time.Wall;

        Assert.Equal((1, AlertSeverity.Critical), await TallyAsync());
        Assert.Equal((1, AlertSeverity.Critical), Assert.Single(await Silo.Shard(1).GetHosts(null)) is var line ? (line.Firing, line.Severity) : default);
        await SendAsync(agent, 97, 50);

        Assert.Equal("Fired Resolved", await StoryAsync());
        Assert.Equal((0, null), await TallyAsync());
        var (fired, resolved) = (Silo.Desk.Told[0], Silo.Desk.Told[1]);
        Assert.Equal(
            ("1-1", "1-1", 1L, "web-1", "cpu.percent", 95d, 95d, true, firedAt),
            (fired.Id, fired.IncidentId, fired.AccountId, fired.HostName, fired.Series!, fired.Value!.Value, fired.Peak!.Value, fired.IsOpen, fired.At));
        Assert.Equal(("1-2", "1-1", 50d, 97d, false), (resolved.Id, resolved.IncidentId, resolved.Value!.Value, resolved.Peak!.Value, resolved.IsOpen));
        Assert.Equal("Hot", fired.Rule.Name);
        Assert.Equal(new HostPeople(TestSilo.Owner, []), fired.People);
    }

    [Fact]
    public async Task AFor_CountsByTheSamplesOwnTime_AlsoOverARestart()
    {
        var agent = await HostAsync(Hot with { For = TimeSpan.FromSeconds(60) });
        await SendAsync(agent, 95, 95, 95);
        var since = Ago(TimeSpan.FromSeconds(10));

        await RestartAsync(TimeSpan.FromSeconds(20));
        agent = agent.At(Silo);
        await SendAsync(agent, 95);
        Assert.Equal("", await StoryAsync());
        while (Time.Milliseconds < since + 55_000) await SendAsync(agent, 95);
        Assert.Equal("", await StoryAsync());
        await SendAsync(agent, 95);

        Assert.Equal("Fired", await StoryAsync());
        Assert.Equal(since + 60_000, Silo.Desk.Told[0].At.ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task EachSeries_HasAnAlertOfItsOwn()
    {
        var agent = await HostAsync(Hot with { Series = "disk.used.percent" });
        var disks = new SeriesSet(["disk.used.percent{mount=/}", "disk.used.percent{mount=/data}"]);
        await agent.SendAsync(agent.Report(Time.Milliseconds, disks, 95, 50));
        await agent.SendAsync(agent.Report(Time.Milliseconds + 5000, disks, 95, 95));
        await agent.SendAsync(agent.Report(Time.Milliseconds + 10_000, disks, 50, 95));

        Assert.Equal("Fired Fired Resolved", await StoryAsync());
        Assert.Equal(["disk.used.percent{mount=/}", "disk.used.percent{mount=/data}", "disk.used.percent{mount=/}"], Silo.Desk.Told.Select(told => told.Series));
        Assert.Equal((1, AlertSeverity.Warning), await TallyAsync());
    }

    [Fact]
    public async Task ACrashBetweenJournalAndWrite_LosesAndDoublesNothing()
    {
        var agent = await HostAsync(Hot);
        await SendAsync(agent, 50);
        Silo.Faults.BreakState("alerts");
        await SendAsync(agent, 95, 96);
        Assert.Empty(Silo.Desk.Told);
        Assert.Equal((0, null), await TallyAsync());

        await RestartAsync();

        await Silo.Host(1).GetSummary();
        Assert.Equal("Fired", await StoryAsync());
        Assert.Equal((1, AlertSeverity.Warning), await TallyAsync());
        await RestartAsync();
        Assert.Equal((1, AlertSeverity.Warning), await TallyAsync());
        await SendAsync(agent.At(Silo), 50);
        Assert.Equal("Fired Resolved", await StoryAsync());
        Assert.Equal(95, Silo.Desk.Told[0].Value);
    }

    [Fact]
    public async Task WhatCannotBeStored_IsToldOnceItCan_WithTheNextReportOrSoon()
    {
        var agent = await HostAsync(Hot);
        Silo.Faults.BreakState("alerts");
        await SendAsync(agent, 95);
        Silo.Faults.MendState("alerts");
        await SendAsync(agent, 96);
        Assert.Equal("Fired", await StoryAsync());
        Assert.Equal(95, Silo.Desk.Told[0].Value);

        Silo.Faults.BreakState("alerts");
        await SendAsync(agent, 50);
        Silo.Faults.MendState("alerts");
        await Silo.AdvanceAsync(TimeSpan.FromSeconds(6), 1);
        Assert.Equal("Fired Resolved", await StoryAsync());
    }

    [Fact]
    public async Task AnotherActivation_EndsThisOne_AndTheReportIsJudgedThere()
    {
        var agent = await HostAsync(Hot);
        await SendAsync(agent, 50);
        Silo.Faults.BreakState("alerts", () => new InconsistentStateException("Somebody else has written."));
        await Assert.ThrowsAsync<InconsistentStateException>(() => SendAsync(agent, 95));
        Silo.Faults.MendState("alerts");

        await SendAsync(agent, 96);
        Assert.Equal("Fired", await StoryAsync());
    }

    [Fact]
    public async Task WhileTheDeskIsAway_NothingIsLost_AlsoOverARestart()
    {
        var agent = await HostAsync(Hot);
        Silo.Desk.Fault = static () => new TimeoutException("The desk is away.");
        await SendAsync(agent, 95, 50, 95);
        await Waiting.UntilAsync(() => Task.FromResult(Silo.Desk.Calls > 0), "the first try");
        Assert.Equal(3, (await StoredAsync()).Outbox.Length);
        await RestartAsync();
        await SendAsync(agent.At(Silo), 50);

        Silo.Desk.Fault = null;
        await Waiting.UntilAsync(
            () =>
            {
                Time.Advance(TimeSpan.FromSeconds(1));
                return Task.FromResult(Silo.Desk.Told.Length == 4);
            },
            "what was kept");
        Assert.Equal("Fired Resolved Fired Resolved", await StoryAsync());
    }

    [Fact]
    public async Task WhatTheDeskHas_IsKnownAgainAfterARestart()
    {
        var agent = await HostAsync(Hot);
        await SendAsync(agent, 95);
        Assert.Equal("Fired", await StoryAsync());

        // That it was taken is not written for its own sake: it is handed over again, under the same number.
        await RestartAsync();
        await Silo.Host(1).GetSummary();
        await Waiting.UntilAsync(() => Task.FromResult(Silo.Desk.Calls >= 2), "the repeat");
        Assert.Equal("Fired", await StoryAsync());
    }

    [Theory]
    [InlineData("remove")]
    [InlineData("disable")]
    [InlineData("scope")]
    [InlineData("series")]
    public async Task ARuleThatIsNoMore_EndsWhatItFired(string how)
    {
        var agent = await HostAsync(Hot);
        await SendAsync(agent, 95);
        var rule = Assert.Single(await Book.Get());
        Task change = how switch
        {
            "remove" => Book.Remove(rule.Id),
            "disable" => Book.Replace(rule with { IsEnabled = false }),
            "scope" => Book.Replace(rule with { Scope = new RuleScope(ScopeKind.Tag, "other") }),
            _ => Book.Replace(rule with { Series = "load.1m" }),
        };
        await change;
        await SendAsync(agent, 95);

        Assert.Equal("Fired Resolved", await StoryAsync());
        Assert.Equal("1-1", Silo.Desk.Told[1].IncidentId);
        Assert.Empty((await StoredAsync()).Alerts);
    }

    [Fact]
    public async Task AChangedRule_GoesOnWithItsAlert()
    {
        var agent = await HostAsync(Hot);
        await SendAsync(agent, 95);
        var rule = Assert.Single(await Book.Get());
        await Book.Replace(rule with { Threshold = 92, Severity = AlertSeverity.Critical });
        await SendAsync(agent, 95);
        Assert.Equal("Fired", await StoryAsync());
        Assert.Equal((1, AlertSeverity.Critical), await TallyAsync());

        await Book.Replace(rule with { Threshold = 99 });
        await SendAsync(agent, 95);
        Assert.Equal("Fired Resolved", await StoryAsync());
    }

    [Fact]
    public async Task AHostThatChangesItsTagsOrOwner_HasOtherRulesAtOnce()
    {
        var agent = await HostAsync(Hot with { Scope = new RuleScope(ScopeKind.Tag, "prod") });
        await SendAsync(agent, 95);
        Assert.Equal("", await StoryAsync());
        await Silo.Host(1).Change(new HostChange(Tags: ["prod"]));
        await SendAsync(agent, 95);
        Assert.Equal("Fired", await StoryAsync());
        await Silo.Host(1).Change(new HostChange(Tags: []));
        Assert.Equal("Fired Resolved", await StoryAsync());

        var other = Silo.Client.GetGrain<IRuleBookGrain>(9);
        await other.Add(Hot with { Name = "Other's" });
        await Silo.Host(1).SetOwner(9);
        await SendAsync(agent, 95);
        Assert.Equal("Fired Resolved Fired", await StoryAsync());
        Assert.Equal((9, "Other's"), Silo.Desk.Told[2] is var told ? (told.AccountId, told.Rule.Name) : default);
    }

    [Fact]
    public async Task WhomAHostIsSharedWith_HasRulesThatNameIt_AndNoOthers()
    {
        var agent = await HostAsync();
        var other = Silo.Client.GetGrain<IRuleBookGrain>(9);
        await other.Add(Hot with { Name = "Of this host", Scope = new RuleScope(ScopeKind.Host, HostId: 1) });
        await other.Add(Hot with { Name = "Of all" });
        await SendAsync(agent, 95);
        Assert.Equal("", await StoryAsync());

        await Silo.Host(1).Share(9, HostAccess.Read);
        await SendAsync(agent, 95);
        Assert.Equal("Fired", await StoryAsync());
        Assert.Equal("Of this host", Silo.Desk.Told[0].Rule.Name);
        await Silo.Host(1).Share(9, HostAccess.None);
        Assert.Equal("Fired Resolved", await StoryAsync());
    }

    [Fact]
    public async Task ADeletedHost_EndsItsIncidentsSilently_AndNothingIsLeftOfThem()
    {
        var agent = await HostAsync(Hot);
        await SendAsync(agent, 95);
        Assert.Equal("Fired", await StoryAsync());

        await Silo.Host(1).Delete();

        var told = await Silo.Desk.ToldAsync(2);
        Assert.Equal((TransitionKind.Resolved, false, "1-1"), (told[1].Kind, told[1].IsTold, told[1].IncidentId));
        await Waiting.UntilAsync(() => Task.FromResult(Silo.Desk.Deleted.Contains(1)), "the end of its incidents");
    }

    [Fact]
    public async Task AHostThatWasDeletedJustBeforeACrash_EndsItsIncidentsAfterwards()
    {
        var agent = await HostAsync(Hot);
        await SendAsync(agent, 95);
        await StoryAsync();
        Silo.Faults.BreakState("alerts");
        await Silo.Host(1).Delete();
        await RestartAsync();

        await Silo.Host(1).GetSummary();
        Assert.Equal(TransitionKind.Resolved, (await Silo.Desk.ToldAsync(2))[1].Kind);
        await Waiting.UntilAsync(() => Task.FromResult(Silo.Desk.Deleted.Contains(1)), "the end of its incidents");
    }

    [Fact]
    public async Task WhatNobodyIsToldOf_IsNotWrittenEachTime()
    {
        var agent = await HostAsync(Hot with { For = TimeSpan.FromMinutes(5) });
        var writes = 0;
        Silo.Faults.BeforeWrite = name =>
        {
            if (name == "alerts") Interlocked.Increment(ref writes);
            return Task.CompletedTask;
        };
        for (var i = 0; i < 48; i++) await SendAsync(agent, i % 2 == 0 ? 95 : 50);

        // Four minutes, a change at every sample.
        Assert.InRange(writes, 1, 5);
        Assert.Equal("", await StoryAsync());
    }

    [Fact]
    public async Task AHostWithoutAlerts_WritesNothing()
    {
        var agent = await HostAsync(Hot);
        Silo.Faults.BeforeWrite = name => name == "alerts" ? Task.FromException(new InvalidOperationException("There is nothing to write.")) : Task.CompletedTask;
        for (var i = 0; i < 30; i++) await SendAsync(agent, 50);
        Assert.Null((await StoredAsync()).EvaluatedTo);
        Assert.Equal("", await StoryAsync());
    }

    [Fact]
    public async Task MoreAlertsThanAHostMayHave_AreLeftAway()
    {
        await RestartAsync(configure: options => options.MaxAlerts = 2);
        var agent = await HostAsync(Hot with { Series = "disk.used.percent" });
        var disks = new SeriesSet(["disk.used.percent{mount=/a}", "disk.used.percent{mount=/b}", "disk.used.percent{mount=/c}"]);
        await agent.SendAsync(agent.Report(Time.Milliseconds, disks, 95, 95, 95));

        Assert.Equal("Fired Fired", await StoryAsync());
        Assert.Equal(2, (await StoredAsync()).Alerts.Length);
    }

    [Fact]
    public async Task AHostWithTheDefaults_HasThemWithoutAnyConfiguration()
    {
        var agent = await Silo.EnrolAsync(1);
        var series = new SeriesSet(["cpu.percent", "memory.used.percent", "disk.used.percent{mount=/}"]);
        for (var at = 0; at <= 300; at += 5) await agent.SendAsync(agent.Report(Time.Milliseconds + at * 1000, series, 95, 95, 95));

        Assert.Equal("Fired Fired Fired", await StoryAsync());
        Assert.Equal(["disk", "cpu", "memory"], Silo.Desk.Told.Select(told => told.Rule.DefaultKey));
        Assert.Equal((3, AlertSeverity.Critical), await TallyAsync());
    }

    private async Task<(int, AlertSeverity?)> TallyAsync()
    {
        var summary = (await Silo.Host(1).GetSummary())!;
        return (summary.Firing, summary.Severity);
    }
}
