using System.Text.Json;
using System.Text.Json.Serialization;

namespace StatusMonitor.Grains.Alerts;

/// <summary>Where an alert is. Acknowledged and silenced are not among it: they are the incident's.</summary>
[JsonConverter(typeof(AlertPhaseConverter))]
public enum AlertPhase
{
    /// <summary>The rule holds.</summary>
    Normal,

    /// <summary>It is broken, but not yet for long enough.</summary>
    Pending,

    /// <summary>It is broken.</summary>
    Firing,

    /// <summary>It holds again, but not yet for long enough.</summary>
    Recovering,

    /// <summary>There are no values. What it was is in <see cref="AlertState.WasFiring"/>.</summary>
    NoData,
}

/// <summary>Writes it as the word people read.</summary>
public sealed class AlertPhaseConverter() : JsonStringEnumConverter<AlertPhase>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);

/// <summary>All that is stored of a rule on one series of a host. One for which <see cref="AlertMachine.IsIdle"/> holds need not be stored.</summary>
/// <param name="Phase">Where it is.</param>
/// <param name="Since">When the phase began, Unix milliseconds of the samples' own time.</param>
/// <param name="FiredAt">When the incident that is open began, or null.</param>
/// <param name="IncidentId">The incident that is open, or while it flaps the last one; else null. Given by whoever tells of the alert.</param>
/// <param name="Peak">The worst value since it fired, or null.</param>
/// <param name="WasFiring">In <see cref="AlertPhase.NoData"/>, whether its incident goes on.</param>
/// <param name="LastToldAt">When it last fired and was told of, for the cooldown; or null.</param>
/// <param name="Changes">When it fired or was over lately, ascending: what flapping is told by. Never longer than <see cref="Flapping.Changes"/>.</param>
/// <param name="IsFlapping">Whether it changes so often that it is damped.</param>
/// <param name="IsTold">Whether the open incident was told of, so that its end is told too.</param>
[GenerateSerializer, Immutable, Alias("StatusMonitor.AlertState")]
public sealed record AlertState(
    [property: Id(0)] AlertPhase Phase,
    [property: Id(1)] long Since,
    [property: Id(2)] long? FiredAt = null,
    [property: Id(3)] string? IncidentId = null,
    [property: Id(4)] double? Peak = null,
    [property: Id(5)] bool WasFiring = false,
    [property: Id(6)] long? LastToldAt = null,
    [property: Id(7)] System.Collections.Immutable.ImmutableArray<long> Changes = default,
    [property: Id(8)] bool IsFlapping = false,
    [property: Id(9)] bool IsTold = false)
{
    /// <summary>Nothing has happened.</summary>
    public static AlertState Normal { get; } = new(AlertPhase.Normal, 0, Changes: []);

    /// <summary>Whether an incident is open.</summary>
    [JsonIgnore]
    public bool IsOpen => Phase is AlertPhase.Firing or AlertPhase.Recovering || (Phase == AlertPhase.NoData && WasFiring);
}

/// <summary>What has become of an alert, to be told.</summary>
[JsonConverter(typeof(TransitionKindConverter))]
public enum TransitionKind
{
    /// <summary>It fires: an incident is opened.</summary>
    Fired,

    /// <summary>It is over: its incident is resolved.</summary>
    Resolved,

    /// <summary>Its series has no values any more, while its incident is open.</summary>
    DataLost,

    /// <summary>Its series has values again, and its incident goes on.</summary>
    DataBack,

    /// <summary>It changes so often that it is told of no more until it keeps still.</summary>
    FlappingBegan,

    /// <summary>It keeps still again; what it is now is in <see cref="AlertTransition.IsOpen"/>.</summary>
    FlappingEnded,

    /// <summary>What the host's agent saw when it began; nobody is told for its sake alone.</summary>
    Evidence,

    /// <summary>Samples that came late would have fired it; nobody is told.</summary>
    FoundLate,

    /// <summary>A rule of the older StatusMonitor was broken and its cooldown is over. There is no incident.</summary>
    Classic,
}

/// <summary>Writes it as the word people read.</summary>
public sealed class TransitionKindConverter() : JsonStringEnumConverter<TransitionKind>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);

/// <summary>When an alert is said to flap: as many changes within the window; and when no more: quiet for so long.</summary>
public static class Flapping
{
    /// <summary>Changes that make it so.</summary>
    public const int Changes = 6;

    /// <summary>The window they fall into.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(30);

    /// <summary>Time without a change after which it keeps still again.</summary>
    public static readonly TimeSpan QuietAfter = TimeSpan.FromMinutes(15);
}
