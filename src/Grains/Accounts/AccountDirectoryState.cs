using System.Collections.Immutable;

namespace StatusMonitor.Grains.Accounts;

/// <summary>What the directory stores.</summary>
[GenerateSerializer, Immutable, Alias("StatusMonitor.AccountDirectoryState")]
public sealed record AccountDirectoryState
{
    /// <summary>The last id that was given to an account, which may be gone by now.</summary>
    [Id(0)]
    public long LastId { get; init; }

    /// <summary>Accounts by id.</summary>
    [Id(1)]
    public ImmutableSortedDictionary<long, AccountEntry> Accounts { get; init; } = ImmutableSortedDictionary<long, AccountEntry>.Empty;
}

/// <summary>An account in the directory, with what is being done to it.</summary>
/// <param name="Info">The account as it was before that.</param>
/// <param name="Standing">The standing it is being given; null if it is not.</param>
/// <param name="Deletion">How it is being deleted; null if it is not.</param>
[GenerateSerializer, Immutable, Alias("StatusMonitor.AccountEntry")]
public sealed record AccountEntry(
    [property: Id(0)] AccountInfo Info,
    [property: Id(1)] AccountStanding? Standing = null,
    [property: Id(2)] AccountDeletion? Deletion = null);

/// <summary>What an account may do, and whether it is kept from signing in.</summary>
[GenerateSerializer, Immutable, Alias("StatusMonitor.AccountStanding")]
public sealed record AccountStanding([property: Id(0)] AccountRole Role, [property: Id(1)] bool IsDisabled);

/// <summary>What becomes of the hosts of an account that is deleted.</summary>
/// <param name="Hosts">Whether somebody else gets them.</param>
/// <param name="Heir">Account id of who does.</param>
[GenerateSerializer, Immutable, Alias("StatusMonitor.AccountDeletion")]
public sealed record AccountDeletion([property: Id(0)] OrphanedHosts Hosts, [property: Id(1)] long Heir);
