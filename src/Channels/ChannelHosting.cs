using Microsoft.Extensions.DependencyInjection;
using StatusMonitor.Channels.Chats;
using StatusMonitor.Channels.Email;
using StatusMonitor.Channels.Net;
using StatusMonitor.Channels.Ntfy;
using StatusMonitor.Channels.Telegram;
using StatusMonitor.Channels.Webhook;
using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Channels;

/// <summary>Puts the channels into the process that has the grains.</summary>
public static class ChannelHosting
{
    /// <summary>Adds a sender for each kind of channel, and the Telegram bot. After the silo: the bot listens as soon as that runs. The bot needs an <see cref="IChatAudit"/>.</summary>
    public static IServiceCollection AddChannels(this IServiceCollection services, Action<ChannelOptions> channels, Action<TelegramOptions> telegram)
    {
        services.Configure(channels);
        services.Configure(telegram);
        services.AddSingleton<GuardedConnector>();
        services.AddSingleton<ChannelHttp>();
        services.AddSingleton<IChannelSender, WebhookSender>();
        services.AddSingleton<IChannelSender, NtfySender>();
        services.AddSingleton<IChannelSender, SlackSender>();
        services.AddSingleton<IChannelSender, DiscordSender>();
        services.AddSingleton<IChannelSender, EmailSender>();
        services.AddSingleton<IChannelSender, TelegramSender>();
        services.AddSingleton<BotApi>();
        services.AddSingleton<ChatPace>();
        services.AddSingleton<AlertButtons>();
        services.AddSingleton<ChatReplies>();
        services.AddSingleton<ChatAnswers>();
        services.AddSingleton<AlertPresses>();
        services.AddSingleton<BotUpdates>();
        services.AddHostedService<TelegramStart>();
        return services;
    }
}
