using StatusMonitor.Grains.Fleet;
using StatusMonitor.Grains.Hosts;
using StatusMonitor.Grains.Live;
using StatusMonitor.Grains.Tests.Support;

namespace StatusMonitor.Grains.Tests.Fleet;

public sealed class FleetGrainTests : SiloTests
{
    private static readonly TimeSpan PublishInterval = new FleetOptions().PublishInterval;

    [Fact]
    public async Task AShard_HasItsHosts_AndCountsThem()
    {
        // 1 and 17 share a shard, 2 is elsewhere.
        var agent = await Silo.EnrolAsync(1, "a");
        await Silo.EnrolAsync(17, "b");
        await Silo.EnrolAsync(2, "c");
        await agent.SendAsync(agent.Report(cpu: 12.5));

        Assert.Equal([(1, "a", HostStatus.Online, 12.5), (17, "b", HostStatus.Pending, null)], await LinesAsync(1));
        Assert.Equal([(2, "c", HostStatus.Pending, null)], await LinesAsync(2));
        Assert.Equal((2, 1), await Silo.Shard(1).GetCounts());
        Assert.Equal((1, 0), await Silo.Shard(2).GetCounts());
        Assert.Equal((0, 0), await Silo.Shard(3).GetCounts());
    }

    [Fact]
    public async Task Membership_SurvivesARestart()
    {
        var agent = await Silo.EnrolAsync(1, "a");
        await agent.SendAsync(agent.Report());
        await Silo.EnrolAsync(17, "b");

        await RestartAsync();

        Assert.Equal((2, 0), await Silo.Shard(1).GetCounts());
        await Waiting.UntilAsync(async () => (await Silo.Shard(1).GetCounts()).Online == 1, "the line of the host that was online");
        Assert.Equal([(1, "a", HostStatus.Online, null), (17, "b", HostStatus.Pending, null)], await LinesAsync(1));
    }

    [Fact]
    public async Task ALineThatCannotBeStored_IsRefused_AndTakenLater()
    {
        Silo.Faults.BreakState("fleet");
        var line = new HostSummary(1, "a", HostStatus.Online, Time.Wall);
        await Assert.ThrowsAnyAsync<Exception>(() => Silo.Shard(1).Update(line));

        Silo.Faults.MendState("fleet");
        await Silo.Shard(1).Update(line);
        await Silo.Shard(1).Update(line);
        Assert.Equal((1, 1), await Silo.Shard(1).GetCounts());
    }

    [Fact]
    public async Task Changes_ArePublishedOnce_EachHostWithItsNewestLine()
    {
        var events = await Silo.SubscribeAsync<FleetUpdate>(LiveTopics.Fleet(1));
        await Silo.Shard(1).Update(Line(33, 1));
        await Silo.Shard(1).Watch();
        for (var cpu = 1; cpu <= 5; cpu++)
        {
            await Silo.Shard(1).Update(Line(1, cpu));
            await Silo.Shard(1).Update(Line(17, cpu * 10));
        }

        // What was there before anybody watched is in the list that a watcher takes.
        Assert.Equal([(1, 5), (17, 50)], Changed(await events.NextWhileTimePassesAsync(PublishInterval, "the first update")));

        await Silo.Shard(1).Show([17]);
        await Silo.Shard(1).Update(Line(17, 60));
        Assert.Equal([(17, 60)], Changed(await events.NextWhileTimePassesAsync(PublishInterval, "the second update")));
        Assert.False(events.TryNext(out _));
    }

    [Fact]
    public async Task ValuesOfHosts_ArePublishedWhileSomebodySeesThem_AndWhatBecomesOfThemAlways()
    {
        foreach (var id in new[] { 1, 17, 33, 49 }) await Silo.Shard(1).Update(Line(id, 1));
        var events = await Silo.SubscribeAsync<FleetUpdate>(LiveTopics.Fleet(1));
        await Silo.Shard(1).Watch();
        Assert.Equal([(17, 1.0)], (await Silo.Shard(1).Show([17, 65])).Select(line => (line.Id, line.CpuPercent!.Value)));

        foreach (var id in new[] { 1, 17 }) await Silo.Shard(1).Update(Line(id, 2));
        Assert.Equal([(17, 2)], Changed(await events.NextWhileTimePassesAsync(PublishInterval, "the values of the host that is seen")));

        HostSummary[] changed =
        [
            Line(1, 3) with { Status = HostStatus.Late }, Line(33, 3) with { People = new HostPeople(5, []) }, Line(49, 3) with { Tags = ["t"] },
        ];
        foreach (var line in changed) await Silo.Shard(1).Update(line);
        Assert.Equal([(1, 3), (33, 3), (49, 3)], Changed(await events.NextWhileTimePassesAsync(PublishInterval, "what became of hosts that nobody sees")));

        // The lease of what is shown ends by itself while the shard is watched on.
        for (var passed = TimeSpan.Zero; passed < TimeSpan.FromSeconds(62); passed += TimeSpan.FromSeconds(20))
        {
            Time.Advance(TimeSpan.FromSeconds(21));
            await Silo.Shard(1).Watch();
        }

        await Silo.Shard(1).Update(Line(17, 4));
        await Silo.Shard(1).Update(Line(81, 4));
        Assert.Equal([(81, 4)], Changed(await events.NextWhileTimePassesAsync(PublishInterval, "the new host alone")));
    }

    [Fact]
    public async Task WhenTheLeaseIsOver_NothingIsPublished_UntilSomebodyWatchesAgain()
    {
        var events = await Silo.SubscribeAsync<FleetUpdate>(LiveTopics.Fleet(1));
        await Silo.Shard(1).Watch();
        await Silo.Shard(1).Update(Line(1, 1));
        Assert.Equal([(1, 1)], Changed(await events.NextWhileTimePassesAsync(PublishInterval, "the watched change")));

        for (var passed = TimeSpan.Zero; passed < TimeSpan.FromSeconds(62); passed += PublishInterval)
        {
            Time.Advance(PublishInterval);
            // Behind the tick: an update is a turn as it is.
            await Silo.Shard(1).Update(Line(33, 1));
        }

        await Silo.Shard(1).Update(Line(1, 2));
        await Silo.Shard(1).Watch();
        await Silo.Shard(1).Update(Line(17, 3));

        // Of the first lease's end, some may still be on their way.
        var update = await events.NextWhileTimePassesAsync(PublishInterval, "the change of the second lease");
        while (update.Changed.All(line => line.Id == 33)) update = await events.NextWhileTimePassesAsync(PublishInterval, "the change of the second lease");
        Assert.Equal([(17, 3)], Changed(update));
    }

    [Fact]
    public async Task ReportsOfAHost_ReachItsShardAtMostOncePerSummaryInterval()
    {
        var agent = await Silo.EnrolAsync(1);
        await agent.SendAsync(agent.Report(1));
        await agent.SendAsync(agent.Report(2, Time.Milliseconds + 1));
        Assert.Equal([(1, "web-1", HostStatus.Online, 1)], await LinesAsync(1));

        await Silo.AdvanceAsync(TimeSpan.FromSeconds(1), 1);
        await agent.SendAsync(agent.Report(3));
        Assert.Equal([(1, "web-1", HostStatus.Online, 3)], await LinesAsync(1));
    }

    [Fact]
    public async Task ARemovedHost_IsGone_AndALateLineDoesNotBringItBack()
    {
        await Silo.EnrolAsync(1, "a");
        await Silo.EnrolAsync(17, "b");

        await Silo.Shard(1).Remove(1);
        await Silo.Shard(1).Remove(1);
        await Silo.Shard(1).Update(Line(1, 5));

        Assert.Equal([(17, "b", HostStatus.Pending, null)], await LinesAsync(1));
        Assert.Equal((1, 0), await Silo.Shard(1).GetCounts());
        Assert.Equal([17L], (await StoredAsync()).Members.Keys);
    }

    [Fact]
    public async Task ARemovalThatCannotBeStored_Fails_AndIsStoredWithTheNextUpdate()
    {
        await Silo.Shard(1).Update(Line(1, 1));
        await Silo.Shard(1).Update(Line(17, 1));
        Silo.Faults.BreakState("fleet");
        await Assert.ThrowsAnyAsync<Exception>(() => Silo.Shard(1).Remove(1));
        Assert.Equal([1L, 17], (await StoredAsync()).Members.Keys.Order());

        Silo.Faults.MendState("fleet");
        await Silo.Shard(1).Update(Line(17, 2));
        Assert.Equal([17L], (await StoredAsync()).Members.Keys);
    }

    [Fact]
    public async Task HostsThatAreAsked_SayWhatTheyAre()
    {
        await Silo.EnrolAsync(17, "b");
        await Silo.Shard(1).Update(Line(1, 5));
        await Silo.Shard(1).Update(Line(17, 5));

        await Silo.Shard(1).AskHosts();

        // There is no host 1, and nothing was heard of 17.
        await Waiting.UntilAsync(async () => await LinesAsync(1) is [(17, "b", HostStatus.Pending, null)], "the line of the host there is, alone");
        await Silo.Shard(1).AskHosts();
        Assert.Equal((1, 0), await Silo.Shard(1).GetCounts());
    }

    /// <summary>A call for which a cluster finds no place in time is cancelled by it; that is not the end of the asking.</summary>
    [Fact]
    public async Task AHostThatCouldNotBeAskedInTime_IsAskedAgain()
    {
        var agent = await Silo.EnrolAsync(1, "a");
        await agent.SendAsync(agent.Report());
        await RestartAsync();
        var failed = new TaskCompletionSource();
        Silo.Faults.Tail = () =>
        {
            Silo.Faults.Tail = null;
            failed.SetResult();
            return Task.FromException(new OperationCanceledException("There was no place in time."));
        };

        Assert.Equal((1, 0), await Silo.Shard(1).GetCounts());
        await failed.Task.WaitAsync(Waiting.Patience);

        await Waiting.UntilAsync(
            async () =>
            {
                Time.Advance(new FleetOptions().WakeRetry);
                return await LinesAsync(1) is [(1, "a", not HostStatus.Pending, _)];
            },
            "the line of the host that could not be asked at first");
    }

    [Fact]
    public async Task Watching_SaysWhetherItWentOnUntilNow()
    {
        await Silo.EnrolAsync(1, "a");
        Assert.Equal((false, false), (await Silo.Shard(1).Watch(), await Silo.Host(1).Watch()));
        Assert.Equal((true, true), (await Silo.Shard(1).Watch(), await Silo.Host(1).Watch()));

        await RestartAsync();
        Assert.Equal((false, false), (await Silo.Shard(1).Watch(), await Silo.Host(1).Watch()));
    }

    [Fact]
    public async Task RemovedHosts_ArePublished_AndNotAsChanged()
    {
        await Silo.Shard(1).Update(Line(1, 1));
        var events = await Silo.SubscribeAsync<FleetUpdate>(LiveTopics.Fleet(1));
        await Silo.Shard(1).Watch();

        await Silo.Shard(1).Update(Line(1, 2));
        await Silo.Shard(1).Update(Line(17, 3));
        await Silo.Shard(1).Remove(1);
        await Silo.Shard(1).Remove(33);

        var update = await events.NextWhileTimePassesAsync(PublishInterval, "the removal");
        Assert.Equal([(17, 3)], Changed(update));
        Assert.Equal([1L], update.Removed.AsEnumerable());
    }

    /// <summary>Random people on random hosts: the list of every viewer is what the rule says of each host, also before any host was asked after a restart.</summary>
    [Fact]
    public async Task EveryViewer_GetsTheHostsItMaySee_AndNoOther()
    {
        var random = new Random(20261122);
        var people = new Dictionary<long, HostPeople>();
        for (var id = 1L; id < 16 * 40; id += 16)
        {
            await Silo.Host(id).Register(new NewHost($"host-{id}", random.Next(1, 6), null, []));
            for (var shares = random.Next(0, 3); shares > 0; shares--) await Silo.Host(id).Share(random.Next(1, 6), random.Next(2) == 0 ? HostAccess.Read : HostAccess.Full);
            people[id] = (await Silo.Host(id).GetPeople())!;
        }

        await AssertListsAsync();
        await RestartAsync();
        var wake = new TaskCompletionSource();
        Silo.Faults.Tail = () => wake.Task;
        await AssertListsAsync();
        Assert.All(await Silo.Shard(1).GetHosts(null), line => Assert.Equal(HostStatus.Pending, line.Status));
        wake.SetResult();

        async Task AssertListsAsync()
        {
            for (var account = 0L; account <= 6; account++)
            {
                var viewer = new Viewer(account, IsAdministrator: false);
                Assert.Equal(
                    people.Where(host => host.Value.OwnerId == account || host.Value.Shares.Any(share => share.AccountId == account)).Select(host => host.Key).Order(),
                    (await Silo.Shard(1).GetHosts(viewer)).Select(line => line.Id).Order());
                Assert.Equal(people.Where(host => host.Value.OwnerId == account).Select(host => host.Key).Order(), (await Silo.Shard(1).GetOwned(account)).Order());
                Assert.Equal(people.Count(host => host.Value.OwnerId == account), (await Silo.Shard(1).CountByOwner()).FirstOrDefault(owned => owned.Key == account).Value);
            }

            Assert.Equal(people.Keys.Order(), (await Silo.Shard(1).GetHosts(new Viewer(99, IsAdministrator: true))).Select(line => line.Id).Order());
        }
    }

    /// <summary>A crash between the host's write and the shard's: the hosts know better.</summary>
    [Fact]
    public async Task WhatAShardWasNotTold_ItLearnsWhenItStarts_AndStores()
    {
        await Silo.Host(1).Register(new NewHost("a", 1, "g", ["t"]));
        await Silo.Host(17).Register(new NewHost("b", 1, null, []));
        await Silo.Host(17).Delete();
        await RestartAsync();
        await Silo.StoreAsync("fleet", Silo.Shard(1), """
            {"Hosts":{},"Members":{
              "1":{"Name":"old","People":{"OwnerId":2,"Shares":[{"AccountId":3,"Access":"read"}]},"Group":null,"Tags":[]},
              "17":{"Name":"b","People":{"OwnerId":1,"Shares":[]},"Group":null,"Tags":[]}}}
            """);

        Assert.Equal(2, (await Silo.Shard(1).GetCounts()).Total);

        // Of 17 the shard may also hear from its erasure, which goes on after the restart.
        await Waiting.UntilAsync(async () => (await StoredAsync()).Members is { Count: 1 } members && members[1].Name == "a", "what the hosts answered");
        var line = Assert.Single(await Silo.Shard(1).GetHosts(new Viewer(1, false)));
        Assert.Equal(("a", new HostPeople(1, []), "g", "t"), (line.Name, line.People, line.Group, Assert.Single(line.Tags!.Value)));
        Assert.Empty(await Silo.Shard(1).GetHosts(new Viewer(3, false)));
        var member = (await StoredAsync()).Members[1];
        Assert.Equal(("a", new HostPeople(1, []), "g", "t"), (member.Name, member.People, member.Group, Assert.Single(member.Tags)));
    }

    [Fact]
    public async Task HostNumbers_AreEachGivenOnce_AlsoOverARestart()
    {
        var first = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Next()));
        await RestartAsync();
        var second = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Next()));

        Assert.Equal(Enumerable.Range(1, 50).Select(i => (long)i), first.Order());
        Assert.Equal(Enumerable.Range(51, 50).Select(i => (long)i), second.Order());

        Task<long> Next() => Silo.Client.GetGrain<IHostNumbersGrain>(0).Next();
    }

    [Fact]
    public async Task ANumberThatCouldNotBeStored_IsNotGiven()
    {
        Silo.Faults.BreakState("host-numbers");
        await Assert.ThrowsAnyAsync<Exception>(() => Silo.Client.GetGrain<IHostNumbersGrain>(0).Next());

        Silo.Faults.MendState("host-numbers");
        var next = await Silo.Client.GetGrain<IHostNumbersGrain>(0).Next();
        await RestartAsync();
        Assert.True(await Silo.Client.GetGrain<IHostNumbersGrain>(0).Next() > next);
    }

    private Task<FleetState> StoredAsync() => Silo.StoredAsync<FleetState>("fleet", Silo.Shard(1));

    private static HostSummary Line(long id, double cpu) => new(id, $"host-{id}", HostStatus.Online, DateTimeOffset.UnixEpoch, cpu);

    private static IEnumerable<(long, double)> Changed(FleetUpdate update) => update.Changed.Select(line => (line.Id, line.CpuPercent!.Value)).Order();

    private async Task<List<(long, string, HostStatus, double?)>> LinesAsync(long hostId) =>
        [.. (await Silo.Shard(hostId).GetHosts(null)).OrderBy(line => line.Id).Select(line => (line.Id, line.Name, line.Status, line.CpuPercent))];
}
