using Microsoft.Extensions.Logging;

namespace StatusMonitor.Channels.Telegram;

/// <summary>Sends what the bot answers, in the chat's turn, and again if Telegram is busy; an answer that nobody gets in half a minute is not waited for.</summary>
internal sealed partial class ChatReplies(BotApi api, ChatPace pace, TimeProvider time, ILogger<ChatReplies> logger)
{
    private const int MaxTries = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public async Task SayAsync(string chat, string text, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            if (!pace.TryBook(chat, Patience, out var wait)) return;
            if (wait > TimeSpan.Zero) await Task.Delay(wait, time, cancellationToken);
            var reply = await api.SendAsync(new SendMessage(chat, text, TelegramText.ParseMode, new LinkPreview(true)), cancellationToken);
            if (reply.Failure is not { } failure) return;

            if (failure.RetryAfter is { } pause) pace.Pause(chat, pause);
            if (tries == MaxTries || failure.Code is >= 400 and < 500 and not 429 || failure.RetryAfter > Patience)
            {
                Log.NotSaid(logger, failure.Description);
                return;
            }

            if (failure.RetryAfter is null) await Task.Delay(TimeSpan.FromSeconds(tries), time, cancellationToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "An answer to a Telegram chat was not taken: {Reason}")]
        public static partial void NotSaid(ILogger logger, string reason);
    }
}
