using Microsoft.Extensions.DependencyInjection;
using StatusMonitor.Channels.Chats;
using StatusMonitor.Channels.Email;
using StatusMonitor.Channels.Net;
using StatusMonitor.Channels.Ntfy;
using StatusMonitor.Channels.Webhook;
using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Channels;

/// <summary>Puts the channels into the process that has the grains.</summary>
public static class ChannelHosting
{
    /// <summary>Adds a sender for each kind of channel.</summary>
    public static IServiceCollection AddChannels(this IServiceCollection services, Action<ChannelOptions> configure)
    {
        services.Configure(configure);
        services.AddSingleton<GuardedConnector>();
        services.AddSingleton<ChannelHttp>();
        services.AddSingleton<IChannelSender, WebhookSender>();
        services.AddSingleton<IChannelSender, NtfySender>();
        services.AddSingleton<IChannelSender, SlackSender>();
        services.AddSingleton<IChannelSender, DiscordSender>();
        services.AddSingleton<IChannelSender, EmailSender>();
        return services;
    }
}
