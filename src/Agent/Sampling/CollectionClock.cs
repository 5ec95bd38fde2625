namespace StatusMonitor.Agent.Sampling;

/// <summary>
/// Gives samples their collection time: UTC, to the millisecond, no two alike. With the host it is what identifies a
/// sample, so a second sample of the same millisecond would count as a repeat of the first and be lost.
/// </summary>
internal sealed class CollectionClock(TimeProvider time)
{
    // Less is the clock being trimmed, more is somebody setting it.
    private static readonly TimeSpan RealJump = TimeSpan.FromSeconds(1);

    private DateTimeOffset _last = DateTimeOffset.MinValue;

    /// <summary>
    /// The time of a sample taken now. A clock that stands still or steps back by less than a second gives the next
    /// millisecond; one that was set back is believed: its new time is the better one.
    /// </summary>
    public DateTimeOffset Next()
    {
        var now = time.GetUtcNow();
        now = new DateTimeOffset(now.UtcTicks - now.UtcTicks % TimeSpan.TicksPerMillisecond, TimeSpan.Zero);
        if (now <= _last && _last - now < RealJump) now = _last.AddMilliseconds(1);
        return _last = now;
    }
}
