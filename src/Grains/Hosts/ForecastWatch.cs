using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Grains.Hosts;

/// <summary>
/// Decides when the past of a series must be read for a forecast. Reading it for every disk of every host would be most of the server's work, and most disks do not fill: so the
/// value is compared with that of a while ago, and the past is read only if it moves at half the speed at which it would matter, or an alert is to be ended.
/// </summary>
internal sealed class ForecastWatch
{
    /// <summary>How often a series is looked at.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(15);

    private RulePlan? _plan;
    private (long At, double Value)[] _anchors = [];

    /// <summary>When to look next, Unix milliseconds of the samples' own time.</summary>
    public long NextAt { get; private set; }

    /// <summary>The checks whose past is to be read now. Looks at each once an interval; the first look only takes the value to compare with.</summary>
    public List<PlannedCheck> Due(RulePlan plan, ReadOnlySpan<double> values, long at, AlertBoard board)
    {
        NextAt = at + (long)Interval.TotalMilliseconds;
        var due = new List<PlannedCheck>();
        var checks = plan.Forecasts;
        if (!ReferenceEquals(plan, _plan))
        {
            // Other rules or series; alerts there are looked after at once, the rest begins anew.
            (_plan, _anchors) = (plan, new (long, double)[checks.Length]);
            for (var i = 0; i < checks.Length; i++) _anchors[i] = (at, values[checks[i].Place]);
        }

        for (var i = 0; i < checks.Length; i++)
        {
            var (rule, value, anchor) = (checks[i].Rule.Rule, values[checks[i].Place], _anchors[i]);
            if (board.Find(checks[i].Key) is not null || AlertMachine.IsBroken(rule, value) || IsFast(rule, anchor, value, at)) due.Add(checks[i]);
            if (at - anchor.At >= Forecast.Lookback(rule.Within).TotalMilliseconds || at < anchor.At) _anchors[i] = (at, value);
        }

        return due;
    }

    /// <summary>Whether it moves towards the threshold at half the speed with which it would get there in time.</summary>
    private static bool IsFast(AlertRule rule, (long At, double Value) anchor, double value, long at)
    {
        var elapsed = at - anchor.At;
        if (elapsed <= 0) return false;
        var (distance, moved) = (rule.Threshold - value, value - anchor.Value);
        return distance * moved > 0 && Math.Abs(moved) * 2 / elapsed >= Math.Abs(distance) / rule.Within.TotalMilliseconds;
    }
}
