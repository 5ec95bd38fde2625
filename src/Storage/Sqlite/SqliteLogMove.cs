namespace StatusMonitor.Storage.Sqlite;

/// <summary>
/// The way of a log into the chunks: encoded beside the writing thread, which other writes need, then inserted a slice in each transaction; the last one empties
/// the log's table. After a failure it goes on where it was, when it is told to continue.
/// </summary>
internal sealed class SqliteLogMove(SqliteStore store, SqliteChunks chunks, JournalLog log, SqliteSampleJournal journal) : SqliteWrite
{
    /// <summary>Pieces inserted in one transaction: some milliseconds, for which other writes wait.</summary>
    private const int Slice = 250;

    private List<ChunkPiece>? _pieces;
    private int _done;
    private int _next;
    private bool _isUnderWay;
    private TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // It holds nobody up who waits for room, and must not be kept waiting for it.
    public override int Weight => 0;

    /// <summary>Ends when the log is empty, or has failed to be.</summary>
    public Task Completion => _ended.Task;

    /// <summary>Sees to it that it goes on. Runs on the writing thread.</summary>
    public void Continue() => _isUnderWay = _isUnderWay || store.TryEnqueueFromWriter(this);

    public override void Execute(SqliteStore store)
    {
        // Only now: the group that filled the log has more rows for it.
        if (_pieces is null) return;
        _next = Math.Min(_done + Slice, _pieces.Count);

        // A host that was deleted meanwhile is in the log no more.
        chunks.Insert(_pieces.Take(_done.._next).Where(piece => log.Of(piece.HostId).Count > 0));
        if (_next == _pieces.Count) journal.Empty(log);
    }

    public override void Committed()
    {
        if (_pieces is null)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static move => move.Encode(), this, preferLocal: false);
            return;
        }

        _done = _next;
        var isEnd = _done == _pieces.Count;
        journal.Moved(isEnd);
        if (isEnd) _ended.SetResult();
        else _isUnderWay = store.TryEnqueueFromWriter(this);
    }

    public override void Fail(Exception exception)
    {
        _isUnderWay = false;
        var ended = _ended;
        _ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ended.SetException(exception);
    }

    private void Encode()
    {
        _pieces = journal.Encode(log);
        try
        {
            store.Enqueue(this);
        }
        catch (ObjectDisposedException exception)
        {
            // The server ends; the next start reads the log back.
            Fail(exception);
        }
    }
}
