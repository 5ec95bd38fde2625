namespace StatusMonitor.Storage.Postgres;

/// <summary>How long whoever waits has seen the leader do nothing.</summary>
internal sealed class LeaderWatch(LeadershipOptions options, TimeProvider time)
{
    private (long Epoch, long Beat)? _last;
    private long _changedAt;
    private long? _goneSince;

    /// <summary>Whether it is time to take over from the leader that was just seen so.</summary>
    public bool IsOver(LeaderSeen seen)
    {
        if (seen.Leader is null) return true;
        var now = time.GetTimestamp();
        // Another leader shows itself only after it has taken over; that the one before it was gone does not count against it.
        if (_last?.Epoch != seen.Epoch) _goneSince = null;
        if (_last != (seen.Epoch, seen.Beat)) (_last, _changedAt) = ((seen.Epoch, seen.Beat), now);
        if (seen.IsConnected) _goneSince = null;
        else _goneSince ??= now;
        return time.GetElapsedTime(_changedAt, now) >= options.SilentAfter || (_goneSince is { } gone && time.GetElapsedTime(gone, now) >= options.GoneAfter);
    }

    /// <summary>While nobody could be seen, the leader could not be heard either.</summary>
    public void Forget() => (_last, _goneSince) = (null, null);
}
