using FsCheck;
using FsCheck.Fluent;
using StatusMonitor.Grains.Accounts;

namespace StatusMonitor.Grains.Tests.Accounts;

public sealed class LoginAttemptsTests
{
    private const int Limit = 3;
    private const int MaxSubjects = 4;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(15);
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 5, 0, 0, TimeSpan.Zero);

    [Fact]
    public void AtMostSoManyInAnyWindow_AndOneMayGoOnExactlyWhenItSays() => Prop.ForAll(
        (from subject in Gen.Elements("name:alice", "name:bob", "address:192.0.2.1") from seconds in Gen.Choose(0, 400) select (subject, seconds)).ListOf().ToArbitrary(),
        steps =>
        {
            var state = new LoginLimiterState();
            var begun = new List<(string Subject, DateTimeOffset At)>();
            var now = Start;
            foreach (var (subject, seconds) in steps)
            {
                now += TimeSpan.FromSeconds(seconds);
                var counted = begun.Where(attempt => attempt.Subject == subject && attempt.At > now - Window).ToList();
                var wait = LoginAttempts.WaitFor(state, subject, Limit, Window, now);
                Assert.Equal(counted.Count < Limit, wait is null);
                if (wait is { } time)
                {
                    Assert.NotNull(LoginAttempts.WaitFor(state, subject, Limit, Window, now + time - TimeSpan.FromTicks(1)));
                    Assert.Null(LoginAttempts.WaitFor(state, subject, Limit, Window, now + time));
                    continue;
                }

                state = LoginAttempts.Add(state, subject, Window, now, MaxSubjects);
                begun.Add((subject, now));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithEndSize(60));

    [Fact]
    public void ALowerLimit_CountsWhatWasBegunUnderTheHigher()
    {
        var state = new LoginLimiterState();
        for (var i = 0; i < 5; i++) state = LoginAttempts.Add(state, "a", Window, Start + TimeSpan.FromMinutes(i), MaxSubjects);

        var now = Start + TimeSpan.FromMinutes(5);
        Assert.Equal(TimeSpan.FromMinutes(13), LoginAttempts.WaitFor(state, "a", 2, Window, now));
    }

    [Fact]
    public void WhatNoLongerCounts_IsDropped()
    {
        var state = LoginAttempts.Add(new LoginLimiterState(), "a", Window, Start, MaxSubjects);
        state = LoginAttempts.Add(state, "b", Window, Start + TimeSpan.FromMinutes(10), MaxSubjects);
        state = LoginAttempts.Add(state, "c", Window, Start + Window, MaxSubjects);
        Assert.Equal(2, state.Subjects.Count);

        state = LoginAttempts.Forget(state, "c", Start + Window * 2);
        Assert.Empty(state.Subjects);
    }

    [Fact]
    public void AttemptsOfOneSubject_AreDroppedOneByOne()
    {
        var state = new LoginLimiterState();
        for (var i = 0; i < 100; i++) state = LoginAttempts.Add(state, "a", Window, Start + Window * i / 2, MaxSubjects);

        Assert.Equal(2, Assert.Single(state.Subjects).Value.At.Length);
    }

    [Fact]
    public void BeyondTheMost_TheSubjectTriedLongestAgoIsForgotten()
    {
        var state = new LoginLimiterState();
        foreach (var subject in new[] { "a", "b", "c", "d", "a", "e" })
        {
            state = LoginAttempts.Add(state, subject, Window, Start + TimeSpan.FromSeconds(state.Subjects.Sum(known => known.Value.At.Length)), MaxSubjects);
        }

        Assert.Equal(MaxSubjects, state.Subjects.Count);
        Assert.Null(LoginAttempts.WaitFor(state, "b", 1, Window, Start));
        foreach (var subject in new[] { "a", "c", "d", "e" }) Assert.NotNull(LoginAttempts.WaitFor(state, subject, 1, Window, Start));
    }

    [Fact]
    public void AForgottenSubject_MayTryAgain_AndOneThatIsNotCountedChangesNothing()
    {
        var state = LoginAttempts.Add(new LoginLimiterState(), "a", Window, Start, MaxSubjects);
        Assert.Same(state, LoginAttempts.Forget(state, "b", Start));
        Assert.Null(LoginAttempts.WaitFor(LoginAttempts.Forget(state, "a", Start), "a", 1, Window, Start));
    }

    [Fact]
    public void ASubject_IsNotKeptInPlain()
    {
        var state = LoginAttempts.Add(new LoginLimiterState(), "name:hunter2", Window, Start, MaxSubjects);

        Assert.DoesNotContain("hunter2", System.Text.Json.JsonSerializer.Serialize(state), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void AClockThatIsSetBack_ForgivesNothingIfByLittle_AndLocksNobodyOutIfByMuch()
    {
        var state = LoginAttempts.Add(new LoginLimiterState(), "a", Window, Start, MaxSubjects);

        Assert.Equal(Window + TimeSpan.FromSeconds(5), LoginAttempts.WaitFor(state, "a", 1, Window, Start - TimeSpan.FromSeconds(5)));
        Assert.Null(LoginAttempts.WaitFor(state, "a", 1, Window, Start - TimeSpan.FromDays(1)));
    }
}
