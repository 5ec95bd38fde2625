using System.Diagnostics.CodeAnalysis;

namespace Orleans.Runtime;

/// <summary>When a grain timer ticks, and whether its ticks wait for calls.</summary>
public readonly struct GrainTimerCreationOptions()
{
    /// <summary>Ticks first after <paramref name="dueTime"/>, then every <paramref name="period"/>.</summary>
    [SetsRequiredMembers]
    public GrainTimerCreationOptions(TimeSpan dueTime, TimeSpan period) : this()
    {
        DueTime = dueTime;
        Period = period;
    }

    /// <summary>The time to the first tick; <see cref="Timeout.InfiniteTimeSpan"/> waits for <see cref="IGrainTimer.Change"/>.</summary>
    public required TimeSpan DueTime { get; init; }

    /// <summary>The pause from the end of one tick to the start of the next; <see cref="Timeout.InfiniteTimeSpan"/> ticks once.</summary>
    public required TimeSpan Period { get; init; }

    /// <summary>Whether ticks may run while a call is awaiting something. Default: false, a tick is a turn like a call.</summary>
    public bool Interleave { get; init; }

    /// <summary>Whether a tick counts as use, so that the activation is not collected. Default: false.</summary>
    public bool KeepAlive { get; init; }
}

/// <summary>A timer of one activation. Disposing it cancels the token of the tick that runs.</summary>
public interface IGrainTimer : IDisposable
{
    /// <summary>Sets the next tick and the pause between ticks; during a tick it takes effect when the tick ends.</summary>
    void Change(TimeSpan dueTime, TimeSpan period);
}
