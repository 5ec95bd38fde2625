using Npgsql;

namespace StatusMonitor.Storage.Postgres;

/// <summary>
/// One write that waits for its group. What is done with it may be done twice if the group fails; its effect counts only once the group is committed.
/// </summary>
internal abstract class PostgresWrite
{
    /// <summary>What the write counts for in the bound on what may wait; a journal row is 1.</summary>
    public abstract int Weight { get; }

    /// <summary>Tells whoever waits that the write is done.</summary>
    public abstract void Succeed();

    /// <summary>Tells whoever waits that nothing of it was written.</summary>
    public abstract void Fail(Exception exception);
}

/// <summary>A write that leaves a result.</summary>
internal abstract class PostgresWrite<T> : PostgresWrite
{
    private readonly TaskCompletionSource<T> _done = new();

    public Task<T> Completion => _done.Task;

    public T Result { get; set; } = default!;

    public sealed override void Succeed() => _done.SetResult(Result);

    public sealed override void Fail(Exception exception) => _done.SetException(exception);
}

/// <summary>
/// Group commit: takes whatever waits and writes it in one transaction, so that one round trip to the disk serves all; a write is done when its group
/// is committed. There is one group at a time.
/// </summary>
internal abstract class WriteGroups<TWrite> : IAsyncDisposable
    where TWrite : PostgresWrite
{
    private readonly PostgresStore _store;
    private readonly Task _loop;
    private readonly object _gate = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private List<TWrite> _waiting = [];
    private int _waitingWeight;

    // Changed by the loop alone.
    private volatile int _writingWeight;
    private int _wanted;
    private bool _stopping;

    protected WriteGroups(PostgresStore store)
    {
        _store = store;
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Weight of what waits or is being written.</summary>
    public int Waiting => Volatile.Read(ref _waitingWeight) + _writingWeight;

    /// <summary>Writes a group on a connection with an open transaction.</summary>
    protected abstract Task WriteAsync(NpgsqlConnection connection, IReadOnlyList<TWrite> group);

    /// <summary>The group is on disk; comes before its writes are told.</summary>
    protected virtual void Committed(IReadOnlyList<TWrite> group)
    {
    }

    /// <summary>The group failed; whether it is on disk after all is not known if the connection broke.</summary>
    protected virtual void Failed(IReadOnlyList<TWrite> group)
    {
    }

    /// <summary>Queues a write.</summary>
    /// <exception cref="StorageBusyException">Too much is waiting.</exception>
    public void Enqueue(TWrite write)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopping, this);

            // If nothing else waits it is taken whatever it weighs: one that is heavier than the bound would have to be refused for ever.
            var weight = write.Weight;
            if (weight > 0 && _waitingWeight > 0 && (long)_writingWeight + _waitingWeight + weight > _store.Options.MaxWaitingRows) throw new StorageBusyException();
            _waitingWeight += weight;
            _waiting.Add(write);
            if (_waiting.Count == 1 || _waiting.Count == _wanted) _arrived.Release();
        }
    }

    /// <summary>Writes what waits, then ends.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_stopping) return;
            _stopping = true;
            _arrived.Release();
        }

        await _loop;
    }

    private async Task RunAsync()
    {
        var group = new List<TWrite>();
        while (true)
        {
            _wanted = group.Count;
            group.Clear();
            if (!await AnyAsync()) return;
            lock (_gate)
            {
                (group, _waiting) = (_waiting, group);
                (_writingWeight, _waitingWeight) = (_waitingWeight, 0);
            }

            if (await TryCommitAsync(group) is { } problem) await RetryOneByOneAsync(group, problem);
            _writingWeight = 0;
        }
    }

    /// <summary>Waits until there is something, and then a little if more is likely: whoever was answered soon writes again. False at the end.</summary>
    private async Task<bool> AnyAsync()
    {
        while (true)
        {
            bool isMoreLikely;
            lock (_gate)
            {
                if (_waiting.Count == 0 && _stopping) return false;
                isMoreLikely = _waiting.Count > 0 && _waiting.Count < _wanted && !_stopping;
                if (_waiting.Count > 0 && !isMoreLikely) return true;

                // What was announced before has been seen just now.
                while (_arrived.Wait(0))
                {
                }
            }

            if (!isMoreLikely) await _arrived.WaitAsync();
            else
            {
                await _arrived.WaitAsync(_store.Options.GroupDelay);
                return true;
            }
        }
    }

    /// <summary>Null if the group is committed, else why not.</summary>
    private async Task<Exception?> TryCommitAsync(List<TWrite> group)
    {
        try
        {
            await using var connection = await _store.OpenAsync();
            await using var transaction = await _store.BeginWriteAsync(connection);
            await WriteAsync(connection, group);
            await transaction.CommitAsync();
        }
        catch (Exception exception)
        {
            Failed(group);
            return exception;
        }

        Committed(group);
        _store.Note(null, group.Count);

        // One work item for the whole group, apart from this loop: what waits are grain turns and requests.
        ThreadPool.UnsafeQueueUserWorkItem(
            static done =>
            {
                foreach (var write in done) write.Succeed();
            },
            group.ToArray(),
            preferLocal: false);
        return null;
    }

    /// <summary>
    /// One write that breaks a constraint or is itself at fault must not fail the others of its group, so they are tried alone.
    /// A database that is away or full fails them all at once.
    /// </summary>
    private async Task RetryOneByOneAsync(List<TWrite> group, Exception problem)
    {
        if (IsOfOneWrite(problem))
        {
            foreach (var write in group)
            {
                if (await TryCommitAsync([write]) is { } own) Fail([write], new StorageFailedException(own.Message, own));
            }

            return;
        }

        // Told here once, so it is not the writes' to tell with its cause: while the database is away every host has one every few seconds.
        _store.Note(problem, group.Count);
        Fail(group, PostgresStore.NotWritten(problem, isTold: true));
    }

    private static void Fail(List<TWrite> group, StorageFailedException failure) => ThreadPool.UnsafeQueueUserWorkItem(
        static failed =>
        {
            foreach (var write in failed.Writes) write.Fail(failed.Failure);
        },
        (Writes: group.ToArray(), Failure: failure),
        preferLocal: false);

    /// <summary>Integrity and data errors are a write's own, as is all that did not come from the database; a deadlock is nobody's and gone the next time.</summary>
    private static bool IsOfOneWrite(Exception problem) => problem switch
    {
        PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure } => true,
        PostgresException postgres => postgres.SqlState.StartsWith("22", StringComparison.Ordinal) || postgres.SqlState.StartsWith("23", StringComparison.Ordinal),
        _ => !PostgresStore.IsOfDatabase(problem),
    };
}
