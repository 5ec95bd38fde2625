using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Options;
using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Channels.Telegram;

/// <summary>
/// Sends to chats of the bot, and changes messages that it sent. A message that can no longer be changed, because somebody deleted it, needs no correction: only what
/// people must hear in any case, that something is over, is then sent anew.
/// </summary>
internal sealed class TelegramSender(BotApi api, ChatPace pace, AlertButtons buttons, IOptions<TelegramOptions> options, TimeProvider time) : IChannelSender
{
    private const int MaxMoves = 1000;

    // Longer, and the turn is better waited for in the queue.
    private static readonly TimeSpan LongestTurn = TimeSpan.FromSeconds(3);

    // That of the older StatusMonitor.
    private static readonly TimeSpan ClassicTimeout = TimeSpan.FromSeconds(5);

    // A group that becomes a supergroup gets another id; the old one says which.
    private readonly ConcurrentDictionary<string, string> _moves = new();

    public ChannelKind Kind => ChannelKind.Telegram;

    public ImmutableArray<string> Secrets { get; } = [];

    public Dictionary<string, string[]>? Errors(ImmutableDictionary<string, string> settings)
    {
        var check = new SettingsCheck(settings);
        if (check.Text("chat", 64) is { } chat && !IsChat(chat)) check.Wrong("chat", "must be the number of a chat, or @ and the name of a public one");
        return check.Errors();
    }

    public async Task<SendResult> SendAsync(AlertChannel channel, AlertMessage message, string notificationId, CancellationToken cancellationToken)
    {
        if (!options.Value.IsConfigured) return new SendResult(SendOutcome.Retry, "The server has no Telegram bot: TELEGRAM_BOT_TOKEN is not set.");

        if (channel.Settings.GetValueOrDefault("chat") is not { Length: > 0 } given) return new SendResult(SendOutcome.Refused, "The channel has no chat.");
        var chat = _moves.GetValueOrDefault(given, given);
        var result = await SendToAsync(chat, message, notificationId, cancellationToken);
        if (result.MovedTo is not { } moved) return result.Sent;

        if (_moves.Count < MaxMoves) _moves[given] = moved;
        return (await SendToAsync(moved, message, notificationId, cancellationToken)).Sent;
    }

    /// <summary>A number, or a name as Telegram has them.</summary>
    internal static bool IsChat(string text) => text.StartsWith('@')
        ? text.Length is >= 5 and <= 33 && text.AsSpan(1).IndexOfAnyExcept(NameCharacters) < 0
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id) && id != 0 && text[0] != '+';

    private static readonly System.Buffers.SearchValues<char> NameCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

    private async Task<(SendResult Sent, string? MovedTo)> SendToAsync(string chat, AlertMessage message, string notificationId, CancellationToken cancellationToken)
    {
        if (!pace.TryBook(chat, LongestTurn, out var wait))
        {
            return (new SendResult(SendOutcome.Retry, "The chat has as many messages as Telegram allows for now.", wait), null);
        }

        if (wait > TimeSpan.Zero) await Task.Delay(wait, time, cancellationToken);
        if (message.Kind == MessageKind.Classic)
        {
            return Judge(chat, await api.SendAsync(new SendMessage(chat, message.Text ?? message.Title, "Markdown"), cancellationToken, ClassicTimeout));
        }

        var (text, keyboard) = (TelegramText.Of(message), buttons.For(message, notificationId));
        if (message.Replaces is { } reference)
        {
            if (MessageOf(reference, chat) is { } id)
            {
                var edited = await api.EditAsync(new EditMessageText(chat, id, text, TelegramText.ParseMode, new LinkPreview(true), keyboard), cancellationToken);
                if (edited.Failure is null || edited.Failure.Says("message is not modified")) return (new SendResult(SendOutcome.Accepted, Reference: reference), null);
                if (!IsGone(edited.Failure)) return Judge(chat, edited);
            }

            if (message.Kind is not (MessageKind.Resolved or MessageKind.Steady)) return (new SendResult(SendOutcome.Accepted, Reference: reference), null);
        }

        return Judge(chat, await api.SendAsync(new SendMessage(chat, text, TelegramText.ParseMode, new LinkPreview(true), keyboard), cancellationToken));
    }

    /// <summary>The number of a message of ours in this chat, or null if it is in another.</summary>
    private static long? MessageOf(string reference, string chat)
    {
        var end = reference.LastIndexOf(':');
        return end > 0 && reference[..end] == chat && long.TryParse(reference.AsSpan(end + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
    }

    private static bool IsGone(BotFailure failure) =>
        failure.Code == 400 && (failure.Says("message to edit not found") || failure.Says("message can't be edited") || failure.Says("MESSAGE_ID_INVALID"));

    private (SendResult Sent, string? MovedTo) Judge(string chat, BotReply<BotMessage> reply)
    {
        if (reply is { Result: { } sent, Failure: null })
        {
            return (new SendResult(SendOutcome.Accepted, Reference: string.Create(CultureInfo.InvariantCulture, $"{chat}:{sent.MessageId}")), null);
        }

        var failure = reply.Failure!;
        if (failure.RetryAfter is { } wait) pace.Pause(chat, wait);
        if (failure.MovedTo is { } moved) return (new SendResult(SendOutcome.Retry, "The group has become another."), moved.ToString(CultureInfo.InvariantCulture));
        return (failure.Code switch
        {
            null => new SendResult(SendOutcome.Retry, $"Telegram could not be reached. {failure.Description}"),
            429 => new SendResult(SendOutcome.Retry, "Telegram asks to be left alone for a while (429).", failure.RetryAfter),
            401 or 404 => new SendResult(SendOutcome.Retry, "Telegram does not know the bot's token."),
            400 or 403 => new SendResult(SendOutcome.Refused, Reason(failure)),
            >= 500 => new SendResult(SendOutcome.Retry, $"Telegram has trouble ({failure.Code}).", failure.RetryAfter),
            _ => new SendResult(SendOutcome.Retry, $"Telegram says: {failure.Description}", failure.RetryAfter),
        }, null);
    }

    private static string Reason(BotFailure failure)
    {
        if (failure.Says("blocked by the user")) return "The person has blocked the bot.";
        if (failure.Says("kicked")) return "The bot was removed from the group.";
        if (failure.Says("not a member")) return "The bot is not in the group or channel.";
        if (failure.Says("deactivated")) return "The chat is no more.";
        if (failure.Says("initiate conversation")) return "The bot may not write first: open a chat with it and send /start.";
        if (failure.Says("chat not found") || failure.Says("PEER_ID_INVALID")) return "There is no such chat, or nobody in it has ever written to the bot.";
        if (failure.Says("rights") || failure.Says("CHAT_WRITE_FORBIDDEN")) return "The bot may not write in the group.";
        return $"Telegram refuses it: {failure.Description}";
    }
}
