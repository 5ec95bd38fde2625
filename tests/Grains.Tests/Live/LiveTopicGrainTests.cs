using System.Collections.Concurrent;
using StatusMonitor.Grains.Accounts;
using StatusMonitor.Grains.Alerts;
using StatusMonitor.Grains.Live;
using StatusMonitor.Grains.Tests.Support;

namespace StatusMonitor.Grains.Tests.Live;

/// <summary>Live updates, and who is subscribed to them.</summary>
public sealed class LiveTopicGrainTests : SiloTests
{
    [Fact]
    public async Task EverySubscriber_HearsEveryUpdateOfItsTopic_AndOfItsKind_UntilItStops()
    {
        var topic = Silo.Client.GetGrain<ILiveTopicGrain>(LiveTopics.Account(1));
        var (first, second) = (Subscription(out var heardFirst), Subscription(out var heardSecond));
        await first.StartAsync();
        await second.StartAsync();
        Assert.Equal(2, await topic.CountSubscriptions());

        await Silo.Client.GetGrain<ILiveTopicGrain>(LiveTopics.Account(2)).Publish(new AccountChanged(0));
        await topic.Publish(new RulesChanged(1, 1));
        await topic.Publish(new AccountChanged(1));
        await Waiting.UntilAsync(() => Task.FromResult(heardFirst.Count == 1), "the first update");
        await first.StopAsync();
        await Waiting.UntilAsync(async () => await topic.CountSubscriptions() == 1, "the end of the first subscription");
        await topic.Publish(new AccountChanged(2));

        await Waiting.UntilAsync(() => Task.FromResult(heardSecond.Count == 2), "both updates");
        Assert.Equal([1, 2], heardSecond.Select(update => update.AccountId));
        Assert.Equal([1], heardFirst.Select(update => update.AccountId));
        Assert.True(await second.RenewAsync());
    }

    [Fact]
    public async Task WhoDoesNotRenew_IsForgotten_AndToldThatItBeginsWhenItComesAgain()
    {
        var time = new FakeTime();
        var topic = new LiveTopicGrain(time);
        var (renewing, other) = (new Listener(), new Listener());
        Assert.False(await topic.Subscribe(renewing));
        Assert.False(await topic.Subscribe(other));

        time.Advance(LiveTopicGrain.Lease - TimeSpan.FromSeconds(1));
        Assert.True(await topic.Subscribe(renewing));
        time.Advance(TimeSpan.FromSeconds(2));
        await topic.Publish(new AccountChanged(1));

        Assert.Equal([1], renewing.Heard);
        Assert.Empty(other.Heard);
        Assert.Equal(1, await topic.CountSubscriptions());
        Assert.False(await topic.Subscribe(other));
    }

    private LiveSubscription<AccountChanged> Subscription(out ConcurrentQueue<AccountChanged> heard)
    {
        var updates = heard = new ConcurrentQueue<AccountChanged>();
        return new LiveSubscription<AccountChanged>(Silo.Client, LiveTopics.Account(1), update =>
        {
            updates.Enqueue(update);
            return Task.CompletedTask;
        });
    }

    private sealed class Listener : ILiveObserver
    {
        public List<long> Heard { get; } = [];

        public Task Next(long number, LiveUpdate update)
        {
            Heard.Add(number);
            return Task.CompletedTask;
        }
    }
}
