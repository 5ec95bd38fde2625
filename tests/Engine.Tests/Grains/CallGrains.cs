using Orleans.Concurrency;
using StatusMonitor.Engine.Tests.Support;

namespace StatusMonitor.Engine.Tests.Grains;

/// <summary>An argument and a result of a call.</summary>
[GenerateSerializer, Immutable]
public sealed record Note([property: Id(0)] string Text, [property: Id(1)] int Number);

/// <summary>A failure of the application's own.</summary>
[GenerateSerializer]
public sealed class NoteException(string message) : Exception(message);

/// <summary>Calls of every shape.</summary>
public interface ICallGrain : IGrainWithStringKey
{
    Task<Note> Echo(Note note);

    ValueTask<int> Add(int one, int other);

    Task Throw(string message);

    Task ThrowLater(string message);

    /// <summary>Waits at gate "name".</summary>
    Task Wait(string name);

    /// <summary>As <see cref="Wait"/>, for callers who wait for a tenth of a second.</summary>
    [ResponseTimeout("00:00:00.1")]
    Task WaitBriefly(string name);

    /// <summary>Tells "name waits", waits at gate "name", tells "name went on".</summary>
    [OneWay]
    Task Begin(string name);

    /// <summary>Tells "waiting", waits until canceled, tells "canceled".</summary>
    Task WaitForCancellation(CancellationToken cancellationToken);

    /// <summary>Calls the other, which calls this one back.</summary>
    Task<Note> ThereAndBack(string other, bool allowReentrancy);

    Task<Note> CallBack(ICallGrain caller, Note note);

    /// <summary>What the caller set in the request context.</summary>
    Task<string?> ReadContext(string key);
}

public sealed class CallGrain(Probe probe) : Grain, ICallGrain
{
    public Task<Note> Echo(Note note) => Task.FromResult(note);

    public ValueTask<int> Add(int one, int other) => ValueTask.FromResult(one + other);

    public Task Throw(string message) => throw new NoteException(message);

    public async Task ThrowLater(string message)
    {
        await Task.Yield();
        throw new NoteException(message);
    }

    public Task Wait(string name) => probe.Pass(name);

    public Task WaitBriefly(string name) => probe.Pass(name);

    public async Task Begin(string name)
    {
        probe.Tell($"{name} waits");
        await probe.Pass(name);
        probe.Tell($"{name} went on");
    }

    public async Task WaitForCancellation(CancellationToken cancellationToken)
    {
        probe.Tell("waiting");
        try
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            probe.Tell("canceled");
            throw;
        }
    }

    public async Task<Note> ThereAndBack(string other, bool allowReentrancy)
    {
        using var section = allowReentrancy ? RequestContext.AllowCallChainReentrancy() : RequestContext.SuppressCallChainReentrancy();
        return await GrainFactory.GetGrain<ICallGrain>(other).CallBack(this.AsReference<ICallGrain>(), new Note("round", 1));
    }

    public Task<Note> CallBack(ICallGrain caller, Note note) => caller.Echo(note);

    public Task<string?> ReadContext(string key) => Task.FromResult(RequestContext.Get(key) as string);
}

/// <summary>Grains that tell their own key.</summary>
public interface ITextKeyGrain : IGrainWithStringKey
{
    Task<string> Key();
}

/// <inheritdoc cref="ITextKeyGrain"/>
public interface INumberKeyGrain : IGrainWithIntegerKey
{
    Task<long> Key();
}

/// <inheritdoc cref="ITextKeyGrain"/>
public interface IGuidKeyGrain : IGrainWithGuidKey
{
    Task<Guid> Key();
}

public sealed class TextKeyGrain : Grain, ITextKeyGrain
{
    public Task<string> Key() => Task.FromResult(this.GetPrimaryKeyString());
}

public sealed class NumberKeyGrain : Grain, INumberKeyGrain
{
    public Task<long> Key() => Task.FromResult(this.GetPrimaryKeyLong());
}

public sealed class GuidKeyGrain : Grain, IGuidKeyGrain
{
    public Task<Guid> Key() => Task.FromResult(this.GetPrimaryKey());
}
