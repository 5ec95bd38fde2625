using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging.Console;
using StatusMonitor.Channels;
using StatusMonitor.Gateway.Access;
using StatusMonitor.Gateway.Accounts;
using StatusMonitor.Gateway.Alerts;
using StatusMonitor.Gateway.Audit;
using StatusMonitor.Gateway.Classic;
using StatusMonitor.Gateway.Cluster;
using StatusMonitor.Gateway.Enrolment;
using StatusMonitor.Gateway.Health;
using StatusMonitor.Gateway.History;
using StatusMonitor.Gateway.Hosts;
using StatusMonitor.Gateway.Live;
using StatusMonitor.Gateway.OpenApi;
using StatusMonitor.Gateway.Reports;
using StatusMonitor.Gateway.Standby;
using StatusMonitor.Grains.Accounts;
using StatusMonitor.Protocol;
using StatusMonitor.Silo;
using StatusMonitor.Silo.Cluster;
using StatusMonitor.Storage;
using StatusMonitor.Storage.History;
using StatusMonitor.Storage.Postgres;
using StatusMonitor.Storage.Sqlite;

namespace StatusMonitor.Gateway;

/// <summary>The server: gateway and silo in one process, or one of them.</summary>
public static class Server
{
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(25);

    /// <summary>Adds everything the server is made of. False, with a message for the person who started it, if an option is wrong.</summary>
    public static bool TryAddServer(this WebApplicationBuilder builder, string[] args, [NotNullWhen(false)] out string? problem)
    {
        builder.Configuration.AddEnvironmentVariables("STATUSMONITOR_");
        if (ServerOptions.TryRead(args, WithFlags(builder.Configuration, args), out var options, out problem)) AddServer(builder, options);
        return problem is null;
    }

    /// <summary>Adds everything the server is made of.</summary>
    public static void AddServer(this WebApplicationBuilder builder, ServerOptions options)
    {
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-dd HH:mm:ss.fff ";
            console.UseUtcTimestamp = true;
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        // Orleans places grains with Polly, which says so of each.
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Orleans", LogLevel.Warning).AddFilter("Polly", LogLevel.Warning);
        // Otherwise each request of somebody who is not signed in is a line.
        builder.Logging.AddFilter(typeof(AccountAuthentication).FullName, LogLevel.Warning);
        // Why a start failed is said in a sentence by RunServerAsync, or ends the process with its exception.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);

        builder.Services.AddSingleton(options);
        builder.Services.Configure<SqliteOptions>(sqlite =>
        {
            sqlite.Folder = options.Data;
            sqlite.MaxWaitingRows = options.MaxWaitingRows;
        });
        builder.Services.Configure<StorageSpaceOptions>(space => space.MinFreeBytes = options.Database is null ? options.MinFreeMb * 1_000_000L : 0);
        builder.Services.Configure<HistoryOptions>(history =>
        {
            history.KeepSamples = TimeSpan.FromDays(options.HistoryRawDays);
            history.KeepMinutes = TimeSpan.FromDays(options.HistoryMinuteDays);
            history.KeepQuarterHours = TimeSpan.FromDays(options.HistoryQuarterDays);
        });
        builder.Services.Configure<AccountOptions>(accounts => accounts.RefreshLifetime = TimeSpan.FromDays(options.RefreshTokenDays));
        builder.Services.Configure<Grains.Hosts.HostOptions>(hosts => hosts.TokenActivationWindow = TimeSpan.FromMinutes(options.TokenMinutes));
        AddGrains(builder, options);
        if (options.Database is { } database)
        {
            builder.Services.Configure<PostgresOptions>(postgres =>
            {
                postgres.ConnectionString = database;
                postgres.MaxWaitingRows = options.MaxWaitingRows;
                postgres.DataFolder = options.Data;
                postgres.MaxDatabaseBytes = options.DatabaseMaxSize * 1_000_000L;
            });
            builder.AddPostgres(options.Data);
        }
        else
        {
            builder.AddSqlite();
        }

        builder.Services.AddChannels(
            channels => (channels.PublicUrl, channels.AllowPrivate) = (options.PublicUrl, options.AllowPrivateChannels),
            telegram => (telegram.Token, telegram.ApiUrl, telegram.UsesWebhook) = (options.TelegramBotToken, options.TelegramApiUrl, options.TelegramWebhook));
        builder.Services.AddHealth();
        builder.Services.AddProbes();
        builder.Services.AddAudit();
        builder.Services.AddIncidents();
        if (options.Role != ServerRole.Gateway) builder.Services.AddTelegramStart().AddHostedService<AuditRetention>().AddHostedService<AlertRetention>().AddFleetWaker();
        if (options.Role != ServerRole.Silo) AddGateway(builder.Services);
        if (options.Standby) builder.AddStandby(options);
        // After that: a server that stands by says that it does.
        builder.Services.AddMembers(options);

        // Agents finish what they send, then the host may take its time to write it.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(15));
        AddKestrel(builder, options);
    }

    private static void AddGrains(WebApplicationBuilder builder, ServerOptions options)
    {
        if (options.Role == ServerRole.Silo) builder.AddClusterSilo(options.Cluster);
        else if (options.Role == ServerRole.Gateway) builder.AddClusterClient(options.Cluster);
        else builder.AddSilo(new SiloPorts(options.SiloPort, options.SiloGatewayPort));
    }

    private static void AddGateway(IServiceCollection services)
    {
        services.AddProblemDetails();
        // Otherwise the answer would not say which field it is.
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, GatewayJson.Default));
        services.AddAccess();
        services.AddAccounts();
        services.AddClassicCors();
        services.AddReports();
        services.AddHosts();
        services.AddHistory();
        services.AddRules();
        services.AddClassicAgents();
        services.AddClassicHistory();
        services.AddChannelInput();
        services.AddLive();
        services.AddApiDocument();
        services.AddSingleton<DashboardFiles>();
    }

    private static void AddKestrel(WebApplicationBuilder builder, ServerOptions options)
    {
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseSockets(sockets =>
        {
            // A report is parsed where its bytes arrive and answered where its group is done, both on the thread pool; handing it on within the pool costs more than its work.
            sockets.UnsafePreferInlineScheduling = true;

            // An agent's connection holds 4 KiB while it is idle, and each report saves a call into the kernel.
            sockets.WaitForDataBeforeAllocatingBuffer = false;
        });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // Kestrel counts the framing of chunks as well; reports are held to their exact limit where they are read.
            kestrel.Limits.MaxRequestBodySize = 2 * ReportLimits.MaxBodyBytes;
            kestrel.Listen(options.Address, options.Port);
        });
    }

    /// <summary>The request pipeline, in order.</summary>
    public static void UseServer(this WebApplication app)
    {
        app.UseStandby();

        // First, because reports end here: they are by far the most, and need nothing of what follows.
        app.UseRouting();
        var options = app.Services.GetRequiredService<ServerOptions>();
        if (options.Role == ServerRole.Silo)
        {
            app.MapHealth();
            app.MapProbes();
            return;
        }

        app.UseTrustedProxies(options);
        app.UseSecurityHeaders();
        app.UseExceptionHandler(Problems.Handling);
        app.UseStatusCodePages(Problems.WriteStatusCodeAsync);
        app.UseClassicCors();
        app.UseApiPage();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapReports();
        app.MapAccounts();
        app.MapAudit();
        app.MapCluster();
        app.MapHosts();
        app.MapIncidents();
        app.MapNotifications();
        app.MapHistory();
        app.MapRules();
        app.MapClassicAccounts();
        app.MapEnrolment();
        app.MapClassicAgents();
        app.MapClassicHistory();
        app.MapClassicAlerts();
        app.MapSilences();
        app.MapRouting();
        app.MapChannels();
        app.MapLive();
        app.MapHealth();
        app.MapProbes();
        app.MapApiDocument();
        app.MapDashboard();
    }

    /// <summary>Runs until it is told to stop. The exit code is 1 if it could not start, with the reason on standard error.</summary>
    public static async Task<int> RunServerAsync(this WebApplication app)
    {
        var isMade = false;
        try
        {
            // A key that is none ends the start while there is nothing to stop yet, not the first request that needs it.
            var options = app.Services.GetRequiredService<ServerOptions>();
            if (options.Standby) app.Services.GetRequiredService<ServerFolder>();
            else if (options.Role != ServerRole.Silo) app.Services.GetRequiredService<SigningKey>();

            // The host cannot be asked to stop if it failed to make its services, so that is known apart.
            isMade = app.Services.GetServices<IHostedService>().Any();
            if (options.Role != ServerRole.All) app.Lifetime.ApplicationStopping.Register(() => _ = EndAnywayAsync(app.Logger));
            await app.StartAsync();
        }
        catch (Exception exception) when (Reason(exception) is not null)
        {
            await Console.Error.WriteLineAsync(Reason(exception));
            // What did start ends in order; disposed while it runs, a silo complains about each of its parts.
            if (isMade) await app.StopAsync();
            await app.DisposeAsync();
            return 1;
        }

        var address = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();
        ServerLog.Started(app.Logger, address, HealthEndpoint.Engine, Path.GetFullPath(app.Services.GetRequiredService<ServerOptions>().Data));
        await app.WaitForShutdownAsync();
        await app.DisposeAsync();
        return 0;
    }

    /// <summary>A part of a cluster says goodbye to the others; one that cannot reach them, or the database, would do so for good.</summary>
    private static async Task EndAnywayAsync(ILogger logger)
    {
        await Task.Delay(LongestEnd);
        ServerLog.EndsAnyway(logger, LongestEnd.TotalSeconds);
        Environment.Exit(1);
    }

    /// <summary>Why the server cannot start, for the person who started it; null if that is our own fault.</summary>
    internal static string? Reason(Exception exception) => exception switch
    {
        StorageFailedException or StartFailedException => exception.Message,
        IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException } => $"{exception.Message} Is another server running? Choose another port with --port.",
        SocketException => exception.Message,
        { InnerException: { } inner } => Reason(inner),
        _ => null,
    };

    internal static IConfigurationRoot WithFlags(IConfiguration configuration, string[] args) =>
        new ConfigurationBuilder().AddInMemoryCollection(ServerOptions.ClassicValues(configuration)).AddConfiguration(configuration).AddCommandLine(args, ServerOptions.FlagMappings()).Build();
}

internal static partial class ServerLog
{
    [LoggerMessage(LogLevel.Information, "Listening on {Address}; engine {Engine}, data in {Data}.")]
    public static partial void Started(ILogger logger, string address, string engine, string data);

    [LoggerMessage(LogLevel.Warning, "The others of the cluster could not be told of the end within {Seconds} s; ending without it.")]
    public static partial void EndsAnyway(ILogger logger, double seconds);
}
