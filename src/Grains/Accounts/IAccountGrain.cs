using System.Collections.Immutable;
using StatusMonitor.Grains.Agents;

namespace StatusMonitor.Grains.Accounts;

/// <summary>
/// One account: its password, sessions and enrolment tokens. The key is the account id. It comes into being, changes its role and ends only through
/// <see cref="IAccountDirectoryGrain"/>, which sees to it that names are unique and an administrator remains. What cannot be stored changes nothing and throws
/// <see cref="Storage.StorageFailedException"/>.
/// </summary>
[Alias("StatusMonitor.IAccountGrain")]
public interface IAccountGrain : IGrainWithIntegerKey
{
    /// <summary>For the directory alone: brings the account into being, or over one that was begun and never listed.</summary>
    [Alias("Initialize")]
    Task Initialize(AccountInfo info, string passwordHash);

    /// <summary>For the directory alone: role and whether it may sign in. An account that may not has no sessions. Doing it again tells watchers again.</summary>
    [Alias("SetStanding")]
    Task SetStanding(AccountRole role, bool isDisabled);

    /// <summary>For the directory alone: ends the account. Its hosts are the directory's to see to.</summary>
    [Alias("Delete")]
    Task Delete();

    /// <summary>The account, or null if there is none.</summary>
    [Alias("GetInfo"), AlwaysInterleave]
    Task<AccountInfo?> GetInfo();

    /// <summary>What a password is checked against, or null if there is no such account. Checking takes long and is the gateway's, not a turn's.</summary>
    [Alias("GetCredential"), AlwaysInterleave]
    Task<AccountCredential?> GetCredential();

    /// <summary>
    /// Begins a session for who has just shown the password of <paramref name="passwordHash"/>. Null if that is no longer the account's
    /// hash, or it may not sign in. The oldest session ends if there would be more than <see cref="AccountOptions.MaxSessions"/>.
    /// </summary>
    [Alias("StartSession")]
    Task<SessionGrant?> StartSession(string passwordHash, SessionOrigin origin);

    /// <summary>Uses up a refresh token for a new pair. One that was used before ends its session.</summary>
    [Alias("Refresh")]
    Task<RefreshResult> Refresh(Guid session, Guid refreshId, SessionOrigin origin);

    /// <summary>Whom a session acts for now, or null if it has ended.</summary>
    [Alias("Check"), AlwaysInterleave]
    Task<AccountPrincipal?> Check(Guid session);

    /// <summary>Sessions that have not ended, newest use first.</summary>
    [Alias("GetSessions"), AlwaysInterleave]
    Task<ImmutableArray<SessionInfo>> GetSessions();

    /// <summary>Ends a session. False if there was none.</summary>
    [Alias("EndSession")]
    Task<bool> EndSession(Guid session);

    /// <summary>Ends all sessions, but <paramref name="except"/>; gives how many.</summary>
    [Alias("EndSessions")]
    Task<int> EndSessions(Guid? except);

    /// <summary>
    /// Sets another hash if <paramref name="expectedHash"/> is still the account's (null: whatever it is), and ends all sessions but
    /// <paramref name="keep"/>. False if it was not, or there is no such account.
    /// </summary>
    [Alias("SetPassword")]
    Task<bool> SetPassword(string? expectedHash, string newHash, Guid? keep);

    /// <summary>The same password under other parameters: sessions stay. Does nothing if <paramref name="expectedHash"/> is no longer the account's.</summary>
    [Alias("Rehash")]
    Task Rehash(string expectedHash, string newHash);

    /// <summary>Makes an enrolment token of which <paramref name="token"/> is the hash. Null if there are <see cref="AccountOptions.MaxEnrolmentTokens"/>, or the account may not sign in.</summary>
    [Alias("AddEnrolment")]
    Task<EnrolmentInfo?> AddEnrolment(TokenHash token, EnrolmentTerms terms);

    /// <summary>Enrolment tokens that can still be used, newest first.</summary>
    [Alias("GetEnrolments"), AlwaysInterleave]
    Task<ImmutableArray<EnrolmentInfo>> GetEnrolments();

    /// <summary>Takes an enrolment token back. False if there was none.</summary>
    [Alias("RevokeEnrolment")]
    Task<bool> RevokeEnrolment(int id);

    /// <summary>
    /// Uses an enrolment token once; gives what it allows, or null if it is unknown, used up or expired, or the account is disabled. The use is stored before this
    /// returns: a crash before the host is made costs a use, and never gives one away.
    /// </summary>
    [Alias("RedeemEnrolment")]
    Task<EnrolmentTerms?> RedeemEnrolment(TokenHash token);

    /// <summary>
    /// Publishes <see cref="AccountChanged"/> to those who are subscribed (<see cref="Live.LiveTopics.Account"/>) until <see cref="AccountOptions.WatchLease"/> has passed without another call.
    /// That a session expired is not published: a watcher asks anew with each call.
    /// </summary>
    [Alias("Watch"), AlwaysInterleave]
    Task Watch();
}
