using StatusMonitor.Channels.Telegram;
using StatusMonitor.Channels.Tests.Support;
using StatusMonitor.Grains.Accounts;
using StatusMonitor.Grains.Alerts;
using StatusMonitor.Storage.Alerts;

namespace StatusMonitor.Channels.Tests.Telegram;

public sealed class BotButtonTests : BotTests
{
    [Fact]
    public async Task Acknowledge_TakesTheAlertUp_AndChangesTheMessage()
    {
        var account = await Server.AddAccountAsync("anna");
        await LinkAsync(7, account);
        var incident = await Server.FireAsync(account, await Server.AddHostAsync(account, "web-1"), "web-1");
        var sent = await Bot.NextAsync("the alert");

        Bot.Press(7, sent.Data("Acknowledge")!, "Ann <b>");

        var both = new[] { await Bot.NextAsync("the answer"), await Bot.NextAsync("the change") };
        Assert.Equal("Acknowledged.", both.Single(call => call.Method == "answerCallbackQuery").Text);
        var edit = both.Single(call => call.Method == "editMessageText");
        Assert.Contains("acknowledged by Ann <b> (Telegram)", edit.Shown, StringComparison.Ordinal);
        Assert.DoesNotContain("✔ Acknowledge", edit.Buttons.SelectMany(row => row));
        var story = await Server.Store.ReadStoryAsync(incident, CancellationToken.None);
        Assert.Equal((IncidentState.Acknowledged, "Ann <b> (Telegram)"), (story!.Incident.State, story.Incident.AcknowledgedBy));
        Assert.Equal($"Ann <b> (Telegram) for anna acknowledged {incident}", Server.Audit.All.Last());
    }

    [Fact]
    public async Task Mute_SilencesThatHostAndRuleForAnHour()
    {
        var account = await Server.AddAccountAsync("anna");
        await LinkAsync(7, account);
        var host = await Server.AddHostAsync(account, "web-1");
        await Server.FireAsync(account, host, "web-1");
        var data = (await Bot.NextAsync("the alert")).Data("Mute")!;

        Bot.Press(7, data);
        Assert.Equal("Muted for an hour.", (await Bot.NextAsync("the answer")).Text);
        await Bot.AllHeardAsync();

        var silence = Assert.Single(await Server.Desk(account).GetSilences());
        Assert.Equal((host, 12L, "Anna (Telegram)"), (Assert.Single(silence.Hosts), Assert.Single(silence.Rules), silence.CreatedBy));
        Assert.InRange(silence.To!.Value - TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(58), TimeSpan.FromMinutes(62));
        Assert.Equal($"Anna (Telegram) for anna muted {silence.Id}: Muted from Telegram: web-1, CPU busy", Server.Audit.All.Last());
        Assert.Equal("🔔 No longer muted.", await AskAsync(7, "/unmute"));
    }

    [Fact]
    public async Task PressOfAGroupOfAlerts_IsForAllOfThem()
    {
        var account = await Server.AddAccountAsync("anna");
        await LinkAsync(7, account);
        await Server.Desk(account).SetRouting(new AlertRouting(Grouping.All, TimeSpan.FromSeconds(0.2), []));
        var fired = Enumerable.Range(1, 5).Select(host => BotServer.Fired(account, host, $"web-{host}", "CPU busy", $"{host}-1")).ToArray();
        await Server.Desk(account).Accept([.. fired]);
        var sent = await Bot.NextAsync("the alerts");
        Assert.Contains("web-5", sent.Shown, StringComparison.Ordinal);

        Bot.Press(7, sent.Data("Acknowledge")!);
        await Patience.Until(
            async () => await Server.Store.CountAsync(new IncidentQuery(account), CancellationToken.None) == (0, 5),
            "all five alerts are acknowledged");
        await Patience.Until(
            () => Task.FromResult(Server.Audit.All.Where(line => line.Contains("acknowledged", StringComparison.Ordinal)).Order().SequenceEqual(fired.Select(alert => $"Anna (Telegram) for anna acknowledged {alert.Id}"))),
            "each of the five is noted");

        Bot.Press(7, sent.Data("Mute")!);
        await Patience.Until(async () => (await Server.Desk(account).GetSilences()) is [{ Hosts.Length: 5, Rules.Length: 1 }], "the silence of the five hosts");
    }

    [Fact]
    public async Task PressFromAChatThatIsNotToldOfTheAlert_DoesNothing()
    {
        var (anna, bob) = (await Server.AddAccountAsync("anna"), await Server.AddAccountAsync("bob"));
        await LinkAsync(7, anna);
        await LinkAsync(8, bob);
        var incident = await Server.FireAsync(anna, await Server.AddHostAsync(anna, "web-1"), "web-1");
        await Bot.NextAsync("the alert");

        foreach (var (chat, data) in new[] { (8L, $"a|{incident}"), (9L, $"a|{incident}"), (8L, $"m|{incident}|x"), (-1L, $"m|{incident}") })
        {
            Bot.Press(chat, data);
            Assert.Equal("This chat does not get the alerts of that account.", (await Bot.NextAsync("the answer")).Text);
        }

        foreach (var (data, answer) in new[] { ("a|999-999", "That alert is not kept any more."), ("x", "That button is not known any more."), ("a|' or 1=1 --", "That alert is not kept any more.") })
        {
            Bot.Press(8, data);
            Assert.Equal(answer, (await Bot.NextAsync("the answer")).Text);
        }

        Assert.Equal(IncidentState.Open, (await Server.Store.ReadStoryAsync(incident, CancellationToken.None))!.Incident.State);
        Assert.Empty(await Server.Desk(anna).GetSilences());
        Assert.Empty(await Server.Desk(bob).GetSilences());
        var refused = new[] { "acknowledge", "acknowledge", "mute", "mute" }.Select(what => $"Anna (Telegram) may not {what} {incident}");
        Assert.Equal(refused, Server.Audit.All.Skip(2));
    }

    [Fact]
    public async Task PressOfADisabledAccount_DoesNothing()
    {
        await Server.AddAccountAsync("root", AccountRole.Administrator);
        var anna = await Server.AddAccountAsync("anna");
        await LinkAsync(7, anna);
        var incident = await Server.FireAsync(anna, await Server.AddHostAsync(anna, "web-1"), "web-1");
        await Bot.NextAsync("the alert");
        await Server.Grains.GetGrain<IAccountDirectoryGrain>(0).SetStanding(anna, null, true);

        Bot.Press(7, $"a|{incident}");

        Assert.Equal("This chat does not get the alerts of that account.", (await Bot.NextAsync("the answer")).Text);
        Assert.Equal(IncidentState.Open, (await Server.Store.ReadStoryAsync(incident, CancellationToken.None))!.Incident.State);
    }
}
