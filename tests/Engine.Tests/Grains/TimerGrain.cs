using StatusMonitor.Engine.Tests.Support;

namespace StatusMonitor.Engine.Tests.Grains;

/// <summary>A grain with timers. A tick of timer "name" tells "name ticked" with the activation that got it.</summary>
public interface ITimerGrain : IGrainWithStringKey
{
    /// <summary>Starts a timer that ticks every 20 ms; each tick waits at gate <paramref name="gate"/>, if one is named.</summary>
    Task<Guid> StartTimer(string name, bool interleave = false, string? gate = null);

    /// <summary>Starts a timer that waits for calls, then one that does not, and stays until gate "key" is open.</summary>
    Task StartBothAndStay(string waiting, string interleaving);

    /// <summary>Starts a timer whose ticks all fail, after telling.</summary>
    Task StartFailing(string name);

    Task StopTimer(string name);

    /// <summary>Sets a timer that has no due time to tick once.</summary>
    Task StartOnceByChange(string name);

    Task Leave();
}

public sealed class TimerGrain(Probe probe) : Grain, ITimerGrain
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(20);
    private readonly Guid _activation = Guid.NewGuid();
    private readonly Dictionary<string, IGrainTimer> _timers = [];

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        probe.Tell($"{this.GetPrimaryKeyString()} deactivated");
        return Task.CompletedTask;
    }

    public Task<Guid> StartTimer(string name, bool interleave = false, string? gate = null)
    {
        Start(name, new() { DueTime = Period, Period = Period, Interleave = interleave }, () => gate is null ? Task.CompletedTask : probe.Pass(gate));
        return Task.FromResult(_activation);
    }

    public async Task StartBothAndStay(string waiting, string interleaving)
    {
        Start(waiting, new() { DueTime = TimeSpan.FromMilliseconds(1), Period = Period }, static () => Task.CompletedTask);
        Start(interleaving, new() { DueTime = 5 * Period, Period = Period, Interleave = true }, static () => Task.CompletedTask);
        await probe.Pass(this.GetPrimaryKeyString());
    }

    public Task StartFailing(string name)
    {
        Start(name, new() { DueTime = Period, Period = Period }, static () => throw new NoteException("this tick fails"));
        return Task.CompletedTask;
    }

    public Task StopTimer(string name)
    {
        _timers[name].Dispose();
        return Task.CompletedTask;
    }

    public Task StartOnceByChange(string name)
    {
        Start(name, new() { DueTime = Timeout.InfiniteTimeSpan, Period = Timeout.InfiniteTimeSpan }, static () => Task.CompletedTask);
        _timers[name].Change(Period, Timeout.InfiniteTimeSpan);
        return Task.CompletedTask;
    }

    public Task Leave()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    private void Start(string name, GrainTimerCreationOptions options, Func<Task> then) => _timers[name] = this.RegisterGrainTimer(
        _ =>
        {
            probe.Tell($"{name} ticked", _activation);
            return then();
        },
        options);
}
