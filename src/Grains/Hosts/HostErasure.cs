using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans.Storage;
using StatusMonitor.Grains.Agents;
using StatusMonitor.Grains.Fleet;
using StatusMonitor.Storage;

namespace StatusMonitor.Grains.Hosts;

/// <summary>
/// What is left to do for a host once it is marked deleted: its line, its entries in the directory, its alerts, and last its history, because nobody can see that any more.
/// Everything can be repeated, so that begun again at any point it comes to the same end; a reminder, which is there before the mark, sees to it that it is.
/// </summary>
/// <param name="host">The grain, whose timer it uses.</param>
/// <param name="hostId">The host.</param>
/// <param name="tokens">Tokens that the directory may still know.</param>
/// <param name="grains">Where the fleet and the directory are.</param>
/// <param name="journal">Where the history is.</param>
/// <param name="alerts">The host's alerts.</param>
/// <param name="end">Stores that nothing is left.</param>
/// <param name="logger">The host's.</param>
internal sealed partial class HostErasure(
    IGrainBase host,
    long hostId,
    ImmutableArray<TokenHash> tokens,
    IGrainFactory grains,
    ISampleJournal journal,
    HostAlerts alerts,
    Func<Task> end,
    ILogger logger)
{
    private const string Reminder = "erasure";

    private IGrainTimer? _timer;
    private bool _isForgotten;

    /// <summary>Sees to it that somebody comes back to the host.</summary>
    public static Task RemindAsync(IGrainBase host, TimeSpan every) => host.RegisterOrUpdateReminder(Reminder, every, every);

    /// <summary>There is nothing to come back to.</summary>
    public static async Task UnremindAsync(IGrainBase host)
    {
        if (await host.GetReminder(Reminder) is { } reminder) await host.UnregisterReminder(reminder);
    }

    /// <summary>Begins, or after a failure takes up again. Does nothing while it is under way.</summary>
    public void Begin()
    {
        // A part at each tick: a server that stops waits for one. Interleaved: whoever asks meanwhile hears that there is no such host.
        _timer ??= host.RegisterGrainTimer(Next, new GrainTimerCreationOptions(TimeSpan.Zero, Timeout.InfiniteTimeSpan) { Interleave = true, KeepAlive = true });
    }

    private async Task Next(CancellationToken cancellationToken)
    {
        try
        {
            if (!await StepAsync())
            {
                _timer?.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
                return;
            }

            await end();
            await UnremindAsync(host);
            Log.Erased(logger, hostId);
            host.DeactivateOnIdle();
        }
        catch (InconsistentStateException)
        {
            // Another activation has the host now; in a call the engine would see to it.
            host.DeactivateOnIdle();
        }
        catch (Exception exception)
        {
            Log.NotErased(logger, exception, hostId);
        }

        _timer?.Dispose();
        _timer = null;
    }

    private async Task<bool> StepAsync()
    {
        if (!_isForgotten)
        {
            await FleetGrain.For(grains, hostId).Remove(hostId);
            await TokenDirectory.ForgetAsync(grains, tokens);
            await alerts.EraseAsync();
            _isForgotten = true;
        }

        return await journal.DeleteAsync(hostId);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Nothing is left of the deleted host {HostId}.")]
        public static partial void Erased(ILogger logger, long hostId);

        [LoggerMessage(LogLevel.Warning, "Not everything of the deleted host {HostId} could be erased; trying again.")]
        public static partial void NotErased(ILogger logger, Exception exception, long hostId);
    }
}
