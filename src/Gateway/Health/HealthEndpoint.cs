using System.Reflection;
using Microsoft.AspNetCore.Mvc;
using StatusMonitor.Grains.Fleet;
using StatusMonitor.Storage;

namespace StatusMonitor.Gateway.Health;

/// <summary>Hosts that are known and hosts that are online.</summary>
internal sealed record HostCounts(int Total, int Online);

/// <summary>Answer of <c>GET /health</c>. <paramref name="Status"/> is <c>ok</c>, or <c>degraded</c> if nothing can be stored; <paramref name="Uptime"/> is in seconds.</summary>
internal sealed record ServerHealth(string Status, string Engine, string Version, double Uptime, string Storage, HostCounts Hosts);

/// <summary>How the server is.</summary>
internal static class HealthEndpoint
{
    /// <summary>The engine the grains run on: <c>Embedded</c> or <c>Orleans</c>.</summary>
    public static string Engine { get; } = typeof(Grain).Assembly.GetName().Name == "StatusMonitor.EmbeddedOrleans" ? "Embedded" : "Orleans";

    public static string Version { get; } = typeof(HealthEndpoint).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    public static void AddHealth(this IServiceCollection services) => services.AddHostedService<FleetWaker>();

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var started = routes.ServiceProvider.GetRequiredService<TimeProvider>().GetTimestamp();
        routes.MapGet("/health", (IGrainFactory grains, [FromServices] IEnumerable<IStoreState> stores, TimeProvider time) => Get(grains, stores, time.GetElapsedTime(started)));
    }

    private static async Task<IResult> Get(IGrainFactory grains, IEnumerable<IStoreState> stores, TimeSpan uptime)
    {
        var counts = await Task.WhenAll(Enumerable.Range(0, FleetGrain.Shards).Select(shard => grains.GetGrain<IFleetGrain>(shard).GetCounts()));
        var isStoring = stores.All(store => store.Failure is null);
        var health = new ServerHealth(
            isStoring ? "ok" : "degraded",
            Engine,
            Version,
            Math.Round(uptime.TotalSeconds, 3),
            isStoring ? "ok" : "failing",
            new HostCounts(counts.Sum(count => count.Total), counts.Sum(count => count.Online)));
        return Results.Json(health, GatewayJson.Default.ServerHealth, statusCode: isStoring ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    /// <summary>After a start nobody has asked for the fleet yet; without its shards awake, a host that fell silent meanwhile would not be missed.</summary>
    private sealed class FleetWaker(IGrainFactory grains) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) =>
            Task.WhenAll(Enumerable.Range(0, FleetGrain.Shards).Select(shard => grains.GetGrain<IFleetGrain>(shard).GetCounts()));

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
