using System.Reflection;
using StatusMonitor.Grains.Accounts;
using StatusMonitor.Grains.Live;
using StatusMonitor.Grains.Tests.Support;

namespace StatusMonitor.Grains.Tests.Live;

/// <summary>What a subscription makes of a topic that forgets, and of updates that do not arrive.</summary>
public sealed class LiveSubscriptionTests
{
    private readonly TopicStandIn _topic = (TopicStandIn)(object)DispatchProxy.Create<ILiveTopicGrain, TopicStandIn>();
    private readonly List<long> _heard = [];
    private TaskCompletionSource _mayApply = Opened();
    private int _applying;

    [Fact]
    public async Task ATopicThatForgot_AsWhenItsSiloIsLost_IsFoundOutOnce()
    {
        var subscription = Subscription();
        Assert.False(await subscription.RenewAsync());
        Assert.True(await subscription.RenewAsync());
        await _topic.TellAsync(1);

        _topic.IsKnown = false;
        Assert.False(await subscription.RenewAsync());
        await _topic.TellAsync(1);
        Assert.True(await subscription.RenewAsync());
        await HeardAsync(1, 1);
    }

    [Fact]
    public async Task ANumberThatWasLeftOut_IsAnUpdateThatWasMissed()
    {
        var subscription = Subscription();
        await subscription.RenewAsync();
        await _topic.TellAsync(3);
        await _topic.TellAsync(4);
        Assert.True(await subscription.RenewAsync());

        await _topic.TellAsync(6);
        await HeardAsync(3, 4, 6);
        Assert.False(await subscription.RenewAsync());
        Assert.True(await subscription.RenewAsync());
    }

    [Fact]
    public async Task AnUpdateThatCouldNotBeApplied_IsAsIfMissed_AndTheNextIsApplied()
    {
        var subscription = Subscription();
        await subscription.RenewAsync();
        await _topic.TellAsync(1, accountId: -1);
        await _topic.TellAsync(2);
        await HeardAsync(2);
        Assert.False(await subscription.RenewAsync());
        Assert.True(await subscription.RenewAsync());
    }

    [Fact]
    public async Task WhoIsTooSlow_LosesTheOldest_AndIsToldSo()
    {
        var subscription = Subscription();
        await subscription.RenewAsync();
        _mayApply = new TaskCompletionSource();
        await _topic.TellAsync(1);
        await Waiting.UntilAsync(() => Task.FromResult(_applying == 1), "the first update is being applied");
        for (var number = 2; number <= 1_003; number++) await _topic.TellAsync(number);
        _mayApply.SetResult();
        await HeardAsync([1, .. Enumerable.Range(4, 1_000).Select(number => (long)number)]);
        Assert.False(await subscription.RenewAsync());
    }

    [Fact]
    public async Task WhoHasStopped_DoesNotSubscribeAgain_AlsoIfItAsksJustThen()
    {
        var subscription = Subscription();
        await subscription.RenewAsync();
        var asking = _topic.MayAnswer = new TaskCompletionSource();
        var renewing = subscription.RenewAsync();
        await subscription.StopAsync();
        asking.SetResult();
        await renewing;
        Assert.Equal(2, _topic.Unsubscribed);

        var subscribed = _topic.Subscribed;
        await subscription.RenewAsync();
        Assert.Equal(subscribed, _topic.Subscribed);
    }

    private static TaskCompletionSource Opened()
    {
        var opened = new TaskCompletionSource();
        opened.SetResult();
        return opened;
    }

    private Task HeardAsync(params long[] numbers) => Waiting.UntilAsync(
        () =>
        {
            lock (_heard) return Task.FromResult(_heard.SequenceEqual(numbers));
        },
        $"the updates {string.Join(", ", numbers)}");

    private LiveSubscription<AccountChanged> Subscription()
    {
        var grains = DispatchProxy.Create<IGrainFactory, GrainsStandIn>();
        ((GrainsStandIn)(object)grains).Topic = (ILiveTopicGrain)(object)_topic;
        return new LiveSubscription<AccountChanged>(grains, LiveTopics.Account(1), async update =>
        {
            Interlocked.Increment(ref _applying);
            await _mayApply.Task;
            if (update.AccountId < 0) throw new InvalidOperationException("The test wants it.");
            lock (_heard) _heard.Add(update.AccountId);
        });
    }

    /// <summary>Knows one grain, and refers to objects by themselves.</summary>
    public class GrainsStandIn : DispatchProxy
    {
        public ILiveTopicGrain? Topic { get; set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name switch
        {
            nameof(IGrainFactory.GetGrain) => Topic,
            nameof(IGrainFactory.CreateObjectReference) => args![0],
            nameof(IGrainFactory.DeleteObjectReference) => null,
            _ => throw new NotSupportedException(targetMethod.Name),
        };
    }

    /// <summary>A topic that forgets when it is told to. Made while it runs, because a class that has the interface would be one of the silo's grains.</summary>
    public class TopicStandIn : DispatchProxy
    {
        private ILiveObserver? _observer;

        public bool IsKnown { get; set; }

        public int Subscribed { get; private set; }

        public int Unsubscribed { get; private set; }

        public TaskCompletionSource MayAnswer { get; set; } = Opened();

        public Task TellAsync(long number, long? accountId = null) => _observer!.Next(number, new AccountChanged(accountId ?? number));

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            switch (targetMethod!.Name)
            {
                case nameof(ILiveTopicGrain.Subscribe):
                    Subscribed++;
                    _observer = (ILiveObserver)args![0]!;
                    return SubscribeAsync();
                case nameof(ILiveTopicGrain.Unsubscribe):
                    Unsubscribed++;
                    return Task.CompletedTask;
                default:
                    throw new NotSupportedException(targetMethod.Name);
            }
        }

        private async Task<bool> SubscribeAsync()
        {
            await MayAnswer.Task;
            var wasKnown = IsKnown;
            IsKnown = true;
            return wasKnown;
        }
    }
}
