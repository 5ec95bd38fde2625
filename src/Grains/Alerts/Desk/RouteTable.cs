using System.Collections.Immutable;

namespace StatusMonitor.Grains.Alerts.Desk;

/// <summary>Where an alert goes.</summary>
/// <param name="Channels">At once.</param>
/// <param name="Escalations">If nobody takes it up, by time.</param>
internal sealed record AlertDestinations(ImmutableArray<long> Channels, ImmutableArray<Escalation> Escalations);

/// <summary>Says where alerts go: by the routes, and only to channels that are there and used. Pure.</summary>
internal sealed class RouteTable(AlertRouting routing, ImmutableArray<AlertChannel> channels)
{
    private readonly ImmutableArray<long> _all = [.. channels.Where(channel => channel is { IsEnabled: true, IsClassic: false }).Select(channel => channel.Id)];

    /// <summary>Channels of things that no route can match, such as what the server says of itself.</summary>
    public ImmutableArray<long> All => _all;

    /// <summary>The channel of classic rules, or null. One may be kept without a chat: that is none.</summary>
    public long? Classic { get; } = channels.FirstOrDefault(channel => channel is { IsEnabled: true, IsClassic: true } && channel.Settings.GetValueOrDefault(ClassicAlertText.ChatSetting) is { Length: > 0 })?.Id;

    /// <summary>Where an alert goes.</summary>
    public AlertDestinations Of(AlertSeverity severity, string? group, ImmutableArray<string> tags, long ruleId)
    {
        if (routing.Routes.IsEmpty) return new AlertDestinations(_all, []);

        var (found, escalations) = (new List<long>(), new List<Escalation>());
        foreach (var route in routing.Routes)
        {
            if (!IsMatch(route, severity, group, tags, ruleId)) continue;
            found.AddRange(route.Channels);
            escalations.AddRange(route.Escalations);
            if (route.IsLast) break;
        }

        return new AlertDestinations(Usable(found), [.. escalations.Select(step => step with { Channels = Usable(step.Channels) }).OrderBy(step => step.After)]);
    }

    /// <summary>The same without a channel that is removed.</summary>
    public static AlertRouting Without(AlertRouting routing, long channel) => routing with
    {
        Routes = [.. routing.Routes.Select(route => route with
        {
            Channels = route.Channels.RemoveAll(id => id == channel),
            Escalations = [.. route.Escalations.Select(step => step with { Channels = step.Channels.RemoveAll(id => id == channel) }).Where(step => !step.Channels.IsEmpty)],
        })],
    };

    private static bool IsMatch(AlertRoute route, AlertSeverity severity, string? group, ImmutableArray<string> tags, long ruleId) =>
        (route.Severities.IsEmpty || route.Severities.Contains(severity))
        && (route.Groups.IsEmpty || (group is not null && route.Groups.Contains(group, StringComparer.OrdinalIgnoreCase)))
        && (route.Tags.IsEmpty || route.Tags.Any(tag => tags.Contains(tag, StringComparer.OrdinalIgnoreCase)))
        && (route.Rules.IsEmpty || route.Rules.Contains(ruleId));

    private ImmutableArray<long> Usable(IEnumerable<long> ids) => [.. ids.Distinct().Where(id => _all.Contains(id)).Order()];
}
