using System.Collections.Concurrent;
using Npgsql;
using NpgsqlTypes;
using StatusMonitor.Storage.History;

namespace StatusMonitor.Storage.Postgres;

/// <summary>The journal in PostgreSQL: groups of rows by binary copy, in partitions by hour.</summary>
/// <remarks>
/// <para>A row beyond the newest of its host is new. Others are looked up first, in the journal and in the chunks; the newest time of each host is kept in
/// memory, and read anew when the host's grain is activated, since it may have lived on another server.</para>
/// <para>Should two servers store a row of the same time all the same, then reads count the first, and compaction keeps only that.</para>
/// </remarks>
public sealed class PostgresSampleJournal : ISampleJournal, IWriteQueue, IAsyncDisposable
{
    internal const string Columns = "at, received, seq, interval_ms, samples";

    /// <summary>Hosts whose newest time is kept in memory, at some 100 bytes each; beyond it all are forgotten and looked up again.</summary>
    private const int MaxHosts = 100_000;

    private readonly PostgresStore _store;
    private readonly IStorageSpace? _space;
    private readonly Groups _groups;
    private readonly ConcurrentDictionary<long, long> _newest = new();
    private long _written;

    /// <param name="store">The database.</param>
    /// <param name="space">The room there is for it, or null if nobody watches that.</param>
    public PostgresSampleJournal(PostgresStore store, IStorageSpace? space = null)
    {
        _store = store;
        _space = space;
        _groups = new Groups(this, store);
    }

    /// <inheritdoc/>
    public int Waiting => _groups.Waiting;

    /// <inheritdoc/>
    public int Bound => _store.Options.MaxWaitingRows;

    /// <inheritdoc/>
    public long Written => Volatile.Read(ref _written);

    /// <inheritdoc/>
    public Task<int> AppendAsync(long hostId, IReadOnlyList<SeriesEntry> newSeries, IReadOnlyList<JournalRow> rows)
    {
        // Before anything is written: where nothing can be, neither can what makes room.
        if (_space?.Read().State == StorageSpaceState.Full) return Task.FromException<int>(new StorageFullException("The database is as large as it may get."));
        var append = new Append(hostId, newSeries, rows);
        _groups.Enqueue(append);
        return append.Completion;
    }

    /// <inheritdoc/>
    public async Task<JournalTail> ReadTailAsync(long hostId, TimeSpan window, int maxRows, CancellationToken cancellationToken)
    {
        var tail = await _store.ReadAsync(connection => JournalTailReader.ReadAsync(connection, hostId, (long)window.TotalMilliseconds, maxRows, cancellationToken), cancellationToken);
        _newest.TryRemove(hostId, out _);
        return tail;
    }

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(long hostId)
    {
        // In line with the appends: one whose caller has given up may still wait.
        var delete = new Delete(hostId);
        _groups.Enqueue(delete);
        return await delete.Completion;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _groups.DisposeAsync();

    private bool IsOld(long hostId, long at) => _newest.TryGetValue(hostId, out var newest) && at <= newest;

    internal static JournalRow Row(NpgsqlDataReader reader, int first = 0) =>
        new(reader.GetInt64(first), reader.GetInt64(first + 1), reader.GetInt64(first + 2), reader.GetInt32(first + 3), reader.GetFieldValue<byte[]>(first + 4));

    private abstract class Write(long hostId) : PostgresWrite<int>
    {
        public long HostId { get; } = hostId;
    }

    /// <summary>Rows of one host on their way into the journal; the result is how many were new.</summary>
    private sealed class Append(long hostId, IReadOnlyList<SeriesEntry> newSeries, IReadOnlyList<JournalRow> rows) : Write(hostId)
    {
        public IReadOnlyList<SeriesEntry> NewSeries => newSeries;

        public IReadOnlyList<JournalRow> Rows => rows;

        public override int Weight => rows.Count + newSeries.Count;
    }

    private sealed class Groups(PostgresSampleJournal journal, PostgresStore store) : WriteGroups<PostgresWrite>(store)
    {
        // What the group in hand makes of the hosts' newest times.
        private readonly Dictionary<long, long> _newest = [];

        protected override async Task WriteAsync(NpgsqlConnection connection, IReadOnlyList<PostgresWrite> group)
        {
            _newest.Clear();
            var appends = group.OfType<Append>().ToList();
            if (appends.Count > 0) await WriteAsync(connection, appends);

            // After the rows of the group, which may be the host's.
            foreach (var delete in group.OfType<Delete>()) await delete.ExecuteAsync(connection);
        }

        protected override void Committed(IReadOnlyList<PostgresWrite> group)
        {
            if (journal._newest.Count > MaxHosts) journal._newest.Clear();
            foreach (var (host, at) in _newest) journal._newest[host] = at;
            Interlocked.Add(ref journal._written, group.OfType<Append>().Sum(append => append.Result));
            foreach (var delete in group.OfType<Delete>()) journal._newest.TryRemove(delete.HostId, out _);
        }

        // It may be on disk all the same, and sent again.
        protected override void Failed(IReadOnlyList<PostgresWrite> group)
        {
            foreach (var write in group) journal._newest.TryRemove((write as Append)?.HostId ?? ((Delete)write).HostId, out _);
        }

        private async Task WriteAsync(NpgsqlConnection connection, List<Append> appends)
        {
            // Before the transaction has seen anything, because that would lock the tables.
            await journal._store.Partitions.EnsureAsync(appends.SelectMany(append => append.Rows.Where(row => !journal.IsOld(append.HostId, row.At))).Select(row => JournalPartitions.HourOf(row.At)).Distinct());
            await FindNewestAsync(connection, appends);
            var known = await FindKnownAsync(connection, [.. appends.SelectMany(append => append.Rows.Where(row => row.At <= _newest[append.HostId]).Select(row => (append.HostId, row.At))).Distinct()]);

            var added = new List<(long HostId, JournalRow Row)>();
            foreach (var append in appends)
            {
                append.Result = 0;
                var newest = _newest[append.HostId];
                foreach (var row in append.Rows)
                {
                    // What is beyond the newest is not in the group either; the rest of the group has been added to what is known.
                    if (row.At <= newest && !known.Add((append.HostId, row.At))) continue;
                    if (row.At > newest) known.Add((append.HostId, row.At));
                    newest = Math.Max(newest, row.At);
                    added.Add((append.HostId, row));
                    append.Result++;
                }

                _newest[append.HostId] = newest;
            }

            await Catalogue.InsertAsync(connection, appends.Select(append => (append.HostId, append.NewSeries)));
            if (added.Count > 0) await CopyAsync(connection, added);
        }

        private async Task FindNewestAsync(NpgsqlConnection connection, List<Append> appends)
        {
            var unknown = new List<long>();
            foreach (var host in appends.Select(append => append.HostId).Distinct())
            {
                if (journal._newest.TryGetValue(host, out var at)) _newest.Add(host, at);
                else unknown.Add(host);
            }

            if (unknown.Count == 0) return;
            await using var command = new NpgsqlCommand(
                """
                select h, coalesce(greatest(
                    (select at from statusmonitor.journal where host_id = h order by at desc limit 1),
                    (select newest_at from statusmonitor.host_times where host_id = h)), -9223372036854775808)
                from unnest($1) h
                """,
                connection) { Parameters = { new() { Value = unknown.ToArray() } } };
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync()) _newest.Add(reader.GetInt64(0), reader.GetInt64(1));
        }

        /// <summary>Which of these rows are stored. The journal first: what leaves it meanwhile is in the chunks.</summary>
        private static async Task<HashSet<(long HostId, long At)>> FindKnownAsync(NpgsqlConnection connection, (long HostId, long At)[] rows)
        {
            var known = new HashSet<(long HostId, long At)>();
            if (rows.Length == 0) return known;
            var hours = rows.Select(row => (row.HostId, Hour: JournalPartitions.HourOf(row.At))).Distinct().ToArray();
            await using var batch = new NpgsqlBatch(connection)
            {
                BatchCommands =
                {
                    new("select j.host_id, j.at from unnest($1, $2) c(host_id, at) join statusmonitor.journal j on j.host_id = c.host_id and j.at = c.at")
                    {
                        Parameters = { new() { Value = rows.Select(row => row.HostId).ToArray() }, new() { Value = rows.Select(row => row.At).ToArray() } },
                    },
                    new("select c.place, k.data from unnest($1, $2) with ordinality c(host_id, hour, place) join statusmonitor.chunks k on k.host_id = c.host_id and k.hour = c.hour order by c.place, k.piece")
                    {
                        Parameters = { new() { Value = hours.Select(hour => hour.HostId).ToArray() }, new() { Value = hours.Select(hour => hour.Hour).ToArray() } },
                    },
                },
            };
            await using var reader = await batch.ExecuteReaderAsync();
            while (await reader.ReadAsync()) known.Add((reader.GetInt64(0), reader.GetInt64(1)));
            await reader.NextResultAsync();
            await foreach (var (place, data) in Pieces.ReadAsync(reader, CancellationToken.None))
            {
                foreach (var at in ChunkCodec.DecodeTimes(data)) known.Add((hours[place - 1].HostId, at));
            }

            return known;
        }

        private static async Task CopyAsync(NpgsqlConnection connection, List<(long HostId, JournalRow Row)> rows)
        {
            await using var copy = await connection.BeginBinaryImportAsync($"copy statusmonitor.journal (host_id, {Columns}) from stdin (format binary)");
            foreach (var (hostId, row) in rows)
            {
                await copy.StartRowAsync();
                await copy.WriteAsync(hostId, NpgsqlDbType.Bigint);
                await copy.WriteAsync(row.At, NpgsqlDbType.Bigint);
                await copy.WriteAsync(row.Received, NpgsqlDbType.Bigint);
                await copy.WriteAsync(row.Sequence, NpgsqlDbType.Bigint);
                await copy.WriteAsync(row.IntervalMilliseconds, NpgsqlDbType.Integer);
                await copy.WriteAsync(row.Values, NpgsqlDbType.Bytea);
            }

            await copy.CompleteAsync();
        }
    }

    /// <summary>A slice of what is stored of a host, on its way out.</summary>
    /// <remarks>
    /// In the order in which rows travel, and under the host's lock, which compaction takes as well: once the journal is empty there is nothing left that a
    /// compaction could make a chunk of.
    /// </remarks>
    private sealed class Delete(long hostId) : PostgresWrite<bool>
    {
        /// <summary>Journal rows deleted in one transaction: some milliseconds, for which other writes wait.</summary>
        private const int Rows = 1_000;

        /// <summary>Compressed rows likewise; each is some pages.</summary>
        private const int Chunks = 200;

        private static readonly string[] Slices =
        [
            $"delete from statusmonitor.journal where host_id = $1 and at <= (select max(at) from (select at from statusmonitor.journal where host_id = $1 order by at limit {Rows}) s)",
            "delete from statusmonitor.compacted where host_id = $1",
            $"delete from statusmonitor.chunks where host_id = $1 and hour in (select hour from statusmonitor.chunks where host_id = $1 limit {Chunks})",
            $"delete from statusmonitor.minutes where host_id = $1 and hour in (select hour from statusmonitor.minutes where host_id = $1 limit {Chunks})",
            $"delete from statusmonitor.gauges where host_id = $1 and four in (select four from statusmonitor.gauges where host_id = $1 limit {Chunks})",
            $"delete from statusmonitor.days where host_id = $1 and day in (select day from statusmonitor.days where host_id = $1 limit {Chunks})",
            "delete from statusmonitor.host_times where host_id = $1",
            $"delete from statusmonitor.catalogue where host_id = $1 and first_id in (select first_id from statusmonitor.catalogue where host_id = $1 limit {Rows})",
        ];

        public long HostId => hostId;

        // It makes room, and one host has one of them waiting at most.
        public override int Weight => 0;

        public async Task ExecuteAsync(NpgsqlConnection connection)
        {
            await RunAsync(connection, AdvisoryLocks.TakeOfHost);
            Result = false;
            foreach (var slice in Slices)
            {
                // Fewer than a slice could be, but whether that was all is the next call's to see.
                if (await RunAsync(connection, slice) > 0) return;
            }

            Result = true;
        }

        private async Task<int> RunAsync(NpgsqlConnection connection, string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = hostId } } };
            return await command.ExecuteNonQueryAsync();
        }
    }
}
