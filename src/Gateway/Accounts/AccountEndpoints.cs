using StatusMonitor.Gateway.Access;
using StatusMonitor.Gateway.Audit;
using StatusMonitor.Gateway.OpenApi;
using StatusMonitor.Grains.Accounts;

namespace StatusMonitor.Gateway.Accounts;

/// <summary>One's own account: its password and its sessions.</summary>
internal static class AccountEndpoints
{
    public static void MapAccount(this IEndpointRouteBuilder routes)
    {
        var account = routes.MapGroup("/api/v1/account").WithTags("Account").WithSmallBodies().RequireAuthorization(AccessPolicy.SignedIn);

        account.MapGet("", Get).Documented(AccountDocs.Own);
        account.MapPost("password", ChangePassword).Documented(AccountDocs.ChangePassword);
        account.MapGet("sessions", GetSessions).Documented(AccountDocs.Sessions);
        account.MapDelete("sessions", EndSessions).Documented(AccountDocs.EndSessions);
        account.MapDelete("sessions/{id}", EndSession).Documented(AccountDocs.EndSession);
    }

    private static async Task<IResult> Get(HttpContext context, IGrainFactory grains) =>
        await OwnAccount(context, grains).GetInfo() is { } info ? Results.Ok(AccountView.Of(info)) : Problems.NotSignedIn().ToResult();

    private static async Task<IResult> ChangePassword(PasswordChangeRequest request, HttpContext context, IGrainFactory grains, PasswordHasher passwords, SignInLimits limits, AuditTrail audit)
    {
        var me = context.Account();
        var errors = new Dictionary<string, string[]>();
        if (string.IsNullOrEmpty(request.CurrentPassword)) errors["currentPassword"] = ["must be there"];
        var password = AccountInput.Password(request.NewPassword, me.Name, "newPassword", errors);
        if (errors.Count > 0) return Problems.Invalid(errors).ToResult();

        if (await limits.BeginPasswordChangeAsync(me.Id) is { } refused)
        {
            if (refused.IsNews) await audit.WriteAsync(context, AuditActions.Password, AuditOutcomes.Limited);
            return Problems.TooManyAttempts(refused.Wait).ToResult();
        }

        var account = OwnAccount(context, grains);
        var hash = (await account.GetCredential())?.PasswordHash;
        // False also if somebody else has just set another: then it is no longer the current one.
        var isDone = await passwords.VerifyAsync(request.CurrentPassword!, hash, context.RequestAborted)
            && await account.SetPassword(hash, await passwords.HashAsync(password, context.RequestAborted), me.Session);
        if (!isDone)
        {
            await audit.WriteAsync(context, AuditActions.Password, AuditOutcomes.WrongCredentials, AuditTarget.Account(me.Id, me.Name));
            errors["currentPassword"] = ["is not your password"];
            return Problems.Invalid(errors).ToResult();
        }

        await limits.PasswordChangedAsync(me.Id);
        await audit.WriteAsync(context, AuditActions.Password, target: AuditTarget.Account(me.Id, me.Name), detail: "All other sessions were ended.");
        return Results.NoContent();
    }

    private static async Task<IResult> GetSessions(HttpContext context, IGrainFactory grains)
    {
        var sessions = await OwnAccount(context, grains).GetSessions();
        return Results.Ok<IReadOnlyList<SessionView>>([.. sessions.Select(session => SessionView.Of(session, context.Account().Session))]);
    }

    private static async Task<IResult> EndSession(string id, HttpContext context, IGrainFactory grains, AuditTrail audit)
    {
        if (!Guid.TryParseExact(id, "D", out var session) || !await OwnAccount(context, grains).EndSession(session)) return Problems.SessionNotFound(id).ToResult();
        if (session == context.Account().Session) RefreshCookie.Remove(context);
        await audit.WriteAsync(context, AuditActions.SessionEnd, target: AuditTarget.Session(session));
        return Results.NoContent();
    }

    private static async Task<IResult> EndSessions(HttpContext context, IGrainFactory grains, AuditTrail audit)
    {
        var me = context.Account();
        var count = await OwnAccount(context, grains).EndSessions(except: null);
        RefreshCookie.Remove(context);
        await audit.WriteAsync(context, AuditActions.SessionsEnd, target: AuditTarget.Account(me.Id, me.Name), detail: $"{count} sessions were ended.");
        return Results.NoContent();
    }

    private static IAccountGrain OwnAccount(HttpContext context, IGrainFactory grains) => grains.GetGrain<IAccountGrain>(context.Account().Id);
}
