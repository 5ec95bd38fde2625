using System.Collections.Concurrent;
using System.Threading.Channels;

namespace StatusMonitor.Engine.Tests.Support;

/// <summary>
/// How a test and the grains of its silo meet: grains tell what happened and wait at gates, the test waits for what
/// happened and opens gates. One per silo, from its services.
/// </summary>
public sealed class Probe
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<string, Channel<object?>> _events = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _gates = new();
    private readonly ConcurrentDictionary<string, int> _counts = new();

    /// <summary>Tells that something happened.</summary>
    public void Tell(string name, object? value = null)
    {
        _counts.AddOrUpdate(name, 1, static (_, count) => count + 1);
        Events(name).Writer.TryWrite(value);
    }

    /// <summary>How often it happened.</summary>
    public int Count(string name) => _counts.GetValueOrDefault(name);

    /// <summary>The next time it happens, or has happened and was not asked for yet.</summary>
    public async Task<object?> Next(string name)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            return await Events(name).Reader.ReadAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"\"{name}\" never came.");
        }
    }

    /// <summary>Waits, in a grain, until the test opens the gate.</summary>
    public Task Pass(string gate) => Gate(gate).Task;

    /// <summary>Opens a gate for good.</summary>
    public void Open(string gate) => Gate(gate).TrySetResult();

    private Channel<object?> Events(string name) => _events.GetOrAdd(name, static _ => Channel.CreateUnbounded<object?>());

    private TaskCompletionSource Gate(string name)
        => _gates.GetOrAdd(name, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}

/// <summary>Patience with tasks that a broken engine would never complete.</summary>
public static class Patience
{
    /// <summary>Awaits the task, and names it if it does not end.</summary>
    public static async Task<T> Soon<T>(this Task<T> task, string what)
    {
        await ((Task)task).Soon(what);
        return await task;
    }

    /// <inheritdoc cref="Soon{T}"/>
    public static async Task Soon(this Task task, string what)
    {
        var first = await Task.WhenAny(task, Task.Delay(TimeSpan.FromSeconds(60)));
        Assert.True(ReferenceEquals(first, task), $"\"{what}\" never ended.");
        await task;
    }
}
