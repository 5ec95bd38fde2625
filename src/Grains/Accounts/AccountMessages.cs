using System.Collections.Immutable;
using StatusMonitor.Grains.Agents;
using StatusMonitor.Grains.Hosts;
using StatusMonitor.Grains.Live;

namespace StatusMonitor.Grains.Accounts;

/// <summary>What an account may do beside using its own hosts.</summary>
public enum AccountRole
{
    /// <summary>Sees the hosts it owns and those shared with it.</summary>
    User,

    /// <summary>Sees every host, and manages the accounts.</summary>
    Administrator,
}

/// <summary>An account as others may see it.</summary>
/// <param name="Id">Account id, a positive integer that is never given again.</param>
/// <param name="Name">User name as it was written when the account was made.</param>
/// <param name="Role">What it may do.</param>
/// <param name="IsDisabled">Whether it is kept from signing in.</param>
/// <param name="CreatedAt">When it was made.</param>
[GenerateSerializer, Immutable, Alias("StatusMonitor.AccountInfo")]
public sealed record AccountInfo(
    [property: Id(0)] long Id,
    [property: Id(1)] string Name,
    [property: Id(2)] AccountRole Role,
    [property: Id(3)] bool IsDisabled,
    [property: Id(4)] DateTimeOffset CreatedAt);

/// <summary>What a password is checked against.</summary>
/// <param name="Id">Account id.</param>
/// <param name="Name">User name.</param>
/// <param name="PasswordHash">PHC string.</param>
/// <param name="IsDisabled">Whether it is kept from signing in.</param>
[GenerateSerializer, Immutable, Alias("StatusMonitor.AccountCredential")]
public sealed record AccountCredential(
    [property: Id(0)] long Id,
    [property: Id(1)] string Name,
    [property: Id(2)] string PasswordHash,
    [property: Id(3)] bool IsDisabled);

/// <summary>Who a signed-in request or connection acts for.</summary>
/// <param name="Id">Account id.</param>
/// <param name="Name">User name.</param>
/// <param name="Role">What it may do now.</param>
/// <param name="Session">The session it signed in with.</param>
[GenerateSerializer, Immutable, Alias("StatusMonitor.AccountPrincipal")]
public sealed record AccountPrincipal(
    [property: Id(0)] long Id,
    [property: Id(1)] string Name,
    [property: Id(2)] AccountRole Role,
    [property: Id(3)] Guid Session)
{
    /// <summary>The account as the hosts' access rule sees it.</summary>
    public Viewer Viewer => new(Id, Role == AccountRole.Administrator);
}

/// <summary>Where a session is used from; for its owner to recognise it.</summary>
/// <param name="Address">Network address, or null if it is not known.</param>
/// <param name="UserAgent">What the browser or program calls itself, cut to 200 characters.</param>
[GenerateSerializer, Immutable, Alias("StatusMonitor.SessionOrigin")]
public sealed record SessionOrigin([property: Id(0)] string? Address, [property: Id(1)] string? UserAgent);

/// <summary>What a new pair of tokens is made of. The refresh token is good once: <paramref name="RefreshId"/> is what it must carry.</summary>
/// <param name="Principal">Whom it is for.</param>
/// <param name="RefreshId">Id of the refresh token that is good now.</param>
/// <param name="RefreshExpiresAt">When it ends.</param>
[GenerateSerializer, Immutable, Alias("StatusMonitor.SessionGrant")]
public sealed record SessionGrant(
    [property: Id(0)] AccountPrincipal Principal,
    [property: Id(1)] Guid RefreshId,
    [property: Id(2)] DateTimeOffset RefreshExpiresAt);

/// <summary>What became of a refresh.</summary>
public enum RefreshOutcome
{
    /// <summary>A new pair is granted; the token that was shown is used up.</summary>
    Granted,

    /// <summary>The session has ended or never was, or the account may not sign in.</summary>
    Ended,

    /// <summary>The token had been used before: somebody has a copy, so the whole session was ended.</summary>
    Reused,
}

/// <summary>Answer to a refresh; <paramref name="Grant"/> is there if it is granted.</summary>
[GenerateSerializer, Immutable, Alias("StatusMonitor.RefreshResult")]
public sealed record RefreshResult([property: Id(0)] RefreshOutcome Outcome, [property: Id(1)] SessionGrant? Grant = null);

/// <summary>A session as its owner sees it.</summary>
[GenerateSerializer, Immutable, Alias("StatusMonitor.SessionInfo")]
public sealed record SessionInfo(
    [property: Id(0)] Guid Id,
    [property: Id(1)] DateTimeOffset CreatedAt,
    [property: Id(2)] DateTimeOffset LastUsedAt,
    [property: Id(3)] DateTimeOffset ExpiresAt,
    [property: Id(4)] SessionOrigin Origin);

/// <summary>What became of a change to the accounts.</summary>
public enum AccountOutcome
{
    /// <summary>It is done and stored.</summary>
    Done,

    /// <summary>Another account has the name, in whatever case.</summary>
    NameTaken,

    /// <summary>There is no such account.</summary>
    NotFound,

    /// <summary>It would leave no administrator who can sign in.</summary>
    LastAdministrator,

    /// <summary>There are as many accounts as there may be.</summary>
    TooMany,
}

/// <summary>Answer to making an account; <paramref name="Account"/> is there if it was made.</summary>
[GenerateSerializer, Immutable, Alias("StatusMonitor.NewAccountResult")]
public sealed record NewAccountResult([property: Id(0)] AccountOutcome Outcome, [property: Id(1)] AccountInfo? Account = null);

/// <summary>What is to become of the hosts of an account that is deleted.</summary>
public enum OrphanedHosts
{
    /// <summary>They go to the administrator who deletes.</summary>
    Transfer,

    /// <summary>They are deleted with their history.</summary>
    Delete,
}

/// <summary>What a token lets a new machine do: register itself as a host of the account that made it.</summary>
/// <param name="Label">What its owner calls it; may be empty.</param>
/// <param name="Group">Group of the hosts it makes, or null.</param>
/// <param name="Tags">Tags of the hosts it makes.</param>
/// <param name="Uses">How often it may be used.</param>
/// <param name="ExpiresAt">When it ends.</param>
[GenerateSerializer, Immutable, Alias("StatusMonitor.EnrolmentTerms")]
public sealed record EnrolmentTerms(
    [property: Id(0)] string Label,
    [property: Id(1)] string? Group,
    [property: Id(2)] ImmutableArray<string> Tags,
    [property: Id(3)] int Uses,
    [property: Id(4)] DateTimeOffset ExpiresAt);

/// <summary>An enrolment token as its owner sees it; its text is not kept.</summary>
/// <param name="Id">Number of the token within the account.</param>
/// <param name="Terms">What it allows.</param>
/// <param name="UsesLeft">How often it may still be used.</param>
/// <param name="CreatedAt">When it was made.</param>
[GenerateSerializer, Immutable, Alias("StatusMonitor.EnrolmentInfo")]
public sealed record EnrolmentInfo(
    [property: Id(0)] int Id,
    [property: Id(1)] EnrolmentTerms Terms,
    [property: Id(2)] int UsesLeft,
    [property: Id(3)] DateTimeOffset CreatedAt);

/// <summary>Something changed that may end what the account's connections see: watchers ask anew.</summary>
[GenerateSerializer, Immutable, Alias("StatusMonitor.AccountChanged")]
public sealed record AccountChanged([property: Id(0)] long AccountId) : LiveUpdate;
