using System.Collections.Immutable;
using StatusMonitor.Grains.Agents;

namespace StatusMonitor.Grains.Accounts;

/// <summary>How the enrolment tokens of an account are used up. What changes them also drops those that have expired.</summary>
internal static class EnrolmentTokens
{
    /// <summary>The tokens that can still be used.</summary>
    public static ImmutableArray<EnrolmentToken> Live(ImmutableArray<EnrolmentToken> tokens, DateTimeOffset now) => tokens.RemoveAll(token => token.UsesLeft <= 0 || token.Terms.ExpiresAt <= now);

    /// <summary>Uses a token once. Null if there is none that can be used.</summary>
    public static (EnrolmentTerms Terms, ImmutableArray<EnrolmentToken> Left)? Redeem(ImmutableArray<EnrolmentToken> tokens, TokenHash hash, DateTimeOffset now)
    {
        var live = Live(tokens, now);
        foreach (var token in live)
        {
            if (token.Hash != hash) continue;
            var left = token.UsesLeft > 1 ? live.Replace(token, token with { UsesLeft = token.UsesLeft - 1 }) : live.Remove(token);
            return (token.Terms, left);
        }

        return null;
    }
}
