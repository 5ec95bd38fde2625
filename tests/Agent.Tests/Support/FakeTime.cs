using System.Threading.Channels;

namespace StatusMonitor.Agent.Tests.Support;

/// <summary>A clock that a test moves. Timers fire inside <see cref="Advance"/>, in order.</summary>
internal sealed class FakeTime : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<FakeTimer> _timers = [];
    private readonly Channel<TimeSpan> _armed = Channel.CreateUnbounded<TimeSpan>();
    private TimeSpan _elapsed;
    private DateTimeOffset _wall = new(2026, 11, 22, 5, 0, 0, TimeSpan.Zero);

    /// <summary>The wall clock, which can be set like that of a machine; timers do not care.</summary>
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

    /// <summary>
    /// Waits until somebody waits for a time that the filter accepts, and gives that time; earlier waits are forgotten.
    /// </summary>
    public async Task<TimeSpan> NextWaitAsync(Func<TimeSpan, bool> wanted)
    {
        return await WaitFor.Event(Find(), "a wait on the clock");

        async Task<TimeSpan> Find()
        {
            while (true)
            {
                var wait = await _armed.Reader.ReadAsync();
                if (wanted(wait)) return wait;
            }
        }
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
                var now = due is null ? end : due.Due;
                if (now > _elapsed)
                {
                    _wall += now - _elapsed;
                    _elapsed = now;
                }

                if (due is null) return;
                _timers.Remove(due);
            }

            due.Fire();
        }
    }

    private sealed class FakeTimer(FakeTime time, TimerCallback callback, object? state) : ITimer
    {
        public TimeSpan Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Assert.Equal(Timeout.InfiniteTimeSpan, period);
            lock (time._lock)
            {
                time._timers.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan) return true;
                Due = time._elapsed + dueTime;
                time._timers.Add(this);
            }

            time._armed.Writer.TryWrite(dueTime);
            return true;
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
