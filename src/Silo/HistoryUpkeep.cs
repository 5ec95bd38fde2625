using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StatusMonitor.Storage;
using StatusMonitor.Storage.History;

namespace StatusMonitor.Silo;

/// <summary>Has the store do what history needs in the background: compaction, retention, and the note that a server is there.</summary>
internal sealed partial class HistoryUpkeep(
    IHistoryUpkeep history, IOptions<HistoryOptions> options, [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time, ILogger<HistoryUpkeep> logger) : BackgroundService
{
    private static readonly TimeSpan NoteInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CompactionInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(10);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        RepeatAsync(NoteInterval, () => history.NoteAliveAsync(time.GetUtcNow()), stoppingToken),
        RepeatAsync(CompactionInterval, () => CompactAsync(stoppingToken), stoppingToken),
        RepeatAsync(SweepInterval, () => SweepAsync(stoppingToken), stoppingToken));

    private async Task CompactAsync(CancellationToken stoppingToken)
    {
        var started = time.GetTimestamp();
        var done = await history.CompactAsync(time.GetUtcNow(), stoppingToken);
        if (done.Hours > 0) Log.Compacted(logger, done.Hours, done.Values, time.GetElapsedTime(started).TotalSeconds);
    }

    private async Task SweepAsync(CancellationToken stoppingToken)
    {
        var (now, keep) = (time.GetUtcNow(), options.Value);
        var cutoffs = new HistoryCutoffs(
            (now - keep.KeepSamples).ToUnixTimeMilliseconds(), (now - keep.KeepMinutes).ToUnixTimeMilliseconds(), (now - keep.KeepQuarterHours).ToUnixTimeMilliseconds());
        var changed = await history.SweepAsync(cutoffs, stoppingToken);
        if (changed > 0) Log.Swept(logger, changed);
    }

    /// <summary>Does it at once and then at every tick. What failed is tried again at the next.</summary>
    private async Task RepeatAsync(TimeSpan interval, Func<Task> act, CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval, time);
        // Ends the wait without an exception, which would be told as a failure if the server could not start and so never stops.
        using var stopping = stoppingToken.Register(timer.Dispose);
        do
        {
            try
            {
                await act();
            }
            catch (Exception exception) when (stoppingToken.IsCancellationRequested && exception is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (Exception exception)
            {
                Log.Failed(logger, exception, interval.TotalSeconds);
            }
        }
        while (await timer.WaitForNextTickAsync(CancellationToken.None));
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "{Hours} hours of hosts with {Values} values were compacted in {Seconds:0.0} s.")]
        public static partial void Compacted(ILogger logger, int hours, long values, double seconds);

        [LoggerMessage(LogLevel.Information, "{Count} chunks or days of history were kept long enough and are gone.")]
        public static partial void Swept(ILogger logger, int count);

        [LoggerMessage(LogLevel.Warning, "The history's upkeep failed; trying again in {Seconds} s.")]
        public static partial void Failed(ILogger logger, Exception exception, double seconds);
    }
}
