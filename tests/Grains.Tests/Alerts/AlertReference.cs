using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Grains.Tests.Alerts;

/// <summary>What a rule is given: a value, or the news that there is none; and when.</summary>
public readonly record struct Moment(long At, double? Value);

/// <summary>
/// What an alert does, said the other way round: not step by step, but by looking at everything that came and searching it for stretches that are broken or clear for
/// long enough. Slow and plain; <see cref="AlertMachine"/> has to agree with it.
/// </summary>
public static class AlertReference
{
    private readonly record struct Event(int Index, long At, TransitionKind Kind, double? Value);

    /// <summary>All that is to be told after these moments, in order of time.</summary>
    public static List<AlertChange> Changes(AlertRule rule, IReadOnlyList<Moment> moments)
    {
        var events = new List<Event>();
        for (var from = 0; FindFire(rule, moments, from) is { } fire;)
        {
            events.Add(new Event(fire, moments[fire].At, TransitionKind.Fired, moments[fire].Value));
            var end = FindEnd(rule, moments, fire);
            events.AddRange(DataEvents(moments, fire, end ?? moments.Count - 1, rule.MissingData == MissingData.Resolve));
            if (end is not { } resolved) break;
            events.Add(new Event(resolved, moments[resolved].At, TransitionKind.Resolved, moments[resolved].Value));
            from = resolved + 1;
        }

        return Tell(rule, events, moments.Count == 0 ? 0 : moments[^1].At);
    }

    /// <summary>The first moment at which all has been broken for long enough, or nothing came and that is enough.</summary>
    private static int? FindFire(AlertRule rule, IReadOnlyList<Moment> moments, int from)
    {
        for (var i = from; i < moments.Count; i++)
        {
            if (moments[i].Value is null && rule.MissingData == MissingData.Fire) return i;
            if (HasHeld(moments, from, i, rule.For, value => AlertMachine.IsBroken(rule, value))) return i;
        }

        return null;
    }

    /// <summary>The first moment after it fired at which all has been clear for long enough.</summary>
    private static int? FindEnd(AlertRule rule, IReadOnlyList<Moment> moments, int fire)
    {
        var clear = rule with { Threshold = rule.ClearThreshold ?? rule.Threshold };
        for (var i = fire + 1; i < moments.Count; i++)
        {
            if (moments[i].Value is null && rule.MissingData == MissingData.Resolve) return i;
            if (HasHeld(moments, fire + 1, i, rule.KeepFiringFor, value => !AlertMachine.IsBroken(clear, value))) return i;
        }

        return null;
    }

    /// <summary>Whether it held at every moment from the last one that lies far enough back.</summary>
    private static bool HasHeld(IReadOnlyList<Moment> moments, int from, int to, TimeSpan duration, Func<double, bool> holds)
    {
        var start = Enumerable.Range(from, to - from + 1).LastOrDefault(i => moments[to].At - moments[i].At >= duration.TotalMilliseconds, -1);
        return start >= 0 && Enumerable.Range(start, to - start + 1).All(i => moments[i].Value is { } value && holds(value));
    }

    /// <summary>Where values stop and start again while it is open. What fires for want of data has lost nothing more.</summary>
    private static IEnumerable<Event> DataEvents(IReadOnlyList<Moment> moments, int fire, int end, bool endsWithLoss)
    {
        for (var i = fire + 1; i <= end; i++)
        {
            var (was, now) = (moments[i - 1], moments[i]);
            if (was.Value is not null && now.Value is null && !endsWithLoss) yield return new Event(i, now.At, TransitionKind.DataLost, null);
            if (was.Value is null && now.Value is not null) yield return new Event(i, now.At, TransitionKind.DataBack, now.Value);
        }
    }

    /// <summary>What of it is told: flapping is found by looking back from each change at all those since it last kept still.</summary>
    private static List<AlertChange> Tell(AlertRule rule, List<Event> events, long now)
    {
        var told = new List<AlertChange>();
        var turns = events.Where(e => e.Kind is TransitionKind.Fired or TransitionKind.Resolved).ToList();
        var steady = 0;
        var isFlapping = false;
        var isKnown = false;
        long? lastTold = null;
        for (var i = 0; i < events.Count; i++)
        {
            var at = events[i];
            if (isFlapping) EndIfQuiet(at.At);
            if (at.Kind is TransitionKind.DataLost or TransitionKind.DataBack)
            {
                told.Add(new AlertChange(at.Kind, at.At, at.Value, isKnown && !isFlapping));
                continue;
            }

            var turn = turns.IndexOf(at);
            var begins = !isFlapping && turns[steady..(turn + 1)].Count(other => at.At - other.At <= Flapping.Window.TotalMilliseconds) >= Flapping.Changes;
            isFlapping |= begins;
            if (at.Kind == TransitionKind.Fired)
            {
                isKnown = !isFlapping && (lastTold is null || at.At - lastTold >= rule.Cooldown.TotalMilliseconds);
                if (isKnown) lastTold = at.At;
                told.Add(new AlertChange(at.Kind, at.At, at.Value, isKnown));
            }
            else
            {
                told.Add(new AlertChange(at.Kind, at.At, at.Value, isKnown && !isFlapping));
                isKnown = false;
            }

            if (begins) told.Add(new AlertChange(TransitionKind.FlappingBegan, at.At, at.Value, true));
        }

        if (isFlapping) EndIfQuiet(now);
        return told;

        void EndIfQuiet(long time)
        {
            var last = turns.FindLastIndex(turn => turn.At <= time && told.Exists(change => change.Kind == turn.Kind && change.At == turn.At));
            var quiet = turns[last].At + (long)Flapping.QuietAfter.TotalMilliseconds;
            if (time < quiet) return;
            told.Add(new AlertChange(TransitionKind.FlappingEnded, quiet, null, true));
            (isFlapping, steady) = (false, last + 1);
            if (turns[last].Kind != TransitionKind.Fired) return;
            (isKnown, lastTold) = (true, quiet);
        }
    }
}
