using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace StatusMonitor.Channels.Telegram;

/// <summary>Says at the start whether there is a bot, and has it listen. What Telegram does meanwhile stops no start.</summary>
internal sealed partial class TelegramStart(IGrainFactory grains, IOptions<TelegramOptions> options, ILogger<TelegramStart> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!options.Value.IsConfigured)
        {
            Log.NoBot(logger);
            return;
        }

        Log.HasBot(logger, options.Value.ApiUrl, options.Value.UsesWebhook ? "webhook" : "long polling");
        await grains.GetGrain<ITelegramPollerGrain>(0).Start();
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Telegram is not set up; give TELEGRAM_BOT_TOKEN to have a bot.")]
        public static partial void NoBot(ILogger logger);

        [LoggerMessage(LogLevel.Information, "Telegram is set up, at {Api} by {Way}.")]
        public static partial void HasBot(ILogger logger, string api, string way);
    }
}
