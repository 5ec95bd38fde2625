namespace StatusMonitor.Storage.Sqlite;

/// <summary>
/// The collection times of some hours of some hosts, for telling repeats: an agent that sends again what it is not sure of asks for one hour many times.
/// Of the writing thread alone.
/// </summary>
internal sealed class KnownTimes
{
    /// <summary>Hours held; each takes some 20 bytes a sample.</summary>
    private const int Capacity = 64;

    private readonly Dictionary<(long HostId, long Hour), HashSet<long>> _hours = [];
    private readonly Queue<(long HostId, long Hour)> _order = [];

    /// <summary>Whether the hour has the time; what is not held is read.</summary>
    public bool Contains(long hostId, long at, Func<long, long, HashSet<long>> read)
    {
        var key = (hostId, Hours.Of(at));
        if (!_hours.TryGetValue(key, out var times))
        {
            if (_hours.Count == Capacity) _hours.Remove(_order.Dequeue());
            _hours.Add(key, times = read(hostId, key.Item2));
            _order.Enqueue(key);
        }

        return times.Contains(at);
    }

    /// <summary>What is stored has changed, or may not have been stored after all.</summary>
    public void Clear()
    {
        _hours.Clear();
        _order.Clear();
    }
}
