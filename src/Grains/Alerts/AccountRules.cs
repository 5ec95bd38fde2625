using System.Collections.Concurrent;
using System.Collections.Immutable;
using StatusMonitor.Grains.Hosts;
using StatusMonitor.Protocol;

namespace StatusMonitor.Grains.Alerts;

/// <summary>A rule and whose it is.</summary>
internal sealed record BoundRule(long AccountId, AlertRule Rule)
{
    private readonly SeriesSelector? _selector = Rule.Series is { } series && SeriesSelector.TryParse(series, out var selector, out _) ? selector : null;

    /// <summary>The unix milliseconds before which it says nothing.</summary>
    public long Since { get; } = Rule.ChangedAt == default ? 0 : Rule.ChangedAt.ToUnixTimeMilliseconds();

    /// <summary>Whether it picks a series by its canonical name, though the name may mean another one alone (<see cref="Pick"/>).</summary>
    public bool Matches(string series) => _selector?.Matches(series) == true;

    /// <summary>Places of the series that it picks among these.</summary>
    public IEnumerable<int> Pick(ImmutableArray<string> series)
    {
        if (_selector is null) return [];
        for (var i = 0; i < series.Length; i++)
        {
            if (_selector.IsNameOf(series[i])) return [i];
        }

        return Enumerable.Range(0, series.Length).Where(i => _selector.Matches(series[i]));
    }
}

/// <summary>The rules of an account that are used, and which of them are for a host. Hosts with the same ones get the same object.</summary>
internal sealed class AccountRules(long accountId, RuleBook book)
{
    /// <summary>Different selections that are shared; beyond, a host has its own.</summary>
    private const int MaxShared = 10_000;

    private readonly ImmutableArray<BoundRule> _rules = [.. book.Rules.Where(rule => rule.IsEnabled).Select(rule => new BoundRule(accountId, rule))];
    private readonly ConcurrentDictionary<string, HostRules> _shared = new(StringComparer.Ordinal);

    public long Version { get; } = book.Version;

    /// <summary>Those for a host that the account owns.</summary>
    public HostRules OfOwn(long hostId, string? group, ImmutableArray<string> tags)
    {
        var included = string.Create(_rules.Length, (_rules, hostId, group, tags), static (key, host) =>
        {
            for (var i = 0; i < key.Length; i++) key[i] = host._rules[i].Rule.Scope.Includes(host.hostId, host.group, host.tags, isOwner: true) ? '1' : '0';
        });
        if (_shared.TryGetValue(included, out var known)) return known;
        var rules = new HostRules([.. _rules.Where((_, i) => included[i] == '1')]);
        return _shared.Count < MaxShared ? _shared.GetOrAdd(included, rules) : rules;
    }

    /// <summary>Those for a host that is shared with the account: only what names the host.</summary>
    public IEnumerable<BoundRule> OfShared(long hostId, string? group, ImmutableArray<string> tags) => _rules.Where(rule => rule.Rule.Scope.Includes(hostId, group, tags, isOwner: false));
}

/// <summary>The rules for a host, by what they look at. Made once for all hosts that have the same.</summary>
internal sealed class HostRules
{
    /// <summary>Different sets of series whose plan is kept; beyond, each host has its own.</summary>
    private const int MaxPlans = 20_000;

    private readonly ConcurrentDictionary<SeriesSet, RulePlan> _plans = new(SeriesSets.Instance);

    public HostRules(ImmutableArray<BoundRule> rules)
    {
        All = rules;
        Offline = Of(AlertKind.Offline);
        Rebooted = Of(AlertKind.Rebooted);
    }

    /// <summary>There are none.</summary>
    public static HostRules None { get; } = new([]);

    public ImmutableArray<BoundRule> All { get; }

    public ImmutableArray<BoundRule> Offline { get; }

    public ImmutableArray<BoundRule> Rebooted { get; }

    /// <summary>The rule an alert is of, as it is now; null if it is no more, or not for this host.</summary>
    public BoundRule? Find(long accountId, long ruleId)
    {
        foreach (var rule in All)
        {
            if (rule.Rule.Id == ruleId && rule.AccountId == accountId) return rule;
        }

        return null;
    }

    /// <summary>Where in a report of these series each rule looks.</summary>
    public RulePlan PlanFor(SeriesSet series)
    {
        if (_plans.TryGetValue(series, out var known)) return known;
        var plan = new RulePlan(All, series);
        return _plans.Count < MaxPlans ? _plans.GetOrAdd(series, plan) : plan;
    }

    private ImmutableArray<BoundRule> Of(AlertKind kind) => [.. All.Where(rule => rule.Rule.Kind == kind)];

    /// <summary>By the names, so that hosts whose sets came over different ways share a plan.</summary>
    private sealed class SeriesSets : IEqualityComparer<SeriesSet>
    {
        public static SeriesSets Instance { get; } = new();

        public bool Equals(SeriesSet? x, SeriesSet? y) => x is null ? y is null : x.SameAs(y);

        public int GetHashCode(SeriesSet set)
        {
            var hash = new HashCode();
            foreach (var name in set.Names) hash.Add(name, StringComparer.Ordinal);
            return hash.ToHashCode();
        }
    }
}
