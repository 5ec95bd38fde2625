using Microsoft.Data.Sqlite;
using StatusMonitor.Storage.History;

namespace StatusMonitor.Storage.Sqlite;

/// <summary>Reads the hours that wait to be compacted, and writes them when they are.</summary>
internal sealed class SqliteCompaction(SqliteStore store)
{
    /// <summary>Most hours of hosts in one transaction.</summary>
    private const int BatchHours = 64;

    /// <summary>Most pieces in one transaction, if it has more than one hour.</summary>
    private const int BatchPieces = 1_000;

    private readonly SqliteChunks _chunks = new(store);

    // An id is greater than all before it, so what came for the hour after it was read stays.
    private readonly SqliteStatement _countRead = new("select count(*) from chunks where host_id = ?1 and hour = ?2 and id <= ?3");
    private readonly SqliteStatement _deleteRead = new("delete from chunks where host_id = ?1 and hour = ?2 and id <= ?3");

    private readonly SqliteStatement _insertHour = new("""
        insert into chunks (host_id, hour, part, from_at, to_at, count, last_seq, last_received, last_interval, minutes, samples)
        values (?1, ?2, 0, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
        """);

    private readonly SqliteStatement _writeDay = new("""
        insert into days (host_id, day, data) values (?1, ?2, ?3) on conflict (host_id, day) do update set data = excluded.data
        """);

    private readonly SqliteStatement _writeGauges = new("""
        insert into gauges (host_id, four, data) values (?1, ?2, ?3) on conflict (host_id, four) do update set data = excluded.data
        """);

    private readonly SqliteStatement _deleteGauges = new("delete from gauges where host_id = ?1 and four = ?2");

    private readonly SqliteStatement _lengthenSeries = new("""
        update series set first_at = min(coalesce(first_at, ?3), ?3), last_at = max(coalesce(last_at, ?4), ?4)
        where host_id = ?1 and series_id = ?2 and (first_at is null or first_at > ?3 or last_at < ?4)
        """);

    /// <summary>The next hours that wait and are over.</summary>
    /// <param name="connection">A connection of its own.</param>
    /// <param name="before">Hours before this one are over.</param>
    /// <param name="except">Hours that are passed over.</param>
    public static List<WaitingHour> ReadWaiting(SqliteConnection connection, long before, HashSet<(long HostId, long Hour)> except)
    {
        using var transaction = connection.BeginTransaction(deferred: true);
        var chosen = connection.Rows(
            "select hour, host_id, count(*) from chunks indexed by chunks_waiting where part > 0 and hour < $before group by hour, host_id limit $limit",
            [("$before", before), ("$limit", BatchHours + except.Count)],
            row => (Hour: row.GetInt64(0), HostId: row.GetInt64(1), Pieces: row.GetInt32(2)));
        var hours = new List<WaitingHour>();
        var pieces = 0;
        foreach (var (hour, hostId, count) in chosen.Where(hour => !except.Contains((hour.HostId, hour.Hour))))
        {
            pieces += count;
            if (hours.Count > 0 && pieces > BatchPieces) break;
            hours.Add(Read(connection, hostId, hour));
        }

        return hours;
    }

    /// <summary>Puts hours in the place of the chunks they were made of. A host of which any of those is gone is being deleted and left alone.</summary>
    /// <returns>What was written.</returns>
    public Task<CompactionResult> WriteAsync(List<CompactedHost> hosts)
    {
        var write = new Write(this, hosts);
        store.Enqueue(write);
        return write.Completion;
    }

    private static WaitingHour Read(SqliteConnection connection, long hostId, long hour)
    {
        var chunks = connection.Rows(
            """
            select id, part, from_at, to_at, last_received, last_seq, last_interval, count, minutes, samples from chunks where host_id = $host and hour = $hour order by part
            """,
            [("$host", hostId), ("$hour", hour)],
            row => new StoredChunk(
                row.GetInt64(0), row.GetInt32(1), row.GetInt64(2), new JournalRow(row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetInt32(6), []), row.GetInt32(7), row.Blob(8), row.Blob(9)));
        var day = connection.Rows("select data from days where host_id = $host and day = $day", [("$host", hostId), ("$day", Hours.DayOf(hour))], row => row.GetFieldValue<byte[]>(0));
        return new WaitingHour(hostId, hour, chunks, day.FirstOrDefault(), connection.SeriesOf(hostId), ReadFour(connection, hostId, hour));
    }

    /// <summary>What is stored of the four hours that an hour is in; null if they are not to be put together yet.</summary>
    private static WaitingFour? ReadFour(SqliteConnection connection, long hostId, long hour)
    {
        var four = FourHours.Of(hour);
        var before = connection.Rows("select length(data) from gauges where host_id = $host and four = $four", [("$host", hostId), ("$four", four)], row => row.GetInt32(0));
        if (before.Count == 0 && !FourHours.IsLast(hour)) return null;
        var hours = connection.Rows(
            "select hour, minutes from chunks where host_id = $host and hour between $first and $last and hour <> $hour and part = 0 and minutes is not null",
            [("$host", hostId), ("$first", FourHours.FirstHour(four)), ("$last", FourHours.LastHour(four)), ("$hour", hour)],
            row => (row.GetInt64(0), row.GetFieldValue<byte[]>(1)));
        return new WaitingFour(hours, before.FirstOrDefault());
    }

    private bool IsUnchanged(CompactedHour hour) =>
        _countRead.Bind(store, 1, hour.From.HostId).Bind(store, 2, hour.From.Hour).Bind(store, 3, hour.From.Chunks.Max(chunk => chunk.Id)).First(store) == hour.From.Chunks.Count;

    private HistorySizes Replace(CompactedHour hour)
    {
        var (hostId, number) = (hour.From.HostId, hour.From.Hour);
        _deleteRead.Bind(store, 1, hostId).Bind(store, 2, number).Bind(store, 3, hour.From.Chunks.Max(chunk => chunk.Id)).Run(store);
        _insertHour
            .Bind(store, 1, hostId).Bind(store, 2, number).Bind(store, 3, hour.FromAt).Bind(store, 4, hour.Newest.At).Bind(store, 5, hour.Count)
            .Bind(store, 6, hour.Newest.Sequence).Bind(store, 7, hour.Newest.Received).Bind(store, 8, hour.Newest.IntervalMilliseconds)
            .Bind(store, 9, hour.Minutes).Bind(store, 10, hour.Samples).Run(store);
        var change = new HistorySizes(0, 0, hour.Samples?.Length ?? 0, hour.Minutes.Length, 0);
        foreach (var chunk in hour.From.Chunks)
        {
            change -= chunk.Part > 0 ? new HistorySizes(1, chunk.Samples!.Length, 0, 0, 0) : new HistorySizes(0, 0, chunk.Samples?.Length ?? 0, chunk.Minutes?.Length ?? 0, 0);
        }

        return change;
    }

    private sealed class Write(SqliteCompaction compaction, List<CompactedHost> hosts) : SqliteWrite<CompactionResult>
    {
        public override int Weight => 0;

        public override void Execute(SqliteStore store)
        {
            var change = default(HistorySizes);
            var done = default(CompactionResult);
            foreach (var host in hosts)
            {
                if (!host.Hours.TrueForAll(compaction.IsUnchanged)) continue;
                foreach (var hour in host.Hours) change += compaction.Replace(hour);
                foreach (var (day, data, before) in host.Days)
                {
                    compaction._writeDay.Bind(store, 1, host.HostId).Bind(store, 2, day).Bind(store, 3, data).Run(store);
                    change += new HistorySizes(0, 0, 0, 0, data.Length - before);
                }

                foreach (var (four, data, before) in host.Fours)
                {
                    if (data is null) compaction._deleteGauges.Bind(store, 1, host.HostId).Bind(store, 2, four).Run(store);
                    else compaction._writeGauges.Bind(store, 1, host.HostId).Bind(store, 2, four).Bind(store, 3, data).Run(store);
                    change += new HistorySizes(0, 0, 0, (data?.Length ?? 0) - before, 0);
                }

                foreach (var (series, span) in host.Series)
                {
                    compaction._lengthenSeries.Bind(store, 1, host.HostId).Bind(store, 2, series).Bind(store, 3, span.FirstAt).Bind(store, 4, span.LastAt).Run(store);
                }

                done = new CompactionResult(done.Hours + host.Hours.Count, done.Samples + host.Hours.Sum(hour => (long)hour.Count), done.Values + host.Values);
            }

            compaction._chunks.Add(change);
            Result = done;
        }
    }
}
