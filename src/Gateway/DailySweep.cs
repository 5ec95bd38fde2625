using StatusMonitor.Storage;

namespace StatusMonitor.Gateway;

/// <summary>Drops what no longer has to be kept: at the start, and every day. A store that cannot do it now is asked again the next day.</summary>
internal abstract class DailySweep(TimeProvider time) : BackgroundService
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
                await SweepAsync(time.GetUtcNow(), stoppingToken);
            }
            catch (Exception exception) when (exception is StorageBusyException or StorageFailedException)
            {
                Failed(exception);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
        while (await timer.WaitForNextTickAsync(CancellationToken.None));
    }

    /// <summary>Drops what is too old by now, and says how much that was.</summary>
    protected abstract Task SweepAsync(DateTimeOffset now, CancellationToken stoppingToken);

    /// <summary>Says that it could not be done.</summary>
    protected abstract void Failed(Exception exception);
}
