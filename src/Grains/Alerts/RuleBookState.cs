using System.Collections.Immutable;

namespace StatusMonitor.Grains.Alerts;

/// <summary>What a rule book stores.</summary>
[GenerateSerializer, Immutable, Alias("StatusMonitor.RuleBookState")]
public sealed record RuleBookState
{
    /// <summary>All rules, by id; null while nothing was ever changed and the defaults hold, as whatever version of ours has them.</summary>
    [Id(0)]
    public ImmutableArray<AlertRule>? Rules { get; init; }

    /// <summary>The newest id there ever was.</summary>
    [Id(1)]
    public long LastId { get; init; } = DefaultRules.LastId;

    /// <summary>Rises with every change.</summary>
    [Id(2)]
    public long Version { get; init; }
}
