using StatusMonitor.Grains.Alerts;
using StatusMonitor.Grains.Alerts.Desk;
using StatusMonitor.Grains.Tests.Support;
using StatusMonitor.Storage.Alerts;
using static StatusMonitor.Grains.Tests.Alerts.Desk.Transitions;

namespace StatusMonitor.Grains.Tests.Alerts.Desk;

/// <summary>How what is queued reaches channels that fail, are slow, or are gone.</summary>
public sealed class DeskDeliveryTests : DeskTests
{
    [Fact]
    public async Task ASlowChannel_HoldsUpNeitherOthersNorCalls()
    {
        await StartAsync();
        var (slow, quick) = (await AddChannelAsync(name: "slow"), await AddChannelAsync(name: "quick"));
        var answer = new TaskCompletionSource<SendResult?>(TaskCreationOptions.RunContinuationsAsynchronously);
        Webhook.Script = sending => sending.Channel == slow ? answer.Task : Task.FromResult<SendResult?>(null);

        await Desk.Accept([Fire(1, 1, Cpu)]);
        await Waiting.UntilAsync(() => Task.FromResult(Webhook.Tries.Count == 2), "both tries");
        await Desk.Accept([Fire(2, 1, Cpu with { Id = 9 })]);
        await Waiting.UntilAsync(() => Task.FromResult(Webhook.Tries.Count(told => told.Channel == quick) == 2), "what comes after it on the other channel");
        Assert.Equal(2, (await Desk.GetChannels()).Length);
        await Desk.SetRouting(AlertRouting.Default);
        Assert.Single(Webhook.Tries, told => told.Channel == slow);

        answer.SetResult(null);
        await DoneAsync();
        Assert.Equal(["web-1: CPU busy", "web-2: CPU busy"], Webhook.Tries.Where(told => told.Channel == slow).Select(told => told.Message.Title));
    }

    [Fact]
    public async Task WhatFails_IsTriedAgainLater_AndNothingOvertakesIt()
    {
        await StartAsync();
        await AddChannelAsync();
        var isBroken = true;
        Webhook.Script = _ => Task.FromResult(isBroken ? new SendResult(SendOutcome.Retry, "It says 500.") : null);
        var fired = Fire(1, 1, Cpu);
        await Desk.Accept([fired]);
        await Webhook.NextAsync("the first try");
        await Waiting.UntilAsync(async () => (await NotificationsAsync(NotificationState.Queued)).Any(queued => queued.Attempts == 1), "that it failed");
        var queued = Assert.Single(await NotificationsAsync());
        Assert.Equal("It says 500.", queued.Error);
        Assert.InRange(queued.DueAt - Now, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(1.1));

        await Desk.Accept([fired.Resolved(2)]);
        for (var attempt = 2; attempt <= 5; attempt++) await Webhook.NextWhileTimePassesAsync(Time, TimeSpan.FromMilliseconds(200), $"try {attempt}");
        Assert.All(Webhook.Tries, told => Assert.Equal(MessageKind.Fired, told.Message.Kind));
        Assert.Single(Webhook.Tries.Select(told => told.Id).Distinct());

        isBroken = false;
        Assert.Equal(MessageKind.Fired, (await Webhook.NextWhileTimePassesAsync(Time, TimeSpan.FromMilliseconds(200), "the last try")).Message.Kind);
        Assert.Equal(MessageKind.Resolved, (await Webhook.NextAsync("what waited behind it")).Message.Kind);
        await DoneAsync();
    }

    [Fact]
    public async Task AChannelThatWantsToBeLeftAlone_Is()
    {
        await StartAsync();
        await AddChannelAsync();
        Webhook.Script = _ => Task.FromResult<SendResult?>(new SendResult(SendOutcome.Retry, "Too many.", TimeSpan.FromMinutes(7)));
        await Desk.Accept([Fire(1, 1, Cpu)]);
        await Webhook.NextAsync("the first try");
        Webhook.Script = _ => Task.FromResult<SendResult?>(null);
        await Waiting.UntilAsync(async () => (await NotificationsAsync(NotificationState.Queued)).Any(queued => queued.Attempts == 1), "that it is to wait");
        var start = Now;

        await Webhook.NextWhileTimePassesAsync(Time, TimeSpan.FromSeconds(5), "the second try");
        Assert.InRange(Now - start, TimeSpan.FromMinutes(7), TimeSpan.FromMinutes(8));
    }

    [Fact]
    public async Task ARestart_DoesNotForgetWhenToTryAgain()
    {
        await StartAsync();
        await AddChannelAsync();
        Webhook.Script = _ => Task.FromResult<SendResult?>(new SendResult(SendOutcome.Retry, "Too many.", TimeSpan.FromMinutes(7)));
        await Desk.Accept([Fire(1, 1, Cpu)]);
        await Waiting.UntilAsync(async () => (await NotificationsAsync(NotificationState.Queued)).Any(queued => queued.Attempts == 1), "that it is to wait");

        await StartAsync(away: TimeSpan.FromMinutes(5));
        Webhook.Script = _ => Task.FromResult<SendResult?>(null);
        var start = Now;
        await RemindAsync();
        await Webhook.NextAsync("the first try");
        await Webhook.NextWhileTimePassesAsync(Time, TimeSpan.FromSeconds(1), "the second try");
        Assert.InRange(Now - start, TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(3));
        await DoneAsync();
    }

    [Fact]
    public async Task WhatIsRefused_IsDead_WithItsReason_UntilSomebodyTriesAgain()
    {
        await StartAsync();
        await AddChannelAsync();
        Webhook.Script = _ => Task.FromResult<SendResult?>(new SendResult(SendOutcome.Refused, "The chat is gone."));
        await Desk.Accept([Fire(1, 1, Cpu)]);
        await DoneAsync();
        var dead = Assert.Single(await NotificationsAsync(NotificationState.Dead));
        Assert.Equal(("The chat is gone.", 1), (dead.Error, dead.Attempts));
        await Waiting.UntilAsync(async () => (await StoryAsync("1-1")).Contains("notFailed"), "a note in the story");

        Webhook.Script = _ => Task.FromResult<SendResult?>(null);
        Assert.True(await Store.RequeueAsync(Account, dead.Entry.Id, Now));
        await Desk.Wake();
        await DoneAsync();
        Assert.Equal(2, Webhook.Tries.Count);
        Assert.Single(await NotificationsAsync(NotificationState.Sent));
    }

    [Fact]
    public async Task AfterADay_ItIsGivenUp()
    {
        await StartAsync();
        await AddChannelAsync();
        Webhook.Script = _ => Task.FromResult<SendResult?>(new SendResult(SendOutcome.Retry, "It says 500."));
        await Desk.Accept([Fire(1, 1, Cpu)]);
        await Waiting.UntilAsync(async () => (await NotificationsAsync(NotificationState.Queued)).Any(queued => queued.Attempts == 1), "that it failed");

        await StartAsync(away: TimeSpan.FromHours(25));
        await RemindAsync();
        await DoneAsync();
        Assert.Contains("Given up after 1 d 1 h: It says 500.", Assert.Single(await NotificationsAsync(NotificationState.Dead)).Error);
    }

    [Theory]
    [InlineData(true, "The channel was removed.")]
    [InlineData(false, "The channel is switched off.")]
    public async Task WhatWaitsForAChannelThatIsNotUsedAnyMore_IsDead(bool isRemoved, string reason)
    {
        await StartAsync();
        var channel = await AddChannelAsync();
        Webhook.Script = _ => Task.FromResult<SendResult?>(new SendResult(SendOutcome.Retry, "It says 500.", TimeSpan.FromHours(1)));
        await Desk.Accept([Fire(1, 1, Cpu)]);
        await Waiting.UntilAsync(async () => (await NotificationsAsync(NotificationState.Queued)).Any(queued => queued.Attempts == 1), "that it failed");

        if (isRemoved) Assert.True(await Desk.RemoveChannel(channel));
        else Assert.True(await Desk.ReplaceChannel((await Desk.GetChannels()).Single() with { IsEnabled = false }));

        await DoneAsync();
        Assert.Equal(reason, Assert.Single(await NotificationsAsync(NotificationState.Dead)).Error);
    }

    [Fact]
    public async Task AChannelThatIsMended_IsTriedAtOnce()
    {
        await StartAsync();
        await AddChannelAsync();
        Webhook.Script = _ => Task.FromResult<SendResult?>(new SendResult(SendOutcome.Retry, "It says 500.", TimeSpan.FromHours(1)));
        await Desk.Accept([Fire(1, 1, Cpu)]);
        await Waiting.UntilAsync(async () => (await NotificationsAsync(NotificationState.Queued)).Any(queued => queued.Attempts == 1), "that it failed");

        Webhook.Script = _ => Task.FromResult<SendResult?>(null);
        Assert.True(await Desk.ReplaceChannel((await Desk.GetChannels()).Single() with { Name = "mended" }));
        await DoneAsync();
        Assert.Single(await NotificationsAsync(NotificationState.Sent));
    }

    [Fact]
    public async Task WhenTooMuchWaits_TheOldestAreDead()
    {
        await StartAsync();
        await AddChannelAsync();
        await Desk.SetRouting(AlertRouting.Default with { GroupBy = Grouping.None });
        Webhook.Script = _ => Task.FromResult<SendResult?>(new SendResult(SendOutcome.Retry, "It says 500.", TimeSpan.FromHours(1)));
        await Desk.Accept([Fire(1, 1, Cpu)]);
        await Waiting.UntilAsync(async () => (await NotificationsAsync(NotificationState.Queued)).Any(queued => queued.Attempts == 1), "that it failed");
        await Desk.Accept([.. Enumerable.Range(2, DeskDelivery.MostWaiting + 2).Select(host => Fire(host, 1, Cpu))]);

        await Waiting.UntilAsync(async () => (await NotificationsAsync(NotificationState.Dead)).Count == 3, "that the oldest are dead");
        Assert.Equal(DeskDelivery.MostWaiting, (await NotificationsAsync(NotificationState.Queued)).Count);
        var dead = await NotificationsAsync(NotificationState.Dead);
        Assert.Contains(dead, notification => notification.Entry.Title == "web-1: CPU busy");
        Assert.All(dead, notification => Assert.Contains("More than 100 messages waited", notification.Error));
    }

    [Fact]
    public async Task ASenderThatThrows_IsTriedAgain()
    {
        await StartAsync();
        await AddChannelAsync();
        Webhook.Script = _ => throw new InvalidOperationException("A bug.");
        await Desk.Accept([Fire(1, 1, Cpu)]);
        await Waiting.UntilAsync(async () => (await NotificationsAsync(NotificationState.Queued)).Any(queued => queued.Attempts == 1), "that it failed");
        Webhook.Script = _ => Task.FromResult<SendResult?>(null);

        await Webhook.NextWhileTimePassesAsync(Time, TimeSpan.FromMilliseconds(200), "the next try");
        await DoneAsync();
    }

    [Fact]
    public async Task ATest_IsSentPastTheQueue()
    {
        await StartAsync();
        var channel = await AddChannelAsync(name: "ops");
        Webhook.Script = sending => Task.FromResult<SendResult?>(sending.Message.Kind == MessageKind.Test ? new SendResult(SendOutcome.Refused, "No such place.") : null);

        Assert.Equal(new SendResult(SendOutcome.Refused, "No such place."), await Desk.TestChannel(channel));
        Assert.Null(await Desk.TestChannel(99));
        Assert.Contains("\"ops\"", Webhook.Tries.Single().Message.Text);
        Assert.Empty(await NotificationsAsync());
    }

    [Fact]
    public async Task AKindThatTheServerCannotSendTo_IsRefused()
    {
        await StartAsync();
        await AddChannelAsync(ChannelKind.Email);
        await Desk.Accept([Fire(1, 1, Cpu)]);
        await DoneAsync();

        Assert.Equal("This server cannot send to channels of this kind.", Assert.Single(await NotificationsAsync(NotificationState.Dead)).Error);
    }
}
