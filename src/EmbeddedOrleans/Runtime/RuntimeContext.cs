namespace Orleans.Runtime;

/// <summary>What this thread is doing: whose turns it runs, and which answer it gives afterwards.</summary>
/// <remarks>
/// Handing a turn or an answer to the pool costs as much as a short turn itself, and often wakes a thread for it. So whoever calls a
/// grain from a pool thread that is in nobody's turn runs the turn itself, and a pool thread that ran turns gives their answer
/// itself. What a grain awaited never comes back on the thread that completed it: that thread may be inside a lock of the framework.
/// </remarks>
internal static class RuntimeContext
{
    /// <summary>Answers lead to code that calls the next grain; so deep may that go before it is left to the pool.</summary>
    private const int MaxDepth = 4;

    // The flow of a thread that nobody has put anything into; with any other, the caller's would get into the grain.
    private static readonly ExecutionContext? EmptyFlow = CaptureEmptyFlow();

    [ThreadStatic]
    private static Activation? _current;

    [ThreadStatic]
    private static IThreadPoolWorkItem? _answer;

    [ThreadStatic]
    private static int _depth;

    /// <summary>The activation whose turn this thread is running.</summary>
    public static Activation? Current => _current;

    /// <summary>Has the turns run that a call of a grain began: by the caller's thread if it may, else by the pool.</summary>
    public static void RunCall(Activation activation, Request call)
    {
        // A synchronisation context would take what the grain awaits away from the activation.
        if (_current is not null || _depth == MaxDepth || !Thread.CurrentThread.IsThreadPoolThread || SynchronizationContext.Current is not null
            || !ReferenceEquals(TaskScheduler.Current, TaskScheduler.Default) || !ReferenceEquals(ExecutionContext.Capture(), EmptyFlow))
        {
            ThreadPool.UnsafeQueueUserWorkItem(activation, preferLocal: true);
            return;
        }

        var answer = Run(activation);

        // Nobody awaits the call's own answer yet. Another's leads to code that the caller must not have to wait for.
        if (ReferenceEquals(answer, call)) answer.Execute();
        else if (answer is not null) ThreadPool.UnsafeQueueUserWorkItem(answer, preferLocal: true);
    }

    /// <summary>Runs turns on a pool thread that was given to them, and gives the answer that they came to.</summary>
    public static void RunOnPool(Activation activation)
    {
        _depth++;
        try
        {
            Run(activation)?.Execute();
        }
        finally
        {
            _depth--;
        }
    }

    /// <summary>Gives an answer outside of any turn, as whoever waits for it may do anything with the thread: one by this thread, others by the pool.</summary>
    public static void Answer(IThreadPoolWorkItem answer)
    {
        if (_current is not null && _answer is null) _answer = answer;
        else ThreadPool.UnsafeQueueUserWorkItem(answer, preferLocal: true);
    }

    private static IThreadPoolWorkItem? Run(Activation activation)
    {
        _current = activation;
        var isMoreToDo = activation.RunTurns();
        _current = null;
        var answer = _answer;
        _answer = null;
        if (isMoreToDo) ThreadPool.UnsafeQueueUserWorkItem(activation, preferLocal: false);
        return answer;
    }

    /// <inheritdoc/>
    internal sealed class Accessor : IGrainContextAccessor
    {
        // Not declared as nullable, as it is in Orleans.
        public IGrainContext GrainContext => Current!;
    }

    private static ExecutionContext? CaptureEmptyFlow()
    {
        ExecutionContext? flow = null;
        var thread = new Thread(() => flow = ExecutionContext.Capture());
        thread.UnsafeStart();
        thread.Join();
        return flow;
    }
}
