namespace StatusMonitor.Grains.Tests.Support;

/// <summary>A clock that a test moves. Timers fire inside <see cref="Advance"/>, in order, each at its own moment.</summary>
internal sealed class FakeTime(DateTimeOffset wall) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<FakeTimer> _timers = [];
    private DateTimeOffset _wall = wall;
    private TimeSpan _elapsed;

    public FakeTime() : this(new DateTimeOffset(2026, 11, 22, 5, 0, 0, TimeSpan.Zero))
    {
    }

    /// <summary>The wall clock, which can be set like that of a machine; timers and timestamps do not care.</summary>
    public DateTimeOffset Wall
    {
        get
        {
            lock (_lock) return _wall;
        }

        set
        {
            lock (_lock) _wall = value;
        }
    }

    /// <summary>The wall clock in the form that reports carry.</summary>
    public long Milliseconds => Wall.ToUnixTimeMilliseconds();

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp()
    {
        lock (_lock) return _elapsed.Ticks;
    }

    public override DateTimeOffset GetUtcNow() => Wall;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan by)
    {
        TimeSpan end;
        lock (_lock) end = _elapsed + by;
        while (true)
        {
            FakeTimer? due;
            lock (_lock)
            {
                due = _timers.Where(timer => timer.Due <= end).MinBy(timer => timer.Due);
                var now = due?.Due ?? end;
                if (now > _elapsed)
                {
                    _wall += now - _elapsed;
                    _elapsed = now;
                }

                if (due is null) return;
                due.SetNext();
            }

            due.Fire();
        }
    }

    private sealed class FakeTimer(FakeTime time, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period = Timeout.InfiniteTimeSpan;

        public TimeSpan Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._lock)
            {
                time._timers.Remove(this);
                _period = period;
                if (dueTime == Timeout.InfiniteTimeSpan) return true;
                Due = time._elapsed + dueTime;
                if (dueTime > TimeSpan.Zero)
                {
                    time._timers.Add(this);
                    return true;
                }

                SetNext();
            }

            // At once, but not on the thread that arms it, as the real one does.
            ThreadPool.QueueUserWorkItem(_ => Fire());
            return true;
        }

        public void SetNext()
        {
            time._timers.Remove(this);
            if (_period <= TimeSpan.Zero) return;
            Due += _period;
            time._timers.Add(this);
        }

        public void Fire() => callback(state);

        public void Dispose()
        {
            lock (time._lock) time._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
