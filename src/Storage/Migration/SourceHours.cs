using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using StatusMonitor.Storage.Sqlite;

namespace StatusMonitor.Storage.Migration;

/// <summary>The hours of the hosts as SQLite has them, what is in the logs among them.</summary>
internal sealed class SourceHours
{
    private readonly SqliteSource _source;
    private readonly ImmutableDictionary<(long HostId, long Hour), ChunkPiece> _logged;
    private readonly HashSet<(long HostId, long Hour)> _waiting;

    public SourceHours(SqliteSource source)
    {
        _source = source;
        _logged = source.ReadLogged(() => DamagedRows++);
        _waiting = [.. source.Rows("select distinct host_id, hour from chunks indexed by chunks_waiting where part > 0", row => (row.GetInt64(0), row.GetInt64(1))), .. _logged.Keys];
        WaitingDays = [.. _waiting.Select(hour => (hour.HostId, Hours.DayOf(hour.Hour)))];
    }

    /// <summary>Rows of the logs that nobody can read any more.</summary>
    public int DamagedRows { get; private set; }

    /// <summary>Days of hosts with an hour that is not compacted, or not as it is now. Their rollups are written with that hour.</summary>
    public HashSet<(long HostId, long Day)> WaitingDays { get; }

    /// <summary>What the logs have of hosts.</summary>
    public IEnumerable<ChunkPiece> Logged => _logged.Values;

    /// <summary>Whether something of the hour waits to be put together.</summary>
    public bool IsWaiting(long hostId, long hour) => _waiting.Contains((hostId, hour));

    /// <summary>How many there are.</summary>
    public long Count() => _source.Number("select count(*) from (select 1 from chunks group by host_id, hour)") + _logged.Keys.Count(hour => !IsStored(hour));

    /// <summary>All chunks of each hour, by host and hour; those of the logs come last.</summary>
    /// <param name="connection">Of this alone.</param>
    /// <param name="after">The hour before the first, or null for all.</param>
    public IEnumerable<(long HostId, long Hour, List<StoredChunk> Chunks)> Read(SqliteConnection connection, (long HostId, long Hour)? after)
    {
        var onlyLogged = new Queue<(long HostId, long Hour)>(_logged.Keys.Where(hour => (after is null || hour.CompareTo(after.Value) > 0) && !IsStored(hour)).Order());
        foreach (var (hostId, hour, chunks) in ReadStored(connection, after))
        {
            while (onlyLogged.TryPeek(out var earlier) && earlier.CompareTo((hostId, hour)) < 0) yield return OfLog(onlyLogged.Dequeue());
            if (_logged.TryGetValue((hostId, hour), out var piece)) chunks.Add(Chunk(piece));
            yield return (hostId, hour, chunks);
        }

        while (onlyLogged.TryDequeue(out var last)) yield return OfLog(last);

        (long, long, List<StoredChunk>) OfLog((long HostId, long Hour) key) => (key.HostId, key.Hour, [Chunk(_logged[key])]);
    }

    private static IEnumerable<(long HostId, long Hour, List<StoredChunk> Chunks)> ReadStored(SqliteConnection connection, (long HostId, long Hour)? after)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            select host_id, hour, part, from_at, to_at, last_received, last_seq, last_interval, count, minutes, samples from chunks
            {(after is null ? "" : "where (host_id, hour) > ($host, $hour)")} order by host_id, hour, part
            """;
        if (after is (var host, var first))
        {
            command.Parameters.AddWithValue("$host", host);
            command.Parameters.AddWithValue("$hour", first);
        }

        using var reader = command.ExecuteReader();
        var (key, chunks) = ((HostId: 0L, Hour: 0L), new List<StoredChunk>());
        while (reader.Read())
        {
            var next = (reader.GetInt64(0), reader.GetInt64(1));
            if (chunks.Count > 0 && next != key)
            {
                yield return (key.HostId, key.Hour, chunks);
                chunks = [];
            }

            key = next;
            chunks.Add(new StoredChunk(
                0, reader.GetInt32(2), reader.GetInt64(3), new JournalRow(reader.GetInt64(4), reader.GetInt64(5), reader.GetInt64(6), reader.GetInt32(7), []), reader.GetInt32(8), reader.Blob(9), reader.Blob(10)));
        }

        if (chunks.Count > 0) yield return (key.HostId, key.Hour, chunks);
    }

    private bool IsStored((long HostId, long Hour) hour) => _source.Number(FormattableString.Invariant($"select count(*) from (select 1 from chunks where host_id = {hour.HostId} and hour = {hour.Hour} limit 1)")) > 0;

    private static StoredChunk Chunk(ChunkPiece piece) => new(0, int.MaxValue, piece.FromAt, piece.Newest, piece.Count, null, piece.Samples);
}
