using StatusMonitor.Grains.Accounts;
using StatusMonitor.Grains.Agents;
using StatusMonitor.Grains.Hosts;
using StatusMonitor.Grains.Live;
using StatusMonitor.Grains.Tests.Support;
using StatusMonitor.Storage;

namespace StatusMonitor.Grains.Tests.Accounts;

/// <summary>One account: sessions, password and enrolment tokens, and that only what is stored counts.</summary>
public sealed class AccountGrainTests : SiloTests
{
    private const string Hash = "$argon2id$first";

    private static readonly SessionOrigin Home = new("192.0.2.1", "Browser/1.0");
    private static readonly SessionOrigin Office = new("198.51.100.7", "Browser/2.0");
    private static readonly TimeSpan Lifetime = new AccountOptions().RefreshLifetime;

    private IAccountGrain Account => Silo.Client.GetGrain<IAccountGrain>(7);

    private AccountInfo Info => new(7, "alice", AccountRole.User, false, Time.Wall);

    [Fact]
    public async Task AnAccountThatWasNeverMade_OpensNothing()
    {
        Assert.Null(await Account.GetInfo());
        Assert.Null(await Account.GetCredential());
        Assert.Null(await Account.StartSession("", Home));
        Assert.Null(await Account.Check(Guid.Empty));
        Assert.Equal(RefreshOutcome.Ended, (await Account.Refresh(Guid.Empty, Guid.Empty, Home)).Outcome);
        Assert.False(await Account.SetPassword(null, "new", null));
        Assert.Null(await Account.AddEnrolment(Token(1), Terms()));
        Assert.Null(await Account.RedeemEnrolment(Token(1)));
        Assert.Empty(await Account.GetSessions());
        await Assert.ThrowsAsync<InvalidOperationException>(() => Account.SetStanding(AccountRole.Administrator, false));
        Assert.Null(await Account.GetInfo());
    }

    [Fact]
    public async Task WhatWasAnswered_SurvivesARestart()
    {
        await Account.Initialize(Info, Hash);
        var info = Info;
        var session = await SignInAsync();
        var refreshed = (await Account.Refresh(session.Principal.Session, session.RefreshId, Office)).Grant!;
        var ended = await SignInAsync();
        await Account.EndSession(ended.Principal.Session);
        var enrolment = await Account.AddEnrolment(Token(1), Terms(uses: 3));
        await Account.RedeemEnrolment(Token(1));

        await RestartAsync();

        Assert.Equal(info, await Account.GetInfo());
        Assert.Equal(new AccountCredential(7, "alice", Hash, false), await Account.GetCredential());
        Assert.Equal(session.Principal, await Account.Check(session.Principal.Session));
        Assert.Null(await Account.Check(ended.Principal.Session));
        Assert.Equal(Office, Assert.Single(await Account.GetSessions()).Origin);
        Assert.Equal(RefreshOutcome.Granted, (await Account.Refresh(session.Principal.Session, refreshed.RefreshId, Home)).Outcome);
        var left = Assert.Single(await Account.GetEnrolments());
        Assert.Equal((enrolment!.Id, 2), (left.Id, left.UsesLeft));
        Assert.Equal(enrolment.Id + 1, (await Account.AddEnrolment(Token(2), Terms()))!.Id);
    }

    [Fact]
    public async Task ASession_BeginsOnlyWithTheHashThatIsGoodNow()
    {
        await Account.Initialize(Info, Hash);
        Assert.True(await Account.SetPassword(Hash, "second", null));

        Assert.Null(await Account.StartSession(Hash, Home));
        Assert.NotNull(await Account.StartSession("second", Home));
    }

    [Fact]
    public async Task ARefresh_TurnsTheTokenOver_AndMovesTheEnd()
    {
        await Account.Initialize(Info, Hash);
        var session = await SignInAsync();
        Assert.Equal((Time.Wall + Lifetime, new AccountPrincipal(7, "alice", AccountRole.User, session.Principal.Session)), (session.RefreshExpiresAt, session.Principal));

        Time.Advance(TimeSpan.FromDays(5));
        var (outcome, grant) = await Account.Refresh(session.Principal.Session, session.RefreshId, Office);

        Assert.Equal(RefreshOutcome.Granted, outcome);
        Assert.Equal((session.Principal, Time.Wall + Lifetime), (grant!.Principal, grant.RefreshExpiresAt));
        Assert.NotEqual(session.RefreshId, grant.RefreshId);
        var seen = Assert.Single(await Account.GetSessions());
        Assert.Equal((session.Principal.Session, Time.Wall - TimeSpan.FromDays(5), Time.Wall, Time.Wall + Lifetime, Office), (seen.Id, seen.CreatedAt, seen.LastUsedAt, seen.ExpiresAt, seen.Origin));
    }

    [Fact]
    public async Task ATokenShownTwice_EndsItsSession_AndNoOther()
    {
        await Account.Initialize(Info, Hash);
        var stolen = await SignInAsync();
        var other = await SignInAsync();
        var thief = (await Account.Refresh(stolen.Principal.Session, stolen.RefreshId, Office)).Grant!;

        var answer = await Account.Refresh(stolen.Principal.Session, stolen.RefreshId, Home);

        Assert.Equal(new RefreshResult(RefreshOutcome.Reused), answer);
        Assert.Null(await Account.Check(stolen.Principal.Session));
        Assert.Equal(RefreshOutcome.Ended, (await Account.Refresh(stolen.Principal.Session, thief.RefreshId, Office)).Outcome);
        Assert.NotNull(await Account.Check(other.Principal.Session));
    }

    [Fact]
    public async Task OfManyRefreshesAtOnce_OneIsGranted()
    {
        await Account.Initialize(Info, Hash);
        var session = await SignInAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Account.Refresh(session.Principal.Session, session.RefreshId, Home)));

        Assert.Single(answers, answer => answer.Outcome == RefreshOutcome.Granted);
        Assert.Single(answers, answer => answer.Outcome == RefreshOutcome.Reused);
        Assert.Empty(await Account.GetSessions());
    }

    [Fact]
    public async Task ASessionThatNobodyUses_Expires()
    {
        await Account.Initialize(Info, Hash);
        var session = await SignInAsync();

        Time.Advance(Lifetime - TimeSpan.FromTicks(1));
        Assert.NotNull(await Account.Check(session.Principal.Session));

        Time.Advance(TimeSpan.FromTicks(1));
        Assert.Null(await Account.Check(session.Principal.Session));
        Assert.Empty(await Account.GetSessions());
        Assert.Equal(RefreshOutcome.Ended, (await Account.Refresh(session.Principal.Session, session.RefreshId, Home)).Outcome);
        Assert.False(await Account.EndSession(session.Principal.Session));
    }

    [Fact]
    public async Task Sessions_AreListedByLastUse_AndEndOneOrAll()
    {
        await Account.Initialize(Info, Hash);
        var sessions = new List<SessionGrant>();
        for (var i = 0; i < 4; i++)
        {
            sessions.Add(await SignInAsync());
            Time.Advance(TimeSpan.FromMinutes(1));
        }

        await Account.Refresh(sessions[1].Principal.Session, sessions[1].RefreshId, Home);
        Assert.Equal(Ids(sessions[1], sessions[3], sessions[2], sessions[0]), (await Account.GetSessions()).Select(session => session.Id));

        Assert.True(await Account.EndSession(sessions[3].Principal.Session));
        Assert.False(await Account.EndSession(sessions[3].Principal.Session));
        Assert.Equal(2, await Account.EndSessions(sessions[0].Principal.Session));
        Assert.Equal(Ids(sessions[0]), (await Account.GetSessions()).Select(session => session.Id));
        Assert.Equal(1, await Account.EndSessions(null));
        Assert.Equal(0, await Account.EndSessions(null));
    }

    [Fact]
    public async Task BeyondTheMost_TheSessionUnusedForLongestEnds()
    {
        await Account.Initialize(Info, Hash);
        var first = await SignInAsync();
        Time.Advance(TimeSpan.FromSeconds(1));
        var second = await SignInAsync();
        Time.Advance(TimeSpan.FromSeconds(1));
        await Account.Refresh(first.Principal.Session, first.RefreshId, Home);

        for (var i = 2; i <= new AccountOptions().MaxSessions; i++) await SignInAsync();

        Assert.Equal(new AccountOptions().MaxSessions, (await Account.GetSessions()).Length);
        Assert.Null(await Account.Check(second.Principal.Session));
        Assert.NotNull(await Account.Check(first.Principal.Session));
    }

    [Fact]
    public async Task AnotherPassword_EndsAllSessionsButTheOneToKeep()
    {
        await Account.Initialize(Info, Hash);
        var kept = await SignInAsync();
        var other = await SignInAsync();

        Assert.False(await Account.SetPassword("not it", "second", kept.Principal.Session));
        Assert.Equal(Hash, (await Account.GetCredential())!.PasswordHash);
        Assert.NotNull(await Account.Check(other.Principal.Session));

        Assert.True(await Account.SetPassword(Hash, "second", kept.Principal.Session));
        Assert.NotNull(await Account.Check(kept.Principal.Session));
        Assert.Null(await Account.Check(other.Principal.Session));

        Assert.True(await Account.SetPassword(null, "third", null));
        Assert.Null(await Account.Check(kept.Principal.Session));
        Assert.Equal("third", (await Account.GetCredential())!.PasswordHash);
    }

    [Fact]
    public async Task OtherParametersOfTheSamePassword_LeaveSessions_AndComeTooLateAfterAnotherPassword()
    {
        await Account.Initialize(Info, Hash);
        var session = await SignInAsync();

        await Account.Rehash(Hash, "stronger");
        Assert.Equal("stronger", (await Account.GetCredential())!.PasswordHash);
        Assert.NotNull(await Account.Check(session.Principal.Session));

        await Account.Rehash(Hash, "of the password before");
        Assert.Equal("stronger", (await Account.GetCredential())!.PasswordHash);
    }

    [Fact]
    public async Task ADisabledAccount_OpensNothing_AlsoWhenItIsEnabledAgain()
    {
        await Account.Initialize(Info, Hash);
        var session = await SignInAsync();
        await Account.AddEnrolment(Token(1), Terms(uses: 2));

        await Account.SetStanding(AccountRole.User, isDisabled: true);
        Assert.Null(await Account.Check(session.Principal.Session));
        Assert.Equal(RefreshOutcome.Ended, (await Account.Refresh(session.Principal.Session, session.RefreshId, Home)).Outcome);
        Assert.Null(await Account.StartSession(Hash, Home));
        Assert.Null(await Account.RedeemEnrolment(Token(1)));
        Assert.True((await Account.GetCredential())!.IsDisabled);

        await Account.SetStanding(AccountRole.User, isDisabled: false);
        Assert.Null(await Account.Check(session.Principal.Session));
        Assert.NotNull(await Account.StartSession(Hash, Home));
        Assert.NotNull(await Account.RedeemEnrolment(Token(1)));
    }

    [Fact]
    public async Task AnotherRole_HoldsAtOnce_ForSessionsThatAreThere()
    {
        await Account.Initialize(Info, Hash);
        var session = await SignInAsync();

        await Account.SetStanding(AccountRole.Administrator, isDisabled: false);

        Assert.Equal(session.Principal with { Role = AccountRole.Administrator }, await Account.Check(session.Principal.Session));
    }

    [Fact]
    public async Task ADeletedAccount_IsNoMore_AndDeletingItAgainDoesNothing()
    {
        await Account.Initialize(Info, Hash);
        var session = await SignInAsync();
        await Account.AddEnrolment(Token(1), Terms());

        await Account.Delete();
        await Account.Delete();

        foreach (var _ in new[] { "at once", "after a restart" })
        {
            Assert.Null(await Account.GetInfo());
            Assert.Null(await Account.GetCredential());
            Assert.Null(await Account.Check(session.Principal.Session));
            Assert.Null(await Account.StartSession(Hash, Home));
            Assert.Null(await Account.RedeemEnrolment(Token(1)));
            Assert.Empty(await Account.GetEnrolments());
            await RestartAsync();
        }
    }

    [Fact]
    public async Task AnAccountThatWasBegun_IsWrittenOver()
    {
        await Account.Initialize(new AccountInfo(7, "nobody", AccountRole.Administrator, false, Time.Wall), "old");
        await Account.Initialize(Info, Hash);

        Assert.Equal(Info, await Account.GetInfo());
        Assert.Null(await Account.StartSession("old", Home));
        Assert.NotNull(await Account.StartSession(Hash, Home));
    }

    [Fact]
    public async Task AnEnrolmentToken_IsGoodForSoManyUses_AndSoLong()
    {
        await Account.Initialize(Info, Hash);
        var terms = new EnrolmentTerms("rack 4", "web", ["eu", "blue"], 2, Time.Wall + TimeSpan.FromHours(1));
        var enrolment = await Account.AddEnrolment(Token(1), terms);
        Assert.Equal((1, 2, Time.Wall), (enrolment!.Id, enrolment.UsesLeft, enrolment.CreatedAt));
        await Account.AddEnrolment(Token(2), terms);

        Assert.Null(await Account.RedeemEnrolment(Token(3)));
        var redeemed = await Account.RedeemEnrolment(Token(1));
        Assert.Equal(("rack 4", "web", terms.ExpiresAt), (redeemed!.Label, redeemed.Group, redeemed.ExpiresAt));
        Assert.Equal(["eu", "blue"], redeemed.Tags.AsEnumerable());
        Assert.Equal([(2, 2), (1, 1)], (await Account.GetEnrolments()).Select(token => (token.Id, token.UsesLeft)));

        Assert.NotNull(await Account.RedeemEnrolment(Token(1)));
        Assert.Null(await Account.RedeemEnrolment(Token(1)));
        Assert.Equal([2], (await Account.GetEnrolments()).Select(token => token.Id));

        Time.Advance(TimeSpan.FromHours(1));
        Assert.Null(await Account.RedeemEnrolment(Token(2)));
        Assert.Empty(await Account.GetEnrolments());
        Assert.False(await Account.RevokeEnrolment(2));
    }

    [Fact]
    public async Task AnEnrolmentTokenThatIsTakenBack_IsUnknown()
    {
        await Account.Initialize(Info, Hash);
        var enrolment = await Account.AddEnrolment(Token(1), Terms());

        Assert.False(await Account.RevokeEnrolment(enrolment!.Id + 1));
        Assert.True(await Account.RevokeEnrolment(enrolment.Id));
        Assert.False(await Account.RevokeEnrolment(enrolment.Id));
        Assert.Null(await Account.RedeemEnrolment(Token(1)));
    }

    [Fact]
    public async Task ThereAreOnlySoManyEnrolmentTokens_AndExpiredOnesDoNotCount()
    {
        await Account.Initialize(Info, Hash);
        var most = new AccountOptions().MaxEnrolmentTokens;
        for (var i = 0; i < most; i++) Assert.NotNull(await Account.AddEnrolment(Token(i), Terms(TimeSpan.FromHours(i == 0 ? 1 : 2))));

        Assert.Null(await Account.AddEnrolment(Token(most), Terms()));
        Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(most + 1, (await Account.AddEnrolment(Token(most), Terms()))!.Id);
        Assert.Null(await Account.AddEnrolment(Token(most + 1), Terms()));
    }

    [Fact]
    public async Task OfManyMachinesAtOnce_OnlySoManyEnrol()
    {
        await Account.Initialize(Info, Hash);
        await Account.AddEnrolment(Token(1), Terms(uses: 3));

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Account.RedeemEnrolment(Token(1))));

        Assert.Equal(3, answers.Count(terms => terms is not null));
    }

    [Fact]
    public async Task WhatCannotBeStored_IsRefused_AndChangesNothing()
    {
        await Account.Initialize(Info, Hash);
        var session = await SignInAsync();
        var id = session.Principal.Session;
        await Account.AddEnrolment(Token(1), Terms());

        Silo.Faults.BreakState("account");
        Func<Task>[] changes =
        [
            () => Account.Initialize(Info with { Name = "mallory" }, "other"),
            () => Account.SetStanding(AccountRole.Administrator, false),
            () => Account.SetStanding(AccountRole.User, true),
            () => Account.Delete(),
            () => Account.StartSession(Hash, Home),
            () => Account.Refresh(id, session.RefreshId, Office),
            () => Account.Refresh(id, Guid.NewGuid(), Office),
            () => Account.EndSession(id),
            () => Account.EndSessions(null),
            () => Account.SetPassword(Hash, "second", null),
            () => Account.Rehash(Hash, "stronger"),
            () => Account.AddEnrolment(Token(2), Terms()),
            () => Account.RevokeEnrolment(1),
            () => Account.RedeemEnrolment(Token(1)),
        ];
        foreach (var change in changes) await Assert.ThrowsAsync<StorageFailedException>(change);

        Silo.Faults.MendState("account");
        Assert.Equal(Info, await Account.GetInfo());
        Assert.Equal(Hash, (await Account.GetCredential())!.PasswordHash);
        Assert.Equal(session.Principal, await Account.Check(id));
        Assert.Equal(Home, Assert.Single(await Account.GetSessions()).Origin);
        Assert.Equal(1, Assert.Single(await Account.GetEnrolments()).UsesLeft);
        Assert.Equal(RefreshOutcome.Granted, (await Account.Refresh(id, session.RefreshId, Home)).Outcome);
        Assert.NotNull(await Account.RedeemEnrolment(Token(1)));
    }

    [Fact]
    public async Task AFailureOfTheStoreThatIsNotOurs_IsAStorageFailure_AndABusyStoreIsBusy()
    {
        await Account.Initialize(Info, Hash);

        Silo.Faults.BreakState("account", () => new IOException("The cable is out."));
        await Assert.ThrowsAsync<StorageFailedException>(() => Account.StartSession(Hash, Home));
        Silo.Faults.BreakState("account", () => new StorageBusyException());
        await Assert.ThrowsAsync<StorageBusyException>(() => Account.StartSession(Hash, Home));

        Silo.Faults.MendState("account");
        Assert.Empty(await Account.GetSessions());
    }

    [Fact]
    public async Task WhileWatched_WhatMayEndWhatConnectionsSee_IsPublishedOnce()
    {
        await Account.Initialize(Info, Hash);
        var events = await Silo.SubscribeAsync<AccountChanged>(LiveTopics.Account(7));
        await Account.EndSession((await SignInAsync()).Principal.Session);
        Assert.Equal(0, await PublishedAsync(events));

        await Account.Watch();
        var reused = await SignInAsync();
        var sessions = new[] { await SignInAsync(), await SignInAsync(), await SignInAsync() };
        await Account.Refresh(reused.Principal.Session, reused.RefreshId, Home);
        await Account.Rehash(Hash, "stronger");
        Assert.Equal(0, await PublishedAsync(events));

        Func<Task>[] changes =
        [
            () => Account.Refresh(reused.Principal.Session, reused.RefreshId, Home),
            () => Account.EndSession(sessions[0].Principal.Session),
            () => Account.SetPassword(null, "third", sessions[1].Principal.Session),
            () => Account.EndSessions(null),
            () => Account.SetStanding(AccountRole.Administrator, false),
            () => Account.SetStanding(AccountRole.Administrator, true),

            // The same again: the directory asks so after a crash, and it may have been before watchers were told.
            () => Account.SetStanding(AccountRole.Administrator, true),
            () => Account.Delete(),
            () => Account.Delete(),
        ];
        foreach (var change in changes)
        {
            await change();
            Assert.Equal(1, await PublishedAsync(events));
        }
    }

    [Fact]
    public async Task WhatEndsNothing_IsNotPublished()
    {
        await Account.Initialize(Info, Hash);
        var events = await Silo.SubscribeAsync<AccountChanged>(LiveTopics.Account(7));
        await Account.Watch();
        var session = await SignInAsync();

        await Account.SetPassword(Hash, "second", session.Principal.Session);
        await Account.EndSessions(session.Principal.Session);
        await Account.EndSession(Guid.NewGuid());
        Silo.Faults.BreakState("account");
        await Assert.ThrowsAsync<StorageFailedException>(() => Account.EndSessions(null));

        Assert.Equal(0, await PublishedAsync(events));
    }

    [Fact]
    public async Task WhenTheLeaseIsOver_NothingIsPublished_UntilSomebodyWatchesAgain()
    {
        await Account.Initialize(Info, Hash);
        var events = await Silo.SubscribeAsync<AccountChanged>(LiveTopics.Account(7));
        var lease = new AccountOptions().WatchLease;
        await Account.Watch();
        Time.Advance(lease);
        await Account.SetStanding(AccountRole.Administrator, false);
        Assert.Equal(1, await PublishedAsync(events));

        Time.Advance(TimeSpan.FromTicks(1));
        await Account.SetStanding(AccountRole.User, false);
        Assert.Equal(0, await PublishedAsync(events));

        await Account.Watch();
        Time.Advance(lease / 2);
        await Account.Watch();
        Time.Advance(lease);
        await Account.SetStanding(AccountRole.Administrator, false);
        Assert.Equal(1, await PublishedAsync(events));
    }

    private static IEnumerable<Guid> Ids(params SessionGrant[] sessions) => sessions.Select(session => session.Principal.Session);

    private static TokenHash Token(int number)
    {
        Assert.True(TokenHash.TryHash(number.ToString("x64", System.Globalization.CultureInfo.InvariantCulture), out var hash));
        return hash;
    }

    private EnrolmentTerms Terms(TimeSpan? validFor = null, int uses = 1) => new("", null, [], uses, Time.Wall + (validFor ?? TimeSpan.FromHours(24)));

    private async Task<SessionGrant> SignInAsync()
    {
        var grant = await Account.StartSession((await Account.GetCredential())!.PasswordHash, Home);
        Assert.NotNull(grant);
        return grant;
    }

    /// <summary>How many events came since it was asked before. Events come in order, so what came before one of ours is all there was.</summary>
    private async Task<int> PublishedAsync(LiveEvents<AccountChanged> events)
    {
        var ours = new AccountChanged(-1);
        await Silo.Client.GetGrain<ILiveTopicGrain>(LiveTopics.Account(7)).Publish(ours);
        var count = 0;
        while (await events.NextAsync("the event that was sent last") != ours) count++;
        return count;
    }
}
