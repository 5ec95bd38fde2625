namespace StatusMonitor.Gateway.Live;

/// <summary>
/// What a browser is still to be told of alerts: at most four times a second, and at most 100 incidents; more is told as "any". Whoever uses it holds a lock.
/// </summary>
internal sealed class PendingAlerts(TimeProvider time)
{
    private const int MaxIds = 100;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly HashSet<string> _incidents = [];
    private readonly HashSet<long> _hosts = [];
    private long? _toldAt;
    private bool _isWaiting;
    private bool _isAny;

    /// <summary>It may be told now.</summary>
    public bool IsDue { get; set; }

    /// <summary>Adds a change; gives after what time it is to be told, or null if that is seen to already.</summary>
    public TimeSpan? Add(string incidentId, long hostId)
    {
        if (!_isAny)
        {
            _incidents.Add(incidentId);
            _hosts.Add(hostId);
            if (_incidents.Count > MaxIds) Forget(isAny: true);
        }

        return Wait();
    }

    /// <summary>Adds that anything may have changed; gives what <see cref="Add"/> does.</summary>
    public TimeSpan? AddAny()
    {
        Forget(isAny: true);
        return Wait();
    }

    private TimeSpan? Wait()
    {
        if (_isWaiting) return null;
        _isWaiting = true;
        var wait = _toldAt is { } last ? Interval - time.GetElapsedTime(last) : TimeSpan.Zero;
        if (wait > TimeSpan.Zero) return wait;
        IsDue = true;
        return TimeSpan.Zero;
    }

    /// <summary>What to tell now, or null.</summary>
    public AlertsNews? Take()
    {
        if (!IsDue) return null;
        var news = new AlertsNews([.. _incidents], [.. _hosts]);
        Forget(isAny: false);
        (IsDue, _isWaiting, _toldAt) = (false, false, time.GetTimestamp());
        return news;
    }

    private void Forget(bool isAny)
    {
        _isAny = isAny;
        _incidents.Clear();
        _hosts.Clear();
    }
}
