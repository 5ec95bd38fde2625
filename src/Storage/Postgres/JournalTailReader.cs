using System.Collections.Immutable;
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
                HostTimes.Select(hostId),
            },
        };
        JournalRow? newest = null;
        JournalRow compacted;
        await using (var reader = await batch.ExecuteReaderAsync(cancellationToken))
        {
            if (await reader.ReadAsync(cancellationToken)) newest = PostgresSampleJournal.Row(reader);
            await reader.NextResultAsync(cancellationToken);
            if ((await HostTimes.ReadAsync(reader, cancellationToken)).Newest is not { } found || newest?.At > found.At) return (newest, false);
            compacted = found;
        }

        await using var command = new NpgsqlCommand("select hour, data from statusmonitor.chunks where host_id = $1 and hour = $2 order by piece", connection)
        {
            Parameters = { new() { Value = hostId }, new() { Value = JournalPartitions.HourOf(compacted.At) } },
        };
        await using var chunk = await command.ExecuteReaderAsync(cancellationToken);
        await foreach (var (_, data) in Pieces.ReadAsync(chunk, cancellationToken))
        {
            var block = ChunkCodec.Decode(data);
            if (block.Times.BinarySearch(compacted.At) is >= 0 and var index) return (compacted with { Values = SamplesOf(block, index) }, true);
        }

        // Of a host that has been silent for longer than samples are kept, nothing else is left.
        return (compacted with { Values = SampleRow.Encode([], []) }, false);
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
            await using var command = new NpgsqlCommand(
                $"""
                select hour, data from statusmonitor.chunks
                where host_id = $1 and hour in (select distinct hour from statusmonitor.chunks where host_id = $1 and hour >= $2 and hour < $3 order by hour desc limit {Some})
                order by hour desc, piece
                """,
                connection)
            {
                Parameters = { new() { Value = hostId }, new() { Value = JournalPartitions.HourOf(from) }, new() { Value = before } },
            };
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            count = 0;
            await foreach (var (hour, data) in Pieces.ReadAsync(reader, cancellationToken))
            {
                (before, count) = (hour, count + 1);
                var block = ChunkCodec.Decode(data);
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
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { Catalogue.Select(hostId) } };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        return await Catalogue.ReadAsync(reader, cancellationToken);
    }
}
