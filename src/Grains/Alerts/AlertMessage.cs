using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace StatusMonitor.Grains.Alerts;

/// <summary>What a message to people is about.</summary>
[JsonConverter(typeof(MessageKindConverter))]
public enum MessageKind
{
    /// <summary>Alerts fire.</summary>
    Fired,

    /// <summary>They are over.</summary>
    Resolved,

    /// <summary>They still fire, and nobody has taken them up.</summary>
    Repeated,

    /// <summary>Likewise, and it is others' turn to know.</summary>
    Escalated,

    /// <summary>An alert changes so often that it is told of no more until it keeps still.</summary>
    Flapping,

    /// <summary>It keeps still again.</summary>
    Steady,

    /// <summary>The series of an alert has no values any more, or has them again.</summary>
    Data,

    /// <summary>About the server itself: it was away.</summary>
    Server,

    /// <summary>Somebody tries the channel.</summary>
    Test,

    /// <summary>A rule of the older StatusMonitor, in its own words.</summary>
    Classic,
}

/// <summary>Writes it as the word people read.</summary>
public sealed class MessageKindConverter() : JsonStringEnumConverter<MessageKind>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);

/// <summary>One alert of a message.</summary>
/// <param name="IncidentId">Its incident.</param>
/// <param name="HostId">The host.</param>
/// <param name="HostName">Its name; whatever people wrote.</param>
/// <param name="RuleName">The rule's name.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Summary">What is wrong, or is over, in words of ours without markup: <c>cpu.percent is 97.3 %, at or above 90 % for 5 min</c>.</param>
/// <param name="OpenedAt">When it began.</param>
/// <param name="ResolvedAt">When it was over, or null.</param>
/// <param name="IsOpen">Whether it goes on as far as is known.</param>
/// <param name="AcknowledgedBy">Who has taken it up, or null.</param>
/// <param name="Processes">What ran when it began, most first; may be empty.</param>
[GenerateSerializer, Immutable, Alias("StatusMonitor.AlertMessageItem")]
public sealed record AlertMessageItem(
    [property: Id(0)] string IncidentId,
    [property: Id(1)] long HostId,
    [property: Id(2)] string HostName,
    [property: Id(3)] string RuleName,
    [property: Id(4)] AlertSeverity Severity,
    [property: Id(5)] string Summary,
    [property: Id(6)] DateTimeOffset OpenedAt,
    [property: Id(7)] DateTimeOffset? ResolvedAt,
    [property: Id(8)] bool IsOpen,
    [property: Id(9)] string? AcknowledgedBy,
    [property: Id(10)] ImmutableArray<ProcessSighting> Processes);

/// <summary>What people are told, before a channel gives it its shape.</summary>
[GenerateSerializer, Immutable, Alias("StatusMonitor.AlertMessage")]
public sealed record AlertMessage
{
    /// <summary>What it is about.</summary>
    [Id(0)]
    public required MessageKind Kind { get; init; }

    /// <summary>It in a line, without markup: <c>47 hosts offline</c>, <c>web-1: CPU busy</c>.</summary>
    [Id(1)]
    public required string Title { get; init; }

    /// <summary>The worst of its alerts.</summary>
    [Id(2)]
    public AlertSeverity Severity { get; init; }

    /// <summary>When it was decided.</summary>
    [Id(3)]
    public required DateTimeOffset At { get; init; }

    /// <summary>The alerts it is about; at most 500, worst first.</summary>
    [Id(4)]
    public ImmutableArray<AlertMessageItem> Items { get; init; } = [];

    /// <summary>How many there are in all.</summary>
    [Id(5)]
    public int Count { get; init; }

    /// <summary>More in words, without markup; or null. Of <see cref="MessageKind.Classic"/> the whole text as the older StatusMonitor wrote it, Markdown escaped.</summary>
    [Id(6)]
    public string? Text { get; init; }

    /// <summary>Where the dashboard shows it, as a path such as <c>/alerts/5-17</c>.</summary>
    [Id(7)]
    public string Path { get; init; } = "/alerts";

    /// <summary>The channel's name of the message that this takes the place of, where a channel can do that; or null.</summary>
    [Id(8)]
    public string? Replaces { get; init; }
}

/// <summary>A kind of channel.</summary>
[JsonConverter(typeof(ChannelKindConverter))]
public enum ChannelKind
{
    /// <summary>A chat with the bot. Settings: <c>chat</c>.</summary>
    Telegram,

    /// <summary>E-mail. Settings: <c>to</c>, <c>from</c>, <c>host</c>, <c>port</c>, <c>security</c> (<c>tls</c>, <c>startTls</c>, <c>none</c>), <c>username</c>, <c>password</c> (secret).</summary>
    Email,

    /// <summary>A POST of JSON. Settings: <c>url</c> (secret), <c>template</c>, <c>secret</c> (secret; signs with HMAC-SHA256), <c>header.*</c> (secret).</summary>
    Webhook,

    /// <summary>ntfy. Settings: <c>server</c>, <c>topic</c>, <c>token</c> (secret).</summary>
    Ntfy,

    /// <summary>A webhook as Slack has it. Settings: <c>url</c> (secret).</summary>
    Slack,

    /// <summary>A webhook as Discord has it. Settings: <c>url</c> (secret).</summary>
    Discord,
}

/// <summary>Writes it as the word people read.</summary>
public sealed class ChannelKindConverter() : JsonStringEnumConverter<ChannelKind>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);

/// <summary>Where notifications of an account go.</summary>
[GenerateSerializer, Immutable, Alias("StatusMonitor.AlertChannel")]
public sealed record AlertChannel
{
    /// <summary>Number within its account; never given again.</summary>
    [Id(0)]
    public long Id { get; init; }

    /// <summary>What people call it; 1 to 100 characters.</summary>
    [Id(1)]
    public required string Name { get; init; }

    /// <summary>What it is.</summary>
    [Id(2)]
    public required ChannelKind Kind { get; init; }

    /// <summary>Whether it is used.</summary>
    [Id(3)]
    public bool IsEnabled { get; init; } = true;

    /// <summary>What its kind needs to know, by name. Some are secret: never logged, and never shown again.</summary>
    [Id(4)]
    public ImmutableDictionary<string, string> Settings { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>When it was made.</summary>
    [Id(5)]
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Whether it is the older StatusMonitor's recipient, which gets classic rules alone; one an account at most.</summary>
    [Id(6)]
    public bool IsClassic { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Kind} {Id}";
}

/// <summary>What a channel made of a message.</summary>
public enum SendOutcome
{
    /// <summary>It has it.</summary>
    Accepted,

    /// <summary>Not now; it is to be tried again.</summary>
    Retry,

    /// <summary>Never.</summary>
    Refused,
}

/// <summary>What a channel made of a message.</summary>
/// <param name="Outcome">It has it, not now, or never.</param>
/// <param name="Error">Why not, in a sentence for people, without secrets; or null.</param>
/// <param name="RetryAfter">How long it wants to be left alone, or null.</param>
/// <param name="Reference">What it calls the message, for changing it later; or null.</param>
[GenerateSerializer, Immutable, Alias("StatusMonitor.SendResult")]
public sealed record SendResult(
    [property: Id(0)] SendOutcome Outcome,
    [property: Id(1)] string? Error = null,
    [property: Id(2)] TimeSpan? RetryAfter = null,
    [property: Id(3)] string? Reference = null);

/// <summary>Sends messages to one kind of channel.</summary>
public interface IChannelSender
{
    /// <summary>The kind.</summary>
    ChannelKind Kind { get; }

    /// <summary>What is wrong with settings, messages by name of the setting; null if nothing is.</summary>
    Dictionary<string, string[]>? Errors(ImmutableDictionary<string, string> settings);

    /// <summary>Names of settings that are never shown again; a star at the end stands for anything.</summary>
    ImmutableArray<string> Secrets { get; }

    /// <summary>Sends a message. Never throws but for cancellation; ends within some 15 s.</summary>
    /// <param name="channel">Where to.</param>
    /// <param name="message">What.</param>
    /// <param name="notificationId">Given to the channel where it can tell a repeat by it.</param>
    /// <param name="cancellationToken">The server ends.</param>
    Task<SendResult> SendAsync(AlertChannel channel, AlertMessage message, string notificationId, CancellationToken cancellationToken);
}
