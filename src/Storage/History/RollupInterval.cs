namespace StatusMonitor.Storage.History;

/// <summary>Finds how often a host reports from its buckets, one after the other: the mean time between samples of a bucket, or if none has two the shortest between samples of two.</summary>
internal struct RollupInterval
{
    private long _elapsed;
    private long _steps;
    private long? _shortest;
    private long? _last;

    /// <summary>The interval, milliseconds; 0 if there is one sample.</summary>
    public readonly long Milliseconds => _steps > 0 ? _elapsed / _steps : _shortest ?? 0;

    /// <param name="firstAt">Time of the bucket's first sample.</param>
    /// <param name="lastAt">Time of its last.</param>
    /// <param name="count">Its samples, or the most values a series has in it.</param>
    public void Add(long firstAt, long lastAt, long count)
    {
        if (_last is { } last) _shortest = Math.Min(_shortest ?? long.MaxValue, unchecked(firstAt - last));
        _last = lastAt;
        if (lastAt == firstAt) return;
        _elapsed = unchecked(_elapsed + lastAt - firstAt);
        _steps += Math.Max(1, count - 1);
    }
}
