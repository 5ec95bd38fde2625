namespace Orleans.Runtime;

/// <summary>Values that go along with calls, from the caller's flow of control to the callee's.</summary>
public static class RequestContext
{
    private const string ReentrancyKey = "#CCR";
    private static readonly AsyncLocal<Dictionary<string, object>?> Flow = new();

    /// <summary>The dictionaries are never changed once made, so calls may share them.</summary>
    internal static Dictionary<string, object>? Values
    {
        get => Flow.Value;
        set => Flow.Value = value;
    }

    /// <summary>The call chain that may re-enter the grains it went through; empty when none may.</summary>
    public static Guid ReentrancyId
    {
        get => Get(ReentrancyKey) is Guid id ? id : Guid.Empty;
        set
        {
            if (value == Guid.Empty) Remove(ReentrancyKey);
            else Set(ReentrancyKey, value);
        }
    }

    /// <summary>Until disposed, calls made from here may come back to this grain while it awaits them.</summary>
    public static ReentrancySection AllowCallChainReentrancy()
        => new(ReentrancyId, ReentrancyId is var id && id == Guid.Empty ? Guid.NewGuid() : id);

    /// <summary>Until disposed, calls made from here may not come back.</summary>
    public static ReentrancySection SuppressCallChainReentrancy() => new(ReentrancyId, Guid.Empty);

    /// <summary>The value with that name, or null.</summary>
    public static object? Get(string key) => Values?.GetValueOrDefault(key);

    /// <summary>Sets a value for this flow of control and the calls it makes.</summary>
    public static void Set(string key, object value)
        => Values = new Dictionary<string, object>(Values ?? []) { [key] = value };

    /// <summary>Takes a value away; false if there was none.</summary>
    public static bool Remove(string key)
    {
        if (Values is not { } values || !values.ContainsKey(key)) return false;

        var rest = new Dictionary<string, object>(values);
        rest.Remove(key);
        Values = rest.Count == 0 ? null : rest;
        return true;
    }

    /// <summary>Takes all values away.</summary>
    public static void Clear() => Values = null;

    internal static Guid ReentrancyOf(Dictionary<string, object>? values)
        => values is not null && values.TryGetValue(ReentrancyKey, out var id) ? (Guid)id : Guid.Empty;

    /// <summary>A stretch of code with its own <see cref="ReentrancyId"/>.</summary>
    public readonly struct ReentrancySection : IDisposable
    {
        private readonly Guid _before;
        private readonly Guid _within;

        /// <summary>Begins the stretch.</summary>
        public ReentrancySection(Guid originalReentrancyId, Guid newReentrancyId)
        {
            _before = originalReentrancyId;
            _within = newReentrancyId;
            ReentrancyId = newReentrancyId;
            if (newReentrancyId != Guid.Empty) RuntimeContext.Current?.EnterReentrantSection(newReentrancyId);
        }

        /// <summary>Ends the stretch.</summary>
        public void Dispose()
        {
            if (_within != Guid.Empty) RuntimeContext.Current?.LeaveReentrantSection(_within);
            ReentrancyId = _before;
        }
    }
}
