using System.Collections.Immutable;

namespace StatusMonitor.Grains.Accounts;

/// <summary>What a shard of the limiter stores.</summary>
[GenerateSerializer, Immutable, Alias("StatusMonitor.LoginLimiterState")]
public sealed record LoginLimiterState
{
    /// <summary>Attempts by a hash of what is limited. Names are not kept in plain: people type their password where the name belongs.</summary>
    [Id(0)]
    public ImmutableDictionary<string, CountedAttempts> Subjects { get; init; } = ImmutableDictionary<string, CountedAttempts>.Empty;
}

/// <summary>The attempts of one subject.</summary>
/// <param name="At">When they were, in the order they came.</param>
/// <param name="ExpiresAt">When the last of them no longer counts.</param>
[GenerateSerializer, Immutable, Alias("StatusMonitor.CountedAttempts")]
public sealed record CountedAttempts([property: Id(0)] ImmutableArray<DateTimeOffset> At, [property: Id(1)] DateTimeOffset ExpiresAt);
