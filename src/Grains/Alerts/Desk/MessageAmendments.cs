using System.Collections.Immutable;
using StatusMonitor.Storage.Alerts;

namespace StatusMonitor.Grains.Alerts.Desk;

internal static class Notification
{
    /// <summary>A message for the store, with an id that no other has.</summary>
    public static NotificationEntry Of(long accountId, long channel, AlertMessage message, ImmutableArray<string> incidents, DateTimeOffset now) =>
        new(Guid.CreateVersion7(now).ToString("D"), accountId, channel, now, message.Title, MessageComposer.Write(message), incidents);
}

/// <summary>
/// Changes of messages that people have: of channels that can change what they were sent. Only of what was sent; several changes at once make one message. Long
/// lists are left as they are.
/// </summary>
internal sealed class MessageAmendments(long accountId, IAlertStore store, ImmutableArray<AlertChannel> channels, DateTimeOffset now)
{
    private const int MostItems = 20;

    private readonly ImmutableHashSet<long> _editable = [.. channels.Where(channel => channel is { Kind: ChannelKind.Telegram, IsEnabled: true, IsClassic: false }).Select(channel => channel.Id)];
    private readonly Dictionary<(long Channel, string Reference), AlertMessage> _changed = [];

    /// <summary>What has to be sent for it.</summary>
    public IEnumerable<NotificationEntry> Entries() =>
        _changed.Select(changed => Notification.Of(accountId, changed.Key.Channel, changed.Value with { Replaces = changed.Key.Reference }, [.. changed.Value.Items.Select(item => item.IncidentId)], now));

    /// <summary>Changes the messages that tell of an incident, but for those that say so already.</summary>
    public async Task ChangeAsync(string incidentId, Func<AlertMessageItem, AlertMessageItem> change)
    {
        if (_editable.IsEmpty) return;

        var newest = new Dictionary<(long Channel, string Reference), AlertMessage>();
        var stored = await store.ReadNotificationsOfAsync(incidentId, CancellationToken.None);
        foreach (var notification in stored.Reverse())
        {
            if (notification.Entry.AccountId != accountId || notification.State == NotificationState.Dead || !_editable.Contains(notification.Entry.ChannelId)) continue;
            if (!MessageComposer.TryRead(notification.Entry.Payload, out var message) || message.Count > MostItems || message.Kind is MessageKind.Resolved) continue;
            if ((message.Replaces ?? notification.Reference) is { } reference) newest[(notification.Entry.ChannelId, reference)] = message;
        }

        foreach (var (key, sent) in newest)
        {
            var message = _changed.GetValueOrDefault(key, sent);
            var items = message.Items.Select(item => item.IncidentId == incidentId ? change(item) : item).ToImmutableArray();
            if (!items.AsSpan().SequenceEqual(message.Items.AsSpan())) _changed[key] = message with { Items = items };
        }
    }
}
