using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Channels.Webhook;

/// <summary>What a webhook without a template gets. Its members are never taken away or given another meaning; more may come.</summary>
/// <param name="Id">The notification; the same when it comes again.</param>
/// <param name="Kind">What it is about, as <see cref="MessageKind"/> writes itself.</param>
/// <param name="Title">It in a line.</param>
/// <param name="Text">More in words, or null.</param>
/// <param name="Severity">The worst of its alerts.</param>
/// <param name="At">When it was decided.</param>
/// <param name="Url">Where the dashboard shows it, or null if nobody said where the dashboard is.</param>
/// <param name="Count">How many alerts there are in all.</param>
/// <param name="Alerts">The first 500 of them, worst first.</param>
internal sealed record WebhookBody(
    string Id,
    MessageKind Kind,
    string Title,
    string? Text,
    AlertSeverity Severity,
    DateTimeOffset At,
    string? Url,
    int Count,
    ImmutableArray<WebhookAlert> Alerts)
{
    public static WebhookBody Of(AlertMessage message, string notificationId, ChannelOptions options) => new(
        notificationId,
        message.Kind,
        message.Title,
        message.Text,
        message.Severity,
        message.At.ToUniversalTime(),
        options.LinkTo(message.Path),
        Math.Max(message.Count, message.Items.Length),
        [.. message.Items.Select(item => WebhookAlert.Of(item, options))]);

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, WebhookJson.Default.WebhookBody);
}

/// <summary>One alert of it.</summary>
internal sealed record WebhookAlert(
    string Incident,
    WebhookHost Host,
    string Rule,
    AlertSeverity Severity,
    string Summary,
    DateTimeOffset OpenedAt,
    DateTimeOffset? ResolvedAt,
    bool IsOpen,
    string? AcknowledgedBy,
    string? Url,
    ImmutableArray<WebhookProcess> Processes)
{
    public static WebhookAlert Of(AlertMessageItem item, ChannelOptions options) => new(
        item.IncidentId,
        new WebhookHost(item.HostId, item.HostName),
        item.RuleName,
        item.Severity,
        item.Summary,
        item.OpenedAt.ToUniversalTime(),
        item.ResolvedAt?.ToUniversalTime(),
        item.IsOpen,
        item.AcknowledgedBy,
        options.LinkTo($"/alerts/{item.IncidentId}"),
        item.Processes.IsDefault ? [] : [.. item.Processes.Select(process => new WebhookProcess(process.Id, process.Name, process.CpuPercent, process.MemoryBytes))]);
}

/// <summary>Its host.</summary>
internal sealed record WebhookHost(long Id, string Name);

/// <summary>What ran when it began.</summary>
internal sealed record WebhookProcess(int Id, string Name, double CpuPercent, long MemoryBytes);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(WebhookBody))]
[JsonSerializable(typeof(string))]
internal sealed partial class WebhookJson : JsonSerializerContext;
