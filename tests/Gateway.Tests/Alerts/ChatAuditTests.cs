using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StatusMonitor.Channels.Telegram;
using StatusMonitor.Gateway.Tests.Support;
using BotApiStandIn = StatusMonitor.Channels.Tests.Support.BotApiStandIn;

namespace StatusMonitor.Gateway.Tests.Alerts;

/// <summary>What people do from a chat is in the audit log like what they do on the dashboard.</summary>
public sealed class ChatAuditTests
{
    [Fact]
    public async Task WhatIsDoneFromAChat_IsInTheAuditLog()
    {
        await using var bot = await BotApiStandIn.StartAsync();
        await using var server = await RunningServer.StartAsync(options => (options.TelegramBotToken, options.TelegramApiUrl) = (BotApiStandIn.Token, bot.Address));
        var (alice, bob) = (await server.SignInAsync("alice"), await server.SignInAsync("bob"));
        var host = await server.EnrolAsync("web-1", alice);
        var links = server.Services.GetRequiredService<IGrainFactory>().GetGrain<ITelegramLinksGrain>(0);

        await AskAsync(7, $"/start {(await links.Issue(alice.Id))!.Code}");
        var fired = await server.FireAsync(alice.Id, host, 1);
        await bot.NextAsync("the alert");
        bot.Press(8, $"a|{fired.Id}");
        Assert.StartsWith("This chat does not get", (await bot.NextAsync("the answer to a stranger")).Text, StringComparison.Ordinal);
        bot.Press(7, $"a|{fired.Id}");
        var calls = new[] { (await bot.NextAsync("the answer")).Method, (await bot.NextAsync("the change of the message")).Method };
        Assert.Equal(["answerCallbackQuery", "editMessageText"], calls.Order());
        await AskAsync(7, "/mute 1h");
        await AskAsync(7, "/unmute");
        await AskAsync(7, $"/start {(await links.Issue(bob.Id))!.Code}");

        Assert.Equal(
            [
                $"bob channel.unlink channel {alice.Id}/1 Telegram: Anna ok Anna (Telegram)",
                $"bob channel.link channel {bob.Id}/1 Telegram: Anna ok Anna (Telegram)",
                $"alice silence.delete silence {alice.Id}/1 Muted from Telegram ok Anna (Telegram)",
                $"alice silence.create silence {alice.Id}/1 Muted from Telegram ok Anna (Telegram)",
                $"alice incident.acknowledge incident {fired.Id} host-{host.Id} ok CPU busy, by Anna (Telegram)",
                $"Anna (Telegram) incident.acknowledge incident {fired.Id} host-{host.Id} not-allowed ",
                $"alice channel.link channel {alice.Id}/1 Telegram: Anna ok Anna (Telegram)",
            ],
            (await server.Admin.GetAsync("/api/v1/audit?limit=7")).Json.GetProperty("entries").EnumerateArray().Select(Line));
        Assert.Empty(server.Errors.All);

        async Task AskAsync(long chat, string text)
        {
            bot.Write(chat, text);
            await bot.NextAsync($"the answer to {text}");
        }
    }

    private static string Line(JsonElement entry)
    {
        var (actor, target) = (entry.GetProperty("actor"), entry.GetProperty("target"));
        return $"{actor.GetProperty("name")} {entry.GetProperty("action")} {target.GetProperty("kind")} {target.GetProperty("id")} {target.GetProperty("name")} {entry.GetProperty("outcome")} {entry.GetProperty("detail")}";
    }
}
