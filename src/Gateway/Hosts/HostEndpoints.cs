using System.Collections.Immutable;
using Microsoft.AspNetCore.Http.HttpResults;
using StatusMonitor.Gateway.Access;
using StatusMonitor.Gateway.Live;
using StatusMonitor.Grains.Fleet;
using StatusMonitor.Grains.Hosts;

namespace StatusMonitor.Gateway.Hosts;

/// <summary>Body of <c>POST /api/v1/hosts</c>.</summary>
internal sealed record NewHostRequest(string? Name);

/// <summary>A host that was just made, with the token for its agent, which is shown only here.</summary>
internal sealed record NewHostView(long Id, string Name, string Token, DateTimeOffset TokenExpiresAt);

/// <summary>Hosts over REST: the list, one host, a new host.</summary>
internal static class HostEndpoints
{
    private const int MaxNameLength = 100;

    public static void MapHosts(this IEndpointRouteBuilder routes)
    {
        var hosts = routes.MapGroup("/api/v1/hosts").WithTags("Hosts").RequireAuthorization(AccessPolicy.SignedIn);

        hosts.MapGet("", List);
        hosts.MapPost("", Create);
        hosts.MapGet("{id:long}", Get);
    }

    private static async Task<IResult> List([AsParameters] FleetQuery query, IGrainFactory grains, TimeProvider time)
    {
        if (query.Errors() is { } errors) return Results.Problem(Problems.Invalid(errors));
        return Results.Ok(await FleetPages.ReadAsync(grains, await FleetPages.ReadAllAsync(grains), query, time.GetUtcNow()));
    }

    private static async Task<IResult> Create(NewHostRequest request, IGrainFactory grains)
    {
        var name = request.Name?.Trim() ?? "";
        if (name.Length is 0 or > MaxNameLength || name.Any(char.IsControl))
        {
            return Results.Problem(Problems.Invalid(new Dictionary<string, string[]> { ["name"] = [$"must have 1 to {MaxNameLength} characters and no control characters"] }));
        }

        // A crash in between leaves a number unused, or a host that nobody was told of: never one that is half there.
        var id = await grains.GetGrain<IHostNumbersGrain>(0).Next();
        var host = grains.GetGrain<IHostGrain>(id);
        await host.Register(new NewHost(name, 0, null, []));
        var token = await host.IssueToken(replace: false);
        return Results.Created($"/api/v1/hosts/{id}", new NewHostView(id, name, token!.Token, token.ExpiresAt));
    }

    private static async Task<IResult> Get(long id, IGrainFactory grains, TimeProvider time) =>
        id > 0 && await grains.GetGrain<IHostGrain>(id).GetSnapshot() is { } snapshot
            ? Results.Ok(HostView.Of(snapshot, time.GetUtcNow()))
            : Results.Problem(Problems.HostNotFound(id));
}
