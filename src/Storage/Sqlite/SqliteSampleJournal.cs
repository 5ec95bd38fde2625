using Microsoft.Data.Sqlite;

namespace StatusMonitor.Storage.Sqlite;

/// <summary>The journal in SQLite, written in groups by <see cref="SqliteStore"/>.</summary>
public sealed class SqliteSampleJournal(SqliteStore store) : ISampleJournal
{
    private readonly SqliteStatement _insertRow = new("""
        insert into journal (host_id, at, received, seq, interval_ms, samples) values (?1, ?2, ?3, ?4, ?5, ?6)
        on conflict (host_id, at) do nothing
        """);

    // No "on conflict": two writers that number a host's series differently must not both go on.
    private readonly SqliteStatement _insertSeries = new("insert into series (host_id, series_id, name) values (?1, ?2, ?3)");

    /// <inheritdoc/>
    public Task<int> AppendAsync(long hostId, IReadOnlyList<SeriesEntry> newSeries, IReadOnlyList<JournalRow> rows)
    {
        var append = new Append(this, hostId, newSeries, rows);
        store.Enqueue(append);
        return append.Completion;
    }

    /// <inheritdoc/>
    public Task<JournalTail> ReadTailAsync(long hostId, DateTimeOffset since, int maxRows, CancellationToken cancellationToken) =>
        store.ReadAsync(
            connection =>
            {
                // One transaction, so that no row is seen whose series is not.
                using var transaction = connection.BeginTransaction(deferred: true);
                var series = ReadSeries(connection, hostId);
                var rows = ReadRows(connection, hostId, since.ToUnixTimeMilliseconds(), maxRows);
                var newest = rows.Count > 0 ? rows[0] : ReadRows(connection, hostId, long.MinValue, 1).Select(row => (JournalRow?)row).FirstOrDefault();
                rows.Reverse();
                return new JournalTail(series, rows, newest);
            },
            cancellationToken);

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

    private static List<JournalRow> ReadRows(SqliteConnection connection, long hostId, long since, int maxRows)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            select at, received, seq, interval_ms, samples from journal
            where host_id = $host and at >= $since order by at desc limit $max
            """;
        command.Parameters.AddWithValue("$host", hostId);
        command.Parameters.AddWithValue("$since", since);
        command.Parameters.AddWithValue("$max", maxRows);
        using var reader = command.ExecuteReader();
        var rows = new List<JournalRow>();
        while (reader.Read())
        {
            rows.Add(new JournalRow(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt32(3), reader.GetFieldValue<byte[]>(4)));
        }

        return rows;
    }

    private sealed class Append(SqliteSampleJournal journal, long hostId, IReadOnlyList<SeriesEntry> newSeries, IReadOnlyList<JournalRow> rows) : SqliteWrite<int>
    {
        public override int Weight => rows.Count + newSeries.Count;

        public override void Execute(SqliteStore store)
        {
            for (var i = 0; i < newSeries.Count; i++)
            {
                journal._insertSeries.Bind(store, 1, hostId).Bind(store, 2, newSeries[i].Id).Bind(store, 3, newSeries[i].Name).Run(store);
            }

            Result = 0;
            for (var i = 0; i < rows.Count; i++)
            {
                var row = rows[i];
                Result += journal._insertRow
                    .Bind(store, 1, hostId).Bind(store, 2, row.At).Bind(store, 3, row.Received)
                    .Bind(store, 4, row.Sequence).Bind(store, 5, row.IntervalMilliseconds).Bind(store, 6, row.Values)
                    .Run(store);
            }
        }
    }
}
