using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;
using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Grains.Hosts;

/// <summary>
/// Hands what is stored in a host's outbox to the desks, in order, until they have it. Desks know repeats by their ids, so it may be handed over again after a crash. It has no
/// turn of its own: reports are taken in meanwhile.
/// </summary>
/// <param name="host">The grain, whose timer it uses.</param>
/// <param name="hostId">The host.</param>
/// <param name="grains">Where the desks are.</param>
/// <param name="outbox">What is stored and not handed over.</param>
/// <param name="taken">A desk has these.</param>
/// <param name="logger">The host's.</param>
internal sealed partial class AlertDelivery(
    IGrainBase host,
    long hostId,
    IGrainFactory grains,
    Func<ImmutableArray<AlertTransition>> outbox,
    Action<ImmutableArray<AlertTransition>> taken,
    ILogger logger)
{
    private const int MaxBatch = 100;
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(1);

    private IGrainTimer? _timer;
    private TimeSpan _retry = FirstRetry;
    private bool _isFailing;

    /// <summary>There is something. While a desk is away, its next turn takes it along.</summary>
    public void Begin()
    {
        if (_timer is not null) return;
        _timer = host.RegisterGrainTimer(DeliverAsync, new GrainTimerCreationOptions(TimeSpan.Zero, Timeout.InfiniteTimeSpan) { Interleave = true, KeepAlive = true });
    }

    /// <summary>Hands everything over now.</summary>
    /// <exception cref="Exception">Whatever a desk failed with; what another took is taken.</exception>
    public async Task FlushAsync()
    {
        Exception? failure = null;
        while (failure is null && !outbox().IsEmpty)
        {
            foreach (var account in outbox().Select(transition => transition.AccountId).Distinct().ToList())
            {
                // The desks of others go on while one is away.
                failure = await TryFlushAsync(account) ?? failure;
            }
        }

        if (failure is not null) ExceptionDispatchInfo.Throw(failure);
    }

    private async Task<Exception?> TryFlushAsync(long account)
    {
        try
        {
            while (outbox().Where(transition => transition.AccountId == account).Take(MaxBatch).ToImmutableArray() is { IsEmpty: false } batch)
            {
                await grains.GetGrain<IAlertDeskGrain>(account).Accept(batch);
                taken(batch);
            }

            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }

    private async Task DeliverAsync(CancellationToken cancellationToken)
    {
        try
        {
            await FlushAsync();
            _timer?.Dispose();
            _timer = null;
            _retry = FirstRetry;
            if (_isFailing) Log.DeliveredAgain(logger, hostId);
            _isFailing = false;
        }
        catch (Exception exception)
        {
            if (!_isFailing) Log.NotDelivered(logger, exception, hostId);
            _isFailing = true;
            _timer?.Change(_retry, Timeout.InfiniteTimeSpan);
            _retry = _retry * 2 < LongestRetry ? _retry * 2 : LongestRetry;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Alerts of host {HostId} could not be handed over to be told; trying again until they are.")]
        public static partial void NotDelivered(ILogger logger, Exception exception, long hostId);

        [LoggerMessage(LogLevel.Information, "Alerts of host {HostId} are handed over again.")]
        public static partial void DeliveredAgain(ILogger logger, long hostId);
    }
}
