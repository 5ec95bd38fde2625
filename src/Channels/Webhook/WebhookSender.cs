using System.Collections.Immutable;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using StatusMonitor.Channels.Net;
using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Channels.Webhook;

/// <summary>
/// Posts JSON. The header <c>Idempotency-Key</c> is the notification's id, by which a receiver knows a repeat. With a secret, <c>X-StatusMonitor-Signature</c> is
/// <c>sha256=</c> and the HMAC-SHA256 of <c>X-StatusMonitor-Timestamp</c> (Unix seconds), a full stop and the body, in hexadecimal.
/// </summary>
internal sealed class WebhookSender(ChannelHttp http, IOptions<ChannelOptions> options, TimeProvider time) : IChannelSender
{
    private const string HeaderPrefix = "header.";
    private const int MaxHeaders = 10;
    private const int MaxHeaderName = 60;
    private const int MaxTemplate = 8 * 1024;

    // Ours to set, or the connection's.
    private static readonly HashSet<string> OwnHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "Host", "Connection", "Content-Length", "Content-Type", "Content-Encoding", "Transfer-Encoding", "TE", "Trailer", "Upgrade", "Expect", "Keep-Alive", "Proxy-Authorization",
        "Idempotency-Key", "X-StatusMonitor-Timestamp", "X-StatusMonitor-Signature",
    };

    public ChannelKind Kind => ChannelKind.Webhook;

    public ImmutableArray<string> Secrets { get; } = ["url", "secret", HeaderPrefix + "*"];

    public Dictionary<string, string[]>? Errors(ImmutableDictionary<string, string> settings)
    {
        var check = new SettingsCheck(settings);
        check.Url("url");
        check.Text("secret", 200, isNeeded: false);
        if (check.Text("template", MaxTemplate, isNeeded: false, mayHaveLines: true) is { } template && WebhookTemplate.Error(template) is { } error) check.Wrong("template", error);

        var headers = settings.Keys.Where(name => name.StartsWith(HeaderPrefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToArray();
        foreach (var name in headers)
        {
            var header = name[HeaderPrefix.Length..];
            check.HeaderValue(name, 1000, isNeeded: true);
            if (header.Length is 0 or > MaxHeaderName || !header.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')) check.Wrong(name, "is no name of a header: letters, digits and hyphens");
            else if (OwnHeaders.Contains(header)) check.Wrong(name, "cannot be set");
        }

        foreach (var name in headers.Skip(MaxHeaders)) check.Wrong(name, "is one too many: there may be 10 headers");
        return check.Errors();
    }

    public Task<SendResult> SendAsync(AlertChannel channel, AlertMessage message, string notificationId, CancellationToken cancellationToken)
    {
        var body = channel.Settings.GetValueOrDefault("template") is { Length: > 0 } template
            ? WebhookTemplate.Fill(template, message, notificationId, options.Value)
            : WebhookBody.Of(message, notificationId, options.Value).ToJson();
        var request = new HttpRequestMessage(HttpMethod.Post, channel.Settings["url"]) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        foreach (var (name, value) in channel.Settings.Where(setting => setting.Key.StartsWith(HeaderPrefix, StringComparison.Ordinal)))
        {
            request.Headers.TryAddWithoutValidation(name[HeaderPrefix.Length..], value);
        }

        request.Headers.TryAddWithoutValidation("Idempotency-Key", notificationId);
        if (channel.Settings.GetValueOrDefault("secret") is { Length: > 0 } secret) Sign(request, secret, body);
        return http.SendAsync(request, cancellationToken);
    }

    private void Sign(HttpRequestMessage request, string secret, byte[] body)
    {
        var timestamp = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.ASCII.GetBytes(timestamp), (byte)'.', .. body];
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed);
        request.Headers.TryAddWithoutValidation("X-StatusMonitor-Timestamp", timestamp);
        request.Headers.TryAddWithoutValidation("X-StatusMonitor-Signature", $"sha256={Convert.ToHexStringLower(signature)}");
    }
}
