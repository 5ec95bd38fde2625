using Orleans.Streams;

namespace StatusMonitor.Grains.Hosts;

/// <summary>
/// A subscription to a live stream that is made anew when the cluster has lost it. Who is subscribed to what is in the memory of a silo and goes with it; whoever subscribes knows
/// best that it still wants to hear.
/// </summary>
/// <param name="cluster">Where the stream is.</param>
/// <param name="id">Which one of <see cref="LiveStreams"/>.</param>
/// <param name="apply">Told each update, one at a time.</param>
public sealed class LiveSubscription<T>(IClusterClient cluster, StreamId id, Func<T, Task> apply)
{
    private readonly IAsyncStream<T> _stream = cluster.GetStreamProvider(LiveStreams.Provider).GetStream<T>(id);

    // The newest last. Those that were lost stay until the end: whoever delivers may not know yet that they are, and does not know the new one either.
    private readonly List<StreamSubscriptionHandle<T>> _handles = [];

    /// <summary>Subscribes.</summary>
    public async Task StartAsync() => _handles.Add(await _stream.SubscribeAsync((update, _) => apply(update)));

    /// <summary>Sees whether it is still there. False if it is again, or now for the first time: something may have been missed.</summary>
    public async Task<bool> RenewAsync()
    {
        if (_handles is [.., var handle] && (await _stream.GetAllSubscriptionHandles()).Any(known => known.HandleId == handle.HandleId)) return true;
        await StartAsync();
        return false;
    }

    /// <summary>Unsubscribes.</summary>
    public async Task StopAsync()
    {
        var handles = _handles.ToArray();
        _handles.Clear();
        foreach (var handle in handles) await handle.UnsubscribeAsync();
    }
}
