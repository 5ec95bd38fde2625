using System.Collections.Immutable;
using StatusMonitor.Grains.Agents;

namespace StatusMonitor.Grains.Accounts;

/// <summary>What an account stores of itself.</summary>
[GenerateSerializer, Immutable, Alias("StatusMonitor.AccountState")]
public sealed record AccountState
{
    /// <summary>The account; null if there is none, or none any more.</summary>
    [Id(0)]
    public AccountInfo? Info { get; init; }

    /// <summary>PHC string.</summary>
    [Id(1)]
    public string PasswordHash { get; init; } = "";

    /// <summary>Sessions in the order they began; some may have expired.</summary>
    [Id(2)]
    public ImmutableArray<AccountSession> Sessions { get; init; } = [];

    /// <summary>Enrolment tokens in the order they were made; some may have expired.</summary>
    [Id(3)]
    public ImmutableArray<EnrolmentToken> Enrolments { get; init; } = [];

    /// <summary>Number of the enrolment token that was made last.</summary>
    [Id(4)]
    public int LastEnrolment { get; init; }
}

/// <summary>One session of an account.</summary>
/// <param name="Id">The session.</param>
/// <param name="RefreshId">Id of the one refresh token that is good.</param>
/// <param name="CreatedAt">When somebody signed in.</param>
/// <param name="LastUsedAt">When it was last refreshed.</param>
/// <param name="ExpiresAt">When it ends by itself.</param>
/// <param name="Origin">Where it was last refreshed from.</param>
[GenerateSerializer, Immutable, Alias("StatusMonitor.AccountSession")]
public sealed record AccountSession(
    [property: Id(0)] Guid Id,
    [property: Id(1)] Guid RefreshId,
    [property: Id(2)] DateTimeOffset CreatedAt,
    [property: Id(3)] DateTimeOffset LastUsedAt,
    [property: Id(4)] DateTimeOffset ExpiresAt,
    [property: Id(5)] SessionOrigin Origin);

/// <summary>One enrolment token of an account.</summary>
[GenerateSerializer, Immutable, Alias("StatusMonitor.EnrolmentToken")]
public sealed record EnrolmentToken(
    [property: Id(0)] int Id,
    [property: Id(1)] TokenHash Hash,
    [property: Id(2)] EnrolmentTerms Terms,
    [property: Id(3)] int UsesLeft,
    [property: Id(4)] DateTimeOffset CreatedAt);
