using StatusMonitor.Grains.Agents;
using StatusMonitor.Grains.Fleet;
using StatusMonitor.Grains.Hosts;
using StatusMonitor.Grains.Live;
using StatusMonitor.Grains.Tests.Support;
using StatusMonitor.Storage;

namespace StatusMonitor.Grains.Tests.Hosts;

/// <summary>The end of a host: at once for everybody, and in the end altogether, whatever comes in between.</summary>
public sealed class HostDeletionTests : SiloTests
{
    private TestAgent _agent = null!;

    [Fact]
    public async Task ADeletedHost_IsGoneForEverybody_AndSaysOnlyThatItWas()
    {
        await EnrolAndReportAsync();
        var seen = Time.Wall;
        Time.Advance(TimeSpan.FromSeconds(1));
        var deleted = Time.Wall;

        Assert.True(await Silo.Host(1).Delete());

        await AssertGoneAsync();
        await ErasedAsync();
        await AssertGoneAsync();
        await RestartAsync(TimeSpan.FromDays(1));
        await AssertGoneAsync();

        async Task AssertGoneAsync()
        {
            Assert.Null(await Silo.Host(1).GetSummary());
            Assert.Null(await Silo.Host(1).GetSnapshot());
            Assert.Null(await Silo.Host(1).GetPeople());
            Assert.Empty(await Silo.Host(1).GetCpuSpark(10));
            Assert.Empty(await Silo.Shard(1).GetHosts(null));
            Assert.Empty(await Silo.Shard(1).GetOwned(TestSilo.Owner));
            Assert.Equal((0, 0), await Silo.Shard(1).GetCounts());
            var agent = _agent.At(Silo);
            Assert.Equal(new ReportResult(ReportOutcome.UnknownToken), await agent.SendAsync(agent.Report()));
            Assert.Equal(TokenOutcome.Unknown, await Silo.Host(1).ValidateToken(_agent.Token));
            Assert.False(await Silo.Host(1).Change(new HostChange("x")));
            Assert.False(await Silo.Host(1).Share(2, HostAccess.Read));
            Assert.False(await Silo.Host(1).SetOwner(2));
            Assert.False(await Silo.Host(1).RevokeToken(1));
            Assert.Null(await Silo.Host(1).IssueToken(replace: false));
            Assert.False(await Silo.Host(1).Delete());
            await Assert.ThrowsAsync<InvalidOperationException>(() => Silo.RegisterAsync(1));

            var record = (await Silo.Host(1).GetRecord())!;
            Assert.Equal(("web-1", TestSilo.Owner, (DateTimeOffset?)seen, (DateTimeOffset?)deleted), (record.Name, record.People.OwnerId, record.LastSeen, record.DeletedAt));
            Assert.Empty(record.Tokens);
        }
    }

    [Fact]
    public async Task WhenItIsErased_NothingIsLeftOfItsTokensAndSamples()
    {
        await EnrolAndReportAsync();
        await Silo.Host(1).Delete();

        await ErasedAsync();

        await AssertErasedAsync();
    }

    [Fact]
    public async Task ANeighbour_KeepsEverything()
    {
        await EnrolAndReportAsync();
        var neighbour = await Silo.EnrolAsync(17, "db-1");
        await neighbour.SendAsync(neighbour.Report());

        await Silo.Host(1).Delete();
        await ErasedAsync();

        Assert.Equal(17, Assert.Single(await Silo.Shard(1).GetHosts(null)).Id);
        Assert.Equal(17, await TokenDirectory.For(Silo.Client, neighbour.Token).Find(neighbour.Token));
        await RestartAsync();
        Assert.Single((await Silo.Host(17).GetSnapshot())!.Times);
    }

    [Fact]
    public async Task TheCaller_DoesNotWaitForTheHistory_AndNobodyElseDoes()
    {
        await EnrolAndReportAsync();
        var history = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        Silo.Faults.Erasure = _ => history.Task;

        Assert.True(await Silo.Host(1).Delete());

        Assert.Equal(ReportOutcome.UnknownToken, (await _agent.SendAsync(_agent.Report())).Outcome);
        Assert.Empty(await Silo.Shard(1).GetHosts(null));
        Assert.NotEmpty((await Silo.Reminders.ReadRows(Silo.Host(1).GetGrainId())).Reminders);
        history.SetResult(true);
        await ErasedAsync();
    }

    [Fact]
    public async Task AHistory_GoesInAsManyPartsAsItTakes()
    {
        await EnrolAndReportAsync();
        var parts = 0;
        Silo.Faults.Erasure = async id =>
        {
            await Task.Yield();
            Assert.Equal(1, id);
            return ++parts == 5;
        };

        await Silo.Host(1).Delete();

        await ErasedAsync();
        Assert.Equal(5, parts);
    }

    [Fact]
    public async Task Watchers_AreSentAway()
    {
        await EnrolAndReportAsync();
        var host = await Silo.SubscribeAsync<HostUpdate>(LiveTopics.Host(1));
        var fleet = await Silo.SubscribeAsync<FleetUpdate>(LiveTopics.Fleet(1));
        await Silo.Host(1).Watch();
        await Silo.Shard(1).Watch();

        await Silo.Host(1).Delete();

        Assert.Equal(HostPeople.Nobody, (await host.NextAsync("the end of the host")).People);
        var update = await fleet.NextWhileTimePassesAsync(new FleetOptions().PublishInterval, "the end of its line");
        Assert.Equal([1L], update.Removed.AsEnumerable());
        Assert.Empty(update.Changed);
    }

    [Fact]
    public async Task ADeletedHost_FallsSilentUnnoticed()
    {
        await EnrolAndReportAsync();
        var host = await Silo.SubscribeAsync<HostUpdate>(LiveTopics.Host(1));
        await Silo.Host(1).Watch();
        await Silo.Host(1).Delete();
        Assert.NotNull((await host.NextAsync("the end of the host")).People);

        await Silo.AdvanceAsync(TimeSpan.FromSeconds(40), 1);

        Assert.False(host.TryNext(out _));
        Assert.Empty(await Silo.Shard(1).GetHosts(null));
        Assert.Null((await Silo.StoredAsync<HostState>("host", Silo.Host(1))).OfflineSince);
    }

    [Fact]
    public async Task ADeletionThatCannotBeStored_IsNone_AndItsReminderGoes()
    {
        await EnrolAndReportAsync();
        Silo.Faults.BreakState("host");
        await Assert.ThrowsAsync<StorageFailedException>(() => Silo.Host(1).Delete());
        Silo.Faults.MendState("host");

        Assert.Equal(ReportOutcome.Stored, (await _agent.SendAsync(_agent.Report())).Outcome);
        Assert.Single(await Silo.Shard(1).GetHosts(null));

        await RemindAsync();
        Assert.Empty((await Silo.Reminders.ReadRows(Silo.Host(1).GetGrainId())).Reminders);
        Assert.NotNull(await Silo.Host(1).GetSummary());
    }

    /// <summary>Whatever it was that failed, and whoever comes first after the restart: in the end it is the same.</summary>
    [Theory]
    [InlineData("fleet", true)]
    [InlineData("fleet", false)]
    [InlineData("tokens", true)]
    [InlineData("tokens", false)]
    [InlineData("journal", true)]
    [InlineData("journal", false)]
    [InlineData("host", true)]
    [InlineData("host", false)]
    public async Task WhatACrashLeftUndone_IsDoneAfterIt(string broken, bool isReminded)
    {
        await EnrolAndReportAsync();
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Silo.Faults.Erasure = async id =>
        {
            if (broken == "host") Silo.Faults.BreakState("host", Fail);
            else if (broken == "journal") throw Fail();
            await Task.Yield();
            return true;
        };
        if (broken is "fleet" or "tokens") Silo.Faults.BreakState(broken, Fail);

        Assert.True(await Silo.Host(1).Delete());
        await reached.Task.WaitAsync(Waiting.Patience);
        await RestartAsync(TimeSpan.FromMinutes(1));
        Assert.NotEmpty((await Silo.Reminders.ReadRows(Silo.Host(1).GetGrainId())).Reminders);

        if (isReminded) await RemindAsync();
        else Assert.NotNull((await Silo.Host(1).GetRecord())!.DeletedAt);

        await ErasedAsync();
        await AssertErasedAsync();

        Exception Fail()
        {
            reached.TrySetResult();
            return new StorageFailedException("The disk is full.");
        }
    }

    [Fact]
    public async Task AServerThatStopsAmidTheHistory_DoesNotWaitForIt_AndGoesOnLater()
    {
        await EnrolAndReportAsync();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Silo.Faults.Erasure = async _ =>
        {
            begun.TrySetResult();
            await Task.Yield();
            return false;
        };
        await Silo.Host(1).Delete();
        await begun.Task.WaitAsync(Waiting.Patience);

        await RestartAsync();
        await RemindAsync();

        await ErasedAsync();
        await AssertErasedAsync();
    }

    [Fact]
    public async Task WhatFailsWithoutACrash_IsTriedAgainWithTheNextReminder()
    {
        await EnrolAndReportAsync();
        var failed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Silo.Faults.Erasure = _ =>
        {
            failed.TrySetResult();
            throw new StorageBusyException();
        };
        await Silo.Host(1).Delete();
        await failed.Task.WaitAsync(Waiting.Patience);
        Silo.Faults.Erasure = null;

        // A reminder that comes while the attempt is still ending changes nothing; the one after it does.
        await Waiting.UntilAsync(
            async () =>
            {
                await RemindAsync();
                return (await Silo.Reminders.ReadRows(Silo.Host(1).GetGrainId())).Reminders.Count == 0;
            },
            "the second attempt");
        await AssertErasedAsync();
    }

    [Fact]
    public async Task AReminderThatIsLeft_IsTakenAway()
    {
        await EnrolAndReportAsync();
        await Silo.Host(1).Delete();
        await ErasedAsync();

        // As if it had crashed between the last write and this.
        await Silo.Reminders.UpsertRow(new ReminderEntry { GrainId = Silo.Host(1).GetGrainId(), ReminderName = "erasure", StartAt = DateTime.UtcNow.AddHours(1), Period = TimeSpan.FromHours(1) });
        await RemindAsync();

        Assert.Empty((await Silo.Reminders.ReadRows(Silo.Host(1).GetGrainId())).Reminders);
    }

    private async Task EnrolAndReportAsync()
    {
        _agent = await Silo.EnrolAsync(1);
        await Silo.AgentAsync(1);
        await _agent.SendAsync(_agent.Report());
    }

    /// <summary>A tick of the reminder, which in these tests no clock brings.</summary>
    private Task RemindAsync() => Silo.Client.GetGrain<IRemindable>(Silo.Host(1).GetGrainId()).ReceiveReminder("erasure", default);

    private Task ErasedAsync() => Waiting.UntilAsync(
        async () => (await Silo.Reminders.ReadRows(Silo.Host(1).GetGrainId())).Reminders.Count == 0,
        "the end of the erasure");

    private async Task AssertErasedAsync()
    {
        Assert.Null(await Silo.Host(1).GetSummary());
        Assert.NotNull((await Silo.Host(1).GetRecord())!.DeletedAt);
        Assert.Null((await Silo.StoredAsync<HostState>("host", Silo.Host(1))).Erasing);
        Assert.Empty((await Silo.StoredAsync<FleetState>("fleet", Silo.Shard(1))).Members);
        for (var shard = 0; shard < TokenDirectory.Shards; shard++)
        {
            Assert.Empty((await Silo.StoredAsync<TokenDirectoryState>("tokens", Silo.Client.GetGrain<ITokenDirectoryGrain>(shard))).Hosts);
        }

        if (Silo.Faults.Erasure is not null) return;
        var tail = await Silo.Journal.ReadTailAsync(1, TimeSpan.MaxValue, 10, CancellationToken.None);
        Assert.Empty(tail.Rows);
        Assert.Empty(tail.Series);
        Assert.Null(tail.Newest);
    }
}
