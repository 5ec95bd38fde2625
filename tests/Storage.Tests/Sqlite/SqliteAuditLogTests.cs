using Microsoft.Data.Sqlite;
using StatusMonitor.Storage.Sqlite;
using StatusMonitor.Storage.Tests.Support;

namespace StatusMonitor.Storage.Tests.Sqlite;

public sealed class SqliteAuditLogTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 5, 0, 0, 123, TimeSpan.Zero);

    private static readonly AuditEntry Login = new(Start, 7, "Ärger", "account.login", "account", "7", "Ärger", "2001:db8::1", "ok", "first");

    private readonly DataFolder _folder = new();
    private SqliteStore _store;
    private SqliteAuditLog _log;

    public SqliteAuditLogTests()
    {
        _store = _folder.Open();
        _log = new SqliteAuditLog(_store);
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task AnEntry_IsReadBackAsItWas_AlsoAfterARestart()
    {
        var nobody = new AuditEntry(Start.AddSeconds(1), null, null, "account.login", null, null, null, null, "wrong-credentials", null);
        await _log.AppendAsync(Login);
        await _log.AppendAsync(nobody);

        Restart();

        Assert.Equal([nobody, Login], await EntriesAsync(new AuditQuery()));
    }

    [Fact]
    public async Task NoEntries_AreAnEmptyList() => Assert.Empty(await EntriesAsync(new AuditQuery()));

    /// <summary>Entries of different servers' clocks, or of one that was set, stay where they were stored.</summary>
    [Fact]
    public async Task Entries_AreReadInTheOrderOfStoring_TheLastFirst()
    {
        foreach (var minute in new[] { 3, 1, 2 }) await _log.AppendAsync(Login with { At = Start.AddMinutes(minute) });

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

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task AFilter_LetsThroughWhatMatches(AuditQuery query, string expected)
    {
        await _log.AppendAsync(Login with { Detail = "a" });
        await _log.AppendAsync(Login with { At = Start.AddSeconds(1), Action = "account.password", Detail = "b" });
        await _log.AppendAsync(Login with { At = Start.AddSeconds(2), Action = "host.share", TargetKind = "host", Outcome = "not-allowed", Detail = "c" });
        await _log.AppendAsync(Login with { At = Start.AddSeconds(3), ActorName = "bob", Action = "host.share", TargetKind = "host", TargetId = "aB", Detail = "d" });
        await _log.AppendAsync(Login with { At = Start.AddSeconds(4), ActorName = "bob", TargetId = "8", Outcome = "wrong-credentials", Detail = "e" });
        await _log.AppendAsync(new AuditEntry(Start.AddSeconds(5), null, null, "enrolment.use", null, null, null, null, "limited", "f"));

        Assert.Equal(expected, string.Concat((await EntriesAsync(query)).Select(entry => entry.Detail)));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-5, 1)]
    [InlineData(500, 500)]
    [InlineData(501, 500)]
    [InlineData(int.MaxValue, 500)]
    public async Task ALimit_IsBetweenOneAndFiveHundred(int limit, int expected)
    {
        await Task.WhenAll(Enumerable.Range(0, 501).Select(i => _log.AppendAsync(Login with { Detail = $"{i}" })));

        Assert.Equal(expected, (await ReadAsync(new AuditQuery(Limit: limit))).Count);
    }

    [Fact]
    public async Task Pages_HaveNoGapsAndNoDoubles_WhileEntriesCome()
    {
        const int Before = 300, Writers = 4, Each = 100;
        for (var i = 0; i < Before; i++) await _log.AppendAsync(Login with { ActorName = i % 3 == 0 ? "bob" : "alice", Detail = $"{i}" });
        var seen = new List<string>();
        var page = await ReadAsync(new AuditQuery(Actor: "bob", Limit: 7));
        var writers = Enumerable.Range(0, Writers).Select(async writer =>
        {
            for (var i = 0; i < Each; i++) await _log.AppendAsync(Login with { ActorName = "bob", Detail = $"{writer}/{i}" });
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

    [Fact]
    public async Task EntriesThatAreTooOld_AreDropped_AndNoOthers()
    {
        foreach (var day in new[] { 3, 1, 2 }) await _log.AppendAsync(Login with { At = Start.AddDays(day) });

        Assert.Equal(0, await _log.DropBeforeAsync(Start.AddDays(1), CancellationToken.None));
        Assert.Equal(2, await _log.DropBeforeAsync(Start.AddDays(2).AddMilliseconds(1), CancellationToken.None));
        Assert.Equal(0, await _log.DropBeforeAsync(Start.AddDays(2).AddMilliseconds(1), CancellationToken.None));

        Assert.Equal([Start.AddDays(3)], (await EntriesAsync(new AuditQuery())).Select(entry => entry.At));
    }

    [Fact]
    public async Task ManyOldEntries_AreDroppedInSlices()
    {
        await FillAsync(2_500);
        var before = _store.Committed;

        Assert.Equal(2_500, await _log.DropBeforeAsync(Start.AddDays(1), CancellationToken.None));

        Assert.Equal((before.Groups + 3, before.Writes + 3), _store.Committed);
        Assert.Empty(await EntriesAsync(new AuditQuery()));
    }

    [Fact]
    public async Task ADropThatIsCancelled_EndsBetweenSlices()
    {
        await FillAsync(2_500);
        using var cancellation = new CancellationTokenSource();
        var held = await HeldWrite.HoldAsync(_store);
        var drop = _log.DropBeforeAsync(Start.AddDays(1), cancellation.Token);
        await cancellation.CancelAsync();
        held.Release();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => drop.Soon("the cancelled drop"));
        Assert.Equal(1_500, _folder.Execute("select count(*) from audit"));
    }

    [Fact]
    public async Task Ids_AreNeverGivenTwice()
    {
        await _log.AppendAsync(Login);
        await _log.AppendAsync(Login);
        var last = (await ReadAsync(new AuditQuery()))[0].Id;
        await _log.DropBeforeAsync(Start.AddDays(1), CancellationToken.None);
        Restart();

        await _log.AppendAsync(Login);

        Assert.True(Assert.Single(await ReadAsync(new AuditQuery())).Id > last);
    }

    [Fact]
    public async Task AnEntry_CannotBeChanged_EvenByAnotherProgram()
    {
        await _log.AppendAsync(Login);

        var exception = Assert.Throws<SqliteException>(() => _folder.Execute("update audit set outcome = 'ok', actor_name = 'bob'"));

        Assert.Contains("an entry of the audit log is never changed", exception.Message, StringComparison.Ordinal);
        Assert.Equal([Login], await EntriesAsync(new AuditQuery()));
    }

    [Fact]
    public async Task TextsInAnyScript_AreKept_AndFound()
    {
        var entry = Login with { ActorName = "Ünïcödé 名前 👩‍👩‍👧 ʼn", TargetName = "ﬁ…", Detail = string.Concat(Enumerable.Repeat("😀", 500)) };
        await _log.AppendAsync(entry);

        Assert.Equal([entry], await EntriesAsync(new AuditQuery(Actor: "üNÏCÖDÉ 名前 👩‍👩‍👧 ʼn")));
    }

    [Fact]
    public async Task LongTexts_AreCutAndSaySo_AndAreFoundByTheWholeText()
    {
        var name = new string('x', 201);
        var pairs = new string('x', 198) + "😀😀";
        var entry = new AuditEntry(Start, null, name, name, name, name, pairs, name, name, new string('d', 1_000_000));
        await _log.AppendAsync(entry);
        var whole = Login with { ActorName = name[..200], Detail = new string('d', 1_000) };
        await _log.AppendAsync(whole);

        var cut = Assert.Single(await EntriesAsync(new AuditQuery(Actor: name, TargetKind: name, TargetId: name, Outcome: name)));

        var kept = new string('x', 199) + "…";
        Assert.Equal(
            new AuditEntry(Start, null, kept, kept, kept, kept, new string('x', 198) + "…", kept, kept, new string('d', 999) + "…"),
            cut);
        Assert.Equal([whole], await EntriesAsync(new AuditQuery(Actor: name[..200])));
    }

    [Theory]
    [InlineData("admin\0root", "admin\uFFFDroot")]
    [InlineData("a\r\n2026-11-22 admin ok", "a\uFFFD\uFFFD2026-11-22 admin ok")]
    [InlineData("a\u001b[2Jb\u2028c", "a\uFFFD[2Jb\uFFFDc")]
    public async Task WhatWouldBreakALine_IsReplaced(string claimed, string kept)
    {
        await _log.AppendAsync(Login with { ActorName = claimed, Detail = claimed });

        var entry = Assert.Single(await EntriesAsync(new AuditQuery(Actor: claimed)));
        Assert.Equal((kept, kept), (entry.ActorName, entry.Detail));
    }

    [Fact]
    public async Task HalfACharacter_IsReplaced()
    {
        // Not as data of a theory: an attribute cannot hold it.
        await _log.AppendAsync(Login with { ActorName = "half \ud83d of a pair" });

        Assert.Equal("half \uFFFD of a pair", Assert.Single(await EntriesAsync(new AuditQuery(Actor: "half \ud83d of a pair"))).ActorName);
    }

    [Fact]
    public async Task AnEntryIsOnDisk_WhenItsAppendEnds()
    {
        using var folder = new DataFolder();
        using var store = folder.Open(options => options.CheckpointPages = 1_000_000);
        await new SqliteAuditLog(store).AppendAsync(Login);

        using var copy = folder.CopyAsAfterACrash();
        using var recovered = copy.Open();
        Assert.Equal(Login, Assert.Single(await new SqliteAuditLog(recovered).ReadAsync(new AuditQuery(), CancellationToken.None)).Entry);
    }

    [Fact]
    public async Task ADatabaseThatCannotBeWritten_FailsTheAppend_AndStoresNothing()
    {
        using (var other = new SqliteConnection($"Data Source={_folder.Database};Pooling=False"))
        {
            other.Open();
            using var transaction = other.BeginTransaction(deferred: false);
            await Assert.ThrowsAsync<StorageFailedException>(() => _log.AppendAsync(Login).Soon("the append"));
        }

        Assert.Empty(await EntriesAsync(new AuditQuery()));
        await _log.AppendAsync(Login);
        Assert.Single(await EntriesAsync(new AuditQuery()));
    }

    [Fact]
    public async Task AFullQueue_RefusesTheEntry()
    {
        using var folder = new DataFolder();
        using var store = folder.Open(options => options.MaxWaitingRows = 3);
        var log = new SqliteAuditLog(store);
        var held = await HeldWrite.HoldAsync(store);

        // Long ones take more of the room.
        var waiting = log.AppendAsync(Login with { Detail = new string('d', 300) });
        var refused = log.AppendAsync(Login with { Detail = new string('d', 300) });
        await Assert.ThrowsAsync<StorageBusyException>(() => refused.Soon("the refusal"));
        held.Release();
        await waiting.Soon("the entry that waited");

        Assert.Single(await log.ReadAsync(new AuditQuery(), CancellationToken.None));
    }

    [Fact]
    public async Task ACancelledRead_Ends() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _log.ReadAsync(new AuditQuery(), new CancellationToken(canceled: true)));

    private async Task FillAsync(int count)
    {
        await Task.WhenAll(Enumerable.Range(0, count).Select(i => _log.AppendAsync(Login with { At = Start.AddSeconds(i) }))).Soon("the entries");
        Assert.Equal(count, _folder.Execute("select count(*) from audit"));
    }

    private Task<IReadOnlyList<AuditRecord>> ReadAsync(AuditQuery query) => _log.ReadAsync(query, CancellationToken.None);

    private async Task<List<AuditEntry>> EntriesAsync(AuditQuery query) => [.. (await ReadAsync(query)).Select(record => record.Entry)];

    private void Restart()
    {
        _store.Dispose();
        _store = _folder.Open();
        _log = new SqliteAuditLog(_store);
    }
}
