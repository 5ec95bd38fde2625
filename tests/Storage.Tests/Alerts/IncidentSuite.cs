using System.Collections.Immutable;
using StatusMonitor.Storage.Alerts;
using StatusMonitor.Storage.Tests.Support;

namespace StatusMonitor.Storage.Tests.Alerts;

/// <summary>Incidents: how they change, how they are found, and how they go.</summary>
public abstract class IncidentSuite(Func<IAlertPlace> place) : AlertStoreSuite(place)
{
    private static readonly ImmutableArray<IncidentState> Active = [IncidentState.Open, IncidentState.Acknowledged];

    [SuiteFact]
    public async Task AnIncident_ChangesByWhatIsSaid_AndKeepsTheRest()
    {
        await IncidentAsync("1-1", 0);

        var flapping = await Alerts.ChangeAsync(new IncidentChange("1-1", null, null) { IsFlapping = true, Peak = 99, NextAt = At(60), Step = 2 });
        Assert.Equal(Opened("1-1") with { IsFlapping = true, Peak = 99, NextAt = At(60), Step = 2 }, flapping);
        var without = await Alerts.ChangeAsync(new IncidentChange("1-1", null, null) { HasNoData = true, NextAt = DateTimeOffset.MaxValue });
        Assert.Equal(flapping! with { HasNoData = true, NextAt = null }, without);
        var commented = await Alerts.ChangeAsync(new IncidentChange("1-1", null, new IncidentEvent(At(1), "comment", "anna", "we are\nlooking 👀")));
        Assert.Equal(without! with { Comments = 1 }, commented);
        var resolved = await Alerts.ChangeAsync(new IncidentChange("1-1", null, new IncidentEvent(At(9), "resolved")) { ResolvedAt = At(9), IsFlapping = false, HasNoData = false, NextAt = At(99) });
        Assert.Equal(commented! with { State = IncidentState.Resolved, ResolvedAt = At(9), IsFlapping = false, HasNoData = false }, resolved);

        // It is over once.
        Assert.Equal(resolved, await Alerts.ChangeAsync(new IncidentChange("1-1", null, null) { ResolvedAt = At(12) }));
        Assert.Equal(
            [new IncidentEvent(Start, "fired", Value: 97.5), new IncidentEvent(At(1), "comment", "anna", "we are\nlooking 👀"), new IncidentEvent(At(9), "resolved")],
            (await StoryAsync("1-1")).Events.AsEnumerable());
    }

    [SuiteFact]
    public async Task SomebodyTakesItUp_AnotherDoes_AndNobodyAnyMore()
    {
        await IncidentAsync("1-1", 0);

        Assert.Equal((IncidentState.Acknowledged, At(1), "anna"), Taken(await TakeAsync("anna", 1)));
        Assert.Equal((IncidentState.Acknowledged, At(1), "anna"), Taken(await TakeAsync("anna", 2)));
        Assert.Equal((IncidentState.Acknowledged, At(3), "bob"), Taken(await TakeAsync("bob", 3)));
        Assert.Equal((IncidentState.Open, null, null), Taken(await TakeAsync("", 4)));
        Assert.Equal((IncidentState.Open, null, null), Taken(await TakeAsync("", 5)));
        Assert.Equal((IncidentState.Acknowledged, At(6), "bob"), Taken(await TakeAsync("bob", 6)));
        await Alerts.AcceptAsync([Resolved("1-2", "1-1", 7)]);

        // Who had it is kept; over is over.
        Assert.Equal((IncidentState.Resolved, At(6), "bob"), Taken(await TakeAsync("anna", 8)));
        Assert.Equal((IncidentState.Resolved, At(6), "bob"), Taken(await TakeAsync("", 9)));
        Assert.Equal([0, 1, 3, 4, 6, 7], (await StoryAsync("1-1")).Events.Select(entry => (entry.At - Start).TotalSeconds));

        Task<Incident?> TakeAsync(string name, double at) => Alerts.ChangeAsync(
            new IncidentChange("1-1", null, new IncidentEvent(At(at), name.Length == 0 ? "unacknowledged" : "acknowledged", "somebody")) { AcknowledgedBy = name });

        static (IncidentState, DateTimeOffset?, string?) Taken(Incident? incident) => (incident!.State, incident.AcknowledgedAt, incident.AcknowledgedBy);
    }

    [SuiteFact]
    public async Task AChangeOfNoIncident_GivesNull()
    {
        Assert.Null(await Alerts.ChangeAsync(new IncidentChange("1-1", null, new IncidentEvent(Start, "comment", "anna", "?"))));
        Assert.Null(await Alerts.ReadStoryAsync("1-1", CancellationToken.None));
        Assert.Equal(0, Place.Count("incident_events"));
    }

    [SuiteFact]
    public async Task OneThatIsOverWhenItIsFound_IsOpenedResolved()
    {
        var late = Opened("1-1") with { State = IncidentState.Resolved, ResolvedAt = At(30), IsFoundLate = true };
        await Alerts.AcceptAsync([Fired(late) with { IsPending = false }]);

        Assert.Equal(late, (await StoryAsync("1-1")).Incident);
        Assert.Equal((0, 0), await Alerts.CountAsync(new IncidentQuery(Mine), CancellationToken.None));
    }

    [SuiteFact]
    public async Task ChangesAtOnce_AreAllKept()
    {
        await IncidentAsync("1-1", 0);
        var another = await Place.OpenAnotherAsync();

        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => (i % 2 == 0 ? Alerts : another).ChangeAsync(new IncidentChange("1-1", null, new IncidentEvent(At(i), "comment", "anna", Number(i)))))).Soon("the comments");

        var story = await StoryAsync("1-1");
        Assert.Equal(60, story.Incident.Comments);
        Assert.Equal(Enumerable.Range(0, 60), story.Events.Skip(1).Select(entry => (int)(entry.At - Start).TotalSeconds).Order());
    }

    /// <summary>An alert that comes and goes for months must not fill the disk.</summary>
    [SuiteFact]
    public async Task AVeryLongStory_KeepsItsBeginningAndItsEnd()
    {
        await IncidentAsync("1-1", 0);
        await IncidentAsync("1-2", 0);
        for (var batch = 0; batch < 3; batch++)
        {
            Assert.True(await Alerts.DecideAsync(Mine, [], [], [.. Enumerable.Range(400 * batch, 400).Select(i => new IncidentChange("1-1", null, new IncidentEvent(At(i), "dataLost", Text: Number(i))))]));
        }

        var events = (await StoryAsync("1-1")).Events;
        Assert.Equal("fired", events[0].Kind);
        Assert.Equal(Enumerable.Range(201, 999).Select(Number), events.Skip(1).Select(entry => entry.Text));
        Assert.Equal(1_001, Place.Count("incident_events"));
    }

    [SuiteFact]
    public async Task LongTexts_AreCut_AndWhatNoDatabaseTakesIsReplaced()
    {
        var incident = Opened("1-1") with { HostName = new string('h', 300), RuleName = "a\0b", Series = "half \ud83d of a pair" };
        await Alerts.AcceptAsync([Fired(incident)]);
        await Alerts.ChangeAsync(new IncidentChange("1-1", null, new IncidentEvent(Start, "comment", "anna\0", new string('c', 5_000))));

        var story = await StoryAsync("1-1");
        Assert.Equal(incident with { HostName = new string('h', 199) + "…", RuleName = "a\uFFFDb", Series = "half \uFFFD of a pair", Comments = 1 }, story.Incident);
        Assert.Equal(("anna\uFFFD", new string('c', 1_999) + "…"), (story.Events[1].Actor, story.Events[1].Text));
    }

    public static TheoryData<string, string> Filters => new()
    {
        { "all", "gfedcba" },
        { "mine", "fdcba" },
        { "other", "ge" },
        { "mine and host 5", "fedcba" },
        { "mine and what others found on 5 6 7", "gfdcba" },
        { "mine, all of 5 and what others found on 7", "gfedcba" },
        { "other and hosts 1 2", "geba" },
        { "other and no hosts", "ge" },
        { "hosts 3", "dc" },
        { "open", "gfec" },
        { "acknowledged", "d" },
        { "active", "gfedc" },
        { "resolved", "ba" },
        { "no state", "" },
        { "critical", "fb" },
        { "info or critical", "fcb" },
        { "host 3", "dc" },
        { "rule 9", "c" },
        { "text CPU", "gfeba" },
        { "text Ärger", "d" },
        { "text host-5", "e" },
        { "text used.percent", "c" },
        { "text %", "" },
        { "text x' or 'x' = 'x", "" },
        { "from 25", "gfedc" },
        { "from 15", "gfedcb" },
        { "to 3", "cba" },
        { "from 15 to 3", "cb" },
        { "mine active critical host 6", "f" },
        { "nobody", "" },
    };

    [SuiteTheory]
    [MemberData(nameof(Filters))]
    public async Task AFilter_LetsThroughWhatMatches(string filter, string expected)
    {
        await FillAsync();
        var all = new IncidentQuery();
        var query = filter switch
        {
            "all" => all,
            "mine" => new IncidentQuery(Mine),
            "other" => new IncidentQuery(Other),
            "mine and host 5" => new IncidentQuery(Mine, [5]),
            "mine and what others found on 5 6 7" => new IncidentQuery(Mine) { OwnHostIds = [5, 6, 7] },
            "mine, all of 5 and what others found on 7" => new IncidentQuery(Mine, [5]) { OwnHostIds = [7, 70] },
            "other and hosts 1 2" => new IncidentQuery(Other, [1, 2, 3_000]),
            "other and no hosts" => new IncidentQuery(Other, []),
            "hosts 3" => new IncidentQuery(null, [3]),
            "open" => all with { States = [IncidentState.Open] },
            "acknowledged" => all with { States = [IncidentState.Acknowledged] },
            "active" => all with { States = Active },
            "resolved" => all with { States = [IncidentState.Resolved] },
            "no state" => all with { States = [] },
            "critical" => all with { Severities = [2] },
            "info or critical" => all with { Severities = [0, 2] },
            "host 3" => all with { HostId = 3 },
            "rule 9" => all with { RuleId = 9 },
            "from 25" => all with { From = At(25) },
            "from 15" => all with { From = At(15) },
            "to 3" => all with { To = At(3) },
            "from 15 to 3" => all with { From = At(15), To = At(3) },
            "mine active critical host 6" => new IncidentQuery(Mine) { States = Active, Severities = [2], HostId = 6 },
            "nobody" => new IncidentQuery(99),
            _ => all with { Text = filter["text ".Length..] },
        };

        Assert.Equal(expected, string.Concat(await IdsAsync(query)));
        var states = (await Alerts.ReadAsync(query with { States = Active }, CancellationToken.None)).CountBy(incident => incident.State).ToDictionary();
        Assert.Equal((states.GetValueOrDefault(IncidentState.Open), states.GetValueOrDefault(IncidentState.Acknowledged)), await Alerts.CountAsync(query with { Limit = 1, After = (Start, "a") }, CancellationToken.None));
    }

    [SuiteFact]
    public async Task Pages_HaveNoGapsAndNoDoubles_AlsoWhereManyBeganAtOnce()
    {
        const int Count = 211;
        var random = new Random(7);
        var incidents = Enumerable.Range(0, Count)
            .Select(i => Opened($"{random.Next(1, 30)}-{i}", random.Next(12), random.Next(2) == 0 ? Mine : Other, random.Next(1, 6)) with { OwnerId = random.Next(3) == 0 ? Mine : 50 })
            .ToList();
        await Alerts.AcceptAsync([.. incidents.Select(Fired)]);

        foreach (var query in new[] { new IncidentQuery(), new IncidentQuery(Mine), new IncidentQuery(Mine, [2, 4]), new IncidentQuery(Mine, [2]) { OwnHostIds = [4, 5] }, new IncidentQuery(null, [2]), new IncidentQuery(Mine, [1]) { States = Active, HostId = 1 } })
        {
            var read = new List<string>();
            for (var next = query with { Limit = 7 }; ;)
            {
                var page = await Alerts.ReadAsync(next, CancellationToken.None);
                if (page.Count == 0) break;
                Assert.InRange(page.Count, 1, 7);
                read.AddRange(page.Select(incident => incident.Id));
                next = next with { After = (page[^1].OpenedAt, page[^1].Id) };
            }

            var expected = incidents
                .Where(incident => query.AccountId is null && query.HostIds is null || incident.AccountId == query.AccountId || (query.OwnHostIds.Contains(incident.HostId) && incident.OwnerId != incident.AccountId) || query.HostIds?.Contains(incident.HostId) == true)
                .Where(incident => query.HostId is null || incident.HostId == query.HostId)
                .OrderByDescending(incident => incident.OpenedAt).ThenByDescending(incident => incident.Id, StringComparer.Ordinal)
                .Select(incident => incident.Id);
            Assert.Equal(expected, read);
        }
    }

    [SuiteFact]
    public async Task WhatIsDue_IsReadInItsOrder_UntilItIsOver()
    {
        foreach (var (id, next) in new[] { ("a", 30), ("b", 10), ("c", 20), ("d", 40), ("e", 15) }) await Alerts.AcceptAsync([Fired(Opened(id) with { NextAt = At(next) })]);
        await Alerts.AcceptAsync([Fired("never"), Fired(Opened("foreign", account: Other) with { NextAt = At(1) }), Resolved("e-end", "e", 5)]);

        Assert.Equal(["b", "c", "a"], (await Alerts.ReadDueAsync(Mine, At(30), 10, CancellationToken.None)).Select(incident => incident.Id));
        Assert.Equal(["b", "c"], (await Alerts.ReadDueAsync(Mine, At(30), 2, CancellationToken.None)).Select(incident => incident.Id));
        Assert.Empty(await Alerts.ReadDueAsync(Mine, At(9), 10, CancellationToken.None));
        await Alerts.ChangeAsync(new IncidentChange("b", null, null) { NextAt = At(35) });
        await Alerts.ChangeAsync(new IncidentChange("c", null, null) { NextAt = DateTimeOffset.MaxValue });
        Assert.Equal(["a", "b", "d"], (await Alerts.ReadDueAsync(Mine, At(99), 10, CancellationToken.None)).Select(incident => incident.Id));
    }

    [SuiteFact]
    public async Task WhatIsOldAndOver_Goes_AndNothingElse()
    {
        await IncidentAsync("old", 0, 10);
        await IncidentAsync("edge", 0, 20);
        await IncidentAsync("open", 0);
        await NotificationAsync("sent", NotificationState.Sent, 15, "old", "open");
        await NotificationAsync("dead", NotificationState.Dead, 15, "open");
        await NotificationAsync("late", NotificationState.Sent, 25, "old", "open");
        await NotificationAsync("queued", NotificationState.Queued, 0, "open");

        // One incident and two notifications; when transitions were taken in is the store's clock, which is later.
        Assert.Equal(3, await Alerts.DropBeforeAsync(At(20), CancellationToken.None));
        Assert.Equal(0, await Alerts.DropBeforeAsync(At(20), CancellationToken.None));

        Assert.Equal(["open", "edge"], await IdsAsync(new IncidentQuery()));
        Assert.Equal(["queued", "late"], (await StoryAsync("open")).Notifications.Select(notification => notification.Entry.Id));
        Assert.Equal(3, Place.Count("incident_events"));
        Assert.Equal(2, Place.Count("incident_notifications"));
        Assert.Equal(["old", "old-end", "edge", "edge-end", "open"], await PendingAsync());
    }

    [SuiteFact]
    public async Task WhatWasTakenInLongAgo_IsForgotten_ButForWhatIsStillToBeTold()
    {
        await Alerts.AcceptAsync([Fired("1-1"), Fired("1-2"), new TransitionEntry("1-3", Mine, null, false, "{}") { Classic = new ClassicAlert(1, "cpu") }]);
        Assert.True(await Alerts.DecideAsync(Mine, ["1-1"], [], []));

        Assert.Equal(3, await Alerts.DropBeforeAsync(DateTimeOffset.UtcNow.AddYears(1), CancellationToken.None));

        Assert.Equal(1, Place.Count("transitions"));
        Assert.Equal(["1-2"], await PendingAsync());
        Assert.Empty(await Alerts.ReadClassicAsync(Mine, null, null, 10, 0, CancellationToken.None));
        Assert.Equal(2, Place.Count("incidents"));
    }

    [SuiteFact]
    public async Task MuchThatIsOld_GoesInSlices_AllOfIt()
    {
        for (var i = 0; i < 5; i++) await Alerts.AcceptAsync([.. Enumerable.Range(0, 50).Select(n => Fired(Opened($"{i}-{n}") with { State = IncidentState.Resolved, ResolvedAt = At(1) }) with { IsPending = false })]);
        Assert.True(await Alerts.DecideAsync(Mine, [], [.. Enumerable.Range(0, 1_100).Select(i => Message(Number(i), "0-1"))], []));
        await Task.WhenAll(Enumerable.Range(0, 1_100).Select(i => Alerts.SettleAsync(new StoredNotification(Message(Number(i), "0-1"), NotificationState.Sent) { DueAt = At(2) }))).Soon("the notifications");

        Assert.Equal(1_350, await Alerts.DropBeforeAsync(At(3), CancellationToken.None));

        Assert.All(new[] { "incidents", "incident_events", "notifications", "incident_notifications" }, table => Assert.Equal(0, Place.Count(table)));
        Assert.Equal(250, Place.Count("transitions"));
    }

    [SuiteFact]
    public async Task ADropThatIsCancelled_Ends()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Alerts.DropBeforeAsync(Start, new CancellationToken(canceled: true)));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Alerts.ReadAsync(new IncidentQuery(), new CancellationToken(canceled: true)));
    }

    [SuiteFact]
    public async Task AHostThatIsDeleted_TakesItsIncidents_AndWhatIsToBeToldOfItStays()
    {
        await Alerts.AcceptAsync([.. Enumerable.Range(0, 230).Select(i => Fired($"1-{i}"))]);
        await IncidentAsync("2-1", 0, host: 2);
        await NotificationAsync("both", NotificationState.Queued, 0, "1-0", "2-1");

        await Alerts.DeleteHostAsync(1);
        await Alerts.DeleteHostAsync(1);

        Assert.Equal(["2-1"], await IdsAsync(new IncidentQuery()));
        Assert.Equal(1, Place.Count("incident_events"));
        Assert.Equal(1, Place.Count("incident_notifications"));
        Assert.Equal(231, (await PendingAsync()).Count);
        Assert.Equal(["both"], await QueuedAsync());
        Assert.True(await Alerts.DecideAsync(Mine, ["1-0"], [Message("m", "1-0")], [new IncidentChange("1-0", null, new IncidentEvent(Start, "notFailed"))]));
        Assert.Null(await Alerts.ReadStoryAsync("1-0", CancellationToken.None));
    }

    /// <summary>a and b are over, d is taken up, e is of another account, f and g of others' rules on hosts and of hosts of others.</summary>
    private async Task FillAsync()
    {
        await IncidentAsync("a", 1, 10);
        await Alerts.AcceptAsync([Fired(Opened("b", 2, host: 2) with { Severity = 2 }), Resolved("b-end", "b", 20)]);
        await Alerts.AcceptAsync([Fired(Opened("c", 2.5, host: 3) with { Severity = 0, RuleId = 9, RuleName = "Disk nearly full", Series = "disk.used.percent{mount=/}" })]);
        await Alerts.AcceptAsync([Fired(Opened("d", 4, host: 3) with { HostName = "ÄRGER", RuleName = "Offline", Series = null })]);
        await Alerts.ChangeAsync(new IncidentChange("d", null, new IncidentEvent(At(5), "acknowledged", "anna")) { AcknowledgedBy = "anna" });
        await IncidentAsync("e", 6, account: Other, host: 5);
        await Alerts.AcceptAsync([Fired(Opened("f", 7, Mine, 6) with { OwnerId = Other, Severity = 2 }), Fired(Opened("g", 8, Other, 7) with { OwnerId = Mine })]);
    }
}
