using Microsoft.Data.Sqlite;
using StatusMonitor.Storage.History;
using StatusMonitor.Storage.Samples;

namespace StatusMonitor.Storage.Sqlite;

/// <summary>What the chunks know of a host's recent past.</summary>
/// <param name="Series">The host's catalogue, by id.</param>
/// <param name="Rows">Rows at or after <paramref name="From"/>, at least as many of the newest as were asked for.</param>
/// <param name="From">Begin of the window, Unix milliseconds.</param>
/// <param name="Newest">The newest row, that of the logs included.</param>
internal sealed record SqliteTail(List<SeriesEntry> Series, List<JournalRow> Rows, long From, JournalRow? Newest)
{
    /// <param name="connection">A connection of its own.</param>
    /// <param name="hostId">The host.</param>
    /// <param name="newestLogged">The newest row that was in a log before.</param>
    /// <param name="window">Milliseconds.</param>
    /// <param name="maxRows">Rows wanted.</param>
    /// <param name="onDamaged">Is told of a chunk that cannot be read. It is left out: a host must come to life without it.</param>
    public static SqliteTail Read(SqliteConnection connection, long hostId, JournalRow? newestLogged, long window, int maxRows, Action<long> onDamaged)
    {
        // One transaction, so that no row is seen whose series is not.
        using var transaction = connection.BeginTransaction(deferred: true);
        var newest = ReadNewest(connection, hostId);
        if (newestLogged is { } logged && !(logged.At <= newest?.At)) newest = logged;
        var from = newest?.At - window ?? long.MinValue;
        var rows = newest is null || maxRows == 0 ? [] : ReadRows(connection, hostId, from, maxRows, onDamaged);

        // With its values, if they are among what was read.
        var index = rows.FindIndex(row => row.At == newest?.At);
        return new SqliteTail(ReadSeries(connection, hostId), rows, from, index < 0 || newest?.At == newestLogged?.At ? newest : rows[index]);
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

    /// <summary>The newest row without its values: how it came is known even when they are no longer kept.</summary>
    private static JournalRow? ReadNewest(SqliteConnection connection, long hostId)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            select to_at, last_received, last_seq, last_interval from chunks
            where host_id = $host and hour = (select max(hour) from chunks where host_id = $host) order by to_at desc, part limit 1
            """;
        command.Parameters.AddWithValue("$host", hostId);
        using var reader = command.ExecuteReader();
        return reader.Read() ? new JournalRow(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt32(3), SampleRow.Encode([], [])) : null;
    }

    private static List<JournalRow> ReadRows(SqliteConnection connection, long hostId, long from, int maxRows, Action<long> onDamaged)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            select hour, to_at, last_received, last_seq, samples from chunks
            where host_id = $host and hour >= $hour and to_at >= $from and samples is not null order by hour desc, part
            """;
        command.Parameters.AddWithValue("$host", hostId);
        command.Parameters.AddWithValue("$hour", Hours.Of(from));
        command.Parameters.AddWithValue("$from", from);
        using var reader = command.ExecuteReader();
        var rows = new List<JournalRow>();
        var parts = new List<(SampleBlock Samples, JournalRow Newest)>();
        var hour = long.MaxValue;
        while (reader.Read())
        {
            if (reader.GetInt64(0) != hour)
            {
                AddHour();
                if (rows.Count >= maxRows) break;
                hour = reader.GetInt64(0);
            }

            try
            {
                parts.Add((ChunkCodec.Decode(reader.GetFieldValue<byte[]>(4)), new JournalRow(reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), 0, [])));
            }
            catch (InvalidDataException)
            {
                onDamaged(hour);
            }
        }

        AddHour();
        return rows;

        void AddHour()
        {
            if (parts.Count == 0) return;
            var samples = SampleBlocks.Slice(parts.Count == 1 ? parts[0].Samples : SampleBlocks.Merge([.. parts.Select(part => part.Samples)]), from, long.MaxValue);
            rows.AddRange(RowsOf(samples, [.. parts.Select(part => part.Newest)]));
            parts.Clear();
        }
    }

    /// <summary>Samples as rows. A chunk knows of its newest alone when it was received and with what number.</summary>
    private static IEnumerable<JournalRow> RowsOf(SampleBlock samples, List<JournalRow> newest)
    {
        var ids = new int[samples.Columns.Length];
        var values = new double[samples.Columns.Length];
        for (var i = 0; i < samples.Times.Length; i++)
        {
            var count = 0;
            foreach (var column in samples.Columns)
            {
                if (double.IsNaN(column.Values[i])) continue;
                (ids[count], values[count]) = (column.SeriesId, column.Values[i]);
                count++;
            }

            var at = samples.Times[i];
            var known = newest.Find(row => row.At == at);
            yield return new JournalRow(at, known.Received, known.Sequence, samples.Intervals[i], SampleRow.Encode(ids.AsSpan(0, count), values.AsSpan(0, count)));
        }
    }
}
