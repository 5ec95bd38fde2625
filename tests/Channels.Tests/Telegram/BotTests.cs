using StatusMonitor.Channels.Telegram;
using StatusMonitor.Channels.Tests.Support;

namespace StatusMonitor.Channels.Tests.Telegram;

/// <summary>Tests of the bot with a server and a Bot API of their own.</summary>
public abstract class BotTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("channels-tests-").FullName;

    private protected BotApiStandIn Bot { get; private set; } = null!;

    private protected BotServer Server { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Bot = await BotApiStandIn.StartAsync();
        Server = await BotServer.StartAsync(_folder, Bot);
    }

    public async Task DisposeAsync()
    {
        await Server.DisposeAsync();
        await Bot.DisposeAsync();
        // Whatever the tests made fail.
        Assert.DoesNotContain(Server.Log.All, line => line.Contains(BotApiStandIn.Token, StringComparison.Ordinal));
        Directory.Delete(_folder, recursive: true);
    }

    private protected async Task RestartAsync(Action<TelegramOptions>? telegram = null, Func<Task>? meanwhile = null)
    {
        await Server.DisposeAsync();
        await (meanwhile?.Invoke() ?? Task.CompletedTask);
        Server = await BotServer.StartAsync(_folder, Bot, telegram);
    }

    /// <summary>Writes in a chat and gives the answer, as people read it.</summary>
    private protected async Task<string> AskAsync(long chat, string text, string? title = null)
    {
        Bot.Write(chat, text, title);
        var answer = await Bot.NextAsync($"the answer to '{text}'");
        Assert.Equal($"{chat}", answer.Chat);
        return answer.Shown;
    }

    /// <summary>Writes in a chat and sees that nothing is said.</summary>
    private protected async Task SayAsync(long chat, string text, string? user = "Anna")
    {
        Bot.Write(chat, text, user: user);
        await Bot.AllHeardAsync();
        Assert.Empty(Bot.Rest());
    }

    private protected async Task LinkAsync(long chat, long account)
    {
        var code = (await Server.Grains.GetGrain<ITelegramLinksGrain>(0).Issue(account))!.Code;
        Assert.StartsWith("✅ Linked", await AskAsync(chat, chat > 0 ? $"/start {code}" : $"/start@{BotApiStandIn.BotName} {code}"), StringComparison.Ordinal);
    }
}
