using StatusMonitor.Gateway.Access;
using StatusMonitor.Gateway.Audit;
using StatusMonitor.Gateway.OpenApi;
using StatusMonitor.Grains.Accounts;

namespace StatusMonitor.Gateway.Accounts;

/// <summary>Signing in and out over our own API. Everybody reaches these; what they guard is counted and audited.</summary>
internal static class AuthEndpoints
{
    public static void AddAccounts(this IServiceCollection services)
    {
        services.AddSingleton<PasswordHasher>().AddSingleton<SignInLimits>().AddSingleton<SignIns>().AddSingleton<Registrations>();
        services.AddSingleton(new StartMessages(Console.Out));
        services.AddHostedService<FirstAccount>();
        services.AddHostedService<StartRequests>();
    }

    public static void MapAccounts(this IEndpointRouteBuilder routes)
    {
        var auth = routes.MapGroup("/api/v1/auth").WithTags("Signing in").WithSmallBodies();
        auth.MapGet("options", (ServerOptions options) => Results.Ok(new SignInOptionsView(options.IsSelfRegistrationOn))).Documented(AccountDocs.Options);
        auth.MapPost("register", Register).Documented(AccountDocs.Register);
        auth.MapPost("login", Login).Documented(AccountDocs.Login);
        auth.MapPost("refresh", Refresh).Documented(AccountDocs.Refresh);
        auth.MapPost("logout", Logout).Documented(AccountDocs.Logout);

        routes.MapAccount();
        routes.MapEnrolmentTokens();
        routes.MapUsers();
    }

    private static async Task<IResult> Register(CredentialsRequest request, HttpContext context, Registrations registrations)
    {
        var errors = new Dictionary<string, string[]>();
        var name = AccountInput.Name(request.Username, errors);
        var password = AccountInput.Password(request.Password, name, "password", errors);
        if (errors.Count > 0) return Problems.Invalid(errors).ToResult();

        var result = await registrations.TryAsync(context, name, password);
        return result.Outcome switch
        {
            RegistrationOutcome.Done => Results.Json(AccountView.Of(result.Account!), GatewayJson.Default.AccountView, statusCode: StatusCodes.Status201Created),
            RegistrationOutcome.Off => Problems.RegistrationOff().ToResult(),
            RegistrationOutcome.NameTaken => Problems.NameTaken(name).ToResult(),
            RegistrationOutcome.TooMany => Problems.TooMany("There are as many accounts as there may be.").ToResult(),
            _ => Problems.TooManyAttempts(result.Wait).ToResult(),
        };
    }

    private static async Task<IResult> Login(CredentialsRequest request, HttpContext context, SignIns signIns, SessionTokens tokens)
    {
        var errors = new Dictionary<string, string[]>();
        if (string.IsNullOrWhiteSpace(request.Username)) errors["username"] = ["must be there"];
        if (string.IsNullOrEmpty(request.Password)) errors["password"] = ["must be there"];
        if (errors.Count > 0) return Problems.Invalid(errors).ToResult();

        var result = await signIns.TryAsync(context, request.Username!, request.Password!);
        return result.Outcome switch
        {
            SignInOutcome.Done => SignedIn(context, tokens, result.Grant!, result.Account!),
            SignInOutcome.WrongCredentials => Problems.WrongCredentials().ToResult(),
            SignInOutcome.Disabled => Problems.AccountDisabled().ToResult(),
            _ => Problems.TooManyAttempts(result.Wait).ToResult(),
        };
    }

    private static async Task<IResult> Refresh(HttpContext context, SessionTokens tokens, IGrainFactory grains, AuditTrail audit)
    {
        if (RefreshCookie.IsFromAnotherOrigin(context.Request)) return Problems.NotAllowed().ToResult();
        if (RefreshCookie.Of(context) is not { } cookie || await tokens.ReadRefreshAsync(cookie) is not var (session, refreshId)) return Ended(context, Problems.SessionEnded());

        var account = grains.GetGrain<IAccountGrain>(session.AccountId);
        var (outcome, grant) = await account.Refresh(session.Id, refreshId, SignIns.OriginOf(context));
        var info = await account.GetInfo();
        if (outcome == RefreshOutcome.Reused) await audit.WriteReuseAsync(context, session, info);
        if (outcome == RefreshOutcome.Granted && info is not null) return SignedIn(context, tokens, grant!, info);
        return Ended(context, info is { IsDisabled: true } ? Problems.AccountDisabled() : Problems.SessionEnded());
    }

    private static async Task<IResult> Logout(HttpContext context, SessionTokens tokens, IGrainFactory grains, AuditTrail audit)
    {
        if (RefreshCookie.IsFromAnotherOrigin(context.Request)) return Problems.NotAllowed().ToResult();

        var cookie = RefreshCookie.Of(context) is { } token ? await tokens.ReadRefreshAsync(token) : null;
        if (cookie is var (session, _)) await EndAsync(session);
        if (context.User.AccountOrNull() is { } bearer && bearer.Session != cookie?.Session.Id) await EndAsync(new SessionReference(bearer.Id, bearer.Session));
        RefreshCookie.Remove(context);
        return Results.NoContent();

        Task EndAsync(SessionReference ended) => audit.EndSessionAsync(context, grains, ended);
    }

    /// <summary>Signs a session out, and notes it if there was one.</summary>
    public static async Task EndSessionAsync(this AuditTrail audit, HttpContext context, IGrainFactory grains, SessionReference session)
    {
        var account = grains.GetGrain<IAccountGrain>(session.AccountId);
        if (!await account.EndSession(session.Id)) return;
        var actor = await account.GetInfo() is { } info ? AuditActor.Of(info) : default;
        await audit.WriteAsync(context, AuditActions.Logout, target: AuditTarget.Session(session.Id), actor: actor);
    }

    /// <summary>Notes that somebody has shown a refresh token that was used before: there are two who have it.</summary>
    public static Task WriteReuseAsync(this AuditTrail audit, HttpContext context, SessionReference session, AccountInfo? account) => audit.WriteAsync(
        context,
        AuditActions.RefreshReused,
        AuditOutcomes.NotAllowed,
        AuditTarget.Session(session.Id),
        "A refresh token was shown that had been used before; the session was ended.",
        account is null ? default : AuditActor.Of(account));

    private static IResult Ended(HttpContext context, Microsoft.AspNetCore.Mvc.ProblemDetails problem)
    {
        RefreshCookie.Remove(context);
        return problem.ToResult();
    }

    private static IResult SignedIn(HttpContext context, SessionTokens tokens, SessionGrant grant, AccountInfo account)
    {
        RefreshCookie.Set(context, tokens.IssueRefresh(grant), tokens.RefreshLifetimeOf(grant));
        return Results.Ok(new SignInView(tokens.IssueAccess(grant.Principal), (long)tokens.AccessLifetime.TotalSeconds, AccountView.Of(account)));
    }
}
