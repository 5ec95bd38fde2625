namespace StatusMonitor.Storage.Tests.Support;

/// <summary>A clock that shows what it is set to.</summary>
internal sealed class FixedTime(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}
