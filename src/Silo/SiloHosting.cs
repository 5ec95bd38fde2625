using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StatusMonitor.Grains.Alerts;
using StatusMonitor.Grains.Hosts;
using StatusMonitor.Storage;

namespace StatusMonitor.Silo;

/// <summary>Hosts the grains: clustering, storage. No behaviour of its own.</summary>
public static class SiloHosting
{
    /// <summary>Adds a silo that is alone, with everything in one SQLite database.</summary>
    public static IHostApplicationBuilder AddSingleSilo(this IHostApplicationBuilder builder, SiloPorts ports) => builder.AddSqlite().AddSilo(ports);

    /// <summary>Adds a silo that is alone. Where it keeps everything is added apart from it: <see cref="SqliteHosting"/> or <see cref="PostgresHosting"/>.</summary>
    public static IHostApplicationBuilder AddSilo(this IHostApplicationBuilder builder, SiloPorts ports)
    {
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(ports.Silo == 0 ? FreePort() : ports.Silo, ports.Gateway);
            silo.AddReminders();
        });
        return builder.AddGrainServices();
    }

    /// <summary>What grains need of the process they are in, and what has to be done where they are. After the engine, which is there when it begins.</summary>
    internal static IHostApplicationBuilder AddGrainServices(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddStorageSpace();
        builder.Services.AddHostedService<HistoryUpkeep>();
        builder.Services.AddHostedService<AwayNotice>();
        builder.Services.AddSingleton<RuleBooks>().AddSingleton<ForecastReader>().AddSingleton<HostAlertServices>().AddHostedService<RuleBookRefresh>();
        return builder;
    }

    /// <summary>Has the fleet wake up with the silo. After all that a host needs when it is activated.</summary>
    public static IServiceCollection AddFleetWaker(this IServiceCollection services) => services.AddHostedService<FleetWaker>();

    internal static void AddStorageSpace(this IServiceCollection services) =>
        services.AddSingleton<IStorageSpace>(DiskOfDataFolder);

    internal static StorageSpace DiskOfDataFolder(IServiceProvider provider) =>
        ActivatorUtilities.CreateInstance<StorageSpace>(provider, (Func<string, (long Free, long Total)>)StorageSpace.Measure);

    // Orleans wants to be told its port; several servers on one machine must not be told the same.
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>
/// Ports for the traffic between silos (0: a free one) and for clients (0: none). A silo that is alone listens on them on loopback if the
/// engine is Orleans, and not at all if it is embedded.
/// </summary>
public sealed record SiloPorts(int Silo = 0, int Gateway = 0);
