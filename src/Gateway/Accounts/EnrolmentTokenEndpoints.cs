using System.Collections.Immutable;
using StatusMonitor.Gateway.Access;
using StatusMonitor.Gateway.Audit;
using StatusMonitor.Gateway.Hosts;
using StatusMonitor.Gateway.OpenApi;
using StatusMonitor.Grains.Accounts;
using StatusMonitor.Grains.Agents;

namespace StatusMonitor.Gateway.Accounts;

/// <summary>Tokens with which new machines make themselves hosts of one's account.</summary>
internal static class EnrolmentTokenEndpoints
{
    private const int MaxLabelLength = 100;
    private const int MaxUses = 1000;
    private const int MaxValidHours = 8760;
    private const int DefaultValidHours = 24;

    public static void MapEnrolmentTokens(this IEndpointRouteBuilder routes)
    {
        var tokens = routes.MapGroup("/api/v1/account/enrolment-tokens").WithTags("Account").WithSmallBodies().RequireAuthorization(AccessPolicy.SignedIn);

        tokens.MapGet("", List).Documented(AccountDocs.EnrolmentTokens);
        tokens.MapPost("", Create).Documented(AccountDocs.NewEnrolmentToken);
        tokens.MapDelete("{id}", Revoke).Documented(AccountDocs.RevokeEnrolmentToken);
    }

    /// <summary>The text of an enrolment token: it leads to its account, which knows the hash of the rest.</summary>
    public static string TextOf(long accountId, string secret) => $"sme_{accountId}_{secret}";

    private static async Task<IResult> List(HttpContext context, IGrainFactory grains)
    {
        var tokens = await grains.GetGrain<IAccountGrain>(context.Account().Id).GetEnrolments();
        return Results.Ok<IReadOnlyList<EnrolmentView>>([.. tokens.Select(token => EnrolmentView.Of(token))]);
    }

    private static async Task<IResult> Create(NewEnrolmentRequest? request, HttpContext context, IGrainFactory grains, AuditTrail audit, TimeProvider time)
    {
        var errors = new Dictionary<string, string[]>();
        if (TermsOf(request, time.GetUtcNow(), errors) is not { } terms) return Problems.Invalid(errors).ToResult();

        var me = context.Account();
        var secret = TokenHash.NewToken();
        TokenHash.TryHash(secret, out var hash);
        if (await grains.GetGrain<IAccountGrain>(me.Id).AddEnrolment(hash, terms) is not { } made)
        {
            return Problems.TooMany("Your account has as many enrolment tokens as it may. Revoke some that are no longer needed.").ToResult();
        }

        await audit.WriteAsync(context, AuditActions.EnrolmentCreate, target: AuditTarget.Enrolment(me.Id, made.Id, terms.Label), detail: $"{terms.Uses} uses, until {terms.ExpiresAt:yyyy-MM-dd HH:mm} UTC");
        return Results.Json(EnrolmentView.Of(made, TextOf(me.Id, secret)), GatewayJson.Default.EnrolmentView, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> Revoke(string id, HttpContext context, IGrainFactory grains, AuditTrail audit)
    {
        var me = context.Account();
        if (!int.TryParse(id, out var number) || !await grains.GetGrain<IAccountGrain>(me.Id).RevokeEnrolment(number)) return Problems.EnrolmentTokenNotFound(id).ToResult();
        await audit.WriteAsync(context, AuditActions.EnrolmentRevoke, target: AuditTarget.Enrolment(me.Id, number, null));
        return Results.NoContent();
    }

    private static EnrolmentTerms? TermsOf(NewEnrolmentRequest? request, DateTimeOffset now, Dictionary<string, string[]> errors)
    {
        var label = request?.Label?.Trim() ?? "";
        if (label.Length > MaxLabelLength || label.Any(char.IsControl)) errors["label"] = [$"must have at most {MaxLabelLength} characters and no control characters"];
        var group = HostInput.Group(request?.Group, errors);
        var tags = HostInput.Tags(request?.Tags, errors);
        var uses = request?.Uses ?? 1;
        if (uses is < 1 or > MaxUses) errors["uses"] = [$"must be 1 to {MaxUses}"];
        var hours = request?.ValidHours ?? DefaultValidHours;
        if (hours is < 1 or > MaxValidHours) errors["validHours"] = [$"must be 1 to {MaxValidHours}"];
        return errors.Count > 0 ? null : new EnrolmentTerms(label, group, tags, uses, now + TimeSpan.FromHours(hours));
    }
}
