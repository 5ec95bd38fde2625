using System.Collections.Immutable;
using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Grains.Hosts;

/// <summary>What a host stores of its alerts: where they are and what is to be told of them, in one write.</summary>
[GenerateSerializer, Immutable, Alias("StatusMonitor.HostAlertsState")]
public sealed record HostAlertsState
{
    /// <summary>Alerts that are not merely normal.</summary>
    [Id(0)]
    public ImmutableArray<HostAlert> Alerts { get; init; } = [];

    /// <summary>What the desks have not taken yet, in the order it happened.</summary>
    [Id(1)]
    public ImmutableArray<AlertTransition> Outbox { get; init; } = [];

    /// <summary>Number of the newest transition there ever was.</summary>
    [Id(2)]
    public long LastNumber { get; init; }

    /// <summary>Collection time of the newest sample that all this follows from, Unix milliseconds; null if none was judged yet.</summary>
    [Id(3)]
    public long? EvaluatedTo { get; init; }

    /// <summary>Boot id of the newest sample that was judged.</summary>
    [Id(4)]
    public string? BootId { get; init; }
}

/// <summary>A rule on a series of the host.</summary>
/// <param name="AccountId">Whose rule it is.</param>
/// <param name="Rule">The rule as it was when it was last judged: who removes it is told that what it fired is over.</param>
/// <param name="Series">The series, or null if the rule has none.</param>
/// <param name="State">Where it is.</param>
[GenerateSerializer, Immutable, Alias("StatusMonitor.HostAlert")]
public sealed record HostAlert(
    [property: Id(0)] long AccountId,
    [property: Id(1)] AlertRule Rule,
    [property: Id(2)] string? Series,
    [property: Id(3)] AlertState State)
{
    /// <summary>Which alert of the host it is.</summary>
    internal AlertKey Key => new(AccountId, Rule.Id, Series);
}

/// <summary>Which alert of a host.</summary>
internal readonly record struct AlertKey(long AccountId, long RuleId, string? Series);
