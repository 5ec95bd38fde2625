using StatusMonitor.Engine.Tests.Support;

namespace StatusMonitor.Engine.Tests.Grains;

/// <summary>A grain that tells "key activated" and "key deactivated", with the reason.</summary>
public interface ILifeGrain : IGrainWithStringKey
{
    /// <summary>Which activation answers.</summary>
    Task<Guid> Activation();

    /// <summary>Asks to be deactivated, and waits at gate "key leaves" before the call ends.</summary>
    Task<Guid> Leave();
}

public sealed class LifeGrain(Probe probe) : Grain, ILifeGrain
{
    private readonly Guid _activation = Guid.NewGuid();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        probe.Tell($"{this.GetPrimaryKeyString()} activated");
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        probe.Tell($"{this.GetPrimaryKeyString()} deactivated", reason.ReasonCode);
        return Task.CompletedTask;
    }

    public Task<Guid> Activation() => Task.FromResult(_activation);

    public async Task<Guid> Leave()
    {
        DeactivateOnIdle();
        probe.Tell($"{this.GetPrimaryKeyString()} asked to leave");
        await probe.Pass($"{this.GetPrimaryKeyString()} leaves");
        return _activation;
    }
}

/// <summary>A grain that cannot be activated until gate "repaired" is open.</summary>
public interface IBrokenGrain : IGrainWithStringKey
{
    Task<string> Hello();
}

public sealed class BrokenGrain(Probe probe) : Grain, IBrokenGrain
{
    public override Task OnActivateAsync(CancellationToken cancellationToken)
        => probe.Pass("repaired").IsCompleted ? Task.CompletedTask : throw new NoteException("not today");

    public Task<string> Hello() => Task.FromResult("hello");
}
