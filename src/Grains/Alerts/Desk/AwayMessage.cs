namespace StatusMonitor.Grains.Alerts.Desk;

/// <summary>What administrators are told when the server itself was away.</summary>
public static class AwayMessage
{
    /// <summary>What the notice is known by, and its words.</summary>
    /// <param name="from">When nobody was there any more.</param>
    /// <param name="to">When somebody was again.</param>
    public static (string Id, string Title, string Text) Of(DateTimeOffset from, DateTimeOffset to) => (
        $"away-{from.ToUnixTimeMilliseconds()}",
        $"StatusMonitor was away for {Quantity.Of(to - from)}",
        $"No server was there from {Quantity.Moment(from)} to {Quantity.Moment(to)}. Hosts are not reported as down for that time; agents send what they measured meanwhile.");
}
