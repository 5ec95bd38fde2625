using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Orleans.Streams;

/// <summary>
/// One subscriber of one stream, with the events it has yet to get. They come one after the other: to a grain as
/// turns of its activation, which is made if need be, and to the client on the thread pool. At most
/// <see cref="Capacity"/> wait; beyond that the oldest goes, and the observer's <c>OnErrorAsync</c> says so. One
/// subscriber that hangs must neither hold up the publisher, nor fail it, nor fill the memory.
/// </summary>
internal sealed partial class StreamSubscription(Silo silo, StreamId streamId, GrainId? owner) : IThreadPoolWorkItem
{
    /// <summary>What one queue of Orleans' memory streams holds.</summary>
    private const int Capacity = 16_384;

    private readonly Queue<(object? Published, StreamSequenceToken Token)> _waiting = new();
    private StreamConsumer? _consumer;
    private Activation? _consumerActivation;
    private Delivery? _delivery;
    private bool _isDelivering;
    private bool _hasEnded;
    private int _lost;

    public Guid Id { get; } = Guid.NewGuid();

    /// <summary>The grain that subscribed; null is the client.</summary>
    public GrainId? Owner => owner;

    public void Attach(StreamConsumer consumer)
    {
        lock (_waiting)
        {
            _consumer = consumer;
            _consumerActivation = RuntimeContext.Current;
        }
    }

    public void End()
    {
        lock (_waiting)
        {
            _hasEnded = true;
            _waiting.Clear();
        }
    }

    public void Enqueue(object? published, StreamSequenceToken token)
    {
        lock (_waiting)
        {
            if (_hasEnded) return;

            if (_waiting.Count == Capacity)
            {
                _waiting.Dequeue();
                _lost++;
            }

            _waiting.Enqueue((published, token));
            if (_isDelivering) return;

            _isDelivering = true;
        }

        Schedule();
    }

    void IThreadPoolWorkItem.Execute() => _ = DeliverToClient();

    private async Task DeliverToClient()
    {
        do
        {
            try
            {
                await DeliverOne(activation: null);
            }
            catch (Exception exception)
            {
                Report(exception);
            }
        }
        while (HasMore());
    }

    private void Report(Exception exception) => Log.DeliveryFailed(silo.Logger, exception, streamId);

    private void Schedule()
    {
        if (owner is not { } grainId)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            return;
        }

        _delivery ??= new Delivery(this);
        try
        {
            silo.Dispatch(_delivery, grainId);
        }
        catch (SiloUnavailableException)
        {
            // The subscription ends with the silo.
            End();
        }
    }

    private void PassOver()
    {
        lock (_waiting)
        {
            _waiting.TryDequeue(out _);
        }
    }

    private bool HasMore()
    {
        lock (_waiting)
        {
            return _isDelivering = _waiting.Count > 0;
        }
    }

    private Task DeliverOne(Activation? activation)
    {
        (object? Published, StreamSequenceToken Token) next;
        StreamConsumer? consumer;
        int lost;
        lock (_waiting)
        {
            // Unsubscribed meanwhile.
            if (!_waiting.TryDequeue(out next)) return Task.CompletedTask;

            consumer = _consumer;
            lost = _lost;
            _lost = 0;

            // A new activation that did not resume the subscription has no observer.
            if (!ReferenceEquals(activation, _consumerActivation)) consumer = null;
        }

        if (consumer is null)
        {
            Log.NobodyToDeliverTo(silo.Logger, streamId, owner);
            return Task.CompletedTask;
        }

        return lost == 0 ? consumer.Deliver(next.Published, next.Token) : DeliverAfterLoss(consumer, lost, next.Published, next.Token);
    }

    private async Task DeliverAfterLoss(StreamConsumer consumer, int lost, object? published, StreamSequenceToken token)
    {
        Log.EventsLost(silo.Logger, lost, streamId, owner);
        await consumer.Fail(new DataNotAvailableException($"{lost} events of stream {streamId} were lost: {Capacity} were waiting already."));
        await consumer.Deliver(published, token);
    }

    /// <summary>The turn in which the owner gets its next event; there is never more than one of a subscription.</summary>
    private sealed class Delivery : Request
    {
        private static readonly GrainMethod Turn = GrainMethod.Turn("a stream delivery");
        private readonly StreamSubscription _subscription;
        private bool _hasBegun;

        public Delivery(StreamSubscription subscription) : base(Turn)
        {
            _subscription = subscription;
            SentAt = Forever;
        }

        public override Task Invoke(object grain)
        {
            _hasBegun = true;
            return _subscription.DeliverOne(Target);
        }

        public override void Succeed(Task done)
        {
            _hasBegun = false;
            Reroutes = 0;
            if (_subscription.HasMore()) _subscription.Schedule();
        }

        public override void Fail(Exception exception)
        {
            _subscription.Report(exception);

            // The grain could not be activated: without this, its first event would be tried for ever.
            if (!_hasBegun) _subscription.PassOver();
            Succeed(Task.CompletedTask);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "A subscriber of stream {StreamId} failed; it gets the next event, not this one again.")]
        public static partial void DeliveryFailed(ILogger logger, Exception exception, StreamId streamId);

        [LoggerMessage(LogLevel.Warning, "{Count} events of stream {StreamId} were lost to {Owner}, which is too slow.")]
        public static partial void EventsLost(ILogger logger, int count, StreamId streamId, GrainId? owner);

        [LoggerMessage(LogLevel.Debug, "An event of stream {StreamId} was passed over: {Owner} has not resumed its subscription.")]
        public static partial void NobodyToDeliverTo(ILogger logger, StreamId streamId, GrainId? owner);
    }
}
