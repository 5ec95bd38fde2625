using Orleans.Runtime;

namespace Orleans.Streams;

/// <summary>Receives events.</summary>
public interface IAsyncObserver<in T>
{
    /// <summary>An event. The next one comes when the task has completed.</summary>
    Task OnNextAsync(T item, StreamSequenceToken? token = null);

    /// <summary>No event will come any more.</summary>
    Task OnCompletedAsync() => Task.CompletedTask;

    /// <summary>Events could not be delivered.</summary>
    Task OnErrorAsync(Exception ex);
}

/// <summary>Receives events several at a time.</summary>
public interface IAsyncBatchObserver<T>
{
    /// <summary>Events that were published together.</summary>
    Task OnNextAsync(IList<SequentialItem<T>> items);

    /// <inheritdoc cref="IAsyncObserver{T}.OnCompletedAsync"/>
    Task OnCompletedAsync() => Task.CompletedTask;

    /// <inheritdoc cref="IAsyncObserver{T}.OnErrorAsync"/>
    Task OnErrorAsync(Exception ex);
}

/// <summary>Publishes events several at a time.</summary>
public interface IAsyncBatchProducer<T> : IAsyncObserver<T>
{
    /// <summary>Publishes events together, in order.</summary>
    Task OnNextBatchAsync(IEnumerable<T> batch, StreamSequenceToken? token = null);
}

/// <summary>Can be subscribed to.</summary>
public interface IAsyncObservable<T>
{
    /// <summary>Subscribes whoever calls: a grain for all its activations, or the client.</summary>
    Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncObserver<T> observer);

    /// <inheritdoc cref="SubscribeAsync(IAsyncObserver{T})"/>
    Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncObserver<T> observer, StreamSequenceToken? token, string? filterData = null);
}

/// <summary>Can be subscribed to for several events at a time.</summary>
public interface IAsyncBatchObservable<T>
{
    /// <inheritdoc cref="IAsyncObservable{T}.SubscribeAsync(IAsyncObserver{T})"/>
    Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncBatchObserver<T> observer);

    /// <inheritdoc cref="IAsyncObservable{T}.SubscribeAsync(IAsyncObserver{T})"/>
    Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncBatchObserver<T> observer, StreamSequenceToken? token);
}

/// <summary>A stream, whatever its events are.</summary>
public interface IAsyncStream
{
    /// <summary>Whether events can be read again; here they cannot.</summary>
    bool IsRewindable { get; }

    /// <summary>The provider it belongs to.</summary>
    string ProviderName { get; }

    /// <summary>Its identity.</summary>
    StreamId StreamId { get; }
}

/// <summary>A stream: what is published on it goes to all who subscribed. It exists as soon as it is named.</summary>
public interface IAsyncStream<T> : IAsyncStream, IEquatable<IAsyncStream<T>>, IComparable<IAsyncStream<T>>,
    IAsyncObservable<T>, IAsyncBatchObservable<T>, IAsyncBatchProducer<T>
{
    /// <summary>The subscriptions that the caller, this grain or the client, has on this stream.</summary>
    Task<IList<StreamSubscriptionHandle<T>>> GetAllSubscriptionHandles();
}

/// <summary>Gives streams by name.</summary>
public interface IStreamProvider
{
    /// <summary>Its own name.</summary>
    string Name { get; }

    /// <inheritdoc cref="IAsyncStream.IsRewindable"/>
    bool IsRewindable { get; }

    /// <summary>The stream of that identity.</summary>
    IAsyncStream<T> GetStream<T>(StreamId streamId);
}

/// <summary>The position of an event among others.</summary>
public abstract class StreamSequenceToken : IEquatable<StreamSequenceToken?>, IComparable<StreamSequenceToken?>
{
    /// <summary>The position.</summary>
    public abstract long SequenceNumber { get; protected set; }

    /// <summary>The position within what was published together.</summary>
    public abstract int EventIndex { get; protected set; }

    /// <inheritdoc/>
    public abstract bool Equals(StreamSequenceToken? other);

    /// <inheritdoc/>
    public abstract int CompareTo(StreamSequenceToken? other);
}

/// <summary>An event with its position.</summary>
public class SequentialItem<T>(T item, StreamSequenceToken token)
{
    /// <summary>The event.</summary>
    public T Item { get; } = item;

    /// <summary>The position.</summary>
    public StreamSequenceToken Token { get; } = token;
}

/// <summary>One subscription. It is used up by <see cref="UnsubscribeAsync"/> and by resuming, which gives a new one.</summary>
public abstract class StreamSubscriptionHandle<T> : IEquatable<StreamSubscriptionHandle<T>?>
{
    /// <summary>The stream.</summary>
    public abstract StreamId StreamId { get; }

    /// <summary>The provider of the stream.</summary>
    public abstract string ProviderName { get; }

    /// <summary>Which subscription it is; stays the same when it is resumed.</summary>
    public abstract Guid HandleId { get; }

    /// <summary>Ends the subscription.</summary>
    public abstract Task UnsubscribeAsync();

    /// <summary>Gives the subscription another observer; a grain does it when it is activated again.</summary>
    public abstract Task<StreamSubscriptionHandle<T>> ResumeAsync(IAsyncObserver<T> observer, StreamSequenceToken? token = null);

    /// <inheritdoc cref="ResumeAsync(IAsyncObserver{T}, StreamSequenceToken?)"/>
    public abstract Task<StreamSubscriptionHandle<T>> ResumeAsync(IAsyncBatchObserver<T> observer, StreamSequenceToken? token = null);

    /// <inheritdoc/>
    public abstract bool Equals(StreamSubscriptionHandle<T>? other);
}

/// <summary>Events were lost to a subscription, because it was too slow.</summary>
public class DataNotAvailableException(string message) : OrleansException(message);
