using Orleans.Concurrency;
using StatusMonitor.Engine.Tests.Support;

namespace StatusMonitor.Engine.Tests.Grains;

/// <summary>Calls that stop at a gate, with every kind of permission to overlap.</summary>
public interface ITurnGrain : IGrainWithStringKey
{
    /// <summary>Tells "name entered", waits at gate "name", tells "name left".</summary>
    Task Write(string name);

    /// <inheritdoc cref="Write"/>
    [ReadOnly]
    Task Read(string name);

    /// <inheritdoc cref="Write"/>
    [AlwaysInterleave]
    Task Interleave(string name);

    /// <summary>Gets through at any time; what was sent before it has by then been let in or held back.</summary>
    [AlwaysInterleave]
    Task Fence();

    /// <summary>Adds one in two turns, so that an overlapping call would lose one.</summary>
    Task<int> CountSlowly();

    /// <summary>Takes many short turns; whether another turn of the grain ran during one of them.</summary>
    Task<bool> SeesAnotherTurn();

    /// <summary>Whether code after each kind of await runs in the activation again.</summary>
    Task<bool> StaysInItsActivation();
}

/// <inheritdoc/>
public interface IReentrantTurnGrain : ITurnGrain;

public class TurnGrain(Probe probe) : Grain, ITurnGrain
{
    private int _count;
    private int _turns;

    public Task Write(string name) => Stop(name);

    public Task Read(string name) => Stop(name);

    public Task Interleave(string name) => Stop(name);

    public Task Fence() => Task.CompletedTask;

    public async Task<int> CountSlowly()
    {
        var count = _count;
        await Task.Yield();
        return _count = count + 1;
    }

    public async Task<bool> SeesAnotherTurn()
    {
        var seen = false;
        for (var i = 0; i < 50; i++)
        {
            await Task.Yield();
            seen |= Interlocked.Increment(ref _turns) != 1;
            Thread.SpinWait(200);
            Interlocked.Decrement(ref _turns);
        }

        return seen;
    }

    public async Task<bool> StaysInItsActivation()
    {
        var own = TaskScheduler.Current;
        await Task.Yield();
        var afterYield = TaskScheduler.Current;
        await Task.Run(static () => { });
        return own != TaskScheduler.Default && afterYield == own && TaskScheduler.Current == own;
    }

    private async Task Stop(string name)
    {
        probe.Tell($"{name} entered");
        await probe.Pass(name);
        probe.Tell($"{name} left");
    }
}

[Reentrant]
public sealed class ReentrantTurnGrain(Probe probe) : TurnGrain(probe), IReentrantTurnGrain;
