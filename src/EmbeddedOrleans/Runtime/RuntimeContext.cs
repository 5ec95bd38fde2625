namespace Orleans.Runtime;

/// <summary>What this thread is doing: whose turns it runs, and which answer it gives afterwards.</summary>
/// <remarks>
/// Handing a turn or an answer to the pool costs as much as a short turn itself, and often wakes a thread for it. A pool thread
/// that is in nobody's turn therefore runs the turn itself, and gives the answer itself once the turns are over.
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

    /// <summary>Has an activation's turns run: by this thread if it may, else by the pool.</summary>
    public static void Schedule(Activation activation)
    {
        if (_current is null && _depth < MaxDepth && Thread.CurrentThread.IsThreadPoolThread
            && ReferenceEquals(TaskScheduler.Current, TaskScheduler.Default) && ReferenceEquals(ExecutionContext.Capture(), EmptyFlow))
        {
            Run(activation);
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(activation, preferLocal: true);
        }
    }

    /// <summary>Runs an activation's turns on this thread, and gives the answer that they came to.</summary>
    public static void Run(Activation activation)
    {
        _depth++;
        try
        {
            _current = activation;
            var isMoreToDo = activation.RunTurns();
            _current = null;
            var answer = _answer;
            _answer = null;
            if (isMoreToDo) ThreadPool.UnsafeQueueUserWorkItem(activation, preferLocal: false);
            answer?.Execute();
        }
        finally
        {
            _current = null;
            _depth--;
        }
    }

    /// <summary>Gives an answer outside of any turn, as whoever waits for it may do anything with the thread: one by this thread, others by the pool.</summary>
    public static void Answer(IThreadPoolWorkItem answer)
    {
        if (_current is not null && _answer is null) _answer = answer;
        else ThreadPool.UnsafeQueueUserWorkItem(answer, preferLocal: true);
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
