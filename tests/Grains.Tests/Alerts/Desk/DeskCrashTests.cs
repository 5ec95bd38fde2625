using StatusMonitor.Grains.Alerts;
using StatusMonitor.Grains.Tests.Support;
using StatusMonitor.Storage;
using StatusMonitor.Storage.Alerts;
using static StatusMonitor.Grains.Tests.Alerts.Desk.Transitions;

namespace StatusMonitor.Grains.Tests.Alerts.Desk;

/// <summary>The server dies between any two steps: nothing is lost, and nothing told twice.</summary>
public sealed class DeskCrashTests : DeskTests
{
    /// <summary>
    /// Everything an alert goes through, with a death at one step of it and another server after that. A host hands on what was not accepted, as hosts do.
    /// </summary>
    [Theory]
    [InlineData("accept", false, 0)]
    [InlineData("accept", true, 0)]
    [InlineData("accept", false, 1)]
    [InlineData("accept", true, 1)]
    [InlineData("decide", false, 0)]
    [InlineData("decide", true, 0)]
    [InlineData("decide", false, 1)]
    [InlineData("decide", true, 1)]
    [InlineData("settle", true, 0)]
    [InlineData("settle", true, 1)]
    [InlineData("pending", true, 0)]
    [InlineData("queued", true, 0)]
    [InlineData("due", true, 0)]
    [InlineData("story", false, 0)]
    [InlineData("story", true, 0)]
    public async Task WhereverItDies_OneBeginAndOneEndAreTold(string step, bool isAfter, int skip)
    {
        await StartAsync();
        await AddChannelAsync();
        var crash = new CrashPoint(step, isAfter, skip);
        await StartAsync(crash);
        var fired = Fire(1, 1, Cpu, 97);

        await HandOnAsync(fired, crash);
        await HandOnAsync(fired.Resolved(2), crash);
        await crash.Reached.WaitAsync(Waiting.Patience);

        await StartAsync();
        await HandOnAsync(fired, null);
        await HandOnAsync(fired.Resolved(2), null);
        await RemindAsync();
        await DoneAsync();

        Assert.Equal([MessageKind.Fired, MessageKind.Resolved], Webhook.Tries.Select(told => told.Message.Kind));
        Assert.Equal(2, Webhook.Tries.Select(told => told.Id).Distinct().Count());
        Assert.Equal(["fired", "resolved"], await StoryAsync("1-1"));
        Assert.Equal(IncidentState.Resolved, (await IncidentAsync("1-1")).State);
    }

    /// <summary>The one duplicate there can be: the channel has it, and the server dies before it notes that. The id is the same, for channels that can tell by it.</summary>
    [Fact]
    public async Task BetweenTheChannelsAcceptanceAndItsNote_TheMessageComesAgain_UnderItsId()
    {
        await StartAsync();
        await AddChannelAsync();
        var crash = new CrashPoint("settle", isAfter: false);
        await StartAsync(crash);
        await Desk.Accept([Fire(1, 1, Cpu)]);
        await crash.Reached.WaitAsync(Waiting.Patience);

        await StartAsync();
        await RemindAsync();
        await DoneAsync();
        Assert.Equal(2, Webhook.Tries.Count);
        Assert.Single(Webhook.Tries.Select(told => told.Id).Distinct());
    }

    /// <summary>A store that fails and comes back, with no restart: the channel that took a message does not get it again.</summary>
    [Theory]
    [InlineData("settle", false)]
    [InlineData("settle", true)]
    [InlineData("decide", false)]
    [InlineData("decide", true)]
    public async Task AStoreThatFailsForAWhile_DoublesNothing(string step, bool isAfter)
    {
        await StartAsync();
        await AddChannelAsync();
        var failure = new CrashPoint(step, isAfter);
        Crash = failure;
        await Desk.Accept([Fire(1, 1, Cpu)]);
        await failure.Reached.WaitAsync(Waiting.Patience);

        Crash = null;
        await Webhook.NextWhileTimePassesAsync(Time, TimeSpan.FromSeconds(1), "the alert");
        await Waiting.UntilAsync(
            async () =>
            {
                Time.Advance(TimeSpan.FromSeconds(1));
                return (await NotificationsAsync(NotificationState.Sent)).Count == 1;
            },
            "that it is noted as sent");
        Assert.Single(Webhook.Tries);
    }

    [Fact]
    public async Task LostHosts_WhoseServerDiesWithinTheWindow_AreOneMessage()
    {
        await StartAsync();
        await AddChannelAsync();
        for (var host = 1; host <= 20; host++) await Desk.Accept([Fire(host, 1, Offline)]);
        Time.Advance(TimeSpan.FromSeconds(5));

        await StartAsync(away: TimeSpan.FromSeconds(3));
        await RemindAsync();
        for (var host = 11; host <= 30; host++) await Desk.Accept([Fire(host, 1, Offline)]);
        Assert.Equal("30 hosts offline", (await Webhook.NextWhileTimePassesAsync(Time, TimeSpan.FromMilliseconds(500), "the message of lost hosts")).Message.Title);
        await DoneAsync();
        Assert.Single(Webhook.Tries);
    }

    [Fact]
    public async Task ManyAlerts_OfAServerThatDiesAgainAndAgain_AreEachToldOnce()
    {
        await StartAsync();
        await AddChannelAsync();
        await Desk.SetRouting(AlertRouting.Default with { GroupBy = Grouping.None });
        string[] steps = ["accept", "decide", "settle", "decide", "accept"];
        for (var round = 0; round < steps.Length; round++)
        {
            var crash = new CrashPoint(steps[round], isAfter: true, skip: round);
            await StartAsync(crash);
            for (var host = 1; host <= 20; host++) await HandOnAsync(Fire(host, 1 + round, Cpu with { Id = round + 1 }), crash);
            await crash.Reached.WaitAsync(Waiting.Patience);
            await StartAsync();
            for (var host = 1; host <= 20; host++) await HandOnAsync(Fire(host, 1 + round, Cpu with { Id = round + 1 }), null);
        }

        await RemindAsync();
        await DoneAsync();

        // What a channel had when the server died comes again, under its id.
        var told = Webhook.Tries.Select(told => (told.Message.Items.Single().IncidentId, told.Id)).Distinct().ToList();
        Assert.Equal(100, told.Count);
        Assert.Equal(100, told.DistinctBy(one => one.IncidentId).Count());
    }

    private async Task HandOnAsync(AlertTransition transition, CrashPoint? crash)
    {
        try
        {
            await Desk.Accept([transition]);
            if (crash is null) return;

            // Told before the next comes, as far as the server lives: what is over before it is told would not be.
            await Waiting.UntilAsync(
                async () => crash.Reached.IsCompleted || ((await Store.ReadPendingAsync(Account, 1, default)).Count == 0 && (await Store.ReadQueuedAsync(Account, 1, default)).Count == 0), "that it is told");
        }
        catch (StorageFailedException)
        {
            // The host keeps it and tries again.
        }
    }
}
