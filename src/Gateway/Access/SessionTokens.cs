using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using StatusMonitor.Grains.Accounts;

namespace StatusMonitor.Gateway.Access;

/// <summary>The session a token belongs to.</summary>
/// <param name="AccountId">Whose it is.</param>
/// <param name="Id">The session.</param>
internal readonly record struct SessionReference(long AccountId, Guid Id);

/// <summary>Makes and reads the tokens of sessions: JWTs signed with HS256. Whether the session still stands, its account says.</summary>
internal sealed class SessionTokens
{
    // Ours have some 350 characters; a longer user name makes them longer.
    private const int MaxLength = 4096;
    private const string Access = "access";
    private const string Refresh = "refresh";

    /// <summary>Access tokens that were read; beyond it they are forgotten.</summary>
    private const int MaxRead = 10_000;

    private readonly ConcurrentDictionary<string, (SessionReference Session, DateTimeOffset ExpiresAt)> _read = new(StringComparer.Ordinal);
    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false, MaximumTokenSizeInBytes = MaxLength };
    private readonly SigningKey _key;
    private readonly TimeProvider _time;
    private readonly TokenValidationParameters _rules;

    public SessionTokens(SigningKey key, ServerOptions options, TimeProvider time)
    {
        _key = key;
        _time = time;
        AccessLifetime = TimeSpan.FromMinutes(options.AccessTokenMinutes);
        _rules = new TokenValidationParameters
        {
            IssuerSigningKey = key.Credentials.Key,
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            ValidateIssuer = false,
            ValidateAudience = false,
            LifetimeValidator = (_, expires, _, _) => expires > _time.GetUtcNow().UtcDateTime,
        };
    }

    /// <summary>How long an access token is good.</summary>
    public TimeSpan AccessLifetime { get; }

    /// <summary>For how long the refresh token of a session is good from now.</summary>
    public TimeSpan RefreshLifetimeOf(SessionGrant grant) => grant.RefreshExpiresAt - _time.GetUtcNow();

    public string IssueAccess(AccountPrincipal principal)
    {
        var now = _time.GetUtcNow();
        return Issue(principal, Access, now + AccessLifetime, new() { ["iat"] = now.ToUnixTimeSeconds() });
    }

    public string IssueRefresh(SessionGrant grant) => Issue(grant.Principal, Refresh, grant.RefreshExpiresAt, new() { ["jti"] = grant.RefreshId.ToString("D") });

    /// <summary>The session of an access token, or null if it is not one of ours that is good now.</summary>
    /// <remarks>Each request of a page brings the same one, and what is in it does not change; so it is read once.</remarks>
    public async ValueTask<SessionReference?> ReadAccessAsync(string token)
    {
        if (_read.TryGetValue(token, out var known)) return known.ExpiresAt > _time.GetUtcNow() ? known.Session : null;
        if (await ReadAsync(token, Access) is not { } read || Session(read) is not { } session) return null;
        if (_read.Count >= MaxRead) _read.Clear();
        _read[token] = (session, read.ValidTo);
        return session;
    }

    /// <summary>The session and the id of a refresh token, or null if it is not one of ours that is good now.</summary>
    public async Task<(SessionReference Session, Guid RefreshId)?> ReadRefreshAsync(string token) =>
        await ReadAsync(token, Refresh) is { } read && Session(read) is { } session && ReadGuid(read, "jti") is { } id ? (session, id) : null;

    private static SessionReference? Session(JsonWebToken token) =>
        token.TryGetPayloadValue<long>("uid", out var account) && account > 0 && ReadGuid(token, "sid") is { } session ? new SessionReference(account, session) : null;

    private static Guid? ReadGuid(JsonWebToken token, string claim) =>
        token.TryGetPayloadValue<string>(claim, out var text) && Guid.TryParseExact(text, "D", out var id) ? id : null;

    private string Issue(AccountPrincipal principal, string type, DateTimeOffset expiresAt, Dictionary<string, object> more)
    {
        more["sub"] = principal.Name;
        more["uid"] = principal.Id;
        more["sid"] = principal.Session.ToString("D", CultureInfo.InvariantCulture);
        more["type"] = type;
        more["exp"] = expiresAt.ToUnixTimeSeconds();
        return _handler.CreateToken(new SecurityTokenDescriptor { Claims = more, SigningCredentials = _key.Credentials });
    }

    private async Task<JsonWebToken?> ReadAsync(string token, string type)
    {
        if (token.Length is 0 or > MaxLength) return null;
        var result = await _handler.ValidateTokenAsync(token, _rules);
        return result.IsValid && result.SecurityToken is JsonWebToken read && read.TryGetPayloadValue<string>("type", out var found) && found == type ? read : null;
    }
}
