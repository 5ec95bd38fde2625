using static StatusMonitor.Grains.Tests.Alerts.Desk.Transitions;
using StatusMonitor.Grains.Alerts;
using StatusMonitor.Grains.Hosts;
using StatusMonitor.Grains.Live;
using StatusMonitor.Grains.Tests.Support;
using StatusMonitor.Storage.Alerts;

namespace StatusMonitor.Grains.Tests.Alerts.Desk;

/// <summary>What becomes of transitions: who is told what, and when.</summary>
public sealed class AlertDeskGrainTests : DeskTests
{
    [Fact]
    public async Task AnAlert_IsToldAtOnce_AndSoIsItsEnd()
    {
        await StartAsync();
        var channel = await AddChannelAsync();
        var fired = Fire(1, 1, Cpu, 97.3);

        await Desk.Accept([fired]);
        var told = await Webhook.NextAsync("the alert");
        Assert.Equal((channel, MessageKind.Fired, "web-1: CPU busy"), (told.Channel, told.Message.Kind, told.Message.Title));
        Assert.Equal("cpu.percent is 97.3 %, at or above 90 % for 5 min", Assert.Single(told.Message.Items).Summary);

        await Desk.Accept([fired.Resolved(2, Now.AddMinutes(2)) with { Value = 50, Peak = 99 }]);
        var over = await Webhook.NextAsync("its end");
        Assert.Equal((MessageKind.Resolved, "web-1: CPU busy is over"), (over.Message.Kind, over.Message.Title));
        Assert.Equal((fired.At, false), (over.Message.Items[0].OpenedAt, over.Message.Items[0].IsOpen));

        await DoneAsync();
        var incident = await IncidentAsync("1-1");
        Assert.Equal((IncidentState.Resolved, 99.0), (incident.State, incident.Peak));
        Assert.Equal(["fired", "resolved"], await StoryAsync("1-1"));
        Assert.All(await NotificationsAsync(), notification => Assert.Equal((NotificationState.Sent, 1), (notification.State, notification.Attempts)));
    }

    [Fact]
    public async Task LostHosts_AreOneMessage_AndSoAreThoseThatComeBack()
    {
        await StartAsync();
        await AddChannelAsync();
        var lost = Enumerable.Range(1, 5).Select(host => Fire(host, 1, Offline)).ToArray();
        foreach (var host in lost) await Desk.Accept([host]);

        Time.Advance(Window - TimeSpan.FromSeconds(1));
        await RemindAsync();
        Assert.Empty(Webhook.Tries);
        var told = await Webhook.NextWhileTimePassesAsync(Time, TimeSpan.FromMilliseconds(500), "the message of lost hosts");
        Assert.Equal(("5 hosts offline", 5), (told.Message.Title, told.Message.Count));

        foreach (var host in lost.Take(3)) await Desk.Accept([host.Resolved(2, Now)]);
        var back = await Webhook.NextWhileTimePassesAsync(Time, TimeSpan.FromMilliseconds(500), "the message of those that are back");
        Assert.Equal("3 hosts back; 2 still offline", back.Message.Title);
        await DoneAsync();
        Assert.Equal(2, Webhook.Tries.Count);
    }

    [Fact]
    public async Task AHostThatIsBackBeforeItWasTold_IsInTheStoryAlone()
    {
        await StartAsync();
        await AddChannelAsync();
        var fired = Fire(1, 1, Offline);
        await Desk.Accept([fired]);
        await Desk.Accept([fired.Resolved(2)]);

        await DoneAsync();
        Assert.Empty(await NotificationsAsync());
        Assert.Equal(["fired", "resolved", "untold"], (await StoryAsync("1-1")));
    }

    [Fact]
    public async Task ARepeat_ChangesNothing_WheneverItComes()
    {
        await StartAsync();
        await AddChannelAsync();
        var fired = Fire(1, 1, Cpu);

        await Task.WhenAll(Desk.Accept([fired]), Desk.Accept([fired]), Desk.Accept([fired]));
        await Webhook.NextAsync("the alert");
        await DoneAsync();
        await Desk.Accept([fired]);
        await Desk.Accept([Fire(2, 1, Cpu)]);
        Assert.Equal("web-2: CPU busy", (await Webhook.NextWhileTimePassesAsync(Time, TimeSpan.FromSeconds(1), "another alert")).Message.Title);

        await DoneAsync();
        Assert.Equal(2, Webhook.Tries.Count);
        Assert.Equal(["fired"], await StoryAsync("1-1"));
    }

    [Fact]
    public async Task WhatIsNotToBeTold_IsInTheStoryAlone()
    {
        await StartAsync();
        await AddChannelAsync();
        var fired = Fire(1, 1, Cpu) with { IsTold = false };
        var late = Fire(2, 1, Cpu) with { Kind = TransitionKind.FoundLate, IsOpen = false, Until = Now.AddMinutes(3) };

        await Desk.Accept([fired, fired.Then(TransitionKind.DataLost, 2, isOpen: true), late]);

        Assert.Equal(0, await PendingAsync());
        Assert.True((await IncidentAsync("1-1")).HasNoData);
        Assert.Equal((IncidentState.Resolved, true), ((await IncidentAsync("2-1")).State, (await IncidentAsync("2-1")).IsFoundLate));
        Assert.Empty(await NotificationsAsync());
    }

    [Fact]
    public async Task AReboot_IsOneMessage()
    {
        await StartAsync();
        await AddChannelAsync();
        var fired = Fire(1, 1, Rebooted);
        await Desk.Accept([fired, fired.Resolved(2, fired.At)]);

        var told = await Webhook.NextAsync("the reboot");
        Assert.Equal(("web-1 has rebooted", false), (told.Message.Title, told.Message.Items[0].IsOpen));
        await DoneAsync();
        Assert.Single(Webhook.Tries);
    }

    [Fact]
    public async Task Flapping_IsToldWhenItBegins_AndWhenItEnds()
    {
        await StartAsync();
        await AddChannelAsync();
        var fired = Fire(1, 1, Cpu);
        await Desk.Accept([fired with { IsTold = false }, fired.Then(TransitionKind.FlappingBegan, 2, isOpen: true)]);
        Assert.Equal(MessageKind.Flapping, (await Webhook.NextAsync("that it flaps")).Message.Kind);
        Assert.True((await IncidentAsync("1-1")).IsFlapping);

        await Desk.Accept([fired.Resolved(3) with { IsTold = false }, fired.Then(TransitionKind.FlappingEnded, 4)]);
        Assert.Equal("web-1: CPU busy keeps still again and is over", (await Webhook.NextAsync("that it does no more")).Message.Title);
        Assert.False((await IncidentAsync("1-1")).IsFlapping);
    }

    [Fact]
    public async Task AClassicRule_IsForItsRecipientAlone_InItsOwnWords()
    {
        await StartAsync();
        await AddChannelAsync();
        var rule = Cpu with { Id = 20, Kind = AlertKind.Classic, Condition = AlertCondition.Above, ClassicMetric = "cpu" };
        await Desk.Accept([Fire(1, 1, rule, 93.3) with { Kind = TransitionKind.Classic, IsOpen = false }]);
        await DoneAsync();
        Assert.Empty(await NotificationsAsync());

        var recipient = await Desk.AddChannel(new AlertChannel { Name = "Telegram", Kind = ChannelKind.Telegram, IsClassic = true, Settings = new Dictionary<string, string> { ["chat"] = "17" }.ToSettings() });
        await Desk.Accept([Fire(1, 2, rule, 93.3) with { Kind = TransitionKind.Classic, IsOpen = false }]);
        var told = await Telegram.NextAsync("the classic alert");
        Assert.Equal((recipient!.Id, MessageKind.Classic), (told.Channel, told.Message.Kind));
        Assert.Contains("Current Value: 93.3%\nThreshold: > 90.0%\n", told.Message.Text);
        Assert.Empty(Webhook.Tries);
    }

    [Fact]
    public async Task WhereThingsGo_TheRoutesSay()
    {
        await StartAsync();
        var (ops, boss) = (await AddChannelAsync(), await AddChannelAsync());
        await Desk.SetRouting(AlertRouting.Default with { Routes = [Route(boss) with { Severities = [AlertSeverity.Critical], IsLast = true }, Route(ops) with { Tags = ["web"] }] });

        await Desk.Accept([Fire(1, 1, Cpu with { Severity = AlertSeverity.Critical })]);
        Assert.Equal(boss, (await Webhook.NextAsync("the critical one")).Channel);
        await Desk.Accept([Fire(2, 1, Cpu with { Id = 9 }).In(null, "web"), Fire(3, 1, Cpu with { Id = 10 })]);
        Assert.Equal(ops, (await Webhook.NextAsync("the tagged one")).Channel);
        await DoneAsync();
        Assert.Equal(2, Webhook.Tries.Count);
    }

    [Fact]
    public async Task ASilence_HoldsBack_AlsoAcrossARestart_AndThenItIsTold()
    {
        await StartAsync();
        await AddChannelAsync();
        await Desk.AddSilence(new Silence { Hosts = [1, 2], From = Now, To = Now.AddHours(1) });
        var (fired, over) = (Fire(1, 1, Cpu), Fire(2, 1, Cpu));
        await Desk.Accept([fired, over]);
        await Desk.Accept([over.Resolved(2)]);
        await Waiting.UntilAsync(async () => await PendingAsync() == 1, "that what is over is settled");
        Assert.True(await HasReminderAsync());

        await StartAsync(away: TimeSpan.FromMinutes(50));
        await RemindAsync();
        Time.Advance(TimeSpan.FromMinutes(9));
        await RemindAsync();
        Assert.Empty(Webhook.Tries);

        Assert.Equal("web-1: CPU busy", (await Webhook.NextWhileTimePassesAsync(Time, TimeSpan.FromSeconds(10), "what was silenced")).Message.Title);
        await DoneAsync();
        Assert.Single(Webhook.Tries);
        Assert.Equal(["fired", "silenced"], await StoryAsync("1-1"));
        Assert.Equal(["fired", "silenced", "resolved", "silenced", "untold"], await StoryAsync("2-1"));
    }

    [Fact]
    public async Task ASilenceThatIsRemoved_HoldsNothingBack()
    {
        await StartAsync();
        await AddChannelAsync();
        var silence = await Desk.AddSilence(new Silence { From = Now, To = Now.AddHours(1) });
        await Desk.Accept([Fire(1, 1, Cpu)]);

        Assert.True(await Desk.RemoveSilence(silence!.Id));
        await Webhook.NextAsync("what was silenced");
    }

    [Fact]
    public async Task WhatNobodyTakesUp_IsToldAgain_AndEscalated_UntilSomebodyDoes()
    {
        await StartAsync();
        await Silo.RegisterAsync(1);
        var (ops, boss) = (await AddChannelAsync(), await AddChannelAsync());
        await Desk.SetRouting(AlertRouting.Default with { Routes = [Route(ops) with { Escalations = [new Escalation(TimeSpan.FromMinutes(10), [boss])] }] });
        await Desk.Accept([Fire(1, 1, Cpu with { RepeatInterval = TimeSpan.FromMinutes(30) })]);
        await Webhook.NextAsync("the alert");
        var start = Now;

        var escalated = await Webhook.NextWhileTimePassesAsync(Time, TimeSpan.FromSeconds(5), "the escalation");
        Assert.Equal((boss, MessageKind.Escalated), (escalated.Channel, escalated.Message.Kind));
        Assert.InRange(Now - start, TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(29));

        // Who was escalated to hears the rest as well, whatever happens to the server in between.
        await DoneAsync();
        await StartAsync(away: TimeSpan.FromMinutes(1));
        await RemindAsync();
        var again = new[] { await Webhook.NextWhileTimePassesAsync(Time, TimeSpan.FromSeconds(5), "the repeat"), await Webhook.NextAsync("the repeat for the other") };
        Assert.All(again, told => Assert.Equal(MessageKind.Repeated, told.Message.Kind));
        Assert.Equal([ops, boss], again.Select(told => told.Channel).Order());
        Assert.InRange(Now - start, TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(59));

        await DoneAsync();
        Assert.True(await Desk.Acknowledge("1-1", new AlertActor(Account, "anna"), true));
        for (var minute = 0; minute < 120; minute++)
        {
            Time.Advance(TimeSpan.FromMinutes(1));
            await RemindAsync();
        }

        await DoneAsync();
        Assert.Equal(4, Webhook.Tries.Count);
        Assert.Equal(["fired", "escalated", "repeated", "acknowledged"], await StoryAsync("1-1"));

        await Desk.Accept([Fire(1, 1, Cpu).Resolved(2, Now)]);
        await Webhook.NextAsync("its end");
        await Webhook.NextAsync("its end for the other");
    }

    [Fact]
    public async Task TakenUp_ItIsSoInTheStoryAndTheMessage_AndLiveViewsHearOfIt()
    {
        await StartAsync();
        await Silo.RegisterAsync(1);
        await AddChannelAsync(ChannelKind.Telegram);
        var changes = await Silo.SubscribeAsync<AlertsChanged>(LiveTopics.Alerts);
        await Desk.Accept([Fire(1, 1, Cpu) with { People = new HostPeople(Account, []) }]);
        var told = await Telegram.NextAsync("the alert");
        Assert.Equal(("1-1", 1L, Account), await ChangeAsync());
        await DoneAsync();

        Assert.True(await Desk.Acknowledge("1-1", new AlertActor(7, "anna (Telegram)"), true));
        var edit = await Telegram.NextAsync("the changed message");
        Assert.Equal(($"ref-{told.Id}", "anna (Telegram)"), (edit.Message.Replaces, edit.Message.Items[0].AcknowledgedBy));
        Assert.Equal(IncidentState.Acknowledged, (await IncidentAsync("1-1")).State);
        Assert.Equal(("1-1", 1L, Account), await ChangeAsync());

        // Pressed twice, it is one.
        Assert.True(await Desk.Acknowledge("1-1", new AlertActor(8, "ben"), true));
        Assert.True(await Desk.Comment("1-1", new AlertActor(8, "ben"), "A stuck job."));
        Assert.Equal(("1-1", 1L, Account), await ChangeAsync());
        await DoneAsync();
        Assert.True(await Desk.Acknowledge("1-1", new AlertActor(8, "ben"), false));
        Assert.Null((await Telegram.NextAsync("the message changed back")).Message.Items[0].AcknowledgedBy);
        Assert.Equal(["fired", "acknowledged", "comment", "unacknowledged"], await StoryAsync("1-1"));

        async Task<(string, long, long)> ChangeAsync()
        {
            var change = await changes.NextAsync("the change");
            return (change.IncidentId, change.HostId, change.People.OwnerId);
        }
    }

    [Fact]
    public async Task OthersIncidents_AndThoseThatAreOver_CannotBeTakenUp()
    {
        await StartAsync();
        var fired = Fire(1, 1, Cpu);
        await Desk.Accept([fired, fired.Resolved(2), Fire(2, 1, Cpu)]);
        var (anna, stranger) = (new AlertActor(Account, "anna"), Silo.Client.GetGrain<IAlertDeskGrain>(2));

        Assert.False(await Desk.Acknowledge("1-1", anna, true));
        Assert.False(await Desk.Acknowledge("9-9", anna, true));
        Assert.False(await stranger.Acknowledge("2-1", anna, true));
        Assert.False(await stranger.Comment("2-1", anna, "Hello."));
        Assert.Equal(["fired"], await StoryAsync("2-1"));
        Assert.True(await Desk.Comment("1-1", anna, "It was the backup."));
    }

    [Fact]
    public async Task WhatRan_AndThatItIsOver_ChangeTheMessageThatWasSent()
    {
        await StartAsync();
        await AddChannelAsync(ChannelKind.Telegram);
        var fired = Fire(1, 1, Cpu);
        await Desk.Accept([fired]);
        await Telegram.NextAsync("the alert");
        await DoneAsync();

        await Desk.Accept([fired.Then(TransitionKind.Evidence, 2, isOpen: true) with { Processes = [new ProcessSighting(17, "backup", 180, 1 << 20)] }]);
        var edit = await Telegram.NextAsync("the culprit");
        Assert.Equal((MessageKind.Fired, "backup"), (edit.Message.Kind, edit.Message.Items[0].Processes[0].Name));
        await DoneAsync();

        await Desk.Accept([fired.Resolved(3)]);
        var last = new[] { await Telegram.NextAsync("its end"), await Telegram.NextAsync("the message that says so") };
        var changed = last.Single(told => told.Message.Replaces is not null);
        Assert.Equal((edit.Message.Replaces, false, "backup"), (changed.Message.Replaces, changed.Message.Items[0].IsOpen, changed.Message.Items[0].Processes[0].Name));
        Assert.Equal(MessageKind.Resolved, last.Single(told => told.Message.Replaces is null).Message.Kind);
        await DoneAsync();
        Assert.Equal(["fired", "evidence", "resolved"], await StoryAsync("1-1"));
    }

    [Fact]
    public async Task ANotice_IsToldOnce()
    {
        await StartAsync();
        await AddChannelAsync();
        await Desk.Notice("away-1", "StatusMonitor was away", "From then to then.");
        var told = await Webhook.NextAsync("the notice");
        Assert.Equal((MessageKind.Server, "StatusMonitor was away", "From then to then."), (told.Message.Kind, told.Message.Title, told.Message.Text));
        await DoneAsync();

        await Desk.Notice("away-1", "StatusMonitor was away", "From then to then.");
        await Desk.Notice("away-2", "StatusMonitor was away again", "");
        Assert.Equal("StatusMonitor was away again", (await Webhook.NextAsync("another notice")).Message.Title);
        await DoneAsync();
        Assert.Equal(2, Webhook.Tries.Count);
    }

    [Fact]
    public async Task TheReminder_IsThereWhileThereIsAnythingToDo()
    {
        await StartAsync();
        await AddChannelAsync();
        Assert.False(await HasReminderAsync());
        await Desk.Accept([Fire(1, 1, Offline)]);
        Assert.True(await HasReminderAsync());
        await RemindAsync();
        Assert.True(await HasReminderAsync());

        await Webhook.NextWhileTimePassesAsync(Time, TimeSpan.FromSeconds(1), "the alert");
        await Waiting.UntilAsync(
            async () =>
            {
                await RemindAsync();
                return !await HasReminderAsync();
            },
            "the end of the reminder");

        await Desk.Accept([Fire(2, 1, Offline)]);
        Assert.True(await HasReminderAsync());
    }
}
