using System.Collections.Immutable;
using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Grains.Hosts;

/// <summary>What runs on a host when one of its alerts changes: when the agent is asked, and which incidents it belongs to. In memory alone; a crash costs the evidence.</summary>
internal sealed class Evidence
{
    /// <summary>How many of each kind the agent is asked for, the most by CPU and the most by memory.</summary>
    private const int Count = 10;

    private static readonly TimeSpan AskInterval = TimeSpan.FromMinutes(1);

    // An agent that does not know the question is not asked for ever.
    private static readonly TimeSpan AskFor = TimeSpan.FromSeconds(30);

    // An incident that began longer before is not explained by it.
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(2);

    private readonly HashSet<string> _explained = [];
    private ImmutableArray<ProcessSighting> _processes = [];
    private long _at;
    private DateTimeOffset? _askedAt;
    private bool _asks;

    /// <summary>Whether processes can be why a series is as it is.</summary>
    public static bool IsOf(string? series) =>
        series is not null && (series.StartsWith("cpu.", StringComparison.Ordinal) || series.StartsWith("memory.", StringComparison.Ordinal) || series.StartsWith("swap.", StringComparison.Ordinal));

    /// <summary>Somebody would like to know. Not more often than the interval allows.</summary>
    public void Want(DateTimeOffset now)
    {
        if (now - _askedAt < AskInterval) return;
        (_askedAt, _asks) = (now, true);
    }

    /// <summary>What the next answer asks for: how many processes, or 0.</summary>
    public int Ask(DateTimeOffset now) => _asks && now - _askedAt < AskFor ? Count : 0;

    /// <summary>The agent has told, with a sample of a time.</summary>
    public void Take(ImmutableArray<ProcessSighting> processes, long at) => (_processes, _at, _asks) = (processes, at, false);

    /// <summary>Notes in each incident that just began what ran then.</summary>
    public void Note(AlertBoard board, long at)
    {
        if (_processes.IsEmpty || at - _at > MaxAge.TotalMilliseconds) return;
        foreach (var alert in board.Alerts.Where(alert => alert.State is { IsOpen: true, IncidentId: not null } && IsOf(alert.Series)).ToList())
        {
            if (Math.Abs(_at - alert.State.FiredAt!.Value) > MaxAge.TotalMilliseconds || !_explained.Add(alert.State.IncidentId!)) continue;
            board.Note(TransitionKind.Evidence, alert, alert.State.IncidentId, _at, null, alert.State.Peak, _processes, null);
        }

        if (_explained.Count > board.Alerts.Count) _explained.IntersectWith(board.Alerts.Select(alert => alert.State.IncidentId ?? ""));
    }
}
