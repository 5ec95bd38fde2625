using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;
using StatusMonitor.Gateway.Access;
using StatusMonitor.Gateway.Hosts;
using StatusMonitor.Grains.Hosts;

namespace StatusMonitor.Gateway.Live;

/// <summary>
/// The live view. A browser watches a page of the fleet, and hosts; it is then sent <c>FleetChanged</c>, <c>HostSamples</c>, <c>HostStatus</c>,
/// <c>HostGone</c> and <c>Resync</c> (see LiveMessages.cs) until it stops watching or goes, or its session ends; and <c>AlertsChanged</c> unasked. Updates may arrive just before the answer to
/// the call that asked for them, and such as the answer already includes may arrive after it; none that it does not include is left out.
/// </summary>
[Authorize(AccessPolicy.SignedIn)]
internal sealed class LiveHub(LiveFeeds feeds, HostGate gate, HostViews views, IHubContext<LiveHub> context, TimeProvider time) : Hub
{
    private const string Key = "live";

    private LiveConnection Connection => (LiveConnection)Context.Items[Key]!;

    public override async Task OnConnectedAsync()
    {
        // The hub itself lives for one call; the connection's proxy must outlive it. Its token may expire meanwhile: what counts is the session.
        var connection = new LiveConnection(context.Clients.Client(Context.ConnectionId), Context.User!.Account(), Context.Abort, time, Context.ConnectionAborted);
        Context.Items[Key] = connection;
        try
        {
            await feeds.EnterAsync(connection);
        }
        catch
        {
            // SignalR tells nobody of the end of a connection whose beginning failed.
            await feeds.LeaveAsync(connection);
            throw;
        }
    }

    public override Task OnDisconnectedAsync(Exception? exception) => feeds.LeaveAsync(Connection);

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
        if (await gate.AccessAsync(Connection.Account, id) < HostAccess.Read) throw NotFound(id);
        if (!Connection.Watched.ContainsKey(id) && Connection.Watched.Count >= LiveFeeds.MaxHostsPerConnection)
        {
            throw new HubException(string.Create(CultureInfo.InvariantCulture, $"A connection watches at most {LiveFeeds.MaxHostsPerConnection} hosts."));
        }

        var snapshot = await feeds.WatchHostAsync(Connection, id) ?? throw NotFound(id);
        return await views.OfAsync(snapshot, Connection.Viewer);
    }

    /// <summary>Stops watching a host.</summary>
    public Task UnwatchHost(long id) => feeds.UnwatchHostAsync(Connection, id);

    private static HubException NotFound(long id) => new(string.Create(CultureInfo.InvariantCulture, $"Host {id} not found."));
}

/// <summary>
/// Logs what a call of the hub failed with, unless the hub refused it in so many words: that is the caller's business. SignalR's own log does not tell
/// the two apart.
/// </summary>
internal sealed partial class LiveHubFailures(ILogger<LiveHubFailures> logger) : IHubFilter
{
    public async ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        try
        {
            return await next(invocationContext);
        }
        catch (Exception exception) when (exception is not HubException && !invocationContext.Context.ConnectionAborted.IsCancellationRequested)
        {
            Log.Failed(logger, exception, invocationContext.HubMethodName);
            throw;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The live call {Method} failed.")]
        public static partial void Failed(ILogger logger, Exception exception, string method);
    }
}

internal static class LiveRegistration
{
    public static void AddLive(this IServiceCollection services)
    {
        services.AddSingleton<LiveFeeds>().AddHostedService(provider => provider.GetRequiredService<LiveFeeds>());
        services.AddSignalR(signalR =>
        {
            signalR.MaximumReceiveMessageSize = 16 * 1024;
            signalR.AddFilter<LiveHubFailures>();
        }).AddJsonProtocol(json => json.PayloadSerializerOptions.TypeInfoResolverChain.Insert(0, GatewayJson.Default));
        services.AddLogging(logging => logging.AddFilter("Microsoft.AspNetCore.SignalR.Internal.DefaultHubDispatcher", LogLevel.None));
    }

    public static void MapLive(this IEndpointRouteBuilder routes) => routes.MapHub<LiveHub>("/hubs/live");
}
