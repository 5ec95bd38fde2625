using System.Collections.Immutable;
using StatusMonitor.Grains.Agents;

namespace StatusMonitor.Grains.Hosts;

/// <summary>Decides about a host's tokens. Whatever changes them gives another list, which holds once it is stored.</summary>
public static class HostTokens
{
    /// <summary>The token of a hash, or null.</summary>
    public static HostToken? Find(List<HostToken> tokens, TokenHash hash)
    {
        // A host has few, and every report asks.
        for (var i = 0; i < tokens.Count; i++)
        {
            if (tokens[i].Hash == hash) return tokens[i];
        }

        return null;
    }

    /// <summary>Whether a token is good. At the very end of its time one that was never used still is.</summary>
    public static TokenOutcome Judge(HostToken? token, DateTimeOffset now) =>
        token is null ? TokenOutcome.Unknown
        : IsAlive(token, now) ? TokenOutcome.Valid
        : TokenOutcome.Expired;

    /// <summary>Those that are good or may become so.</summary>
    public static List<HostToken> Alive(List<HostToken> tokens, DateTimeOffset now) => tokens.FindAll(token => IsAlive(token, now));

    /// <summary>The token is permanent from now on.</summary>
    public static List<HostToken> Activate(List<HostToken> tokens, HostToken token) =>
        [.. tokens.Select(known => known.Id == token.Id ? known with { IsActivated = true } : known)];

    /// <summary>
    /// Gives the tokens of a host from before they were numbered their numbers: always the same, because they are in the order they were made in.
    /// </summary>
    /// <param name="tokens">The tokens as they are stored.</param>
    /// <param name="window">How long such a token was good until it was used; tells when it was made.</param>
    public static List<HostToken> Numbered(List<HostToken> tokens, TimeSpan window) =>
        tokens.TrueForAll(token => token.Id > 0) ? tokens : [.. tokens.Select((token, i) => token with { Id = i + 1, CreatedAt = token.ExpiresAt - window })];

    /// <summary>What people may see of those that are good or may become so, oldest first.</summary>
    public static ImmutableArray<TokenInfo> Describe(List<HostToken> tokens, DateTimeOffset now) =>
        [.. Alive(tokens, now).Select(token => new TokenInfo(token.Id, token.CreatedAt, token.ExpiresAt, token.IsActivated, token.LastUsedAt))];

    private static bool IsAlive(HostToken token, DateTimeOffset now) => token.IsActivated || now <= token.ExpiresAt;
}
