using System.Collections.Immutable;
using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Grains.Hosts;

/// <summary>What an outbox keeps when its desk takes nothing for long.</summary>
internal static class AlertOutbox
{
    /// <summary>
    /// Leaves away what can be spared until no more than <paramref name="max"/> are left. First notes and evidence, the oldest first; then incidents whose whole story is
    /// in here, because nobody was told of them, but the newest of each alert. What opens or ends an incident that somebody knows of, or that is open, always stays: a
    /// host has a bounded number of alerts, and so that is bounded too.
    /// </summary>
    public static ImmutableArray<AlertTransition> Trim(ImmutableArray<AlertTransition> outbox, int max)
    {
        var spare = outbox.Length - max;
        if (spare <= 0) return outbox;

        var dropped = new HashSet<string>();
        foreach (var transition in outbox)
        {
            if (dropped.Count >= spare) break;
            if (transition.Kind is TransitionKind.Evidence or TransitionKind.DataLost or TransitionKind.DataBack || (transition.Kind is TransitionKind.FoundLate or TransitionKind.Classic && !IsNewest(outbox, transition)))
                dropped.Add(transition.Id);
        }

        // A flapping alert's story is one: what begins and ends the damping stands for the incidents between.
        var flapping = outbox.Where(transition => transition.Kind is TransitionKind.FlappingBegan or TransitionKind.FlappingEnded).Select(KeyOf).ToHashSet();
        var newest = outbox.Where(transition => transition.Kind == TransitionKind.Fired).GroupBy(KeyOf).ToDictionary(group => group.Key, group => group.Last().IncidentId);
        var ended = outbox.Where(transition => transition.Kind == TransitionKind.Resolved).Select(transition => transition.IncidentId).ToHashSet();
        foreach (var opened in outbox.Where(transition => transition.Kind == TransitionKind.Fired))
        {
            if (dropped.Count >= spare) break;
            var key = KeyOf(opened);
            if (flapping.Contains(key) || newest[key] == opened.IncidentId || !ended.Contains(opened.IncidentId)) continue;
            foreach (var part in outbox.Where(transition => transition.IncidentId == opened.IncidentId)) dropped.Add(part.Id);
        }

        return outbox.RemoveAll(transition => dropped.Contains(transition.Id));
    }

    private static bool IsNewest(ImmutableArray<AlertTransition> outbox, AlertTransition transition) =>
        outbox.Last(other => other.Kind == transition.Kind && KeyOf(other) == KeyOf(transition)).Id == transition.Id;

    private static AlertKey KeyOf(AlertTransition transition) => new(transition.AccountId, transition.Rule.Id, transition.Series);
}
