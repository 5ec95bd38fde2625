using StatusMonitor.Grains.Hosts;
using StatusMonitor.Grains.Live;
using StatusMonitor.Grains.Tests.Support;

namespace StatusMonitor.Grains.Tests.Hosts;

/// <summary>What a host publishes, and for whom.</summary>
public sealed class HostStreamTests : SiloTests
{
    private TestAgent _agent = null!;

    [Fact]
    public async Task WhileNobodyWatches_NothingIsPublished()
    {
        var events = await EnrolAndSubscribeAsync();
        await _agent.SendAsync(_agent.Report(1));

        await Silo.Host(1).Watch();
        await _agent.SendAsync(_agent.Report(2, Time.Milliseconds + 5_000));

        // Events come in order, so the first is the first that was published.
        Assert.Equal([2], (await events.NextAsync("the watched report")).Samples.Single().Values.AsEnumerable());
    }

    [Fact]
    public async Task WhileWatched_UpdatesComeInOrder_AndCompleteTheSnapshot()
    {
        var events = await EnrolAndSubscribeAsync();
        var at = Time.Milliseconds;
        await _agent.SendAsync(_agent.Report(at, new SeriesSet(["a", "b"]), 1, 2));
        await Silo.Host(1).Watch();
        var snapshot = (await Silo.Host(1).GetSnapshot())!;
        Assert.Equal(["a", "b"], snapshot.Series.AsEnumerable());

        for (var i = 1; i <= 50; i++) await _agent.SendAsync(_agent.Report(at + i, new SeriesSet(["a", $"new{i / 10}"]), i, -i));

        var names = snapshot.Series.ToList();
        for (var i = 1; i <= 50; i++)
        {
            var update = await events.NextAsync($"update {i}");
            Assert.Equal((HostStatus.Online, Time.Wall), (update.Status, update.LastSeen));
            Assert.Equal(names.Count, update.FirstNewSeries);
            names.AddRange(update.NewSeries);
            var sample = Assert.Single(update.Samples);
            Assert.Equal(at + i, sample.At);
            Assert.Equal([("a", i), ($"new{i / 10}", -i)], sample.SeriesIds.Zip(sample.Values, (id, value) => (names[id], value)));
        }

        Assert.Equal(names, (await Silo.Host(1).GetSnapshot())!.Series.AsEnumerable());
    }

    [Fact]
    public async Task ABatch_IsOneUpdate()
    {
        var events = await EnrolAndSubscribeAsync();
        await Silo.Host(1).Watch();
        var at = Time.Milliseconds;

        await _agent.SendAsync(_agent.Report(1, at), _agent.Report(2, at + 1), _agent.Report(3, at + 2));

        Assert.Equal([at, at + 1, at + 2], (await events.NextAsync("the batch")).Samples.Select(sample => sample.At));
    }

    [Fact]
    public async Task AChangeOfStatus_IsPublishedWithoutSamples()
    {
        var events = await EnrolAndSubscribeAsync();
        await _agent.SendAsync(_agent.Report());
        await Silo.Host(1).Watch();

        await Silo.AdvanceUntilAsync(HostStatus.Offline, 1, TimeSpan.FromMinutes(1));

        foreach (var status in new[] { HostStatus.Late, HostStatus.Offline })
        {
            var update = await events.NextAsync($"the update to {status}");
            Assert.Equal(status, update.Status);
            Assert.Empty(update.Samples);
        }
    }

    [Fact]
    public async Task AChangeOfWhatPeopleWrote_IsPublishedWithWhoseItIs()
    {
        var events = await EnrolAndSubscribeAsync();
        await Silo.Host(1).Change(new HostChange(Name: "unwatched"));
        await Silo.Host(1).Watch();

        await Silo.Host(1).Change(new HostChange(Tags: ["web"]));

        var update = await events.NextAsync("the change");
        Assert.Equal(await Silo.Host(1).GetPeople(), update.People);
        Assert.Empty(update.Samples);
    }

    [Fact]
    public async Task WhenTheLeaseIsOver_NothingIsPublished_UntilSomebodyWatchesAgain()
    {
        var events = await EnrolAndSubscribeAsync();
        _agent.Interval = TimeSpan.FromSeconds(300);
        await Silo.Host(1).Watch();
        await _agent.SendAsync(_agent.Report(1));
        Assert.Equal([1], (await events.NextAsync("the first report")).Samples[0].Values.AsEnumerable());

        await Silo.AdvanceAsync(TimeSpan.FromSeconds(59), 1);
        await _agent.SendAsync(_agent.Report(2));
        Assert.Equal([2], (await events.NextAsync("the report within the lease")).Samples[0].Values.AsEnumerable());

        await Silo.AdvanceAsync(TimeSpan.FromSeconds(2), 1);
        await _agent.SendAsync(_agent.Report(Time.Milliseconds, new SeriesSet(["cpu.percent", "unseen"]), 3, 3));
        await Silo.AdvanceAsync(TimeSpan.FromSeconds(1), 1);
        await Silo.Host(1).Watch();
        await _agent.SendAsync(_agent.Report(4));

        // What came between is in the snapshot that a new watcher takes, its series too.
        var update = await events.NextAsync("the report of the second lease");
        Assert.Equal([4], update.Samples[0].Values.AsEnumerable());
        Assert.Empty(update.NewSeries);
        Assert.Equal(2, update.FirstNewSeries);
    }

    [Fact]
    public async Task RenewingTheLease_KeepsItGoing()
    {
        var events = await EnrolAndSubscribeAsync();
        _agent.Interval = TimeSpan.FromSeconds(300);
        for (var i = 1; i <= 5; i++)
        {
            await Silo.Host(1).Watch();
            await Silo.AdvanceAsync(TimeSpan.FromSeconds(40), 1);
            await _agent.SendAsync(_agent.Report(i));
            Assert.Equal([i], (await events.NextAsync($"report {i}")).Samples[0].Values.AsEnumerable());
        }
    }

    private async Task<LiveEvents<HostUpdate>> EnrolAndSubscribeAsync()
    {
        _agent = await Silo.EnrolAsync(1);
        return await Silo.SubscribeAsync<HostUpdate>(LiveTopics.Host(1));
    }
}
