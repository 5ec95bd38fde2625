using Microsoft.Extensions.DependencyInjection;
using StatusMonitor.Grains.Hosts;

namespace StatusMonitor.Grains.Tests.Support;

/// <summary>
/// The clock of grains: the test's for our grains and their timers. Orleans makes the timers of its own services by this clock too, such as those
/// that bring the events of streams; they run in real time, or nothing would come while a test's clock stands still.
/// </summary>
internal sealed class GrainTime(FakeTime time, IServiceProvider services) : TimeProvider
{
    public override long TimestampFrequency => time.TimestampFrequency;

    public override long GetTimestamp() => time.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => time.GetUtcNow();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        (IsForOurGrain() ? time : System).CreateTimer(callback, state, dueTime, period);

    // Asked for late: in Orleans the accessor needs services that need this clock.
    private bool IsForOurGrain() => services.GetRequiredService<IGrainContextAccessor>().GrainContext?.GrainInstance?.GetType().Assembly == typeof(HostGrain).Assembly;
}
