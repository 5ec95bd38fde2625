namespace StatusMonitor.Grains.Fleet;

/// <summary>Gives host ids: positive integers, each once. The only key is 0.</summary>
[Alias("StatusMonitor.IHostNumbersGrain")]
public interface IHostNumbersGrain : IGrainWithIntegerKey
{
    /// <summary>The next id. It is stored as given before this returns, so a crash may skip one but never gives it twice.</summary>
    [Alias("Next")]
    Task<long> Next();
}

/// <inheritdoc cref="IHostNumbersGrain"/>
public sealed class HostNumbersGrain([PersistentState("host-numbers")] IPersistentState<HostNumbersState> state) : Grain, IHostNumbersGrain
{
    /// <inheritdoc/>
    public async Task<long> Next()
    {
        var id = ++state.State.Last;
        await state.WriteStateAsync();
        return id;
    }
}

/// <summary>What is stored of the numbers.</summary>
[GenerateSerializer, Alias("StatusMonitor.HostNumbersState")]
public sealed class HostNumbersState
{
    /// <summary>The last id that was given.</summary>
    [Id(0)]
    public long Last { get; set; }
}
