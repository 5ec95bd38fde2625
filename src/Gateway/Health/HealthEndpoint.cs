using System.Reflection;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;
using StatusMonitor.Gateway.Access;
using StatusMonitor.Gateway.Cluster;
using StatusMonitor.Grains.Accounts;
using StatusMonitor.Grains.Fleet;
using StatusMonitor.Storage;

namespace StatusMonitor.Gateway.Health;

/// <summary>Hosts that are known and hosts that are online.</summary>
internal sealed record HostCounts(int Total, int Online);

/// <summary>Answer of <c>GET /health</c>.</summary>
/// <param name="Status"><c>ok</c>, or <c>degraded</c> if nothing can be stored.</param>
/// <param name="Engine">What the grains run on.</param>
/// <param name="Version">The server's version.</param>
/// <param name="Uptime">Seconds since it started.</param>
/// <param name="Storage"><c>ok</c>, <c>failing</c> if the database cannot be written, or <c>full</c> if the disk nearly is, or the database as large as it may get, and no samples are taken.</param>
/// <param name="Hosts">Hosts there are.</param>
/// <param name="Details">For administrators alone; others get the answer without it.</param>
internal sealed record ServerHealth(
    string Status, string Engine, string Version, double Uptime, string Storage, HostCounts Hosts, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] HealthDetails? Details);

/// <summary>How the server is.</summary>
internal static class HealthEndpoint
{
    /// <summary>The engine the grains run on: <c>Embedded</c> or <c>Orleans</c>.</summary>
    public static string Engine { get; } = typeof(Grain).Assembly.GetName().Name == "StatusMonitor.EmbeddedOrleans" ? "Embedded" : "Orleans";

    public static string Version { get; } = typeof(HealthEndpoint).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    public static void AddHealth(this IServiceCollection services) => services.AddSingleton<StorageHealth>();

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var started = routes.ServiceProvider.GetRequiredService<TimeProvider>().GetTimestamp();
        routes.MapMethods(
            "/health",
            [HttpMethods.Get, HttpMethods.Head],
            (HttpContext context, IGrainFactory grains, [FromServices] IEnumerable<IStoreState> stores, StorageHealth storage, ClusterMembers members, TimeProvider time) =>
                Get(context, grains, stores, storage, members, time.GetElapsedTime(started)));
    }

    /// <summary><c>failing</c>, <c>full</c>, or null if all can be stored.</summary>
    public static string? StorageProblem(IEnumerable<IStoreState> stores, StorageHealth storage) => stores.Any(store => store.Failure is not null) ? "failing" : storage.IsFull ? "full" : null;

    private static async Task<IResult> Get(HttpContext context, IGrainFactory grains, IEnumerable<IStoreState> stores, StorageHealth storage, ClusterMembers members, TimeSpan uptime)
    {
        var counts = await Task.WhenAll(Enumerable.Range(0, FleetGrain.Shards).Select(shard => grains.GetGrain<IFleetGrain>(shard).GetCounts()));
        var problem = StorageProblem(stores, storage);
        var isAdministrator = context.User.AccountOrNull() is { Role: AccountRole.Administrator };
        var health = new ServerHealth(
            problem is null ? "ok" : "degraded",
            Engine,
            Version,
            Math.Round(uptime.TotalSeconds, 3),
            problem ?? "ok",
            new HostCounts(counts.Sum(count => count.Total), counts.Sum(count => count.Online)),
            isAdministrator ? await DetailsAsync(storage, members, context.RequestAborted) : null);
        return Results.Json(health, GatewayJson.Default.ServerHealth, statusCode: problem is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<HealthDetails> DetailsAsync(StorageHealth storage, ClusterMembers members, CancellationToken cancellationToken)
    {
        var (disk, history) = await storage.ReadAsync();
        return new HealthDetails(disk, history, [.. (await members.ReadAsync(cancellationToken)).Select(member => member.Summary)]);
    }
}
