using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Gateway.Alerts;

/// <summary>Reads a rule that people wrote. What is wrong is noted by field; then what is given back is of no use.</summary>
internal static class RuleInput
{
    private static readonly Dictionary<string, AlertKind> Kinds = Words<AlertKind>();
    private static readonly Dictionary<string, ScopeKind> Scopes = Words<ScopeKind>();
    private static readonly Dictionary<string, AlertCondition> Conditions = Words<AlertCondition>();
    private static readonly Dictionary<string, AlertSeverity> Severities = Words<AlertSeverity>();
    private static readonly Dictionary<string, MissingData> Missing = Words<MissingData>();

    /// <summary>The rule; null, with what is wrong by field, if it is none.</summary>
    public static AlertRule? Read(RuleRequest? request, Dictionary<string, string[]> errors)
    {
        if (request is null)
        {
            errors["rule"] = ["is missing"];
            return null;
        }

        var kind = Word(Kinds, request.Kind, "kind", null, errors);
        if (kind == AlertKind.Classic) errors["kind"] = ["is made by the older StatusMonitor's clients alone"];
        var comparesValues = !errors.ContainsKey("kind") && AlertRules.ComparesValues(kind);
        var condition = request.Condition is null && !comparesValues ? AlertCondition.Above : Word(Conditions, request.Condition, "condition", null, errors);
        if (comparesValues && request.Threshold is null) errors["threshold"] = ["is missing"];
        var scope = request.Scope is { } hosts ? new RuleScope(Word(Scopes, hosts.Kind, "scope", null, errors), NullIfBlank(hosts.Name), hosts.HostId) : RuleScope.All;
        var rule = new AlertRule
        {
            Name = request.Name?.Trim() ?? "",
            Kind = kind,
            Scope = scope,
            Series = NullIfBlank(request.Series),
            Condition = condition,
            Threshold = request.Threshold ?? 0,
            ClearThreshold = request.ClearThreshold,
            For = Seconds(request.ForSeconds),
            KeepFiringFor = Seconds(request.KeepFiringForSeconds),
            Severity = Word(Severities, request.Severity, "severity", AlertSeverity.Warning, errors),
            MissingData = Word(Missing, request.MissingData, "missingData", MissingData.Keep, errors),
            Cooldown = Seconds(request.CooldownSeconds),
            RepeatInterval = Seconds(request.RepeatSeconds),
            Within = Seconds(request.WithinSeconds),
            IsEnabled = request.Enabled ?? true,
        };

        // A kind that is none says nothing of what else there must be.
        if (errors.ContainsKey("kind")) rule = rule with { Kind = (AlertKind)(-1) };
        foreach (var (field, problems) in AlertRules.Errors(rule) ?? []) errors.TryAdd(field, problems);

        return errors.Count == 0 ? rule : null;
    }

    private static TimeSpan Seconds(double? seconds)
    {
        if (seconds is not { } given) return TimeSpan.Zero;
        // To the millisecond, as all times are; what is out of all bounds is left to be found so.
        return double.IsFinite(given) && Math.Abs(given) < 1e10 ? TimeSpan.FromMilliseconds(Math.Round(given * 1000)) : TimeSpan.MaxValue;
    }

    private static T Word<T>(Dictionary<string, T> words, string? text, string field, T? otherwise, Dictionary<string, string[]> errors) where T : struct
    {
        if (text is null && otherwise is { } usual) return usual;
        if (text is not null && words.TryGetValue(text, out var value)) return value;
        errors[field] = [$"must be one of {string.Join(", ", words.Keys)}"];
        return default;
    }

    private static string? NullIfBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static Dictionary<string, T> Words<T>() where T : struct, Enum =>
        Enum.GetValues<T>().ToDictionary(value => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(value.ToString()), StringComparer.Ordinal);
}
