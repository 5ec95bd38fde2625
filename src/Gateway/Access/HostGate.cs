using System.Globalization;
using StatusMonitor.Gateway.Audit;
using StatusMonitor.Grains.Accounts;
using StatusMonitor.Grains.Hosts;

namespace StatusMonitor.Gateway.Access;

/// <summary>
/// What may somebody do with a host? Every endpoint and every call of the hub that names a host asks here, and the rule is <see cref="HostPeople.AccessOf"/>.
/// </summary>
internal sealed class HostGate(IGrainFactory grains)
{
    /// <summary>What an account may do with a host; <see cref="HostAccess.None"/> also if there is no such host.</summary>
    public async ValueTask<HostAccess> AccessAsync(AccountPrincipal account, long hostId) =>
        hostId > 0 && await grains.GetGrain<IHostGrain>(hostId).GetPeople() is { } people ? people.AccessOf(account.Viewer) : HostAccess.None;

    /// <summary>A host that is the account's own, also if it is deleted, or null: the older system knew no other right to one.</summary>
    public async Task<HostRecord?> OwnAsync(AccountPrincipal account, long hostId) =>
        hostId > 0 && await grains.GetGrain<IHostGrain>(hostId).GetRecord() is { } host && host.People.OwnerId == account.Id ? host : null;
}

/// <summary>What an endpoint's caller must be allowed to do with the host of the path, and what the audit log calls it if that is refused.</summary>
internal sealed record NeededAccess(HostAccess Access, string? Action);

/// <summary>
/// Lets a request through to an endpoint of one host, the <c>id</c> of its path, if its account may do what the endpoint does. A host one may not see is one that
/// does not exist.
/// </summary>
internal sealed class HostGateFilter(HostGate gate, AuditTrail audit) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = context.HttpContext;
        var needed = request.GetEndpoint()!.Metadata.GetRequiredMetadata<NeededAccess>();
        var id = long.Parse((string)request.GetRouteValue("id")!, CultureInfo.InvariantCulture);
        var access = await gate.AccessAsync(request.Account(), id);
        if (access >= needed.Access) return await next(context);
        if (access == HostAccess.None) return Problems.HostNotFound(id).ToResult();

        if (needed.Action is { } action) await audit.WriteAsync(request, action, AuditOutcomes.NotAllowed, AuditTarget.Host(id, null));
        return Problems.NotAllowed().ToResult();
    }
}

internal static class HostAccessRules
{
    public static void AddHostGate(this IServiceCollection services) => services.AddSingleton<HostGate>();

    /// <summary>The endpoint of a host, the <c>id</c> of its path, is for whoever may do so much with it; attempts of others at <paramref name="action"/> are audited.</summary>
    public static RouteHandlerBuilder Needs(this RouteHandlerBuilder endpoint, HostAccess access, string? action = null) =>
        endpoint.WithMetadata(new NeededAccess(access, action)).AddEndpointFilter<HostGateFilter>();

    /// <summary>What somebody may do with the host of a line of the fleet.</summary>
    public static HostAccess AccessOf(this HostSummary host, Viewer viewer) => (host.People ?? HostPeople.Nobody).AccessOf(viewer);

    /// <summary>Whether the host exists for somebody at all.</summary>
    public static bool IsVisibleTo(this HostSummary host, Viewer viewer) => host.AccessOf(viewer) >= HostAccess.Read;
}
