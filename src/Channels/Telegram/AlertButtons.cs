using System.Text;
using Microsoft.Extensions.Options;
using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Channels.Telegram;

/// <summary>What a button under an alert does.</summary>
internal enum AlertAction
{
    /// <summary>Takes the alerts up.</summary>
    Acknowledge,

    /// <summary>Silences them for an hour.</summary>
    Mute,
}

/// <summary>What a press of a button says.</summary>
/// <param name="Action">What to do.</param>
/// <param name="IncidentId">The first alert of the message.</param>
/// <param name="NotificationId">The notification, by which its other alerts are found; or null if it did not go in.</param>
internal sealed record AlertPress(AlertAction Action, string IncidentId, string? NotificationId)
{
    public static AlertPress? Parse(string? data) => data?.Split('|') switch
    {
        [var action, var incident, .. var rest] when action is "a" or "m" && incident.Length > 0 && rest.Length <= 1 =>
            new AlertPress(action == "a" ? AlertAction.Acknowledge : AlertAction.Mute, incident, rest.Length == 1 && rest[0].Length > 0 ? rest[0] : null),
        _ => null,
    };
}

/// <summary>The buttons under a message.</summary>
internal sealed class AlertButtons(IOptions<ChannelOptions> options)
{
    // https://core.telegram.org/bots/api#inlinekeyboardbutton
    private const int MaxData = 64;

    /// <summary>The buttons, or null if there are none. Only alerts that go on can be taken up or muted.</summary>
    public Keyboard? For(AlertMessage message, string notificationId)
    {
        var rows = new List<Button[]>();
        if (message.Items.FirstOrDefault(item => item.IsOpen) is { } first)
        {
            var mute = new Button("🔇 Mute 1 h", Data("m", first.IncidentId, notificationId));
            rows.Add(message.Items.Any(item => item is { IsOpen: true, AcknowledgedBy: null }) ? [new Button("✔ Acknowledge", Data("a", first.IncidentId, notificationId)), mute] : [mute]);
        }

        if (options.Value.LinkTo(message.Path) is { } link && IsReachable(link)) rows.Add([new Button("Open dashboard", Url: link)]);
        return rows.Count > 0 ? new Keyboard([.. rows]) : null;
    }

    /// <summary>Telegram refuses a whole message for a button that leads to this machine.</summary>
    private static bool IsReachable(string link) => Uri.TryCreate(link, UriKind.Absolute, out var url) && !url.IsLoopback && url.Host.Contains('.', StringComparison.Ordinal);

    private static string Data(string action, string incident, string notification)
    {
        var whole = $"{action}|{incident}|{notification}";
        return Encoding.UTF8.GetByteCount(whole) <= MaxData ? whole : $"{action}|{incident}";
    }
}
