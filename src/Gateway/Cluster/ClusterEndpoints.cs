using Microsoft.Extensions.Options;
using StatusMonitor.Gateway.Access;
using StatusMonitor.Gateway.Health;
using StatusMonitor.Gateway.OpenApi;
using StatusMonitor.Silo;
using StatusMonitor.Storage;
using StatusMonitor.Storage.Alerts;
using StatusMonitor.Storage.Postgres;
using StatusMonitor.Storage.Sqlite;

namespace StatusMonitor.Gateway.Cluster;

/// <summary>How the server itself is, all its processes: for administrators.</summary>
internal static class ClusterEndpoints
{
    private static readonly DateTimeOffset Example = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly ApiDoc Doc = new(
        "Read how the server is",
        """
        For administrators. The processes of the server with their figures, which each of them says of itself every 3 s; where everything is kept, and what waits. A single server is a cluster of
        one. A process that has said nothing for 10 s is `gone`, and forgotten after an hour; one that ends in order is left out at once. Rates are means over some 3 s.
        """)
    {
        Answer = new ClusterView(
            "statusmonitor",
            "cluster",
            "Orleans",
            Example,
            [
                new MemberView("gateway-1", "192.0.2.10:8080", "gateway", "active", Example.AddDays(-2), Example, "0.7.0", true, new MemberFigures(4, 12.5, 210_000_000, 60_000_000, 1990.4, null, 7, null, null, [new QueueDepth("bodies", 41_200, 67_108_864), new QueueDepth("passwords", 0, 64)], 0.61, null)),
                new MemberView("silo-1", "192.0.2.11:11111", "silo", "active", Example.AddDays(-2), Example.AddSeconds(-1), "0.7.0", false, new MemberFigures(4, 31.2, 520_000_000, 310_000_000, null, 995.2, null, 5120, [new ActivationCount("HostGrain", 4998), new ActivationCount("AccountGrain", 12)], [new QueueDepth("rows", 35, 50_000)], 0.58, "ok")),
                new MemberView("silo-2", "192.0.2.12:11111", "silo", "gone", Example.AddDays(-2), Example.AddSeconds(-40), "0.7.0", false, null),
            ],
            new ClusterStorage("postgresql", true, null, 0.61, null, new HistoryHealth(910_000_000, 120_000_000, 560_000_000, 180_000_000, 50_000_000, 1_440_000)),
            new ClusterBacklog(0, 3, 100_000)),
    };

    public static void AddMembers(this IServiceCollection services, ServerOptions options)
    {
        if (options.Database is { } database) services.AddSingleton(_ => new PostgresMembers(database, options.ClusterName));
        services.AddSingleton<Activations>().AddSingleton<OwnFacts>().AddSingleton<ClusterMembers>();
        services.AddSingleton<MemberBeats>().AddHostedService(provider => provider.GetRequiredService<MemberBeats>());
    }

    public static void MapCluster(this IEndpointRouteBuilder routes) =>
        routes.MapGroup("/api/v1/cluster").WithTags("Cluster").RequireAuthorization(AccessPolicy.Administrator).MapGet("", Get).Documented(Doc);

    private static async Task<IResult> Get(
        ServerOptions options,
        ClusterMembers members,
        MemberBeats beats,
        StorageHealth health,
        IAlertStore alerts,
        IOptions<SqliteOptions> sqlite,
        IOptions<PostgresOptions> postgres,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var isPostgres = options.Database is not null;
        var backlog = ReadBacklogAsync(alerts, isPostgres ? postgres.Value.MaxWaitingAlerts : sqlite.Value.MaxWaitingAlerts, cancellationToken);
        var (disk, history) = await health.ReadAsync();
        var found = await members.ReadAsync(cancellationToken);
        var (milliseconds, awaySince) = beats.Database;
        return Results.Ok(new ClusterView(
            options.ClusterName,
            options.Role != ServerRole.All ? "cluster" : options.Standby ? "pair" : "single",
            HealthEndpoint.Engine,
            time.GetUtcNow(),
            found,
            new ClusterStorage(isPostgres ? "postgresql" : "sqlite", awaySince is null, awaySince, milliseconds, isPostgres ? null : disk, history),
            await backlog));
    }

    private static async Task<ClusterBacklog?> ReadBacklogAsync(IAlertStore alerts, int bound, CancellationToken cancellationToken)
    {
        try
        {
            var (transitions, notifications) = await alerts.CountWaitingAsync(cancellationToken);
            return new ClusterBacklog(transitions, notifications, bound);
        }
        catch (StorageFailedException)
        {
            // Said by the rest of the answer.
            return null;
        }
    }
}
