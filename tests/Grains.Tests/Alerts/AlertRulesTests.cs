using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Grains.Tests.Alerts;

public sealed class AlertRulesTests
{
    private static readonly AlertRule Threshold = new() { Name = "Disk", Kind = AlertKind.Threshold, Series = "disk.used.percent{mount=/data*}", Condition = AlertCondition.Above, Threshold = 90 };
    private static readonly AlertRule Forecast = Threshold with { Kind = AlertKind.Forecast, Within = TimeSpan.FromHours(4) };
    private static readonly AlertRule Offline = new() { Name = "Offline", Kind = AlertKind.Offline };
    private static readonly AlertRule NoData = new() { Name = "No data", Kind = AlertKind.NoData, Series = "cpu.percent", For = TimeSpan.FromMinutes(5) };

    private static readonly AlertRule Classic = new()
    {
        Name = "cpu", Kind = AlertKind.Classic, ClassicMetric = "cpu", Threshold = 90, Scope = new RuleScope(ScopeKind.Host, HostId: 4), Cooldown = AlertRules.ClassicCooldown,
    };

    public static TheoryData<AlertRule> Good => new(
        [
            Threshold,
            Threshold with { Kind = AlertKind.Rate, Series = "net.rx.bytes", Threshold = -1e18, ClearThreshold = -1e18 },
            Threshold with { Condition = AlertCondition.Below, ClearThreshold = 95, For = TimeSpan.FromDays(7), KeepFiringFor = TimeSpan.FromDays(7), Cooldown = TimeSpan.FromDays(7) },
            Threshold with { Scope = new RuleScope(ScopeKind.Group, "Büro"), MissingData = MissingData.Fire, RepeatInterval = TimeSpan.FromMinutes(1) },
            Threshold with { Scope = new RuleScope(ScopeKind.Tag, "db"), Name = new string('x', 100) },
            Forecast,
            Offline,
            Offline with { Kind = AlertKind.Rebooted, Scope = new RuleScope(ScopeKind.Host, HostId: 1) },
            NoData,
            Classic,
        ]);

    public static TheoryData<string, AlertRule> Bad => new()
    {
        { "name", Threshold with { Name = "" } },
        { "name", Threshold with { Name = null! } },
        { "name", Threshold with { Name = "  " } },
        { "name", Threshold with { Name = new string('x', 101) } },
        { "name", Threshold with { Name = "a\nb" } },
        { "kind", Threshold with { Kind = (AlertKind)99 } },
        { "severity", Threshold with { Severity = (AlertSeverity)9 } },
        { "scope", Threshold with { Scope = null! } },
        { "scope", Threshold with { Scope = new RuleScope((ScopeKind)7) } },
        { "scope", Threshold with { Scope = new RuleScope(ScopeKind.All, "x") } },
        { "scope", Threshold with { Scope = new RuleScope(ScopeKind.Host) } },
        { "scope", Threshold with { Scope = new RuleScope(ScopeKind.Host, HostId: 0) } },
        { "scope", Threshold with { Scope = new RuleScope(ScopeKind.Host, "x", 4) } },
        { "scope", Threshold with { Scope = new RuleScope(ScopeKind.Group) } },
        { "scope", Threshold with { Scope = new RuleScope(ScopeKind.Tag, "\t") } },
        { "scope", Threshold with { Scope = new RuleScope(ScopeKind.Tag, "db", 4) } },
        { "scope", Classic with { Scope = RuleScope.All } },
        { "series", Threshold with { Series = null } },
        { "series", Threshold with { Series = "cpu percent{" } },
        { "series", Threshold with { Series = new string('a', 513) } },
        { "series", Offline with { Series = "cpu.percent" } },
        { "series", Classic with { Series = "cpu.percent" } },
        { "classicMetric", Classic with { ClassicMetric = "network" } },
        { "classicMetric", Threshold with { ClassicMetric = "cpu" } },
        { "condition", Threshold with { Condition = (AlertCondition)4 } },
        { "condition", Classic with { Condition = AlertCondition.AtOrAbove } },
        { "threshold", Threshold with { Threshold = double.NaN } },
        { "threshold", Threshold with { Threshold = double.PositiveInfinity } },
        { "threshold", Threshold with { Threshold = 2e18 } },
        { "threshold", Offline with { Threshold = 1 } },
        { "threshold", NoData with { Threshold = 1 } },
        { "clearThreshold", Threshold with { ClearThreshold = 90.1 } },
        { "clearThreshold", Threshold with { ClearThreshold = double.NaN } },
        { "clearThreshold", Threshold with { Condition = AlertCondition.AtOrBelow, ClearThreshold = 89 } },
        { "clearThreshold", Offline with { ClearThreshold = 0 } },
        { "clearThreshold", Classic with { ClearThreshold = 80 } },
        { "missingData", Threshold with { MissingData = (MissingData)5 } },
        { "missingData", NoData with { MissingData = MissingData.Fire } },
        { "forSeconds", Threshold with { For = TimeSpan.FromSeconds(-1) } },
        { "forSeconds", Threshold with { For = TimeSpan.FromDays(7.1) } },
        { "forSeconds", NoData with { For = TimeSpan.FromSeconds(29) } },
        { "forSeconds", Offline with { Kind = AlertKind.Rebooted, For = TimeSpan.FromSeconds(1) } },
        { "keepFiringForSeconds", Threshold with { KeepFiringFor = TimeSpan.MaxValue } },
        { "keepFiringForSeconds", Classic with { KeepFiringFor = TimeSpan.FromSeconds(1) } },
        { "cooldownSeconds", Threshold with { Cooldown = TimeSpan.MinValue } },
        { "repeatSeconds", Threshold with { RepeatInterval = TimeSpan.FromSeconds(59) } },
        { "repeatSeconds", Threshold with { RepeatInterval = TimeSpan.FromDays(31) } },
        { "repeatSeconds", Classic with { RepeatInterval = TimeSpan.FromHours(1) } },
        { "withinSeconds", Forecast with { Within = TimeSpan.Zero } },
        { "withinSeconds", Forecast with { Within = TimeSpan.FromDays(31) } },
        { "withinSeconds", Threshold with { Within = TimeSpan.FromHours(4) } },
    };

    [Theory]
    [MemberData(nameof(Good))]
    public void ARuleThatIsFine_HasNoErrors(AlertRule rule) => Assert.Null(AlertRules.Errors(rule));

    [Theory]
    [MemberData(nameof(Bad))]
    public void ABadField_IsNamed_AndNoOther(string field, AlertRule rule)
    {
        var errors = AlertRules.Errors(rule);

        Assert.NotNull(errors);
        Assert.Equal(field, Assert.Single(errors.Keys));
        Assert.NotEmpty(Assert.Single(errors[field]));
    }

    [Fact]
    public void TheDefaults_AreFine()
    {
        Assert.All(DefaultRules.All, rule => Assert.Null(AlertRules.Errors(rule)));
        Assert.Equal(["offline", "cpu", "memory", "disk", "disk-full"], DefaultRules.All.Select(rule => rule.DefaultKey));
    }
}
