using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace StatusMonitor.Grains.Alerts;

/// <summary>What a rule looks at.</summary>
[JsonConverter(typeof(AlertKindConverter))]
public enum AlertKind
{
    /// <summary>The value of a series.</summary>
    Threshold,

    /// <summary>How fast a counter grows, in its unit a second.</summary>
    Rate,

    /// <summary>Whether a series, as a straight line through its recent past, reaches the threshold within <see cref="AlertRule.Within"/>.</summary>
    Forecast,

    /// <summary>The host is offline.</summary>
    Offline,

    /// <summary>The host has started anew. It fires and is over at once.</summary>
    Rebooted,

    /// <summary>The host reports, but not this series.</summary>
    NoData,

    /// <summary>A rule of the older StatusMonitor: strict, judged at every sample, without an end, told at most once in its cooldown.</summary>
    Classic,
}

/// <summary>Writes it as the word people read.</summary>
public sealed class AlertKindConverter() : JsonStringEnumConverter<AlertKind>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);

/// <summary>How a value breaks a rule.</summary>
[JsonConverter(typeof(AlertConditionConverter))]
public enum AlertCondition
{
    /// <summary>Greater than the threshold.</summary>
    Above,

    /// <summary>The threshold or greater.</summary>
    AtOrAbove,

    /// <summary>Less than the threshold.</summary>
    Below,

    /// <summary>The threshold or less.</summary>
    AtOrBelow,
}

/// <summary>Writes it as the word people read.</summary>
public sealed class AlertConditionConverter() : JsonStringEnumConverter<AlertCondition>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);

/// <summary>How much it matters, from least to most.</summary>
[JsonConverter(typeof(AlertSeverityConverter))]
public enum AlertSeverity
{
    /// <summary>Good to know.</summary>
    Info,

    /// <summary>Somebody should look when they can.</summary>
    Warning,

    /// <summary>Somebody should look now.</summary>
    Critical,
}

/// <summary>Writes it as the word people read.</summary>
public sealed class AlertSeverityConverter() : JsonStringEnumConverter<AlertSeverity>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);

/// <summary>What becomes of an alert whose series has no values any more though its host reports.</summary>
[JsonConverter(typeof(MissingDataConverter))]
public enum MissingData
{
    /// <summary>It stays as it is, and says that there is no data.</summary>
    Keep,

    /// <summary>It ends, as if the value were fine.</summary>
    Resolve,

    /// <summary>It fires.</summary>
    Fire,
}

/// <summary>Writes it as the word people read.</summary>
public sealed class MissingDataConverter() : JsonStringEnumConverter<MissingData>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);

/// <summary>Which hosts a rule is for.</summary>
[JsonConverter(typeof(ScopeKindConverter))]
public enum ScopeKind
{
    /// <summary>All the account owns.</summary>
    All,

    /// <summary>Those of its own in a group.</summary>
    Group,

    /// <summary>Those of its own with a tag.</summary>
    Tag,

    /// <summary>One host that the account may see, its own or shared with it.</summary>
    Host,
}

/// <summary>Writes it as the word people read.</summary>
public sealed class ScopeKindConverter() : JsonStringEnumConverter<ScopeKind>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);

/// <summary>Which hosts a rule is for.</summary>
/// <param name="Kind">How they are picked.</param>
/// <param name="Name">The group or tag, or null.</param>
/// <param name="HostId">The host, or null.</param>
[GenerateSerializer, Immutable, Alias("StatusMonitor.RuleScope")]
public sealed record RuleScope([property: Id(0)] ScopeKind Kind, [property: Id(1)] string? Name = null, [property: Id(2)] long? HostId = null)
{
    /// <summary>All the account owns.</summary>
    public static RuleScope All { get; } = new(ScopeKind.All);

    /// <summary>Whether a host is among them.</summary>
    /// <param name="hostId">The host.</param>
    /// <param name="group">Its group, or null.</param>
    /// <param name="tags">Its tags.</param>
    /// <param name="isOwner">Whether the rule's account owns it.</param>
    public bool Includes(long hostId, string? group, ImmutableArray<string> tags, bool isOwner) => Kind switch
    {
        ScopeKind.Host => HostId == hostId,
        ScopeKind.Group => isOwner && Name is not null && Name == group,
        ScopeKind.Tag => isOwner && Name is not null && tags.Contains(Name),
        _ => isOwner,
    };
}

/// <summary>A rule of an account: when to tell of which hosts.</summary>
[GenerateSerializer, Immutable, Alias("StatusMonitor.AlertRule")]
public sealed record AlertRule
{
    /// <summary>Number of the rule within its account; never given again. The defaults have 1 to 9.</summary>
    [Id(0)]
    public long Id { get; init; }

    /// <summary>What people call it; 1 to 100 characters.</summary>
    [Id(1)]
    public required string Name { get; init; }

    /// <summary>What it looks at.</summary>
    [Id(2)]
    public required AlertKind Kind { get; init; }

    /// <summary>Which hosts it is for.</summary>
    [Id(3)]
    public RuleScope Scope { get; init; } = RuleScope.All;

    /// <summary>Which series, as <see cref="Protocol.SeriesSelector"/> reads it; each that matches has an alert of its own. Null for <see cref="AlertKind.Offline"/> and <see cref="AlertKind.Rebooted"/>.</summary>
    [Id(4)]
    public string? Series { get; init; }

    /// <summary>How a value breaks it.</summary>
    [Id(5)]
    public AlertCondition Condition { get; init; }

    /// <summary>The bound, in the series' unit, or for a rate in its unit a second.</summary>
    [Id(6)]
    public double Threshold { get; init; }

    /// <summary>Where it is over again: at a value that would not break the rule if this were its threshold; null is <see cref="Threshold"/>. Never on the breaking side of that.</summary>
    [Id(7)]
    public double? ClearThreshold { get; init; }

    /// <summary>How long it must be broken until the alert fires; zero is at the first sample. For <see cref="AlertKind.Offline"/>, how long the host must have been offline; for <see cref="AlertKind.NoData"/>, without a value.</summary>
    [Id(8)]
    public TimeSpan For { get; init; }

    /// <summary>How long it must be fine again until the alert is over.</summary>
    [Id(9)]
    public TimeSpan KeepFiringFor { get; init; }

    /// <summary>How much it matters.</summary>
    [Id(10)]
    public AlertSeverity Severity { get; init; } = AlertSeverity.Warning;

    /// <summary>What becomes of an alert whose series has no values any more.</summary>
    [Id(11)]
    public MissingData MissingData { get; init; }

    /// <summary>Shortest time between two times that the same alert is told of having fired; what fires sooner opens its incident silently.</summary>
    [Id(12)]
    public TimeSpan Cooldown { get; init; }

    /// <summary>How often it is told again while it fires and nobody has acknowledged it; zero is never.</summary>
    [Id(13)]
    public TimeSpan RepeatInterval { get; init; }

    /// <summary>For <see cref="AlertKind.Forecast"/>, how far ahead is looked.</summary>
    [Id(14)]
    public TimeSpan Within { get; init; }

    /// <summary>Whether it is used.</summary>
    [Id(15)]
    public bool IsEnabled { get; init; } = true;

    /// <summary>Of one of the defaults, which: <c>offline</c>, <c>cpu</c>, <c>memory</c>, <c>disk</c>, <c>disk-full</c>; null for others.</summary>
    [Id(16)]
    public string? DefaultKey { get; init; }

    /// <summary>When it was made.</summary>
    [Id(17)]
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>For <see cref="AlertKind.Classic"/>, its metric: <c>cpu</c>, <c>memory</c> or <c>disk</c>; null for others.</summary>
    [Id(18)]
    public string? ClassicMetric { get; init; }

    /// <summary>When it was made or last changed: it says nothing of samples from before. The book's own.</summary>
    [Id(19)]
    public DateTimeOffset ChangedAt { get; init; }
}
