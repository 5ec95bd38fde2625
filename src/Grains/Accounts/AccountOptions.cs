using Microsoft.Extensions.Options;

namespace StatusMonitor.Grains.Accounts;

/// <summary>How accounts and their sessions live.</summary>
public sealed class AccountOptions
{
    /// <summary>How long a refresh token, and with it a session that nobody uses, is good. Default: 7 days.</summary>
    public TimeSpan RefreshLifetime { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Sessions an account may have at once; a new one ends the one unused for longest. Default: 50.</summary>
    public int MaxSessions { get; set; } = 50;

    /// <summary>Enrolment tokens an account may have at once. Default: 100.</summary>
    public int MaxEnrolmentTokens { get; set; } = 100;

    /// <summary>Accounts there may be. All their names are one grain's state, which is written when one is made. Default: 10,000.</summary>
    public int MaxAccounts { get; set; } = 10_000;

    /// <summary>How long an account goes on publishing for a watcher that does not renew. Default: 60 s.</summary>
    public TimeSpan WatchLease { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>These options, if one can live by them.</summary>
    /// <exception cref="OptionsValidationException">One cannot; the message names each that is wrong.</exception>
    internal AccountOptions Checked()
    {
        var wrong = new List<string>();
        Check(RefreshLifetime > TimeSpan.Zero && RefreshLifetime <= TimeSpan.FromDays(3650), $"{nameof(RefreshLifetime)} is {RefreshLifetime}; it must be more than nothing and at most 3650 days.");
        Check(MaxSessions >= 1, $"{nameof(MaxSessions)} is {MaxSessions}; it must be at least 1.");
        Check(MaxEnrolmentTokens >= 0, $"{nameof(MaxEnrolmentTokens)} is {MaxEnrolmentTokens}; it must be at least 0.");
        Check(MaxAccounts >= 1, $"{nameof(MaxAccounts)} is {MaxAccounts}; it must be at least 1.");
        Check(WatchLease > TimeSpan.Zero && WatchLease <= TimeSpan.FromDays(1), $"{nameof(WatchLease)} is {WatchLease}; it must be more than nothing and at most a day.");
        return wrong.Count == 0 ? this : throw new OptionsValidationException(nameof(AccountOptions), typeof(AccountOptions), wrong);

        void Check(bool isRight, string problem)
        {
            if (!isRight) wrong.Add($"{nameof(AccountOptions)}.{problem}");
        }
    }
}
