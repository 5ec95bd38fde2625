namespace StatusMonitor.Storage.Sqlite;

/// <summary>
/// What one of the two log tables holds, by host, in memory: queries look here for what is not in a chunk yet, and the move into the
/// chunks takes it from here.
/// </summary>
internal sealed class JournalLog(int table)
{
    // A removed host leaves its list as it is: the move may be reading it.
    private readonly Dictionary<long, List<JournalRow>> _hosts = [];

    /// <summary>Number of the table, 0 or 1.</summary>
    public int Table { get; } = table;

    /// <summary>Rows held.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of their values.</summary>
    public long Bytes { get; private set; }

    /// <summary>The oldest collection time that was added, Unix milliseconds.</summary>
    public long OldestAt { get; private set; } = long.MaxValue;

    /// <param name="hostId">The host.</param>
    /// <param name="rows">Rows it now has here too.</param>
    public void Add(long hostId, IReadOnlyList<JournalRow> rows)
    {
        if (!_hosts.TryGetValue(hostId, out var known)) _hosts.Add(hostId, known = []);
        known.AddRange(rows);
        Count += rows.Count;
        for (var i = 0; i < rows.Count; i++)
        {
            OldestAt = Math.Min(OldestAt, rows[i].At);
            Bytes += rows[i].Values.Length;
        }
    }

    /// <summary>Forgets a host's rows.</summary>
    public void Remove(long hostId)
    {
        if (!_hosts.Remove(hostId, out var rows)) return;
        Count -= rows.Count;
        Bytes -= rows.Sum(row => (long)row.Values.Length);
    }

    /// <summary>The rows of a host in the order they came, or none.</summary>
    public IReadOnlyList<JournalRow> Of(long hostId) => _hosts.TryGetValue(hostId, out var rows) ? rows : [];

    /// <summary>Hosts, ascending: neighbours in the chunk table's index.</summary>
    public long[] Hosts() => [.. _hosts.Keys.Order()];
}
