using StatusMonitor.Storage;

namespace StatusMonitor.Gateway.Audit;

/// <summary>Drops what the audit log no longer has to keep.</summary>
internal sealed partial class AuditRetention(IAuditLog log, ServerOptions options, TimeProvider time, ILogger<AuditRetention> logger) : DailySweep(time)
{
    protected override async Task SweepAsync(DateTimeOffset now, CancellationToken stoppingToken)
    {
        var dropped = await log.DropBeforeAsync(now - TimeSpan.FromDays(options.AuditDays), stoppingToken);
        if (dropped > 0) Log.Dropped(logger, dropped, options.AuditDays);
    }

    protected override void Failed(Exception exception) => Log.Failed(logger, exception);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{Count} entries of the audit log were older than {Days} days and are gone.")]
        public static partial void Dropped(ILogger logger, int count, int days);

        [LoggerMessage(LogLevel.Warning, "Old entries of the audit log could not be dropped; trying again tomorrow.")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
