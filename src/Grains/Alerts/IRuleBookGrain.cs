using System.Collections.Immutable;
using StatusMonitor.Grains.Live;

namespace StatusMonitor.Grains.Alerts;

/// <summary>What became of a change to the rules.</summary>
public enum RuleOutcome
{
    /// <summary>It is stored, and the hosts hear of it.</summary>
    Done,

    /// <summary>There is no such rule.</summary>
    NotFound,

    /// <summary>The account has as many as it may.</summary>
    TooMany,
}

/// <summary>Answer to a change.</summary>
[GenerateSerializer, Immutable, Alias("StatusMonitor.RuleResult")]
public sealed record RuleResult([property: Id(0)] RuleOutcome Outcome, [property: Id(1)] AlertRule? Rule = null);

/// <summary>The rules of an account as of one moment.</summary>
/// <param name="Version">Rises with every change; 0 until the first.</param>
/// <param name="Rules">All rules, by id.</param>
[GenerateSerializer, Immutable, Alias("StatusMonitor.RuleBook")]
public sealed record RuleBook([property: Id(0)] long Version, [property: Id(1)] ImmutableArray<AlertRule> Rules);

/// <summary>The rules of an account have changed: whoever keeps a copy of an older version reads them again.</summary>
[GenerateSerializer, Immutable, Alias("StatusMonitor.RulesChanged")]
public sealed record RulesChanged([property: Id(0)] long AccountId, [property: Id(1)] long Version) : LiveUpdate;

/// <summary>The rules of an account; the key is the account id. An account that has changed none has the defaults (<see cref="DefaultRules"/>).</summary>
[Alias("StatusMonitor.IRuleBookGrain")]
public interface IRuleBookGrain : IGrainWithIntegerKey
{
    /// <summary>All rules, by id.</summary>
    [Alias("Get"), AlwaysInterleave]
    Task<ImmutableArray<AlertRule>> Get();

    /// <summary>All rules with their version.</summary>
    [Alias("GetBook"), AlwaysInterleave]
    Task<RuleBook> GetBook();

    /// <summary>Adds a rule that is valid; its id is given here.</summary>
    [Alias("Add")]
    Task<RuleResult> Add(AlertRule rule);

    /// <summary>Puts a rule in the place of the one with its id.</summary>
    [Alias("Replace")]
    Task<RuleResult> Replace(AlertRule rule);

    /// <summary>Removes a rule. A default can be brought back by <see cref="RestoreDefaults"/>.</summary>
    [Alias("Remove")]
    Task<RuleOutcome> Remove(long id);

    /// <summary>Brings back the defaults that were removed, and gives the changed ones their first values.</summary>
    [Alias("RestoreDefaults")]
    Task<ImmutableArray<AlertRule>> RestoreDefaults();

    /// <summary>The account is no more: it has no rules from now on, the defaults neither. What fires by them is over.</summary>
    [Alias("Clear")]
    Task Clear();
}

/// <summary>The rules that an account has from the beginning.</summary>
public static class DefaultRules
{
    /// <summary>Ids up to this are those of defaults, also of later versions.</summary>
    public const int LastId = 9;

    /// <summary>Offline, CPU, memory, each disk, disk-full forecast.</summary>
    public static ImmutableArray<AlertRule> All { get; } =
    [
        new() { Id = 1, DefaultKey = "offline", Name = "Host offline", Kind = AlertKind.Offline, Severity = AlertSeverity.Critical, For = TimeSpan.FromSeconds(30) },
        new()
        {
            Id = 2, DefaultKey = "cpu", Name = "CPU busy", Kind = AlertKind.Threshold, Series = Protocol.KnownSeries.CpuPercent, Condition = AlertCondition.AtOrAbove,
            Threshold = 90, ClearThreshold = 80, For = TimeSpan.FromMinutes(5), KeepFiringFor = TimeSpan.FromMinutes(1),
        },
        new()
        {
            Id = 3, DefaultKey = "memory", Name = "Memory nearly used up", Kind = AlertKind.Threshold, Series = Protocol.KnownSeries.MemoryUsedPercent, Condition = AlertCondition.AtOrAbove,
            Threshold = 90, ClearThreshold = 85, For = TimeSpan.FromMinutes(5), KeepFiringFor = TimeSpan.FromMinutes(1),
        },
        new()
        {
            Id = 4, DefaultKey = "disk", Name = "Disk nearly full", Kind = AlertKind.Threshold, Series = Protocol.KnownSeries.DiskUsedPercent, Condition = AlertCondition.AtOrAbove,
            Threshold = 90, ClearThreshold = 88, For = TimeSpan.FromMinutes(1), Severity = AlertSeverity.Critical,
        },
        new()
        {
            Id = 5, DefaultKey = "disk-full", Name = "Disk full within a day", Kind = AlertKind.Forecast, Series = Protocol.KnownSeries.DiskUsedPercent, Condition = AlertCondition.AtOrAbove,
            Threshold = 100, Within = TimeSpan.FromHours(24),
        },
    ];
}
