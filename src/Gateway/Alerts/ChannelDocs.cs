using Microsoft.AspNetCore.Mvc;
using StatusMonitor.Gateway.OpenApi;
using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Gateway.Alerts;

/// <summary>What the API's document says of channels.</summary>
internal static class ChannelDocs
{
    private const string Kinds =
        """
        Settings by kind, all of them texts; secrets, in *italics*, are never shown again:

        - `telegram`: `chat` (its number, or `@name` of a public one; rather than typing it, link the chat)
        - `email`: `to` (1 to 10 addresses, separated by commas), `from`, `host`, `port`, `security` (`tls`, `startTls` or `none`; without it `startTls`), `username`, *`password`*
        - `webhook`: *`url`*, `template`, *`secret`*, *`header.NAME`* (up to 10)
        - `ntfy`: `server` (without it https://ntfy.sh), `topic`, *`token`*
        - `slack` and `discord`, or what takes the same: *`url`*

        A webhook gets `{"id", "kind", "title", "text", "severity", "at", "url", "count", "alerts": [{"incident", "host": {"id", "name"}, "rule", "severity", "summary", "openedAt", "resolvedAt", "isOpen",
        "acknowledgedBy", "url", "processes"}]}`, or what its template says: JSON with `{{title}}`, `{{text}}`, `{{message}}`, `{{kind}}`, `{{severity}}`, `{{url}}`, `{{id}}`, `{{at}}`, `{{host}}` and
        `{{rule}}` within strings, and `{{count}}` and `{{alerts}}` as values. The header `Idempotency-Key` tells a repeat. With a secret, `X-StatusMonitor-Signature` is `sha256=` and the hexadecimal
        HMAC-SHA256 of `X-StatusMonitor-Timestamp`, a full stop and the body.
        """;

    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly ChannelView Mail = new(
        1, "on call", ChannelKind.Email, true, new Dictionary<string, string> { ["to"] = "oncall@example.org", ["from"] = "monitor@example.org", ["host"] = "mail.example.org", ["username"] = "monitor" }, ["password"], Noon, false);

    private static readonly ChannelRequest MailRequest = new(
        "on call", "email", true, new Dictionary<string, string?> { ["to"] = "oncall@example.org", ["from"] = "monitor@example.org", ["host"] = "mail.example.org", ["username"] = "monitor", ["password"] = "secret" });

    public static ApiDoc Channels { get; } = new("List one's channels", "Where the account's notifications can go, and whether the server has a Telegram bot.")
    {
        Answer = new ChannelsView([Mail], new AvailableChannels(new TelegramView(true, "example_bot", null))),
    };

    public static ApiDoc NewChannel { get; } = new("Make a channel", Kinds)
    {
        Request = MailRequest,
        Status = StatusCodes.Status201Created,
        Answer = Mail,
        Problems = [Invalid("settings.to", "must be there"), Problems.TooMany("Your account has as many channels as it may. Delete one first.")],
    };

    public static ApiDoc ChangeChannel { get; } = new(
        "Change a channel",
        "Settings that are left out go, but secrets that are left out stay; an empty text takes a secret away. If messages go elsewhere by it (`url`, `server`, `host`), secrets must be given again. The kind never changes.")
    {
        Request = MailRequest,
        Answer = Mail,
        Problems = [Invalid("settings.password", "must be given again, or be empty, because messages go elsewhere now"), Problems.ChannelNotFound(1)],
    };

    public static ApiDoc DeleteChannel { get; } = new("Delete a channel", "What waits to be sent to it is sent no more.") { Status = StatusCodes.Status204NoContent, Problems = [Problems.ChannelNotFound(1)] };

    public static ApiDoc TestChannel { get; } = new("Send a test message", "At once, past all that waits. What became of it is the answer, also if it was refused.")
    {
        Answer = new ChannelTestView("accepted", null),
        Problems = [Problems.ChannelNotFound(1), Problems.TooManyAttempts(TimeSpan.FromMinutes(5))],
    };

    public static ApiDoc TelegramLink { get; } = new(
        "Get a code that links a Telegram chat", "Good once, for ten minutes. Whoever sends `/start` and the code to the bot, alone or in a group, makes that chat a channel of the account.")
    {
        Answer = new TelegramLinkView("ABCDEFGH23456789", "https://t.me/example_bot?start=ABCDEFGH23456789", "https://t.me/example_bot?startgroup=ABCDEFGH23456789", "example_bot", Noon.AddMinutes(10)),
        Problems = [Problems.NoTelegram(), Problems.TooManyAttempts(TimeSpan.FromMinutes(5))],
    };

    private static ProblemDetails Invalid(string field, string error) => Problems.Invalid(new Dictionary<string, string[]> { [field] = [error] });
}
