using Orleans.Concurrency;

namespace StatusMonitor.Engine.Tests.Grains;

/// <summary>An object of the test that grains call.</summary>
[Alias("StatusMonitor.Engine.IListener")]
public interface IListener : IGrainObserver
{
    [Alias("Hear"), OneWay]
    Task Hear(int number);
}

/// <summary>Calls who asked to be called.</summary>
[Alias("StatusMonitor.Engine.ISpeakerGrain")]
public interface ISpeakerGrain : IGrainWithStringKey
{
    /// <summary>How many there are then.</summary>
    [Alias("Add")]
    Task<int> Add(IListener listener);

    [Alias("Remove")]
    Task<bool> Remove(IListener listener);

    /// <summary>Tells all of them the numbers.</summary>
    [Alias("Speak")]
    Task Speak(int first, int count);
}

public sealed class SpeakerGrain : Grain, ISpeakerGrain
{
    private readonly HashSet<IListener> _listeners = [];

    public Task<int> Add(IListener listener)
    {
        _listeners.Add(listener);
        return Task.FromResult(_listeners.Count);
    }

    public Task<bool> Remove(IListener listener) => Task.FromResult(_listeners.Remove(listener));

    public async Task Speak(int first, int count)
    {
        for (var number = first; number < first + count; number++)
        {
            foreach (var listener in _listeners) await listener.Hear(number);
        }
    }
}
