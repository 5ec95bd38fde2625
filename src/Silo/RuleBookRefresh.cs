using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StatusMonitor.Grains.Alerts;
using StatusMonitor.Grains.Live;

namespace StatusMonitor.Silo;

/// <summary>Keeps the silo's copies of rule books up to date: one subscription for all of them, and a look at each once a minute for what it may have missed.</summary>
internal sealed partial class RuleBookRefresh(IClusterClient cluster, RuleBooks books, TimeProvider time, ILogger<RuleBookRefresh> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        LiveSubscription<RulesChanged>? changes = null;
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                changes ??= new LiveSubscription<RulesChanged>(cluster, LiveTopics.Rules, change => books.RefreshAsync(cluster, change.AccountId, change.Version));
                await changes.RenewAsync();

                foreach (var account in books.Accounts)
                {
                    if (stoppingToken.IsCancellationRequested) return;
                    await books.RefreshAsync(cluster, account);
                }
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, exception);
            }
        }
        while (await TickAsync(timer, stoppingToken));
    }

    private static async Task<bool> TickAsync(PeriodicTimer timer, CancellationToken stop)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stop);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Alert rules could not be read again; trying again in a minute.")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
