using System.Text.Json.Serialization;

namespace StatusMonitor.Gateway.Classic;

/// <summary>An account as the older StatusMonitor's clients know it.</summary>
internal sealed record ClassicAccount(string Username, long Id)
{
    public static ClassicAccount Of(string name, long id) => new(name, id);
}

/// <summary>A pair of tokens; here both are in the body.</summary>
internal sealed record ClassicTokens(
    [property: JsonPropertyName("access_token")] string AccessToken,
    [property: JsonPropertyName("refresh_token")] string RefreshToken,
    [property: JsonPropertyName("token_type")] string TokenType);

/// <summary>Answer to signing out, whether there was a session or not.</summary>
internal sealed record ClassicLogout(string Message)
{
    public static ClassicLogout Done { get; } = new("Logged out successfully");
}
