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
    private const long Hour = JournalPartitions.Hour;

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
            var series = new List<StoredSeries>();
            foreach (var (id, name) in await Catalogue.ReadAsync(reader, cancellationToken))
            {
                // One without a value has no time either: it came with a row that was known already.
                if (times.Of(id) is { } span) series.Add(new StoredSeries(id, name, span.FirstAt, span.LastAt));
            }

            return series;
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
    public Task<RollupBlock> ReadRollupsAsync(long hostId, ImmutableArray<int> seriesIds, RollupTier tier, TimeRange range, RollupSteps steps, CancellationToken cancellationToken)
    {
        var (from, to) = range;
        if (from >= to) return Task.FromResult(RollupBlocks.Empty(tier));
        var ids = Sorted(seriesIds);
        return store.ReadAsync(
            async connection =>
            {
                var stored = await ReadStoredAsync(connection, hostId, ids, tier, from, to, cancellationToken);
                var rollups = new RollupJoin(tier, from, to, steps);
                if (tier == RollupTier.Minute) AddMinutes(stored, ids, rollups);
                else AddQuarterHours(stored, ids, rollups);
                return rollups.ToBlock();
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

    private static void AddMinutes(Stored stored, int[] ids, RollupJoin rollups)
    {
        foreach (var hour in stored.Compacted.Keys.Union(stored.Waiting.Keys).Order())
        {
            // What waits for an hour is not in its rollups yet.
            if (stored.Waiting.ContainsKey(hour)) rollups.Add(stored.Merge(hour, ids, stored.Compacted.GetValueOrDefault(hour)).Minutes);
            else RollupCodec.Decode(stored.Compacted[hour], ids, rollups);
        }
    }

    private static void AddQuarterHours(Stored stored, int[] ids, RollupJoin rollups)
    {
        // Mostly only something of today waits; the days before that need not be put together first.
        var open = stored.Waiting.Count == 0 ? long.MaxValue : HourCompaction.DayOf(stored.Waiting.Keys.First());
        foreach (var (_, day) in stored.Compacted.TakeWhile(day => day.Key < open)) RollupCodec.Decode(day, ids, rollups);
        if (stored.Waiting.Count == 0) return;
        var days = stored.Compacted.SkipWhile(day => day.Key < open).Select(day => RollupCodec.Decode(day.Value, ids)).ToList();
        rollups.Add(stored.Waiting.Keys.Aggregate(
            Rollups.Join(RollupTier.QuarterHour, days), (quarterHours, hour) => stored.Merge(hour, ids, stored.Minutes.GetValueOrDefault(hour)).Into(quarterHours)));
    }

    private static async Task<Stored> ReadStoredAsync(NpgsqlConnection connection, long hostId, int[] ids, RollupTier tier, long from, long to, CancellationToken cancellationToken)
    {
        // By whole hours: a bucket is of all its samples, also of those outside the range.
        var (firstHour, lastHour) = (JournalPartitions.HourOf(from), JournalPartitions.HourOf(to - 1));
        var stored = new Stored();
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                JournalRows(hostId, firstHour * Hour, lastHour < long.MaxValue / Hour ? (lastHour + 1) * Hour : long.MaxValue),
                Between(tier == RollupTier.Minute ? "select hour, data from statusmonitor.minutes where host_id = $1 and hour between $2 and $3 order by hour, piece" : "select day, data from statusmonitor.days where host_id = $1 and day between $2 and $3 order by day, piece",
                    tier == RollupTier.Minute ? firstHour : HourCompaction.DayOf(firstHour), tier == RollupTier.Minute ? lastHour : HourCompaction.DayOf(lastHour)),
            },
        };
        await using (var reader = await batch.ExecuteReaderAsync(cancellationToken))
        {
            foreach (var group in (await ReadRowsAsync(reader, cancellationToken)).GroupBy(row => JournalPartitions.HourOf(row.At))) stored.Waiting.Add(group.Key, [.. group]);
            await reader.NextResultAsync(cancellationToken);
            await foreach (var (key, data) in Pieces.ReadAsync(reader, cancellationToken)) stored.Compacted.Add(key, data);
        }

        if (stored.Waiting.Count == 0) return stored;
        await using var more = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("select hour, data from statusmonitor.chunks where host_id = $1 and hour = any($2) order by hour, piece") { Parameters = { new() { Value = hostId }, new() { Value = stored.Waiting.Keys.ToArray() } } },
                Catalogue.Select(hostId),
            },
        };
        if (tier == RollupTier.QuarterHour)
        {
            more.BatchCommands.Add(new NpgsqlBatchCommand("select hour, data from statusmonitor.minutes where host_id = $1 and hour = any($2) order by hour, piece") { Parameters = { new() { Value = hostId }, new() { Value = stored.Waiting.Keys.ToArray() } } });
        }

        await using var second = await more.ExecuteReaderAsync(cancellationToken);
        await foreach (var (hour, data) in Pieces.ReadAsync(second, cancellationToken)) stored.Samples.Add(hour, ChunkCodec.Decode(data, ids));
        await second.NextResultAsync(cancellationToken);
        stored.Counters.UnionWith((await Catalogue.ReadAsync(second, cancellationToken)).Where(series => SeriesCounters.IsCounter(series.Name)).Select(series => series.Id));
        if (tier == RollupTier.QuarterHour && await second.NextResultAsync(cancellationToken))
        {
            await foreach (var (hour, data) in Pieces.ReadAsync(second, cancellationToken)) stored.Minutes.Add(hour, data);
        }

        return stored;

        NpgsqlBatchCommand Between(string sql, long first, long last) => new(sql) { Parameters = { new() { Value = hostId }, new() { Value = first }, new() { Value = last } } };
    }

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

    /// <summary>What is known of a range: the rollups that are stored, and of the hours that rows wait for, everything they are made from.</summary>
    private sealed class Stored
    {
        public SortedDictionary<long, List<JournalRow>> Waiting { get; } = [];

        /// <summary>The rollups as they are stored, by hour or, of a quarter of an hour, by day.</summary>
        public SortedDictionary<long, byte[]> Compacted { get; } = [];

        public Dictionary<long, SampleBlock> Samples { get; } = [];

        /// <summary>Of the hours that rows wait for, if rollups of a quarter of an hour are read.</summary>
        public Dictionary<long, byte[]> Minutes { get; } = [];

        public HashSet<int> Counters { get; } = [];

        /// <summary>An hour with the rows that wait for it.</summary>
        /// <param name="hour">The hour.</param>
        /// <param name="ids">The series that are read, ascending.</param>
        /// <param name="stored">Its rollups of a minute, or null if there are none.</param>
        public HourMerge Merge(long hour, int[] ids, byte[]? stored)
        {
            var samples = Samples.GetValueOrDefault(hour);
            var minutes = stored is null ? null : RollupCodec.Decode(stored, ids);
            return HourMerge.Of(samples is null && minutes is null ? null : (samples, minutes), [Only(SampleBlocks.Of(Waiting[hour]), ids)], Counters.Contains);
        }
    }
}
