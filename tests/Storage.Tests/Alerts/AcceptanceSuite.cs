using StatusMonitor.Storage.Alerts;
using StatusMonitor.Storage.Tests.Support;

namespace StatusMonitor.Storage.Tests.Alerts;

/// <summary>Transitions are taken in once, whole and in order, whatever is repeated, at once or broken.</summary>
public abstract class AcceptanceSuite(Func<IAlertPlace> place) : AlertStoreSuite(place)
{
    [SuiteFact]
    public async Task ATransition_OpensItsIncident_AndWaitsToBeTold_AlsoAfterARestart()
    {
        var incident = Opened("1-1") with { Severity = 2, Series = "disk.used.percent{mount=/}", HostName = "wéb 名前 😀", HasNoData = true, NextAt = At(300), OwnerId = 9 };
        await Alerts.AcceptAsync([Fired(incident)]);

        await ReopenAsync();

        var story = await StoryAsync("1-1");
        Assert.Equal(incident, story.Incident);
        Assert.Equal([new IncidentEvent(Start, "fired", Value: 97.5)], story.Events.AsEnumerable());
        Assert.Empty(story.Notifications);
        Assert.Equal([new PendingTransition("1-1", "{\"id\":\"1-1\"}")], await Alerts.ReadPendingAsync(Mine, 10, CancellationToken.None));
    }

    [SuiteFact]
    public async Task ARepeat_ChangesNothing_WhetherInTheSameCallOrLater_OrAfterItWasTold()
    {
        await Alerts.AcceptAsync([Fired("1-1"), Fired("1-1")]);
        await Alerts.AcceptAsync([Fired("1-1"), Fired("1-2", 1)]);
        Assert.Equal(["1-1", "1-2"], await PendingAsync());
        Assert.True(await Alerts.DecideAsync(Mine, ["1-1"], [Message("m", "1-1")], []));

        await ReopenAsync();
        await Alerts.AcceptAsync([Fired("1-1")]);

        Assert.Equal(["1-2"], await PendingAsync());
        Assert.Single((await StoryAsync("1-1")).Events.AsEnumerable());
        Assert.Equal(["1-2", "1-1"], await IdsAsync(new IncidentQuery()));
    }

    [SuiteFact]
    public async Task WhatWaits_IsCountedOverAllAccounts()
    {
        Assert.Equal((0, 0), await Alerts.CountWaitingAsync(CancellationToken.None));
        await Alerts.AcceptAsync([Fired("1-1"), Fired("1-2"), Fired("2-1", account: Other)]);
        Assert.Equal((3, 0), await Alerts.CountWaitingAsync(CancellationToken.None));
        Assert.True(await Alerts.DecideAsync(Mine, ["1-1"], [Message("a", "1-1"), Message("b", "1-1")], []));
        Assert.Equal((2, 2), await Alerts.CountWaitingAsync(CancellationToken.None));
        Assert.True(await Alerts.SettleAsync(new StoredNotification(Message("a", "1-1"), NotificationState.Sent) { Attempts = 1, DueAt = At(1) }));
        Assert.Equal((2, 1), await Alerts.CountWaitingAsync(CancellationToken.None));
    }

    [SuiteFact]
    public async Task RepeatsAtOnce_AreTakenInOnce()
    {
        var another = await Place.OpenAnotherAsync();

        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => (i % 2 == 0 ? Alerts : another).AcceptAsync([Fired("1-1"), Resolved("1-2", "1-1", 9)]))).Soon("the repeats");

        Assert.Equal(["1-1", "1-2"], await PendingAsync());
        var story = await StoryAsync("1-1");
        Assert.Equal(["fired", "resolved"], story.Events.Select(entry => entry.Kind));
        Assert.Equal((IncidentState.Resolved, At(9)), (story.Incident.State, story.Incident.ResolvedAt));
    }

    [SuiteFact]
    public async Task TransitionsOfAHost_AreToldInTheirOrder_HoweverManyHostsComeAtOnce()
    {
        const int Hosts = 50, Each = 20;

        await Task.WhenAll(Enumerable.Range(1, Hosts).Select(async host =>
        {
            for (var i = 0; i < Each; i++) await Alerts.AcceptAsync([Fired($"{host}-{2 * i}", i, host: host), Resolved($"{host}-{2 * i + 1}", $"{host}-{2 * i}", i + 0.5)]);
        })).Soon("the hosts");

        var pending = await PendingAsync(limit: 10_000);
        Assert.Equal(Hosts * Each * 2, pending.Count);
        foreach (var host in pending.GroupBy(id => id.Split('-')[0])) Assert.Equal(Enumerable.Range(0, 2 * Each).Select(i => $"{host.Key}-{i}"), host);
        Assert.Equal((0, 0), await Alerts.CountAsync(new IncidentQuery(Mine), CancellationToken.None));
    }

    /// <summary>A network that fails takes a whole fleet offline: each host tells of itself, all at once.</summary>
    [SuiteFact]
    public async Task TenThousandHostsAtOnce_AreTakenIn_AndToldInOneMessage()
    {
        const int Hosts = 10_000;
        var rule = new string('r', 600);
        var started = System.Diagnostics.Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(1, Hosts).Select(host => Alerts.AcceptAsync(
            [Fired(Opened($"{host}-1", host: host) with { Rule = rule }) with { Payload = new string('p', 1_200) }]))).Soon("the fleet");
        var accepted = started.Elapsed;

        var pending = await PendingAsync(limit: 20_000);
        Assert.Equal(Hosts, pending.Distinct().Count());
        started.Restart();
        Assert.True(await Alerts.DecideAsync(Mine, pending, [Message("all", [.. pending])], [.. pending.Select(id => new IncidentChange(id, null, null) { NextAt = At(600) })]));

        var decided = started.Elapsed;
        Assert.Empty(await PendingAsync());
        Assert.Equal(Hosts, Assert.Single(await Alerts.ReadQueuedAsync(Mine, 10, CancellationToken.None)).Entry.Incidents.Length);
        Assert.Equal((Hosts, 0), await Alerts.CountAsync(new IncidentQuery(Mine), CancellationToken.None));
        Assert.Equal("all", Assert.Single((await StoryAsync("9999-1")).Notifications).Entry.Id);

        // Generous for a busy machine: it is about a second, but would be minutes if each looked at all the others.
        Assert.InRange(accepted + decided, TimeSpan.Zero, TimeSpan.FromSeconds(40));
    }

    [SuiteFact]
    public async Task AnEventOfNoIncident_IsPassedOver_AndStillTold()
    {
        await Alerts.AcceptAsync([Resolved("1-2", "1-1", 9), new TransitionEntry("1-3", Mine, null, false, "{}")]);

        Assert.Equal(["1-2"], await PendingAsync());
        Assert.Null(await Alerts.ReadStoryAsync("1-1", CancellationToken.None));
    }

    [SuiteFact]
    public async Task NothingAtAll_IsNoFailure()
    {
        await Alerts.AcceptAsync([]);

        Assert.Empty(await PendingAsync());
        Assert.True(await Alerts.DecideAsync(Mine, [], [], []));
        Assert.Empty(await IdsAsync(new IncidentQuery()));
    }

    [SuiteFact]
    public async Task AnAccountWithTooMuchToTell_IsBusy_AndTheOthersAreNot()
    {
        await ReopenAsync(maxWaiting: 3);
        await Alerts.AcceptAsync([Fired("1-1"), Fired("1-2")]);

        await Assert.ThrowsAsync<StorageBusyException>(() => Alerts.AcceptAsync([Fired("1-3"), Fired("1-4")]));

        Assert.Equal(["1-2", "1-1"], await IdsAsync(new IncidentQuery(Mine)));
        await Alerts.AcceptAsync([Fired("1-3"), Fired("1-2")]);
        await Alerts.AcceptAsync([Fired("1-1")]);
        await Alerts.AcceptAsync([Fired("1-4") with { IsPending = false }]);
        await Alerts.AcceptAsync([Fired("2-1", account: Other)]);
        await Assert.ThrowsAsync<StorageBusyException>(() => Alerts.AcceptAsync([Fired("1-5")]));

        // What is told makes room, also after a restart.
        Assert.True(await Alerts.DecideAsync(Mine, ["1-1"], [], []));
        await ReopenAsync(maxWaiting: 3);
        await Alerts.AcceptAsync([Fired("1-5")]);
        Assert.Equal(["1-2", "1-3", "1-5"], await PendingAsync());
    }

    [SuiteFact]
    public async Task AStoreThatCannotBeWritten_TakesNothingIn_AndTheSameAgainLater()
    {
        using (Place.BreakWrites())
        {
            await Assert.ThrowsAsync<StorageFailedException>(() => Alerts.AcceptAsync([Fired("1-1")]).Soon("the broken acceptance"));
            await Assert.ThrowsAsync<StorageFailedException>(() => Alerts.DecideAsync(Mine, [], [Message("m")], []).Soon("the broken decision"));
            await Assert.ThrowsAsync<StorageFailedException>(() => Alerts.ChangeAsync(new IncidentChange("1-1", null, new IncidentEvent(Start, "comment"))).Soon("the broken change"));
            await Assert.ThrowsAsync<StorageFailedException>(() => Alerts.DropBeforeAsync(Start, CancellationToken.None).Soon("the broken drop"));
        }

        await ReopenAsync();
        Assert.Empty(await PendingAsync());
        Assert.Empty(await IdsAsync(new IncidentQuery()));
        Assert.Empty(await QueuedAsync());
        await Alerts.AcceptAsync([Fired("1-1")]);
        Assert.Equal(["1-1"], await PendingAsync());
    }

    [SuiteFact]
    public async Task WhatAnOlderClientReads_IsKept_FoundAndCleared()
    {
        foreach (var (id, account, host, metric) in new[] { ("1-1", Mine, 1L, "cpu"), ("1-2", Mine, 1L, "disk"), ("2-1", Mine, 2L, "cpu"), ("3-1", Other, 3L, "cpu") })
        {
            await Alerts.AcceptAsync([new TransitionEntry(id, account, null, true, $"payload {id}") { Classic = new ClassicAlert(host, metric) }]);
        }

        await Alerts.AcceptAsync([new TransitionEntry("1-1", Mine, null, true, "a repeat") { Classic = new ClassicAlert(1, "cpu") }]);
        Assert.True(await Alerts.DecideAsync(Mine, ["1-1", "1-2", "2-1"], [], []));

        Assert.Equal(["payload 2-1", "payload 1-2", "payload 1-1"], await ReadAsync());
        Assert.Equal(["payload 1-2", "payload 1-1"], await ReadAsync(host: 1));
        Assert.Equal(["payload 2-1", "payload 1-1"], await ReadAsync(metric: "cpu"));
        Assert.Equal(["payload 1-2"], await ReadAsync(limit: 1, offset: 1));
        Assert.Empty(await ReadAsync(offset: 3));
        await Alerts.DeleteHostAsync(1);
        Assert.Equal(["payload 2-1"], await ReadAsync());
        var last = (await Alerts.ReadClassicAsync(Mine, null, null, 10, 0, CancellationToken.None))[0].Id;
        Assert.Equal(1, await Alerts.ClearClassicAsync(Mine, CancellationToken.None));
        Assert.Empty(await ReadAsync());
        Assert.Single(await Alerts.ReadClassicAsync(Other, null, null, 10, 0, CancellationToken.None));

        await ReopenAsync();
        await Alerts.AcceptAsync([new TransitionEntry("1-9", Mine, null, true, "new") { Classic = new ClassicAlert(1, "cpu") }]);
        Assert.True(Assert.Single(await Alerts.ReadClassicAsync(Mine, null, null, 10, 0, CancellationToken.None)).Id > last);

        async Task<IEnumerable<string>> ReadAsync(long? host = null, string? metric = null, int limit = 10, int offset = 0) =>
            (await Alerts.ReadClassicAsync(Mine, host, metric, limit, offset, CancellationToken.None)).Select(record => record.Payload);
    }
}
