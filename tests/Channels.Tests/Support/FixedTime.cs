namespace StatusMonitor.Channels.Tests.Support;

/// <summary>A wall clock that stands until it is set; timers and timestamps are real.</summary>
internal sealed class FixedTime : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 11, 22, 14, 3, 20, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;
}
