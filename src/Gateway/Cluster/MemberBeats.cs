using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using StatusMonitor.Storage;
using StatusMonitor.Storage.Postgres;

namespace StatusMonitor.Gateway.Cluster;

/// <summary>Says every few seconds how this process is, where the others can read it, if there is a database that others can be on. A process that waits for another to go says so too.</summary>
internal sealed partial class MemberBeats(
    ServerOptions options, OwnFacts facts, IServer server, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<MemberBeats> logger, PostgresMembers? table = null) : BackgroundService
{
    /// <summary>How often.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    /// <summary>Whoever has said nothing for so long is gone, or as good as: three beats and what one may take.</summary>
    public static readonly TimeSpan GoneAfter = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private readonly Lazy<string> _address = new(() => AddressOf(options, server));
    private volatile MemberFacts? _own;
    private volatile DatabaseSeen _database = new(null, null);

    /// <summary>This process as it last said it is.</summary>
    public (string Name, string Address, DateTimeOffset StartedAt, MemberFacts Facts) Own => (options.ServerName, _address.Value, _startedAt, _own ?? facts.Take(null));

    /// <summary>How long PostgreSQL took to answer, or since when it does not; neither without it.</summary>
    public (double? Milliseconds, DateTimeOffset? AwaySince) Database => (_database.Milliseconds, _database.AwaySince);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (table is null || _own is null) return;
        try
        {
            using var patience = new CancellationTokenSource(Farewell, time);
            await table.LeaveAsync(options.ServerName, _address.Value, patience.Token);
        }
        catch (Exception exception) when (exception is StorageFailedException or OperationCanceledException)
        {
            // Then the others find it silent.
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Before that it has no address.
        var listens = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var started = lifetime.ApplicationStarted.Register(() => listens.TrySetResult());
        try
        {
            await listens.Task.WaitAsync(stoppingToken);
            using var timer = new PeriodicTimer(Interval, time);
            do await BeatAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task BeatAsync(CancellationToken stoppingToken)
    {
        try
        {
            var own = facts.Take(_database.Milliseconds);
            _own = own;
            if (table is null) return;
            var asked = time.GetTimestamp();
            await table.BeatAsync(options.ServerName, _address.Value, _startedAt, JsonSerializer.Serialize(own, GatewayJson.Default.MemberFacts), stoppingToken);
            _database = new DatabaseSeen(time.GetElapsedTime(asked).TotalMilliseconds, null);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
        {
            if (_database.AwaySince is null) Log.Failed(logger, exception.Message);
            _database = new DatabaseSeen(null, _database.AwaySince ?? time.GetUtcNow());
        }
    }

    /// <summary>A silo is known by where the others reach it; of what listens everywhere the machine's name says more than zeros.</summary>
    private static string AddressOf(ServerOptions options, IServer server)
    {
        if (options.Role == ServerRole.Silo) return string.Create(CultureInfo.InvariantCulture, $"{options.Cluster.Address}:{options.Cluster.SiloPort}");
        var listening = new Uri(server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());
        var isEverywhere = IPAddress.TryParse(listening.Host.Trim('[', ']'), out var address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));
        return string.Create(CultureInfo.InvariantCulture, $"{(isEverywhere ? Environment.MachineName : listening.Host)}:{listening.Port}");
    }

    private sealed record DatabaseSeen(double? Milliseconds, DateTimeOffset? AwaySince);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "What this process says of itself could not be written where the others read it; trying again. {Reason}")]
        public static partial void Failed(ILogger logger, string reason);
    }
}
