using StatusMonitor.Storage.History;
using StatusMonitor.Storage.Postgres;
using StatusMonitor.Storage.Sqlite;

namespace StatusMonitor.Storage.Migration;

/// <summary>Counts everything on both sides, the history host by host: what is kept in other ways is decoded for it.</summary>
internal sealed class MigrationCheck(SqliteSource source, SourceHours hours, MigrationTarget target)
{
    /// <summary>Hours counted between two reports.</summary>
    private const int ReportHours = 1_000;

    /// <summary>Pieces of the history in SQLite that nobody can read any more.</summary>
    public long Damaged { get; private set; } = hours.DamagedRows;

    /// <param name="report">Is told how many hours of SQLite are counted.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="StorageFailedException">Something is not there, or twice; the message says what.</exception>
    public async Task<List<MigrationCount>> RunAsync(Action<long> report, CancellationToken cancellationToken)
    {
        var counts = new List<MigrationCount>();
        foreach (var table in MigrationTables.Plain)
        {
            var rows = await target.ReadAsync($"select count(*) from statusmonitor.{table.Name}", [], row => row.GetInt64(0), cancellationToken);
            counts.Add(new MigrationCount(table.Name, source.Number($"select count(*) from {table.Name}"), rows[0]));
        }

        // Each side decodes as much as the other.
        var ofSqlite = Task.Run(() => CountSqlite(report, cancellationToken), cancellationToken);
        var inPostgres = await target.ReadAsync(connection => Task.Run(() => CountPostgresAsync(connection, cancellationToken)), cancellationToken);
        var inSqlite = await ofSqlite;
        foreach (var (what, of) in HostCount.Parts) counts.Add(new MigrationCount(what, inSqlite.Values.Sum(of), inPostgres.Values.Sum(of)));

        if (counts.Find(count => count.Sqlite != count.Postgres) is { } wrong)
        {
            throw new StorageFailedException($"Not everything was moved: '{wrong.What}' has {wrong.Sqlite} in the data folder and {wrong.Postgres} in PostgreSQL. {BeginAnew}");
        }

        foreach (var host in inSqlite.Keys.Union(inPostgres.Keys).Order())
        {
            var (sqlite, postgres) = (inSqlite.GetValueOrDefault(host), inPostgres.GetValueOrDefault(host));
            if (sqlite != postgres) throw new StorageFailedException($"Not everything was moved: host {host} has {sqlite} in the data folder and {postgres} in PostgreSQL. {BeginAnew}");
        }

        return counts;
    }

    private const string BeginAnew = "Empty the database ('drop schema statusmonitor cascade') and migrate again; nothing in the data folder has changed.";

    private Dictionary<long, HostCount> CountSqlite(Action<long> report, CancellationToken cancellationToken)
    {
        var counts = new Dictionary<long, HostCount>();
        using var connection = source.Open();
        foreach (var (host, series) in connection.Rows("select host_id, count(*) from series group by host_id", [], row => (row.GetInt64(0), row.GetInt64(1)))) counts[host] = counts.GetValueOrDefault(host) with { Series = series };
        var days = new HashSet<(long HostId, long Day)>(connection.Rows("select host_id, day from days", [], row => (row.GetInt64(0), row.GetInt64(1))));
        var done = 0L;
        foreach (var (host, hour, chunks) in hours.Read(connection, null))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (++done % ReportHours == 0) report(done);
            var readable = chunks is [{ Part: 0 }] ? chunks : HistoryBatch.Readable(chunks);
            Damaged += chunks.Count - readable.Count;
            if (readable.Count == 0) continue;
            var isPutTogether = readable is not [{ Part: 0 }];
            if (isPutTogether) days.Add((host, Hours.DayOf(hour)));
            var count = counts.GetValueOrDefault(host).With(Samples(readable));
            counts[host] = count with { Minutes = count.Minutes + (isPutTogether || readable[0].Minutes is not null ? 1 : 0) };
        }

        foreach (var (host, _) in days)
        {
            var count = counts.GetValueOrDefault(host);
            counts[host] = count with { Days = count.Days + 1 };
        }

        report(done);
        return counts;
    }

    /// <summary>What an hour has put together; null if its samples are kept no longer, and empty if they cannot be read.</summary>
    private SampleBlock? Samples(List<StoredChunk> chunks)
    {
        if (chunks[0] is { Part: 0, Samples: null }) return null;
        try
        {
            var blocks = chunks.ConvertAll(chunk => ChunkCodec.Decode(chunk.Samples!));
            return blocks.Count == 1 ? blocks[0] : SampleBlocks.Merge(blocks);
        }
        catch (InvalidDataException)
        {
            Damaged++;
            return SampleBlock.Empty;
        }
    }

    private static async Task<Dictionary<long, HostCount>> CountPostgresAsync(Npgsql.NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var counts = new Dictionary<long, HostCount>();
        await AddAsync("select host_id, sum(cardinality(names)) from statusmonitor.catalogue group by host_id", (count, rows) => count with { Series = rows });
        await AddAsync("select host_id, count(*) from statusmonitor.days where piece = 0 group by host_id", (count, rows) => count with { Days = rows });
        await AddAsync("select host_id, count(*) from statusmonitor.minutes where piece = 0 group by host_id", (count, rows) => count with { Minutes = rows });
        await using var command = new Npgsql.NpgsqlCommand("select host_id, hour, data from statusmonitor.chunks order by host_id, hour, piece", connection) { CommandTimeout = 0 };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var (host, pieces, hour) = (0L, new List<byte[]>(), 0L);
        while (await reader.ReadAsync(cancellationToken))
        {
            if (pieces.Count > 0 && (reader.GetInt64(0), reader.GetInt64(1)) != (host, hour)) AddHour();
            (host, hour) = (reader.GetInt64(0), reader.GetInt64(1));
            pieces.Add(reader.GetFieldValue<byte[]>(2));
        }

        if (pieces.Count > 0) AddHour();
        return counts;

        void AddHour()
        {
            SampleBlock samples;
            try
            {
                samples = ChunkCodec.Decode(pieces.Count == 1 ? pieces[0] : [.. pieces.SelectMany(piece => piece)]);
            }
            catch (InvalidDataException)
            {
                samples = SampleBlock.Empty;
            }

            counts[host] = counts.GetValueOrDefault(host).With(samples);
            pieces.Clear();
        }

        async Task AddAsync(string sql, Func<HostCount, long, HostCount> with)
        {
            foreach (var (id, rows) in await connection.RowsAsync(sql, [], row => (row.GetInt64(0), row.GetInt64(1)), cancellationToken)) counts[id] = with(counts.GetValueOrDefault(id), rows);
        }
    }

    /// <summary>How much there is of a host.</summary>
    private readonly record struct HostCount(long Series, long Hours, long Samples, long Values, long Minutes, long Days)
    {
        public static readonly (string What, Func<HostCount, long> Of)[] Parts =
        [
            ("series", count => count.Series),
            ("hours with samples", count => count.Hours),
            ("samples", count => count.Samples),
            ("values", count => count.Values),
            ("hours of minutes", count => count.Minutes),
            ("days of quarter hours", count => count.Days),
        ];

        public override string ToString() => $"{Series} series, {Samples} samples with {Values} values in {Hours} hours, {Minutes} hours of minutes and {Days} days";

        public HostCount With(SampleBlock? samples) => samples is null
            ? this
            : this with
            {
                Hours = Hours + 1,
                Samples = Samples + samples.Times.Length,
                Values = Values + samples.Columns.Sum(column => column.Values.LongCount(value => !double.IsNaN(value))),
            };
    }
}
