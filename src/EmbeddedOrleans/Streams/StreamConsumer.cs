namespace Orleans.Streams;

/// <summary>An observer, freed of the type of its events.</summary>
internal abstract class StreamConsumer
{
    /// <summary>Delivers what was published at once: an event, or a <see cref="Batch{T}"/>.</summary>
    public abstract Task Deliver(object? published, StreamSequenceToken token);

    public abstract Task Fail(Exception exception);
}

internal sealed record Batch<T>(T[] Items);

internal sealed class ItemConsumer<T>(IAsyncObserver<T> observer) : StreamConsumer
{
    public override Task Deliver(object? published, StreamSequenceToken token)
        => published is Batch<T> batch ? DeliverEach(batch, token) : observer.OnNextAsync((T)published!, token);

    public override Task Fail(Exception exception) => observer.OnErrorAsync(exception);

    private async Task DeliverEach(Batch<T> batch, StreamSequenceToken token)
    {
        foreach (var item in batch.Items) await observer.OnNextAsync(item, token);
    }
}

internal sealed class BatchConsumer<T>(IAsyncBatchObserver<T> observer) : StreamConsumer
{
    public override Task Deliver(object? published, StreamSequenceToken token)
        => observer.OnNextAsync(published is Batch<T> batch
            ? Array.ConvertAll(batch.Items, item => new SequentialItem<T>(item, token))
            : [new SequentialItem<T>((T)published!, token)]);

    public override Task Fail(Exception exception) => observer.OnErrorAsync(exception);
}
