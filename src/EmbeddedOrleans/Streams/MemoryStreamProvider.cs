using System.Collections.Concurrent;
using Orleans.Runtime;

namespace Orleans.Streams;

/// <summary>Streams within this process. Subscriptions live as long as it does.</summary>
internal sealed class MemoryStreamProvider(string name, Silo silo) : IStreamProvider
{
    private static readonly StreamSubscription[] None = [];
    private readonly ConcurrentDictionary<StreamId, StreamSubscription[]> _subscriptions = new();
    private readonly Lock _changing = new();
    private long _lastEvent;

    public string Name => name;

    public bool IsRewindable => false;

    public Silo Silo => silo;

    public IAsyncStream<T> GetStream<T>(StreamId streamId) => new MemoryStream<T>(this, streamId);

    public StreamSubscription[] SubscriptionsOf(StreamId streamId) => _subscriptions.GetValueOrDefault(streamId, None);

    public void Add(StreamId streamId, StreamSubscription subscription)
    {
        lock (_changing)
        {
            _subscriptions[streamId] = [.. SubscriptionsOf(streamId), subscription];
        }
    }

    public void Remove(StreamId streamId, StreamSubscription subscription)
    {
        lock (_changing)
        {
            var rest = Array.FindAll(SubscriptionsOf(streamId), other => !ReferenceEquals(other, subscription));
            if (rest.Length > 0) _subscriptions[streamId] = rest;
            else _subscriptions.TryRemove(streamId, out _);
        }
    }

    public StreamSequenceToken NextToken() => new Token(Interlocked.Increment(ref _lastEvent));

    private sealed class Token(long sequenceNumber) : StreamSequenceToken
    {
        public override long SequenceNumber { get; protected set; } = sequenceNumber;

        public override int EventIndex { get; protected set; }

        public override bool Equals(StreamSequenceToken? other) => other is not null && CompareTo(other) == 0;

        public override bool Equals(object? obj) => Equals(obj as StreamSequenceToken);

        public override int GetHashCode() => SequenceNumber.GetHashCode();

        public override int CompareTo(StreamSequenceToken? other)
            => other is null ? 1 : (SequenceNumber, EventIndex).CompareTo((other.SequenceNumber, other.EventIndex));
    }
}
