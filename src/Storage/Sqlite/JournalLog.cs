namespace StatusMonitor.Storage.Sqlite;

/// <summary>
/// What one of the two log tables holds, by host, in memory: queries look here for what is not in the journal yet, and the move into the
/// journal takes it from here.
/// </summary>
internal sealed class JournalLog(int table)
{
    private readonly Dictionary<long, HostRows> _hosts = [];

    /// <summary>Number of the table, 0 or 1.</summary>
    public int Table { get; } = table;

    /// <summary>Rows held.</summary>
    public int Count { get; private set; }

    /// <param name="hostId">The host.</param>
    /// <param name="rows">Rows it now has here too.</param>
    /// <param name="highWater">The newest collection time of the host anywhere, these rows included.</param>
    public void Add(long hostId, IReadOnlyList<JournalRow> rows, long highWater)
    {
        if (!_hosts.TryGetValue(hostId, out var host)) _hosts.Add(hostId, host = new HostRows());
        host.Rows.AddRange(rows);
        host.HighWater = Math.Max(host.HighWater, highWater);
        Count += rows.Count;
    }

    /// <summary>Forgets a host's rows.</summary>
    public void Remove(long hostId)
    {
        if (_hosts.Remove(hostId, out var host)) Count -= host.Rows.Count;
    }

    /// <summary>The rows of a host in the order they came, or none.</summary>
    public IReadOnlyList<JournalRow> Of(long hostId) => _hosts.TryGetValue(hostId, out var host) ? host.Rows : [];

    /// <summary>The newest collection time of a host anywhere, or null if it has no row here.</summary>
    public long? HighWater(long hostId) => _hosts.TryGetValue(hostId, out var host) ? host.HighWater : null;

    /// <summary>Hosts in the order of the journal's key.</summary>
    public long[] Hosts() => [.. _hosts.Keys.Order()];

    private sealed class HostRows
    {
        public List<JournalRow> Rows { get; } = [];

        public long HighWater { get; set; } = long.MinValue;
    }
}
