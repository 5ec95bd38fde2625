using StatusMonitor.Gateway.Access;
using StatusMonitor.Gateway.Audit;
using StatusMonitor.Gateway.OpenApi;
using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Gateway.Alerts;

/// <summary>How an account's notifications are put together and where they go.</summary>
internal static class RoutingEndpoints
{
    public static void MapRouting(this IEndpointRouteBuilder routes)
    {
        var routing = routes.MapGroup("/api/v1/alerts/routing").WithTags("Alerts").RequireAuthorization(AccessPolicy.SignedIn).WithSmallBodies();

        routing.MapGet("", Get).Documented(RoutingDocs.Get);
        routing.MapPut("", Replace).Documented(RoutingDocs.Replace);
    }

    private static async Task<IResult> Get(HttpContext context, IGrainFactory grains) => Results.Ok(RoutingView.Of(await Desk(context, grains).GetRouting()));

    private static async Task<IResult> Replace(RoutingView request, HttpContext context, IGrainFactory grains, HostGate gate, AuditTrail audit)
    {
        var (me, desk, errors) = (context.Account(), Desk(context, grains), new Dictionary<string, string[]>());
        if (await RoutingInput.ReadAsync(request, await desk.GetRouting(), new AlertPicks(me, gate, grains, errors), errors) is not { } routing) return Problems.Invalid(errors).ToResult();

        await desk.SetRouting(routing);
        await audit.WriteAsync(context, AuditActions.RoutingChange, target: AuditTarget.Account(me.Id, me.Name), detail: $"{routing.Routes.Length} routes");
        return Results.Ok(RoutingView.Of(routing));
    }

    private static IAlertDeskGrain Desk(HttpContext context, IGrainFactory grains) => grains.GetGrain<IAlertDeskGrain>(context.Account().Id);
}
