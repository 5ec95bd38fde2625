using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using StatusMonitor.Gateway.Classic;
using StatusMonitor.Grains.Accounts;

namespace StatusMonitor.Gateway.Access;

/// <summary>
/// Lets in whoever brings a good access token: as a bearer, or in the query where a browser cannot set a header, which is the live hub alone.
/// The account is asked at every request whether the session still stands, so that ending one, or the account, holds at once.
/// </summary>
internal sealed class AccountAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, SessionTokens tokens, IGrainFactory grains)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "account";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Presented() is not { } token) return AuthenticateResult.NoResult();
        if (await tokens.ReadAccessAsync(token) is not { } session) return AuthenticateResult.Fail("The access token is not good.");
        if (await grains.GetGrain<IAccountGrain>(session.AccountId).Check(session.Id) is not { } principal) return AuthenticateResult.Fail("The session has ended.");
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new AccountIdentity(principal)), Scheme.Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        return ClassicAnswer.EndpointOf(Context) is { } classic
            ? ClassicAnswer.RefuseAsync(Context, 401, Presented() is null ? classic.NoToken : classic.BadToken)
            : Problems.NotSignedIn().WriteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => Problems.NotAllowed().WriteAsync(Context);

    private string? Presented()
    {
        const string Bearer = "Bearer ";
        var header = Request.Headers.Authorization.ToString();
        if (header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) return header[Bearer.Length..].Trim();
        return Request.Path.StartsWithSegments("/hubs") && Request.Query["access_token"].ToString() is { Length: > 0 } token ? token : null;
    }
}
