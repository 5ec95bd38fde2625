using System.Reflection;
using Orleans.Concurrency;

namespace Orleans.Runtime;

/// <summary>What the interface says about one of its methods, read once.</summary>
internal sealed class GrainMethod(MethodInfo method)
{
    /// <summary>For turns that are no method: timer ticks and stream deliveries.</summary>
    private GrainMethod(MethodInfo stand, string name, bool alwaysInterleave) : this(stand)
    {
        Name = name;
        IsAlwaysInterleave = alwaysInterleave;
    }

    public string Name { get; } = $"{method.DeclaringType?.Name}.{method.Name}";

    public bool IsReadOnly { get; } = method.IsDefined(typeof(ReadOnlyAttribute));

    public bool IsAlwaysInterleave { get; } = method.IsDefined(typeof(AlwaysInterleaveAttribute));

    public bool IsOneWay { get; } = method.ReturnType == typeof(void) || method.IsDefined(typeof(OneWayAttribute));

    /// <summary>How long a caller waits, milliseconds; null: as long as for all calls.</summary>
    public long? ResponseTimeout { get; } = (long?)method.GetCustomAttribute<ResponseTimeoutAttribute>()?.Timeout?.TotalMilliseconds;

    public static GrainMethod Turn(string name, bool alwaysInterleave = false)
        => new(((Action)(static () => { })).Method, name, alwaysInterleave);
}
