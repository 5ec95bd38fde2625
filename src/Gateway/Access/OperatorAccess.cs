using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace StatusMonitor.Gateway.Access;

/// <summary>Body of <c>POST /api/v1/session</c>.</summary>
internal sealed record SessionRequest(string? Key);

/// <summary>
/// Who may see the fleet and add hosts: whoever holds the operator key, and people at the machine itself.
/// </summary>
internal static class OperatorAccess
{
    public const string Policy = "operator";
    public const string Cookie = "statusmonitor_key";
    private const string Scheme = "operator-key";

    public static void AddOperatorAccess(this IServiceCollection services)
    {
        services.AddSingleton<OperatorKey>().AddHostedService<KeyMaker>();
        // Only the core: the rest brings data protection, which would keep keys of its own on the disk.
        services.AddAuthenticationCore(authentication => authentication.AddScheme<OperatorKeyHandler>(Scheme, null)).AddWebEncoders();
        services.AddAuthorization(authorization => authorization.AddPolicy(Policy, policy => policy.AddAuthenticationSchemes(Scheme).RequireAuthenticatedUser()));
    }

    public static void MapOperatorSession(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/v1/session", SignIn);
        routes.MapDelete("/api/v1/session", SignOut);
    }

    private static async Task SignIn(SessionRequest request, OperatorKey key, HttpContext context)
    {
        if (request.Key is null || !key.Matches(request.Key.Trim()))
        {
            await Problems.OperatorKeyNeeded().WriteAsync(context);
            return;
        }

        context.Response.Cookies.Append(Cookie, request.Key.Trim(), CookieOptions(context));
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static IResult SignOut(HttpContext context)
    {
        context.Response.Cookies.Delete(Cookie, CookieOptions(context));
        return Results.NoContent();
    }

    private static CookieOptions CookieOptions(HttpContext context) =>
        new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = context.Request.IsHttps, Path = "/", MaxAge = TimeSpan.FromDays(30) };

    /// <summary>
    /// A browser at the machine itself needs no key. Loopback alone does not show that: a proxy beside the server connects from there as well, and
    /// any web page can send requests to loopback, by its own name (DNS rebinding) or across origins.
    /// </summary>
    internal static bool IsAtThisMachine(HttpContext context)
    {
        var request = context.Request;
        if (context.Connection.RemoteIpAddress is not { } remote || !IPAddress.IsLoopback(remote)) return false;
        if (request.Headers.ContainsKey("Forwarded") || request.Headers.ContainsKey("X-Forwarded-For") || request.Headers.ContainsKey("X-Forwarded-Host")) return false;
        if (!IsLoopbackName(request.Host.Host)) return false;

        var origin = request.Headers.Origin.ToString();
        return origin.Length == 0 || string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsLoopbackName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    /// <summary>The key is there once the server listens: people and start.sh read it from its file before anybody has had to show it.</summary>
    private sealed class KeyMaker(IServiceProvider services) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.FromResult(services.GetRequiredService<OperatorKey>());

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class OperatorKeyHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, OperatorKey key)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            if (!IsAtThisMachine(Context) && !(Presented() is { } presented && key.Matches(presented))) return Task.FromResult(AuthenticateResult.NoResult());

            var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, "operator")], Scheme.Name);
            return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name)));
        }

        protected override Task HandleChallengeAsync(AuthenticationProperties properties)
        {
            Response.Headers.WWWAuthenticate = "Bearer";
            return Problems.OperatorKeyNeeded().WriteAsync(Context);
        }

        private string? Presented()
        {
            const string Bearer = "Bearer ";
            var header = Request.Headers.Authorization.ToString();
            return header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..].Trim() : Request.Cookies[Cookie];
        }
    }
}

/// <summary>The operator key: 32 random bytes, made at the first start and kept in the data folder for its owner alone.</summary>
internal sealed class OperatorKey
{
    private readonly byte[] _hash;

    public OperatorKey(ServerOptions options)
    {
        Directory.CreateDirectory(options.Data);
        var path = Path.Combine(options.Data, "operator.key");
        if (!File.Exists(path) || string.IsNullOrWhiteSpace(File.ReadAllText(path))) Make(path);
        _hash = Hash(File.ReadAllText(path).Trim());
    }

    public bool Matches(string presented) => CryptographicOperations.FixedTimeEquals(Hash(presented), _hash);

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    private static void Make(string path)
    {
        // Written aside and moved, so that a crash in between leaves no empty key that anybody could present.
        var draft = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var writer = new StreamWriter(new FileStream(draft, options)))
        {
            writer.WriteLine(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));
        }

        File.Move(draft, path, overwrite: true);
    }
}
