using StatusMonitor.Gateway.Access;
using StatusMonitor.Gateway.Audit;
using StatusMonitor.Gateway.OpenApi;
using StatusMonitor.Grains.Hosts;

namespace StatusMonitor.Gateway.Hosts;

/// <summary>A token of a host's agent. Its text is not kept.</summary>
/// <param name="ExpiresAt">Until when it must be used for the first time.</param>
/// <param name="LastUsedAt">To about a minute.</param>
internal sealed record HostTokenView(int Id, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, bool IsActivated, DateTimeOffset? LastUsedAt);

/// <summary>A token that was just made, with its text, which is shown only here.</summary>
internal sealed record NewTokenView(int Id, string Token, DateTimeOffset ExpiresAt);

/// <summary>The tokens of a host's agent.</summary>
internal static class HostTokenEndpoints
{
    public static void MapHostTokens(this IEndpointRouteBuilder hosts)
    {
        hosts.MapGet("{id:long}/tokens", List).Needs(HostAccess.Full).Documented(HostDocs.Tokens);
        hosts.MapPost("{id:long}/tokens", Add).Needs(HostAccess.Full, AuditActions.TokenCreate).Documented(HostDocs.AddToken);
        hosts.MapPost("{id:long}/tokens/regenerate", Regenerate).Needs(HostAccess.Full, AuditActions.TokenRegenerate).Documented(HostDocs.RegenerateToken);
        hosts.MapDelete("{id:long}/tokens/{tokenId:int}", Revoke).Needs(HostAccess.Full, AuditActions.TokenRevoke).Documented(HostDocs.RevokeToken);
    }

    private static async Task<IResult> List(long id, IGrainFactory grains) =>
        await ReadAsync(grains, id) is { } host
            ? Results.Ok(host.Tokens.Select(token => new HostTokenView(token.Id, token.CreatedAt, token.ExpiresAt, token.IsActivated, token.LastUsedAt)).ToArray())
            : Problems.HostNotFound(id).ToResult();

    private static async Task<IResult> Add(long id, HttpContext context, IGrainFactory grains, AuditTrail audit)
    {
        if (await ReadAsync(grains, id) is not { } host) return Problems.HostNotFound(id).ToResult();
        if (await grains.GetGrain<IHostGrain>(id).IssueToken(replace: false) is not { } token)
        {
            await audit.WriteAsync(context, AuditActions.TokenCreate, AuditOutcomes.TooMany, AuditTarget.Host(id, host.Name));
            return Problems.TooMany($"The host has {host.Tokens.Length} tokens. Revoke one first.").ToResult();
        }

        await audit.WriteAsync(context, AuditActions.TokenCreate, AuditOutcomes.Ok, AuditTarget.Token(id, token.Id, host.Name));
        return Results.Created((string?)null, new NewTokenView(token.Id, token.Token, token.ExpiresAt));
    }

    private static async Task<IResult> Regenerate(long id, HttpContext context, IGrainFactory grains, AuditTrail audit)
    {
        if (await ReadAsync(grains, id) is not { } host || await grains.GetGrain<IHostGrain>(id).IssueToken(replace: true) is not { } token)
        {
            return Problems.HostNotFound(id).ToResult();
        }

        await audit.WriteAsync(context, AuditActions.TokenRegenerate, AuditOutcomes.Ok, AuditTarget.Token(id, token.Id, host.Name));
        return Results.Ok(new NewTokenView(token.Id, token.Token, token.ExpiresAt));
    }

    private static async Task<IResult> Revoke(long id, int tokenId, HttpContext context, IGrainFactory grains, AuditTrail audit)
    {
        if (await ReadAsync(grains, id) is not { } host) return Problems.HostNotFound(id).ToResult();
        if (!await grains.GetGrain<IHostGrain>(id).RevokeToken(tokenId)) return Problems.TokenNotFound(tokenId).ToResult();

        await audit.WriteAsync(context, AuditActions.TokenRevoke, AuditOutcomes.Ok, AuditTarget.Token(id, tokenId, host.Name));
        return Results.NoContent();
    }

    private static async Task<HostRecord?> ReadAsync(IGrainFactory grains, long id) => await grains.GetGrain<IHostGrain>(id).GetRecord() is { DeletedAt: null } host ? host : null;
}
