using System.Collections.Immutable;

namespace StatusMonitor.Grains.Accounts;

/// <summary>
/// All accounts by name; the only key is 0. What must hold among accounts is decided here, one call at a time: names are unique whatever their
/// case and however they are written (<see cref="AccountName"/>), ids are never given again, and one administrator who can sign in remains.
/// </summary>
[Alias("StatusMonitor.IAccountDirectoryGrain")]
public interface IAccountDirectoryGrain : IGrainWithIntegerKey
{
    /// <summary>Makes an account.</summary>
    /// <exception cref="ArgumentException"><see cref="AccountName"/> does not take the name.</exception>
    /// <exception cref="Storage.StorageFailedException">It could not be stored, and is not there.</exception>
    [Alias("Create")]
    Task<NewAccountResult> Create(string name, string passwordHash, AccountRole role);

    /// <summary>The account of a name, in whatever case, or null.</summary>
    [Alias("Find"), AlwaysInterleave]
    Task<AccountInfo?> Find(string name);

    /// <summary>All accounts but those that are being deleted, by name.</summary>
    [Alias("GetAccounts"), AlwaysInterleave]
    Task<ImmutableArray<AccountInfo>> GetAccounts();

    /// <summary>Changes what an account may do; null leaves it. It holds at once, for sessions and live connections too.</summary>
    /// <exception cref="Storage.StorageFailedException">It could not be stored; if it was at least written down, it will be so shortly.</exception>
    [Alias("SetStanding")]
    Task<AccountOutcome> SetStanding(long id, AccountRole? role, bool? isDisabled);

    /// <summary>
    /// Deletes an account. When this returns, nobody finds it or signs in to it any more; what becomes of its hosts goes on in the background, also after a crash,
    /// and only then its name is free. <paramref name="heir"/> is the account that gets transferred hosts; if there is none by then, they are nobody's.
    /// Doing it again meanwhile changes nothing.
    /// </summary>
    /// <exception cref="Storage.StorageFailedException">It could not be stored; if it was at least written down, it will be so shortly.</exception>
    [Alias("Delete")]
    Task<AccountOutcome> Delete(long id, OrphanedHosts hosts, long heir);
}
