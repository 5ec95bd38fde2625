using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace StatusMonitor.Grains.Accounts;

/// <summary>How attempts are counted in a window that moves with the clock.</summary>
internal static class LoginAttempts
{
    /// <summary>How long a subject must wait until it has fewer than <paramref name="limit"/> attempts in the window; null if it has fewer.</summary>
    public static TimeSpan? WaitFor(LoginLimiterState state, string subject, int limit, TimeSpan window, DateTimeOffset now)
    {
        if (!state.Subjects.TryGetValue(Key(subject), out var attempts)) return null;

        var counted = Within(attempts.At, window, now);
        return counted.Length < limit ? null : counted[^limit] + window - now;
    }

    /// <summary>Counts an attempt. Attempts that no longer count are dropped, and beyond <paramref name="maxSubjects"/> the subjects that were tried longest ago.</summary>
    public static LoginLimiterState Add(LoginLimiterState state, string subject, TimeSpan window, DateTimeOffset now, int maxSubjects)
    {
        var key = Key(subject);
        var before = state.Subjects.TryGetValue(key, out var attempts) ? Within(attempts.At, window, now) : [];
        var subjects = Live(state, now).Remove(key);
        while (subjects.Count >= maxSubjects) subjects = subjects.Remove(subjects.MinBy(other => other.Value.At[^1]).Key);
        return state with { Subjects = subjects.Add(key, new CountedAttempts(before.Add(now), now + window)) };
    }

    /// <summary>Forgets a subject; the same state if it is not counted.</summary>
    public static LoginLimiterState Forget(LoginLimiterState state, string subject, DateTimeOffset now)
    {
        var key = Key(subject);
        return state.Subjects.ContainsKey(key) ? state with { Subjects = Live(state, now).Remove(key) } : state;
    }

    private static ImmutableDictionary<string, CountedAttempts> Live(LoginLimiterState state, DateTimeOffset now) =>
        state.Subjects.RemoveRange(state.Subjects.Where(subject => subject.Value.ExpiresAt <= now).Select(subject => subject.Key));

    /// <summary>What is in the window. A clock that was set back leaves attempts in the future: near ones count, so that a small step forgives nothing, and far ones do not, so that a large one locks nobody out.</summary>
    private static ImmutableArray<DateTimeOffset> Within(ImmutableArray<DateTimeOffset> times, TimeSpan window, DateTimeOffset now) => times.RemoveAll(at => (now - at).Duration() >= window);

    private static string Key(string subject) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(subject)).AsSpan(0, 16));
}
