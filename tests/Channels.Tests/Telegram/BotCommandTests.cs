using StatusMonitor.Channels.Telegram;
using StatusMonitor.Channels.Tests.Support;
using StatusMonitor.Grains.Accounts;
using StatusMonitor.Grains.Alerts;
using StatusMonitor.Grains.Hosts;

namespace StatusMonitor.Channels.Tests.Telegram;

public sealed class BotCommandTests : BotTests
{
    [Fact]
    public async Task Code_LinksAChat_WhichBecomesAChannel()
    {
        var account = await Server.AddAccountAsync("anna <b>");
        var code = (await Server.Grains.GetGrain<ITelegramLinksGrain>(0).Issue(account))!;

        Assert.Contains("the account anna <b> now", await AskAsync(7, $"/start {code.Code}"), StringComparison.Ordinal);

        var channel = Assert.Single(await Server.Desk(account).GetChannels());
        Assert.Equal((ChannelKind.Telegram, "Telegram: Anna", "7"), (channel.Kind, channel.Name, channel.Settings["chat"]));
        Assert.Matches("^[A-Z2-9]{16}$", code.Code);
        Assert.Contains("anna <b>", await AskAsync(7, "/start"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Code_IsGoodOnce()
    {
        var account = await Server.AddAccountAsync("anna");
        var code = (await Server.Grains.GetGrain<ITelegramLinksGrain>(0).Issue(account))!.Code;
        await AskAsync(7, $"/start {code.ToLowerInvariant()}");

        Assert.Equal(ChatAnswers.WrongCode, await AskAsync(8, $"/start {code}"));
        Assert.StartsWith("✅ Linked", await AskAsync(7, $"/start {code}"), StringComparison.Ordinal);
        Assert.Single(await Server.Desk(account).GetChannels());
        Assert.Equal(ChatAnswers.WrongCode, await AskAsync(9, "/start ABCDEFGH23456789"));
    }

    [Fact]
    public async Task Codes_AreBounded_AndKeptAsHashesOverARestart()
    {
        var account = await Server.AddAccountAsync("anna");
        var links = Server.Grains.GetGrain<ITelegramLinksGrain>(0);
        var codes = new List<string>();
        for (var i = 0; i < 6; i++) codes.Add((await links.Issue(account))!.Code);

        await RestartAsync();
        links = Server.Grains.GetGrain<ITelegramLinksGrain>(0);

        Assert.Null(await links.Redeem(codes[0], 7));
        Assert.Equal(account, await links.Redeem(codes[5], 7));
        Assert.DoesNotContain(Server.Log.All, line => codes.Any(code => line.Contains(code, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task LinkingAgain_MovesTheChat()
    {
        var (anna, bob) = (await Server.AddAccountAsync("anna"), await Server.AddAccountAsync("bob"));
        await LinkAsync(7, anna);
        await LinkAsync(7, bob);

        Assert.Empty(await Server.Desk(anna).GetChannels());
        Assert.Single(await Server.Desk(bob).GetChannels());
        Assert.Equal(
            ["Anna (Telegram) for anna linked 1: Telegram: Anna", "Anna (Telegram) for bob linked 1: Telegram: Anna", $"Anna (Telegram) for bob unlinked 1 of account {anna}: Telegram: Anna"],
            Server.Audit.All);
        Assert.StartsWith("bob\n", await AskAsync(7, "/status"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ChannelThatIsDeleted_EndsTheLink()
    {
        var account = await Server.AddAccountAsync("anna");
        await LinkAsync(7, account);
        await Server.Desk(account).RemoveChannel(1);

        Assert.Equal(ChatAnswers.NotLinked, await AskAsync(7, "/hosts"));
    }

    [Fact]
    public async Task ChatThatWasTypedByHand_OnlyListens()
    {
        var account = await Server.AddAccountAsync("anna");
        await Server.AddHostAsync(account, "web-1");
        await Server.Desk(account).AddChannel(Sample.Channel(ChannelKind.Telegram, ("chat", "7")));

        Assert.Equal(ChatAnswers.NotLinked, await AskAsync(7, "/hosts"));
    }

    [Fact]
    public async Task Stranger_IsToldOnce_AndThenNothing()
    {
        Assert.Equal(ChatAnswers.NotLinked, await AskAsync(7, "hello"));
        await SayAsync(7, "/status");
        await SayAsync(7, "hello?");
        Assert.Equal(ChatAnswers.NotLinked, await AskAsync(8, "/hosts"));
    }

    [Fact]
    public async Task Group_IsLinkedAndAnswered_AndItsTalkIsNotOurs()
    {
        var account = await Server.AddAccountAsync("anna");
        await LinkAsync(-100, account);

        Assert.Equal("Telegram: ops", Assert.Single(await Server.Desk(account).GetChannels()).Name);
        Assert.StartsWith("anna\n", await AskAsync(-100, "/status"), StringComparison.Ordinal);
        Assert.StartsWith("anna\n", await AskAsync(-100, "/status@Example_Bot"), StringComparison.Ordinal);
        await SayAsync(-100, "/status@other_bot");
        await SayAsync(-100, "has anybody seen /status?");
        await SayAsync(-100, "/weather");
    }

    [Fact]
    public async Task GroupThatBecomesAnother_KeepsItsLink()
    {
        var account = await Server.AddAccountAsync("anna");
        await LinkAsync(-100, account);

        Bot.Migrate(-100, -1001234567890);
        Assert.StartsWith("anna\n", await AskAsync(-1001234567890, "/status"), StringComparison.Ordinal);

        Assert.Equal("-1001234567890", Assert.Single(await Server.Desk(account).GetChannels()).Settings["chat"]);
        Assert.Equal(ChatAnswers.NotLinked, await AskAsync(-100, "/status"));
    }

    [Fact]
    public async Task Chat_SeesItsAccountsHosts_AndNoOthers()
    {
        var (anna, bob, root) = (await Server.AddAccountAsync("anna"), await Server.AddAccountAsync("bob"), await Server.AddAccountAsync("root", AccountRole.Administrator));
        await Server.AddHostAsync(anna, Sample.Tricky);
        var secret = await Server.AddHostAsync(bob, "bobs-secret");
        var lent = await Server.AddHostAsync(bob, "bobs-lent");
        await Server.Grains.GetGrain<IHostGrain>(lent).Share(anna, HostAccess.Read);
        await LinkAsync(7, anna);
        await LinkAsync(8, root);

        var hosts = await AskAsync(7, "/hosts");
        Assert.StartsWith("2 hosts\n", hosts, StringComparison.Ordinal);
        Assert.Contains(Sample.Tricky, hosts, StringComparison.Ordinal);
        Assert.Contains("bobs-lent", hosts, StringComparison.Ordinal);
        Assert.DoesNotContain("bobs-secret", hosts, StringComparison.Ordinal);
        Assert.Equal("There is no host called bobs-secret.", await AskAsync(7, "/host bobs-secret"));
        Assert.Equal("There is no host called bobs-secret.", await AskAsync(7, "/mute 1h bobs-secret"));
        Assert.StartsWith("⚪ bobs-lent is pending", await AskAsync(7, "/host LENT"), StringComparison.Ordinal);
        Assert.StartsWith("Which of these?", await AskAsync(8, "/host bobs"), StringComparison.Ordinal);
        Assert.Contains("bobs-secret", await AskAsync(8, "/hosts"), StringComparison.Ordinal);

        await Server.Grains.GetGrain<IHostGrain>(lent).Share(anna, HostAccess.None);
        await Patience.Until(async () => !(await AskAsync(7, "/hosts")).Contains("bobs-lent", StringComparison.Ordinal), "the chat no longer sees the host");
        Assert.NotEqual(secret, lent);
    }

    [Fact]
    public async Task AccountThatIsDisabledOrDeleted_SeesNothing()
    {
        await Server.AddAccountAsync("root", AccountRole.Administrator);
        var (anna, bob) = (await Server.AddAccountAsync("anna"), await Server.AddAccountAsync("bob"));
        await LinkAsync(7, anna);
        await LinkAsync(8, bob);
        var directory = Server.Grains.GetGrain<IAccountDirectoryGrain>(0);
        await directory.SetStanding(anna, null, true);
        await directory.Delete(bob, OrphanedHosts.Transfer, 1);

        Assert.Equal(ChatAnswers.NotLinked, await AskAsync(7, "/hosts"));
        Assert.Equal(ChatAnswers.NotLinked, await AskAsync(8, "/hosts"));
    }

    [Fact]
    public async Task Alerts_AreListed_AndCounted()
    {
        var account = await Server.AddAccountAsync("anna");
        await LinkAsync(7, account);
        Assert.Equal("✅ Nothing fires.", await AskAsync(7, "/alerts"));

        var host = await Server.AddHostAsync(account, "web_1");
        await Server.FireAsync(account, host, "web_1");
        Assert.StartsWith("🔴 web_1", (await Bot.NextAsync()).Shown, StringComparison.Ordinal);

        var alerts = await AskAsync(7, "/alerts");
        Assert.StartsWith("1 alerts, 0 of them acknowledged\n🔴 web_1: CPU busy (cpu.percent), since ", alerts, StringComparison.Ordinal);
        Assert.Contains("CPU busy (cpu.percent)", await AskAsync(7, "/host web_1"), StringComparison.Ordinal);
        Assert.Contains("1 hosts: 0 online, 0 late, 0 offline, 1 never seen\n1 alerts: 1 open, 0 acknowledged", await AskAsync(7, "/status"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Alerts_AreThoseThatTheAccountMaySee()
    {
        var (anna, bob, root) = (await Server.AddAccountAsync("anna"), await Server.AddAccountAsync("bob"), await Server.AddAccountAsync("root", AccountRole.Administrator));
        var (secret, lent) = (await Server.AddHostAsync(bob, "bobs-secret"), await Server.AddHostAsync(bob, "bobs-lent"));
        await Server.Grains.GetGrain<IHostGrain>(lent).Share(anna, HostAccess.Read);
        await LinkAsync(7, anna);
        await LinkAsync(8, root);
        await Server.FireAsync(bob, secret, "bobs-secret", "Bob's rule");
        await Server.FireAsync(bob, lent, "bobs-lent", "Bob's rule");
        await Server.FireAsync(anna, secret, "bobs-secret", "Anna's rule", number: 2);
        await Bot.NextAsync("Anna's alert");

        // What others' rules found on a host is seen by whoever sees the host, and one's own rules' alerts anyway.
        var seen = await AskAsync(7, "/alerts");
        Assert.StartsWith("2 alerts, 0 of them acknowledged\n", seen, StringComparison.Ordinal);
        Assert.Contains("bobs-lent: Bob's rule", seen, StringComparison.Ordinal);
        Assert.Contains("bobs-secret: Anna's rule", seen, StringComparison.Ordinal);
        Assert.Contains("\n2 alerts: 2 open, 0 acknowledged", await AskAsync(7, "/status"), StringComparison.Ordinal);
        Assert.Contains("Bob's rule", await AskAsync(7, "/host bobs-lent"), StringComparison.Ordinal);
        Assert.StartsWith("3 alerts, 0 of them acknowledged\n", await AskAsync(8, "/alerts"), StringComparison.Ordinal);

        await Server.Grains.GetGrain<IHostGrain>(lent).Share(anna, HostAccess.None);
        await Patience.Until(async () => (await AskAsync(7, "/alerts")).StartsWith("1 alerts,", StringComparison.Ordinal), "the chat sees the alerts of the host no longer");
    }

    [Fact]
    public async Task Mute_SilencesUntilThen_AndUnmuteEndsIt()
    {
        var account = await Server.AddAccountAsync("anna");
        var host = await Server.AddHostAsync(account, "web-1");
        await LinkAsync(7, account);

        Assert.StartsWith("🔇 Everything is muted until ", await AskAsync(7, "/mute"), StringComparison.Ordinal);
        Assert.StartsWith("🔇 web-1 is muted until ", await AskAsync(7, "/mute 2d web-1"), StringComparison.Ordinal);

        var silences = await Server.Desk(account).GetSilences();
        Assert.Equal([TimeSpan.FromHours(1), TimeSpan.FromDays(2)], silences.Select(silence => silence.To!.Value - silence.From));
        Assert.Equal(host, Assert.Single(silences[1].Hosts));
        Assert.All(silences, silence => Assert.Equal("Anna (Telegram)", silence.CreatedBy));
        Assert.Contains("Muted until", await AskAsync(7, "/status"), StringComparison.Ordinal);
        Assert.Equal("🔔 No longer muted.", await AskAsync(7, "/unmute"));
        Assert.Empty(await Server.Desk(account).GetSilences());
        Assert.Equal("Nothing was muted from here.", await AskAsync(7, "/unmute"));
        Assert.Equal(["muted 1", "muted 2", "unmuted 1", "unmuted 2"], Server.Audit.All.Skip(1).Select(line => line["Anna (Telegram) for anna ".Length..line.LastIndexOf(':')]));
        Assert.StartsWith("For how long?", await AskAsync(7, "/mute soon"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task MuteThatWasHeardTooLate_IsOver()
    {
        var account = await Server.AddAccountAsync("anna");
        await LinkAsync(7, account);

        Bot.Write(7, "/mute 30m", at: TimeProvider.System.GetUtcNow().AddHours(-1));

        Assert.Equal("That time is over already.", (await Bot.NextAsync()).Shown);
        Assert.Empty(await Server.Desk(account).GetSilences());
    }

    [Fact]
    public async Task Help_SaysWhatThereIs_AndBotsAreNotAnswered()
    {
        var account = await Server.AddAccountAsync("anna");
        await LinkAsync(7, account);

        var help = await AskAsync(7, "/help");
        Assert.All(ChatAnswers.Commands, command => Assert.Contains($"/{command.Command}: ", help, StringComparison.Ordinal));
        Assert.Equal(help, await AskAsync(7, "what can you do?"));
        Assert.Contains(Bot.Calls, call => call.Method == "setMyCommands" && call.Body.GetProperty("commands").GetArrayLength() == ChatAnswers.Commands.Length);
    }
}
