using StatusMonitor.Protocol;

namespace StatusMonitor.Grains.Alerts;

/// <summary>What holds for every rule.</summary>
public static class AlertRules
{
    /// <summary>Rules an account may have.</summary>
    public const int MaxRules = 500;

    /// <summary>Characters of a rule's name, and of the group or tag it is for.</summary>
    public const int MaxNameLength = 100;

    /// <summary>Greatest threshold, either way: what is measured lies far within, and arithmetic with it stays exact enough.</summary>
    public const double MaxThreshold = 1e18;

    /// <summary>Longest <see cref="AlertRule.For"/>, <see cref="AlertRule.KeepFiringFor"/> and <see cref="AlertRule.Cooldown"/>.</summary>
    public static readonly TimeSpan MaxDuration = TimeSpan.FromDays(7);

    /// <summary>Shortest and longest <see cref="AlertRule.RepeatInterval"/>, if it is not zero.</summary>
    public static readonly (TimeSpan Shortest, TimeSpan Longest) Repeat = (TimeSpan.FromMinutes(1), TimeSpan.FromDays(30));

    /// <summary>Nearest and farthest <see cref="AlertRule.Within"/>.</summary>
    public static readonly (TimeSpan Nearest, TimeSpan Farthest) Ahead = (TimeSpan.FromMinutes(10), TimeSpan.FromDays(30));

    /// <summary>Shortest time without a value that is no data: agents may report every few seconds only.</summary>
    public static readonly TimeSpan MinNoData = TimeSpan.FromSeconds(30);

    /// <summary>What a classic rule's <see cref="AlertRule.Cooldown"/> is.</summary>
    public static readonly TimeSpan ClassicCooldown = TimeSpan.FromSeconds(300);

    /// <summary>Whether a rule of this kind compares values with a threshold.</summary>
    public static bool ComparesValues(AlertKind kind) => kind is AlertKind.Threshold or AlertKind.Rate or AlertKind.Forecast or AlertKind.Classic;

    /// <summary>What is wrong with a rule, messages by field (camelCase); null if nothing is.</summary>
    public static Dictionary<string, string[]>? Errors(AlertRule rule)
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (!IsName(rule.Name)) errors["name"] = [$"must have 1 to {MaxNameLength} characters and no control characters"];
        if (!Enum.IsDefined(rule.Kind))
        {
            errors["kind"] = ["is not a kind of rule"];
            return errors;
        }

        if (!Enum.IsDefined(rule.Severity)) errors["severity"] = ["must be info, warning or critical"];
        AddScope(rule, errors);
        AddSeries(rule, errors);
        AddBounds(rule, errors);
        AddDurations(rule, errors);
        return errors.Count == 0 ? null : errors;
    }

    private static void AddScope(AlertRule rule, Dictionary<string, string[]> errors)
    {
        var error = rule.Scope switch
        {
            null => "is missing",
            { Kind: ScopeKind.All, Name: null, HostId: null } or { Kind: ScopeKind.Host, Name: null, HostId: > 0 } => null,
            { Kind: ScopeKind.Group or ScopeKind.Tag, HostId: null } scope when IsName(scope.Name) => null,
            { Kind: ScopeKind.All } => "has neither a name nor a host if it is all",
            { Kind: ScopeKind.Host } => "needs hostId, and has no name, if it is a host",
            { Kind: ScopeKind.Group or ScopeKind.Tag } => $"needs a name of 1 to {MaxNameLength} characters without control characters, and has no host, if it is a group or a tag",
            _ => "must be all, group, tag or host",
        };
        if (rule is { Kind: AlertKind.Classic, Scope.Kind: not ScopeKind.Host }) error ??= "must be a host for a classic rule";
        if (error is not null) errors["scope"] = [error];
    }

    private static void AddSeries(AlertRule rule, Dictionary<string, string[]> errors)
    {
        if (rule.Kind is AlertKind.Offline or AlertKind.Rebooted or AlertKind.Classic)
        {
            if (rule.Series is not null) errors["series"] = ["does not belong to a rule of this kind"];
        }
        else if (string.IsNullOrWhiteSpace(rule.Series))
        {
            errors["series"] = ["is missing"];
        }
        else if (rule.Series.Length > SeriesName.MaxLength)
        {
            errors["series"] = [$"must have at most {SeriesName.MaxLength} characters"];
        }
        else if (!SeriesSelector.TryParse(rule.Series, out _, out var error))
        {
            errors["series"] = [error];
        }

        if (rule.Kind == AlertKind.Classic ? rule.ClassicMetric is not ("cpu" or "memory" or "disk") : rule.ClassicMetric is not null)
            errors["classicMetric"] = [rule.Kind == AlertKind.Classic ? "must be cpu, memory or disk" : "belongs to classic rules alone"];
    }

    private static void AddBounds(AlertRule rule, Dictionary<string, string[]> errors)
    {
        var hasValue = rule.Kind is AlertKind.Threshold or AlertKind.Rate or AlertKind.Forecast;
        if (!Enum.IsDefined(rule.Condition)) errors["condition"] = ["must be above, atOrAbove, below or atOrBelow"];
        else if (rule.Kind == AlertKind.Classic && rule.Condition is not (AlertCondition.Above or AlertCondition.Below)) errors["condition"] = ["must be above or below for a classic rule"];

        if (!ComparesValues(rule.Kind))
        {
            if (rule.Threshold != 0) errors["threshold"] = ["does not belong to a rule of this kind"];
        }
        else if (!IsBound(rule.Threshold))
        {
            errors["threshold"] = [$"must be a number from {-MaxThreshold:G} to {MaxThreshold:G}"];
        }

        if (rule.ClearThreshold is { } clear)
        {
            if (!hasValue) errors["clearThreshold"] = ["does not belong to a rule of this kind"];
            else if (!IsBound(clear)) errors["clearThreshold"] = [$"must be a number from {-MaxThreshold:G} to {MaxThreshold:G}"];
            else if (rule.Condition is AlertCondition.Above or AlertCondition.AtOrAbove && clear > rule.Threshold) errors["clearThreshold"] = ["must not be greater than threshold"];
            else if (rule.Condition is AlertCondition.Below or AlertCondition.AtOrBelow && clear < rule.Threshold) errors["clearThreshold"] = ["must not be less than threshold"];
        }

        if (!Enum.IsDefined(rule.MissingData)) errors["missingData"] = ["must be keep, resolve or fire"];
        else if (!hasValue && rule.MissingData != MissingData.Keep) errors["missingData"] = ["must be keep for a rule of this kind"];
    }

    private static void AddDurations(AlertRule rule, Dictionary<string, string[]> errors)
    {
        var isMoment = rule.Kind is AlertKind.Rebooted or AlertKind.Classic;
        AddDuration("for", rule.For, rule.Kind == AlertKind.NoData ? MinNoData : TimeSpan.Zero, isMoment ? TimeSpan.Zero : MaxDuration, errors);
        AddDuration("keepFiringFor", rule.KeepFiringFor, TimeSpan.Zero, isMoment ? TimeSpan.Zero : MaxDuration, errors);
        AddDuration("cooldown", rule.Cooldown, TimeSpan.Zero, MaxDuration, errors);
        if (rule.RepeatInterval != TimeSpan.Zero) AddDuration("repeat", rule.RepeatInterval, isMoment ? TimeSpan.Zero : Repeat.Shortest, isMoment ? TimeSpan.Zero : Repeat.Longest, errors);
        if (rule.Kind == AlertKind.Forecast) AddDuration("within", rule.Within, Ahead.Nearest, Ahead.Farthest, errors);
        else if (rule.Within != TimeSpan.Zero) errors["withinSeconds"] = ["belongs to forecasts alone"];
    }

    private static void AddDuration(string name, TimeSpan value, TimeSpan shortest, TimeSpan longest, Dictionary<string, string[]> errors)
    {
        if (value >= shortest && value <= longest) return;
        errors[name + "Seconds"] =
        [
            longest == TimeSpan.Zero ? "must be 0 for a rule of this kind" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"must be {shortest.TotalSeconds} to {longest.TotalSeconds}"),
        ];
    }

    private static bool IsName(string? text) => text is { Length: > 0 and <= MaxNameLength } && !string.IsNullOrWhiteSpace(text) && !text.Any(char.IsControl);

    private static bool IsBound(double value) => double.IsFinite(value) && Math.Abs(value) <= MaxThreshold;
}
