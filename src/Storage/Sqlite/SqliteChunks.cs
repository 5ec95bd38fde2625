using StatusMonitor.Storage.History;

namespace StatusMonitor.Storage.Sqlite;

/// <summary>The chunk table and what goes with it, as the writing thread uses them.</summary>
internal sealed class SqliteChunks(SqliteStore store)
{
    private readonly SqliteStatement _insertPiece = new("""
        insert into chunks (host_id, hour, part, from_at, to_at, count, last_seq, last_received, last_interval, samples)
        values (?1, ?2, (select coalesce(max(part), 0) + 1 from chunks where host_id = ?1 and hour = ?2), ?3, ?4, ?5, ?6, ?7, ?8, ?9)
        """);

    private readonly SqliteStatement _addSizes = new("""
        update history_size set pieces = pieces + ?1, piece_bytes = piece_bytes + ?2,
            sample_bytes = sample_bytes + ?3, minute_bytes = minute_bytes + ?4, quarter_bytes = quarter_bytes + ?5
        """);

    private readonly SqliteStatement _findNewest = new(
        "select max(to_at) from chunks where host_id = ?1 and hour = (select max(hour) from chunks where host_id = ?1)");

    private readonly SqliteStatement _readSamples = new("select samples from chunks where host_id = ?1 and hour = ?2 and samples is not null");

    // The size goes with the rows, so it is taken before they go.
    private readonly SqliteStatement _sizeOfFirst = new("""
        select coalesce(sum(part > 0), 0), coalesce(sum(iif(part > 0, length(samples), 0)), 0), coalesce(sum(iif(part = 0, length(samples), 0)), 0), coalesce(sum(length(minutes)), 0)
        from (select part, samples, minutes from chunks where host_id = ?1 order by hour, part limit ?2)
        """);

    private readonly SqliteStatement _deleteFirst = new("delete from chunks where id in (select id from chunks where host_id = ?1 order by hour, part limit ?2)");
    private readonly SqliteStatement _sizeOfDays = new("select coalesce(sum(length(data)), 0) from (select data from days where host_id = ?1 order by day limit ?2)");
    private readonly SqliteStatement _deleteDays = new("delete from days where id in (select id from days where host_id = ?1 order by day limit ?2)");

    private readonly SqliteStatement _sizeOfGauges = new("select coalesce(sum(length(data)), 0) from (select data from gauges where host_id = ?1 order by four limit ?2)");
    private readonly SqliteStatement _deleteGauges = new("delete from gauges where id in (select id from gauges where host_id = ?1 order by four limit ?2)");

    /// <summary>Adds pieces behind those that their hours have.</summary>
    public void Insert(IEnumerable<ChunkPiece> pieces)
    {
        var sizes = default(HistorySizes);
        foreach (var piece in pieces)
        {
            _insertPiece
                .Bind(store, 1, piece.HostId).Bind(store, 2, piece.Hour).Bind(store, 3, piece.FromAt).Bind(store, 4, piece.Newest.At).Bind(store, 5, piece.Count)
                .Bind(store, 6, piece.Newest.Sequence).Bind(store, 7, piece.Newest.Received).Bind(store, 8, piece.Newest.IntervalMilliseconds).Bind(store, 9, piece.Samples)
                .Run(store);
            sizes += new HistorySizes(1, piece.Samples.Length, 0, 0, 0);
        }

        Add(sizes);
    }

    /// <summary>Keeps up what the tables take.</summary>
    public void Add(HistorySizes change)
    {
        if (change == default) return;
        _addSizes.Bind(store, 1, change.Pieces).Bind(store, 2, change.PieceBytes).Bind(store, 3, change.SampleBytes)
            .Bind(store, 4, change.MinuteBytes).Bind(store, 5, change.QuarterBytes).Run(store);
    }

    /// <summary>The newest collection time of a host, or null if it has no chunk.</summary>
    public long? NewestAt(long hostId) => _findNewest.Bind(store, 1, hostId).First(store);

    /// <summary>The collection times of an hour; those whose samples are kept no longer, or are damaged, are not known any more.</summary>
    public HashSet<long> Times(long hostId, long hour)
    {
        var times = new HashSet<long>();
        _readSamples.Bind(store, 1, hostId).Bind(store, 2, hour).Each(store, row =>
        {
            try
            {
                times.UnionWith(ChunkCodec.DecodeTimes(row.Blob(0)));
            }
            catch (InvalidDataException)
            {
                // Said by whoever needs the values. An agent must not be refused for ever what it sends for that hour.
            }
        });
        return times;
    }

    /// <summary>Deletes some of what a host has and gives how many rows that were.</summary>
    public int DeleteSome(long hostId, int limit)
    {
        var gone = default(HistorySizes);
        _sizeOfFirst.Bind(store, 1, hostId).Bind(store, 2, limit).Each(store, row => gone = new HistorySizes(row.Number(0), row.Number(1), row.Number(2), row.Number(3), 0));
        var deleted = _deleteFirst.Bind(store, 1, hostId).Bind(store, 2, limit).Run(store);
        if (deleted < limit)
        {
            _sizeOfDays.Bind(store, 1, hostId).Bind(store, 2, limit - deleted).Each(store, row => gone = gone with { QuarterBytes = row.Number(0) });
            deleted += _deleteDays.Bind(store, 1, hostId).Bind(store, 2, limit - deleted).Run(store);
        }

        if (deleted < limit)
        {
            _sizeOfGauges.Bind(store, 1, hostId).Bind(store, 2, limit - deleted).Each(store, row => gone = gone with { MinuteBytes = gone.MinuteBytes + row.Number(0) });
            deleted += _deleteGauges.Bind(store, 1, hostId).Bind(store, 2, limit - deleted).Run(store);
        }

        Add(default(HistorySizes) - gone);
        return deleted;
    }
}

/// <summary>What history takes: the pieces that wait to be compacted, and bytes of each kind of blob.</summary>
internal readonly record struct HistorySizes(long Pieces, long PieceBytes, long SampleBytes, long MinuteBytes, long QuarterBytes)
{
    public static HistorySizes operator +(HistorySizes a, HistorySizes b) =>
        new(a.Pieces + b.Pieces, a.PieceBytes + b.PieceBytes, a.SampleBytes + b.SampleBytes, a.MinuteBytes + b.MinuteBytes, a.QuarterBytes + b.QuarterBytes);

    public static HistorySizes operator -(HistorySizes a, HistorySizes b) =>
        new(a.Pieces - b.Pieces, a.PieceBytes - b.PieceBytes, a.SampleBytes - b.SampleBytes, a.MinuteBytes - b.MinuteBytes, a.QuarterBytes - b.QuarterBytes);
}
