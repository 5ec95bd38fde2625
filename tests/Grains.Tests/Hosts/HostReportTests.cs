using System.Collections.Immutable;
using StatusMonitor.Grains.Agents;
using StatusMonitor.Grains.Hosts;
using StatusMonitor.Grains.Tests.Support;
using StatusMonitor.Storage;

namespace StatusMonitor.Grains.Tests.Hosts;

/// <summary>Registration, tokens, and what becomes of reports.</summary>
public sealed class HostReportTests : SiloTests
{
    [Fact]
    public async Task AHostThatWasNeverRegistered_IsNotThere()
    {
        Assert.Null(await Silo.Host(1).GetSummary());
        Assert.Null(await Silo.Host(1).GetSnapshot());
        Assert.Null(await Silo.Host(1).IssueToken(replace: false));
    }

    [Fact]
    public async Task ARegisteredHost_IsPending()
    {
        await Silo.RegisterAsync(1);

        Assert.Equal(Line(HostStatus.Pending), await Silo.Host(1).GetSummary());
        var snapshot = (await Silo.Host(1).GetSnapshot())!;
        Assert.Empty(snapshot.Series);
        Assert.Empty(snapshot.Times);
        Assert.Null(snapshot.Interval);
    }

    [Fact]
    public async Task RegisteringAgain_ChangesNothing()
    {
        var agent = await Silo.EnrolAsync(1, "first");
        await agent.SendAsync(agent.Report());
        var before = await Silo.Host(1).GetSummary();

        // What came late, or twice, must not undo what people did since.
        await Silo.Host(1).Register(new NewHost("second", 99, "group", ["tag"]));

        Assert.Equal(before, await Silo.Host(1).GetSummary());
        Assert.Equal(ReportOutcome.Stored, (await agent.SendAsync(agent.Report())).Outcome);
        Assert.Equal("first", Assert.Single(await Silo.Shard(1).GetHosts(null)).Name);
    }

    [Fact]
    public async Task ARegistrationThatCannotBeStored_Fails_AndIsNotThere()
    {
        Silo.Faults.BreakState("host");
        await Assert.ThrowsAsync<StorageFailedException>(() => Silo.RegisterAsync(1));
        Assert.Null(await Silo.Host(1).GetSummary());

        Silo.Faults.MendState("host");
        await Silo.RegisterAsync(1);
        Assert.NotNull(await Silo.Host(1).GetSummary());
    }

    [Fact]
    public async Task ATokenThatCannotBeStored_IsNotGivenOut()
    {
        await Silo.RegisterAsync(1);

        Silo.Faults.BreakState("host");
        await Assert.ThrowsAsync<StorageFailedException>(() => Silo.Host(1).IssueToken(replace: false));
    }

    [Fact]
    public async Task AReport_IsStored_AndTheHostIsOnline()
    {
        var agent = await Silo.EnrolAsync(1);
        var report = agent.Report(cpu: 12.5);

        Assert.Equal(new ReportResult(ReportOutcome.Stored, 1, 0), await agent.SendAsync(report));

        Assert.Equal(Line(HostStatus.Online) with { LastSeen = Time.Wall, CpuPercent = 12.5 }, await Silo.Host(1).GetSummary());
        var row = Assert.Single((await Silo.Journal.ReadTailAsync(1, TimeSpan.MaxValue, 10, CancellationToken.None)).Rows);
        Assert.Equal((report.At, Time.Milliseconds, report.Sequence, 5_000), (row.At, row.Received, row.Sequence, row.IntervalMilliseconds));
    }

    [Fact]
    public async Task ASnapshot_TellsOfMachineAgentAndClock()
    {
        var agent = await Silo.EnrolAsync(1);
        var description = new HostDescription("0.1.0", "web-1", "Debian", "6.1", "x64", "EPYC");

        await agent.SendAsync(description, agent.Report(at: Time.Milliseconds + 1_500));

        var snapshot = (await Silo.Host(1).GetSnapshot())!;
        Assert.Equal((description, "boot-1", TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(1.5)), (snapshot.Agent, snapshot.BootId, snapshot.Interval, snapshot.ClockOffset));

        // What the agent does not send again is kept.
        agent.BootId = "boot-2";
        await agent.SendAsync(agent.Report(at: Time.Milliseconds + 3_000));
        snapshot = (await Silo.Host(1).GetSnapshot())!;
        Assert.Equal((description, "boot-2"), (snapshot.Agent, snapshot.BootId));
    }

    [Fact]
    public async Task AnUnknownToken_StoresNothing()
    {
        await Silo.EnrolAsync(1);
        var other = await Silo.EnrolAsync(2);
        var stranger = new TestAgent(Silo, 1, other.Token);

        Assert.Equal(new ReportResult(ReportOutcome.UnknownToken), await stranger.SendAsync(stranger.Report()));

        Assert.Equal(HostStatus.Pending, await StatusAsync(1));
        Assert.Empty((await Silo.Host(1).GetSnapshot())!.Times);
    }

    [Fact]
    public async Task ATokenThatIsNotUsedInTime_Expires()
    {
        var agent = await Silo.EnrolAsync(1);
        await Silo.AdvanceAsync(TimeSpan.FromMinutes(5) + TimeSpan.FromMilliseconds(1), 1);

        Assert.Equal(new ReportResult(ReportOutcome.ExpiredToken), await agent.SendAsync(agent.Report()));

        Assert.Equal(HostStatus.Pending, await StatusAsync(1));
        var next = await Silo.AgentAsync(1);
        Assert.Equal(ReportOutcome.Stored, (await next.SendAsync(next.Report())).Outcome);

        // An expired token is cleared away, and stays bad.
        Assert.NotEqual(ReportOutcome.Stored, (await agent.SendAsync(agent.Report())).Outcome);
    }

    [Fact]
    public async Task ATokenUsedAtTheLastMoment_IsGood()
    {
        var agent = await Silo.EnrolAsync(1);
        await Silo.AdvanceAsync(TimeSpan.FromMinutes(5), 1);

        Assert.Equal(ReportOutcome.Stored, (await agent.SendAsync(agent.Report())).Outcome);
    }

    [Fact]
    public async Task TheFirstAcceptedReport_MakesTheTokenPermanent_AlsoOverARestart()
    {
        var agent = await Silo.EnrolAsync(1);
        await agent.SendAsync(agent.Report());

        await RestartAsync(TimeSpan.FromDays(400));
        agent = agent.At(Silo);

        Assert.Equal(ReportOutcome.Stored, (await agent.SendAsync(agent.Report())).Outcome);
    }

    /// <summary>The samples were stored, the token was not: the agent hears of a failure, and sends the same again.</summary>
    [Fact]
    public async Task AFirstReportWhoseTokenCouldNotBeStored_MakesItPermanentWhenItComesAgain()
    {
        var agent = await Silo.EnrolAsync(1);
        var report = agent.Report();
        Silo.Faults.BreakState("host");
        Assert.Equal(new ReportResult(ReportOutcome.StorageFailed), await agent.SendAsync(report));
        Silo.Faults.MendState("host");

        Assert.Equal(new ReportResult(ReportOutcome.Stored, 0, 1), await agent.SendAsync(report));

        Assert.Equal(HostStatus.Online, await StatusAsync(1));
        Assert.Single((await Silo.Host(1).GetSnapshot())!.Times);
        await Silo.AdvanceAsync(TimeSpan.FromMinutes(6), 1);
        Assert.Equal(ReportOutcome.Stored, (await agent.SendAsync(agent.Report())).Outcome);
    }

    [Fact]
    public async Task AFirstReportWhoseAnswerWasLost_IsARepeat_AndTheTokenPermanent()
    {
        var agent = await Silo.EnrolAsync(1);
        var report = agent.Report();
        await agent.SendAsync(report);
        await RestartAsync(TimeSpan.FromMinutes(10));
        agent = agent.At(Silo);

        Assert.Equal(new ReportResult(ReportOutcome.Stored, 0, 1), await agent.SendAsync(report));
    }

    [Fact]
    public async Task TwoTokens_AreBothGood()
    {
        var first = await Silo.EnrolAsync(1);
        var second = await Silo.AgentAsync(1);

        Assert.Equal(ReportOutcome.Stored, (await first.SendAsync(first.Report(at: 1_795_323_600_000))).Outcome);
        Assert.Equal(ReportOutcome.Stored, (await second.SendAsync(second.Report(at: 1_795_323_601_000))).Outcome);
    }

    [Fact]
    public async Task TheDirectory_KnowsTheHostOfAToken_AlsoAfterARestart()
    {
        var agent = await Silo.EnrolAsync(7);
        TokenHash.TryHash(TokenHash.NewToken(), out var unknown);

        Assert.Equal(7, await TokenDirectory.For(Silo.Client, agent.Token).Find(agent.Token));
        Assert.Null(await TokenDirectory.For(Silo.Client, unknown).Find(unknown));

        await RestartAsync();
        Assert.Equal(7, await TokenDirectory.For(Silo.Client, agent.Token).Find(agent.Token));
    }

    [Fact]
    public async Task AnEntryThatCouldNotBeStored_IsNotInTheDirectory()
    {
        TokenHash.TryHash(TokenHash.NewToken(), out var token);
        Silo.Faults.BreakState("tokens");

        await Assert.ThrowsAnyAsync<Exception>(() => TokenDirectory.For(Silo.Client, token).Add(token, 7));

        Assert.Null(await TokenDirectory.For(Silo.Client, token).Find(token));
    }

    [Fact]
    public async Task ARepeat_CountsAsRepeated_AndChangesNothing()
    {
        var agent = await Silo.EnrolAsync(1);
        var at = Time.Milliseconds;
        var (first, second, third) = (agent.Report(1, at), agent.Report(2, at + 5_000), agent.Report(3, at + 10_000));

        // In the same call, with another value, and in later ones.
        Assert.Equal(new ReportResult(ReportOutcome.Stored, 2, 1), await agent.SendAsync(first, second, agent.Report(99, at)));
        Assert.Equal(new ReportResult(ReportOutcome.Stored, 1, 2), await agent.SendAsync(first, second, third));
        Assert.Equal(new ReportResult(ReportOutcome.Stored, 0, 3), await agent.SendAsync(agent.Report(98, at), second, third));

        await AssertHistoryAsync(1, (at, 1), (at + 5_000, 2), (at + 10_000, 3));
        await RestartAsync();
        await AssertHistoryAsync(1, (at, 1), (at + 5_000, 2), (at + 10_000, 3));
    }

    [Fact]
    public async Task ARepeatThatOnlyTheJournalRemembers_CountsAsRepeated()
    {
        await RestartAsync(configure: options => options.RingWindow = TimeSpan.FromSeconds(20));
        var agent = await Silo.EnrolAsync(1);
        var old = agent.Report();
        await agent.SendAsync(old);
        for (var i = 1; i <= 200; i++)
        {
            await agent.SendAsync(agent.Report(at: old.At + i * 5_000));
        }

        Assert.Equal(new ReportResult(ReportOutcome.Stored, 0, 1), await agent.SendAsync(old));
    }

    [Fact]
    public async Task ALateReport_TakesItsPlaceInTheHistory()
    {
        var agent = await Silo.EnrolAsync(1);
        var at = Time.Milliseconds;
        await agent.SendAsync(agent.Report(1, at), agent.Report(3, at + 10_000));

        Assert.Equal(new ReportResult(ReportOutcome.Stored, 1, 0), await agent.SendAsync(agent.Report(2, at + 5_000)));

        await AssertHistoryAsync(1, (at, 1), (at + 5_000, 2), (at + 10_000, 3));
    }

    [Theory]
    [InlineData(true, ReportOutcome.Busy)]
    [InlineData(false, ReportOutcome.StorageFailed)]
    public async Task AJournalThatCannotTakeIt_RefusesTheReport_AndTakesItLater(bool isBusy, ReportOutcome outcome)
    {
        var agent = await Silo.EnrolAsync(1);
        var report = agent.Report(cpu: 12.5);
        Silo.Faults.Journal = isBusy ? () => new StorageBusyException() : () => new StorageFailedException("The disk is full.");

        Assert.Equal(new ReportResult(outcome), await agent.SendAsync(report));
        Assert.Equal(HostStatus.Pending, await StatusAsync(1));
        Assert.Empty((await Silo.Host(1).GetSnapshot())!.Times);

        Silo.Faults.Journal = null;
        Assert.Equal(new ReportResult(ReportOutcome.Stored, 1, 0), await agent.SendAsync(report));
        await RestartAsync();
        await AssertHistoryAsync(1, (report.At, 12.5));
    }

    [Fact]
    public async Task TooManySeries_AreRefused_AndOthersGoOn()
    {
        await RestartAsync(configure: options => options.MaxSeries = 3);
        var agent = await Silo.EnrolAsync(1);
        Assert.Equal(ReportOutcome.Stored, (await agent.SendAsync(agent.Report(Time.Milliseconds, new SeriesSet(["a", "b"]), 1, 2))).Outcome);
        var known = new SeriesSet(["b", "c"]);

        // The first report of the batch alone would be within the limit; a batch is taken as a whole.
        var refused = await agent.SendAsync(agent.Report(Time.Milliseconds + 1_000, known, 1, 2), agent.Report(Time.Milliseconds + 2_000, new SeriesSet(["x", "y"]), 1, 2));
        Assert.Equal(new ReportResult(ReportOutcome.TooManySeries), refused);
        Assert.Single((await Silo.Host(1).GetSnapshot())!.Times);

        Assert.Equal(new ReportResult(ReportOutcome.Stored, 1, 0), await agent.SendAsync(agent.Report(Time.Milliseconds + 1_000, known, 1, 2)));
        await RestartAsync();
        var snapshot = (await Silo.Host(1).GetSnapshot())!;
        Assert.Equal(["a", "b", "c"], snapshot.Series.AsEnumerable());
        Assert.Equal(2, snapshot.Times.Length);
    }

    [Fact]
    public async Task AStateThatCannotBeStored_DoesNotRefuseAReportThatIs()
    {
        var agent = await Silo.EnrolAsync(1);
        await agent.SendAsync(agent.Report());
        Silo.Faults.BreakState("host");

        agent.BootId = "boot-2";
        Assert.Equal(new ReportResult(ReportOutcome.Stored, 1, 0), await agent.SendAsync(agent.Report(at: Time.Milliseconds + 1)));
        Assert.Equal("boot-2", (await Silo.Host(1).GetSnapshot())!.BootId);

        Silo.Faults.MendState("host");
        await agent.SendAsync(new HostDescription("1", null, null, null, null, null), agent.Report(at: Time.Milliseconds + 2));
        await RestartAsync();
        Assert.Equal("boot-2", (await Silo.Host(1).GetSnapshot())!.BootId);
    }

    [Fact]
    public async Task AfterARestart_TheSnapshotHasTheRecentPast()
    {
        var agent = await Silo.EnrolAsync(1);
        var at = Time.Milliseconds;
        await agent.SendAsync(new HostDescription("0.1.0", "h", null, null, null, null), agent.Report(at, new SeriesSet(["a", "cpu.percent"]), -0.0, 1.0 / 3));
        await agent.SendAsync(agent.Report(at + 5_000, new SeriesSet(["cpu.percent", "b"]), 7, 1e21));
        var before = (await Silo.Host(1).GetSnapshot())!;

        await RestartAsync(TimeSpan.FromSeconds(3));

        var after = (await Silo.Host(1).GetSnapshot())!;
        Assert.Equal(["a", "cpu.percent", "b"], after.Series.AsEnumerable());
        Assert.Equal(before.Times.AsEnumerable(), after.Times.AsEnumerable());
        Assert.Equal(before.Values.Select(Bits), after.Values.Select(Bits));
        Assert.Equal(["8000000000000000,7FF8", "3FD5555555555555,401C000000000000", "7FF8,444B1AE4D6E2EF50"], after.Values.Select(Bits));
        Assert.Equal((before.Interval, before.BootId, before.Agent, before.Summary.LastSeen), (after.Interval, after.BootId, after.Agent, after.Summary.LastSeen));
        Assert.Equal([1.0 / 3, 7], (await Silo.Host(1).GetCpuSpark(1_000)).Where(double.IsFinite));

        static string Bits(ImmutableArray<double> values) => string.Join(',', values.Select(value => double.IsNaN(value) ? "7FF8" : $"{BitConverter.DoubleToUInt64Bits(value):X}"));
    }

    /// <summary>Its clock is years behind ours, or ours was set.</summary>
    [Fact]
    public async Task AfterARestart_AHostWithAnotherClockHasItsRecentPastToo()
    {
        var agent = await Silo.EnrolAsync(1);

        // Not so long ago that it is no longer kept.
        var at = Time.Milliseconds - (long)TimeSpan.FromDays(5).TotalMilliseconds;
        await agent.SendAsync(agent.Report(1, at), agent.Report(2, at + 5_000));

        await RestartAsync();

        await AssertHistoryAsync(1, (at, 1), (at + 5_000, 2));
    }

    [Fact]
    public async Task AfterARestart_NewSeriesGoOnWhereTheOldEnded()
    {
        var agent = await Silo.EnrolAsync(1);
        await agent.SendAsync(agent.Report(Time.Milliseconds, new SeriesSet(["a", "b"]), 1, 2));
        await RestartAsync();
        agent = agent.At(Silo);
        await agent.SendAsync(agent.Report(Time.Milliseconds + 1, new SeriesSet(["c", "a"]), 3, 1));
        await RestartAsync();

        Assert.Equal(["a", "b", "c"], (await Silo.Host(1).GetSnapshot())!.Series.AsEnumerable());
    }

    [Fact]
    public async Task AnAgentsClockSetBack_KeepsTheLiveViewMoving()
    {
        var agent = await Silo.EnrolAsync(1);
        var at = Time.Milliseconds;
        for (var i = 0; i < 20; i++) await agent.SendAsync(agent.Report(i, at + i * 5_000));

        // What the wrong clock called the last hour never comes to pass.
        var back = at - 3_600_000;
        for (var i = 0; i < 3; i++)
        {
            await Silo.AdvanceAsync(TimeSpan.FromSeconds(5), 1);
            Assert.Equal(1, (await agent.SendAsync(agent.Report(50 + i, back + i * 5_000))).Accepted);
        }

        await AssertHistoryAsync(1, (back, 50), (back + 5_000, 51), (back + 10_000, 52));
        Assert.Equal(52, (await Silo.Host(1).GetSummary())!.CpuPercent);

        // The journal keeps what was acknowledged.
        Assert.Equal(23, (await Silo.Journal.ReadTailAsync(1, TimeSpan.MaxValue, 100, CancellationToken.None)).Rows.Count);
    }

    private static HostSummary Line(HostStatus status) => new(1, "web-1", status, null, People: new HostPeople(TestSilo.Owner, []), Tags: []);

    private async Task AssertHistoryAsync(long id, params (long At, double Cpu)[] samples)
    {
        var snapshot = (await Silo.Host(id).GetSnapshot())!;
        Assert.Equal(["cpu.percent"], snapshot.Series.AsEnumerable());
        Assert.Equal(samples, snapshot.Times.Zip(snapshot.Values[0]));
    }
}
