using System.Collections.Immutable;
using System.Text.Json;
using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Gateway.Alerts;

/// <summary>Makes a channel of what somebody sent, and says what is wrong with it by field.</summary>
internal sealed class ChannelInput(IEnumerable<IChannelSender> senders)
{
    private const int MaxName = 100;
    private const int MaxSettings = 40;
    private const int MaxSettingName = 100;

    // Where messages go. A secret was given for that place, and must not go to another because somebody changed it.
    private static readonly string[] Places = ["url", "server", "host"];

    private readonly Dictionary<ChannelKind, IChannelSender> _senders = senders.ToDictionary(sender => sender.Kind);

    public IChannelSender SenderOf(ChannelKind kind) => _senders[kind];

    public ChannelView ViewOf(AlertChannel channel) => ChannelView.Of(channel, SenderOf(channel.Kind));

    /// <summary>The channel that was asked for, or null with what is wrong.</summary>
    /// <param name="request">What somebody sent.</param>
    /// <param name="before">The channel it takes the place of, or null.</param>
    /// <param name="now">When a new one is made.</param>
    /// <param name="errors">What is wrong.</param>
    public AlertChannel? Read(ChannelRequest? request, AlertChannel? before, DateTimeOffset now, Dictionary<string, string[]> errors)
    {
        var name = request?.Name?.Trim() ?? "";
        if (name.Length is 0 or > MaxName || name.Any(char.IsControl)) errors["name"] = [$"must have 1 to {MaxName} characters and no control characters"];
        if (KindOf(request?.Kind, before, errors) is not { } kind) return null;

        var given = request?.Settings ?? ImmutableDictionary<string, string?>.Empty;
        if (given.Count > MaxSettings || given.Keys.Any(key => key.Length > MaxSettingName))
        {
            errors["settings"] = [$"must be at most {MaxSettings}, with names of at most {MaxSettingName} characters"];
            return null;
        }

        var sender = SenderOf(kind);
        var settings = Merge(given, before, sender, errors);
        foreach (var (setting, wrong) in sender.Errors(settings) ?? []) errors.TryAdd($"settings.{setting}", wrong);
        if (errors.Count > 0) return null;
        return (before ?? new AlertChannel { Name = name, Kind = kind, CreatedAt = now }) with { Name = name, IsEnabled = request?.Enabled ?? before?.IsEnabled ?? true, Settings = settings };
    }

    private static ChannelKind? KindOf(string? text, AlertChannel? before, Dictionary<string, string[]> errors)
    {
        var names = Enum.GetValues<ChannelKind>().ToDictionary(kind => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString()));
        if (before is not null && (text is null || names.TryGetValue(text, out var same) && same == before.Kind)) return before.Kind;
        if (before is null && text is not null && names.TryGetValue(text, out var kind)) return kind;
        errors["kind"] = [before is null ? $"must be one of {string.Join(", ", names.Keys)}" : "cannot be changed; make another channel"];
        return null;
    }

    private static ImmutableDictionary<string, string> Merge(IReadOnlyDictionary<string, string?> given, AlertChannel? before, IChannelSender sender, Dictionary<string, string[]> errors)
    {
        var kept = before?.Settings.Where(setting => sender.IsSecret(setting.Key) && !given.ContainsKey(setting.Key)).ToDictionary() ?? [];
        var settings = given.Where(setting => !string.IsNullOrEmpty(setting.Value)).Select(setting => KeyValuePair.Create(setting.Key, setting.Value!)).Concat(kept).ToImmutableDictionary();
        if (before is not null && Places.Any(place => settings.GetValueOrDefault(place) != before.Settings.GetValueOrDefault(place)))
        {
            foreach (var secret in kept.Keys.Where(key => !Places.Contains(key))) errors[$"settings.{secret}"] = ["must be given again, or be empty, because messages go elsewhere now"];
        }

        return settings;
    }
}
