namespace StatusMonitor.Agent;

/// <summary>Says what gets lost: the first loss at once, a series of them once a minute with their number.</summary>
internal sealed class LossLog(AgentLog log, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private long? _lastSaid;
    private int _untold;

    /// <summary>Counts lost reports.</summary>
    /// <param name="reports">How many.</param>
    /// <param name="reason">A sentence that says why, after "n reports were dropped: ".</param>
    public void Lost(int reports, string reason)
    {
        _untold += reports;
        if (_lastSaid is { } last && time.GetElapsedTime(last) < Pause) return;
        log.Warning($"{Count(_untold)} dropped: {reason}");
        _lastSaid = time.GetTimestamp();
        _untold = 0;
    }

    private static string Count(int reports) => reports == 1 ? "1 report was" : $"{reports} reports were";
}
