using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Grains.Hosts;

/// <summary>
/// Samples that came late, judged apart from everything else: what they would have fired is noted and pages nobody. In memory alone: what a crash interrupts here goes
/// unnoted, which nobody waits for.
/// </summary>
internal sealed class LateRun
{
    private readonly AlertBoard _board;
    private readonly SampleJudge _judge;
    private readonly Dictionary<AlertKey, AlertTransition> _fired = [];

    public LateRun(long hostId, int maxAlerts, HostSummary host)
    {
        _board = new AlertBoard(hostId, maxAlerts) { Host = host };
        _judge = new SampleJudge(_board);
    }

    /// <summary>Collection time of the newest sample of the run.</summary>
    public long To { get; private set; } = long.MinValue;

    public void Judge(HostRules rules, HostReport report, AlertBoard notes)
    {
        To = report.At;
        _judge.Judge(rules, report.Series, report.At, report.Interval, report.Values.AsSpan(), isAgain: true);
        foreach (var transition in _board.Commit())
        {
            var key = new AlertKey(transition.AccountId, transition.Rule.Id, transition.Series);
            if (transition.Kind == TransitionKind.Fired) _fired[key] = transition;
            else if (transition.Kind == TransitionKind.Resolved && _fired.Remove(key, out var fired)) Note(notes, fired, transition.At, transition.Peak);
        }
    }

    /// <summary>No more come: what still would fire ends with the last of them, for those that come in time begin with it anew.</summary>
    public void End(AlertBoard notes)
    {
        foreach (var (key, fired) in _fired) Note(notes, fired, DateTimeOffset.FromUnixTimeMilliseconds(To), _board.Find(key)?.State.Peak);
        _fired.Clear();
    }

    private static void Note(AlertBoard notes, AlertTransition fired, DateTimeOffset until, double? peak)
    {
        var open = notes.Find(new AlertKey(fired.AccountId, fired.Rule.Id, fired.Series));
        notes.Note(
            TransitionKind.FoundLate,
            open ?? new HostAlert(fired.AccountId, fired.Rule, fired.Series, AlertState.Normal),
            open is { State.IsOpen: true } ? open.State.IncidentId : null,
            fired.At.ToUnixTimeMilliseconds(),
            fired.Value,
            peak ?? fired.Peak,
            [],
            until);
    }
}
