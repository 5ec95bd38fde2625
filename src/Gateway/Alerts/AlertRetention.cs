using StatusMonitor.Storage.Alerts;

namespace StatusMonitor.Gateway.Alerts;

/// <summary>Drops incidents and notifications that no longer have to be kept.</summary>
internal sealed partial class AlertRetention(IAlertStore store, ServerOptions options, TimeProvider time, ILogger<AlertRetention> logger) : DailySweep(time)
{
    protected override async Task SweepAsync(DateTimeOffset now, CancellationToken stoppingToken)
    {
        var dropped = await store.DropBeforeAsync(now - TimeSpan.FromDays(options.AlertDays), stoppingToken);
        if (dropped > 0) Log.Dropped(logger, dropped, options.AlertDays);
    }

    protected override void Failed(Exception exception) => Log.Failed(logger, exception);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{Count} incidents, notifications and transitions were over for {Days} days and are gone.")]
        public static partial void Dropped(ILogger logger, int count, int days);

        [LoggerMessage(LogLevel.Warning, "Old incidents could not be dropped; trying again tomorrow.")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
