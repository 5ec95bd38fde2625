using Orleans.Storage;
using StatusMonitor.Engine.Tests.Support;

namespace StatusMonitor.Engine.Tests.Grains;

/// <summary>What is stored.</summary>
[GenerateSerializer]
public sealed class Tally
{
    [Id(0)]
    public int Value { get; set; }
}

/// <summary>A grain with a state.</summary>
public interface IStateGrain : IGrainWithStringKey
{
    /// <summary>The value in memory.</summary>
    Task<int> Get();

    /// <summary>Changes the value in memory and stores it.</summary>
    Task Set(int value);

    /// <summary>Changes the value in memory only.</summary>
    Task SetWithoutStoring(int value);

    /// <summary>Tries <see cref="Set"/>; false if somebody else has written.</summary>
    Task<bool> TrySet(int value);

    Task Clear();

    Task<bool> IsStored();

    Task<Guid> Activation();

    Task Leave();
}

public sealed class StateGrain(
    [PersistentState("tally")] IPersistentState<Tally> state,
    Probe probe) : Grain, IStateGrain
{
    private readonly Guid _activation = Guid.NewGuid();

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        probe.Tell($"{this.GetPrimaryKeyString()} deactivated", reason.ReasonCode);
        return Task.CompletedTask;
    }

    public Task<int> Get() => Task.FromResult(state.State.Value);

    public Task Set(int value)
    {
        state.State.Value = value;
        return state.WriteStateAsync();
    }

    public Task SetWithoutStoring(int value)
    {
        state.State.Value = value;
        return Task.CompletedTask;
    }

    public async Task<bool> TrySet(int value)
    {
        try
        {
            await Set(value);
            return true;
        }
        catch (InconsistentStateException)
        {
            return false;
        }
    }

    public Task Clear() => state.ClearStateAsync();

    public Task<bool> IsStored() => Task.FromResult(state.RecordExists);

    public Task<Guid> Activation() => Task.FromResult(_activation);

    public Task Leave()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}
