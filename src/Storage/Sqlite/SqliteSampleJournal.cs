using System.Globalization;
using Microsoft.Data.Sqlite;

namespace StatusMonitor.Storage.Sqlite;

/// <summary>The journal in SQLite.</summary>
/// <remarks>
/// <para>A row takes two steps. It is acknowledged once it stands in a log, a table that only grows at its end; writing each row straight to
/// its place by host and time would rewrite a page for every host in every commit. When a log is long it is sorted into the
/// journal, some hosts at a time between other writes, while the other log takes the new rows; then it is emptied.</para>
/// <para>A crash at any point leaves rows in a log, in the journal, or in both; a start reads the logs back, and moving a row that is
/// there already changes nothing.</para>
/// <para>A host is deleted in the order its rows travel: first from the logs, after which no move can bring a row of it, then from the journal.</para>
/// </remarks>
public sealed class SqliteSampleJournal : ISampleJournal
{
    private const string Columns = "host_id, at, received, seq, interval_ms, samples";

    /// <summary>Rows moved in one transaction: some milliseconds, for which other writes wait.</summary>
    private const int MoveRows = 1_000;

    /// <summary>Rows deleted in one transaction, likewise.</summary>
    private const int DeleteRows = 1_000;

    private readonly SqliteStore _store;
    private readonly SqliteStatement[] _insertLog = [Insert("journal_log_0"), Insert("journal_log_1")];

    // Without a condition, which lets SQLite drop all pages at once.
    private readonly SqliteStatement[] _emptyLog = [new("delete from journal_log_0"), new("delete from journal_log_1")];
    private readonly SqliteStatement _insertRow = Insert("journal", "on conflict (host_id, at) do nothing");
    private readonly SqliteStatement _findNewest = new("select at from journal where host_id = ?1 order by at desc limit 1");
    private readonly SqliteStatement _findRow = new("select 1 from journal where host_id = ?1 and at = ?2");

    // No "on conflict": two writers that number a host's series differently must not both go on.
    private readonly SqliteStatement _insertSeries = new("insert into series (host_id, series_id, name) values (?1, ?2, ?3)");

    // A log has no index by host: one pass through it costs less than an index would with every row.
    private readonly SqliteStatement[] _deleteLogged = [new("delete from journal_log_0 where host_id = ?1"), new("delete from journal_log_1 where host_id = ?1")];
    private readonly SqliteStatement _deleteRows = new("delete from journal where host_id = ?1 and at in (select at from journal where host_id = ?1 order by at limit ?2)");
    private readonly SqliteStatement _deleteSeries = new("delete from series where host_id = ?1 and series_id in (select series_id from series where host_id = ?1 limit ?2)");

    // Changed by the writing thread alone, under the lock for the sake of queries.
    private readonly Lock _gate = new();
    private JournalLog _filling;
    private JournalLog? _moving;
    private Move? _move;

    /// <summary>Takes over what the logs hold since the last run.</summary>
    public SqliteSampleJournal(SqliteStore store)
    {
        _store = store;
        _filling = store.Read(connection => ReadLog(connection, 0));
        var other = store.Read(connection => ReadLog(connection, 1));

        // The first write takes up a move that was under way.
        if (other.Count > 0) (_moving, _move) = (other, new Move(this, other));
    }

    /// <inheritdoc/>
    public Task<int> AppendAsync(long hostId, IReadOnlyList<SeriesEntry> newSeries, IReadOnlyList<JournalRow> rows)
    {
        var append = new Append(this, hostId, newSeries, rows);
        _store.Enqueue(append);
        return append.Completion;
    }

    /// <inheritdoc/>
    public async Task<JournalTail> ReadTailAsync(long hostId, TimeSpan window, int maxRows, CancellationToken cancellationToken)
    {
        // The logs first: a row leaves them only once it is in the journal, so none is missed, and one that is seen twice is counted once.
        JournalRow[] logged;
        lock (_gate) logged = [.. _filling.Of(hostId), .. _moving?.Of(hostId) ?? []];

        var newestLogged = logged.Length == 0 ? (JournalRow?)null : logged.MaxBy(row => row.At);
        var stored = await _store.ReadAsync(connection => Read(connection, hostId, newestLogged, (long)window.TotalMilliseconds, maxRows), cancellationToken);
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

    private static SqliteStatement Insert(string table, string conflict = "") =>
        new($"insert into {table} ({Columns}) values (?1, ?2, ?3, ?4, ?5, ?6) {conflict}");

    private static (List<SeriesEntry> Series, List<JournalRow> Rows, long From, JournalRow? Newest) Read(
        SqliteConnection connection, long hostId, JournalRow? newestLogged, long window, int maxRows)
    {
        // One transaction, so that no row is seen whose series is not.
        using var transaction = connection.BeginTransaction(deferred: true);
        var newest = ReadRows(connection, hostId, long.MinValue, 1).Select(row => (JournalRow?)row).FirstOrDefault();
        if (newestLogged is { } logged && !(logged.At <= newest?.At)) newest = logged;
        var from = newest?.At - window ?? long.MinValue;
        return (ReadSeries(connection, hostId), ReadRows(connection, hostId, from, maxRows), from, newest);
    }

    private static List<SeriesEntry> ReadSeries(SqliteConnection connection, long hostId)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "select series_id, name from series where host_id = $host order by series_id";
        command.Parameters.AddWithValue("$host", hostId);
        using var reader = command.ExecuteReader();
        var series = new List<SeriesEntry>();
        while (reader.Read()) series.Add(new SeriesEntry(reader.GetInt32(0), reader.GetString(1)));
        return series;
    }

    private static List<JournalRow> ReadRows(SqliteConnection connection, long hostId, long from, int maxRows)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"select {Columns} from journal where host_id = $host and at >= $from order by at desc limit $max";
        command.Parameters.AddWithValue("$host", hostId);
        command.Parameters.AddWithValue("$from", from);
        command.Parameters.AddWithValue("$max", maxRows);
        using var reader = command.ExecuteReader();
        var rows = new List<JournalRow>();
        while (reader.Read()) rows.Add(Row(reader));
        return rows;
    }

    private static JournalLog ReadLog(SqliteConnection connection, int table)
    {
        var log = new JournalLog(table);
        using var command = connection.CreateCommand();
        command.CommandText = string.Create(CultureInfo.InvariantCulture, $"select {Columns} from journal_log_{log.Table} order by rowid");
        using var reader = command.ExecuteReader();
        // The journal may hold newer rows of these hosts; unknown, so each of their next rows is looked up.
        while (reader.Read()) log.Add(reader.GetInt64(0), [Row(reader)], long.MaxValue);
        return log;
    }

    private static JournalRow Row(SqliteDataReader reader) =>
        new(reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt32(4), reader.GetFieldValue<byte[]>(5));

    private void Write(SqliteStatement insert, long hostId, JournalRow row) => insert
        .Bind(_store, 1, hostId).Bind(_store, 2, row.At).Bind(_store, 3, row.Received)
        .Bind(_store, 4, row.Sequence).Bind(_store, 5, row.IntervalMilliseconds).Bind(_store, 6, row.Values)
        .Run(_store);

    /// <summary>The newest collection time of a host anywhere; a row beyond it is new.</summary>
    private long HighWater(long hostId) =>
        _filling.HighWater(hostId) ?? _moving?.HighWater(hostId) ?? _findNewest.Bind(_store, 1, hostId).First(_store) ?? long.MinValue;

    private bool IsKnown(long hostId, long at) =>
        Holds(_filling.Of(hostId), at) || Holds(_moving?.Of(hostId) ?? [], at) || _findRow.Bind(_store, 1, hostId).Bind(_store, 2, at).First(_store) is not null;

    private static bool Holds(IReadOnlyList<JournalRow> rows, long at)
    {
        for (var i = rows.Count - 1; i >= 0; i--)
        {
            if (rows[i].At == at) return true;
        }

        return false;
    }

    private void Add(JournalLog log, long hostId, List<JournalRow> rows, long highWater)
    {
        lock (_gate) log.Add(hostId, rows, highWater);
        if (_moving is null && _filling.Count >= _store.Options.LogRows)
        {
            lock (_gate)
            {
                _moving = _filling;
                _filling = new JournalLog(1 - _moving.Table);
            }

            _move = new Move(this, _moving);
        }

        // Begins the move, or takes it up again after the disk failed it.
        if (_move is { IsQueued: false }) _move.Continue();
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

    private void Moved()
    {
        lock (_gate) _moving = null;
        _move = null;
    }

    /// <summary>Rows of one host on their way into the log.</summary>
    private sealed class Append(SqliteSampleJournal journal, long hostId, IReadOnlyList<SeriesEntry> newSeries, IReadOnlyList<JournalRow> rows) : SqliteWrite<int>
    {
        private readonly List<JournalRow> _added = new(rows.Count);
        private JournalLog _log = null!;
        private long _highWater;

        public override int Weight => rows.Count + newSeries.Count;

        public override void Execute(SqliteStore store)
        {
            for (var i = 0; i < newSeries.Count; i++)
            {
                journal._insertSeries.Bind(store, 1, hostId).Bind(store, 2, newSeries[i].Id).Bind(store, 3, newSeries[i].Name).Run(store);
            }

            _added.Clear();
            _log = journal._filling;
            _highWater = journal.HighWater(hostId);
            for (var i = 0; i < rows.Count; i++)
            {
                var row = rows[i];
                if (row.At <= _highWater && (Holds(_added, row.At) || journal.IsKnown(hostId, row.At))) continue;
                journal.Write(journal._insertLog[_log.Table], hostId, row);
                _added.Add(row);
                _highWater = Math.Max(_highWater, row.At);
            }

            Result = _added.Count;
        }

        public override void Committed()
        {
            // Where its table is: another write of the group may have filled that log, and what is moved from it is what is known here.
            if (_added.Count > 0) journal.Add(_log, hostId, _added, _highWater);
        }
    }

    /// <summary>The way of a log into the journal, a slice in each transaction.</summary>
    private sealed class Move(SqliteSampleJournal journal, JournalLog log) : SqliteWrite
    {
        // Only once it runs: the group that filled the log has more rows for it.
        private long[]? _hosts;
        private int _done;
        private int _next;

        // It holds nobody up who waits for room, and must not be kept waiting for it.
        public override int Weight => 0;

        public bool IsQueued { get; private set; }

        public void Continue() => IsQueued = journal._store.TryEnqueueFromWriter(this);

        public override void Execute(SqliteStore store)
        {
            _hosts ??= log.Hosts();
            _next = _done;
            for (var moved = 0; _next < _hosts.Length && moved < MoveRows; _next++)
            {
                var rows = log.Of(_hosts[_next]);
                for (var i = 0; i < rows.Count; i++) journal.Write(journal._insertRow, _hosts[_next], rows[i]);
                moved += rows.Count;
            }

            if (_next == _hosts.Length) journal._emptyLog[log.Table].Run(store);
        }

        public override void Committed()
        {
            _done = _next;
            if (_done == _hosts!.Length) journal.Moved();
            else Continue();
        }

        public override void Fail(Exception exception) => IsQueued = false;
    }

    /// <summary>A slice of what is stored of a host, on its way out.</summary>
    private sealed class Delete(SqliteSampleJournal journal, long hostId) : SqliteWrite<bool>
    {
        private bool _wasLogged;

        // It makes room, and one host has one of them waiting at most.
        public override int Weight => 0;

        public override void Execute(SqliteStore store)
        {
            // A step of its own: until it is on disk, a move in the same group still brings rows from memory into the journal.
            _wasLogged = journal.IsLogged(hostId);
            if (_wasLogged)
            {
                foreach (var delete in journal._deleteLogged) delete.Bind(store, 1, hostId).Run(store);
                Result = false;
                return;
            }

            var room = DeleteRows - journal._deleteRows.Bind(store, 1, hostId).Bind(store, 2, DeleteRows).Run(store);
            if (room > 0) room -= journal._deleteSeries.Bind(store, 1, hostId).Bind(store, 2, room).Run(store);
            Result = room > 0;
        }

        public override void Committed()
        {
            if (_wasLogged) journal.Forget(hostId);

            // An append that was already waiting went before in the same group, unseen.
            else if (journal.IsLogged(hostId)) Result = false;
        }
    }
}
