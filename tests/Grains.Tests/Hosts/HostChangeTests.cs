using StatusMonitor.Grains.Fleet;
using StatusMonitor.Grains.Hosts;
using StatusMonitor.Grains.Live;
using StatusMonitor.Grains.Tests.Support;
using StatusMonitor.Storage;

namespace StatusMonitor.Grains.Tests.Hosts;

/// <summary>What people change of a host: name, group, tags, and whose it is.</summary>
public sealed class HostChangeTests : SiloTests
{
    [Fact]
    public async Task ANewHost_IsAsItWasOrdered_AlsoOverARestart()
    {
        var created = Time.Wall;
        await Silo.Host(1).Register(new NewHost("web-1", 5, "shop", ["eu", "linux"]));
        await AssertNewAsync();

        await RestartAsync(TimeSpan.FromDays(1));
        await AssertNewAsync();

        async Task AssertNewAsync()
        {
            var record = (await Silo.Host(1).GetRecord())!;
            Assert.Equal((1, "web-1", "shop", new HostPeople(5, []), created, null, null), (record.Id, record.Name, record.Group, record.People, record.CreatedAt, record.LastSeen, record.DeletedAt));
            Assert.Equal(["eu", "linux"], record.Tags.AsEnumerable());
            Assert.Empty(record.Tokens);
            Assert.Equal(new HostPeople(5, []), await Silo.Host(1).GetPeople());
            AssertLine((await Silo.Host(1).GetSummary())!, "web-1", 5, "shop", "eu,linux");
            AssertLine((await Silo.Host(1).GetSnapshot())!.Summary, "web-1", 5, "shop", "eu,linux");
            AssertLine(Assert.Single(await Silo.Shard(1).GetHosts(null)), "web-1", 5, "shop", "eu,linux");
        }
    }

    [Fact]
    public async Task AHostThatWasNeverRegistered_CannotBeChanged()
    {
        Assert.False(await Silo.Host(1).Change(new HostChange("x")));
        Assert.False(await Silo.Host(1).Share(2, HostAccess.Read));
        Assert.False(await Silo.Host(1).SetOwner(2));
        Assert.False(await Silo.Host(1).Delete());
        Assert.False(await Silo.Host(1).RevokeToken(1));
        Assert.Equal(TokenOutcome.Unknown, await Silo.Host(1).ValidateToken(TestAgent.NewHash()));
        Assert.Null(await Silo.Host(1).GetPeople());
        Assert.Null(await Silo.Host(1).GetRecord());
        Assert.Empty(await Silo.Shard(1).GetHosts(null));
    }

    [Fact]
    public async Task AChange_ChangesWhatItSays_AndNothingElse()
    {
        var agent = await Silo.EnrolAsync(1);
        await agent.SendAsync(agent.Report(cpu: 7));

        Assert.True(await Silo.Host(1).Change(new HostChange(Group: "shop")));
        await AssertLineAsync("web-1", "shop", "");
        Assert.True(await Silo.Host(1).Change(new HostChange(Tags: ["eu", "linux"])));
        await AssertLineAsync("web-1", "shop", "eu,linux");
        Assert.True(await Silo.Host(1).Change(new HostChange(Name: "web-2")));
        await AssertLineAsync("web-2", "shop", "eu,linux");
        Assert.True(await Silo.Host(1).Change(new HostChange(Group: "", Tags: [])));
        await AssertLineAsync("web-2", null, "");

        await RestartAsync();
        await Waiting.UntilAsync(async () => Assert.Single(await Silo.Shard(1).GetHosts(null)).Status == HostStatus.Online, "the woken host's line");
        await AssertLineAsync("web-2", null, "");

        async Task AssertLineAsync(string name, string? group, string tags)
        {
            var line = Assert.Single(await Silo.Shard(1).GetHosts(null));
            Assert.Equal(HostStatus.Online, line.Status);
            AssertLine(line, name, TestSilo.Owner, group, tags);
            AssertLine((await Silo.Host(1).GetSummary())!, name, TestSilo.Owner, group, tags);
        }
    }

    [Fact]
    public async Task ANamelessHost_IsRefused()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Silo.Host(1).Register(new NewHost("", 1, null, [])));
        await Silo.RegisterAsync(1);
        await Assert.ThrowsAsync<ArgumentException>(() => Silo.Host(1).Change(new HostChange("")));

        Assert.Equal("web-1", (await Silo.Host(1).GetSummary())!.Name);
    }

    [Fact]
    public async Task AChangeThatCannotBeStored_Fails_AndEverythingIsAsBefore()
    {
        await Silo.RegisterAsync(1);
        await Silo.Host(1).Share(2, HostAccess.Read);
        var (record, line) = (await Silo.Host(1).GetRecord(), await Silo.Host(1).GetSummary());
        var events = await Silo.SubscribeAsync<HostUpdate>(LiveTopics.Host(1));
        await Silo.Host(1).Watch();
        Silo.Faults.BreakState("host");

        await Assert.ThrowsAsync<StorageFailedException>(() => Silo.Host(1).Change(new HostChange("x", "y", ["z"])));
        await Assert.ThrowsAsync<StorageFailedException>(() => Silo.Host(1).Share(3, HostAccess.Read));
        await Assert.ThrowsAsync<StorageFailedException>(() => Silo.Host(1).Share(2, HostAccess.None));
        await Assert.ThrowsAsync<StorageFailedException>(() => Silo.Host(1).SetOwner(3));
        await Assert.ThrowsAsync<StorageFailedException>(() => Silo.Host(1).Delete());

        Assert.Equal(record, await Silo.Host(1).GetRecord());
        Assert.Equal(line, await Silo.Host(1).GetSummary());
        Assert.Equal(line, Assert.Single(await Silo.Shard(1).GetHosts(null)));

        // Nobody was told of what did not happen: the next event is of what does.
        Silo.Faults.MendState("host");
        await Silo.Host(1).SetOwner(4);
        Assert.Equal(4, (await events.NextAsync("the new owner")).People!.OwnerId);
    }

    /// <summary>Reports store what they change of the host by the way; what was refused must not come along.</summary>
    [Fact]
    public async Task AChangeThatCouldNotBeStored_IsNotStoredWithTheNext()
    {
        var agent = await Silo.EnrolAsync(1);
        await agent.SendAsync(agent.Report());
        Silo.Faults.BreakState("host");
        await Assert.ThrowsAsync<StorageFailedException>(() => Silo.Host(1).Change(new HostChange("x", "y", ["z"])));
        Silo.Faults.MendState("host");

        agent.BootId = "boot-2";
        Time.Advance(TimeSpan.FromSeconds(1));
        await agent.SendAsync(agent.Report());

        var stored = await Silo.StoredAsync<HostState>("host", Silo.Host(1));
        Assert.Equal(("web-1", null, "boot-2"), (stored.Name, stored.Group, stored.BootId));
        Assert.Empty(stored.Tags);
    }

    [Fact]
    public async Task WhoeverIsSharedWith_SeesTheHost_UntilNoLonger()
    {
        await Silo.RegisterAsync(1);
        Assert.True(await Silo.Host(1).Share(2, HostAccess.Read));
        Assert.True(await Silo.Host(1).Share(3, HostAccess.Full));
        await AssertSeenByAsync(TestSilo.Owner, 2, 3);
        Assert.Equal((HostAccess.Read, HostAccess.Full), (await AccessAsync(2), await AccessAsync(3)));

        Assert.True(await Silo.Host(1).Share(2, HostAccess.Full));
        Assert.True(await Silo.Host(1).Share(3, HostAccess.None));
        Assert.True(await Silo.Host(1).Share(3, HostAccess.None));
        await AssertSeenByAsync(TestSilo.Owner, 2);

        await RestartAsync();
        await AssertSeenByAsync(TestSilo.Owner, 2);
        Assert.Equal((HostAccess.Full, HostAccess.None), (await AccessAsync(2), await AccessAsync(3)));

        async Task<HostAccess> AccessAsync(long account) => (await Silo.Host(1).GetPeople())!.AccessOf(new Viewer(account, false));
    }

    [Fact]
    public async Task AsManySharesAsThereMayBe_AreNotMore()
    {
        await RestartAsync(configure: options => options.MaxShares = 2);
        await Silo.RegisterAsync(1);
        Assert.True(await Silo.Host(1).Share(2, HostAccess.Read));
        Assert.True(await Silo.Host(1).Share(3, HostAccess.Read));

        Assert.False(await Silo.Host(1).Share(4, HostAccess.Read));
        Assert.True(await Silo.Host(1).Share(3, HostAccess.Full));
        Assert.True(await Silo.Host(1).Share(2, HostAccess.None));
        Assert.True(await Silo.Host(1).Share(4, HostAccess.Read));

        await AssertSeenByAsync(TestSilo.Owner, 3, 4);
    }

    [Fact]
    public async Task AnotherOwner_HasItAlone_AndItsSharesStay()
    {
        await Silo.RegisterAsync(1);
        await Silo.Host(1).Share(2, HostAccess.Read);
        await Silo.Host(1).Share(3, HostAccess.Read);

        Assert.True(await Silo.Host(1).SetOwner(2));

        await AssertSeenByAsync(2, 3);
        Assert.Equal(2, (await Silo.Host(1).GetRecord())!.People.OwnerId);
        Assert.Equal([1L], (await Silo.Shard(1).GetOwned(2)).AsEnumerable());
        Assert.Empty(await Silo.Shard(1).GetOwned(TestSilo.Owner));
    }

    [Fact]
    public async Task WatchersOfAHost_AreToldOfItsPeople_AndOnlyWhenTheyChange()
    {
        var agent = await Silo.EnrolAsync(1);
        var events = await Silo.SubscribeAsync<HostUpdate>(LiveTopics.Host(1));
        await Silo.Host(1).Share(9, HostAccess.Read);
        await Silo.Host(1).Watch();

        await Silo.Host(1).Share(2, HostAccess.Read);
        await Silo.Host(1).Share(2, HostAccess.Read);
        await Silo.Host(1).Share(9, HostAccess.None);
        await Silo.Host(1).SetOwner(2);
        await agent.SendAsync(agent.Report());

        Assert.Equal(new HostPeople(1, [new(9, HostAccess.Read), new(2, HostAccess.Read)]), (await events.NextAsync("the share")).People);
        Assert.Equal(new HostPeople(1, [new(2, HostAccess.Read)]), (await events.NextAsync("the revocation")).People);
        Assert.Equal(new HostPeople(2, []), (await events.NextAsync("the owner")).People);
        var report = await events.NextAsync("the report");
        Assert.Null(report.People);
        Assert.Single(report.Samples);
    }

    [Fact]
    public async Task WatchersOfTheFleet_AreToldWhatPeopleChange()
    {
        await Silo.RegisterAsync(1);
        var events = await Silo.SubscribeAsync<FleetUpdate>(LiveTopics.Fleet(1));
        await Silo.Shard(1).Watch();

        await Silo.Host(1).Change(new HostChange("web-2"));
        await Silo.Host(1).Share(2, HostAccess.Read);

        var line = Assert.Single((await events.NextWhileTimePassesAsync(new FleetOptions().PublishInterval, "the change")).Changed);
        Assert.Equal("web-2", line.Name);
        Assert.Equal(HostAccess.Read, line.People!.AccessOf(new Viewer(2, false)));
    }

    /// <summary>What is stored holds; a fleet that did not hear of it hears later, without anybody asking.</summary>
    [Fact]
    public async Task AFleetThatCannotBeTold_DoesNotUndoAChange_AndIsToldAgain()
    {
        await Silo.RegisterAsync(1);
        Silo.Faults.BreakState("fleet");

        Assert.True(await Silo.Host(1).Change(new HostChange("web-2")));
        Assert.True(await Silo.Host(1).Share(2, HostAccess.Read));
        Assert.Equal("web-1", await StoredNameAsync());

        Silo.Faults.MendState("fleet");
        await Silo.AdvanceAsync(TimeSpan.FromSeconds(6), 1);
        Assert.Equal("web-2", await StoredNameAsync());
        Assert.Equal(HostStatus.Pending, await StatusAsync(1));

        async Task<string> StoredNameAsync() => (await Silo.StoredAsync<FleetState>("fleet", Silo.Shard(1))).Members[1].Name;
    }

    [Fact]
    public async Task AFleetThatIsToldLater_IsToldTheStatusThatIs()
    {
        var agent = await Silo.EnrolAsync(1);
        await agent.SendAsync(agent.Report());
        await Silo.AdvanceUntilAsync(HostStatus.Offline, 1, TimeSpan.FromMinutes(1));

        // In the grace after a start, silence alone would say that it is online.
        await RestartAsync();
        Silo.Faults.BreakState("fleet");
        Assert.True(await Silo.Host(1).Change(new HostChange("web-2")));
        Silo.Faults.MendState("fleet");
        await Silo.AdvanceAsync(TimeSpan.FromSeconds(6), 1);

        Assert.Equal("web-2", (await Silo.StoredAsync<FleetState>("fleet", Silo.Shard(1))).Members[1].Name);
        Assert.Equal(HostStatus.Offline, Assert.Single(await Silo.Shard(1).GetHosts(null)).Status);
        Assert.Equal(HostStatus.Offline, await StatusAsync(1));
    }

    /// <summary>Who asks while a change is being written sees what was before it, because it may yet fail.</summary>
    [Fact]
    public async Task AChangeThatIsNotYetStored_IsSeenByNobody()
    {
        await Silo.RegisterAsync(1);
        var record = await Silo.Host(1).GetRecord();
        foreach (var change in new Func<IHostGrain, Task>[] { host => host.Share(2, HostAccess.Full), host => host.Delete() })
        {
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Silo.Faults.BeforeWrite = name =>
            {
                if (name != "host") return Task.CompletedTask;
                reached.TrySetResult();
                return written.Task;
            };
            var call = change(Silo.Host(1));
            await reached.Task.WaitAsync(Waiting.Patience);

            Assert.Equal(record, await Silo.Host(1).GetRecord());
            Assert.Equal(record!.People, await Silo.Host(1).GetPeople());
            Assert.NotNull(await Silo.Host(1).GetSummary());

            written.SetException(new StorageFailedException("The disk is full."));
            await Assert.ThrowsAsync<StorageFailedException>(() => call);
            Silo.Faults.BeforeWrite = null;
            Assert.Equal(record, await Silo.Host(1).GetRecord());
        }
    }

    private static void AssertLine(HostSummary line, string name, long owner, string? group, string tags) =>
        Assert.Equal((name, owner, group, tags), (line.Name, line.People!.OwnerId, line.Group, string.Join(',', line.Tags!.Value)));

    private async Task AssertSeenByAsync(params long[] accounts)
    {
        var seenBy = new List<long>();
        for (var account = 1L; account <= 10; account++)
        {
            if ((await Silo.Shard(1).GetHosts(new Viewer(account, IsAdministrator: false))).Length > 0) seenBy.Add(account);
        }

        Assert.Equal(accounts, seenBy);
        Assert.Single(await Silo.Shard(1).GetHosts(new Viewer(99, IsAdministrator: true)));
    }
}
