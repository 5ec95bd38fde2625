namespace StatusMonitor.Channels.Tests.Support;

/// <summary>A clock that goes only when a test moves it; it has no timers.</summary>
internal sealed class SteppedTime : TimeProvider
{
    private TimeSpan _elapsed;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _elapsed.Ticks;

    public void Advance(TimeSpan by) => _elapsed += by;
}
