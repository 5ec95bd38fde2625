using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StatusMonitor.Grains.Agents;
using StatusMonitor.Grains.Alerts;
using StatusMonitor.Grains.Hosts;
using StatusMonitor.Grains.Live;

namespace StatusMonitor.Grains.Accounts;

/// <summary>
/// One account; the key is the account id. A change is stored before it counts, so a crash loses nothing that was answered. What it may lose is
/// that the account is watched, which watchers renew.
/// </summary>
public sealed partial class AccountGrain(
    [PersistentState("account")] IPersistentState<AccountState> state,
    IOptions<AccountOptions> options,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time,
    ILogger<AccountGrain> logger) : Grain, IAccountGrain
{
    private readonly AccountOptions _options = options.Value.Checked();
    private readonly StoredState<AccountState> _state = new(state);
    private long? _watchedUntil;

    private long Id => this.GetPrimaryKeyLong();

    private AccountState Account => _state.Value;

    /// <inheritdoc/>
    public Task Initialize(AccountInfo info, string passwordHash) => _state.Store(new AccountState { Info = info, PasswordHash = passwordHash });

    /// <inheritdoc/>
    public async Task SetStanding(AccountRole role, bool isDisabled)
    {
        if (Account.Info is not { } info) throw new InvalidOperationException($"There is no account {Id}.");

        if (info.Role != role || info.IsDisabled != isDisabled)
        {
            await _state.Store(Account with
            {
                Info = info with { Role = role, IsDisabled = isDisabled },
                Sessions = isDisabled ? [] : Account.Sessions,
            });
        }

        // Also if it was so already: the directory asks again when it does not know how far the last time went.
        await Publish();
    }

    /// <inheritdoc/>
    public async Task Delete()
    {
        if (Account.Info is not null) await _state.Store(new AccountState());
        await GrainFactory.GetGrain<IRuleBookGrain>(Id).Clear();
        await GrainFactory.GetGrain<IAlertDeskGrain>(Id).Clear();
        await Publish();
    }

    /// <inheritdoc/>
    public Task<AccountInfo?> GetInfo() => Task.FromResult(Account.Info);

    /// <inheritdoc/>
    public Task<AccountCredential?> GetCredential() =>
        Task.FromResult(Account is { Info: { } info, PasswordHash: var hash } ? new AccountCredential(info.Id, info.Name, hash, info.IsDisabled) : null);

    /// <inheritdoc/>
    public async Task<SessionGrant?> StartSession(string passwordHash, SessionOrigin origin)
    {
        if (Account is not { Info: { IsDisabled: false } info, PasswordHash: var hash } || hash != passwordHash) return null;

        var now = time.GetUtcNow();
        var session = new AccountSession(Guid.NewGuid(), Guid.NewGuid(), now, now, now + _options.RefreshLifetime, origin);
        await SetSessions(AccountSessions.Start(Account.Sessions, session, _options.MaxSessions, now));
        return Grant(info, session);
    }

    /// <inheritdoc/>
    public async Task<RefreshResult> Refresh(Guid session, Guid refreshId, SessionOrigin origin)
    {
        if (Account.Info is not { IsDisabled: false } info) return new RefreshResult(RefreshOutcome.Ended);

        var now = time.GetUtcNow();
        var (outcome, sessions) = AccountSessions.Refresh(Account.Sessions, session, refreshId, Guid.NewGuid(), origin, now, _options.RefreshLifetime);
        if (outcome != RefreshOutcome.Ended) await SetSessions(sessions);
        return new RefreshResult(outcome, outcome == RefreshOutcome.Granted ? Grant(info, AccountSessions.Find(sessions, session, now)!) : null);
    }

    /// <inheritdoc/>
    public Task<AccountPrincipal?> Check(Guid session) => Task.FromResult(
        Account.Info is { IsDisabled: false } info && AccountSessions.Find(Account.Sessions, session, time.GetUtcNow()) is not null ? Principal(info, session) : null);

    /// <inheritdoc/>
    public Task<ImmutableArray<SessionInfo>> GetSessions() => Task.FromResult(AccountSessions.Live(Account.Sessions, time.GetUtcNow())
        .OrderByDescending(session => session.LastUsedAt)
        .Select(session => new SessionInfo(session.Id, session.CreatedAt, session.LastUsedAt, session.ExpiresAt, session.Origin))
        .ToImmutableArray());

    /// <inheritdoc/>
    public async Task<bool> EndSession(Guid session)
    {
        var live = AccountSessions.Live(Account.Sessions, time.GetUtcNow());
        var left = live.RemoveAll(other => other.Id == session);
        if (left.Length == live.Length) return false;

        await SetSessions(left);
        return true;
    }

    /// <inheritdoc/>
    public async Task<int> EndSessions(Guid? except)
    {
        var live = AccountSessions.Live(Account.Sessions, time.GetUtcNow());
        var left = live.RemoveAll(session => session.Id != except);
        if (left.Length < live.Length) await SetSessions(left);
        return live.Length - left.Length;
    }

    /// <inheritdoc/>
    public async Task<bool> SetPassword(string? expectedHash, string newHash, Guid? keep)
    {
        if (Account.Info is null || (expectedHash is not null && expectedHash != Account.PasswordHash)) return false;

        await Store(Account with { PasswordHash = newHash, Sessions = Account.Sessions.RemoveAll(session => session.Id != keep) });
        return true;
    }

    /// <inheritdoc/>
    public async Task Rehash(string expectedHash, string newHash)
    {
        if (Account.Info is not null && Account.PasswordHash == expectedHash) await _state.Store(Account with { PasswordHash = newHash });
    }

    /// <inheritdoc/>
    public async Task<EnrolmentInfo?> AddEnrolment(TokenHash token, EnrolmentTerms terms)
    {
        if (Account.Info is not { IsDisabled: false }) return null;

        var now = time.GetUtcNow();
        var live = EnrolmentTokens.Live(Account.Enrolments, now);
        if (live.Length >= _options.MaxEnrolmentTokens) return null;

        var enrolment = new EnrolmentToken(Account.LastEnrolment + 1, token, terms, terms.Uses, now);
        await _state.Store(Account with { Enrolments = live.Add(enrolment), LastEnrolment = enrolment.Id });
        return Info(enrolment);
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<EnrolmentInfo>> GetEnrolments() => Task.FromResult(EnrolmentTokens.Live(Account.Enrolments, time.GetUtcNow())
        .OrderByDescending(token => token.Id)
        .Select(Info)
        .ToImmutableArray());

    /// <inheritdoc/>
    public async Task<bool> RevokeEnrolment(int id)
    {
        var live = EnrolmentTokens.Live(Account.Enrolments, time.GetUtcNow());
        var left = live.RemoveAll(token => token.Id == id);
        if (left.Length == live.Length) return false;

        await _state.Store(Account with { Enrolments = left });
        return true;
    }

    /// <inheritdoc/>
    public async Task<EnrolmentTerms?> RedeemEnrolment(TokenHash token)
    {
        if (Account.Info is not { IsDisabled: false }) return null;
        if (EnrolmentTokens.Redeem(Account.Enrolments, token, time.GetUtcNow()) is not var (terms, left)) return null;

        await _state.Store(Account with { Enrolments = left });
        return terms;
    }

    /// <inheritdoc/>
    public Task Watch()
    {
        _watchedUntil = time.GetTimestamp() + (long)(_options.WatchLease.TotalSeconds * time.TimestampFrequency);
        return Task.CompletedTask;
    }

    private static AccountPrincipal Principal(AccountInfo info, Guid session) => new(info.Id, info.Name, info.Role, session);

    private static SessionGrant Grant(AccountInfo info, AccountSession session) => new(Principal(info, session.Id), session.RefreshId, session.ExpiresAt);

    private static EnrolmentInfo Info(EnrolmentToken token) => new(token.Id, token.Terms, token.UsesLeft, token.CreatedAt);

    private Task SetSessions(ImmutableArray<AccountSession> sessions) => Store(Account with { Sessions = sessions });

    /// <summary>Stores it, and tells watchers if a session has ended by it.</summary>
    private async Task Store(AccountState next)
    {
        var before = Account.Sessions;
        await _state.Store(next);
        if (before.Any(session => next.Sessions.All(other => other.Id != session.Id))) await Publish();
    }

    private bool IsWatched()
    {
        if (_watchedUntil is not { } until) return false;
        if (time.GetTimestamp() <= until) return true;
        _watchedUntil = null;
        return false;
    }

    private async Task Publish()
    {
        if (!IsWatched()) return;
        try
        {
            await GrainFactory.GetGrain<ILiveTopicGrain>(LiveTopics.Account(Id)).Publish(new AccountChanged(Id));
        }
        catch (Exception exception)
        {
            // The change is stored, so no request gets through any more; a connection that is open lasts until its watcher next asks by itself.
            Log.PublishFailed(logger, exception, Id);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "A change of account {AccountId} could not be published.")]
        public static partial void PublishFailed(ILogger logger, Exception exception, long accountId);
    }
}
