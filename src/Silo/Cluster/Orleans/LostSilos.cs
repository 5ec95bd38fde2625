using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StatusMonitor.Grains.Accounts;
using StatusMonitor.Grains.Fleet;

namespace StatusMonitor.Silo.Cluster;

/// <summary>
/// When a silo is gone, has the fleet ask each of its hosts. A host comes back by itself with its next report; but one that fell silent with the silo has nobody who counts the time,
/// and what was under way among accounts nobody who goes on with it.
/// </summary>
internal sealed partial class LostSilos(IClusterMembershipService membership, IGrainFactory grains, TimeProvider time, ILogger<LostSilos> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var previous = membership.CurrentSnapshot;
        try
        {
            await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(stoppingToken))
            {
                var isLost = snapshot.CreateUpdate(previous).Changes.Any(member => member.Status == SiloStatus.Dead);
                previous = snapshot;
                if (isLost) await WakeAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    /// <summary>Until it is done: right after a death much fails for some seconds. What else changes meanwhile is heard afterwards.</summary>
    private async Task WakeAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.WhenAll(Enumerable.Range(0, FleetGrain.Shards).Select(shard => grains.GetGrain<IFleetGrain>(shard).AskHosts()));
                await grains.GetGrain<IAccountDirectoryGrain>(0).GetAccounts();
                return;
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                // A call that found no place in time is cancelled too; as the end of this service it would be that of the silo.
                Log.Failed(logger, exception);
                await Task.Delay(Pause, time, stoppingToken);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "After a silo was lost, the fleet could not be asked to wake its hosts; trying again.")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
