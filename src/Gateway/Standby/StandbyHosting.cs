using StatusMonitor.Gateway.Health;
using StatusMonitor.Storage.Postgres;

namespace StatusMonitor.Gateway.Standby;

/// <summary>Servers that stand by for each other on one database: one of them is active, the others only say that they are not.</summary>
internal static class StandbyHosting
{
    /// <summary>Has everything that works wait until this server is the active one. Comes after all else is added.</summary>
    public static void AddStandby(this WebApplicationBuilder builder, ServerOptions options)
    {
        var services = builder.Services;
        var works = services.Where(service => service.ServiceType == typeof(IHostedService) && !service.IsKeyedService).ToList();
        foreach (var service in works)
        {
            services.Remove(service);
            services.Add(service switch
            {
                { ImplementationFactory: { } make } => ServiceDescriptor.KeyedSingleton<IHostedService>(ActiveServer.Work, (provider, _) => (IHostedService)make(provider)),
                { ImplementationInstance: { } instance } => ServiceDescriptor.KeyedSingleton<IHostedService>(ActiveServer.Work, (IHostedService)instance),
                _ => new ServiceDescriptor(typeof(IHostedService), ActiveServer.Work, service.ImplementationType!, ServiceLifetime.Singleton),
            });
        }

        services.AddSingleton(provider => new Leadership(
            options.Database!, new LeadershipOptions { Name = options.ServerName }, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<Leadership>>()));
        services.AddOptions<PostgresOptions>().PostConfigure<Leadership>((postgres, leadership) => postgres.Epoch = leadership.Epoch);
        services.AddSingleton<ActiveServer>().AddHostedService(provider => provider.GetRequiredService<ActiveServer>());
    }

    /// <summary>Lets requests pass only while this server is the active one. Comes before everything else.</summary>
    public static void UseStandby(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<ServerOptions>().Standby) return;

        // Not now: what is wrong with the connection string is for the start to say.
        ActiveServer? active = null;
        app.Use((context, next) =>
        {
            active ??= app.Services.GetRequiredService<ActiveServer>();
            if (active.IsActive) return next(context);
            return context.Request.Path == Probes.Live ? Probes.IsLive().ExecuteAsync(context) : Problems.Standby(active.Other).WriteAsync(context);
        });
    }
}
