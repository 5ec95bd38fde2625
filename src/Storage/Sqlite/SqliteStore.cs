using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SQLitePCL;

namespace StatusMonitor.Storage.Sqlite;

/// <summary>
/// The SQLite database of one server. All writes go through one thread, which takes whatever waits and commits it in one
/// transaction with one fsync (group commit); a write is done when its group is on disk.
/// </summary>
public sealed partial class SqliteStore : IStoreState, IDisposable
{
    private readonly SqliteOptions _options;
    private readonly ILogger<SqliteStore> _logger;
    private readonly StoreFolder _folder;
    private readonly SqliteConnection _connection;
    private readonly string _readConnectionString;
    private readonly SemaphoreSlim _readers;
    private readonly Stack<SqliteReader> _idleReaders = [];
    private readonly Thread _writer;
    private readonly List<sqlite3_stmt> _statements = [];
    private readonly SqliteStatement _begin = new("begin immediate");
    private readonly SqliteStatement _commit = new("commit");
    private readonly object _gate = new();
    private List<SqliteWrite> _waiting = [];
    private int _waitingWeight;

    // Changed by the writing thread alone.
    private volatile int _writingWeight;

    // How many writes the writing thread waits for.
    private int _wanted;
    private bool _stopping;
    private volatile string? _failure;

    /// <summary>Opens or makes the database and starts the writing thread.</summary>
    /// <exception cref="StorageFailedException">The folder is in use, or holds a newer schema, or cannot be written.</exception>
    public SqliteStore(IOptions<SqliteOptions> options, ILogger<SqliteStore> logger)
    {
        _options = options.Value;
        _logger = logger;
        _folder = new StoreFolder(_options, logger);
        var builder = new SqliteConnectionStringBuilder { DataSource = _options.DatabasePath };
        _readConnectionString = new SqliteConnectionStringBuilder { DataSource = _options.DatabasePath, Mode = SqliteOpenMode.ReadWrite }.ToString();
        builder.Pooling = false;
        _connection = new SqliteConnection(builder.ToString());
        try
        {
            _connection.Open();
            // FULL makes each commit wait for the log to be on disk: what was acknowledged survives a power cut too.
            // So that compaction can give back what it frees; only of a new database, and only if it comes first.
            Execute($"""
                pragma auto_vacuum = incremental;
                pragma journal_mode = wal;
                pragma synchronous = full;
                pragma wal_autocheckpoint = {_options.CheckpointPages};
                pragma cache_size = -65536;
                pragma temp_store = memory;
                """);
            SqliteMigrations.Apply(_connection);
        }
        catch (SqliteException exception)
        {
            Dispose(_connection, _folder);
            throw new StorageFailedException($"The database '{Path.GetFullPath(_options.DatabasePath)}' cannot be opened: {exception.Message}", exception);
        }
        catch (StorageFailedException)
        {
            Dispose(_connection, _folder);
            throw;
        }

        _readers = new SemaphoreSlim(_options.MaxReaders);
        _writer = new Thread(WriteGroups) { IsBackground = true, Name = "sqlite-writer" };
        _writer.Start();
    }

    /// <inheritdoc/>
    public string? Failure => _failure;

    /// <inheritdoc/>
    public Task<string?> CheckAsync(CancellationToken cancellationToken) => Task.FromResult(_failure);

    /// <summary>The folder it is in, which is this server's alone.</summary>
    public ServerFolder Folder => _folder.Folder;

    /// <summary>Weight of what waits to be written, in journal rows.</summary>
    public int Waiting => Volatile.Read(ref _waitingWeight);

    /// <summary>Groups and writes committed so far.</summary>
    public (long Groups, long Writes) Committed { get; private set; }

    internal SqliteOptions Options => _options;

    internal sqlite3 Handle => _connection.Handle!;

    /// <summary>Queues a write; its task ends when the write is on disk or has failed.</summary>
    internal void Enqueue(SqliteWrite write)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopping, this);

            // If nothing else waits it is taken whatever it weighs: one that is heavier than the bound would have to be refused for ever.
            var weight = write.Weight;
            if (weight > 0 && _waitingWeight > 0 && (long)_writingWeight + _waitingWeight + weight > _options.MaxWaitingRows) throw new StorageBusyException();
            _waitingWeight += weight;
            _waiting.Add(write);
            if (_waiting.Count == _wanted) Monitor.Pulse(_gate);
        }
    }

    /// <summary>Queues what the writing thread itself has still to do. False if the store is closing.</summary>
    internal bool TryEnqueueFromWriter(SqliteWrite write)
    {
        lock (_gate)
        {
            if (_stopping) return false;
            _waiting.Add(write);
            return true;
        }
    }

    /// <summary>Takes over a statement of the writing thread: while one is left, SQLite does not close the database.</summary>
    internal void CloseAtTheEnd(sqlite3_stmt statement) => _statements.Add(statement);

    /// <summary>Runs a query on the caller's thread, for use at start.</summary>
    internal T Read<T>(Func<SqliteConnection, T> query)
    {
        try
        {
            using var connection = new SqliteConnection(_readConnectionString);
            connection.Open();
            return query(connection);
        }
        catch (Exception exception) when (exception is SqliteException or InvalidDataException)
        {
            throw new StorageFailedException($"The database could not be read: {exception.Message}", exception);
        }
    }

    /// <summary>Runs a query on a pooled connection off the caller's thread.</summary>
    internal async Task<T> ReadAsync<T>(Func<SqliteConnection, T> query, CancellationToken cancellationToken)
    {
        await _readers.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(() => Read(query), cancellationToken);
        }
        finally
        {
            _readers.Release();
        }
    }

    /// <summary>Runs a short query on the caller's thread: handing it to another one takes longer than most.</summary>
    internal async Task<T> ReadHereAsync<T>(Func<SqliteReader, T> query, CancellationToken cancellationToken)
    {
        await _readers.WaitAsync(cancellationToken);
        SqliteReader? reader = null;
        try
        {
            lock (_idleReaders) _idleReaders.TryPop(out reader);
            reader ??= new SqliteReader(_options.DatabasePath);
            var result = reader.Read(query);
            lock (_idleReaders) _idleReaders.Push(reader);
            return result;
        }
        catch (Exception exception)
        {
            reader?.Dispose();
            if (exception is not (SqliteException or InvalidDataException)) throw;
            throw new StorageFailedException($"The database could not be read: {exception.Message}", exception);
        }
        finally
        {
            _readers.Release();
        }
    }

    /// <summary>Writes what waits, then closes.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_stopping) return;
            _stopping = true;
            Monitor.Pulse(_gate);
        }

        _writer.Join();
        using (var pool = new SqliteConnection(_readConnectionString)) SqliteConnection.ClearPool(pool);
        Dispose([.. _idleReaders, .. _statements, _connection, _readers, _folder]);
    }

    private void WriteGroups()
    {
        var group = new List<SqliteWrite>();
        while (true)
        {
            lock (_gate)
            {
                // Whoever was answered soon writes again: so many more may come in a moment, and one fsync serves them all. Only the last of them wakes this thread.
                _wanted = group.Count;
                group.Clear();
                if (_waiting.Count < _wanted && !_stopping) Monitor.Wait(_gate, _options.GroupDelay);

                _wanted = 1;
                while (_waiting.Count == 0)
                {
                    if (_stopping) return;
                    Monitor.Wait(_gate);
                }

                (group, _waiting) = (_waiting, group);
                (_writingWeight, _waitingWeight) = (_waitingWeight, 0);
            }

            if (!TryCommit(group, out var problem)) RetryOneByOne(group, problem);
        }
    }

    private bool TryCommit(List<SqliteWrite> group, out Exception problem)
    {
        try
        {
            _begin.Run(this);
            foreach (var write in group) write.Execute(this);
            _commit.Run(this);
        }
        catch (Exception exception)
        {
            problem = exception;
            Rollback();
            return false;
        }

        problem = null!;
        if (_failure is not null)
        {
            _failure = null;
            Log.Recovered(_logger);
        }

        Committed = (Committed.Groups + 1, Committed.Writes + group.Count);
        foreach (var write in group) write.Committed();
        _writingWeight -= group.Sum(static write => write.Weight);

        // One work item for the whole group: each alone would wake a thread.
        ThreadPool.UnsafeQueueUserWorkItem(
            static done =>
            {
                foreach (var write in done) write.Succeed();
            },
            group.ToArray(),
            preferLocal: false);
        return true;
    }

    /// <summary>
    /// One write that breaks a constraint or is itself at fault must not fail the others of its group, so they are tried alone.
    /// A disk that is full or failing fails them all at once.
    /// </summary>
    private void RetryOneByOne(List<SqliteWrite> group, Exception problem)
    {
        var isOfOneWrite = problem is not SqliteException { SqliteErrorCode: not raw.SQLITE_CONSTRAINT };
        if (group.Count > 1 && isOfOneWrite)
        {
            foreach (var write in group)
            {
                if (TryCommit([write], out var own)) continue;
                _writingWeight -= write.Weight;
                write.Fail(new StorageFailedException(own.Message, own));
            }

            return;
        }

        if (!isOfOneWrite)
        {
            if (_failure is null) Log.Failed(_logger, problem, group.Count);
            _failure = problem.Message;
        }

        _writingWeight = 0;
        var failure = new StorageFailedException($"The database could not be written: {problem.Message}", problem);
        foreach (var write in group) write.Fail(failure);
    }

    private void Rollback()
    {
        try
        {
            // A failed commit may have ended the transaction already.
            if (raw.sqlite3_get_autocommit(Handle) == 0) Execute("rollback");
        }
        catch (SqliteException exception)
        {
            Log.RollbackFailed(_logger, exception);
        }
    }

    private void Execute(string sql) => SqliteException.ThrowExceptionForRC(raw.sqlite3_exec(Handle, sql), Handle);

    private static void Dispose(params IDisposable[] resources)
    {
        foreach (var resource in resources) resource.Dispose();
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The database cannot be written; {Count} writes were refused. Reports are not acknowledged until it can.")]
        public static partial void Failed(ILogger logger, Exception exception, int count);

        [LoggerMessage(LogLevel.Information, "The database can be written again.")]
        public static partial void Recovered(ILogger logger);

        [LoggerMessage(LogLevel.Error, "A failed group could not be rolled back.")]
        public static partial void RollbackFailed(ILogger logger, Exception exception);
    }
}
