using System.Text.Json.Serialization;

namespace StatusMonitor.Channels.Telegram;

// The part of the Bot API that is used here (https://core.telegram.org/bots/api), under its own names.

/// <summary>Every answer.</summary>
internal sealed record BotAnswer<T>(bool Ok, T? Result, int? ErrorCode, string? Description, BotParameters? Parameters);

/// <summary>What an error says besides.</summary>
internal sealed record BotParameters(int? RetryAfter, long? MigrateToChatId);

internal sealed record BotUser(long Id, bool IsBot, string? FirstName, string? LastName, string? Username);

internal sealed record BotChat(long Id, string? Type, string? Title, string? Username, string? FirstName)
{
    [JsonIgnore]
    public bool IsPrivate => Type == "private";
}

internal sealed record BotMessage(long MessageId, BotChat Chat, BotUser? From, long Date, string? Text, long? MigrateToChatId);

internal sealed record BotCallback(string Id, BotUser From, BotMessage? Message, string? Data);

internal sealed record BotUpdate(long UpdateId, BotMessage? Message, BotCallback? CallbackQuery);

internal sealed record GetUpdates(long? Offset, int Limit, int Timeout, string[] AllowedUpdates);

internal sealed record SendMessage(string ChatId, string Text, string ParseMode, LinkPreview? LinkPreviewOptions = null, Keyboard? ReplyMarkup = null);

internal sealed record EditMessageText(string ChatId, long MessageId, string Text, string ParseMode, LinkPreview? LinkPreviewOptions = null, Keyboard? ReplyMarkup = null);

internal sealed record LinkPreview(bool IsDisabled);

internal sealed record Keyboard(Button[][] InlineKeyboard);

internal sealed record Button(string Text, string? CallbackData = null, string? Url = null);

internal sealed record AnswerCallbackQuery(string CallbackQueryId, string Text);

internal sealed record SetMyCommands(BotCommand[] Commands);

internal sealed record BotCommand(string Command, string Description);

internal sealed record SetWebhook(string Url, string SecretToken, string[] AllowedUpdates, int MaxConnections);

internal sealed record Nothing;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BotAnswer<BotUser>))]
[JsonSerializable(typeof(BotAnswer<BotMessage>))]
[JsonSerializable(typeof(BotAnswer<BotUpdate[]>))]
[JsonSerializable(typeof(BotAnswer<bool>))]
[JsonSerializable(typeof(BotUpdate))]
[JsonSerializable(typeof(GetUpdates))]
[JsonSerializable(typeof(SendMessage))]
[JsonSerializable(typeof(EditMessageText))]
[JsonSerializable(typeof(AnswerCallbackQuery))]
[JsonSerializable(typeof(SetMyCommands))]
[JsonSerializable(typeof(SetWebhook))]
[JsonSerializable(typeof(Nothing))]
internal sealed partial class BotJson : JsonSerializerContext;
