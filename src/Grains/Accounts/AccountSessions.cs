using System.Collections.Immutable;

namespace StatusMonitor.Grains.Accounts;

/// <summary>How the sessions of an account begin, go on and end. What changes them also drops those that have expired.</summary>
internal static class AccountSessions
{
    /// <summary>The session if it has not ended.</summary>
    public static AccountSession? Find(ImmutableArray<AccountSession> sessions, Guid id, DateTimeOffset now)
    {
        foreach (var session in sessions)
        {
            if (session.Id == id) return IsLive(session, now) ? session : null;
        }

        return null;
    }

    /// <summary>The sessions that have not ended.</summary>
    public static ImmutableArray<AccountSession> Live(ImmutableArray<AccountSession> sessions, DateTimeOffset now) => sessions.RemoveAll(session => !IsLive(session, now));

    /// <summary>Adds a session; those unused for longest make room for it.</summary>
    public static ImmutableArray<AccountSession> Start(ImmutableArray<AccountSession> sessions, AccountSession session, int max, DateTimeOffset now)
    {
        var live = Live(sessions, now);
        while (live.Length >= max) live = live.Remove(live.MinBy(other => other.LastUsedAt)!);
        return live.Add(session);
    }

    /// <summary>Uses up the refresh token <paramref name="shown"/> for <paramref name="next"/>. Any but the one that is good was good once, and ends the session.</summary>
    public static (RefreshOutcome Outcome, ImmutableArray<AccountSession> Sessions) Refresh(
        ImmutableArray<AccountSession> sessions, Guid id, Guid shown, Guid next, SessionOrigin origin, DateTimeOffset now, TimeSpan lifetime)
    {
        if (Find(sessions, id, now) is not { } session) return (RefreshOutcome.Ended, sessions);

        var live = Live(sessions, now);
        return session.RefreshId == shown
            ? (RefreshOutcome.Granted, live.Replace(session, session with { RefreshId = next, LastUsedAt = now, ExpiresAt = now + lifetime, Origin = origin }))
            : (RefreshOutcome.Reused, live.Remove(session));
    }

    private static bool IsLive(AccountSession session, DateTimeOffset now) => session.ExpiresAt > now;
}
