namespace StatusMonitor.Grains.Hosts;

/// <summary>How long a host has been silent, and the timer that looks when that can make another status of it.</summary>
internal sealed class HostSilence(IGrainBase host, HostOptions options, TimeProvider time, Func<CancellationToken, Task> look)
{
    private IGrainTimer? _timer;

    // While we were away we could not have heard anything, and agents that noticed do not try again at once.
    private long _heardAt = time.GetTimestamp() + (long)(options.RestartGrace.TotalSeconds * time.TimestampFrequency);

    /// <summary>The agent's interval; zero until it is known.</summary>
    public TimeSpan Interval { get; set; }

    /// <summary>A report came. Gives its time, monotonic, so that setting the wall clock takes no host offline.</summary>
    public long Heard(TimeSpan interval)
    {
        var isNew = Interval != interval;
        _heardAt = time.GetTimestamp();
        Interval = interval;
        Arm(HostLiveness.Evaluate(TimeSpan.Zero, interval, options).ChangesIn!.Value, onlyIfIdle: !isNew);
        return _heardAt;
    }

    /// <summary>The status as silence makes it, and how much longer it can last (null: only a report changes it).</summary>
    public (HostStatus Status, TimeSpan? ChangesIn) Evaluate(HostStatus before) =>
        // Of these two only a report makes another; what silence says of them in the grace after a start is wrong.
        before is HostStatus.Pending or HostStatus.Offline ? (before, null) : HostLiveness.Evaluate(time.GetElapsedTime(_heardAt), Interval, options);

    /// <param name="due">When to look; a moment more, because silence must exceed the bound.</param>
    /// <param name="onlyIfIdle">Leave a timer that runs already: it will look at how long ago the last report was by then.</param>
    public void Arm(TimeSpan due, bool onlyIfIdle = false)
    {
        due += TimeSpan.FromMilliseconds(1);
        if (_timer is null)
        {
            // Kept alive: whether an online host falls silent must be noticed even if nobody asks.
            _timer = host.RegisterGrainTimer(look, new GrainTimerCreationOptions(due, Timeout.InfiniteTimeSpan) { KeepAlive = true });
        }
        else if (!onlyIfIdle)
        {
            _timer.Change(due, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Only a report, or something that could not be told, makes it look again.</summary>
    public void Stop()
    {
        _timer?.Dispose();
        _timer = null;
    }
}
