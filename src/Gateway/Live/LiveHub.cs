using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;
using StatusMonitor.Gateway.Access;
using StatusMonitor.Gateway.Hosts;

namespace StatusMonitor.Gateway.Live;

/// <summary>
/// The live view. A browser watches a page of the fleet, and hosts; it is then sent <c>FleetChanged</c>, <c>HostSamples</c>, <c>HostStatus</c>
/// and <c>Resync</c> (see LiveMessages.cs) until it stops watching or goes. Updates may arrive just before the answer to the call that
/// asked for them, and such as the answer already includes may arrive after it; none that it does not include is left out.
/// </summary>
[Authorize(AccessPolicy.SignedIn)]
internal sealed class LiveHub(LiveFeeds feeds, IHubContext<LiveHub> context, TimeProvider time) : Hub
{
    private const string Key = "live";

    private LiveConnection Connection => (LiveConnection)Context.Items[Key]!;

    public override Task OnConnectedAsync()
    {
        // The hub itself lives for one call; the connection's proxy must outlive it.
        Context.Items[Key] = new LiveConnection(context.Clients.Client(Context.ConnectionId), Context.ConnectionAborted);
        return Task.CompletedTask;
    }

    public override async Task OnDisconnectedAsync(Exception? exception)
    {
        await feeds.UnwatchFleetAsync(Connection);
        foreach (var id in Connection.Watched.Keys.ToArray()) await feeds.UnwatchHostAsync(Connection, id);
    }

    /// <summary>Watches a page of the fleet instead of any page before.</summary>
    public Task<FleetPage> WatchFleet(FleetQuery? query)
    {
        query ??= new FleetQuery();
        if (query.Errors() is { } errors) throw new HubException(string.Join("; ", errors.Select(error => $"{error.Key} {error.Value[0]}")));
        return feeds.WatchFleetAsync(Connection, query);
    }

    /// <summary>Stops watching the fleet.</summary>
    public Task UnwatchFleet() => feeds.UnwatchFleetAsync(Connection);

    /// <summary>Watches a host; doing it again gives a new snapshot.</summary>
    public async Task<HostView> WatchHost(long id)
    {
        if (!Connection.Watched.ContainsKey(id) && Connection.Watched.Count >= LiveFeeds.MaxHostsPerConnection)
        {
            throw new HubException(string.Create(CultureInfo.InvariantCulture, $"A connection watches at most {LiveFeeds.MaxHostsPerConnection} hosts."));
        }

        return id > 0 && await feeds.WatchHostAsync(Connection, id) is { } snapshot
            ? HostView.Of(snapshot, time.GetUtcNow())
            : throw new HubException(string.Create(CultureInfo.InvariantCulture, $"Host {id} not found."));
    }

    /// <summary>Stops watching a host.</summary>
    public Task UnwatchHost(long id) => feeds.UnwatchHostAsync(Connection, id);
}

internal static class LiveRegistration
{
    public static void AddLive(this IServiceCollection services)
    {
        services.AddSingleton<LiveFeeds>().AddHostedService(provider => provider.GetRequiredService<LiveFeeds>());
        services.AddSignalR(signalR => signalR.MaximumReceiveMessageSize = 16 * 1024)
            .AddJsonProtocol(json => json.PayloadSerializerOptions.TypeInfoResolverChain.Insert(0, GatewayJson.Default));
    }

    public static void MapLive(this IEndpointRouteBuilder routes) => routes.MapHub<LiveHub>("/hubs/live");
}
