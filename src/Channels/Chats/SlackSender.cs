using System.Collections.Immutable;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using StatusMonitor.Channels.Net;
using StatusMonitor.Channels.Text;
using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Channels.Chats;

/// <summary>
/// Posts to an incoming webhook of Slack, or of what takes the same (Mattermost, Rocket.Chat, Zulip). Only <c>text</c>, because that is what all of them know, and
/// with markup off: a host called <c>db_main_1</c> is shown as that.
/// </summary>
internal sealed class SlackSender(ChannelHttp http, IOptions<ChannelOptions> options) : IChannelSender
{
    // Slack cuts at 40,000 characters and asks for 4,000; Mattermost makes several messages of more.
    private static readonly TextStyle Style = TextStyle.Plain(4000) with { Escape = Escape, Link = url => $"<{url}>" };

    public ChannelKind Kind => ChannelKind.Slack;

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
            Content = JsonContent.Create(new SlackMessage(MessageText.Compose(message, Style, options.Value.LinkTo(message.Path))), ChatsJson.Default.SlackMessage),
        },
        cancellationToken);

    /// <summary>The three characters of its markup that count even when it is off, and no mention: a host may be called <c>@channel</c>.</summary>
    internal static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            _ = c switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '@' => escaped.Append("@\u200B"),
                _ => escaped.Append(c),
            };
        }

        return escaped.ToString();
    }
}

/// <param name="Text">What it says.</param>
/// <param name="Mrkdwn">Whether its markup is read.</param>
/// <param name="Parse">Whether names and addresses in it are made links: not.</param>
internal sealed record SlackMessage(string Text, bool Mrkdwn = false, string Parse = "none", [property: JsonPropertyName("link_names")] bool LinkNames = false);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SlackMessage))]
[JsonSerializable(typeof(DiscordMessage))]
internal sealed partial class ChatsJson : JsonSerializerContext;
