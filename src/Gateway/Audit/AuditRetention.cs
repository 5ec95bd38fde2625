using StatusMonitor.Storage;

namespace StatusMonitor.Gateway.Audit;

/// <summary>Drops what the audit log no longer has to keep: at the start, and every day.</summary>
internal sealed partial class AuditRetention(IAuditLog log, ServerOptions options, TimeProvider time, ILogger<AuditRetention> logger) : BackgroundService
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
                var dropped = await log.DropBeforeAsync(time.GetUtcNow() - TimeSpan.FromDays(options.AuditDays), stoppingToken);
                if (dropped > 0) Log.Dropped(logger, dropped, options.AuditDays);
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
        [LoggerMessage(LogLevel.Information, "{Count} entries of the audit log were older than {Days} days and are gone.")]
        public static partial void Dropped(ILogger logger, int count, int days);

        [LoggerMessage(LogLevel.Warning, "Old entries of the audit log could not be dropped; trying again tomorrow.")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
