using Orleans.Concurrency;
using Orleans.Streams;
using StatusMonitor.Engine.Tests.Support;

namespace StatusMonitor.Engine.Tests.Grains;

/// <summary>A grain that publishes on streams and hears them; what it hears it tells as "key heard".</summary>
public interface IStreamGrain : IGrainWithStringKey
{
    /// <summary>Publishes the numbers one after the other.</summary>
    Task Publish(StreamId stream, int first, int count);

    Task Subscribe(StreamId stream);

    Task<int> Unsubscribe(StreamId stream);

    /// <summary>Stays in a call until gate "key" is open; tells "key stays".</summary>
    Task Stay();

    [AlwaysInterleave]
    Task Fence();

    Task<Guid> Activation();

    Task Leave();
}

public sealed class StreamGrain(Probe probe) : Grain, IStreamGrain
{
    private readonly Guid _activation = Guid.NewGuid();

    private static StreamId Own(string key) => StreamId.Create("own", key);

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        // A subscription belongs to the grain, its observer to the activation.
        var stream = this.GetStreamProvider(EngineHost.Streams).GetStream<int>(Own(this.GetPrimaryKeyString()));
        foreach (var handle in await stream.GetAllSubscriptionHandles()) await handle.ResumeAsync(Hear);
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        probe.Tell($"{this.GetPrimaryKeyString()} deactivated");
        return Task.CompletedTask;
    }

    public async Task Publish(StreamId stream, int first, int count)
    {
        var target = this.GetStreamProvider(EngineHost.Streams).GetStream<int>(stream);
        for (var number = first; number < first + count; number++) await target.OnNextAsync(number);
    }

    public Task Subscribe(StreamId stream) => this.GetStreamProvider(EngineHost.Streams).GetStream<int>(stream).SubscribeAsync(Hear);

    public async Task<int> Unsubscribe(StreamId stream)
    {
        var handles = await this.GetStreamProvider(EngineHost.Streams).GetStream<int>(stream).GetAllSubscriptionHandles();
        foreach (var handle in handles) await handle.UnsubscribeAsync();
        return handles.Count;
    }

    public async Task Stay()
    {
        probe.Tell($"{this.GetPrimaryKeyString()} stays");
        await probe.Pass(this.GetPrimaryKeyString());
    }

    public Task Fence() => Task.CompletedTask;

    public Task<Guid> Activation() => Task.FromResult(_activation);

    public Task Leave()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    private Task Hear(int number, StreamSequenceToken? token)
    {
        probe.Tell($"{this.GetPrimaryKeyString()} heard", (number, _activation));
        return Task.CompletedTask;
    }
}
