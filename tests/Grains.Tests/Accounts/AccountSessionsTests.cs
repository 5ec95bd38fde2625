using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using StatusMonitor.Grains.Accounts;

namespace StatusMonitor.Grains.Tests.Accounts;

public sealed class AccountSessionsTests
{
    private const int Max = 3;

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(10);
    private static readonly SessionOrigin Home = new("192.0.2.1", "Browser/1.0");
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 5, 0, 0, TimeSpan.Zero);

    // What somebody can do: sign in, show the newest or an older refresh token of one of the sessions, end one, or wait.
    private static readonly Gen<(Act Act, int Session, int Hours)> Steps =
        from act in Gen.Elements(Act.SignIn, Act.SignIn, Act.RefreshNewest, Act.RefreshNewest, Act.RefreshOlder, Act.End, Act.Wait)
        from session in Gen.Choose(0, 7)
        from hours in Gen.Choose(1, 6)
        select (act, session, hours);

    private enum Act
    {
        SignIn,
        RefreshNewest,
        RefreshOlder,
        End,
        Wait,
    }

    [Fact]
    public void WhateverSomebodyDoes_ASessionIsLiveExactlyIfItShouldBe() => Prop.ForAll(Steps.ListOf().ToArbitrary(), steps =>
    {
        var now = Start;
        var sessions = ImmutableArray<AccountSession>.Empty;
        var naive = new List<NaiveSession>();
        foreach (var (act, number, hours) in steps)
        {
            now += act == Act.Wait ? TimeSpan.FromHours(hours) : TimeSpan.FromSeconds(1);
            if (act == Act.SignIn)
            {
                var session = new AccountSession(Guid.NewGuid(), Guid.NewGuid(), now, now, now + Lifetime, Home);
                sessions = AccountSessions.Start(sessions, session, Max, now);
                var live = naive.Where(other => other.IsLive(now)).ToList();
                if (live.Count == Max) live.MinBy(other => other.LastUsedAt)!.HasEnded = true;
                naive.Add(new NaiveSession(session.Id, now) { Tokens = { session.RefreshId } });
            }
            else if (number < naive.Count && act is Act.RefreshNewest or Act.RefreshOlder)
            {
                var expected = naive[number];
                var shown = act == Act.RefreshNewest ? expected.Tokens[^1] : expected.Tokens[(number + hours) % expected.Tokens.Count];
                var outcome = !expected.IsLive(now) ? RefreshOutcome.Ended : shown == expected.Tokens[^1] ? RefreshOutcome.Granted : RefreshOutcome.Reused;
                var next = Guid.NewGuid();
                (var actual, sessions) = AccountSessions.Refresh(sessions, expected.Id, shown, next, Home, now, Lifetime);
                Assert.Equal(outcome, actual);
                if (outcome == RefreshOutcome.Reused) expected.HasEnded = true;
                if (outcome != RefreshOutcome.Granted) continue;
                expected.Tokens.Add(next);
                expected.LastUsedAt = now;
            }
            else if (number < naive.Count && act == Act.End)
            {
                sessions = AccountSessions.Live(sessions, now).RemoveAll(session => session.Id == naive[number].Id);
                naive[number].HasEnded = true;
            }

            Assert.True(sessions.Length <= Max);
            foreach (var session in naive) Assert.Equal(session.IsLive(now), AccountSessions.Find(sessions, session.Id, now) is not null);
            Assert.Equal(
                naive.Where(session => session.IsLive(now)).Select(session => (session.Id, session.Tokens[^1], session.LastUsedAt, session.LastUsedAt + Lifetime)).Order(),
                AccountSessions.Live(sessions, now).Select(session => (session.Id, session.RefreshId, session.LastUsedAt, session.ExpiresAt)).Order());
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithEndSize(60));

    [Fact]
    public void WhatChangesSessions_DropsThoseThatHaveExpired()
    {
        var old = Session(Start);
        var young = Session(Start + Lifetime / 2);
        ImmutableArray<AccountSession> sessions = [old, young];
        var now = Start + Lifetime;

        var another = Session(now);
        Assert.Equal([young, another], AccountSessions.Start(sessions, another, Max, now).AsEnumerable());
        Assert.Single(AccountSessions.Refresh(sessions, young.Id, young.RefreshId, Guid.NewGuid(), Home, now, Lifetime).Sessions);
        Assert.Empty(AccountSessions.Refresh(sessions, young.Id, Guid.NewGuid(), Guid.NewGuid(), Home, now, Lifetime).Sessions);
    }

    [Fact]
    public void IfFewerMayBeThanBefore_ANewSessionMakesItSo()
    {
        ImmutableArray<AccountSession> sessions = [.. Enumerable.Range(0, 5).Select(minute => Session(Start + TimeSpan.FromMinutes(minute)))];
        var another = Session(Start + TimeSpan.FromMinutes(9));

        Assert.Equal([sessions[4], another], AccountSessions.Start(sessions, another, 2, another.CreatedAt).AsEnumerable());
    }

    private static AccountSession Session(DateTimeOffset at) => new(Guid.NewGuid(), Guid.NewGuid(), at, at, at + Lifetime, Home);

    private sealed class NaiveSession(Guid id, DateTimeOffset at)
    {
        public Guid Id => id;

        public List<Guid> Tokens { get; } = [];

        public DateTimeOffset LastUsedAt { get; set; } = at;

        public bool HasEnded { get; set; }

        public bool IsLive(DateTimeOffset now) => !HasEnded && LastUsedAt + Lifetime > now;
    }
}
