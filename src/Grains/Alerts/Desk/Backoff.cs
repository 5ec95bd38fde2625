namespace StatusMonitor.Grains.Alerts.Desk;

/// <summary>When a notification that a channel did not take is tried again. Pure but for chance.</summary>
internal static class Backoff
{
    /// <summary>How long a notification is tried.</summary>
    public static readonly TimeSpan GiveUpAfter = TimeSpan.FromHours(24);

    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    /// <summary>The pause after so many tries, doubled each time, up to 15 minutes, some more or less by chance: channels that failed together do not come back together.</summary>
    /// <param name="attempts">Tries so far, at least 1.</param>
    /// <param name="wanted">How long the channel wants to be left alone, or null.</param>
    /// <param name="chance">0 to 1.</param>
    public static TimeSpan After(int attempts, TimeSpan? wanted, double chance)
    {
        var pause = First * Math.Pow(2, Math.Clamp(attempts - 1, 0, 20));
        if (pause > Longest) pause = Longest;
        pause *= 0.75 + (0.25 * Math.Clamp(chance, 0, 1));
        if (pause < First) pause = First;
        if (wanted is not { } least || least <= pause) return pause;

        // A channel may not want to hear of us for ever.
        return least < GiveUpAfter ? least : GiveUpAfter;
    }
}
