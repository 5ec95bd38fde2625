namespace StatusMonitor.Grains.Live;

/// <inheritdoc cref="ILiveTopicGrain"/>
/// <remarks>
/// A crash loses who is subscribed; each finds out with its next renewal. They are called directly, which in a cluster has nothing on the way that a third silo could take along.
/// Time is the process's own also where grains have another: a subscription is about the connection to whoever has it.
/// </remarks>
public sealed class LiveTopicGrain(TimeProvider time) : Grain, ILiveTopicGrain
{
    /// <summary>How long a subscription lasts.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    private readonly Dictionary<ILiveObserver, long> _renewed = [];
    private long _number;

    /// <inheritdoc/>
    public async Task Publish(LiveUpdate update)
    {
        _number++;
        DropExpired();

        // Nobody is waited for, and nobody can fail: the calls are one-way.
        foreach (var observer in _renewed.Keys.ToArray()) await observer.Next(_number, update);
    }

    /// <inheritdoc/>
    public Task<bool> Subscribe(ILiveObserver observer)
    {
        DropExpired();
        var isKnown = _renewed.ContainsKey(observer);
        _renewed[observer] = time.GetTimestamp();
        return Task.FromResult(isKnown);
    }

    /// <inheritdoc/>
    public Task Unsubscribe(ILiveObserver observer)
    {
        _renewed.Remove(observer);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<int> CountSubscriptions()
    {
        DropExpired();
        return Task.FromResult(_renewed.Count);
    }

    private void DropExpired()
    {
        foreach (var (observer, renewed) in _renewed)
        {
            if (time.GetElapsedTime(renewed) > Lease) _renewed.Remove(observer);
        }
    }
}
