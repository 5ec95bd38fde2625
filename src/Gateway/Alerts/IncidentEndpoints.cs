using StatusMonitor.Channels.Telegram;
using StatusMonitor.Gateway.Access;
using StatusMonitor.Gateway.Audit;
using StatusMonitor.Gateway.OpenApi;
using StatusMonitor.Grains.Alerts;
using StatusMonitor.Grains.Hosts;
using StatusMonitor.Storage.Alerts;

namespace StatusMonitor.Gateway.Alerts;

/// <summary>Incidents: what went wrong, and what people did about it. One that somebody may not see does not exist for them.</summary>
internal static class IncidentEndpoints
{
    private const int MaxCommentLength = 2_000;
    private const int MaxComments = 500;

    public static void AddIncidents(this IServiceCollection services) => services.AddSingleton<IChatAudit, ChatAudit>();

    public static void MapIncidents(this IEndpointRouteBuilder routes)
    {
        var incidents = routes.MapGroup("/api/v1/incidents").WithTags("Incidents").RequireAuthorization(AccessPolicy.SignedIn).WithSmallBodies();

        incidents.MapGet("", List).Documented(IncidentDocs.List);
        incidents.MapGet("{id}", Get).Documented(IncidentDocs.Get);
        incidents.MapPost("{id}/acknowledge", Acknowledge).Documented(IncidentDocs.Acknowledge);
        incidents.MapPost("{id}/unacknowledge", Unacknowledge).Documented(IncidentDocs.Unacknowledge);
        incidents.MapPost("{id}/comments", Comment).Documented(IncidentDocs.Comment);
    }

    private static async Task<IResult> List(
        [AsParameters] IncidentSearch search, HttpContext context, IGrainFactory grains, IAlertStore store, TimeProvider time, CancellationToken cancellationToken)
    {
        var errors = new Dictionary<string, string[]>();
        if (search.ToQuery(time.GetUtcNow(), errors) is not { } asked) return Problems.Invalid(errors).ToResult();

        var viewer = context.Account().Viewer;
        var hosts = await IncidentHosts.ReadAsync(grains, viewer);
        var query = hosts.Visible(asked);

        // Pages end where there may be more; the last may be empty.
        var found = await store.ReadAsync(query, cancellationToken);
        var counts = await store.CountAsync(query, cancellationToken);
        return Results.Ok(new IncidentPage(
            [.. found.Select(incident => IncidentViews.Of(incident, IncidentAccess.MayChange(viewer, incident.AccountId, hosts.AccessTo(incident))))],
            new IncidentCountsView(counts.Open, counts.Acknowledged),
            found.Count == query.Limit ? IncidentSearch.Next(found[^1]) : null));
    }

    private static async Task<IResult> Get(string id, HttpContext context, IGrainFactory grains, IAlertStore store, HostGate gate, CancellationToken cancellationToken)
    {
        if (await store.ReadStoryAsync(id, cancellationToken) is not { } story) return Problems.IncidentNotFound(id).ToResult();

        var account = context.Account();
        var access = await gate.AccessAsync(account, story.Incident.HostId);
        if (!IncidentAccess.IsVisible(account.Viewer, story.Incident.AccountId, access)) return Problems.IncidentNotFound(id).ToResult();

        // Where an account is told is its own affair.
        var seesChannels = account.Viewer.IsAdministrator || account.Id == story.Incident.AccountId;
        var channels = seesChannels ? (await grains.GetGrain<IAlertDeskGrain>(story.Incident.AccountId).GetChannels()).ToDictionary(channel => channel.Id) : null;
        return Results.Ok(IncidentViews.Of(story, IncidentAccess.MayChange(account.Viewer, story.Incident.AccountId, access), channels));
    }

    private static Task<IResult> Acknowledge(string id, HttpContext context, IGrainFactory grains, IAlertStore store, HostGate gate, AuditTrail audit, CancellationToken cancellationToken) =>
        SetAcknowledgedAsync(id, true, context, grains, store, gate, audit, cancellationToken);

    private static Task<IResult> Unacknowledge(string id, HttpContext context, IGrainFactory grains, IAlertStore store, HostGate gate, AuditTrail audit, CancellationToken cancellationToken) =>
        SetAcknowledgedAsync(id, false, context, grains, store, gate, audit, cancellationToken);

    private static async Task<IResult> SetAcknowledgedAsync(
        string id, bool isAcknowledged, HttpContext context, IGrainFactory grains, IAlertStore store, HostGate gate, AuditTrail audit, CancellationToken cancellationToken)
    {
        var action = isAcknowledged ? AuditActions.IncidentAcknowledge : AuditActions.IncidentUnacknowledge;
        var (incident, refusal) = await FindAsync(id, action, context, store, gate, audit, cancellationToken);
        if (incident is null) return refusal!;

        var account = context.Account();
        if (!await grains.GetGrain<IAlertDeskGrain>(incident.AccountId).Acknowledge(id, new AlertActor(account.Id, account.Name), isAcknowledged)) return Problems.IncidentOver(id).ToResult();
        await audit.WriteAsync(context, action, AuditOutcomes.Ok, AuditTarget.Incident(id, incident.HostName), incident.RuleName);
        return await Get(id, context, grains, store, gate, cancellationToken);
    }

    private static async Task<IResult> Comment(
        string id, CommentRequest request, HttpContext context, IGrainFactory grains, IAlertStore store, HostGate gate, AuditTrail audit, CancellationToken cancellationToken)
    {
        var (incident, refusal) = await FindAsync(id, AuditActions.IncidentComment, context, store, gate, audit, cancellationToken);
        if (incident is null) return refusal!;
        if (request.Text?.Trim() is not { Length: > 0 and <= MaxCommentLength } text)
        {
            return Problems.Invalid(new Dictionary<string, string[]> { ["text"] = [$"must have 1 to {MaxCommentLength} characters"] }).ToResult();
        }

        if (incident.Comments >= MaxComments) return Problems.TooMany($"The incident has {incident.Comments} comments.").ToResult();
        var account = context.Account();
        if (!await grains.GetGrain<IAlertDeskGrain>(incident.AccountId).Comment(id, new AlertActor(account.Id, account.Name), text)) return Problems.IncidentNotFound(id).ToResult();
        await audit.WriteAsync(context, AuditActions.IncidentComment, AuditOutcomes.Ok, AuditTarget.Incident(id, incident.HostName), incident.RuleName);
        return await Get(id, context, grains, store, gate, cancellationToken);
    }

    /// <summary>An incident that whoever asks may change; or what to answer instead.</summary>
    private static async Task<(Incident? Incident, IResult? Refusal)> FindAsync(
        string id, string action, HttpContext context, IAlertStore store, HostGate gate, AuditTrail audit, CancellationToken cancellationToken)
    {
        var account = context.Account();
        if ((await store.ReadStoryAsync(id, cancellationToken))?.Incident is not { } incident) return (null, Problems.IncidentNotFound(id).ToResult());
        var access = await gate.AccessAsync(account, incident.HostId);
        if (IncidentAccess.MayChange(account.Viewer, incident.AccountId, access)) return (incident, null);
        if (!IncidentAccess.IsVisible(account.Viewer, incident.AccountId, access)) return (null, Problems.IncidentNotFound(id).ToResult());
        await audit.WriteAsync(context, action, AuditOutcomes.NotAllowed, AuditTarget.Incident(id, incident.HostName));
        return (null, Problems.NotAllowed().ToResult());
    }
}
