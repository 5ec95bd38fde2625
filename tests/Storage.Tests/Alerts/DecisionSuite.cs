using System.Collections.Immutable;
using StatusMonitor.Storage.Alerts;
using StatusMonitor.Storage.Tests.Support;

namespace StatusMonitor.Storage.Tests.Alerts;

/// <summary>What is told is decided once, and each notification has one end.</summary>
public abstract class DecisionSuite(Func<IAlertPlace> place) : AlertStoreSuite(place)
{
    private static readonly ImmutableArray<NotificationState> Any = [NotificationState.Queued, NotificationState.Sent, NotificationState.Dead];

    [SuiteFact]
    public async Task ADecision_IsThereWhole_AlsoAfterARestart()
    {
        await Alerts.AcceptAsync([Fired("1-1"), Fired("1-2"), Fired("1-3")]);

        Assert.True(await Alerts.DecideAsync(
            Mine, ["1-1", "1-3", "1-1"], [Message("a", "1-1", "1-3"), Message("b", "1-3")], [new IncidentChange("1-3", null, new IncidentEvent(At(6), "silenced", Text: "why")) { NextAt = At(60), Step = 1 }]));
        await ReopenAsync();

        Assert.Equal(["1-2"], await PendingAsync());
        var queued = await Alerts.ReadQueuedAsync(Mine, 10, CancellationToken.None);
        Assert.Equal(["a", "b"], queued.Select(notification => notification.Entry.Id));
        var first = queued[0];
        Assert.Equal(Message("a", "1-1", "1-3") with { Incidents = first.Entry.Incidents }, first.Entry);
        Assert.Equal(["1-1", "1-3"], first.Entry.Incidents.AsEnumerable());
        Assert.Equal((NotificationState.Queued, 0, At(5), null, null), (first.State, first.Attempts, first.DueAt, first.Error, first.Reference));
        var story = await StoryAsync("1-3");
        Assert.Equal((At(60), 1), (story.Incident.NextAt, story.Incident.Step));
        Assert.Equal(["fired", "silenced"], story.Events.Select(entry => entry.Kind));
        Assert.Equal(["b", "a"], story.Notifications.Select(notification => notification.Entry.Id));
        Assert.Equal(["a"], (await Alerts.ReadNotificationsOfAsync("1-1", CancellationToken.None)).Select(notification => notification.Entry.Id));
    }

    [SuiteTheory]
    [InlineData("1-9")]
    [InlineData("2-1")]
    [InlineData("1-1")]
    public async Task ADecisionOnWhatIsNotPending_ChangesNothing(string missing)
    {
        await Alerts.AcceptAsync([Fired("1-1"), Fired("1-2"), Fired("2-1", account: Other)]);
        Assert.True(await Alerts.DecideAsync(Mine, ["1-1"], [], []));

        Assert.False(await Alerts.DecideAsync(Mine, ["1-2", missing], [Message("m", "1-2")], [new IncidentChange("1-2", null, new IncidentEvent(Start, "silenced"))]));

        Assert.Equal(["1-2"], await PendingAsync());
        Assert.Equal(["2-1"], await PendingAsync(Other));
        Assert.Empty(await QueuedAsync());
        Assert.Single((await StoryAsync("1-2")).Events);
    }

    [SuiteFact]
    public async Task OfTwoDesks_OneDecides()
    {
        var another = await Place.OpenAnotherAsync();
        for (var round = 0; round < 20; round++)
        {
            var ids = new[] { $"1-{round}a", $"1-{round}b", $"1-{round}c" };
            await Alerts.AcceptAsync([.. ids.Select(id => Fired(id, round))]);

            // They want a part of the same.
            var decided = await Task.WhenAll(
                Alerts.DecideAsync(Mine, ids[..2], [Message($"{round}-first", ids[..2])], []),
                another.DecideAsync(Mine, ids[1..], [Message($"{round}-second", ids[1..])], [])).Soon("the two decisions");

            Assert.Single(decided, true);
            var winner = decided[0] ? "first" : "second";
            Assert.Equal([decided[0] ? ids[2] : ids[0]], await PendingAsync());
            Assert.Equal($"{round}-{winner}", (await QueuedAsync())[^1]);
            Assert.Equal(round + 1, (await QueuedAsync()).Count);
            Assert.True(await Alerts.DecideAsync(Mine, await PendingAsync(), [], []));
        }
    }

    [SuiteFact]
    public async Task ANotificationThatIsKnown_IsNotQueuedAgain()
    {
        Assert.True(await Alerts.DecideAsync(Mine, [], [Message("notice"), Message("notice")], []));
        Assert.True(await Alerts.SettleAsync(new StoredNotification(Message("notice"), NotificationState.Sent) { DueAt = At(6) }));
        Assert.True(await Alerts.DecideAsync(Mine, [], [Message("notice"), Message("other")], []));

        Assert.Equal(["other"], await QueuedAsync());
    }

    [SuiteFact]
    public async Task AnAccountWithTooMuchQueued_IsBusy_AndNothingIsDecided()
    {
        await ReopenAsync(maxWaiting: 2);
        await Alerts.AcceptAsync([Fired("1-1"), Fired("1-2")]);
        Assert.True(await Alerts.DecideAsync(Mine, ["1-1"], [Message("a")], []));

        await Assert.ThrowsAsync<StorageBusyException>(() => Alerts.DecideAsync(Mine, ["1-2"], [Message("b"), Message("c")], []));
        Assert.Equal(["1-2"], await PendingAsync());
        Assert.Equal(["a"], await QueuedAsync());

        Assert.True(await Alerts.DecideAsync(Mine, ["1-2"], [Message("b")], []));
        await Assert.ThrowsAsync<StorageBusyException>(() => Alerts.DecideAsync(Mine, [], [Message("c")], []));
        Assert.True(await Alerts.DecideAsync(Other, [], [Message("d") with { AccountId = Other }], []));

        // One that is sent makes room; one that waits for another try does not.
        Assert.True(await Alerts.SettleAsync(new StoredNotification(Message("a"), NotificationState.Queued) { Attempts = 1, DueAt = At(60) }));
        await ReopenAsync(maxWaiting: 2);
        await Assert.ThrowsAsync<StorageBusyException>(() => Alerts.DecideAsync(Mine, [], [Message("c")], []));
        Assert.True(await Alerts.SettleAsync(new StoredNotification(Message("a"), NotificationState.Dead) { Attempts = 2, DueAt = At(61) }));
        Assert.True(await Alerts.DecideAsync(Mine, [], [Message("c")], []));

        // Somebody wants it back: that is not refused.
        Assert.True(await Alerts.RequeueAsync(Mine, "a", At(62)));
        Assert.Equal(["b", "c", "a"], await QueuedAsync());
        await Assert.ThrowsAsync<StorageBusyException>(() => Alerts.DecideAsync(Mine, [], [Message("e")], []));
    }

    [SuiteFact]
    public async Task WhatBecameOfATry_IsKept()
    {
        await Alerts.DecideAsync(Mine, [], [Message("a"), Message("b"), Message("c")], []);
        var tried = new StoredNotification(Message("a"), NotificationState.Queued) { Attempts = 3, DueAt = At(90), Error = "too many\nrequests\0" };

        Assert.True(await Alerts.SettleAsync(tried));
        Assert.True(await Alerts.SettleAsync(new StoredNotification(Message("b"), NotificationState.Sent) { Attempts = 1, DueAt = At(7), Reference = "chat:17" }));
        await ReopenAsync();

        var queued = await Alerts.ReadQueuedAsync(Mine, 10, CancellationToken.None);
        Assert.Equal(["c", "a"], queued.Select(notification => notification.Entry.Id));
        Assert.Equal((3, At(90), "too many\nrequests\uFFFD"), (queued[1].Attempts, queued[1].DueAt, queued[1].Error));
        var sent = Assert.Single(await Alerts.ReadNotificationsAsync(Mine, [NotificationState.Sent], null, 10, CancellationToken.None));
        Assert.Equal(("b", 1, At(7), "chat:17", null), (sent.Entry.Id, sent.Attempts, sent.DueAt, sent.Reference, sent.Error));
    }

    [SuiteFact]
    public async Task ATryOfWhatIsQueuedNoMore_ChangesNothing()
    {
        await Alerts.DecideAsync(Mine, [], [Message("a")], []);
        Assert.True(await Alerts.SettleAsync(new StoredNotification(Message("a"), NotificationState.Sent) { Attempts = 1, DueAt = At(6) }));

        Assert.False(await Alerts.SettleAsync(new StoredNotification(Message("a"), NotificationState.Dead) { Attempts = 2, DueAt = At(7) }));
        Assert.False(await Alerts.SettleAsync(new StoredNotification(Message("x"), NotificationState.Sent) { DueAt = At(7) }));
        Assert.False(await Alerts.SettleAsync(new StoredNotification(Message("a") with { AccountId = Other }, NotificationState.Sent) { DueAt = At(7) }));
        Assert.Equal((NotificationState.Sent, 1), Assert.Single(await Alerts.ReadNotificationsAsync(Mine, Any, null, 10, CancellationToken.None)) is var sent ? (sent.State, sent.Attempts) : default);
    }

    [SuiteFact]
    public async Task OneThatIsDead_IsQueuedAgain_OrGoes_ForItsAccountAlone()
    {
        await IncidentAsync("1-1", 0);
        await NotificationAsync("dead", NotificationState.Dead, 9, "1-1");
        await NotificationAsync("other", NotificationState.Dead, 9, "1-1");
        await NotificationAsync("sent", NotificationState.Sent, 9, "1-1");
        await NotificationAsync("queued", NotificationState.Queued, 0, "1-1");

        foreach (var id in new[] { "sent", "queued", "none" })
        {
            Assert.False(await Alerts.RequeueAsync(Mine, id, At(20)));
            Assert.False(await Alerts.DismissAsync(Mine, id));
        }

        Assert.False(await Alerts.RequeueAsync(Other, "dead", At(20)));
        Assert.False(await Alerts.DismissAsync(Other, "dead"));
        Assert.True(await Alerts.RequeueAsync(Mine, "dead", At(20)));
        Assert.False(await Alerts.RequeueAsync(Mine, "dead", At(20)));
        Assert.True(await Alerts.DismissAsync(Mine, "other"));
        Assert.False(await Alerts.DismissAsync(Mine, "other"));

        var queued = await Alerts.ReadQueuedAsync(Mine, 10, CancellationToken.None);
        Assert.Equal([("queued", 0, At(5)), ("dead", 0, At(20))], queued.Select(notification => (notification.Entry.Id, notification.Attempts, notification.DueAt)));
        Assert.Equal(["queued", "sent", "dead"], (await StoryAsync("1-1")).Notifications.Select(notification => notification.Entry.Id));
        Assert.Equal(3, Place.Count("incident_notifications"));
    }

    [SuiteFact]
    public async Task Notifications_AreReadByState_InPages_NewestFirst()
    {
        var states = new[] { NotificationState.Queued, NotificationState.Sent, NotificationState.Dead };
        for (var i = 0; i < 31; i++) await NotificationAsync(Number(i), states[i % 3], i);
        await Alerts.DecideAsync(Other, [], [Message("foreign") with { AccountId = Other }], []);

        foreach (var wanted in new ImmutableArray<NotificationState>[] { [NotificationState.Dead], [NotificationState.Sent, NotificationState.Dead], Any, [] })
        {
            var read = new List<string>();
            for (long? before = null; ;)
            {
                var page = await Alerts.ReadNotificationsAsync(Mine, wanted, before, 4, CancellationToken.None);
                Assert.InRange(page.Count, 0, 4);
                if (page.Count == 0) break;
                read.AddRange(page.Select(notification => notification.Entry.Id));
                before = page[^1].Number;
            }

            Assert.Equal(Enumerable.Range(0, 31).Reverse().Where(i => wanted.Contains(states[i % 3])).Select(Number), read);
        }

        Assert.Equal(10, await Alerts.CountNotificationsAsync(Mine, NotificationState.Dead, CancellationToken.None));
        Assert.Equal(1, await Alerts.CountNotificationsAsync(Other, NotificationState.Queued, CancellationToken.None));
        Assert.Equal(0, await Alerts.CountNotificationsAsync(Other, NotificationState.Dead, CancellationToken.None));
        Assert.Equal(2, (await Alerts.ReadQueuedAsync(Mine, 2, CancellationToken.None)).Count);
    }

    [SuiteFact]
    public async Task OnlyTheNewestNotificationsOfAnIncident_AreInItsStory()
    {
        await IncidentAsync("1-1", 0);
        Assert.True(await Alerts.DecideAsync(Mine, [], [.. Enumerable.Range(0, 250).Select(i => Message(Number(i), "1-1"))], []));

        Assert.Equal(Enumerable.Range(50, 200).Reverse().Select(Number), (await StoryAsync("1-1")).Notifications.Select(notification => notification.Entry.Id));
    }
}
