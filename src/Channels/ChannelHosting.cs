using Microsoft.Extensions.DependencyInjection;
using StatusMonitor.Channels.Chats;
using StatusMonitor.Channels.Email;
using StatusMonitor.Channels.Net;
using StatusMonitor.Channels.Ntfy;
using StatusMonitor.Channels.Telegram;
using StatusMonitor.Channels.Webhook;
using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Channels;

/// <summary>Puts the channels into a process.</summary>
public static class ChannelHosting
{
    /// <summary>Adds a sender for each kind of channel, and the Telegram bot, which needs an <see cref="IChatAudit"/> and listens after <see cref="AddTelegramStart"/>.</summary>
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
        return services;
    }

    /// <summary>Has the Telegram bot listen once the silo runs; in processes that have grains, so that it starts once with them.</summary>
    public static IServiceCollection AddTelegramStart(this IServiceCollection services) => services.AddHostedService<TelegramStart>();
}
