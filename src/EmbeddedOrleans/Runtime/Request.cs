namespace Orleans.Runtime;

/// <summary>
/// One turn's beginning on a grain: a call, a timer tick, a stream delivery. It is also its own link in the
/// activation's list of running or of waiting requests, so that neither needs memory of its own.
/// </summary>
internal abstract class Request(GrainMethod method)
{
    /// <summary>For <see cref="SentAt"/>: never times out.</summary>
    public const long Forever = long.MaxValue;

    public readonly GrainMethod Method = method;
    public Activation? Target;
    public Request? Previous;
    public Request? Next;
    public Dictionary<string, object>? Context;
    public long SentAt;

    /// <summary>How often an activation ended before it took this.</summary>
    public byte Reroutes;

    /// <summary>Whether somebody calls a grain, who may run the turn; ticks and events come from under locks.</summary>
    public virtual bool IsCall => false;

    /// <summary>Whether it means this activation and none after it.</summary>
    public virtual bool IsLocal => false;

    /// <summary>Whether it counts as use of the grain.</summary>
    public virtual bool KeepsAlive => true;

    /// <summary>Runs the grain's code, in a turn of <see cref="Target"/>.</summary>
    public abstract Task Invoke(object grain);

    /// <summary>Tells the caller the result that <see cref="Invoke"/>'s task has.</summary>
    public abstract void Succeed(Task done);

    /// <summary>Tells the caller the failure; may come before the grain's code ends, on a timeout.</summary>
    public abstract void Fail(Exception exception);
}

/// <summary>A call of a grain method; what is derived from it is emitted by <see cref="GrainProxy"/>.</summary>
internal abstract class GrainCall<TResult>(GrainMethod method) : Request(method), IThreadPoolWorkItem
{
    private static readonly Task<TResult> Nothing = Task.FromResult<TResult>(default!);
    private TaskCompletionSource<TResult>? _reply;

    // The finished task or the exception; what comes first is the answer.
    private object? _outcome;

    // A call that nobody waits for shall not hold up who made it.
    public override bool IsCall => !Method.IsOneWay;

    public Task<TResult> Open(long now)
    {
        SentAt = now;
        Context = RequestContext.Values;
        if (Method.IsOneWay) return Nothing;

        _reply = new TaskCompletionSource<TResult>();
        return _reply.Task;
    }

    public override void Succeed(Task done) => Answer(done);

    public override void Fail(Exception exception) => Answer(exception);

    void IThreadPoolWorkItem.Execute()
    {
        // A method without a result is sent as one with a result of type object.
        if (_outcome is Task done) _reply!.TrySetResult(done is Task<TResult> result ? result.Result : default!);
        else if (_outcome is OperationCanceledException canceled) _reply!.TrySetCanceled(canceled.CancellationToken);
        else _reply!.TrySetException((Exception)_outcome!);
    }

    private void Answer(object outcome)
    {
        if (_reply is not null && Interlocked.CompareExchange(ref _outcome, outcome, null) is null) RuntimeContext.Answer(this);
    }
}

/// <summary>A doubly linked list of requests; each is in at most one.</summary>
internal struct RequestList
{
    public Request? First;
    private Request? _last;

    public int Count { get; private set; }

    public void Add(Request request)
    {
        request.Previous = _last;
        if (_last is null) First = request;
        else _last.Next = request;
        _last = request;
        Count++;
    }

    public void Remove(Request request)
    {
        if (request.Previous is null) First = request.Next;
        else request.Previous.Next = request.Next;
        if (request.Next is null) _last = request.Previous;
        else request.Next.Previous = request.Previous;
        request.Previous = request.Next = null;
        Count--;
    }
}
