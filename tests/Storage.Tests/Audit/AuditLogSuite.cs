using StatusMonitor.Storage.Tests.Support;

namespace StatusMonitor.Storage.Tests.Audit;

/// <summary>What every audit log must do. A store derives it and says how it is opened.</summary>
public abstract class AuditLogSuite : IAsyncLifetime, IAsyncDisposable
{
    protected static readonly DateTimeOffset Start = new(2026, 11, 22, 5, 0, 0, 123, TimeSpan.Zero);

    protected static readonly AuditEntry Login = new(Start, 7, "Ärger", "account.login", "account", "7", "Ärger", "2001:db8::1", "ok", "first");

    /// <summary>The log of the store that is open.</summary>
    protected IAuditLog Log { get; private set; } = null!;

    public async Task InitializeAsync() => Log = await OpenAsync();

    public abstract ValueTask DisposeAsync();

    async Task IAsyncLifetime.DisposeAsync() => await DisposeAsync();

    [SuiteFact]
    public async Task AnEntry_IsReadBackAsItWas_AlsoAfterARestart()
    {
        var nobody = new AuditEntry(Start.AddSeconds(1), null, null, "account.login", null, null, null, null, "wrong-credentials", null);
        await Log.AppendAsync(Login);
        await Log.AppendAsync(nobody);

        Log = await OpenAsync();

        Assert.Equal([nobody, Login], await EntriesAsync(new AuditQuery()));
    }

    [SuiteFact]
    public async Task NoEntries_AreAnEmptyList() => Assert.Empty(await EntriesAsync(new AuditQuery()));

    /// <summary>Entries of different servers' clocks, or of one that was set, stay where they were stored.</summary>
    [SuiteFact]
    public async Task Entries_AreReadInTheOrderOfStoring_TheLastFirst()
    {
        foreach (var minute in new[] { 3, 1, 2 }) await Log.AppendAsync(Login with { At = Start.AddMinutes(minute) });

        var records = await ReadAsync(new AuditQuery());

        Assert.Equal([Start.AddMinutes(2), Start.AddMinutes(1), Start.AddMinutes(3)], records.Select(record => record.Entry.At));
        Assert.Equal(records.OrderByDescending(record => record.Id), records);
    }

    public static TheoryData<AuditQuery, string> Filters => new()
    {
        { new AuditQuery(), "fedcba" },
        { new AuditQuery(Actor: "ÄRGER"), "cba" },
        { new AuditQuery(Actor: "ärger"), "cba" },
        { new AuditQuery(Actor: "ärge"), "" },
        { new AuditQuery(Actor: "%"), "" },
        { new AuditQuery(Actor: ""), "" },
        { new AuditQuery(ActionPrefix: "account."), "eba" },
        { new AuditQuery(ActionPrefix: "ACCOUNT.LOG"), "ea" },
        { new AuditQuery(ActionPrefix: "account.password"), "b" },
        { new AuditQuery(ActionPrefix: "account.password.x"), "" },
        { new AuditQuery(ActionPrefix: "login"), "" },
        { new AuditQuery(ActionPrefix: "%"), "" },
        { new AuditQuery(ActionPrefix: ""), "fedcba" },
        { new AuditQuery(TargetKind: "Host"), "dc" },
        { new AuditQuery(TargetId: "7"), "cba" },
        { new AuditQuery(TargetId: "AB"), "d" },
        { new AuditQuery(TargetKind: "host", TargetId: "7"), "c" },
        { new AuditQuery(Outcome: "OK"), "dba" },
        { new AuditQuery(Outcome: "limited"), "f" },
        { new AuditQuery(Outcome: "Failed"), "fec" },
        { new AuditQuery(From: Start.AddSeconds(3)), "fed" },
        { new AuditQuery(To: Start.AddSeconds(3)), "cba" },
        { new AuditQuery(From: Start.AddSeconds(1), To: Start.AddSeconds(2)), "b" },
        { new AuditQuery(From: Start.AddSeconds(2), To: Start.AddSeconds(1)), "" },
        { new AuditQuery(BeforeId: 3), "ba" },
        { new AuditQuery(BeforeId: 1), "" },
        { new AuditQuery(Limit: 2), "fe" },
        { new AuditQuery(BeforeId: 5, Limit: 2), "dc" },
        { new AuditQuery("ärger", "account.", "account", "7", "ok", Start, Start.AddSeconds(9), 2, 1), "a" },
        { new AuditQuery(Actor: "x' or 'x' = 'x"), "" },
    };

    [SuiteTheory]
    [MemberData(nameof(Filters))]
    public async Task AFilter_LetsThroughWhatMatches(AuditQuery query, string expected)
    {
        await Log.AppendAsync(Login with { Detail = "a" });
        await Log.AppendAsync(Login with { At = Start.AddSeconds(1), Action = "account.password", Detail = "b" });
        await Log.AppendAsync(Login with { At = Start.AddSeconds(2), Action = "host.share", TargetKind = "host", Outcome = "not-allowed", Detail = "c" });
        await Log.AppendAsync(Login with { At = Start.AddSeconds(3), ActorName = "bob", Action = "host.share", TargetKind = "host", TargetId = "aB", Detail = "d" });
        await Log.AppendAsync(Login with { At = Start.AddSeconds(4), ActorName = "bob", TargetId = "8", Outcome = "wrong-credentials", Detail = "e" });
        await Log.AppendAsync(new AuditEntry(Start.AddSeconds(5), null, null, "enrolment.use", null, null, null, null, "limited", "f"));

        Assert.Equal(expected, string.Concat((await EntriesAsync(query)).Select(entry => entry.Detail)));
    }

    [SuiteTheory]
    [InlineData(0, 1)]
    [InlineData(-5, 1)]
    [InlineData(500, 500)]
    [InlineData(501, 500)]
    [InlineData(int.MaxValue, 500)]
    public async Task ALimit_IsBetweenOneAndFiveHundred(int limit, int expected)
    {
        await Task.WhenAll(Enumerable.Range(0, 501).Select(i => Log.AppendAsync(Login with { Detail = $"{i}" })));

        Assert.Equal(expected, (await ReadAsync(new AuditQuery(Limit: limit))).Count);
    }

    [SuiteFact]
    public async Task Pages_HaveNoGapsAndNoDoubles_WhileEntriesCome()
    {
        const int Before = 300, Writers = 4, Each = 100;
        for (var i = 0; i < Before; i++) await Log.AppendAsync(Login with { ActorName = i % 3 == 0 ? "bob" : "alice", Detail = $"{i}" });
        var seen = new List<string>();
        var page = await ReadAsync(new AuditQuery(Actor: "bob", Limit: 7));
        var writers = Enumerable.Range(0, Writers).Select(async writer =>
        {
            for (var i = 0; i < Each; i++) await Log.AppendAsync(Login with { ActorName = "bob", Detail = $"{writer}/{i}" });
        }).ToList();

        while (page.Count > 0)
        {
            seen.AddRange(page.Select(record => record.Entry.Detail!));
            page = await ReadAsync(new AuditQuery(Actor: "bob", BeforeId: page[^1].Id, Limit: 7));
        }

        await Task.WhenAll(writers).Soon("the writers");
        Assert.Equal(Enumerable.Range(0, Before).Reverse().Where(i => i % 3 == 0).Select(i => $"{i}"), seen);

        // And what came meanwhile is there whole, each writer's entries in its order.
        var all = new List<AuditRecord>();
        for (page = await ReadAsync(new AuditQuery(Limit: 500)); page.Count > 0; page = await ReadAsync(new AuditQuery(BeforeId: page[^1].Id, Limit: 500))) all.AddRange(page);
        Assert.Equal(Before + Writers * Each, all.Select(record => record.Id).Distinct().Count());
        for (var writer = 0; writer < Writers; writer++)
        {
            Assert.Equal(
                Enumerable.Range(0, Each).Reverse().Select(i => $"{writer}/{i}"),
                all.Select(record => record.Entry.Detail!).Where(detail => detail.StartsWith($"{writer}/", StringComparison.Ordinal)));
        }
    }

    [SuiteFact]
    public async Task EntriesThatAreTooOld_AreDropped_AndNoOthers()
    {
        foreach (var day in new[] { 3, 1, 2 }) await Log.AppendAsync(Login with { At = Start.AddDays(day) });

        Assert.Equal(0, await Log.DropBeforeAsync(Start.AddDays(1), CancellationToken.None));
        Assert.Equal(2, await Log.DropBeforeAsync(Start.AddDays(2).AddMilliseconds(1), CancellationToken.None));
        Assert.Equal(0, await Log.DropBeforeAsync(Start.AddDays(2).AddMilliseconds(1), CancellationToken.None));

        Assert.Equal([Start.AddDays(3)], (await EntriesAsync(new AuditQuery())).Select(entry => entry.At));
    }

    [SuiteFact]
    public async Task Ids_AreNeverGivenTwice()
    {
        await Log.AppendAsync(Login);
        await Log.AppendAsync(Login);
        var last = (await ReadAsync(new AuditQuery()))[0].Id;
        await Log.DropBeforeAsync(Start.AddDays(1), CancellationToken.None);
        Log = await OpenAsync();

        await Log.AppendAsync(Login);

        Assert.True(Assert.Single(await ReadAsync(new AuditQuery())).Id > last);
    }

    [SuiteFact]
    public async Task TextsInAnyScript_AreKept_AndFound()
    {
        var entry = Login with { ActorName = "Ünïcödé 名前 👩‍👩‍👧 ʼn", TargetName = "ﬁ…", Detail = string.Concat(Enumerable.Repeat("😀", 500)) };
        await Log.AppendAsync(entry);

        Assert.Equal([entry], await EntriesAsync(new AuditQuery(Actor: "üNÏCÖDÉ 名前 👩‍👩‍👧 ʼn")));
    }

    [SuiteFact]
    public async Task LongTexts_AreCutAndSaySo_AndAreFoundByTheWholeText()
    {
        var name = new string('x', 201);
        var pairs = new string('x', 198) + "😀😀";
        var entry = new AuditEntry(Start, null, name, name, name, name, pairs, name, name, new string('d', 1_000_000));
        await Log.AppendAsync(entry);
        var whole = Login with { ActorName = name[..200], Detail = new string('d', 1_000) };
        await Log.AppendAsync(whole);

        var cut = Assert.Single(await EntriesAsync(new AuditQuery(Actor: name, TargetKind: name, TargetId: name, Outcome: name)));

        var kept = new string('x', 199) + "…";
        Assert.Equal(
            new AuditEntry(Start, null, kept, kept, kept, kept, new string('x', 198) + "…", kept, kept, new string('d', 999) + "…"),
            cut);
        Assert.Equal([whole], await EntriesAsync(new AuditQuery(Actor: name[..200])));
    }

    [SuiteTheory]
    [InlineData("admin\0root", "admin\uFFFDroot")]
    [InlineData("a\r\n2026-11-22 admin ok", "a\uFFFD\uFFFD2026-11-22 admin ok")]
    [InlineData("a\u001b[2Jb\u2028c", "a\uFFFD[2Jb\uFFFDc")]
    public async Task WhatWouldBreakALine_IsReplaced(string claimed, string kept)
    {
        await Log.AppendAsync(Login with { ActorName = claimed, Detail = claimed });

        var entry = Assert.Single(await EntriesAsync(new AuditQuery(Actor: claimed)));
        Assert.Equal((kept, kept), (entry.ActorName, entry.Detail));
    }

    [SuiteFact]
    public async Task HalfACharacter_IsReplaced()
    {
        // Not as data of a theory: an attribute cannot hold it.
        await Log.AppendAsync(Login with { ActorName = "half \ud83d of a pair" });

        Assert.Equal("half \uFFFD of a pair", Assert.Single(await EntriesAsync(new AuditQuery(Actor: "half \ud83d of a pair"))).ActorName);
    }

    [SuiteFact]
    public async Task ACancelledRead_Ends() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Log.ReadAsync(new AuditQuery(), new CancellationToken(canceled: true)));

    /// <summary>Opens the store, as a server's start does; one that is open is closed before.</summary>
    protected abstract Task<IAuditLog> OpenAsync();

    /// <summary>Entries a second apart.</summary>
    protected async Task FillAsync(int count)
    {
        await Task.WhenAll(Enumerable.Range(0, count).Select(i => Log.AppendAsync(Login with { At = Start.AddSeconds(i) }))).Soon("the entries");
    }

    protected Task<IReadOnlyList<AuditRecord>> ReadAsync(AuditQuery query) => Log.ReadAsync(query, CancellationToken.None);

    protected async Task<List<AuditEntry>> EntriesAsync(AuditQuery query) => [.. (await ReadAsync(query)).Select(record => record.Entry)];
}
