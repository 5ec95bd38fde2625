using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using StatusMonitor.Channels.Text;
using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Channels.Webhook;

/// <summary>
/// JSON of somebody's own with places such as <c>{{title}}</c> for what a message says. Texts are escaped, so a place stands within a string; <c>{{count}}</c> and
/// <c>{{alerts}}</c> are values by themselves. Whatever a message says, what comes out is the JSON that was meant.
/// </summary>
internal static partial class WebhookTemplate
{
    private const int MaxMessage = 8000;
    private static readonly string[] Names = ["alerts", "at", "count", "host", "id", "kind", "message", "rule", "severity", "text", "title", "url"];

    /// <summary>What is wrong with a template, or null.</summary>
    public static string? Error(string template)
    {
        if (Place().Matches(template).Select(match => match.Groups[1].Value).FirstOrDefault(name => !Names.Contains(name)) is { } unknown)
        {
            return $"has a place {{{{{Texts.Line(unknown, 40)}}}}}; there are {string.Join(", ", Names)}";
        }

        // A text that has a quote, and an array that is not empty: what is not where it belongs spoils the JSON.
        var sample = new AlertMessage
        {
            Kind = MessageKind.Fired,
            Title = "\"",
            At = DateTimeOffset.UnixEpoch,
            Items = [new AlertMessageItem("1-1", 1, "\"", "\"", AlertSeverity.Info, "\"", DateTimeOffset.UnixEpoch, null, true, null, [])],
            Text = "\"",
        };
        try
        {
            using var _ = JsonDocument.Parse(Fill(template, sample, "\"", new ChannelOptions { PublicUrl = "https://example.org" }));
            return null;
        }
        catch (JsonException exception)
        {
            return string.Create(CultureInfo.InvariantCulture, $"is no JSON when it is filled, near line {exception.LineNumber + 1}: places stand in strings, but for {{{{count}}}} and {{{{alerts}}}}, which do not");
        }
    }

    public static byte[] Fill(string template, AlertMessage message, string notificationId, ChannelOptions options)
    {
        var body = WebhookBody.Of(message, notificationId, options);
        return Encoding.UTF8.GetBytes(Place().Replace(template, match => match.Groups[1].Value switch
        {
            "alerts" => JsonSerializer.Serialize(body.Alerts, WebhookJson.Default.ImmutableArrayWebhookAlert),
            "at" => Escaped(body.At.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)),
            "count" => body.Count.ToString(CultureInfo.InvariantCulture),
            "host" => Escaped(message.Items.Length == 0 ? "" : message.Items[0].HostName),
            "id" => Escaped(body.Id),
            "kind" => Escaped(JsonNamingPolicy.CamelCase.ConvertName(body.Kind.ToString())),
            "message" => Escaped(MessageText.Compose(message, TextStyle.Plain(MaxMessage), body.Url)),
            "rule" => Escaped(message.Items.Length == 0 ? "" : message.Items[0].RuleName),
            "severity" => Escaped(JsonNamingPolicy.CamelCase.ConvertName(body.Severity.ToString())),
            "text" => Escaped(body.Text ?? ""),
            "title" => Escaped(body.Title),
            "url" => Escaped(body.Url ?? ""),
            _ => match.Value,
        }));
    }

    private static string Escaped(string text) => JsonSerializer.Serialize(text, WebhookJson.Default.String)[1..^1];

    [GeneratedRegex(@"\{\{\s*([A-Za-z]+)\s*\}\}")]
    private static partial Regex Place();
}
