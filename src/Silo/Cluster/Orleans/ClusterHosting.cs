using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Serialization;
using StatusMonitor.Storage.Postgres;

namespace StatusMonitor.Silo.Cluster;

/// <summary>Silos and gateways that find each other in PostgreSQL. Each choice has its reason in docs/decisions/0010-cluster.md.</summary>
public static partial class ClusterHosting
{
    /// <summary>Of all clusters of ours on a database; the name of the cluster tells those apart.</summary>
    private const string Service = "statusmonitor";

    private const string Invariant = "Npgsql";

    /// <summary>Whether the engine can be one of several processes.</summary>
    public static bool IsAvailable => true;

    /// <summary>Adds a silo that is one of several. What the grains keep is added apart from it, and must be in PostgreSQL (<see cref="PostgresHosting"/>).</summary>
    public static IHostApplicationBuilder AddClusterSilo(this IHostApplicationBuilder builder, ClusterPlace place)
    {
        builder.Services.AddSingleton<MembershipDatabase>();
        builder.UseOrleans(silo =>
        {
            silo.Configure<ClusterOptions>(cluster => Name(cluster, place));
            silo.UseAdoNetClustering(options => options.Configure<MembershipDatabase>((clustering, database) => (clustering.Invariant, clustering.DataSource) = (Invariant, database.Source)));
            silo.ConfigureEndpoints(place.Address, place.SiloPort, place.GatewayPort);
            silo.Configure<ClusterMembershipOptions>(ClusterTimes.Detect);
            silo.Configure<SiloMessagingOptions>(messaging => messaging.ResponseTimeout = ClusterTimes.Response);
            silo.Configure<ConnectionOptions>(connections => connections.OpenConnectionTimeout = ClusterTimes.Connect);
            silo.Configure<GrainCollectionOptions>(collection => collection.CollectionAge = ClusterTimes.CollectionAge);
            silo.Services.Configure<ExceptionSerializationOptions>(PassOn);
            silo.Services.AddSingleton<PlacementStrategy, RandomPlacement>();
#pragma warning disable ORLEANSEXP002 // What may change is how it is asked for, which is this line.
            silo.AddActivationRebalancer();
#pragma warning restore ORLEANSEXP002
            silo.Services.AddHostedService<LostSilos>();
            silo.AddReminders();
        });
        builder.Services.AddSingleton(services =>
        {
            var (membership, silo) = (services.GetRequiredService<IClusterMembershipService>(), services.GetRequiredService<ILocalSiloDetails>());
            return new ClusterLink(() => membership.CurrentSnapshot.GetSiloStatus(silo.SiloAddress) is var status && status == SiloStatus.Active ? null : $"This silo is not an active member of its cluster but {status}.");
        });
        return builder.AddGrainServices();
    }

    /// <summary>Adds a client of the silos. It waits at the start until there is one.</summary>
    public static IHostApplicationBuilder AddClusterClient(this IHostApplicationBuilder builder, ClusterPlace place)
    {
        var connected = 0;
        builder.Services.AddSingleton(new ClusterLink(() => Volatile.Read(ref connected) > 0 ? null : "This gateway has no connection to any silo."));
        builder.Services.AddSingleton<MembershipDatabase>();
        builder.UseOrleansClient(client =>
        {
            client.Configure<ClusterOptions>(cluster => Name(cluster, place));
            client.UseAdoNetClustering(options => options.Configure<MembershipDatabase>((clustering, database) => (clustering.Invariant, clustering.DataSource) = (Invariant, database.Source)));
            client.Configure<GatewayOptions>(gateway => gateway.GatewayListRefreshPeriod = ClusterTimes.SilosRefresh);
            client.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = ClusterTimes.Response);
            client.Configure<ConnectionOptions>(connections => connections.OpenConnectionTimeout = ClusterTimes.Connect);
            client.Services.Configure<ExceptionSerializationOptions>(PassOn);
            client.UseConnectionRetryFilter<WaitForSilos>();
            client.AddGatewayCountChangedHandler((_, silos) => Volatile.Write(ref connected, silos.NumberOfConnectedGateways));
        });
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddStorageSpace();
        return builder;
    }

    private static void Name(ClusterOptions cluster, ClusterPlace place) => (cluster.ClusterId, cluster.ServiceId) = (place.Name, Service);

    /// <summary>
    /// Whatever a grain fails with reaches the process that asked. Orleans passes on exceptions of its own, of .NET and ours; with one of the database as a cause, none of that would arrive but that it
    /// cannot be written, and an outage would look like a mistake in the program.
    /// </summary>
    private static void PassOn(ExceptionSerializationOptions exceptions) => exceptions.SupportedExceptionTypeFilter = _ => true;

    /// <summary>Gateways and silos may be started in any order.</summary>
    private sealed partial class WaitForSilos(TimeProvider time, ILogger<WaitForSilos> logger) : IClientConnectionRetryFilter
    {
        private bool _isSaid;

        public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
        {
            if (!_isSaid) Log.Waiting(logger, exception.Message);
            _isSaid = true;
            await Task.Delay(ClusterTimes.SilosRefresh / 5, time, cancellationToken);
            return !cancellationToken.IsCancellationRequested;
        }

        private static partial class Log
        {
            [LoggerMessage(LogLevel.Warning, "No silo of the cluster can be reached yet; waiting for one. {Reason}")]
            public static partial void Waiting(ILogger logger, string reason);
        }
    }
}
