namespace StatusMonitor.Agent.Connection;

/// <summary>What can be a token, whoever made it: a text that goes into a header as it is.</summary>
internal static class AgentToken
{
    /// <summary>The most characters of one.</summary>
    public const int MaxLength = 512;

    /// <summary>Whether it is 1 to <see cref="MaxLength"/> letters, digits and signs without blanks.</summary>
    public static bool IsPlausible(ReadOnlySpan<char> token) => token.Length is > 0 and <= MaxLength && !token.ContainsAnyExceptInRange('!', '~');
}
