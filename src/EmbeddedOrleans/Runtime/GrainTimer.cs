namespace Orleans.Runtime;

/// <summary>
/// A timer of one activation. It is the request of its own tick: the next one is only set when the last has ended,
/// so ticks never overlap and never queue up.
/// </summary>
internal sealed class GrainTimer<TState> : Request, IGrainTimer
{
    /// <summary>What <see cref="Timer"/> can count, in milliseconds.</summary>
    private const long LongestTimeout = 0xfffffffe;

    private static readonly GrainMethod Waiting = GrainMethod.Turn("a timer tick");
    private static readonly GrainMethod Interleaving = GrainMethod.Turn("a timer tick", alwaysInterleave: true);

    private readonly Activation _activation;
    private readonly Func<TState, CancellationToken, Task> _callback;
    private readonly TState _state;
    private readonly bool _keepAlive;
    private readonly CancellationTokenSource _disposed = new();
    private readonly ITimer _timer;
    private TimeSpan _dueTime;
    private TimeSpan _period;
    private bool _isTicking;
    private bool _isChanged;

    private GrainTimer(Activation activation, Func<TState, CancellationToken, Task> callback, TState state, GrainTimerCreationOptions options)
        : base(options.Interleave ? Interleaving : Waiting)
    {
        _activation = activation;
        _callback = callback;
        _state = state;
        _keepAlive = options.KeepAlive;
        SentAt = Forever;

        // The timer outlives the call that made it and must not keep that call's flow.
        var flow = ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow();
        using (flow)
        {
            _timer = activation.Silo.GrainTime.CreateTimer(
                static timer => ((GrainTimer<TState>)timer!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    public override bool IsLocal => true;

    public override bool KeepsAlive => _keepAlive;

    public static GrainTimer<TState> Register(
        Activation activation, Func<TState, CancellationToken, Task> callback, TState state, GrainTimerCreationOptions options)
    {
        var timer = new GrainTimer<TState>(activation, callback, state, options);
        activation.AddTimer(timer);
        timer.Change(options.DueTime, options.Period);
        return timer;
    }

    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        // What the clock would refuse, it would refuse after a tick, where nobody sees it.
        ArgumentOutOfRangeException.ThrowIfLessThan((long)dueTime.TotalMilliseconds, -1, nameof(dueTime));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)dueTime.TotalMilliseconds, LongestTimeout, nameof(dueTime));
        ArgumentOutOfRangeException.ThrowIfLessThan((long)period.TotalMilliseconds, -1, nameof(period));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)period.TotalMilliseconds, LongestTimeout, nameof(period));
        lock (_disposed)
        {
            _dueTime = dueTime;
            _period = period;
            _isChanged = true;
            if (!_isTicking && !_disposed.IsCancellationRequested) _timer.Change(dueTime, Timeout.InfiniteTimeSpan);
        }
    }

    public override Task Invoke(object grain)
    {
        _isChanged = false;
        return _disposed.IsCancellationRequested ? Task.CompletedTask : _callback(_state, _disposed.Token);
    }

    public override void Succeed(Task done) => SetNext();

    public override void Fail(Exception exception)
    {
        Silo.Log.TimerTickFailed(_activation.Silo.Logger, exception, _activation.GrainId);
        SetNext();
    }

    public void Dispose()
    {
        lock (_disposed)
        {
            if (_disposed.IsCancellationRequested) return;

            _timer.Dispose();
        }

        _disposed.Cancel();
        _activation.RemoveTimer(this);
    }

    private void Tick()
    {
        lock (_disposed)
        {
            if (_isTicking || _disposed.IsCancellationRequested) return;

            _isTicking = true;
        }

        _activation.Enqueue(this);
    }

    private void SetNext()
    {
        lock (_disposed)
        {
            _isTicking = false;
            if (!_disposed.IsCancellationRequested) _timer.Change(_isChanged ? _dueTime : _period, Timeout.InfiniteTimeSpan);
        }
    }
}
