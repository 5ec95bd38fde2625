namespace StatusMonitor.Storage.Sqlite;

/// <summary>
/// One write that waits for its group. <see cref="Execute"/> runs on the writing thread inside the group's transaction and may run
/// twice if the group fails; its effect counts only once <see cref="Succeed"/> is called.
/// </summary>
internal abstract class SqliteWrite
{
    /// <summary>What the write counts for in the bound on what may wait; a journal row is 1.</summary>
    public abstract int Weight { get; }

    public abstract void Execute(SqliteStore store);

    public abstract void Succeed();

    public abstract void Fail(Exception exception);
}

/// <summary>A write whose <see cref="Execute"/> leaves a result.</summary>
internal abstract class SqliteWrite<T> : SqliteWrite
{
    // Continuations are grain turns and requests: they must not run on the writing thread.
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Completion => _done.Task;

    protected T Result { get; set; } = default!;

    public override void Succeed() => _done.SetResult(Result);

    public sealed override void Fail(Exception exception) => _done.SetException(exception);
}
