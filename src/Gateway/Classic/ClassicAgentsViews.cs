using System.Globalization;
using System.Text.Json.Serialization;
using StatusMonitor.Grains.Hosts;

namespace StatusMonitor.Gateway.Classic;

/// <summary>An agent in the list of <c>GET /agents</c>.</summary>
internal sealed record ClassicAgentLine(long Id, string Name, bool TokenActivated, string CreatedAt, string? LastSeen, bool IsActive)
{
    public static ClassicAgentLine Of(HostRecord host) =>
        new(host.Id, host.Name, ClassicAgent.HasActivated(host), ClassicTime.Of(host.CreatedAt), ClassicTime.Of(host.LastSeen), host.DeletedAt is null);
}

/// <summary>An agent by its id. The token is not in it: it is kept as a hash. The newest version of the older system left it out as well.</summary>
internal sealed record ClassicAgent(long Id, string Name, string TokenExpiresAt, bool TokenActivated, string CreatedAt, string? LastSeen, bool IsActive)
{
    public static ClassicAgent Of(HostRecord host) =>
        new(host.Id, host.Name, ExpiryOf(host), HasActivated(host), ClassicTime.Of(host.CreatedAt), ClassicTime.Of(host.LastSeen), host.DeletedAt is null);

    public static bool HasActivated(HostRecord host) => host.Tokens.Any(token => token.IsActivated);

    /// <summary>Of the newest token. Tokens that have expired are forgotten; then it is a time in the past, as it was.</summary>
    public static string ExpiryOf(HostRecord host) => ClassicTime.Of(host.Tokens.IsEmpty ? host.CreatedAt : host.Tokens[^1].ExpiresAt);
}

/// <summary>An agent whose token was just made: the only time that it is shown.</summary>
internal sealed record ClassicAgentWithToken(long Id, string Name, string Token, string TokenExpiresAt, bool TokenActivated, string CreatedAt, string? LastSeen, bool IsActive)
{
    public static ClassicAgentWithToken Of(HostRecord host, string token) =>
        new(host.Id, host.Name, token, ClassicAgent.ExpiryOf(host), ClassicAgent.HasActivated(host), ClassicTime.Of(host.CreatedAt), ClassicTime.Of(host.LastSeen), host.DeletedAt is null);
}

/// <summary>Answer of <c>POST /agents/validate-token</c>.</summary>
internal sealed record ClassicValidation(bool Valid, long? AgentId, long? UserId, string? AgentName, string? Error)
{
    public static ClassicValidation Unknown { get; } = new(false, null, null, null, null);

    public static ClassicValidation Expired { get; } = Unknown with { Error = "Token expired. Please regenerate." };
}

internal sealed record ClassicMessage(string Message);

/// <summary>Times of the older system: UTC to the microsecond. They end in Z, which its dashboard understands in every zone; an offset it would not.</summary>
internal static class ClassicTime
{
    public static string Of(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);

    public static string? Of(DateTimeOffset? time) => time is { } known ? Of(known) : null;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ClassicAgentLine[]))]
[JsonSerializable(typeof(ClassicAgent))]
[JsonSerializable(typeof(ClassicAgentWithToken))]
[JsonSerializable(typeof(ClassicValidation))]
[JsonSerializable(typeof(ClassicMessage))]
internal sealed partial class ClassicAgentsJson : JsonSerializerContext;
