using StatusMonitor.Gateway.Access;
using StatusMonitor.Gateway.Audit;
using StatusMonitor.Gateway.OpenApi;
using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Gateway.Alerts;

/// <summary>An account's silences: when nobody is told of what.</summary>
internal static class SilenceEndpoints
{
    public static void MapSilences(this IEndpointRouteBuilder routes)
    {
        var silences = routes.MapGroup("/api/v1/silences").WithTags("Alerts").RequireAuthorization(AccessPolicy.SignedIn).WithSmallBodies();

        silences.MapGet("", List).Documented(SilenceDocs.List);
        silences.MapPost("", Create).Documented(SilenceDocs.Create);
        silences.MapPut("{id:long}", Replace).Documented(SilenceDocs.Replace);
        silences.MapDelete("{id:long}", Delete).Documented(SilenceDocs.Delete);
    }

    private static async Task<IResult> List(HttpContext context, IGrainFactory grains, TimeProvider time)
    {
        var now = time.GetUtcNow();
        return Results.Ok(new SilencesView([.. (await Desk(context, grains).GetSilences()).Select(silence => SilenceView.Of(silence, now))]));
    }

    private static async Task<IResult> Create(SilenceRequest request, HttpContext context, IGrainFactory grains, HostGate gate, AuditTrail audit, TimeProvider time)
    {
        var (me, now, errors) = (context.Account(), time.GetUtcNow(), new Dictionary<string, string[]>());
        if (await SilenceInput.ReadAsync(request, null, new AlertPicks(me, gate, grains, errors), now, errors) is not { } silence) return Problems.Invalid(errors).ToResult();
        if (await Desk(context, grains).AddSilence(silence with { CreatedBy = me.Name }) is not { } made) return Problems.TooMany("Your account has as many silences as it may. End one first.").ToResult();

        await AuditAsync(context, audit, AuditActions.SilenceCreate, made);
        return Results.Created($"/api/v1/silences/{made.Id}", SilenceView.Of(made, now));
    }

    private static async Task<IResult> Replace(long id, SilenceRequest request, HttpContext context, IGrainFactory grains, HostGate gate, AuditTrail audit, TimeProvider time)
    {
        if (await FindAsync(context, grains, id) is not { } before) return Problems.SilenceNotFound(id).ToResult();
        var (now, errors) = (time.GetUtcNow(), new Dictionary<string, string[]>());
        if (await SilenceInput.ReadAsync(request, before, new AlertPicks(context.Account(), gate, grains, errors), now, errors) is not { } silence) return Problems.Invalid(errors).ToResult();
        if (!await Desk(context, grains).ReplaceSilence(silence)) return Problems.SilenceNotFound(id).ToResult();

        await AuditAsync(context, audit, AuditActions.SilenceChange, silence);
        return Results.Ok(SilenceView.Of(silence, now));
    }

    private static async Task<IResult> Delete(long id, HttpContext context, IGrainFactory grains, AuditTrail audit)
    {
        if (await FindAsync(context, grains, id) is not { } silence || !await Desk(context, grains).RemoveSilence(id)) return Problems.SilenceNotFound(id).ToResult();
        await AuditAsync(context, audit, AuditActions.SilenceDelete, silence);
        return Results.NoContent();
    }

    private static IAlertDeskGrain Desk(HttpContext context, IGrainFactory grains) => grains.GetGrain<IAlertDeskGrain>(context.Account().Id);

    private static async Task<Silence?> FindAsync(HttpContext context, IGrainFactory grains, long id) => (await Desk(context, grains).GetSilences()).FirstOrDefault(silence => silence.Id == id);

    private static Task AuditAsync(HttpContext context, AuditTrail audit, string action, Silence silence) =>
        audit.WriteAsync(context, action, target: AuditTarget.Silence(context.Account().Id, silence.Id, silence.Comment));
}
