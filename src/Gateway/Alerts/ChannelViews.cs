using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Gateway.Alerts;

/// <summary>Body of <c>POST /api/v1/channels</c> and <c>PUT /api/v1/channels/{id}</c>.</summary>
/// <param name="Name">What people call it; 1 to 100 characters.</param>
/// <param name="Kind">What it is; never changes.</param>
/// <param name="Enabled">Whether it is used; left out, it is, or stays as it was.</param>
/// <param name="Settings">What its kind needs to know. An empty text is no setting; a secret that is left out stays as it was.</param>
internal sealed record ChannelRequest(string? Name, string? Kind, bool? Enabled, IReadOnlyDictionary<string, string?>? Settings);

/// <summary>A channel as its owner sees it.</summary>
/// <param name="Id">Number within the account.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Enabled">Whether it is used.</param>
/// <param name="Settings">Its settings that are no secret.</param>
/// <param name="Secrets">Names of the secrets it has; they are never shown.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="Classic">Whether it is the recipient of the older StatusMonitor.</param>
internal sealed record ChannelView(
    long Id, string Name, ChannelKind Kind, bool Enabled, IReadOnlyDictionary<string, string> Settings, IReadOnlyList<string> Secrets, DateTimeOffset CreatedAt, bool Classic)
{
    public static ChannelView Of(AlertChannel channel, IChannelSender sender) => new(
        channel.Id,
        channel.Name,
        channel.Kind,
        channel.IsEnabled,
        channel.Settings.Where(setting => !sender.IsSecret(setting.Key)).OrderBy(setting => setting.Key, StringComparer.Ordinal).ToDictionary(),
        [.. channel.Settings.Keys.Where(sender.IsSecret).Order(StringComparer.Ordinal)],
        channel.CreatedAt,
        channel.IsClassic);
}

/// <summary>The channels of an account, and what there is to make them with.</summary>
internal sealed record ChannelsView(IReadOnlyList<ChannelView> Channels, AvailableChannels Available);

/// <summary>What the server has for channels.</summary>
internal sealed record AvailableChannels(TelegramView Telegram);

/// <summary>The server's Telegram bot.</summary>
/// <param name="Enabled">Whether there is one.</param>
/// <param name="Bot">Its user name, or null while that is not known.</param>
/// <param name="Problem">Why it does not work, in a sentence; or null.</param>
internal sealed record TelegramView(bool Enabled, string? Bot, string? Problem);

/// <summary>What became of a test message: <c>accepted</c>, <c>retry</c> (not now) or <c>refused</c>.</summary>
internal sealed record ChannelTestView(string Outcome, string? Error);

/// <summary>A code that links a chat to the account.</summary>
/// <param name="Code">What is sent to the bot behind <c>/start</c>; good once.</param>
/// <param name="Url">Opens a chat with the bot and sends it; null while the bot's name is not known.</param>
/// <param name="GroupUrl">Adds the bot to a group and sends it there; likewise.</param>
/// <param name="Bot">The bot's user name; likewise.</param>
/// <param name="ExpiresAt">Until when the code is good.</param>
internal sealed record TelegramLinkView(string Code, string? Url, string? GroupUrl, string? Bot, DateTimeOffset ExpiresAt);

internal static class ChannelSecrets
{
    /// <summary>Whether a setting is one that is never shown.</summary>
    public static bool IsSecret(this IChannelSender sender, string setting) =>
        sender.Secrets.Any(name => name.EndsWith('*') ? setting.StartsWith(name[..^1], StringComparison.Ordinal) : name == setting);
}
