using System.Collections.Immutable;
using StatusMonitor.Grains.Hosts;

namespace StatusMonitor.Grains.Alerts;

/// <summary>A process as the agent saw it.</summary>
/// <param name="Id">Process id.</param>
/// <param name="Name">Its name, at most 64 characters; never its arguments.</param>
/// <param name="CpuPercent">Share of one core since the collection before; may exceed 100.</param>
/// <param name="MemoryBytes">Resident memory.</param>
[GenerateSerializer, Immutable, Alias("StatusMonitor.ProcessSighting")]
public sealed record ProcessSighting(
    [property: Id(0)] int Id,
    [property: Id(1)] string Name,
    [property: Id(2)] double CpuPercent,
    [property: Id(3)] long MemoryBytes);

/// <summary>
/// What a host tells an account's desk of one of its alerts. Made once, stored with the state it belongs to, and handed on until it is taken: by <see cref="Id"/> a
/// repeat is known.
/// </summary>
[GenerateSerializer, Immutable, Alias("StatusMonitor.AlertTransition")]
public sealed record AlertTransition
{
    /// <summary><c>{host}-{number}</c>; numbers of a host ascend, and none is given twice.</summary>
    [Id(0)]
    public required string Id { get; init; }

    /// <summary>Whose rule it is.</summary>
    [Id(1)]
    public required long AccountId { get; init; }

    /// <summary>What happened.</summary>
    [Id(2)]
    public required TransitionKind Kind { get; init; }

    /// <summary>When, in the samples' own time.</summary>
    [Id(3)]
    public required DateTimeOffset At { get; init; }

    /// <summary>The incident it belongs to: the id of the transition that opened it. Of <see cref="TransitionKind.Classic"/> its own.</summary>
    [Id(4)]
    public required string IncidentId { get; init; }

    /// <summary>The host.</summary>
    [Id(5)]
    public required long HostId { get; init; }

    /// <summary>Its name then.</summary>
    [Id(6)]
    public required string HostName { get; init; }

    /// <summary>Its group then, or null.</summary>
    [Id(7)]
    public string? Group { get; init; }

    /// <summary>Its tags then.</summary>
    [Id(8)]
    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>Who may see it then.</summary>
    [Id(9)]
    public HostPeople People { get; init; } = HostPeople.Nobody;

    /// <summary>The rule as it was then.</summary>
    [Id(10)]
    public required AlertRule Rule { get; init; }

    /// <summary>The series, or null if the rule has none.</summary>
    [Id(11)]
    public string? Series { get; init; }

    /// <summary>Its value then, or null.</summary>
    [Id(12)]
    public double? Value { get; init; }

    /// <summary>The worst value of the incident so far, or null.</summary>
    [Id(13)]
    public double? Peak { get; init; }

    /// <summary>Whether somebody is to be told; if not it is in the incident's story alone.</summary>
    [Id(14)]
    public bool IsTold { get; init; } = true;

    /// <summary>Whether the incident is open after it.</summary>
    [Id(15)]
    public bool IsOpen { get; init; }

    /// <summary>For <see cref="TransitionKind.Evidence"/>, what ran: the most by CPU and the most by memory, each once.</summary>
    [Id(16)]
    public ImmutableArray<ProcessSighting> Processes { get; init; } = [];

    /// <summary>For a forecast, when it says the threshold is reached; for <see cref="TransitionKind.FoundLate"/>, when it was over; else null.</summary>
    [Id(17)]
    public DateTimeOffset? Until { get; init; }
}
