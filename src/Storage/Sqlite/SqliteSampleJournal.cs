using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace StatusMonitor.Storage.Sqlite;

/// <summary>The journal in SQLite.</summary>
/// <remarks>
/// <para>A row takes two steps. It is acknowledged once it stands in a log, a table that only grows at its end; writing each row straight to
/// its place by host and time would rewrite a page for every host in every commit. When a log is long, or holds something of an hour that is over, what it has of
/// each host and hour is encoded as one piece of a chunk, while the other log takes the new rows; then it is emptied.</para>
/// <para>A crash at any point leaves rows in a log, in pieces, or in both; a start reads the logs back and moves them again. Who reads counts a row once
/// however often it is there: host and collection time are its identity.</para>
/// <para>A host is deleted in the order its rows travel: first from the logs, after which no move can bring a row of it, then from the chunks.</para>
/// </remarks>
public sealed partial class SqliteSampleJournal : ISampleJournal, IWriteQueue
{
    private const string Columns = "host_id, at, received, seq, interval_ms, samples";

    /// <summary>Chunks, days and series deleted in one transaction: some milliseconds, for which other writes wait.</summary>
    private const int DeleteRows = 250;

    private readonly SqliteStore _store;
    private readonly IStorageSpace? _space;
    private readonly ILogger _logger;
    private readonly SqliteChunks _chunks;
    private readonly KnownTimes _knownTimes = new();
    private readonly SqliteStatement[] _insertLog = [Insert(0), Insert(1)];

    // Without a condition, which lets SQLite drop all pages at once.
    private readonly SqliteStatement[] _emptyLog = [new("delete from journal_log_0"), new("delete from journal_log_1")];

    // No "on conflict": two writers that number a host's series differently must not both go on.
    private readonly SqliteStatement _insertSeries = new("insert into series (host_id, series_id, name) values (?1, ?2, ?3)");

    // A log has no index by host: one pass through it costs less than an index would with every row.
    private readonly SqliteStatement[] _deleteLogged = [new("delete from journal_log_0 where host_id = ?1"), new("delete from journal_log_1 where host_id = ?1")];
    private readonly SqliteStatement _deleteSeries = new("delete from series where host_id = ?1 and series_id in (select series_id from series where host_id = ?1 limit ?2)");

    // Of each host that reported since the start. Of the writing thread alone.
    private readonly Dictionary<long, long> _newestAt = [];

    // Changed by the writing thread alone, under the lock for the sake of queries.
    private readonly Lock _gate = new();
    private JournalLog _filling;
    private JournalLog? _moving;
    private SqliteLogMove? _move;
    private long _written;

    /// <summary>Takes over what the logs hold since the last run, and what a version before the chunks has stored.</summary>
    /// <param name="store">The database.</param>
    /// <param name="space">The room there is for it, or null if nobody watches that.</param>
    /// <param name="logger">Is told of what is damaged.</param>
    /// <exception cref="StorageFailedException">The database cannot be read or written.</exception>
    public SqliteSampleJournal(SqliteStore store, IStorageSpace? space = null, ILogger<SqliteSampleJournal>? logger = null)
    {
        _store = store;
        _space = space;
        _logger = logger ?? NullLogger<SqliteSampleJournal>.Instance;
        _chunks = new SqliteChunks(store);
        new SqliteJournalConversion(store, _chunks, _logger).Run();
        _filling = store.Read(connection => ReadLog(connection, 0));
        var other = store.Read(connection => ReadLog(connection, 1));

        // The first write takes up a move that was under way.
        if (other.Count > 0) BeginMove(other, _filling);
    }

    /// <summary>Rows that are in no chunk yet, and bytes of their values.</summary>
    internal (int Rows, long Bytes) Logged
    {
        get
        {
            lock (_gate) return (_filling.Count + (_moving?.Count ?? 0), _filling.Bytes + (_moving?.Bytes ?? 0));
        }
    }

    /// <inheritdoc/>
    public int Waiting => _store.Waiting;

    /// <inheritdoc/>
    public int Bound => _store.Options.MaxWaitingRows;

    /// <inheritdoc/>
    public long Written => Volatile.Read(ref _written);

    /// <inheritdoc/>
    public Task<int> AppendAsync(long hostId, IReadOnlyList<SeriesEntry> newSeries, IReadOnlyList<JournalRow> rows)
    {
        if (_space?.Read().State == StorageSpaceState.Full) return Task.FromException<int>(new StorageFullException());
        var append = new Append(this, hostId, newSeries, rows);
        _store.Enqueue(append);
        return append.Completion;
    }

    /// <inheritdoc/>
    public async Task<JournalTail> ReadTailAsync(long hostId, TimeSpan window, int maxRows, CancellationToken cancellationToken)
    {
        // The logs first: a row leaves them only once it is in a chunk, so none is missed, and one that is seen twice is counted once.
        var logged = LoggedOf(hostId);
        var newestLogged = logged.Length == 0 ? (JournalRow?)null : logged.MaxBy(row => row.At);
        var stored = await _store.ReadAsync(
            connection => SqliteTail.Read(
                connection, hostId, newestLogged, (long)window.TotalMilliseconds, maxRows, hour => Log.DamagedHour(_logger, hostId, DateTimeOffset.FromUnixTimeMilliseconds(Hours.Begin(hour)))),
            cancellationToken);
        var rows = stored.Rows.Concat(logged.Where(row => row.At >= stored.From)).DistinctBy(row => row.At).OrderBy(row => row.At).TakeLast(maxRows).ToList();
        return new JournalTail(stored.Series, rows, stored.Newest);
    }

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(long hostId)
    {
        var delete = new Delete(this, hostId);
        _store.Enqueue(delete);
        return delete.Completion;
    }

    /// <summary>The rows of a host that are in no chunk yet, in the order they came. Some may be in one by now.</summary>
    internal JournalRow[] LoggedOf(long hostId)
    {
        lock (_gate) return [.. _moving?.Of(hostId) ?? [], .. _filling.Of(hostId)];
    }

    /// <summary>Ends when every row older than <paramref name="before"/> that was acknowledged is in a chunk.</summary>
    /// <exception cref="StorageFailedException">The database could not be written; the rows are still in their log.</exception>
    internal async Task MoveBeforeAsync(long before, CancellationToken cancellationToken)
    {
        // The log that moves now, and then the one that fills. What comes meanwhile has time until it is asked for again.
        for (var i = 0; i < 2; i++)
        {
            var demand = new MoveDemand(this, before);
            _store.Enqueue(demand);
            if (await demand.Completion is not { } move) return;
            await move.WaitAsync(cancellationToken);
        }
    }

    private static SqliteStatement Insert(int log) => new($"insert into journal_log_{log} ({Columns}) values (?1, ?2, ?3, ?4, ?5, ?6)");

    private static JournalLog ReadLog(SqliteConnection connection, int table)
    {
        var log = new JournalLog(table);
        using var command = connection.CreateCommand();
        command.CommandText = string.Create(CultureInfo.InvariantCulture, $"select {Columns} from journal_log_{log.Table} order by rowid");
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            log.Add(reader.GetInt64(0), [new JournalRow(reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt32(4), reader.GetFieldValue<byte[]>(5))]);
        }

        return log;
    }

    private void Write(SqliteStatement insert, long hostId, JournalRow row) => insert
        .Bind(_store, 1, hostId).Bind(_store, 2, row.At).Bind(_store, 3, row.Received)
        .Bind(_store, 4, row.Sequence).Bind(_store, 5, row.IntervalMilliseconds).Bind(_store, 6, row.Values)
        .Run(_store);

    /// <summary>The newest collection time of a host anywhere; a row beyond it is new.</summary>
    private long NewestAt(long hostId)
    {
        if (_newestAt.TryGetValue(hostId, out var at)) return at;
        at = _chunks.NewestAt(hostId) ?? long.MinValue;
        foreach (var row in LoggedOf(hostId)) at = Math.Max(at, row.At);
        return at;
    }

    private bool IsKnown(long hostId, long at) =>
        Holds(_filling.Of(hostId), at) || Holds(_moving?.Of(hostId) ?? [], at) || _knownTimes.Contains(hostId, at, _chunks.Times);

    private static bool Holds(IReadOnlyList<JournalRow> rows, long at)
    {
        for (var i = rows.Count - 1; i >= 0; i--)
        {
            if (rows[i].At == at) return true;
        }

        return false;
    }

    private void Add(JournalLog log, long hostId, List<JournalRow> rows, long newestAt)
    {
        _newestAt[hostId] = newestAt;
        lock (_gate) log.Add(hostId, rows);
        if (_moving is null && _filling.Count >= _store.Options.LogRows) BeginMove(_filling, new JournalLog(1 - _filling.Table));

        // Begins the move, or takes it up again after the disk failed it.
        _move?.Continue();
    }

    private void BeginMove(JournalLog moving, JournalLog filling)
    {
        lock (_gate) (_moving, _filling) = (moving, filling);
        _move = new SqliteLogMove(_store, _chunks, moving, this);
    }

    private bool IsLogged(long hostId) => _filling.Of(hostId).Count > 0 || _moving?.Of(hostId).Count > 0;

    private void Forget(long hostId)
    {
        lock (_gate)
        {
            _filling.Remove(hostId);
            _moving?.Remove(hostId);
        }
    }

    /// <summary>What a log has, as pieces; what of it is damaged is told.</summary>
    internal List<ChunkPiece> Encode(JournalLog log)
    {
        long[] hosts;
        lock (_gate) hosts = log.Hosts();
        var pieces = new List<ChunkPiece>(hosts.Length);
        foreach (var host in hosts)
        {
            IReadOnlyList<JournalRow> rows;
            lock (_gate) rows = log.Of(host);
            pieces.AddRange(ChunkPiece.Of(host, rows, row => Log.Damaged(_logger, host, DateTimeOffset.FromUnixTimeMilliseconds(row.At))));
        }

        return pieces;
    }

    internal void Empty(JournalLog log) => _emptyLog[log.Table].Run(_store);

    /// <summary>Pieces of a log are in the chunk table; at the end the log is empty.</summary>
    internal void Moved(bool isEnd)
    {
        _knownTimes.Clear();
        if (!isEnd) return;
        lock (_gate) _moving = null;
        _move = null;
    }

    /// <summary>Rows of one host on their way into the log.</summary>
    private sealed class Append(SqliteSampleJournal journal, long hostId, IReadOnlyList<SeriesEntry> newSeries, IReadOnlyList<JournalRow> rows) : SqliteWrite<int>
    {
        private readonly List<JournalRow> _added = new(rows.Count);
        private JournalLog _log = null!;
        private long _newestAt;

        public override int Weight => rows.Count + newSeries.Count;

        public override void Execute(SqliteStore store)
        {
            for (var i = 0; i < newSeries.Count; i++)
            {
                journal._insertSeries.Bind(store, 1, hostId).Bind(store, 2, newSeries[i].Id).Bind(store, 3, newSeries[i].Name).Run(store);
            }

            _added.Clear();
            _log = journal._filling;
            _newestAt = journal.NewestAt(hostId);
            for (var i = 0; i < rows.Count; i++)
            {
                var row = rows[i];
                if (row.At <= _newestAt && (Holds(_added, row.At) || journal.IsKnown(hostId, row.At))) continue;
                journal.Write(journal._insertLog[_log.Table], hostId, row);
                _added.Add(row);
                _newestAt = Math.Max(_newestAt, row.At);
            }

            Result = _added.Count;
        }

        public override void Committed()
        {
            // Where its table is: another write of the group may have filled that log, and what is moved from it is what is known here.
            if (_added.Count > 0) journal.Add(_log, hostId, _added, _newestAt);
            Interlocked.Add(ref journal._written, _added.Count);
        }
    }

    /// <summary>Begins the move of a log that holds something old; its result is what to wait for, or null.</summary>
    private sealed class MoveDemand(SqliteSampleJournal journal, long before) : SqliteWrite<Task?>
    {
        public override int Weight => 0;

        public override void Execute(SqliteStore store)
        {
        }

        public override void Committed()
        {
            if (journal._moving is null && journal._filling is { Count: > 0 } filling && filling.OldestAt < before) journal.BeginMove(filling, new JournalLog(1 - filling.Table));
            // Of this try: after a failure there is another.
            Result = journal._move?.Completion;
            journal._move?.Continue();
        }
    }

    /// <summary>A slice of what is stored of a host, on its way out.</summary>
    private sealed class Delete(SqliteSampleJournal journal, long hostId) : SqliteWrite<bool>
    {
        private bool _wasLogged;

        // It makes room, and one host has one of them waiting at most.
        public override int Weight => 0;

        public override void Execute(SqliteStore store)
        {
            // A step of its own: until it is on disk, a move in the same group still brings rows from memory into the chunks.
            _wasLogged = journal.IsLogged(hostId);
            if (_wasLogged)
            {
                foreach (var delete in journal._deleteLogged) delete.Bind(store, 1, hostId).Run(store);
                Result = false;
                return;
            }

            var room = DeleteRows - journal._chunks.DeleteSome(hostId, DeleteRows);
            if (room > 0) room -= journal._deleteSeries.Bind(store, 1, hostId).Bind(store, 2, room).Run(store);
            Result = room > 0;
        }

        public override void Committed()
        {
            Forgotten();
            if (_wasLogged) journal.Forget(hostId);

            // An append that was already waiting went before in the same group, unseen.
            else if (journal.IsLogged(hostId)) Result = false;
        }

        protected override void Failed() => Forgotten();

        private void Forgotten()
        {
            journal._newestAt.Remove(hostId);
            journal._knownTimes.Clear();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The sample of host {HostId} of {At:u} is damaged and cannot be kept.")]
        public static partial void Damaged(ILogger logger, long hostId, DateTimeOffset at);

        [LoggerMessage(LogLevel.Error, "What is stored of host {HostId} for the hour of {At:u} is damaged; the host goes on without it.")]
        public static partial void DamagedHour(ILogger logger, long hostId, DateTimeOffset at);
    }
}
