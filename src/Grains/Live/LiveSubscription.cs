using System.Threading.Channels;

namespace StatusMonitor.Grains.Live;

/// <summary>
/// A subscription to a live topic, for a process outside of grains. It has to be renewed: who is subscribed is in the memory of a silo and goes with it, and whoever subscribes knows
/// best that it still wants to hear.
/// </summary>
/// <param name="grains">Where the topic is.</param>
/// <param name="topic">One of <see cref="LiveTopics"/>.</param>
/// <param name="apply">Told each update, one at a time.</param>
public sealed class LiveSubscription<T>(IGrainFactory grains, string topic, Func<T, Task> apply)
    where T : LiveUpdate
{
    /// <summary>Updates that wait for one that is being applied. With more the oldest is dropped, and as much as missed.</summary>
    private const int MostWaiting = 1_000;

    private readonly ILiveTopicGrain _topic = grains.GetGrain<ILiveTopicGrain>(topic);

    // Kept here for as long as it is wanted: a reference to it does not keep it.
    private Observer? _observer;
    private ILiveObserver? _reference;
    private volatile bool _hasStopped;

    /// <summary>Subscribes.</summary>
    public async Task StartAsync()
    {
        try
        {
            await RenewAsync();
        }
        catch
        {
            Forget();
            throw;
        }
    }

    /// <summary>Renews, or subscribes if nobody has. False if it was lost, or begins, or an update was missed since the last renewal.</summary>
    public async Task<bool> RenewAsync()
    {
        if (_hasStopped) return true;
        _reference ??= grains.CreateObjectReference<ILiveObserver>(_observer = new Observer(apply));
        var (reference, observer) = (_reference, _observer!);
        var isKnown = await _topic.Subscribe(reference);

        // It was told to stop while it asked.
        if (_hasStopped) await _topic.Unsubscribe(reference);
        return observer.HasHeardAll(isKnown);
    }

    /// <summary>Unsubscribes.</summary>
    public async Task StopAsync()
    {
        _hasStopped = true;
        if (_reference is { } reference) await _topic.Unsubscribe(reference);
        Forget();
    }

    private void Forget()
    {
        _observer?.Stop();
        if (_reference is { } reference) grains.DeleteObjectReference<ILiveObserver>(reference);
        (_observer, _reference) = (null, null);
    }

    /// <summary>Takes updates at once, whatever applying them takes.</summary>
    private sealed class Observer : ILiveObserver
    {
        private readonly Channel<T> _waiting;
        private readonly Func<T, Task> _apply;
        private long _number;
        private volatile bool _hasMissed;

        public Observer(Func<T, Task> apply)
        {
            _apply = apply;
            _waiting = Channel.CreateBounded<T>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true }, _ => _hasMissed = true);
            _ = ApplyAllAsync();
        }

        public Task Next(long number, LiveUpdate update)
        {
            if (Interlocked.Exchange(ref _number, number) is > 0 and var last && number != last + 1) _hasMissed = true;
            if (update is T expected) _waiting.Writer.TryWrite(expected);
            return Task.CompletedTask;
        }

        /// <param name="isKnown">Whether the topic knew of the subscription.</param>
        public bool HasHeardAll(bool isKnown)
        {
            // A topic that begins anew counts anew.
            if (!isKnown) Interlocked.Exchange(ref _number, 0);
            var hasMissed = _hasMissed;
            _hasMissed = false;
            return isKnown && !hasMissed;
        }

        public void Stop() => _waiting.Writer.TryComplete();

        private async Task ApplyAllAsync()
        {
            await foreach (var update in _waiting.Reader.ReadAllAsync())
            {
                try
                {
                    await _apply(update);
                }
                catch (Exception)
                {
                    // As much as missed: who renews begins anew, and says so if that fails too.
                    _hasMissed = true;
                }
            }
        }
    }
}
