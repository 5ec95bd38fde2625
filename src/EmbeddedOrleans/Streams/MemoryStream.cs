using Orleans.Runtime;

namespace Orleans.Streams;

/// <summary>
/// A stream by its name. Publishing only puts the event in the subscriptions' buffers: it does not wait for anybody
/// and does not fail because of anybody. What a buffer does when it is full, see <see cref="StreamSubscription"/>.
/// </summary>
internal sealed class MemoryStream<T>(MemoryStreamProvider provider, StreamId streamId) : IAsyncStream<T>
{
    public bool IsRewindable => false;

    public string ProviderName => provider.Name;

    public StreamId StreamId => streamId;

    public Task OnNextAsync(T item, StreamSequenceToken? token = null)
    {
        if (provider.SubscriptionsOf(streamId) is { Length: > 0 } subscriptions) Publish(subscriptions, item, token);
        return Task.CompletedTask;
    }

    public Task OnNextBatchAsync(IEnumerable<T> batch, StreamSequenceToken? token = null)
    {
        if (provider.SubscriptionsOf(streamId) is { Length: > 0 } subscriptions)
        {
            var items = batch.ToArray();
            if (items.Length > 0) Publish(subscriptions, new Batch<T>(items), token);
        }

        return Task.CompletedTask;
    }

    // As on Orleans' own memory streams, a publisher cannot end a stream, which others may publish on.
    public Task OnCompletedAsync() => Task.CompletedTask;

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;

    public Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncObserver<T> observer) => Subscribe(new ItemConsumer<T>(observer));

    public Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncObserver<T> observer, StreamSequenceToken? token, string? filterData = null)
        => token is null ? SubscribeAsync(observer) : throw NotRewindable();

    public Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncBatchObserver<T> observer) => Subscribe(new BatchConsumer<T>(observer));

    public Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncBatchObserver<T> observer, StreamSequenceToken? token)
        => token is null ? SubscribeAsync(observer) : throw NotRewindable();

    public Task<IList<StreamSubscriptionHandle<T>>> GetAllSubscriptionHandles()
    {
        var caller = RuntimeContext.Current?.GrainId;
        return Task.FromResult<IList<StreamSubscriptionHandle<T>>>([.. provider.SubscriptionsOf(streamId)
            .Where(subscription => subscription.Owner == caller)
            .Select(subscription => new Handle(this, subscription))]);
    }

    public bool Equals(IAsyncStream<T>? other) => other is not null && other.StreamId == streamId && other.ProviderName == ProviderName;

    public override bool Equals(object? obj) => Equals(obj as IAsyncStream<T>);

    public override int GetHashCode() => HashCode.Combine(ProviderName, streamId);

    public int CompareTo(IAsyncStream<T>? other) => other is null ? 1 : streamId.CompareTo(other.StreamId);

    private static InvalidOperationException NotRewindable() => new("A stream in memory keeps no events to go back to.");

    private void Publish(StreamSubscription[] subscriptions, object? published, StreamSequenceToken? token)
    {
        token ??= provider.NextToken();
        foreach (var subscription in subscriptions) subscription.Enqueue(published, token);
    }

    private Task<StreamSubscriptionHandle<T>> Subscribe(StreamConsumer consumer)
    {
        var subscription = new StreamSubscription(provider.Silo, streamId, RuntimeContext.Current?.GrainId);
        subscription.Attach(consumer);
        provider.Add(streamId, subscription);
        return Task.FromResult<StreamSubscriptionHandle<T>>(new Handle(this, subscription));
    }

    private sealed class Handle(MemoryStream<T> stream, StreamSubscription subscription) : StreamSubscriptionHandle<T>
    {
        private bool _isUsed;

        public override StreamId StreamId => stream.StreamId;

        public override string ProviderName => stream.ProviderName;

        public override Guid HandleId => subscription.Id;

        public override Task UnsubscribeAsync()
        {
            Use();
            stream.Remove(subscription);
            return Task.CompletedTask;
        }

        public override Task<StreamSubscriptionHandle<T>> ResumeAsync(IAsyncObserver<T> observer, StreamSequenceToken? token = null)
            => Resume(new ItemConsumer<T>(observer));

        public override Task<StreamSubscriptionHandle<T>> ResumeAsync(IAsyncBatchObserver<T> observer, StreamSequenceToken? token = null)
            => Resume(new BatchConsumer<T>(observer));

        public override bool Equals(StreamSubscriptionHandle<T>? other) => other?.HandleId == HandleId;

        public override bool Equals(object? obj) => Equals(obj as StreamSubscriptionHandle<T>);

        public override int GetHashCode() => HandleId.GetHashCode();

        private Task<StreamSubscriptionHandle<T>> Resume(StreamConsumer consumer)
        {
            Use();
            subscription.Attach(consumer);
            return Task.FromResult<StreamSubscriptionHandle<T>>(new Handle(stream, subscription));
        }

        private void Use()
        {
            if (_isUsed) throw new InvalidOperationException("Handle is no longer valid. It has been used to unsubscribe or resume.");

            _isUsed = true;
        }
    }

    private void Remove(StreamSubscription subscription)
    {
        provider.Remove(streamId, subscription);
        subscription.End();
    }
}
