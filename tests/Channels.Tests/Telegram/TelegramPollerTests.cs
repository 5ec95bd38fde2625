using Microsoft.AspNetCore.Http;
using StatusMonitor.Channels.Telegram;
using StatusMonitor.Channels.Tests.Support;

namespace StatusMonitor.Channels.Tests.Telegram;

public sealed class TelegramPollerTests : BotTests
{
    [Fact]
    public async Task WhatWasSentWhileTheServerWasAway_IsAnswered_AndNothingTwice()
    {
        var account = await Server.AddAccountAsync("anna");
        await LinkAsync(7, account);
        Bot.Write(7, "/status");
        Assert.StartsWith("anna\n", (await Bot.NextAsync()).Shown, StringComparison.Ordinal);

        await RestartAsync(meanwhile: () =>
        {
            Bot.Write(7, "/help");
            return Task.CompletedTask;
        });

        Assert.StartsWith("StatusMonitor tells here", (await Bot.NextAsync()).Shown, StringComparison.Ordinal);
        await Bot.AllHeardAsync();
        Assert.Empty(Bot.Rest());
    }

    [Fact]
    public async Task WhatWasDoneBeforeACrash_IsNotDoneAgain()
    {
        var account = await Server.AddAccountAsync("anna");
        await LinkAsync(7, account);
        await Bot.AllHeardAsync();

        // Telegram gives an update again until it is asked for from behind it; that question never comes through.
        var isCut = false;
        var answered = new TaskCompletionSource();
        Bot.Fault = (call, context) =>
        {
            if (call.Method == "sendMessage") isCut = true;
            if (!isCut || call.Method != "getUpdates") return Task.FromResult(false);
            answered.TrySetResult();
            context.Abort();
            return Task.FromResult(true);
        };
        Bot.Write(7, "/status");
        await Bot.NextAsync();
        await answered.Task.WaitAsync(Patience.Limit);
        await RestartAsync(meanwhile: () =>
        {
            Bot.Fault = (_, _) => Task.FromResult(false);
            return Task.CompletedTask;
        });

        await Bot.AllHeardAsync();
        Assert.Empty(Bot.Rest());
    }

    [Fact]
    public async Task StartingAgain_MakesNoSecondListener()
    {
        await Server.Poller.Start();
        await Server.Poller.Start();
        for (var i = 0; i < 3; i++) Assert.Equal(ChatAnswers.NotLinked, await AskAsync(7 + i, "hello"));

        Assert.Equal(1, Bot.MostPolls);
        Assert.Equal(new TelegramStatus(BotApiStandIn.BotName, null), await Server.Poller.GetStatus());
    }

    [Theory]
    [InlineData("conflict")]
    [InlineData("trouble")]
    [InlineData("busy")]
    [InlineData("closed")]
    [InlineData("silence")]
    [InlineData("nonsense")]
    public async Task Fault_IsSaid_AndGotOver(string what)
    {
        var happened = new TaskCompletionSource();
        var faults = 0;
        Bot.Fault = async (call, context) =>
        {
            if (call.Method != "getUpdates" || faults >= 2) return false;
            faults++;
            happened.TrySetResult();
            switch (what)
            {
                case "conflict": return await BotApiStandIn.Error("getUpdates", 409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running")(call, context);
                case "trouble": return await BotApiStandIn.Error("getUpdates", 500, "Internal Server Error")(call, context);
                case "busy": return await BotApiStandIn.Error("getUpdates", 429, "Too Many Requests: retry after 1", """{"retry_after":1}""")(call, context);
                case "closed": context.Abort(); break;
                case "nonsense": await context.Response.WriteAsync("<html>"); break;
                default: await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }); break;
            }

            return true;
        };
        await RestartAsync(telegram => telegram.RequestTimeout = TimeSpan.FromSeconds(what == "silence" ? 0.5 : 10));
        Bot.Write(7, "hello");
        await happened.Task.WaitAsync(Patience.Limit);

        if (what == "conflict") await Patience.Until(async () => (await Server.Poller.GetStatus()).Problem?.StartsWith("Somebody else listens", StringComparison.Ordinal) == true, "the problem is said");
        Assert.Equal(ChatAnswers.NotLinked, (await Bot.NextAsync()).Text);
        await Patience.Until(async () => (await Server.Poller.GetStatus()).Problem is null, "the problem is over");
    }

    [Fact]
    public async Task BotThatIsNotThere_StopsNoStart()
    {
        Bot.Fault = (_, context) =>
        {
            context.Abort();
            return Task.FromResult(true);
        };
        await RestartAsync();
        await Patience.Until(async () => (await Server.Poller.GetStatus()).Problem?.StartsWith("Telegram could not be reached", StringComparison.Ordinal) == true, "the problem is said");
        Assert.Null((await Server.Poller.GetStatus()).Bot);

        Bot.Fault = (_, _) => Task.FromResult(false);
        Bot.Write(7, "hello");
        Assert.Equal(ChatAnswers.NotLinked, (await Bot.NextAsync()).Text);
        Assert.Equal(BotApiStandIn.BotName, (await Server.Poller.GetStatus()).Bot);
    }

    [Fact]
    public async Task WrongToken_IsSaid()
    {
        await RestartAsync(telegram => telegram.Token = "1:wrong");
        await Patience.Until(async () => (await Server.Poller.GetStatus()).Problem == "Telegram does not know the bot's token.", "the problem is said");
        Assert.DoesNotContain(Server.Log.All, line => line.Contains("1:wrong", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WithoutAToken_NothingIsAsked()
    {
        await RestartAsync(telegram => telegram.Token = null);
        var calls = Bot.Calls.Count;
        await Server.Poller.Start();

        Assert.Contains(Server.Log.All, line => line.Contains("Telegram is not set up; give TELEGRAM_BOT_TOKEN", StringComparison.Ordinal));
        Assert.Equal(calls, Bot.Calls.Count);
    }

    [Fact]
    public async Task AnswerThatIsRefused_KeepsNothingWaiting()
    {
        Bot.Fault = async (call, context) => call.Method == "sendMessage" && call.Chat == "7" && await BotApiStandIn.Error("sendMessage", 403, "Forbidden: bot was blocked by the user")(call, context);
        Bot.Write(7, "hello");

        Assert.Equal(ChatAnswers.NotLinked, await AskAsync(8, "hello"));
        await Bot.AllHeardAsync();
    }

    [Fact]
    public async Task AnswerToABusyApi_IsSentLater()
    {
        var faults = 0;
        Bot.Fault = async (call, context) => call.Method == "sendMessage" && faults++ == 0 && await BotApiStandIn.Error("sendMessage", 429, "Too Many Requests: retry after 1", """{"retry_after":1}""")(call, context);

        Assert.Equal(ChatAnswers.NotLinked, await AskAsync(7, "hello"));
        Assert.Equal(2, faults);
    }

    [Fact]
    public async Task Webhook_TakesAnUpdateOnce()
    {
        Bot.WithChat("7");
        await RestartAsync(telegram => telegram.UsesWebhook = true);
        await Patience.Until(() => Task.FromResult(Bot.Calls.Any(call => call.Method == "setWebhook")), "the webhook is set");
        var hook = Bot.Calls.Last(call => call.Method == "setWebhook").Body;
        Assert.Equal("https://monitor.example.org/api/telegram/webhook", hook.GetProperty("url").GetString());
        Assert.Matches("^[0-9a-f]{64}$", hook.GetProperty("secret_token").GetString());

        Assert.True(await Server.Poller.Take(BotApiStandIn.UpdateJson(900, 7, "hello")));
        Assert.True(await Server.Poller.Take(BotApiStandIn.UpdateJson(900, 7, "/start ABCDEFGH23456789")));
        Assert.True(await Server.Poller.Take(BotApiStandIn.UpdateJson(901, 7, "/start ABCDEFGH23456789")));
        foreach (var nonsense in new[] { "", "x", "[]", "{}", "null", """{"update_id":"x"}""", """{"update_id":-1}""" }) Assert.False(await Server.Poller.Take(nonsense));

        Assert.Equal([ChatAnswers.NotLinked, ChatAnswers.WrongCode], Bot.Rest().Select(call => call.Text));
    }

    [Fact]
    public async Task Listening_EndsAWebhookOfBefore()
    {
        await Patience.Until(() => Task.FromResult(Bot.Calls.Any(call => call.Method == "getUpdates")), "the bot listens");
        Assert.Contains(Bot.Calls, call => call.Method == "deleteWebhook");
        Assert.Equal(["message", "callback_query"], Bot.Calls.First(call => call.Method == "getUpdates").Body.GetProperty("allowed_updates").EnumerateArray().Select(kind => kind.GetString()));
    }
}
