using System.Collections.Immutable;
using System.Net.Http.Json;
using System.Text;
using Microsoft.Extensions.Options;
using StatusMonitor.Channels.Net;
using StatusMonitor.Channels.Text;
using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Channels.Chats;

/// <summary>Posts to a webhook of Discord, or of what takes the same. Nobody is mentioned, whatever a host is called.</summary>
internal sealed class DiscordSender(ChannelHttp http, IOptions<ChannelOptions> options) : IChannelSender
{
    // https://discord.com/developers/docs/resources/webhook#execute-webhook
    private const int MaxContent = 2000;
    private const string Markup = "\\*_~`|>#[]()<:-";

    private static readonly TextStyle Style = TextStyle.Plain(MaxContent) with { Escape = Escape, Strong = text => $"**{text}**", Link = url => $"<{url}>" };

    public ChannelKind Kind => ChannelKind.Discord;

    public ImmutableArray<string> Secrets { get; } = ["url"];

    public Dictionary<string, string[]>? Errors(ImmutableDictionary<string, string> settings)
    {
        var check = new SettingsCheck(settings);
        check.Url("url");
        return check.Errors();
    }

    public Task<SendResult> SendAsync(AlertChannel channel, AlertMessage message, string notificationId, CancellationToken cancellationToken) => http.SendAsync(
        new HttpRequestMessage(HttpMethod.Post, channel.Settings["url"])
        {
            Content = JsonContent.Create(new DiscordMessage(MessageText.Compose(message, Style, options.Value.LinkTo(message.Path)), new AllowedMentions([])), ChatsJson.Default.DiscordMessage),
        },
        cancellationToken);

    /// <summary>A backslash before each character that may begin markup.</summary>
    internal static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            if (Markup.Contains(c, StringComparison.Ordinal)) escaped.Append('\\');
            escaped.Append(c);
        }

        return escaped.ToString();
    }
}

/// <param name="Content">What it says.</param>
/// <param name="AllowedMentions">Who may be mentioned by it.</param>
internal sealed record DiscordMessage(string Content, AllowedMentions AllowedMentions);

/// <param name="Parse">Kinds of mentions that count; empty is none.</param>
internal sealed record AllowedMentions(string[] Parse);
