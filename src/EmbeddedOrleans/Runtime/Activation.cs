using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace Orleans.Runtime;

/// <summary>
/// One grain in memory: its object, its queue and its turns. It is the task scheduler of the grain's code, so what
/// the code awaits comes back as another turn, and the pool's work item that runs the turns one after the other.
/// </summary>
/// <remarks>All fields are guarded by the lock on the object itself, which costs no memory; no foreign code runs under it.</remarks>
internal sealed class Activation(Silo silo, GrainClass grainClass, GrainId grainId) : TaskScheduler, IGrainContext, IThreadPoolWorkItem
{
    /// <summary>After so many turns the thread goes back to the pool, so that one busy grain leaves room for others.</summary>
    private const int TurnsPerRun = 64;
    private const int MaxReroutes = 2;

    private static readonly Action<object?> StartRequestTurn = static state => ((Request)state!).Target!.RunRequest((Request)state);
    private static readonly Action<object?> ActivateTurn = static state => _ = ((Activation)state!).ActivateAsync();
    private static readonly Action<object?> DeactivateTurn = static state => _ = ((Activation)state!).FinishDeactivationAsync();
    private static readonly Action<Task, object?> RequestDone = static (task, state) => ((Request)state!).Target!.Finish((Request)state, task);

    private Phase _phase;
    private bool _isScheduled;
    private TurnQueue _turns;
    private RequestList _running;
    private RequestList _waiting;

    /// <summary>The running request that keeps others out; null when none runs or all that run interleave with any.</summary>
    private Request? _blocking;
    private IServiceScope? _scope;
    private List<IDisposable>? _timers;
    private List<Guid>? _reentrantSections;
    private Ending? _ending;
    private long _lastUsed = silo.Now;
    private long _keepAliveUntil;

    private enum Phase : byte
    {
        Created,
        Activating,
        Valid,
        Deactivating,
        Finishing,
        Invalid,
    }

    public Silo Silo => silo;

    public GrainId GrainId => grainId;

    public GrainClass Class => grainClass;

    public object? GrainInstance { get; private set; }

    public override int MaximumConcurrencyLevel => 1;

    public IServiceProvider ActivationServices
    {
        get
        {
            lock (this)
            {
                return (_scope ??= silo.ServiceProvider.CreateScope()).ServiceProvider;
            }
        }
    }

    public Task Deactivated
    {
        get
        {
            lock (this)
            {
                return _phase == Phase.Invalid ? Task.CompletedTask : (_ending ??= new Ending()).Done.Task;
            }
        }
    }

    public bool Equals(IGrainContext? other) => ReferenceEquals(this, other);

    /// <summary>Takes a request. False when this activation has ended: the next one must take it.</summary>
    public bool Enqueue(Request request)
    {
        bool schedule;
        lock (this)
        {
            if (_phase == Phase.Invalid) return false;

            if (_phase == Phase.Created)
            {
                _phase = Phase.Activating;
                _turns.Enqueue(ActivateTurn);
            }

            request.Target = this;
            if (MayStart(request)) Start(request);
            else _waiting.Add(request);
            schedule = TakeSchedule();
        }

        if (!schedule) return true;
        if (request.IsCall) RuntimeContext.RunCall(this, request);
        else ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
        return true;
    }

    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default)
    {
        bool schedule;
        lock (this)
        {
            if (_phase == Phase.Created)
            {
                // Nobody has used it: it may go without having been.
                _phase = Phase.Invalid;
                silo.Forget(this);
            }

            if (_phase is not (Phase.Activating or Phase.Valid)) return;

            _ending ??= new Ending();
            if (_ending.Reason.ReasonCode == DeactivationReasonCode.None) _ending.Reason = deactivationReason;
            _ending.HurryUp = cancellationToken;

            // While it activates, the end comes after that.
            if (_phase == Phase.Valid)
            {
                _phase = Phase.Deactivating;
                FinishWhenIdle();
            }

            schedule = TakeSchedule();
        }

        if (schedule) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
    }

    public void DelayDeactivation(TimeSpan time)
    {
        lock (this)
        {
            _keepAliveUntil = time <= TimeSpan.Zero && time != Timeout.InfiniteTimeSpan ? 0
                : time == TimeSpan.MaxValue || time == Timeout.InfiniteTimeSpan ? long.MaxValue
                : silo.Now + (long)time.TotalMilliseconds;
        }
    }

    /// <summary>Fails the calls whose time is up, and ends the activation when nobody used it for its class's age.</summary>
    public void Sweep(long now, long responseTimeout, bool collect)
    {
        // Most activations are idle most of the time: they are passed over without their lock.
        if (!collect && _running.Count == 0 && _waiting.Count == 0) return;

        List<Request>? late = null;
        var isStale = false;
        lock (this)
        {
            if (_running.Count == 0 && _waiting.Count == 0)
            {
                isStale = collect && _phase == Phase.Valid && now - _lastUsed >= grainClass.CollectionAge && now >= _keepAliveUntil;
            }
            else
            {
                CollectLate(_running.First, now, responseTimeout, ref late);
                var running = late?.Count ?? 0;
                CollectLate(_waiting.First, now, responseTimeout, ref late);

                // The caller has given up, so the grain need not begin; what it has begun it finishes.
                for (var i = running; i < (late?.Count ?? 0); i++) _waiting.Remove(late![i]);
            }
        }

        if (isStale) Deactivate(new(DeactivationReasonCode.ActivationIdle, "Nobody used it for its collection age."));
        if (late is null) return;

        foreach (var request in late)
        {
            request.SentAt = Request.Forever;
            request.Fail(new TimeoutException(
                $"Response did not arrive on time in {TimeSpan.FromMilliseconds(request.Method.ResponseTimeout ?? responseTimeout)} for {request.Method.Name} of {grainId}."));
        }
    }

    /// <summary>Fails every call that is still open, when the silo gives up on the activation.</summary>
    public void Abandon(Exception exception)
    {
        List<Request>? open = null;
        lock (this)
        {
            CollectLate(_running.First, long.MaxValue, 0, ref open);
            CollectLate(_waiting.First, long.MaxValue, 0, ref open);
        }

        foreach (var request in open ?? []) request.Fail(exception);
    }

    public void AddTimer(IDisposable timer)
    {
        lock (this)
        {
            (_timers ??= []).Add(timer);
        }
    }

    public void RemoveTimer(IDisposable timer)
    {
        lock (this)
        {
            _timers?.Remove(timer);
        }
    }

    public void EnterReentrantSection(Guid id)
    {
        lock (this)
        {
            (_reentrantSections ??= []).Add(id);
        }
    }

    public void LeaveReentrantSection(Guid id)
    {
        lock (this)
        {
            _reentrantSections?.Remove(id);
        }
    }

    void IThreadPoolWorkItem.Execute() => RuntimeContext.RunOnPool(this);

    /// <summary>Runs turns until there are none or enough; true if there are more.</summary>
    internal bool RunTurns()
    {
        for (var turns = 0; turns < TurnsPerRun; turns++)
        {
            object? turn;
            lock (this)
            {
                if ((turn = _turns.Dequeue()) is null)
                {
                    _isScheduled = false;
                    return false;
                }
            }

            if (turn is Task task) TryExecuteTask(task);
            else if (turn is Request request) new Task(StartRequestTurn, request).RunSynchronously(this);
            else new Task((Action<object?>)turn, this).RunSynchronously(this);
        }

        return true;
    }

    protected override void QueueTask(Task task)
    {
        bool schedule;
        lock (this)
        {
            _turns.Enqueue(task);
            schedule = TakeSchedule();
        }

        if (schedule) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued)
        => !taskWasPreviouslyQueued && ReferenceEquals(RuntimeContext.Current, this) && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => [];

    private static void CollectLate(Request? first, long now, long responseTimeout, ref List<Request>? late)
    {
        for (var request = first; request is not null; request = request.Next)
        {
            if (request.SentAt != Request.Forever && now - request.SentAt > (request.Method.ResponseTimeout ?? responseTimeout)) (late ??= []).Add(request);
        }
    }

    private bool TakeSchedule()
    {
        if (_isScheduled) return false;

        _isScheduled = true;
        return true;
    }

    private bool MayStart(Request request)
    {
        // While it ends, ticks may still serve the calls that it waits for.
        if (_phase != Phase.Valid && !(_phase == Phase.Deactivating && request.IsLocal)) return false;
        if (_running.Count == 0 || _blocking is null) return true;
        if (request.Method.IsAlwaysInterleave || grainClass.IsReentrant) return true;
        if (request.Method.IsReadOnly && _blocking.Method.IsReadOnly) return true;

        return _reentrantSections is { Count: > 0 } sections && sections.Contains(RequestContext.ReentrancyOf(request.Context));
    }

    private void Start(Request request)
    {
        _running.Add(request);
        if (_blocking is null && !request.Method.IsAlwaysInterleave) _blocking = request;
        _turns.Enqueue(request);
    }

    /// <summary>Starts what waits and may start now, in order.</summary>
    private void StartWaiting(bool all)
    {
        for (var request = _waiting.First; request is not null;)
        {
            var next = request.Next;
            if (MayStart(request))
            {
                _waiting.Remove(request);
                Start(request);
            }
            else if (!all && _blocking is { Method.IsReadOnly: false })
            {
                // What may interleave was let in when it came, so nothing behind this can start.
                return;
            }

            request = next;
        }
    }

    private void FinishWhenIdle()
    {
        if (_phase != Phase.Deactivating || _running.Count > 0) return;

        _phase = Phase.Finishing;
        _turns.Enqueue(DeactivateTurn);
    }

    private void RunRequest(Request request)
    {
        Task task;
        try
        {
            // The turn began with an empty flow; only what the caller sent along goes in.
            if (request.Context is not null) RequestContext.Values = request.Context;
            task = request.Invoke(GrainInstance!) ?? Task.CompletedTask;
        }
        catch (Exception exception)
        {
            Finish(request, Task.FromException(exception));
            return;
        }

        if (task.IsCompleted) Finish(request, task);
        else task.ContinueWith(RequestDone, request, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, Default);
    }

    private void Finish(Request request, Task task)
    {
        var exception = task.IsCompletedSuccessfully ? null
            : task.IsCanceled ? new TaskCanceledException(task)
            : task.Exception!.InnerExceptions[0];

        if (exception is InconsistentStateException { IsSourceActivation: true } stale)
        {
            stale.IsSourceActivation = false;
            Silo.Log.DeactivatingInconsistentState(silo.Logger, exception, grainId);
            Deactivate(new(DeactivationReasonCode.ApplicationError, exception, "The stored state was changed by somebody else."));
        }

        bool schedule;
        lock (this)
        {
            _running.Remove(request);
            if (ReferenceEquals(_blocking, request)) _blocking = NextBlocking();
            if (request.KeepsAlive) _lastUsed = silo.Now;
            if (_waiting.Count > 0) StartWaiting(all: false);
            FinishWhenIdle();
            schedule = TakeSchedule();
        }

        if (schedule) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
        if (exception is null) request.Succeed(task);
        else
        {
            if (request.Method.IsOneWay) Silo.Log.OneWayFailed(silo.Logger, exception, request.Method.Name, grainId);
            request.Fail(exception);
        }
    }

    /// <summary>Read-only calls block together: when one of them ends, the others still keep writers out.</summary>
    private Request? NextBlocking()
    {
        for (var request = _running.First; request is not null; request = request.Next)
        {
            if (!request.Method.IsAlwaysInterleave) return request;
        }

        return null;
    }

    private async Task ActivateAsync()
    {
        Exception? failure = null;
        try
        {
            using var timeout = new CancellationTokenSource(silo.ActivationTimeout, silo.Time);
            GrainInstance = grainClass.Create(this, out var states);
            foreach (var state in states) await state.LoadAsync(timeout.Token);
            if (GrainInstance is IGrainBase grain) await grain.OnActivateAsync(timeout.Token).WaitAsync(timeout.Token);
        }
        catch (Exception exception)
        {
            // Whatever it is, the callers shall get it.
            failure = exception;
            Silo.Log.ActivationFailed(silo.Logger, exception, grainId);
        }

        if (failure is not null)
        {
            await EndAsync(failure);
            return;
        }

        lock (this)
        {
            _lastUsed = silo.Now;
            _phase = Phase.Valid;
            if (_ending is { Reason.ReasonCode: not DeactivationReasonCode.None }) _phase = Phase.Deactivating;
            else StartWaiting(all: true);
            FinishWhenIdle();
        }
    }

    private async Task FinishDeactivationAsync()
    {
        var ending = _ending!;
        try
        {
            using var timeout = new CancellationTokenSource(silo.DeactivationTimeout, silo.Time);
            using var hurry = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, ending.HurryUp);
            StopTimers();
            if (GrainInstance is IGrainBase grain) await grain.OnDeactivateAsync(ending.Reason, hurry.Token).WaitAsync(hurry.Token);
        }
        catch (Exception exception)
        {
            // The activation ends all the same; what it meant to save is lost, as in a crash.
            Silo.Log.DeactivationFailed(silo.Logger, exception, grainId);
        }

        await EndAsync(failure: null);
    }

    /// <summary>Leaves the catalog, gives what waits to the next activation or fails it, and frees what the grain held.</summary>
    private async Task EndAsync(Exception? failure)
    {
        StopTimers();
        silo.Forget(this);

        Request? waiting;
        Ending? ending;
        IServiceScope? scope;
        lock (this)
        {
            _phase = Phase.Invalid;
            waiting = _waiting.First;
            _waiting = default;
            ending = _ending;
            scope = _scope;
            _scope = null;
        }

        while (waiting is { } request)
        {
            waiting = request.Next;
            request.Previous = request.Next = null;
            if (failure is not null) request.Fail(failure);
            else if (request.IsLocal) continue;
            else if (++request.Reroutes > MaxReroutes) request.Fail(new OrleansMessageRejectionException($"{grainId} ended {MaxReroutes + 1} times before it took {request.Method.Name}."));
            else silo.Reroute(request, grainId);
        }

        try
        {
            // Whoever made the object of an observer has it still.
            if (grainClass.IsObserver) GrainInstance = null;
            if (GrainInstance is IAsyncDisposable asyncDisposable) await asyncDisposable.DisposeAsync();
            else (GrainInstance as IDisposable)?.Dispose();

            if (scope is IAsyncDisposable asyncScope) await asyncScope.DisposeAsync();
            else scope?.Dispose();
        }
        catch (Exception exception)
        {
            Silo.Log.DeactivationFailed(silo.Logger, exception, grainId);
        }

        // References to the grain may remember this activation for long.
        GrainInstance = null;
        ending?.Done.TrySetResult();
    }

    private void StopTimers()
    {
        List<IDisposable>? timers;
        lock (this)
        {
            timers = _timers;
            _timers = null;
        }

        foreach (var timer in timers ?? []) timer.Dispose();
    }

    private sealed class Ending
    {
        public DeactivationReason Reason { get; set; }

        public CancellationToken HurryUp { get; set; }

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
