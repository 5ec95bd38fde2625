using System.Collections.Immutable;

namespace StatusMonitor.Grains.Accounts;

/// <summary>
/// All accounts by name; the only key is 0. What must hold among accounts is decided here, one call at a time: names are unique whatever their
/// case, ids are never given again, and one administrator who can sign in remains.
/// </summary>
[Alias("StatusMonitor.IAccountDirectoryGrain")]
public interface IAccountDirectoryGrain : IGrainWithIntegerKey
{
    /// <summary>Makes an account.</summary>
    [Alias("Create")]
    Task<NewAccountResult> Create(string name, string passwordHash, AccountRole role);

    /// <summary>The account of a name, in whatever case, or null.</summary>
    [Alias("Find"), AlwaysInterleave]
    Task<AccountInfo?> Find(string name);

    /// <summary>All accounts, by name.</summary>
    [Alias("GetAccounts"), AlwaysInterleave]
    Task<ImmutableArray<AccountInfo>> GetAccounts();

    /// <summary>Changes what an account may do; null leaves it. It holds at once, for sessions and live connections too.</summary>
    [Alias("SetStanding")]
    Task<AccountOutcome> SetStanding(long id, AccountRole? role, bool? isDisabled);

    /// <summary>Deletes an account; what becomes of its hosts goes on in the background, also after a crash. <paramref name="heir"/> is the account that gets transferred hosts.</summary>
    [Alias("Delete")]
    Task<AccountOutcome> Delete(long id, OrphanedHosts hosts, long heir);
}
