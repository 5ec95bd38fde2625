using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using StatusMonitor.Channels.Net;
using StatusMonitor.Channels.Text;
using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Channels.Ntfy;

/// <summary>Publishes to a topic of ntfy, as JSON (https://docs.ntfy.sh/publish/#publish-as-json).</summary>
internal sealed class NtfySender(ChannelHttp http, IOptions<ChannelOptions> options) : IChannelSender
{
    private const string PublicServer = "https://ntfy.sh";

    // Beyond it the server makes an attachment of the message.
    private const int MaxMessageBytes = 4000;
    private const int MaxTitle = 200;

    public ChannelKind Kind => ChannelKind.Ntfy;

    public ImmutableArray<string> Secrets { get; } = ["token"];

    public Dictionary<string, string[]>? Errors(ImmutableDictionary<string, string> settings)
    {
        var check = new SettingsCheck(settings);
        if (check.Url("server", isNeeded: false) is { Query.Length: > 0 }) check.Wrong("server", "must have no part after ?");
        if (check.Text("topic", 64) is { } topic && !topic.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')) check.Wrong("topic", "must have only letters, digits, - and _");
        check.HeaderValue("token", 200);
        return check.Errors();
    }

    public Task<SendResult> SendAsync(AlertChannel channel, AlertMessage message, string notificationId, CancellationToken cancellationToken)
    {
        var server = channel.Settings.GetValueOrDefault("server") is { Length: > 0 } own ? own : PublicServer;
        var body = new Publication(
            channel.Settings["topic"],
            Texts.Line(message.Title, MaxTitle),
            MessageText.Compose(message, TextStyle.PlainBytes(MaxMessageBytes), null),
            Priority(message),
            [Tag(message)],
            options.Value.LinkTo(message.Path));
        var request = new HttpRequestMessage(HttpMethod.Post, server.TrimEnd('/') + "/") { Content = JsonContent.Create(body, NtfyJson.Default.Publication) };
        if (channel.Settings.GetValueOrDefault("token") is { Length: > 0 } token) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return http.SendAsync(request, cancellationToken);
    }

    /// <summary>1 to 5: five rings through everything, three is as usual.</summary>
    private static int Priority(AlertMessage message) => message.Kind switch
    {
        MessageKind.Fired or MessageKind.Repeated or MessageKind.Escalated or MessageKind.Classic => message.Severity switch { AlertSeverity.Critical => 5, AlertSeverity.Warning => 4, _ => 3 },
        _ => 3,
    };

    private static string Tag(AlertMessage message) => message.Kind switch
    {
        MessageKind.Resolved or MessageKind.Steady => "white_check_mark",
        MessageKind.Flapping => "repeat",
        MessageKind.Data => "grey_question",
        MessageKind.Server => "information_source",
        MessageKind.Test => "bell",
        _ => message.Severity switch { AlertSeverity.Critical => "rotating_light", AlertSeverity.Warning => "warning", _ => "large_blue_circle" },
    };
}

internal sealed record Publication(string Topic, string Title, string Message, int Priority, string[] Tags, string? Click);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Publication))]
internal sealed partial class NtfyJson : JsonSerializerContext;
