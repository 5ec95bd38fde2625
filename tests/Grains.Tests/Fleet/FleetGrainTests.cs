using StatusMonitor.Grains.Fleet;
using StatusMonitor.Grains.Hosts;
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
        var events = await Silo.SubscribeAsync<FleetUpdate>(LiveStreams.Fleet, 1);
        await Silo.Shard(1).Update(Line(33, 1));
        await Silo.Shard(1).Watch();
        for (var cpu = 1; cpu <= 5; cpu++)
        {
            await Silo.Shard(1).Update(Line(1, cpu));
            await Silo.Shard(1).Update(Line(17, cpu * 10));
        }

        // What was there before anybody watched is in the list that a watcher takes.
        Assert.Equal([(1, 5), (17, 50)], Changed(await events.NextWhileTimePassesAsync(PublishInterval, "the first update")));

        await Silo.Shard(1).Update(Line(17, 60));
        Assert.Equal([(17, 60)], Changed(await events.NextWhileTimePassesAsync(PublishInterval, "the second update")));
        Assert.False(events.TryNext(out _));
    }

    [Fact]
    public async Task WhenTheLeaseIsOver_NothingIsPublished_UntilSomebodyWatchesAgain()
    {
        var events = await Silo.SubscribeAsync<FleetUpdate>(LiveStreams.Fleet, 1);
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

    private static HostSummary Line(long id, double cpu) => new(id, $"host-{id}", HostStatus.Online, DateTimeOffset.UnixEpoch, cpu);

    private static IEnumerable<(long, double)> Changed(FleetUpdate update) => update.Changed.Select(line => (line.Id, line.CpuPercent!.Value)).Order();

    private async Task<List<(long, string, HostStatus, double?)>> LinesAsync(long hostId) =>
        [.. (await Silo.Shard(hostId).GetHosts()).OrderBy(line => line.Id).Select(line => (line.Id, line.Name, line.Status, line.CpuPercent))];
}
