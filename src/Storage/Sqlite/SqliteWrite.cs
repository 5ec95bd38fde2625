namespace StatusMonitor.Storage.Sqlite;

/// <summary>
/// One write that waits for its group. <see cref="Execute"/> runs on the writing thread inside the group's transaction and may run
/// twice if the group fails; its effect counts only once <see cref="Committed"/> is called.
/// </summary>
internal abstract class SqliteWrite
{
    /// <summary>What the write counts for in the bound on what may wait; a journal row is 1.</summary>
    public abstract int Weight { get; }

    public abstract void Execute(SqliteStore store);

    /// <summary>The group is on disk. Runs on the writing thread.</summary>
    public virtual void Committed()
    {
    }

    /// <summary>Tells whoever waits that the write is done. Runs on the thread pool, with the rest of the group.</summary>
    public virtual void Succeed()
    {
    }

    /// <summary>Tells whoever waits that nothing of it was written. Runs on the writing thread.</summary>
    public abstract void Fail(Exception exception);
}

/// <summary>A write whose <see cref="Execute"/> leaves a result.</summary>
internal abstract class SqliteWrite<T> : SqliteWrite
{
    private readonly TaskCompletionSource<T> _done = new();

    public Task<T> Completion => _done.Task;

    protected T Result { get; set; } = default!;

    public sealed override void Succeed() => _done.SetResult(Result);

    public sealed override void Fail(Exception exception)
    {
        Failed();

        // Continuations are grain turns and requests: they must not run on the writing thread.
        ThreadPool.QueueUserWorkItem(_ => _done.SetException(exception));
    }

    /// <summary>Nothing of it is on disk. Runs on the writing thread.</summary>
    protected virtual void Failed()
    {
    }
}
