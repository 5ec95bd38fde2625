using StatusMonitor.Gateway.Access;
using StatusMonitor.Gateway.Audit;
using StatusMonitor.Gateway.OpenApi;
using StatusMonitor.Grains.Accounts;
using StatusMonitor.Grains.Fleet;

namespace StatusMonitor.Gateway.Accounts;

/// <summary>Which page of the accounts an administrator looks at.</summary>
/// <param name="Search">Part of the user name, in whatever case.</param>
/// <param name="Offset">Accounts that are passed over.</param>
/// <param name="Limit">At most so many.</param>
internal sealed record UserQuery(string? Search = null, int Offset = 0, int Limit = 50)
{
    public const int MaxLimit = 200;

    public Dictionary<string, string[]>? Errors()
    {
        var errors = new Dictionary<string, string[]>();
        if (Search?.Length > AccountName.MaxLength) errors["search"] = [$"must have at most {AccountName.MaxLength} characters"];
        if (Offset < 0) errors["offset"] = ["must not be negative"];
        if (Limit is < 1 or > MaxLimit) errors["limit"] = [$"must be 1 to {MaxLimit}"];
        return errors.Count > 0 ? errors : null;
    }
}

/// <summary>The accounts, for administrators. That one of them remains is the directory's to see to.</summary>
internal static class UserEndpoints
{
    public static void MapUsers(this IEndpointRouteBuilder routes)
    {
        var users = routes.MapGroup("/api/v1/users").WithTags("Users").WithSmallBodies().RequireAuthorization(AccessPolicy.Administrator);

        users.MapGet("", List).Documented(AccountDocs.Users);
        users.MapPost("", Create).Documented(AccountDocs.NewUser);
        users.MapPatch("{id:long}", Change).Documented(AccountDocs.ChangeUser);
        users.MapPost("{id:long}/password", ResetPassword).Documented(AccountDocs.ResetPassword);
        users.MapDelete("{id:long}", Delete).Documented(AccountDocs.DeleteUser);
    }

    private static async Task<IResult> List([AsParameters] UserQuery query, IGrainFactory grains)
    {
        if (query.Errors() is { } errors) return Problems.Invalid(errors).ToResult();

        var all = await Directory(grains).GetAccounts();
        var matched = string.IsNullOrWhiteSpace(query.Search) ? all : [.. all.Where(account => account.Name.Contains(query.Search.Trim(), StringComparison.OrdinalIgnoreCase))];
        var shards = await Task.WhenAll(Enumerable.Range(0, FleetGrain.Shards).Select(shard => grains.GetGrain<IFleetGrain>(shard).CountByOwner()));
        var hosts = shards.SelectMany(shard => shard).AggregateBy(owned => owned.Key, 0, (sum, owned) => sum + owned.Value).ToDictionary();
        return Results.Ok(new UserPage(all.Length, matched.Length, [.. matched.Skip(query.Offset).Take(query.Limit).Select(account => UserView.Of(account, hosts.GetValueOrDefault(account.Id)))]));
    }

    private static async Task<IResult> Create(NewUserRequest request, HttpContext context, IGrainFactory grains, PasswordHasher passwords, AuditTrail audit)
    {
        var errors = new Dictionary<string, string[]>();
        var name = AccountInput.Name(request.Username, errors);
        var role = AccountInput.Role(request.Role, errors) ?? AccountRole.User;
        var generated = request.Password is null ? AccountInput.NewPassword() : null;
        var password = AccountInput.Password(generated ?? request.Password, name, "password", errors);
        if (errors.Count > 0) return Problems.Invalid(errors).ToResult();

        var (outcome, account) = await Directory(grains).Create(name, await passwords.HashAsync(password, context.RequestAborted), role);
        if (outcome != AccountOutcome.Done)
        {
            await audit.WriteAsync(context, AuditActions.AccountCreate, Word(outcome), detail: $"The name was {name}.");
            return outcome == AccountOutcome.NameTaken ? Problems.NameTaken(name).ToResult() : Problems.TooMany("There are as many accounts as there may be.").ToResult();
        }

        await audit.WriteAsync(context, AuditActions.AccountCreate, target: AuditTarget.Account(account!.Id, account.Name), detail: $"role {AccountView.Word(role)}");
        return Results.Json(NewUserView.Of(account, generated), GatewayJson.Default.NewUserView, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> Change(long id, UserChangeRequest request, HttpContext context, IGrainFactory grains, AuditTrail audit)
    {
        var errors = new Dictionary<string, string[]>();
        var role = AccountInput.Role(request.Role, errors);
        if (errors.Count > 0) return Problems.Invalid(errors).ToResult();
        if (await Account(grains, id) is not { } before) return Problems.AccountNotFound(id).ToResult();

        var outcome = await Directory(grains).SetStanding(id, role, request.IsDisabled);
        var target = AuditTarget.Account(id, before.Name);
        if (role is { } wanted && wanted != before.Role) await audit.WriteAsync(context, AuditActions.AccountRole, Word(outcome), target, $"role {AccountView.Word(wanted)}");
        if (request.IsDisabled is { } disabled && disabled != before.IsDisabled) await audit.WriteAsync(context, disabled ? AuditActions.AccountDisable : AuditActions.AccountEnable, Word(outcome), target);
        if (outcome == AccountOutcome.LastAdministrator) return Problems.LastAdministrator().ToResult();
        return outcome == AccountOutcome.Done && await Account(grains, id) is { } after ? Results.Ok(AccountView.Of(after)) : Problems.AccountNotFound(id).ToResult();
    }

    private static async Task<IResult> ResetPassword(long id, PasswordResetRequest? request, HttpContext context, IGrainFactory grains, PasswordHasher passwords, SignInLimits limits, AuditTrail audit)
    {
        if (await Account(grains, id) is not { } account) return Problems.AccountNotFound(id).ToResult();

        var errors = new Dictionary<string, string[]>();
        var generated = request?.Password is null ? AccountInput.NewPassword() : null;
        var password = AccountInput.Password(generated ?? request!.Password, account.Name, "password", errors);
        if (errors.Count > 0) return Problems.Invalid(errors).ToResult();

        if (!await grains.GetGrain<IAccountGrain>(id).SetPassword(null, await passwords.HashAsync(password, context.RequestAborted), keep: null)) return Problems.AccountNotFound(id).ToResult();
        // Who needed a new password has often tried the old one too often.
        await limits.LoginSucceededAsync(account.Name);
        await audit.WriteAsync(context, AuditActions.PasswordReset, target: AuditTarget.Account(id, account.Name), detail: "All its sessions were ended.");
        return Results.Ok(new PasswordResetView(generated));
    }

    private static async Task<IResult> Delete(long id, string? hosts, HttpContext context, IGrainFactory grains, AuditTrail audit)
    {
        if (hosts is not ("transfer" or "delete"))
        {
            return Problems.Invalid(new Dictionary<string, string[]> { ["hosts"] = ["must be 'transfer', which gives the account's hosts to you, or 'delete'"] }).ToResult();
        }

        if (await Account(grains, id) is not { } account) return Problems.AccountNotFound(id).ToResult();

        var outcome = await Directory(grains).Delete(id, hosts == "transfer" ? OrphanedHosts.Transfer : OrphanedHosts.Delete, await HeirAsync(context.Account(), id, grains));
        await audit.WriteAsync(context, AuditActions.AccountDelete, Word(outcome), AuditTarget.Account(id, account.Name), hosts == "transfer" ? "Its hosts were transferred." : "Its hosts were deleted.");
        return outcome switch
        {
            AccountOutcome.Done => Results.NoContent(),
            AccountOutcome.LastAdministrator => Problems.LastAdministrator().ToResult(),
            _ => Problems.AccountNotFound(id).ToResult(),
        };
    }

    /// <summary>Who gets the hosts: who deletes, or, of an administrator's own account, the one who has been there for longest.</summary>
    private static async Task<long> HeirAsync(AccountPrincipal me, long deleted, IGrainFactory grains)
    {
        if (me.Id != deleted) return me.Id;
        var others = (await Directory(grains).GetAccounts()).Where(account => account.Id != deleted && account is { Role: AccountRole.Administrator, IsDisabled: false });
        return others.MinBy(account => account.Id)?.Id ?? 0;
    }

    private static string Word(AccountOutcome outcome) => outcome switch
    {
        AccountOutcome.Done => AuditOutcomes.Ok,
        AccountOutcome.NameTaken => AuditOutcomes.NameTaken,
        AccountOutcome.LastAdministrator => AuditOutcomes.LastAdministrator,
        AccountOutcome.TooMany => AuditOutcomes.TooMany,
        _ => AuditOutcomes.NotFound,
    };

    private static IAccountDirectoryGrain Directory(IGrainFactory grains) => grains.GetGrain<IAccountDirectoryGrain>(0);

    private static async Task<AccountInfo?> Account(IGrainFactory grains, long id) => id > 0 ? await grains.GetGrain<IAccountGrain>(id).GetInfo() : null;
}
