using System.Collections.Immutable;
using Npgsql;
using StatusMonitor.Storage.History;

namespace StatusMonitor.Storage.Postgres;

/// <summary>The history in PostgreSQL.</summary>
/// <remarks>
/// Every query reads the journal before the chunks. What is compacted meanwhile is then seen in both, and counted once; the other way round it could be seen in
/// neither. So no snapshot need be held, which would keep the journal's partitions from being dropped.
/// </remarks>
public sealed class PostgresHistory(PostgresStore store) : IHistory
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredSeries>> ReadSeriesAsync(long hostId, CancellationToken cancellationToken) => store.ReadAsync<IReadOnlyList<StoredSeries>>(
        async connection =>
        {
            await using var batch = new NpgsqlBatch(connection)
            {
                BatchCommands =
                {
                    JournalRows(hostId, long.MinValue, long.MaxValue),
                    HostTimes.Select(hostId),
                    Catalogue.Select(hostId),
                },
            };
            await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
            var journal = SampleBlocks.Of(await ReadRowsAsync(reader, cancellationToken));
            await reader.NextResultAsync(cancellationToken);
            var times = await HostTimes.ReadAsync(reader, cancellationToken);
            times.Add(journal);
            await reader.NextResultAsync(cancellationToken);
            return times.Of(await Catalogue.ReadAsync(reader, cancellationToken));
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<SampleBlock> ReadSamplesAsync(long hostId, ImmutableArray<int> seriesIds, long from, long to, CancellationToken cancellationToken)
    {
        if (from >= to) return Task.FromResult(SampleBlock.Empty);
        var ids = Sorted(seriesIds);
        return store.ReadAsync(
            async connection =>
            {
                await using var batch = new NpgsqlBatch(connection)
                {
                    BatchCommands =
                    {
                        JournalRows(hostId, from, to),
                        new("select hour, data from statusmonitor.chunks where host_id = $1 and hour between $2 and $3 order by hour, piece")
                        {
                            Parameters = { new() { Value = hostId }, new() { Value = JournalPartitions.HourOf(from) }, new() { Value = JournalPartitions.HourOf(to - 1) } },
                        },
                    },
                };
                await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
                var rows = await ReadRowsAsync(reader, cancellationToken);
                await reader.NextResultAsync(cancellationToken);
                var blocks = new List<SampleBlock>();
                await foreach (var (_, data) in Pieces.ReadAsync(reader, cancellationToken)) blocks.Add(ChunkCodec.Decode(data, ids));
                if (rows.Count > 0) blocks.Add(Only(SampleBlocks.Of(rows), ids));
                return SampleBlocks.Slice(SampleBlocks.Merge(blocks), from, to);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<RollupBlock>> ReadRollupsAsync(IReadOnlyList<RollupQuestion> questions, RollupReading reading, CancellationToken cancellationToken)
    {
        if (reading.Range.From >= reading.Range.To || questions.Count == 0) return Task.FromResult<IReadOnlyList<RollupBlock>>([.. questions.Select(_ => RollupBlocks.Empty(reading.Tier))]);
        return store.ReadAsync<IReadOnlyList<RollupBlock>>(
            async connection =>
            {
                var stored = await StoredRollups.ReadAsync(connection, questions, reading, cancellationToken);
                return [.. stored.Select(host => host.ToBlock(reading))];
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<TimeRange>> ReadAwayAsync(long from, long to, CancellationToken cancellationToken) => store.ReadAsync<IReadOnlyList<TimeRange>>(
        async connection =>
        {
            await using var command = new NpgsqlCommand("select from_at, to_at from statusmonitor.server_runs order by from_at", connection);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var away = new List<TimeRange>();
            for (long? until = null; await reader.ReadAsync(cancellationToken); until = Math.Max(until ?? long.MinValue, reader.GetInt64(1)))
            {
                // Of several servers any will do, so one run may begin within another.
                var range = new TimeRange(Math.Max(until ?? long.MaxValue, from), Math.Min(reader.GetInt64(0), to));
                if (range.From < range.To) away.Add(range);
            }

            return away;
        },
        cancellationToken);

    private static NpgsqlBatchCommand JournalRows(long hostId, long from, long to) =>
        new($"select {PostgresSampleJournal.Columns} from statusmonitor.journal where host_id = $1 and at >= $2 and at < $3 order by at, received, seq")
        {
            Parameters = { new() { Value = hostId }, new() { Value = from }, new() { Value = to } },
        };

    private static async Task<List<JournalRow>> ReadRowsAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var rows = new List<JournalRow>();
        while (await reader.ReadAsync(cancellationToken)) rows.Add(PostgresSampleJournal.Row(reader));
        return rows;
    }

    private static int[] Sorted(ImmutableArray<int> ids) => [.. ids.Distinct().Order()];

    private static SampleBlock Only(SampleBlock block, int[] ids) => block with { Columns = [.. block.Columns.Where(column => Array.BinarySearch(ids, column.SeriesId) >= 0)] };
}
