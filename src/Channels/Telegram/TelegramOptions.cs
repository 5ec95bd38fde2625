using System.Security.Cryptography;
using System.Text;

namespace StatusMonitor.Channels.Telegram;

/// <summary>How the server reaches its Telegram bot.</summary>
public sealed class TelegramOptions
{
    /// <summary>Where Telegram brings updates, below the address of the dashboard. Not among our own API's paths: what comes there is Telegram's to say.</summary>
    public const string WebhookPath = "/api/telegram/webhook";

    /// <summary>Where the Bot API is, unless another is given.</summary>
    public const string PublicApi = "https://api.telegram.org";

    /// <summary>The bot's token, as BotFather gave it. Never logged. Default: none, and there is no bot.</summary>
    public string? Token { get; set; }

    /// <summary>Where the Bot API is. The operator's choice, so it may be inside. Default: <see cref="PublicApi"/>.</summary>
    public string ApiUrl { get; set; } = PublicApi;

    /// <summary>Whether Telegram brings what people write, to the address of the dashboard; else the server asks for it. Default: the server asks.</summary>
    public bool UsesWebhook { get; set; }

    /// <summary>How long Telegram may keep a question for news open. Longer costs fewer requests. Default: 25 s.</summary>
    public TimeSpan PollWait { get; set; } = TimeSpan.FromSeconds(25);

    /// <summary>How long any other request may take. Default: 10 s.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the other is left to listen if two use the same bot.</summary>
    internal TimeSpan AfterConflict { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Whether there is a bot.</summary>
    public bool IsConfigured => !string.IsNullOrEmpty(Token);

    /// <summary>What Telegram shows when it brings something, so that nobody else can: made of the token, so that every server of a cluster knows it and none has to keep it.</summary>
    public string WebhookSecret => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Token ?? ""), "statusmonitor webhook"u8));
}
