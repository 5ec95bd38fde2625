using System.Collections.Frozen;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using StatusMonitor.Storage.Alerts;

namespace StatusMonitor.Grains.Alerts.Desk;

/// <summary>
/// Sends what is queued: for each channel in order, one at a time, and the channels beside each other. Its own work is done in turns of the grain; sending is not, so a
/// slow channel holds up nobody. A channel for which too much waits loses the oldest to the dead letters, where people find it.
/// </summary>
/// <param name="store">Where the notifications are.</param>
/// <param name="senders">What sends.</param>
/// <param name="channelOf">A channel as it is now, or null.</param>
/// <param name="time">The clock.</param>
/// <param name="wake">Called in a turn when there may be something to do.</param>
/// <param name="logger">The desk's.</param>
internal sealed partial class DeskDelivery(
    IAlertStore store, IEnumerable<IChannelSender> senders, Func<long, AlertChannel?> channelOf, TimeProvider time, Action wake, ILogger logger)
{
    /// <summary>Notifications that may wait for a channel.</summary>
    public const int MostWaiting = 100;

    /// <summary>Channels that are sent to at once.</summary>
    private const int MostSending = 8;

    private const int MostNoted = 20;

    // Senders end by themselves long before.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StorePause = TimeSpan.FromSeconds(5);

    private readonly FrozenDictionary<ChannelKind, IChannelSender> _senders = senders.DistinctBy(sender => sender.Kind).ToFrozenDictionary(sender => sender.Kind);
    private readonly Dictionary<long, Line> _lines = [];
    private readonly HashSet<string> _known = [];
    private readonly HashSet<Task> _sending = [];
    private readonly HashSet<CancellationTokenSource> _patience = [];
    private bool _isStopping;

    /// <summary>Whether nothing waits.</summary>
    public bool IsIdle => _lines.Count == 0;

    /// <summary>When the next may be tried; <see cref="DateTimeOffset.MaxValue"/> if nothing waits, or for what is being sent alone.</summary>
    public DateTimeOffset NextAt => _sending.Count >= MostSending || _isStopping ? DateTimeOffset.MaxValue : _lines.Values.Where(line => !line.IsSending).Select(line => line.DueAt).DefaultIfEmpty(DateTimeOffset.MaxValue).Min();

    /// <summary>These are queued; what it knows already changes nothing.</summary>
    public void Offer(IEnumerable<StoredNotification> notifications)
    {
        foreach (var notification in notifications)
        {
            if (!_known.Add(notification.Entry.Id)) continue;
            if (!_lines.TryGetValue(notification.Entry.ChannelId, out var line)) _lines.Add(notification.Entry.ChannelId, line = new Line(notification.Entry.ChannelId));
            line.Add(notification);
        }
    }

    /// <summary>A channel has changed: what waits for it is tried now.</summary>
    public void Retry(long channel)
    {
        if (_lines.TryGetValue(channel, out var line)) line.NotBefore = DateTimeOffset.MinValue;
    }

    /// <summary>Begins to send what is due.</summary>
    public void Run()
    {
        var now = time.GetUtcNow();
        foreach (var line in _lines.Values.Where(line => !line.IsSending && line.DueAt <= now).ToList())
        {
            if (_sending.Count >= MostSending || _isStopping) return;
            line.IsSending = true;
            var sending = SendAsync(line);
            if (!sending.IsCompleted) _ = ForgetAsync(sending);
        }
    }

    /// <summary>Sends a message at once, past the queue.</summary>
    public async Task<SendResult> TryAsync(AlertChannel channel, AlertMessage message, string id)
    {
        if (!_senders.TryGetValue(channel.Kind, out var sender)) return new SendResult(SendOutcome.Refused, "This server cannot send to channels of this kind.");

        using var patience = new CancellationTokenSource(Patience, time);
        _patience.Add(patience);
        try
        {
            // Not in a turn of the grain: what a sender does between its waits is not small, and nobody need wait for it.
            return await Task.Factory.StartNew(
                () => sender.SendAsync(channel, message, id, patience.Token), CancellationToken.None, TaskCreationOptions.DenyChildAttach, TaskScheduler.Default).Unwrap();
        }
        catch (OperationCanceledException)
        {
            return new SendResult(SendOutcome.Retry, "It took too long.");
        }
        catch (Exception exception)
        {
            Log.SenderFailed(logger, exception, channel.Kind, channel.Id);
            return new SendResult(SendOutcome.Retry, "Sending failed; the server's log says why.");
        }
        finally
        {
            _patience.Remove(patience);
        }
    }

    /// <summary>Sends no more; what is under way ends first, as far as it can be told to.</summary>
    public async Task StopAsync()
    {
        _isStopping = true;
        foreach (var patience in _patience.ToArray()) await patience.CancelAsync();
        await Task.WhenAll(_sending);
    }

    private async Task ForgetAsync(Task sending)
    {
        _sending.Add(sending);
        await sending;
        _sending.Remove(sending);
        wake();
    }

    private async Task SendAsync(Line line)
    {
        try
        {
            while (!_isStopping && line.Head is { } head && line.DueAt <= time.GetUtcNow())
            {
                line.Unsettled ??= line.Count > MostWaiting
                    ? Dead(head, $"More than {MostWaiting} messages waited for the channel, and this was the oldest.")
                    : await TryAsync(head);
                if (line.Unsettled is not { } result) return;

                // Until that is stored nothing else is sent: a channel that took it must not get it again.
                if (!await store.SettleAsync(result) || result.State != NotificationState.Queued)
                {
                    line.RemoveHead();
                    _known.Remove(head.Entry.Id);
                }
                else
                {
                    line.ReplaceHead(result);
                }

                line.Unsettled = null;
                if (result.State == NotificationState.Dead) await NoteAsync(result);
            }
        }
        catch (Exception exception)
        {
            Log.NotSettled(logger, exception, line.Channel);
            line.PausedUntil = time.GetUtcNow() + StorePause;
        }
        finally
        {
            line.IsSending = false;
            if (line.Head is null) _lines.Remove(line.Channel);
        }
    }

    /// <summary>A try, and what came of it; null if the server ends.</summary>
    private async Task<StoredNotification?> TryAsync(StoredNotification notification)
    {
        if (channelOf(notification.Entry.ChannelId) is not { } channel) return Dead(notification, "The channel was removed.");
        if (!channel.IsEnabled) return Dead(notification, "The channel is switched off.");

        if (!MessageComposer.TryRead(notification.Entry.Payload, out var message)) return Dead(notification, "The stored message cannot be read.");

        var result = await TryAsync(channel, message, notification.Entry.Id);
        var now = time.GetUtcNow();
        var tried = notification with { Attempts = notification.Attempts + 1, Error = result.Error };
        switch (result.Outcome)
        {
            case SendOutcome.Accepted:
                return tried with { State = NotificationState.Sent, DueAt = now, Error = null, Reference = result.Reference };
            case SendOutcome.Refused:
                return tried with { State = NotificationState.Dead, DueAt = now, Error = result.Error ?? "The channel refused it." };
            case SendOutcome.Retry when _isStopping:
                return null;
            default:
                var due = now + Backoff.After(tried.Attempts, result.RetryAfter, Random.Shared.NextDouble());
                return due > notification.Entry.CreatedAt + Backoff.GiveUpAfter
                    ? tried with { State = NotificationState.Dead, DueAt = now, Error = $"Given up after {Quantity.Of(now - notification.Entry.CreatedAt)}: {result.Error ?? "the channel did not take it."}" }
                    : tried with { DueAt = due };
        }
    }

    /// <summary>Says in the story of its incidents that a message is dead. What it cannot say the list of dead letters does.</summary>
    private async Task NoteAsync(StoredNotification dead)
    {
        Log.Dead(logger, dead.Entry.Id, dead.Entry.ChannelId, dead.Error);
        var text = $"{channelOf(dead.Entry.ChannelId)?.Name ?? "A removed channel"}: {dead.Error}";
        foreach (var incident in dead.Entry.Incidents.Take(MostNoted))
        {
            await store.ChangeAsync(new IncidentChange(incident, null, new IncidentEvent(dead.DueAt, "notFailed", Text: text)));
        }
    }

    private StoredNotification Dead(StoredNotification notification, string error) =>
        notification with { State = NotificationState.Dead, DueAt = time.GetUtcNow(), Error = error };

    /// <summary>What waits for one channel, oldest first.</summary>
    private sealed class Line(long channel)
    {
        private readonly List<StoredNotification> _waiting = [];

        public long Channel { get; } = channel;

        public bool IsSending { get; set; }

        /// <summary>What became of the first, while that is not stored.</summary>
        public StoredNotification? Unsettled { get; set; }

        /// <summary>When the first may be tried.</summary>
        public DateTimeOffset NotBefore { get; set; } = DateTimeOffset.MinValue;

        /// <summary>Until when nothing is done, because the store failed.</summary>
        public DateTimeOffset PausedUntil { get; set; } = DateTimeOffset.MinValue;

        public int Count => _waiting.Count;

        public StoredNotification? Head => _waiting is [var head, ..] ? head : null;

        public DateTimeOffset DueAt => Unsettled is not null || _waiting.Count > MostWaiting || NotBefore < PausedUntil ? PausedUntil : NotBefore;

        public void Add(StoredNotification notification)
        {
            var place = _waiting.Count;
            // The first stays the first while it is being sent, or what became of it is not stored.
            while (place > (IsSending || Unsettled is not null ? 1 : 0) && _waiting[place - 1].Entry.CreatedAt > notification.Entry.CreatedAt) place--;
            _waiting.Insert(place, notification);
            if (place == 0) NotBefore = notification.DueAt;
        }

        public void RemoveHead()
        {
            _waiting.RemoveAt(0);
            NotBefore = Head?.DueAt ?? DateTimeOffset.MinValue;
        }

        public void ReplaceHead(StoredNotification head)
        {
            _waiting[0] = head;
            NotBefore = head.DueAt;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "What became of a message to channel {Channel} could not be stored; trying again.")]
        public static partial void NotSettled(ILogger logger, Exception exception, long channel);

        [LoggerMessage(LogLevel.Warning, "Sending to a channel of kind {Kind} failed ({Channel}).")]
        public static partial void SenderFailed(ILogger logger, Exception exception, ChannelKind kind, long channel);

        [LoggerMessage(LogLevel.Warning, "Message {Notification} will not reach channel {Channel}: {Reason}")]
        public static partial void Dead(ILogger logger, string notification, long channel, string? reason);
    }
}
