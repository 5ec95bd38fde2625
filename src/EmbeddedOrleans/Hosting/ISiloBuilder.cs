using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Providers;
using Orleans.Runtime;
using Orleans.Runtime.Hosting;
using Orleans.Storage;
using Orleans.Streams;
using Orleans.Timers;

namespace Orleans.Hosting;

/// <summary>Sets up a silo.</summary>
public interface ISiloBuilder
{
    /// <summary>The services of the process.</summary>
    IServiceCollection Services { get; }

    /// <summary>The configuration of the process.</summary>
    IConfiguration Configuration { get; }
}

/// <summary>Sets up a client of a cluster, which this engine does not have.</summary>
public interface IClientBuilder
{
    /// <inheritdoc cref="ISiloBuilder.Services"/>
    IServiceCollection Services { get; }

    /// <inheritdoc cref="ISiloBuilder.Configuration"/>
    IConfiguration Configuration { get; }
}

/// <summary>Services and options of a silo.</summary>
public static class SiloBuilderExtensions
{
    /// <summary>Adds services.</summary>
    public static ISiloBuilder ConfigureServices(this ISiloBuilder builder, Action<IServiceCollection> configureDelegate)
    {
        configureDelegate(builder.Services);
        return builder;
    }

    /// <summary>Sets options.</summary>
    public static ISiloBuilder Configure<TOptions>(this ISiloBuilder builder, Action<TOptions> configureOptions) where TOptions : class
        => builder.ConfigureServices(services => services.Configure(configureOptions));

    /// <summary>Sets options from configuration.</summary>
    public static ISiloBuilder Configure<TOptions>(this ISiloBuilder builder, IConfiguration configuration) where TOptions : class
        => builder.ConfigureServices(services => services.Configure<TOptions>(configuration));

    /// <summary>Sets up logging.</summary>
    public static ISiloBuilder ConfigureLogging(this ISiloBuilder builder, Action<ILoggingBuilder> configureLogging)
        => builder.ConfigureServices(services => services.AddLogging(configureLogging));
}

/// <summary>Services and options of a client.</summary>
public static class ClientBuilderExtensions
{
    /// <summary>Adds services.</summary>
    public static IClientBuilder ConfigureServices(this IClientBuilder builder, Action<IServiceCollection> configureDelegate)
    {
        configureDelegate(builder.Services);
        return builder;
    }

    /// <summary>Sets options.</summary>
    public static IClientBuilder Configure<TOptions>(this IClientBuilder builder, Action<TOptions> configureOptions) where TOptions : class
        => builder.ConfigureServices(services => services.Configure(configureOptions));
}

/// <summary>How silos find each other.</summary>
public static class CoreHostingExtensions
{
    /// <summary>One silo on this machine; ports and addresses mean nothing here, for nothing listens.</summary>
    public static ISiloBuilder UseLocalhostClustering(
        this ISiloBuilder builder,
        int siloPort = EndpointOptions.DEFAULT_SILO_PORT,
        int gatewayPort = EndpointOptions.DEFAULT_GATEWAY_PORT,
        IPEndPoint? primarySiloEndpoint = null,
        string serviceId = ClusterOptions.DevelopmentServiceId,
        string clusterId = ClusterOptions.DevelopmentClusterId)
        => builder.Configure<ClusterOptions>(options => (options.ServiceId, options.ClusterId) = (serviceId, clusterId));
}

/// <summary>States in memory.</summary>
public static class MemoryGrainStorageSiloBuilderExtensions
{
    /// <summary>A provider of that name that keeps states until the process ends.</summary>
    public static ISiloBuilder AddMemoryGrainStorage(this ISiloBuilder builder, string name)
        => builder.ConfigureServices(services => services.AddGrainStorage(name, static (_, _) => new MemoryGrainStorage()));

    /// <inheritdoc cref="AddMemoryGrainStorage"/>
    public static ISiloBuilder AddMemoryGrainStorageAsDefault(this ISiloBuilder builder)
        => builder.AddMemoryGrainStorage(ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME);
}

/// <summary>Streams in memory.</summary>
public static class SiloBuilderMemoryStreamExtensions
{
    /// <summary>A provider of that name for streams within this process.</summary>
    public static ISiloBuilder AddMemoryStreams(this ISiloBuilder builder, string name) => builder.ConfigureServices(services => services
        .AddKeyedSingleton<IStreamProvider>(name, static (services, key) => new MemoryStreamProvider((string)key!, services.GetRequiredService<Silo>())));
}

/// <summary>Reminders.</summary>
public static class SiloBuilderReminderExtensions
{
    /// <summary>Reminders, over the <see cref="IReminderTable"/> that is registered.</summary>
    public static ISiloBuilder AddReminders(this ISiloBuilder builder) => builder.ConfigureServices(services => services.AddReminders());

    /// <inheritdoc cref="AddReminders(ISiloBuilder)"/>
    public static void AddReminders(this IServiceCollection services)
    {
        services.TryAddSingleton<ReminderService>();
        services.TryAddSingleton<IReminderRegistry>(static services => services.GetRequiredService<ReminderService>());
    }

    /// <summary>Reminders that end with the process.</summary>
    public static ISiloBuilder UseInMemoryReminderService(this ISiloBuilder builder)
        => builder.AddReminders().ConfigureServices(services => services.AddSingleton<IReminderTable, InMemoryReminderTable>());
}
