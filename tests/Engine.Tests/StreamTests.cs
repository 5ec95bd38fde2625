using Orleans.Streams;
using StatusMonitor.Engine.Tests.Grains;
using StatusMonitor.Engine.Tests.Support;

namespace StatusMonitor.Engine.Tests;

/// <summary>Streams between grains and the client.</summary>
public sealed class StreamTests(EngineHost host) : IClassFixture<EngineHost>
{
    private Probe Probe => host.Probe;

    [Fact]
    public async Task EventsOfOnePublisher_ComeInOrder()
    {
        var id = StreamId.Create("order", "a");
        await Subscribe(id, "order");

        await host.Grain<IStreamGrain>("publisher").Publish(id, 0, 200).Soon("publishing");

        for (var i = 0; i < 200; i++) Assert.Equal(i, await Probe.Next("order"));
    }

    [Fact]
    public async Task EventsPublishedTogether_ComeInOrder()
    {
        var id = StreamId.Create("order", "b");
        await Subscribe(id, "batch");

        await Stream(id).OnNextBatchAsync([1, 2, 3]);
        await Stream(id).OnNextAsync(4);

        for (var i = 1; i <= 4; i++) Assert.Equal(i, await Probe.Next("batch"));
    }

    [Fact]
    public async Task EverySubscriber_GetsEveryEvent_AndOnlyOfItsStream()
    {
        var id = StreamId.Create("several", "a");
        await Subscribe(id, "first");
        await Subscribe(id, "second");
        await host.Grain<IStreamGrain>("third").Subscribe(id);
        await Subscribe(StreamId.Create("several", "b"), "stranger");

        await Stream(id).OnNextAsync(7);
        await Stream(StreamId.Create("several", "b")).OnNextAsync(8);

        Assert.Equal(7, await Probe.Next("first"));
        Assert.Equal(7, await Probe.Next("second"));
        Assert.Equal(7, (((int, Guid))(await Probe.Next("third heard"))!).Item1);
        Assert.Equal(8, await Probe.Next("stranger"));
    }

    [Fact]
    public async Task AfterUnsubscribing_NoEventComes()
    {
        var id = StreamId.Create("unsubscribed", "a");
        var handle = await Subscribe(id, "left");
        await Subscribe(id, "stayed");
        await Stream(id).OnNextAsync(1);
        Assert.Equal(1, await Probe.Next("left"));
        Assert.Equal(1, await Probe.Next("stayed"));

        await handle.UnsubscribeAsync();
        for (var i = 2; i <= 20; i++) await Stream(id).OnNextAsync(i);

        for (var i = 2; i <= 20; i++) Assert.Equal(i, await Probe.Next("stayed"));
        Assert.Equal(1, Probe.Count("left"));
    }

    [Fact]
    public async Task AResumedSubscription_GoesToItsNewObserver()
    {
        var id = StreamId.Create("resumed", "a");
        await Subscribe(id, "old");
        await Stream(id).OnNextAsync(1);
        Assert.Equal(1, await Probe.Next("old"));

        var handle = Assert.Single(await Stream(id).GetAllSubscriptionHandles());
        await handle.ResumeAsync((number, _) => Tell("new", number));
        await Stream(id).OnNextAsync(2);

        Assert.Equal(2, await Probe.Next("new"));
        Assert.Equal(1, Probe.Count("old"));
        Assert.Single(await Stream(id).GetAllSubscriptionHandles());
    }

    [Fact]
    public async Task AnEventForAGrain_WaitsForTheCallThatRuns()
    {
        var id = StreamId.Create("turns", "a");
        var grain = host.Grain<IStreamGrain>("busy");
        await grain.Subscribe(id);
        await Subscribe(id, "beside the busy one");
        var call = grain.Stay();
        await Probe.Next("busy stays");

        for (var i = 0; i < 10; i++) await Stream(id).OnNextAsync(i);
        for (var i = 0; i < 10; i++) await Probe.Next("beside the busy one");
        await grain.Fence();
        Assert.Equal(0, Probe.Count("busy heard"));

        Probe.Open("busy");
        await call.Soon("the call");
        for (var i = 0; i < 10; i++) Assert.Equal(i, (((int, Guid))(await Probe.Next("busy heard"))!).Item1);
    }

    [Fact]
    public async Task AnEventForAGrainThatLeft_ActivatesIt_AndComesToTheResumedSubscription()
    {
        var id = StreamId.Create("own", "returns");
        var grain = host.Grain<IStreamGrain>("returns");
        await grain.Subscribe(id);
        var first = await grain.Activation();
        await grain.Leave();
        await Probe.Next("returns deactivated");

        await Stream(id).OnNextAsync(5);

        var (number, activation) = ((int, Guid))(await Probe.Next("returns heard"))!;
        Assert.Equal(5, number);
        Assert.NotEqual(first, activation);
    }

    [Fact]
    public async Task AGrainSeesItsOwnSubscriptionsOnly()
    {
        var id = StreamId.Create("handles", "a");
        await Subscribe(id, "the client's");
        var grain = host.Grain<IStreamGrain>("own handles");
        await grain.Subscribe(id);

        Assert.Equal(1, await grain.Unsubscribe(id));

        Assert.Single(await Stream(id).GetAllSubscriptionHandles());
    }

    private IAsyncStream<int> Stream(StreamId id) => host.Client.GetStreamProvider(EngineHost.Streams).GetStream<int>(id);

    private Task<StreamSubscriptionHandle<int>> Subscribe(StreamId id, string name)
        => Stream(id).SubscribeAsync((number, _) => Tell(name, number));

    private Task Tell(string name, int number)
    {
        Probe.Tell(name, number);
        return Task.CompletedTask;
    }
}
