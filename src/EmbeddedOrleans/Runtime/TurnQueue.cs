namespace Orleans.Runtime;

/// <summary>What an activation runs next. Nearly always there is one thing or nothing, and that takes no memory.</summary>
internal struct TurnQueue
{
    private object? _first;
    private Queue<object>? _rest;

    public void Enqueue(object turn)
    {
        if (_first is null) _first = turn;
        else (_rest ??= new Queue<object>()).Enqueue(turn);
    }

    public object? Dequeue()
    {
        var turn = _first;
        if (turn is null) return null;

        if (_rest is null || !_rest.TryDequeue(out _first))
        {
            // An activation that was once busy must not keep the memory for it.
            _first = null;
            _rest = null;
        }

        return turn;
    }
}
