using System.Collections.Immutable;
using Npgsql;
using StatusMonitor.Storage.History;

namespace StatusMonitor.Storage.Postgres;

/// <summary>Turns journal rows into chunks and rollups, an hour of a host in each transaction.</summary>
/// <remarks>
/// Rows of the default partition are deleted in the same transaction. Those of an hour's partition stay until it is dropped, and are noted as compacted; if
/// more come after that, the hour is compacted again, which finds the same rows in its chunk already.
/// </remarks>
internal sealed class HourCompaction(PostgresStore store, Leases leases)
{
    /// <summary>Parts that the hosts are divided into.</summary>
    public const int Parts = 16;

    private const long Hour = JournalPartitions.Hour;

    public static string LeaseOf(long hostId) => $"compaction/{hostId & (Parts - 1)}";

    public static string LeaseOf(int part) => LeaseOf((long)part);

    /// <summary>The day an hour is in, counted from 1970 like the hour.</summary>
    public static long DayOf(long hour) => hour >= 0 ? hour / 24 : (hour + 1) / 24 - 1;

    /// <summary>The hosts with rows in an hour's partition that are not all in chunks.</summary>
    public static Task<List<(long HostId, long Hour)>> FindInPartitionAsync(NpgsqlConnection connection, long hour, CancellationToken cancellationToken) => FindAsync(
        connection,
        $"""
        select j.host_id, {hour}::bigint
        from (select host_id, count(*) as rows from {JournalPartitions.Table(hour)} group by host_id) j
        left join statusmonitor.compacted c on c.hour = {hour} and c.host_id = j.host_id
        where c.rows is distinct from j.rows order by 1
        """,
        cancellationToken);

    /// <summary>Hosts and hours with rows in the default partition. A host whose clock is ahead would have its rows wait for years, so their age here counts too.</summary>
    public static Task<List<(long HostId, long Hour)>> FindInDefaultAsync(NpgsqlConnection connection, long before, CancellationToken cancellationToken) => FindAsync(
        connection,
        $"""
        select host_id, hour from (select host_id, floor(at / {Hour}.0)::bigint as hour, max(received) as received from only statusmonitor.journal_default group by 1, 2) j
        where hour < {before} or received < {(before - 1) * Hour} order by 1, 2
        """,
        cancellationToken);

    /// <summary>Compacts an hour of a host; nothing if another server has its lease by now, or nothing is left to do.</summary>
    /// <exception cref="StorageFailedException">The database failed; nothing was changed.</exception>
    public Task<CompactionResult> CompactAsync(long hostId, long hour, CancellationToken cancellationToken) => store.WriteAsync(
        async connection =>
        {
            if (await ReadAsync(connection, hostId, hour, cancellationToken) is not { Rows.Count: > 0 } read) return default;
            var samples = read.Samples is { } chunk ? ChunkCodec.Decode(chunk) : null;
            var minutes = read.Minutes is { } rolled ? RollupCodec.Decode(rolled) : null;
            var whole = HourMerge.Of(samples is null && minutes is null ? null : (samples, minutes), [SampleBlocks.Of(read.Rows)], read.Counters.Contains);
            await WriteAsync(connection, hostId, hour, read, whole, cancellationToken);
            var written = whole.Samples ?? whole.Late;
            return new CompactionResult(1, written.Times.Length, written.Columns.Sum(column => column.Values.LongCount(value => !double.IsNaN(value))));
        },
        cancellationToken);

    private static async Task<List<(long HostId, long Hour)>> FindAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        var due = new List<(long HostId, long Hour)>();
        try
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken)) due.Add((reader.GetInt64(0), reader.GetInt64(1)));
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            // Another server was done with it and dropped it.
        }

        return due;
    }

    private async Task<Read?> ReadAsync(NpgsqlConnection connection, long hostId, long hour, CancellationToken cancellationToken)
    {
        var four = FourHours.Of(hour);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                // A crash may undo the last ones, whose rows are then still in the journal: what drops those is on disk later than this, or not at all.
                new("set local synchronous_commit = off"),
                new(AdvisoryLocks.TakeOfHost) { Parameters = { new() { Value = hostId } } },
                leases.Hold(LeaseOf(hostId)),
                new($"select {PostgresSampleJournal.Columns}, tableoid = 'statusmonitor.journal_default'::regclass from statusmonitor.journal where host_id = $1 and at >= $2 and at < $3 order by at, received, seq")
                {
                    Parameters = { new() { Value = hostId }, new() { Value = hour * Hour }, new() { Value = (hour + 1) * Hour } },
                },
                OfHost("select hour, data from statusmonitor.chunks where host_id = $1 and hour = $2 order by piece", hour),
                new("""
                    select hour, data from statusmonitor.minutes where host_id = $1 and hour between $3 and $4
                        and (hour = $2 or $5 or exists (select 1 from statusmonitor.gauges where host_id = $1 and four = $6)) order by hour, piece
                    """)
                {
                    Parameters =
                    {
                        new() { Value = hostId },
                        new() { Value = hour },
                        new() { Value = FourHours.FirstHour(four) },
                        new() { Value = FourHours.LastHour(four) },
                        new() { Value = FourHours.IsLast(hour) },
                        new() { Value = four },
                    },
                },
                OfHost("select four, data from statusmonitor.gauges where host_id = $1 and four = $2 order by piece", four),
                OfHost("select day, data from statusmonitor.days where host_id = $1 and day = $2 order by piece", DayOf(hour)),
                HostTimes.Select(hostId),
                Catalogue.Select(hostId),
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var read = new Read();
        await reader.NextResultAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return null;
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            read.Rows.Add(PostgresSampleJournal.Row(reader));
            read.InDefault += reader.GetBoolean(5) ? 1 : 0;
        }

        read.Samples = await BytesAsync();
        await reader.NextResultAsync(cancellationToken);
        await foreach (var (at, data) in Pieces.ReadAsync(reader, cancellationToken))
        {
            if (at == hour) read.Minutes = data;
            else read.MinutesBeside.Add((at, data));
        }

        read.HasGauges = await BytesAsync() is not null;
        read.Day = await BytesAsync();
        await reader.NextResultAsync(cancellationToken);
        read.Times = await HostTimes.ReadAsync(reader, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        read.Counters.UnionWith((await Catalogue.ReadAsync(reader, cancellationToken)).Where(series => SeriesCounters.IsCounter(series.Name)).Select(series => series.Id));
        return read;

        NpgsqlBatchCommand OfHost(string sql, long when) => new(sql) { Parameters = { new() { Value = hostId }, new() { Value = when } } };

        async Task<byte[]?> BytesAsync()
        {
            await reader.NextResultAsync(cancellationToken);
            byte[]? bytes = null;
            await foreach (var (_, data) in Pieces.ReadAsync(reader, cancellationToken)) bytes = data;
            return bytes;
        }
    }

    private static async Task WriteAsync(NpgsqlConnection connection, long hostId, long hour, Read read, HourMerge whole, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        if (whole.Samples is { } samples) Pieces.Store(batch, "chunks", "hour", hostId, hour, ChunkCodec.Encode(samples), isThere: read.Samples is not null);
        var day = whole.Into(read.Day is { } data ? RollupCodec.Decode(data) : RollupBlocks.Empty(RollupTier.QuarterHour));
        Pieces.Store(batch, "minutes", "hour", hostId, hour, RollupCodec.Encode(whole.Minutes), isThere: read.Minutes is not null);
        Pieces.Store(batch, "days", "day", hostId, DayOf(hour), RollupCodec.Encode(day), isThere: read.Day is not null);
        if (read.HasGauges || FourHours.IsLast(hour)) StoreGauges();
        read.Times.Add(read.Rows);
        read.Times.Add(whole.Late);
        batch.BatchCommands.Add(read.Times.Upsert(hostId));
        if (read.InDefault > 0)
        {
            Add("delete from only statusmonitor.journal_default where host_id = $1 and at = any($2)", hostId, read.Rows.Select(row => row.At).Distinct().ToArray());
        }

        if (read.Rows.Count > read.InDefault)
        {
            Add("insert into statusmonitor.compacted (hour, host_id, rows) values ($1, $2, $3) on conflict (hour, host_id) do update set rows = excluded.rows", hour, hostId, (long)read.Rows.Count - read.InDefault);
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);

        void StoreGauges()
        {
            var four = FourHours.Of(hour);
            if (FourHours.Encode(read.MinutesBeside, [(hour, whole.Minutes)]) is { } gauges) Pieces.Store(batch, "gauges", "four", hostId, four, gauges, read.HasGauges);
            else if (read.HasGauges) Add("delete from statusmonitor.gauges where host_id = $1 and four = $2", hostId, four);
        }

        void Add(string sql, params ReadOnlySpan<object> values)
        {
            var command = new NpgsqlBatchCommand(sql);
            foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
            batch.BatchCommands.Add(command);
        }
    }

    /// <summary>What is stored of an hour of a host.</summary>
    private sealed class Read
    {
        public List<JournalRow> Rows { get; } = [];

        /// <summary>How many of the rows are in the default partition.</summary>
        public int InDefault { get; set; }

        public byte[]? Samples { get; set; }

        public byte[]? Minutes { get; set; }

        /// <summary>Of the other hours of the same four, if those are put together.</summary>
        public List<(long Hour, byte[] Minutes)> MinutesBeside { get; } = [];

        /// <summary>Whether those are put together already.</summary>
        public bool HasGauges { get; set; }

        public byte[]? Day { get; set; }

        public HostTimes Times { get; set; } = new();

        public HashSet<int> Counters { get; } = [];
    }
}
