using System.Globalization;
using System.Text;
using StatusMonitor.Gateway.Access;
using StatusMonitor.Gateway.Accounts;
using StatusMonitor.Gateway.Audit;
using StatusMonitor.Grains.Accounts;

namespace StatusMonitor.Gateway.Classic;

/// <summary>
/// Signing in as the older StatusMonitor has it: <c>/register</c>, <c>/token</c>, <c>/refresh</c>, <c>/logout</c> and <c>/users/me</c>. They are the same accounts,
/// sessions and limits as those of our own API. Its <c>/admin/cleanup-tokens</c>, open to everybody, is not here: sessions that end leave nothing to clean up.
/// </summary>
internal static class ClassicAccounts
{
    private const string BadCredentials = "Could not validate credentials";

    public static void MapClassicAccounts(this IEndpointRouteBuilder routes)
    {
        var classic = routes.MapGroup("").WithTags("Classic").WithMetadata(ClassicEndpoint.Mark).WithSmallBodies();

        classic.MapPost("/register", (RequestDelegate)Register);
        classic.MapPost("/token", (RequestDelegate)SignIn);
        classic.MapPost("/refresh", (RequestDelegate)Refresh);
        classic.MapPost("/logout", (RequestDelegate)Logout);
        classic.MapGet("/users/me", (RequestDelegate)Me).RequireAuthorization(AccessPolicy.SignedIn);
    }

    private static async Task Register(HttpContext context)
    {
        var body = await ClassicBody.ReadAsync(context);
        var name = body.Text("username").Trim();
        var password = body.Text("password");
        ClassicError[] errors = body.Errors.Count > 0 ? [.. body.Errors] : [.. Problems(name, password)];
        if (errors.Length > 0)
        {
            await ClassicAnswer.RefuseAsync(context, errors);
            return;
        }

        var result = await Service<Registrations>(context).TryAsync(context, name, password);
        await (result.Outcome switch
        {
            RegistrationOutcome.Done => WriteAsync(context, ClassicAccount.Of(result.Account!.Name, result.Account.Id)),
            RegistrationOutcome.Off => ClassicAnswer.RefuseAsync(context, 403, "Registration is disabled"),
            RegistrationOutcome.NameTaken => ClassicAnswer.RefuseAsync(context, 400, "Username already registered"),
            RegistrationOutcome.TooMany => ClassicAnswer.RefuseAsync(context, 403, "There are as many accounts as there may be"),
            _ => Gateway.Problems.TooManyAttempts(result.Wait).WriteAsync(context),
        });
    }

    private static async Task SignIn(HttpContext context)
    {
        if (await ClassicForm.ReadAsync(context) is not { } form) return;
        var name = form.Text("username");
        var password = form.Text("password");
        form.MustBe("grant_type", "password");
        if (form.Errors.Count > 0)
        {
            await ClassicAnswer.RefuseAsync(context, form.Errors);
            return;
        }

        var result = await Service<SignIns>(context).TryAsync(context, name, password);
        await (result.Outcome switch
        {
            SignInOutcome.Done => WriteTokensAsync(context, result.Grant!),
            SignInOutcome.WrongCredentials => UnauthorizedAsync(context, "Incorrect username or password"),
            SignInOutcome.Disabled => ClassicAnswer.RefuseAsync(context, 403, "Account is disabled"),
            _ => Gateway.Problems.TooManyAttempts(result.Wait).WriteAsync(context),
        });
    }

    private static async Task Refresh(HttpContext context)
    {
        if (await ReadRefreshTokenAsync(context) is not { } token) return;
        if (await Service<SessionTokens>(context).ReadRefreshAsync(token) is not var (session, refreshId))
        {
            await UnauthorizedAsync(context, BadCredentials);
            return;
        }

        var account = Service<IGrainFactory>(context).GetGrain<IAccountGrain>(session.AccountId);
        var (outcome, grant) = await account.Refresh(session.Id, refreshId, SignIns.OriginOf(context));
        if (outcome == RefreshOutcome.Reused) await Service<AuditTrail>(context).WriteReuseAsync(context, session, await account.GetInfo());
        await (outcome == RefreshOutcome.Granted ? WriteTokensAsync(context, grant!) : UnauthorizedAsync(context, BadCredentials));
    }

    private static async Task Logout(HttpContext context)
    {
        if (await ReadRefreshTokenAsync(context) is not { } token) return;
        if (await Service<SessionTokens>(context).ReadRefreshAsync(token) is var (session, _))
        {
            await Service<AuditTrail>(context).EndSessionAsync(context, Service<IGrainFactory>(context), session);
        }

        await WriteAsync(context, ClassicLogout.Done);
    }

    private static Task Me(HttpContext context) => WriteAsync(context, ClassicAccount.Of(context.Account().Name, context.Account().Id));

    private static IEnumerable<ClassicError> Problems(string name, string password)
    {
        if (name.Length == 0) yield return ClassicError.TooShort("username", 1);
        else if (name.Length > AccountName.MaxLength) yield return ClassicError.TooLong("username", AccountName.MaxLength);
        else if (!AccountInput.IsName(name)) yield return ClassicError.Value("username", "User names have no invisible characters");
        if (password.Length == 0) yield return ClassicError.TooShort("password", 1);
        else if (Encoding.UTF8.GetByteCount(password) > AccountInput.MaxPasswordBytes) yield return ClassicError.TooLong("password", AccountInput.MaxPasswordBytes);
    }

    /// <summary>The refresh token in the query; without one the request is answered, and it is null.</summary>
    private static async Task<string?> ReadRefreshTokenAsync(HttpContext context)
    {
        const string Name = "refresh_token";
        if (context.Request.Query[Name] is { Count: > 0 } values) return values[^1] ?? "";
        await ClassicAnswer.RefuseAsync(context, [ClassicError.Missing("query", Name)]);
        return null;
    }

    private static Task UnauthorizedAsync(HttpContext context, string detail)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return ClassicAnswer.RefuseAsync(context, 401, detail);
    }

    private static Task WriteTokensAsync(HttpContext context, SessionGrant grant)
    {
        var tokens = Service<SessionTokens>(context);
        return WriteAsync(context, new ClassicTokens(tokens.IssueAccess(grant.Principal), tokens.IssueRefresh(grant), "bearer"));
    }

    private static Task WriteAsync<T>(HttpContext context, T answer) where T : notnull =>
        context.Response.WriteAsJsonAsync(answer, GatewayJson.Default.GetTypeInfo(typeof(T))!, "application/json", context.RequestAborted);

    private static T Service<T>(HttpContext context) where T : notnull => context.RequestServices.GetRequiredService<T>();
}
