namespace StatusMonitor.Gateway.Tests.Support;

/// <summary>The real time, with the wall clock set to another.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    private TimeSpan _shift;

    public ShiftedTime()
    {
    }

    public ShiftedTime(DateTimeOffset now) => _shift = now - System.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + _shift;

    public void Advance(TimeSpan by) => _shift += by;
}
