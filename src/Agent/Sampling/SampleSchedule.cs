namespace StatusMonitor.Agent.Sampling;

/// <summary>
/// When to sample: at the start and then at every full interval after it, on the monotonic clock. Lateness does not
/// add up, and what was missed (a suspended machine, a stalled one) is missed: there is no burst to catch up.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="interval">The time between two samples.</param>
internal sealed class SampleSchedule(TimeProvider time, TimeSpan interval)
{
    private readonly long _start = time.GetTimestamp();
    private long _slot;

    /// <summary>To be called after each sample: how long to wait for the next one.</summary>
    public TimeSpan UntilNext()
    {
        var elapsed = time.GetElapsedTime(_start);
        // A timer may fire some milliseconds early by this clock; the slot it fired for is over nevertheless.
        _slot = Math.Max(_slot + 1, elapsed.Ticks / interval.Ticks + 1);
        return _slot * interval - elapsed;
    }
}
