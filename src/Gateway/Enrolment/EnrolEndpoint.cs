using System.Globalization;
using StatusMonitor.Gateway.Access;
using StatusMonitor.Gateway.Audit;
using StatusMonitor.Gateway.Hosts;
using StatusMonitor.Gateway.OpenApi;
using StatusMonitor.Grains.Accounts;
using StatusMonitor.Grains.Agents;
using StatusMonitor.Grains.Hosts;

namespace StatusMonitor.Gateway.Enrolment;

/// <summary>Body of <c>POST /api/v1/enrol</c>.</summary>
internal sealed record EnrolRequest(string? Token, string? Name);

/// <summary>A new machine makes itself a host of the account whose enrolment token it has.</summary>
internal static class EnrolEndpoint
{
    public static void MapEnrolment(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/v1/enrol", Enrol).WithTags("Agents").WithSmallBodies().Documented(HostDocs.Enrol);

    private static async Task<IResult> Enrol(EnrolRequest request, HttpContext context, IGrainFactory grains, NewHosts hosts, SignInLimits limits, AuditTrail audit)
    {
        var errors = new Dictionary<string, string[]>();
        var name = HostInput.Name(request.Name, errors);
        if (string.IsNullOrEmpty(request.Token)) errors["token"] = ["must be there"];
        if (errors.Count > 0) return Problems.Invalid(errors).ToResult();

        if (await limits.BeginEnrolmentAsync(context) is { } refused)
        {
            if (refused.IsNews) await audit.WriteAsync(context, AuditActions.EnrolmentUse, AuditOutcomes.Limited);
            return Problems.TooManyAttempts(refused.Wait).ToResult();
        }

        // The use is spent before the host is made: a crash in between costs one and gives none away.
        if (!TryParse(request.Token!, out var accountId, out var token)
            || await grains.GetGrain<IAccountGrain>(accountId).RedeemEnrolment(token) is not { } terms
            || await grains.GetGrain<IAccountGrain>(accountId).GetInfo() is not { } owner
            || await hosts.MakeAsync(new NewHost(name, accountId, terms.Group, terms.Tags)) is not { } host)
        {
            await audit.WriteAsync(context, AuditActions.EnrolmentUse, "unknown-enrolment-token", detail: $"host {name}");
            return Problems.UnknownEnrolmentToken().ToResult();
        }

        await limits.EnrolledAsync(context);
        await audit.WriteAsync(context, AuditActions.EnrolmentUse, AuditOutcomes.Ok, AuditTarget.Host(host.Id, host.Name), terms.Label.Length > 0 ? terms.Label : null, AuditActor.Of(owner));
        return Results.Created($"/api/v1/hosts/{host.Id}", host);
    }

    /// <summary>Reads <c>sme_</c>, the account's id, <c>_</c> and the secret.</summary>
    private static bool TryParse(string text, out long accountId, out TokenHash token)
    {
        (accountId, token) = (0, default);
        return text.Trim().Split('_') is ["sme", var id, var secret]
            && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out accountId)
            && accountId > 0
            && TokenHash.TryHash(secret, out token);
    }
}
