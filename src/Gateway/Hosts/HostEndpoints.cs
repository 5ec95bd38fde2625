using StatusMonitor.Gateway.Access;
using StatusMonitor.Gateway.Audit;
using StatusMonitor.Gateway.Live;
using StatusMonitor.Gateway.OpenApi;
using StatusMonitor.Grains.Hosts;

namespace StatusMonitor.Gateway.Hosts;

/// <summary>Body of <c>POST /api/v1/hosts</c>.</summary>
internal sealed record NewHostRequest(string? Name, string? Group, IReadOnlyList<string?>? Tags);

/// <summary>Body of <c>PATCH /api/v1/hosts/{id}</c>. What is not there stays as it is; an empty group takes the host out of its group.</summary>
internal sealed record HostChangeRequest(string? Name, string? Group, IReadOnlyList<string?>? Tags);

/// <summary>What people wrote about a host.</summary>
internal sealed record HostNotesView(long Id, string Name, string? Group, IReadOnlyList<string> Tags);

/// <summary>Hosts over REST: the list, a new host, one host. Their tokens and with whom they are shared have files of their own.</summary>
internal static class HostEndpoints
{
    public static void AddHosts(this IServiceCollection services)
    {
        services.AddHostGate();
        services.AddSingleton<HostViews>().AddSingleton<NewHosts>();
    }

    public static void MapHosts(this IEndpointRouteBuilder routes)
    {
        var hosts = routes.MapGroup("/api/v1/hosts").WithTags("Hosts").RequireAuthorization(AccessPolicy.SignedIn).WithSmallBodies();

        hosts.MapGet("", List).Documented(HostDocs.List);
        hosts.MapPost("", Create).Documented(HostDocs.Create);
        hosts.MapGet("{id:long}", Get).Needs(HostAccess.Read).Documented(HostDocs.Get);
        hosts.MapPatch("{id:long}", Change).Needs(HostAccess.Full, AuditActions.HostChange).Documented(HostDocs.Change);
        hosts.MapDelete("{id:long}", Delete).Needs(HostAccess.Owner, AuditActions.HostDelete).Documented(HostDocs.Delete);
        hosts.MapHostTokens();
        hosts.MapHostShares();
    }

    private static async Task<IResult> List([AsParameters] FleetQuery query, HttpContext context, IGrainFactory grains, TimeProvider time)
    {
        if (query.Errors() is { } errors) return Problems.Invalid(errors).ToResult();
        var viewer = context.Account().Viewer;
        return Results.Ok(await FleetPages.OfAsync(grains, await FleetPages.SelectAsync(grains, query, viewer), viewer, time.GetUtcNow()));
    }

    private static async Task<IResult> Create(NewHostRequest request, HttpContext context, NewHosts hosts, AuditTrail audit)
    {
        var errors = new Dictionary<string, string[]>();
        var terms = new NewHost(HostInput.Name(request.Name, errors), context.Account().Id, HostInput.Group(request.Group, errors), HostInput.Tags(request.Tags, errors));
        if (errors.Count > 0) return Problems.Invalid(errors).ToResult();

        if (await hosts.MakeAsync(terms) is not { } host) return Problems.NotSignedIn().ToResult();
        await audit.WriteAsync(context, AuditActions.HostCreate, AuditOutcomes.Ok, AuditTarget.Host(host.Id, host.Name));
        return Results.Created($"/api/v1/hosts/{host.Id}", host);
    }

    private static async Task<IResult> Get(long id, HttpContext context, IGrainFactory grains, HostViews views)
    {
        // The snapshot says itself who may see it; the host may have been taken away since the gate.
        var viewer = context.Account().Viewer;
        return await grains.GetGrain<IHostGrain>(id).GetSnapshot() is { } snapshot && snapshot.Summary.IsVisibleTo(viewer)
            ? Results.Ok(await views.OfAsync(snapshot, viewer))
            : Problems.HostNotFound(id).ToResult();
    }

    private static async Task<IResult> Change(long id, HostChangeRequest request, HttpContext context, IGrainFactory grains, AuditTrail audit)
    {
        var errors = new Dictionary<string, string[]>();
        var change = new HostChange(
            request.Name is null ? null : HostInput.Name(request.Name, errors),
            request.Group is null ? null : HostInput.Group(request.Group, errors) ?? "",
            request.Tags is null ? null : HostInput.Tags(request.Tags, errors));
        if (errors.Count > 0) return Problems.Invalid(errors).ToResult();

        var host = grains.GetGrain<IHostGrain>(id);
        if (await host.GetRecord() is not { DeletedAt: null } before || !await host.Change(change) || await host.GetRecord() is not { } after)
        {
            return Problems.HostNotFound(id).ToResult();
        }

        await audit.WriteAsync(context, AuditActions.HostChange, AuditOutcomes.Ok, AuditTarget.Host(id, before.Name), Differences(before, after));
        return Results.Ok(new HostNotesView(id, after.Name, after.Group, after.Tags));
    }

    private static async Task<IResult> Delete(long id, HttpContext context, IGrainFactory grains, AuditTrail audit)
    {
        var host = grains.GetGrain<IHostGrain>(id);
        var name = (await host.GetRecord())?.Name;
        if (!await host.Delete()) return Problems.HostNotFound(id).ToResult();

        await audit.WriteAsync(context, AuditActions.HostDelete, AuditOutcomes.Ok, AuditTarget.Host(id, name));
        return Results.NoContent();
    }

    private static string? Differences(HostRecord before, HostRecord after)
    {
        var differences = new List<string>();
        if (before.Name != after.Name) differences.Add($"name: {after.Name}");
        if (before.Group != after.Group) differences.Add($"group: {after.Group ?? "none"}");
        if (!before.Tags.SequenceEqual(after.Tags)) differences.Add($"tags: {(after.Tags.IsEmpty ? "none" : string.Join(", ", after.Tags))}");
        return differences.Count > 0 ? string.Join("; ", differences) : null;
    }
}
