using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using StatusMonitor.Grains.Accounts;
using StatusMonitor.Storage;
using StatusMonitor.Storage.Postgres;

namespace StatusMonitor.Gateway.Access;

/// <summary>Who may use an endpoint or a hub. What they may do with a host is the host's to say.</summary>
internal static class AccessPolicy
{
    /// <summary>Whoever is signed in.</summary>
    public const string SignedIn = "signed-in";

    /// <summary>Whoever is an administrator at the moment of the request.</summary>
    public const string Administrator = "administrator";

    public static void AddAccess(this IServiceCollection services)
    {
        services.AddSingleton(provider =>
        {
            // The folder first: with it a second server is kept away, which would make another key.
            provider.GetRequiredService<ServerFolder>();
            return SigningKey.Load(provider.GetRequiredService<ServerOptions>(), provider.GetService<PostgresSecrets>());
        });
        services.AddSingleton<SessionTokens>();
        // Only the core: the rest brings data protection, which would keep keys of its own on the disk.
        services.AddAuthenticationCore(authentication => authentication.AddScheme<AccountAuthentication>(AccountAuthentication.SchemeName, null)).AddWebEncoders();
        services.AddAuthorizationBuilder()
            .AddPolicy(SignedIn, policy => policy.RequireAuthenticatedUser())
            .AddPolicy(Administrator, policy => policy.RequireAuthenticatedUser().RequireAssertion(context => context.User.AccountOrNull() is { Role: AccountRole.Administrator }));
    }

    /// <summary>Whom the request acts for. Only where a policy has let it in.</summary>
    public static AccountPrincipal Account(this HttpContext context) => context.User.Account();

    /// <inheritdoc cref="Account(HttpContext)"/>
    public static AccountPrincipal Account(this ClaimsPrincipal user) =>
        user.AccountOrNull() ?? throw new InvalidOperationException("Nobody is signed in; the endpoint lacks its policy.");

    /// <summary>Whom the request acts for, or null if nobody is signed in.</summary>
    public static AccountPrincipal? AccountOrNull(this ClaimsPrincipal user) => user.Identities.OfType<AccountIdentity>().FirstOrDefault()?.Principal;
}

/// <summary>An account as ASP.NET Core sees it.</summary>
internal sealed class AccountIdentity(AccountPrincipal principal) : ClaimsIdentity([new Claim(ClaimTypes.Name, principal.Name)], AccountAuthentication.SchemeName)
{
    public AccountPrincipal Principal => principal;
}
