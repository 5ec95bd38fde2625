using Microsoft.Extensions.DependencyInjection;
using StatusMonitor.Engine.Tests.Support;

namespace StatusMonitor.Engine.Tests.Grains;

/// <summary>A grain that asks for the clock of grains.</summary>
public interface IClockGrain : IGrainWithStringKey
{
    /// <summary>Tells which clock the grain has, and starts a timer that ticks once.</summary>
    Task StartTimer();
}

public sealed class ClockGrain([FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time, Probe probe) : Grain, IClockGrain
{
    public Task StartTimer()
    {
        probe.Tell("the clock of the grain", time);
        this.RegisterGrainTimer(
            _ =>
            {
                probe.Tell("ClockGrain ticked");
                return Task.CompletedTask;
            },
            new() { DueTime = TimeSpan.FromMilliseconds(1), Period = Timeout.InfiniteTimeSpan });
        return Task.CompletedTask;
    }
}

/// <summary>The real time, telling for which grain it makes timers.</summary>
internal sealed class ObservedClock(IServiceProvider services) : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var grain = services.GetRequiredService<IGrainContextAccessor>().GrainContext?.GrainInstance;
        services.GetRequiredService<Probe>().Tell($"a timer was made for {grain?.GetType().Name}");
        return base.CreateTimer(callback, state, dueTime, period);
    }
}
