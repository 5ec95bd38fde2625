using StatusMonitor.Storage;
using StatusMonitor.Storage.Alerts;

namespace StatusMonitor.Gateway.Alerts;

/// <summary>Drops incidents and notifications that no longer have to be kept: at the start, and every day.</summary>
internal sealed partial class AlertRetention(IAlertStore store, ServerOptions options, TimeProvider time, ILogger<AlertRetention> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromDays(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        // Ends the wait without an exception, which would be told as a failure if the server could not start and so never stops.
        using var stopping = stoppingToken.Register(timer.Dispose);
        do
        {
            try
            {
                var dropped = await store.DropBeforeAsync(time.GetUtcNow() - TimeSpan.FromDays(options.AlertDays), stoppingToken);
                if (dropped > 0) Log.Dropped(logger, dropped, options.AlertDays);
            }
            catch (Exception exception) when (exception is StorageBusyException or StorageFailedException)
            {
                Log.Failed(logger, exception);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
        while (await timer.WaitForNextTickAsync(CancellationToken.None));
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{Count} incidents, notifications and transitions were over for {Days} days and are gone.")]
        public static partial void Dropped(ILogger logger, int count, int days);

        [LoggerMessage(LogLevel.Warning, "Old incidents could not be dropped; trying again tomorrow.")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
