using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StatusMonitor.Grains.Accounts;
using StatusMonitor.Grains.Alerts;
using StatusMonitor.Grains.Alerts.Desk;
using StatusMonitor.Storage.History;

namespace StatusMonitor.Silo;

/// <summary>
/// After the server was away, tells administrators so, once: whoever is called by a monitor that says nothing of ninety minutes takes silence for health. Which
/// absence it was is part of what the notice is known by, so a start that breaks off, or another right after it, tells nothing twice.
/// </summary>
internal sealed partial class AwayNotice(IHistory history, IGrainFactory grains, TimeProvider time, ILogger<AwayNotice> logger) : BackgroundService
{
    // An update or a restart is shorter, and nobody's business.
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Recent = TimeSpan.FromHours(24);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>That we are there again is noted by somebody else, and not at once: only then the absence has an end.</summary>
    private const int Looks = 12;

    /// <summary>Tells of the newest absence, if there is one to tell of.</summary>
    public async Task<bool> TellAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var gaps = await history.ReadAwayAsync((now - TimeSpan.FromDays(366)).ToUnixTimeMilliseconds(), now.ToUnixTimeMilliseconds() + 1, cancellationToken);
        if (gaps is not [.., var gap] || gap.To < (now - Recent).ToUnixTimeMilliseconds() || gap.To - gap.From < Shortest.TotalMilliseconds) return false;

        var (id, title, text) = AwayMessage.Of(DateTimeOffset.FromUnixTimeMilliseconds(gap.From), DateTimeOffset.FromUnixTimeMilliseconds(gap.To));
        foreach (var account in await grains.GetGrain<IAccountDirectoryGrain>(0).GetAccounts())
        {
            if (account is { Role: AccountRole.Administrator, IsDisabled: false }) await grains.GetGrain<IAlertDeskGrain>(account.Id).Notice(id, title, text);
        }

        return true;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var look = 0; look < Looks && !stoppingToken.IsCancellationRequested; look++)
        {
            try
            {
                await Task.Delay(Pause, time, stoppingToken);
                if (await TellAsync(stoppingToken)) return;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                Log.Failed(logger, exception);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Administrators could not be told that the server was away; trying again.")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
