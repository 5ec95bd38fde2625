using StatusMonitor.Grains.Alerts;
using StatusMonitor.Grains.Hosts;

namespace StatusMonitor.Grains.Tests.Alerts;

/// <summary>Which rules are for a host, and where in its reports they look.</summary>
public sealed class HostRulesTests
{
    private static readonly SeriesSet Series = new(["cpu.percent", "disk.used.percent{mount=/}", "disk.used.percent{mount=/data}", "disk.used.percentile", "net.rx.bytes{nic=eth0}"]);

    [Fact]
    public void ScopesPickHosts_AndASharedHostGetsWhatNamesIt()
    {
        var rules = Rules(
            Rule(10, "cpu.percent"),
            Rule(11, "cpu.percent") with { Scope = new RuleScope(ScopeKind.Group, "db") },
            Rule(12, "cpu.percent") with { Scope = new RuleScope(ScopeKind.Tag, "prod") },
            Rule(13, "cpu.percent") with { Scope = new RuleScope(ScopeKind.Host, HostId: 5) },
            Rule(14, "cpu.percent") with { IsEnabled = false });

        Assert.Equal([10], Ids(rules.OfOwn(1, null, [])));
        Assert.Equal([10, 11], Ids(rules.OfOwn(1, "db", ["test"])));
        Assert.Equal([10, 11, 12, 13], Ids(rules.OfOwn(5, "db", ["test", "prod"])));
        Assert.Equal([13], rules.OfShared(5, "db", ["prod"]).Select(rule => rule.Rule.Id));
        Assert.Empty(rules.OfShared(6, "db", ["prod"]));
    }

    [Fact]
    public void HostsWithTheSameRulesAndSeries_ShareThem()
    {
        var rules = Rules(Rule(10, "cpu.percent"), Rule(11, "cpu.percent") with { Scope = new RuleScope(ScopeKind.Tag, "prod") });

        var first = rules.OfOwn(1, null, ["prod"]);
        Assert.Same(first, rules.OfOwn(2, "db", ["prod", "other"]));
        Assert.NotSame(first, rules.OfOwn(2, "db", []));
        Assert.Same(first.PlanFor(Series), first.PlanFor(new SeriesSet([.. Series.Names])));
    }

    [Theory]
    [InlineData("disk.used.percent", "disk.used.percent{mount=/} disk.used.percent{mount=/data}")]
    [InlineData("disk.used.percent{mount=/d*}", "disk.used.percent{mount=/data}")]
    [InlineData("disk.used.percent{mount=/}", "disk.used.percent{mount=/}")]
    [InlineData("cpu.percent", "cpu.percent")]
    [InlineData("swap.used.percent", "")]
    public void ASelector_PicksItsSeries(string selector, string expected)
    {
        var plan = Rules(Rule(10, selector)).OfOwn(1, null, []).PlanFor(Series);

        Assert.Equal(expected, string.Join(' ', plan.Thresholds.Select(check => check.Series)));
        Assert.All(plan.Thresholds, check => Assert.Equal(check.Series, Series.Names[check.Place]));
    }

    [Theory]
    [InlineData("cpu", "0")]
    [InlineData("memory", "")]
    [InlineData("disk", "1,2")]
    public void AClassicMetric_IsMappedToItsSeries(string metric, string expected)
    {
        var rule = Rule(10, null) with { Kind = AlertKind.Classic, ClassicMetric = metric };
        var plan = Rules(rule).OfOwn(1, null, []).PlanFor(Series);

        Assert.Equal(expected, string.Join(',', plan.Classics.SelectMany(check => check.Places)));
    }

    private static AlertRule Rule(long id, string? series) => new() { Id = id, Name = "rule", Kind = AlertKind.Threshold, Series = series };

    private static AccountRules Rules(params AlertRule[] rules) => new(7, new RuleBook(1, [.. rules]));

    private static IEnumerable<long> Ids(HostRules rules) => rules.All.Select(rule => rule.Rule.Id);
}
