using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using StatusMonitor.Channels.Telegram;
using StatusMonitor.Channels.Tests.Support;
using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Channels.Tests.Telegram;

public sealed class TelegramSenderTests : IAsyncLifetime, IDisposable
{
    private BotApiStandIn _bot = null!;
    private BotApi _api = null!;

    public async Task InitializeAsync()
    {
        _bot = (await BotApiStandIn.StartAsync()).WithChat("7").WithChat("8").WithChat("-100").WithChat("@ops_room");
        _api = new BotApi(Telegram());
    }

    public async Task DisposeAsync() => await _bot.DisposeAsync();

    public void Dispose() => _api.Dispose();

    [Fact]
    public async Task Alert_ArrivesAsItIsWritten_WhateverTheNames()
    {
        var result = await Sender("https://monitor.example.org").SendAsync(Chat("7"), Sample.Fired(host: Sample.Tricky), "n-1", CancellationToken.None);

        Assert.Equal((SendOutcome.Accepted, null, "7:100"), (result.Outcome, result.Error, result.Reference));
        var sent = await _bot.NextAsync();
        Assert.StartsWith($"🔴 {Sample.Tricky}: CPU busy\n• {Sample.Tricky}: cpu.percent is 97.3 %, at or above 90 % for 5 min\n", sent.Shown, StringComparison.Ordinal);
        Assert.Equal("HTML", sent.Body.GetProperty("parse_mode").GetString());
        Assert.True(sent.Body.GetProperty("link_preview_options").GetProperty("is_disabled").GetBoolean());
        Assert.Equal([["✔ Acknowledge", "🔇 Mute 1 h"], ["Open dashboard"]], sent.Buttons);
        Assert.Equal(("a|1-17|n-1", "m|1-17|n-1"), (sent.Data("Acknowledge"), sent.Data("Mute")));
        Assert.Equal("https://monitor.example.org/alerts/1-17", sent.Url("Open dashboard"));
    }

    [Theory]
    [InlineData("<html>It works!</html>")]
    [InlineData("""{"ok":true,"result":{"message_id":"one"}}""")]
    public async Task AddressOfSomethingElse_IsSaidToBeThat(string page)
    {
        _bot.Fault = async (_, context) =>
        {
            await context.Response.WriteAsync(page);
            return true;
        };
        var result = await SendAsync("7", Sample.Fired());

        Assert.Equal((SendOutcome.Retry, "Telegram could not be reached. The answer is none that its kind of server gives."), (result.Outcome, result.Error));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("http://localhost:8080")]
    [InlineData("http://127.0.0.1:8080")]
    [InlineData("http://[::1]:8080")]
    [InlineData("http://monitor")]
    public async Task ButtonThatTelegramWouldRefuse_IsLeftOut(string? publicUrl)
    {
        Assert.Equal(SendOutcome.Accepted, (await Sender(publicUrl).SendAsync(Chat("7"), Sample.Fired(), "n-1", CancellationToken.None)).Outcome);
        Assert.Equal([["✔ Acknowledge", "🔇 Mute 1 h"]], (await _bot.NextAsync()).Buttons);
    }

    [Fact]
    public async Task Buttons_AreForWhatGoesOn()
    {
        var item = Sample.Item(1, "web-1");
        await SendAsync("7", Sample.Fired() with { Items = [item with { AcknowledgedBy = "bob" }] });
        await SendAsync("8", Sample.Fired() with { Kind = MessageKind.Resolved, Items = [item with { IsOpen = false, ResolvedAt = Sample.Noon }] });

        Assert.Equal([["🔇 Mute 1 h"]], (await _bot.NextAsync()).Buttons);
        Assert.Empty((await _bot.NextAsync()).Buttons);
    }

    [Fact]
    public async Task LongId_LeavesTheAlertInTheButton()
    {
        await Sender().SendAsync(Chat("7"), Sample.Fired(), new string('n', 60), CancellationToken.None);

        Assert.Equal("a|1-17", (await _bot.NextAsync()).Data("Acknowledge"));
    }

    [Theory]
    [InlineData(500, "&<>")]
    [InlineData(10_000, "сервер")]
    public async Task ManyAlerts_AreOneMessage(int count, string host)
    {
        await SendAsync("7", Sample.Fired(count, host) with { Text = new string('&', 5000) });

        var lines = (await _bot.NextAsync()).Shown.Split('\n');
        var told = lines.Count(line => line.StartsWith("• ", StringComparison.Ordinal));
        Assert.True(told > 5);
        Assert.Equal($"and {count - told} more", lines[^1]);
    }

    [Fact]
    public async Task Change_EditsTheMessage()
    {
        var sent = await SendAsync("7", Sample.Fired());
        var changed = Sample.Fired() with { Items = [Sample.Item(1, "web-1") with { AcknowledgedBy = "bob" }], Replaces = sent.Reference };
        await _bot.NextAsync();

        var edited = await SendAsync("7", changed);
        var again = await SendAsync("7", changed);

        Assert.Equal(sent, edited);
        Assert.Equal(sent, again);
        var edit = await _bot.NextAsync();
        Assert.Equal(("editMessageText", 100), (edit.Method, edit.Body.GetProperty("message_id").GetInt64()));
        Assert.Contains("acknowledged by bob", edit.Text, StringComparison.Ordinal);
        Assert.Equal([["🔇 Mute 1 h"]], edit.Buttons);
        Assert.Empty(_bot.Rest());
    }

    [Theory]
    [InlineData("7:99999")]
    [InlineData("8:100")]
    [InlineData("nonsense")]
    public async Task ChangeOfAMessageThatIsGone_IsSentOnlyIfPeopleMustHearIt(string reference)
    {
        var update = await SendAsync("7", Sample.Fired() with { Replaces = reference });
        Assert.Equal((SendOutcome.Accepted, reference), (update.Outcome, update.Reference));
        Assert.Empty(_bot.Rest());

        var over = await SendAsync("7", Sample.Fired() with { Kind = MessageKind.Resolved, Replaces = reference });
        Assert.Equal((SendOutcome.Accepted, "7:100"), (over.Outcome, over.Reference));
        Assert.Equal("sendMessage", (await _bot.NextAsync()).Method);
    }

    [Fact]
    public async Task ClassicRule_IsToldAsTheOlderSystemDid()
    {
        const string text = "\U0001F6A8 *Alert for Agent\\*X\\_1*\n\nMetric: CPU\nCurrent Value: 93.3%\nThreshold: > 90.0%\n";

        var result = await SendAsync("7", new AlertMessage { Kind = MessageKind.Classic, Title = "x", Text = text, At = Sample.Noon, Items = [Sample.Item(1, "x")], Count = 1 });

        Assert.Equal(SendOutcome.Accepted, result.Outcome);
        var body = (await _bot.NextAsync()).Body;
        Assert.Equal(["chat_id", "text", "parse_mode"], body.EnumerateObject().Select(member => member.Name));
        Assert.Equal(("7", text, "Markdown"), (body.GetProperty("chat_id").GetString(), body.GetProperty("text").GetString(), body.GetProperty("parse_mode").GetString()));
    }

    [Fact]
    public async Task TooMany_LeavesThatChatAloneAndNoOther()
    {
        var sender = Sender();
        _bot.Fault = BotApiStandIn.Error("sendMessage", 429, "Too Many Requests: retry after 30", """{"retry_after":30}""");
        var first = await sender.SendAsync(Chat("7"), Sample.Fired(), "n-1", CancellationToken.None);
        _bot.Fault = (_, _) => Task.FromResult(false);

        var second = await sender.SendAsync(Chat("7"), Sample.Fired(), "n-1", CancellationToken.None);
        var other = await sender.SendAsync(Chat("8"), Sample.Fired(), "n-2", CancellationToken.None);

        Assert.Equal((SendOutcome.Retry, TimeSpan.FromSeconds(30)), (first.Outcome, first.RetryAfter));
        Assert.Equal(SendOutcome.Retry, second.Outcome);
        Assert.InRange(second.RetryAfter!.Value.TotalSeconds, 1, 30);
        Assert.Equal(SendOutcome.Accepted, other.Outcome);
        Assert.Equal(["7", "8"], _bot.Calls.Select(call => call.Chat));
    }

    [Theory]
    [InlineData(403, "Forbidden: bot was blocked by the user", "The person has blocked the bot.")]
    [InlineData(403, "Forbidden: bot was kicked from the supergroup chat", "The bot was removed from the group.")]
    [InlineData(403, "Forbidden: bot is not a member of the channel chat", "The bot is not in the group or channel.")]
    [InlineData(403, "Forbidden: user is deactivated", "The chat is no more.")]
    [InlineData(403, "Forbidden: bot can't initiate conversation with a user", "The bot may not write first: open a chat with it and send /start.")]
    [InlineData(400, "Bad Request: chat not found", "There is no such chat, or nobody in it has ever written to the bot.")]
    [InlineData(400, "Bad Request: not enough rights to send text messages to the chat", "The bot may not write in the group.")]
    [InlineData(400, "Bad Request: something new", "Telegram refuses it: Bad Request: something new")]
    public async Task Refusal_IsForGood_WithAReason(int code, string description, string reason)
    {
        _bot.Fault = BotApiStandIn.Error("sendMessage", code, description);

        Assert.Equal(new SendResult(SendOutcome.Refused, reason), await SendAsync("7", Sample.Fired()));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(409)]
    public async Task Trouble_IsTriedAgain(int code)
    {
        _bot.Fault = BotApiStandIn.Error("sendMessage", code, $"Trouble with bot{BotApiStandIn.Token}");

        var result = await SendAsync("7", Sample.Fired());

        Assert.Equal(SendOutcome.Retry, result.Outcome);
        Assert.DoesNotContain("AAtest", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hang")]
    [InlineData("abort")]
    [InlineData("html")]
    [InlineData("lies")]
    [InlineData("endless")]
    [InlineData("redirect")]
    public async Task NoAnswer_IsTriedAgain(string what)
    {
        await using var elsewhere = await HttpStandIn.StartAsync();
        _bot.Fault = async (_, context) =>
        {
            if (what == "hang") await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { });
            if (what == "abort") context.Abort();
            if (what == "html") await context.Response.WriteAsync("<html>captive portal</html>");
            if (what == "lies") await context.Response.WriteAsync("""{"ok":true}""");
            if (what == "redirect") context.Response.Redirect(elsewhere.Address.ToString(), permanent: false, preserveMethod: true);
            if (what != "endless") return true;
            try
            {
                for (var i = 0; i < 10_000 && !context.RequestAborted.IsCancellationRequested; i++) await context.Response.Body.WriteAsync(new byte[64 * 1024], context.RequestAborted);
            }
            catch (OperationCanceledException)
            {
            }

            return true;
        };
        using var api = new BotApi(Telegram(TimeSpan.FromSeconds(what == "hang" ? 0.3 : 10)));

        var result = await Sender(api: api).SendAsync(Chat("7"), Sample.Fired(), "n-1", CancellationToken.None);

        Assert.Equal(SendOutcome.Retry, result.Outcome);
        Assert.DoesNotContain("AAtest", result.Error, StringComparison.Ordinal);
        Assert.False(elsewhere.HasRequest);
    }

    [Fact]
    public async Task NobodyAnswers_IsTriedAgain_AndTheTokenIsInNoError()
    {
        await _bot.DisposeAsync();

        var result = await SendAsync("7", Sample.Fired());

        Assert.Equal((SendOutcome.Retry, "Telegram could not be reached. Nothing answers at the server's port."), (result.Outcome, result.Error));
    }

    [Fact]
    public async Task GroupThatBecameAnother_IsFollowed()
    {
        _bot.Fault = async (call, context) => call.Chat == "-5" && await BotApiStandIn.Error(
            "sendMessage", 400, "Bad Request: group chat was upgraded to a supergroup chat", """{"migrate_to_chat_id":-100}""")(call, context);
        var sender = Sender();

        var first = await sender.SendAsync(Chat("-5"), Sample.Fired(), "n-1", CancellationToken.None);
        var second = await sender.SendAsync(Chat("-5"), Sample.Fired(), "n-2", CancellationToken.None);

        Assert.Equal((SendOutcome.Accepted, "-100:100"), (first.Outcome, first.Reference));
        Assert.Equal((SendOutcome.Accepted, "-100:101"), (second.Outcome, second.Reference));
        Assert.Equal(["-5", "-100", "-100"], _bot.Calls.Select(call => call.Chat));
    }

    [Fact]
    public async Task PublicChannel_IsSentToByName() => Assert.Equal("@ops_room:100", (await SendAsync("@ops_room", Sample.Fired())).Reference);

    [Fact]
    public async Task WithoutABot_ItSaysSo()
    {
        var none = Options.Create(new TelegramOptions());
        using var api = new BotApi(none);
        var sender = new TelegramSender(api, new ChatPace(TimeProvider.System), new AlertButtons(Sample.Options()), none, TimeProvider.System);

        var result = await sender.SendAsync(Chat("7"), Sample.Fired(), "n-1", CancellationToken.None);

        Assert.Equal(SendOutcome.Retry, result.Outcome);
        Assert.Contains("TELEGRAM_BOT_TOKEN", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("123456789", true)]
    [InlineData("-1001234567890", true)]
    [InlineData("@ops_room", true)]
    [InlineData("", false)]
    [InlineData("0", false)]
    [InlineData("+7", false)]
    [InlineData("12 3", false)]
    [InlineData("ops_room", false)]
    [InlineData("@ab", false)]
    [InlineData("@ops room", false)]
    [InlineData("99999999999999999999", false)]
    public void Chat_IsANumberOrAName(string chat, bool isGood) => Assert.Equal(isGood, Sender().Errors(Chat(chat).Settings) is null);

    [Fact]
    public void Secret_OfTheWebhook_IsWhatTelegramTakes_AndTellsNothingOfTheToken()
    {
        var secret = Telegram().Value.WebhookSecret;
        Assert.Matches("^[A-Za-z0-9_-]{1,256}$", secret);
        Assert.NotEqual(secret, new TelegramOptions { Token = "123456789:other" }.WebhookSecret);
        Assert.DoesNotContain(Convert.ToHexStringLower(Encoding.UTF8.GetBytes(BotApiStandIn.Token)), secret, StringComparison.Ordinal);
    }

    private static AlertChannel Chat(string id) => Sample.Channel(ChannelKind.Telegram, ("chat", id));

    private IOptions<TelegramOptions> Telegram(TimeSpan? timeout = null) =>
        Options.Create(new TelegramOptions { Token = BotApiStandIn.Token, ApiUrl = _bot.Address, RequestTimeout = timeout ?? TimeSpan.FromSeconds(10) });

    private TelegramSender Sender(string? publicUrl = null, BotApi? api = null) =>
        new(api ?? _api, new ChatPace(TimeProvider.System), new AlertButtons(Sample.Options(publicUrl: publicUrl)), Telegram(), TimeProvider.System);

    // Each with a pace of its own: the chat's turns are another test's.
    private Task<SendResult> SendAsync(string chat, AlertMessage message) => Sender().SendAsync(Chat(chat), message, "n-1", CancellationToken.None);
}
