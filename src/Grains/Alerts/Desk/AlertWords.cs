namespace StatusMonitor.Grains.Alerts.Desk;

/// <summary>What is said of one alert.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Series">The series, or null.</param>
/// <param name="Value">Its value, or null.</param>
/// <param name="Peak">The worst value, or null.</param>
/// <param name="At">When.</param>
/// <param name="OpenedAt">When it began, if that is known.</param>
/// <param name="Until">For a forecast, when it says the threshold is reached.</param>
internal readonly record struct AlertFacts(AlertRule Rule, string? Series, double? Value, double? Peak, DateTimeOffset At, DateTimeOffset? OpenedAt = null, DateTimeOffset? Until = null)
{
    public static AlertFacts Of(AlertTransition transition, DateTimeOffset? openedAt = null) =>
        new(transition.Rule, transition.Series, transition.Value, transition.Peak, transition.At, openedAt, transition.Kind == TransitionKind.FoundLate ? null : transition.Until);
}

/// <summary>Alerts in plain words, without markup. Pure.</summary>
internal static class AlertWords
{
    /// <summary>What happened, for the incident's story and for messages.</summary>
    public static string Of(TransitionKind kind, AlertFacts facts, bool isOpen) => kind switch
    {
        TransitionKind.Fired or TransitionKind.Classic => Fired(facts),
        TransitionKind.Resolved => Resolved(facts),
        TransitionKind.DataLost => $"{Name(facts)} has no values any more",
        TransitionKind.DataBack => $"{Name(facts)} has values again",
        TransitionKind.FlappingBegan => $"it changed {Flapping.Changes} times within {Quantity.Of(Flapping.Window)}; nobody is told of it until it has kept still for {Quantity.Of(Flapping.QuietAfter)}",
        TransitionKind.FlappingEnded => isOpen ? "it keeps still again, and goes on" : "it keeps still again, and is over",
        TransitionKind.FoundLate => $"samples that came late tell of it: {Fired(facts)}",
        _ => "what ran at the time",
    };

    /// <summary>What is wrong.</summary>
    public static string Fired(AlertFacts facts) => facts.Rule.Kind switch
    {
        AlertKind.Offline => facts.Rule.For > TimeSpan.Zero ? $"has been offline for {Quantity.Of(facts.Rule.For)}" : "is offline",
        AlertKind.Rebooted => "has rebooted",
        AlertKind.NoData => $"{Name(facts)} has had no values for {Quantity.Of(facts.Rule.For)}",
        AlertKind.Forecast => Forecast(facts),
        AlertKind.Rate => $"{Name(facts)} {(facts.Value is { } rate ? $"grows by {Quantity.Rate(rate, facts.Series)}" : "grows")}, {Bound(facts.Rule, facts.Series)}",
        _ => $"{Name(facts)} {(facts.Value is { } value ? $"is {Quantity.Of(value, facts.Series)}" : "has no values")}, {Bound(facts.Rule, facts.Series)}",
    };

    /// <summary>What is over.</summary>
    public static string Resolved(AlertFacts facts)
    {
        var lasted = facts.OpenedAt is { } openedAt && facts.At > openedAt ? $" after {Quantity.Of(facts.At - openedAt)}" : "";
        if (facts.Rule.Kind == AlertKind.Offline) return $"is back{lasted}";
        if (facts.Rule.Kind == AlertKind.NoData) return $"{Name(facts)} has values again{lasted}";
        if (facts.Value is not { } value) return $"{Name(facts)} is over{lasted}";
        if (facts.Rule.Kind == AlertKind.Forecast) return $"{Name(facts)} is {Quantity.Of(value, facts.Series)} and no longer about to reach {Quantity.Of(facts.Rule.Threshold, facts.Series)}{lasted}";

        var isRate = facts.Rule.Kind == AlertKind.Rate;
        var worst = facts.Peak is { } peak ? $"; the worst was {(isRate ? Quantity.Rate(peak, facts.Series) : Quantity.Of(peak, facts.Series))}" : "";
        return $"{Name(facts)} {(isRate ? $"grows by {Quantity.Rate(value, facts.Series)}" : $"is {Quantity.Of(value, facts.Series)}")} again{lasted}{worst}";
    }

    private static string Forecast(AlertFacts facts)
    {
        var now = facts.Value is { } value ? $"is {Quantity.Of(value, facts.Series)} and " : "";
        var when = facts.Until is { } until && until > facts.At ? $"in about {Quantity.Of(Round(until - facts.At))}, at {Quantity.Moment(until)}" : $"within {Quantity.Of(facts.Rule.Within)}";
        return $"{Name(facts)} {now}reaches {Quantity.Of(facts.Rule.Threshold, facts.Series)} {when} if it goes on like this";
    }

    // A forecast to the second would claim what nobody knows.
    private static TimeSpan Round(TimeSpan time) => time < TimeSpan.FromHours(2) ? TimeSpan.FromMinutes(Math.Ceiling(time.TotalMinutes)) : TimeSpan.FromHours(Math.Round(time.TotalHours));

    private static string Bound(AlertRule rule, string? series)
    {
        var side = rule.Condition switch
        {
            AlertCondition.Above => "above",
            AlertCondition.AtOrAbove => "at or above",
            AlertCondition.Below => "below",
            _ => "at or below",
        };
        var bound = rule.Kind == AlertKind.Rate ? Quantity.Rate(rule.Threshold, series) : Quantity.Of(rule.Threshold, series);
        return rule.For > TimeSpan.Zero ? $"{side} {bound} for {Quantity.Of(rule.For)}" : $"{side} {bound}";
    }

    private static string Name(AlertFacts facts) => (facts.Series ?? facts.Rule.Series) is { } series ? Quantity.Series(series) : "it";
}
