using System.Collections.Immutable;

namespace StatusMonitor.Grains.Alerts;

/// <summary>What is to be told of a step.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="At">When, Unix milliseconds of the samples' own time.</param>
/// <param name="Value">The value it happened with, if there is one.</param>
/// <param name="IsTold">False if it opens or ends its incident silently: in the cooldown, or while it flaps.</param>
public readonly record struct AlertChange(TransitionKind Kind, long At, double? Value, bool IsTold);

/// <summary>
/// What becomes of an alert from one moment to the next. Pure: the same states, values and times give the same. Times are Unix milliseconds and must not go back;
/// late samples are kept from it by whoever calls.
/// <para>Fired and resolved alternate, told or not. Of those that are told, each Fired has one told end: a Resolved, or a FlappingEnded that is not open. A
/// FlappingEnded that is open stands for a Fired. The change with which flapping begins is itself not told: FlappingBegan takes its place.</para>
/// <para>The id of the incident is the caller's: it is null after a Fired, and kept while the alert is open or flaps.</para>
/// </summary>
public static class AlertMachine
{
    private static readonly long Window = (long)Flapping.Window.TotalMilliseconds;
    private static readonly long QuietAfter = (long)Flapping.QuietAfter.TotalMilliseconds;

    /// <summary>A value was seen. For a forecast the value is the one that the line has at the end of <see cref="AlertRule.Within"/>.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="state">What it was.</param>
    /// <param name="value">The value; finite.</param>
    /// <param name="at">Its time.</param>
    /// <param name="changes">Is given what happened, in order.</param>
    /// <returns>What it is; the same object if nothing that is stored has changed. If the peak alone has changed it can wait for the next write.</returns>
    public static AlertState Observe(AlertRule rule, AlertState state, double value, long at, ICollection<AlertChange> changes)
    {
        if (rule.Kind == AlertKind.Classic) return ObserveClassic(rule, state, value, at, changes);
        state = EndFlapping(state, at, changes);
        return Step(rule, state, IsBroken(rule, value), !Breaks(rule.Condition, value, rule.ClearThreshold ?? rule.Threshold), value, at, changes);
    }

    /// <summary>The host reports, but the series has had no value for longer than it may. Without meaning for a rule that looks at no value, and for a classic one.</summary>
    public static AlertState Miss(AlertRule rule, AlertState state, long at, ICollection<AlertChange> changes)
    {
        state = EndFlapping(state, at, changes);
        if (rule.Kind is not (AlertKind.Threshold or AlertKind.Rate or AlertKind.Forecast)) return state;

        if (!state.IsOpen)
        {
            if (rule.MissingData == MissingData.Fire) return Fire(rule, state, null, at, changes) with { Phase = AlertPhase.NoData, WasFiring = true };
            return state.Phase == AlertPhase.NoData ? state : state with { Phase = AlertPhase.NoData, Since = at };
        }

        // Whatever it waited for to be over, no value will tell of it any more.
        if (rule.MissingData == MissingData.Resolve) return Resolve(state, null, at, changes) with { Phase = AlertPhase.NoData };
        if (state.Phase == AlertPhase.NoData) return state;
        changes.Add(new AlertChange(TransitionKind.DataLost, at, null, IsHeard(state)));
        return state with { Phase = AlertPhase.NoData, Since = at, WasFiring = true };
    }

    /// <summary>A condition that is no value: the host is offline, or no more; a series is missing, or no more. It holds until it is judged anew. Of a host that has started anew it is told once, and no more is said.</summary>
    public static AlertState Judge(AlertRule rule, AlertState state, bool isBroken, long at, ICollection<AlertChange> changes)
    {
        state = EndFlapping(state, at, changes);
        if (rule.Kind != AlertKind.Rebooted) return Step(rule, state, isBroken, !isBroken, null, at, changes);
        return isBroken ? Resolve(Fire(rule, state, null, at, changes), null, at, changes) : state;
    }

    /// <summary>Time has passed: what <see cref="DueAt"/> gave happens. Sooner it changes nothing.</summary>
    public static AlertState Tick(AlertRule rule, AlertState state, long at, ICollection<AlertChange> changes)
    {
        state = EndFlapping(state, at, changes);
        if (!IsJudged(rule.Kind)) return state;
        return state.Phase switch
        {
            AlertPhase.Pending => Step(rule, state, true, false, null, at, changes),
            AlertPhase.Recovering => Step(rule, state, false, true, null, at, changes),
            _ => state,
        };
    }

    /// <summary>The rule is no more, or not for this host or series any more: what is open is over.</summary>
    public static AlertState End(AlertState state, long at, ICollection<AlertChange> changes)
    {
        state = EndFlapping(state, at, changes);
        if (state.IsOpen) changes.Add(new AlertChange(TransitionKind.Resolved, at, null, IsHeard(state)));
        if (state.IsFlapping) changes.Add(new AlertChange(TransitionKind.FlappingEnded, at, null, true));
        return AlertState.Normal;
    }

    /// <summary>When the state can change without a value: an offline host's <see cref="AlertRule.For"/>, a recovery's end, flapping that keeps still; or null.</summary>
    public static long? DueAt(AlertRule rule, AlertState state)
    {
        long? quiet = state.IsFlapping ? state.Changes[^1] + QuietAfter : null;
        long? phase = (IsJudged(rule.Kind), state.Phase) switch
        {
            (true, AlertPhase.Pending) => state.Since + Milliseconds(rule.For),
            (true, AlertPhase.Recovering) => state.Since + Milliseconds(rule.KeepFiringFor),
            _ => null,
        };
        return quiet is null || phase < quiet ? phase : quiet;
    }

    /// <summary>Whether the state says nothing that <see cref="AlertState.Normal"/> does not, so that it need not be stored any more.</summary>
    public static bool IsIdle(AlertRule rule, AlertState state, long at) =>
        state.Phase == AlertPhase.Normal && !state.IsFlapping
        && !(at - state.LastToldAt < Milliseconds(rule.Cooldown))
        && (state.Changes.IsDefaultOrEmpty || at - state.Changes[^1] > Window);

    /// <summary>Whether a value breaks the rule.</summary>
    public static bool IsBroken(AlertRule rule, double value) => Breaks(rule.Condition, value, rule.Threshold);

    private static bool Breaks(AlertCondition condition, double value, double bound) => condition switch
    {
        AlertCondition.Above => value > bound,
        AlertCondition.AtOrAbove => value >= bound,
        AlertCondition.Below => value < bound,
        _ => value <= bound,
    };

    /// <summary>Between the two thresholds a value is neither broken nor clear: it fires nothing and ends nothing.</summary>
    private static AlertState Step(AlertRule rule, AlertState state, bool isBroken, bool isClear, double? value, long at, ICollection<AlertChange> changes)
    {
        switch (state.Phase)
        {
            case AlertPhase.NoData when state.WasFiring:
                changes.Add(new AlertChange(TransitionKind.DataBack, at, value, IsHeard(state)));
                return Step(rule, state with { Phase = AlertPhase.Firing, Since = at, WasFiring = false }, isBroken, isClear, value, at, changes);

            case AlertPhase.NoData:
                return Step(rule, state with { Phase = AlertPhase.Normal, Since = at }, isBroken, isClear, value, at, changes);

            case AlertPhase.Normal:
                if (!isBroken) return state;
                return rule.For <= TimeSpan.Zero ? Fire(rule, state, value, at, changes) : state with { Phase = AlertPhase.Pending, Since = at };

            case AlertPhase.Pending:
                if (!isBroken) return state with { Phase = AlertPhase.Normal, Since = at };
                return at - state.Since >= Milliseconds(rule.For) ? Fire(rule, state, value, at, changes) : state;

            case AlertPhase.Firing:
                state = WithPeak(rule, state, value);
                if (!isClear) return state;
                return rule.KeepFiringFor <= TimeSpan.Zero ? Resolve(state, value, at, changes) : state with { Phase = AlertPhase.Recovering, Since = at };

            default:
                if (!isClear) return WithPeak(rule, state, value) with { Phase = AlertPhase.Firing, Since = at };
                return at - state.Since >= Milliseconds(rule.KeepFiringFor) ? Resolve(state, value, at, changes) : state;
        }
    }

    private static AlertState ObserveClassic(AlertRule rule, AlertState state, double value, long at, ICollection<AlertChange> changes)
    {
        if (!IsBroken(rule, value) || at - state.LastToldAt < Milliseconds(rule.Cooldown)) return state;
        changes.Add(new AlertChange(TransitionKind.Classic, at, value, true));
        return state with { LastToldAt = at };
    }

    private static AlertState Fire(AlertRule rule, AlertState state, double? value, long at, ICollection<AlertChange> changes)
    {
        var (counted, begins) = Count(state, at);
        var isTold = !counted.IsFlapping && !(at - state.LastToldAt < Milliseconds(rule.Cooldown));
        changes.Add(new AlertChange(TransitionKind.Fired, at, value, isTold));
        if (begins) changes.Add(new AlertChange(TransitionKind.FlappingBegan, at, value, true));
        return counted with
        {
            Phase = AlertPhase.Firing, Since = at, FiredAt = at, IncidentId = null, Peak = value, WasFiring = false, IsTold = isTold, LastToldAt = isTold ? at : state.LastToldAt,
        };
    }

    private static AlertState Resolve(AlertState state, double? value, long at, ICollection<AlertChange> changes)
    {
        var (counted, begins) = Count(state, at);
        changes.Add(new AlertChange(TransitionKind.Resolved, at, value, IsHeard(counted)));
        if (begins) changes.Add(new AlertChange(TransitionKind.FlappingBegan, at, value, true));
        return counted with
        {
            Phase = AlertPhase.Normal, Since = at, FiredAt = null, IncidentId = counted.IsFlapping ? state.IncidentId : null, Peak = null, WasFiring = false, IsTold = false,
        };
    }

    /// <summary>Counts a change, and finds out whether flapping begins with it.</summary>
    private static (AlertState State, bool Begins) Count(AlertState state, long at)
    {
        ImmutableArray<long> kept = state.Changes.IsDefault ? [] : [.. state.Changes.Where(change => at - change <= Window).TakeLast(Flapping.Changes - 1)];
        var changes = kept.Add(at);
        var begins = !state.IsFlapping && changes.Length >= Flapping.Changes;
        return (state with { Changes = changes, IsFlapping = state.IsFlapping || begins }, begins);
    }

    /// <summary>
    /// It keeps still again if there was no change for long enough. It ended then, whenever that is found out: a timer and a sample that comes later give the same. What
    /// was counted is forgotten, or the next change would begin it anew.
    /// </summary>
    private static AlertState EndFlapping(AlertState state, long at, ICollection<AlertChange> changes)
    {
        if (!state.IsFlapping || at - state.Changes[^1] < QuietAfter) return state;
        var ended = state.Changes[^1] + QuietAfter;
        changes.Add(new AlertChange(TransitionKind.FlappingEnded, ended, null, true));
        state = state with { IsFlapping = false, Changes = [] };
        return state.IsOpen ? state with { IsTold = true, LastToldAt = ended } : state with { IncidentId = null };
    }

    private static AlertState WithPeak(AlertRule rule, AlertState state, double? value)
    {
        if (value is not { } seen) return state;
        var isWorse = state.Peak is not { } peak || (rule.Condition is AlertCondition.Above or AlertCondition.AtOrAbove ? seen > peak : seen < peak);
        return isWorse ? state with { Peak = seen } : state;
    }

    /// <summary>Whether what happens to the open incident is told: people know of it, and it is not damped.</summary>
    private static bool IsHeard(AlertState state) => state is { IsTold: true, IsFlapping: false };

    private static bool IsJudged(AlertKind kind) => kind is AlertKind.Offline or AlertKind.NoData;

    private static long Milliseconds(TimeSpan span) => (long)Math.Ceiling(span.TotalMilliseconds);
}
