using Microsoft.AspNetCore.Http.Features;
using StatusMonitor.Gateway.Access;
using StatusMonitor.Gateway.Audit;
using StatusMonitor.Gateway.OpenApi;
using StatusMonitor.Grains.Accounts;
using StatusMonitor.Grains.Hosts;

namespace StatusMonitor.Gateway.Hosts;

/// <summary>With whom a host is shared.</summary>
internal sealed record HostShareView(long AccountId, string Username, HostAccess Access);

/// <summary>Body of <c>PUT /api/v1/hosts/{id}/shares/{username}</c>: <c>read</c> or <c>full</c>.</summary>
internal sealed record HostShareRequest(string? Access);

/// <summary>Sharing a host with other accounts.</summary>
internal static class HostShareEndpoints
{
    public static void MapHostShares(this IEndpointRouteBuilder hosts)
    {
        hosts.MapGet("{id:long}/shares", List).Needs(HostAccess.Owner).Documented(HostDocs.Shares);
        hosts.MapPut("{id:long}/shares/{username}", Share).Needs(HostAccess.Owner, AuditActions.HostShare).Documented(HostDocs.Share);
        // Whoever sees a host may give up seeing it; all else is checked in the handler.
        hosts.MapDelete("{id:long}/shares/{username}", Unshare).Needs(HostAccess.Read, AuditActions.HostUnshare).Documented(HostDocs.Unshare);
    }

    private static async Task<IResult> List(long id, IGrainFactory grains)
    {
        if (await grains.GetGrain<IHostGrain>(id).GetPeople() is not { } people) return Problems.HostNotFound(id).ToResult();
        var shares = await Task.WhenAll(people.Shares.Select(async share => (Share: share, Account: await grains.GetGrain<IAccountGrain>(share.AccountId).GetInfo())));
        return Results.Ok(shares.Where(share => share.Account is not null)
            .Select(share => new HostShareView(share.Account!.Id, share.Account.Name, share.Share.Access))
            .OrderBy(share => share.Username, StringComparer.OrdinalIgnoreCase)
            .ToArray());
    }

    private static async Task<IResult> Share(long id, HostShareRequest request, HttpContext context, IGrainFactory grains, AuditTrail audit)
    {
        var access = request.Access switch { "read" => HostAccess.Read, "full" => HostAccess.Full, _ => HostAccess.None };
        if (access == HostAccess.None) return Problems.Invalid(new Dictionary<string, string[]> { ["access"] = ["must be read or full"] }).ToResult();

        var username = Username(context);
        if (await FindAsync(grains, username) is not { } account) return Problems.UserNotFound(username).ToResult();

        var host = grains.GetGrain<IHostGrain>(id);
        if (await host.GetRecord() is not { DeletedAt: null } record) return Problems.HostNotFound(id).ToResult();
        if (record.People.OwnerId == account.Id) return Problems.Invalid(new Dictionary<string, string[]> { ["username"] = ["owns the host"] }).ToResult();

        if (!await host.Share(account.Id, access))
        {
            if (await host.GetPeople() is not { } people) return Problems.HostNotFound(id).ToResult();
            await audit.WriteAsync(context, AuditActions.HostShare, AuditOutcomes.TooMany, AuditTarget.Host(id, record.Name), account.Name);
            return Problems.TooMany($"The host is shared with {people.Shares.Length} accounts. Stop sharing it with one first.").ToResult();
        }

        await audit.WriteAsync(context, AuditActions.HostShare, AuditOutcomes.Ok, AuditTarget.Host(id, record.Name), $"{account.Name}: {request.Access}");
        return Results.NoContent();
    }

    private static async Task<IResult> Unshare(long id, HttpContext context, IGrainFactory grains, HostGate gate, AuditTrail audit)
    {
        var username = Username(context);
        var account = await FindAsync(grains, username);
        if (account?.Id != context.Account().Id && await gate.AccessAsync(context.Account(), id) < HostAccess.Owner)
        {
            await audit.WriteAsync(context, AuditActions.HostUnshare, AuditOutcomes.NotAllowed, AuditTarget.Host(id, null));
            return Problems.NotAllowed().ToResult();
        }

        if (account is null) return Problems.UserNotFound(username).ToResult();
        var host = grains.GetGrain<IHostGrain>(id);
        var name = (await host.GetRecord())?.Name;
        if (!await host.Share(account.Id, HostAccess.None)) return Problems.HostNotFound(id).ToResult();

        await audit.WriteAsync(context, AuditActions.HostUnshare, AuditOutcomes.Ok, AuditTarget.Host(id, name), account.Name);
        return Results.NoContent();
    }

    private static async Task<AccountInfo?> FindAsync(IGrainFactory grains, string username) => await grains.GetGrain<IAccountDirectoryGrain>(0).Find(username);

    /// <summary>The last part of the path, as it was sent: the server leaves an encoded slash as it is, and a name may have one.</summary>
    private static string Username(HttpContext context)
    {
        var path = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?')[0];
        return Uri.UnescapeDataString(path[(path.LastIndexOf('/') + 1)..]).Trim();
    }
}
