using System.Collections.Immutable;
using StatusMonitor.Grains.Hosts;
using StatusMonitor.Protocol;

namespace StatusMonitor.Grains.Alerts;

/// <summary>One rule at one place of a report.</summary>
internal readonly record struct PlannedCheck(BoundRule Rule, int Place, string Series)
{
    /// <summary>Which alert of the host it is.</summary>
    public AlertKey Key => new(Rule.AccountId, Rule.Rule.Id, Series);
}

/// <summary>A classic rule with the places it takes the greatest value of.</summary>
internal readonly record struct ClassicCheck(BoundRule Rule, ImmutableArray<int> Places, string Series);

/// <summary>Where the rules look in a report of certain series: matched once, so that a report costs no more than a look at each place.</summary>
internal sealed class RulePlan
{
    public RulePlan(ImmutableArray<BoundRule> rules, SeriesSet series)
    {
        Series = series;
        Thresholds = Of(rules, AlertKind.Threshold);
        Rates = Of(rules, AlertKind.Rate);
        Forecasts = Of(rules, AlertKind.Forecast);
        Missing = Of(rules, AlertKind.NoData);
        Classics = [.. rules.Where(rule => rule.Rule.Kind == AlertKind.Classic).Select(Classic).Where(check => !check.Places.IsEmpty)];
    }

    public SeriesSet Series { get; }

    public ImmutableArray<PlannedCheck> Thresholds { get; }

    public ImmutableArray<PlannedCheck> Rates { get; }

    public ImmutableArray<PlannedCheck> Forecasts { get; }

    /// <summary>What is there and would be missed.</summary>
    public ImmutableArray<PlannedCheck> Missing { get; }

    public ImmutableArray<ClassicCheck> Classics { get; }

    /// <summary>Whether there is a value of a series that a rule picks.</summary>
    public bool Has(BoundRule rule, string series)
    {
        var checks = rule.Rule.Kind switch
        {
            AlertKind.Threshold => Thresholds,
            AlertKind.Rate => Rates,
            AlertKind.Forecast => Forecasts,
            _ => Missing,
        };
        foreach (ref readonly var check in checks.AsSpan())
        {
            if (ReferenceEquals(check.Rule, rule) && check.Series == series) return true;
        }

        return false;
    }

    private ImmutableArray<PlannedCheck> Of(ImmutableArray<BoundRule> rules, AlertKind kind) =>
        [.. rules.Where(rule => rule.Rule.Kind == kind).SelectMany(rule => rule.Pick(Series.Names).Select(place => new PlannedCheck(rule, place, Series.Names[place])))];

    private ClassicCheck Classic(BoundRule rule)
    {
        var name = rule.Rule.ClassicMetric switch
        {
            "cpu" => KnownSeries.CpuPercent,
            "memory" => KnownSeries.MemoryUsedPercent,
            _ => KnownSeries.DiskUsedPercent,
        };
        return new ClassicCheck(rule, [.. Enumerable.Range(0, Series.Names.Length).Where(i => IsOf(Series.Names[i], name))], name);
    }

    private static bool IsOf(string series, string name) => series.StartsWith(name, StringComparison.Ordinal) && (series.Length == name.Length || series[name.Length] == '{');
}
