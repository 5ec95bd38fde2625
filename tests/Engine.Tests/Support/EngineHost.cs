using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Runtime.Hosting;

namespace StatusMonitor.Engine.Tests.Support;

/// <summary>A generic host with a silo of its own. Tests that need no special one share it within their class.</summary>
public sealed class EngineHost : IAsyncLifetime
{
    /// <summary>The name of the stream provider of every host.</summary>
    public const string Streams = "live";

    private readonly IHost _host;

    /// <summary>The usual host.</summary>
    public EngineHost() : this(static _ => { })
    {
    }

    private EngineHost(Action<ISiloBuilder> configure)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.UseOrleans(silo =>
        {
            var name = Guid.NewGuid().ToString("N");
            silo.UseLocalhostClustering(FreePort(), FreePort(), serviceId: name, clusterId: name);
            silo.AddMemoryGrainStorageAsDefault();
            silo.AddMemoryGrainStorage("PubSubStore");
            silo.AddMemoryStreams(Streams);
            silo.Services.AddSingleton(Probe);
            configure(silo);
        });
        _host = builder.Build();
    }

    /// <summary>Where this host's grains and the test meet.</summary>
    public Probe Probe { get; } = new();

    /// <summary>The services of the process.</summary>
    public IServiceProvider Services => _host.Services;

    /// <summary>The way to the grains.</summary>
    public IClusterClient Client => Services.GetRequiredService<IClusterClient>();

    /// <summary>Starts a host with something special.</summary>
    public static async Task<EngineHost> Start(Action<ISiloBuilder> configure)
    {
        var host = new EngineHost(configure);
        await host.InitializeAsync();
        return host;
    }

    /// <summary>Starts a host whose callers wait only so long.</summary>
    public static Task<EngineHost> StartWithResponseTimeout(TimeSpan timeout) => Start(silo => silo
        .Configure<SiloMessagingOptions>(options => options.ResponseTimeout = timeout)
        .Configure<ClientMessagingOptions>(options => options.ResponseTimeout = timeout));

    /// <summary>The grain with that key.</summary>
    public T Grain<T>(string key) where T : IGrainWithStringKey => Client.GetGrain<T>(key);

    /// <inheritdoc/>
    public Task InitializeAsync() => _host.StartAsync();

    /// <summary>Stops the host as a process that ends does.</summary>
    public Task Stop() => _host.StopAsync();

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        await Stop();
        _host.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
