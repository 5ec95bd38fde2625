using Npgsql;
using StatusMonitor.Storage.History;
using StatusMonitor.Storage.Samples;

namespace StatusMonitor.Storage.Postgres;

/// <summary>Reads what the journal interface knows of a host's recent past, from wherever it is by now.</summary>
/// <remarks>The journal is always read before the chunks, and the catalogue last: what moves on meanwhile is seen twice, which counts once, and never missed.</remarks>
internal static class JournalTailReader
{
    public static async Task<JournalTail> ReadAsync(NpgsqlConnection connection, long hostId, long window, int maxRows, CancellationToken cancellationToken)
    {
        var (newest, isInChunk) = await ReadNewestAsync(connection, hostId, cancellationToken);
        var rows = new SortedDictionary<long, JournalRow>();
        if (newest is { } last && maxRows > 0)
        {
            var from = last.At < long.MinValue + window ? long.MinValue : last.At - window;
            await ReadJournalAsync(connection, hostId, from, maxRows, rows, cancellationToken);
            await ReadChunksAsync(connection, hostId, from, maxRows, rows, cancellationToken);

            // Of what is compacted, only the newest has still all that was known of it.
            if (isInChunk && rows.TryGetValue(last.At, out var found)) newest = rows[last.At] = last with { Values = found.Values };
        }

        return new JournalTail(await ReadSeriesAsync(connection, hostId, cancellationToken), [.. rows.Values.TakeLast(maxRows)], newest);
    }

    private static async Task<(JournalRow? Row, bool IsInChunk)> ReadNewestAsync(NpgsqlConnection connection, long hostId, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new($"select {PostgresSampleJournal.Columns} from statusmonitor.journal where host_id = $1 order by at desc limit 1") { Parameters = { new() { Value = hostId } } },
                new("select to_at, last_received, last_seq, last_interval, samples from statusmonitor.chunks where host_id = $1 order by hour desc limit 1") { Parameters = { new() { Value = hostId } } },
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        JournalRow? newest = await reader.ReadAsync(cancellationToken) ? PostgresSampleJournal.Row(reader) : null;
        await reader.NextResultAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return (newest, false);
        if (newest?.At > reader.GetInt64(0)) return (newest, false);

        // Of a host that has been silent for longer than samples are kept, nothing else is left.
        if (reader.IsDBNull(4)) return (new JournalRow(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt32(3), SampleRow.Encode([], [])), false);
        var compacted = PostgresSampleJournal.Row(reader);
        var block = ChunkCodec.Decode(compacted.Values);
        return (compacted with { Values = SamplesOf(block, block.Times.Length - 1) }, true);
    }

    private static async Task ReadJournalAsync(NpgsqlConnection connection, long hostId, long from, int maxRows, SortedDictionary<long, JournalRow> rows, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"select distinct on (at) {PostgresSampleJournal.Columns} from statusmonitor.journal where host_id = $1 and at >= $2 order by at desc, received, seq limit $3", connection)
        {
            Parameters = { new() { Value = hostId }, new() { Value = from }, new() { Value = (long)maxRows } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var row = PostgresSampleJournal.Row(reader);
            rows[row.At] = row;
        }
    }

    /// <summary>Goes back some chunks at a time until there are enough rows.</summary>
    private static async Task ReadChunksAsync(NpgsqlConnection connection, long hostId, long from, int maxRows, SortedDictionary<long, JournalRow> rows, CancellationToken cancellationToken)
    {
        const int Some = 4;
        var before = long.MaxValue;
        for (var count = Some; count == Some && !IsEnough();)
        {
            await using var command = new NpgsqlCommand($"select hour, samples from statusmonitor.chunks where host_id = $1 and hour >= $2 and hour < $3 and samples is not null order by hour desc limit {Some}", connection)
            {
                Parameters = { new() { Value = hostId }, new() { Value = JournalPartitions.HourOf(from) }, new() { Value = before } },
            };
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            for (count = 0; await reader.ReadAsync(cancellationToken); count++)
            {
                before = reader.GetInt64(0);
                var block = ChunkCodec.Decode(reader.GetFieldValue<byte[]>(1));
                for (var i = block.Times.Length - 1; i >= 0 && block.Times[i] >= from; i--)
                {
                    rows[block.Times[i]] = new JournalRow(block.Times[i], 0, 0, block.Intervals[i], SamplesOf(block, i));
                }
            }
        }

        // The journal's rows need not all be newer than a chunk's: late ones are among them.
        bool IsEnough() => rows.Count >= maxRows && before <= JournalPartitions.HourOf(rows.Keys.ElementAt(rows.Count - maxRows));
    }

    private static byte[] SamplesOf(SampleBlock block, int index)
    {
        var ids = new List<int>(block.Columns.Length);
        var values = new List<double>(block.Columns.Length);
        foreach (var column in block.Columns)
        {
            if (double.IsNaN(column.Values[index])) continue;
            ids.Add(column.SeriesId);
            values.Add(column.Values[index]);
        }

        return SampleRow.Encode([.. ids], [.. values]);
    }

    private static async Task<List<SeriesEntry>> ReadSeriesAsync(NpgsqlConnection connection, long hostId, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select series_id, name from statusmonitor.series where host_id = $1 order by series_id", connection) { Parameters = { new() { Value = hostId } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var series = new List<SeriesEntry>();
        while (await reader.ReadAsync(cancellationToken)) series.Add(new SeriesEntry(reader.GetInt32(0), reader.GetString(1)));
        return series;
    }
}
