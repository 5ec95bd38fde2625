using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Grains.Hosts;

/// <summary>Judges a host's samples, oldest first, by the rules for it. It remembers what the sample before had, for rates and for what is missing.</summary>
internal sealed class SampleJudge(AlertBoard board)
{
    private static readonly TimeSpan MinMissing = TimeSpan.FromSeconds(60);

    private HostRules? _rules;
    private double[]? _before;
    private long _at;

    // Series without a value of which something may have to be said, since when. Null while there are none.
    private Dictionary<AlertKey, (BoundRule Rule, long Since)>? _absent;

    /// <summary>Where the rules look in the newest sample; null before the first.</summary>
    public RulePlan? Plan { get; private set; }

    /// <summary>How long an agent may be silent before what it says is late, and a series without a value before it has none.</summary>
    public static TimeSpan Patience(TimeSpan interval) => 3 * interval > MinMissing ? 3 * interval : MinMissing;

    /// <summary>Takes note of a sample that was judged already, or is not to be.</summary>
    public void Pass(HostRules rules, SeriesSet series, long at, ReadOnlySpan<double> values)
    {
        if (!ReferenceEquals(rules, _rules) || !series.SameAs(Plan?.Series)) (_rules, Plan, _before) = (rules, rules.PlanFor(series), null);
        Remember(at, values);
    }

    /// <summary>Judges a sample.</summary>
    /// <param name="rules">The rules for the host.</param>
    /// <param name="series">The sample's series.</param>
    /// <param name="at">Its collection time, Unix milliseconds; later than that of the one before.</param>
    /// <param name="interval">The agent's interval.</param>
    /// <param name="values">A value for each series.</param>
    /// <param name="isAgain">Whether it may be from before the rules are: those say nothing of it then. What comes fresh is judged whatever the host's clock says.</param>
    public void Judge(HostRules rules, SeriesSet series, long at, TimeSpan interval, ReadOnlySpan<double> values, bool isAgain)
    {
        if (!ReferenceEquals(rules, _rules) || !ReferenceEquals(series, Plan?.Series)) SetPlan(rules, series, at);
        var plan = Plan!;
        foreach (ref readonly var check in plan.Thresholds.AsSpan())
        {
            if (!isAgain || at >= check.Rule.Since) board.Observe(check.Rule, check.Series, values[check.Place], at);
        }

        foreach (ref readonly var check in plan.Classics.AsSpan())
        {
            var value = double.NegativeInfinity;
            foreach (var place in check.Places) value = Math.Max(value, values[place]);
            if (!isAgain || at >= check.Rule.Since) board.Observe(check.Rule, check.Series, value, at);
        }

        if (plan.Rates.Length > 0) JudgeRates(plan, at, interval, values, isAgain);
        if (_absent is not null || !board.IsEmpty) JudgeMissing(plan, at, interval);
        Remember(at, values);
    }

    /// <summary>The host's clock was set: what was before is no neighbour of what comes.</summary>
    public void Forget() => (_before, _absent) = (null, null);

    private void JudgeRates(RulePlan plan, long at, TimeSpan interval, ReadOnlySpan<double> values, bool isAgain)
    {
        // Across a gap nothing is claimed.
        var milliseconds = at - _at;
        if (_before is null || milliseconds <= 0 || milliseconds > Patience(interval).TotalMilliseconds) return;
        foreach (ref readonly var check in plan.Rates.AsSpan())
        {
            if (isAgain && at < check.Rule.Since) continue;
            var (before, now) = (_before[check.Place], values[check.Place]);
            // A counter that fell has started from 0. One that leaps beyond all numbers tells nothing that could be kept.
            var rate = (now >= before ? now - before : now) / milliseconds * 1000;
            if (double.IsFinite(rate)) board.Observe(check.Rule, check.Series, rate, at);
        }
    }

    private void JudgeMissing(RulePlan plan, long at, TimeSpan interval)
    {
        if (_absent is not null)
        {
            foreach (var (key, (rule, since)) in _absent)
            {
                if (at - since > Patience(interval).TotalMilliseconds) board.Miss(rule, key.Series!, at);
            }
        }

        List<HostAlert>? missing = null;
        foreach (var alert in board.Alerts)
        {
            if (alert.Rule.Kind == AlertKind.NoData) (missing ??= []).Add(alert);
        }

        if (missing is null) return;
        foreach (var alert in missing)
        {
            if (_rules!.Find(alert.AccountId, alert.Rule.Id) is { } rule) board.Judge(rule, alert.Series, !plan.Has(rule, alert.Series!), at);
        }
    }

    /// <summary>The host has other series than before, or other rules: what is gone begins to be missed, what is back is not missed any more.</summary>
    private void SetPlan(HostRules rules, SeriesSet series, long at)
    {
        // Over another way the same set is another object.
        if (ReferenceEquals(rules, _rules) && series.SameAs(Plan!.Series)) return;
        var before = ReferenceEquals(rules, _rules) ? Plan : null;
        var plan = rules.PlanFor(series);
        if (Plan is null || !series.SameAs(Plan.Series)) _before = null;
        (_rules, Plan) = (rules, plan);

        var absent = new Dictionary<AlertKey, (BoundRule, long)>();
        foreach (var (key, (rule, since)) in _absent ?? [])
        {
            if (rules.Find(key.AccountId, key.RuleId) is { } bound && bound.Rule.Kind == rule.Rule.Kind && !plan.Has(bound, key.Series!)) absent[key] = (bound, since);
        }

        foreach (var alert in board.Alerts)
        {
            if (alert.Rule.Kind is not (AlertKind.Threshold or AlertKind.Rate or AlertKind.Forecast)) continue;
            if (rules.Find(alert.AccountId, alert.Rule.Id) is { } rule && !plan.Has(rule, alert.Series!)) absent.TryAdd(alert.Key, (rule, at));
        }

        if (before is not null)
        {
            foreach (var check in before.Thresholds.Concat(before.Rates).Concat(before.Forecasts))
            {
                if (check.Rule.Rule.MissingData == MissingData.Fire && !plan.Has(check.Rule, check.Series)) absent.TryAdd(check.Key, (check.Rule, at));
            }

            foreach (var check in before.Missing)
            {
                if (!plan.Has(check.Rule, check.Series)) board.Judge(check.Rule, check.Series, true, at);
            }
        }

        _absent = absent.Count > 0 ? absent : null;
    }

    private void Remember(long at, ReadOnlySpan<double> values)
    {
        _at = at;
        if (Plan!.Rates.IsEmpty)
        {
            _before = null;
            return;
        }

        if (_before?.Length != values.Length) _before = new double[values.Length];
        values.CopyTo(_before);
    }
}
