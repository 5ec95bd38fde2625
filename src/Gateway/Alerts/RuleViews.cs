using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Gateway.Alerts;

/// <summary>Which hosts a rule is for: <c>all</c>, a <c>group</c> or <c>tag</c> by name, or one <c>host</c> by id.</summary>
internal sealed record RuleScopeView(string? Kind, string? Name = null, long? HostId = null);

/// <summary>A rule as people write it. What is not there has its usual value; what its kind needs must be there.</summary>
internal sealed record RuleRequest(
    string? Name,
    string? Kind,
    RuleScopeView? Scope,
    string? Series,
    string? Condition,
    double? Threshold,
    double? ClearThreshold,
    double? ForSeconds,
    double? KeepFiringForSeconds,
    string? Severity,
    string? MissingData,
    double? CooldownSeconds,
    double? RepeatSeconds,
    double? WithinSeconds,
    bool? Enabled);

/// <summary>Body of <c>PATCH /api/v1/alerts/rules/{id}</c>.</summary>
internal sealed record RuleChangeRequest(bool? Enabled);

/// <summary>A rule. Durations are seconds.</summary>
/// <param name="Id">Its number within the account.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Kind"><c>threshold</c>, <c>rate</c>, <c>forecast</c>, <c>offline</c>, <c>rebooted</c>, <c>noData</c> or <c>classic</c>.</param>
/// <param name="Scope">Which hosts it is for.</param>
/// <param name="Series">Which series; null for kinds that look at none.</param>
/// <param name="Condition"><c>above</c>, <c>atOrAbove</c>, <c>below</c> or <c>atOrBelow</c>.</param>
/// <param name="Threshold">The bound, in the series' unit; 0 for kinds that compare nothing.</param>
/// <param name="ClearThreshold">Where it is over again, if that is not the threshold.</param>
/// <param name="ForSeconds">How long it must be broken until it fires.</param>
/// <param name="KeepFiringForSeconds">How long it must be fine until it is over.</param>
/// <param name="Severity"><c>info</c>, <c>warning</c> or <c>critical</c>.</param>
/// <param name="MissingData">When there are no values: <c>keep</c>, <c>resolve</c> or <c>fire</c>.</param>
/// <param name="CooldownSeconds">Shortest time between two times that it is told of having fired.</param>
/// <param name="RepeatSeconds">How often it is told again while nobody has taken it up; 0 is never.</param>
/// <param name="WithinSeconds">Of a forecast, how far ahead is looked.</param>
/// <param name="Enabled">Whether it is used.</param>
/// <param name="Default">Of one that every account has from the beginning, which: <c>offline</c>, <c>cpu</c>, <c>memory</c>, <c>disk</c> or <c>disk-full</c>.</param>
/// <param name="Metric">Of a classic rule, its metric.</param>
/// <param name="CreatedAt">When it was made; null for a default.</param>
internal sealed record RuleView(
    long Id,
    string Name,
    AlertKind Kind,
    RuleScopeView Scope,
    string? Series,
    AlertCondition Condition,
    double Threshold,
    double? ClearThreshold,
    double ForSeconds,
    double KeepFiringForSeconds,
    AlertSeverity Severity,
    MissingData MissingData,
    double CooldownSeconds,
    double RepeatSeconds,
    double? WithinSeconds,
    bool Enabled,
    string? Default,
    string? Metric,
    DateTimeOffset? CreatedAt)
{
    public static RuleView Of(AlertRule rule) => new(
        rule.Id,
        rule.Name,
        rule.Kind,
        new RuleScopeView(System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(rule.Scope.Kind.ToString()), rule.Scope.Name, rule.Scope.HostId),
        rule.Series,
        rule.Condition,
        rule.Threshold,
        rule.ClearThreshold,
        rule.For.TotalSeconds,
        rule.KeepFiringFor.TotalSeconds,
        rule.Severity,
        rule.MissingData,
        rule.Cooldown.TotalSeconds,
        rule.RepeatInterval.TotalSeconds,
        rule.Kind == AlertKind.Forecast ? rule.Within.TotalSeconds : null,
        rule.IsEnabled,
        rule.DefaultKey,
        rule.ClassicMetric,
        rule.CreatedAt == default ? null : rule.CreatedAt);
}

/// <summary>The rules of an account, by id.</summary>
internal sealed record RulesView(IReadOnlyList<RuleView> Rules);
