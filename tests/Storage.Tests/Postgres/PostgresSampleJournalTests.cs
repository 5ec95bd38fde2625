using FsCheck;
using FsCheck.Fluent;
using StatusMonitor.Storage.Postgres;
using StatusMonitor.Storage.Tests.Sqlite;
using StatusMonitor.Storage.Tests.Support;

namespace StatusMonitor.Storage.Tests.Postgres;

/// <summary>What is PostgreSQL's own about the journal: its groups, its partitions, and what a broken connection does.</summary>
[NeedsPostgres]
public sealed class PostgresSampleJournalTests : IAsyncLifetime, IAsyncDisposable
{
    private const long Hour = 3_600_000;

    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 20, 0, TimeSpan.Zero);

    private readonly PostgresDatabase _database = new(nameof(PostgresSampleJournalTests));
    private readonly PostgresStore _store;
    private readonly PostgresSampleJournal _journal;

    public PostgresSampleJournalTests()
    {
        _store = _database.Open(time: new FixedTime(Now));
        _journal = new PostgresSampleJournal(_store);
    }

    private static long NowMilliseconds => Now.ToUnixTimeMilliseconds();

    public Task InitializeAsync() => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _journal.DisposeAsync();
        await _store.DisposeAsync();
    }

    async Task IAsyncLifetime.DisposeAsync() => await DisposeAsync();

    [SuiteFact]
    public async Task Appends_ThatWaitTogether_AreOneTransaction_AndEachHasItsOwnAnswer()
    {
        using var held = new HeldTable(_database, "journal");
        var first = _journal.AppendAsync(100, JournalRows.NoSeries, [JournalRows.At(NowMilliseconds)]);
        await held.AwaitedAsync();
        var appends = Enumerable.Range(1, 50).Select(host => _journal.AppendAsync(host, [new SeriesEntry(0, "a")], [JournalRows.At(NowMilliseconds), JournalRows.At(NowMilliseconds), JournalRows.At(NowMilliseconds + 1)])).ToArray();
        held.Release();
        await first.Soon("the first append");

        Assert.All(await Task.WhenAll(appends).Soon("the group"), count => Assert.Equal(2, count));
        Assert.Equal(1, _database.Count("select count(distinct xmin::text) from statusmonitor.journal where host_id <= 50"));
    }

    [SuiteFact]
    public async Task ASeriesNumberThatIsTaken_FailsThatHostsAppendAlone()
    {
        await _journal.AppendAsync(1, [new SeriesEntry(0, "a")], [JournalRows.At(1)]);
        using var held = new HeldTable(_database, "journal");
        var first = _journal.AppendAsync(100, JournalRows.NoSeries, [JournalRows.At(1)]);
        await held.AwaitedAsync();
        var wrong = _journal.AppendAsync(1, [new SeriesEntry(1, "b"), new SeriesEntry(0, "c")], [JournalRows.At(2)]);
        var right = _journal.AppendAsync(2, [new SeriesEntry(0, "c")], [JournalRows.At(2)]);
        held.Release();

        await Assert.ThrowsAsync<StorageFailedException>(() => wrong.Soon("the append that is wrong"));
        Assert.Equal(1, await right.Soon("the append beside it"));
        await first;
        Assert.Null(_store.Failure);
        var tail = await _journal.ReadAllAsync(1);
        Assert.Equal([new SeriesEntry(0, "a")], tail.Series);
        Assert.Equal([1], tail.Rows.Select(row => row.At));
        Assert.Equal(1, await _journal.AppendAsync(1, [new SeriesEntry(1, "b")], [JournalRows.At(2)]));
    }

    [SuiteFact]
    public async Task AFullQueue_RefusesRows_ButForOneWhenNoOtherWaits()
    {
        await using var store = _database.Open(options => options.MaxWaitingRows = 3);
        await using var journal = new PostgresSampleJournal(store);
        Assert.Equal(5, await journal.AppendAsync(1, JournalRows.NoSeries, [.. Enumerable.Range(1, 5).Select(i => JournalRows.At(i))]));
        using var held = new HeldTable(_database, "journal");
        var first = journal.AppendAsync(1, JournalRows.NoSeries, [JournalRows.At(10)]);
        await held.AwaitedAsync();
        var waiting = journal.AppendAsync(2, JournalRows.NoSeries, [JournalRows.At(10), JournalRows.At(11)]);
        await Assert.ThrowsAsync<StorageBusyException>(() => journal.AppendAsync(3, JournalRows.NoSeries, [JournalRows.At(10)]));
        held.Release();

        var counts = await Task.WhenAll(first, waiting).Soon("what waited");
        Assert.Equal([1, 2], counts);
        Assert.Empty((await journal.ReadAllAsync(3)).Rows);
    }

    /// <summary>An hour of now has a partition; a time from long ago or far ahead must not make one.</summary>
    [SuiteFact]
    public async Task Rows_GoToTheirHour_OrToTheDefaultPartition()
    {
        long[] times = [10, NowMilliseconds - 30 * 24 * Hour, NowMilliseconds - Hour, NowMilliseconds, NowMilliseconds + Hour, NowMilliseconds + 400 * 24 * Hour];
        Assert.Equal(times.Length, await _journal.AppendAsync(1, JournalRows.NoSeries, [.. times.Select(at => JournalRows.At(at))]));

        Assert.Equal("journal_2026112211 journal_2026112212 journal_2026112213 journal_default journal_default journal_default", _database.Execute("select string_agg(tableoid::regclass::name, ' ' order by tableoid::regclass::name) from statusmonitor.journal")!.ToString()!.Replace("statusmonitor.", "", StringComparison.Ordinal));
        Assert.Equal(times, await _journal.TimesAsync(1));
    }

    /// <summary>A host whose clock is ahead has its rows in the default partition until their hour comes.</summary>
    [SuiteFact]
    public async Task RowsThatWereAhead_MoveIntoTheirHoursPartition()
    {
        var ahead = NowMilliseconds + 5 * Hour;
        await _journal.AppendAsync(1, JournalRows.NoSeries, [JournalRows.At(ahead, 1.5), JournalRows.At(ahead + Hour, 2.5)]);
        await using var store = _database.Open(time: new FixedTime(Now.AddHours(5)));
        await using var journal = new PostgresSampleJournal(store);

        await journal.AppendAsync(2, JournalRows.NoSeries, [JournalRows.At(ahead, 3.5)]);

        Assert.Equal(2, _database.Count("select count(*) from statusmonitor.journal_2026112217"));
        Assert.Equal(1, _database.Count("select count(*) from only statusmonitor.journal_default"));
        Assert.Equal([1.5, 2.5], (await journal.ReadAllAsync(1)).Rows.Select(JournalRows.ValueOf));
        Assert.Equal(0, await journal.AppendAsync(1, JournalRows.NoSeries, [JournalRows.At(ahead, 9)]));
    }

    [SuiteFact]
    public async Task ServersThatMakeAPartitionAtOnce_AllStoreTheirRows()
    {
        const int Servers = 4;
        var stores = Enumerable.Range(0, Servers).Select(_ => _database.Open(time: new FixedTime(Now))).ToArray();
        var journals = stores.Select(store => new PostgresSampleJournal(store)).ToArray();

        var counts = await Task.WhenAll(journals.SelectMany((journal, server) => Enumerable.Range(0, 10).Select(hour => journal.AppendAsync(server * 100 + hour, JournalRows.NoSeries, [JournalRows.At(NowMilliseconds - hour * Hour)])))).Soon("the appends");

        Assert.All(counts, count => Assert.Equal(1, count));
        Assert.Equal(Servers * 10, _database.Count("select count(*) from statusmonitor.journal"));
        foreach (var journal in journals) await journal.DisposeAsync();
        foreach (var store in stores) await store.DisposeAsync();
    }

    /// <summary>A repeat that comes to a server which did not see the first: the host was elsewhere meanwhile, and its grain is activated here again.</summary>
    [SuiteFact]
    public async Task ARepeatOfWhatAnotherServerStored_IsNotCounted()
    {
        await _journal.AppendAsync(1, JournalRows.NoSeries, [JournalRows.At(10, 1)]);
        await using (var store = _database.Open())
        {
            await using var other = new PostgresSampleJournal(store);
            Assert.Equal(1, await other.AppendAsync(1, JournalRows.NoSeries, [JournalRows.At(10, 9), JournalRows.At(20, 2)]));
        }

        await _journal.ReadTailAsync(1, TimeSpan.FromMinutes(15), 180, CancellationToken.None);
        Assert.Equal(0, await _journal.AppendAsync(1, JournalRows.NoSeries, [JournalRows.At(20, 9)]));
        Assert.Equal([1, 2], (await _journal.ReadAllAsync(1)).Rows.Select(JournalRows.ValueOf));
    }

    /// <summary>Two servers that both believe they have the host: the table may hold a time twice, a reader never sees it so.</summary>
    [SuiteFact]
    public async Task ATimeThatTwoServersStored_IsReadOnce()
    {
        await using var store = _database.Open();
        await using var other = new PostgresSampleJournal(store);
        await _journal.AppendAsync(1, JournalRows.NoSeries, [JournalRows.At(10, 1)]);
        await other.AppendAsync(1, JournalRows.NoSeries, [JournalRows.At(20, 2)]);
        Assert.Equal(1, await _journal.AppendAsync(1, JournalRows.NoSeries, [JournalRows.At(20, 2)]));
        Assert.Equal(3, _database.Count("select count(*) from statusmonitor.journal"));

        Assert.Equal([10, 20], await _journal.TimesAsync(1));
    }

    [SuiteFact]
    public async Task ABrokenConnection_FailsWhatWaits_AndTheNextHasANewOne()
    {
        await _journal.AppendAsync(1, JournalRows.NoSeries, [JournalRows.At(10)]);
        using (var held = new HeldTable(_database, "journal"))
        {
            var append = _journal.AppendAsync(1, JournalRows.NoSeries, [JournalRows.At(20)]);
            await held.AwaitedAsync();
            held.BreakWaiting();
            var exception = await Assert.ThrowsAsync<StorageFailedException>(() => append.Soon("the append"));

            // The store has it in its log; a cause would have each host log it too.
            Assert.Null(exception.InnerException);
        }

        Assert.NotNull(_store.Failure);
        Assert.Equal(1, await _journal.AppendAsync(1, JournalRows.NoSeries, [JournalRows.At(10), JournalRows.At(20)]));
        Assert.Null(_store.Failure);
        Assert.Equal([10, 20], await _journal.TimesAsync(1));
    }

    /// <summary>PostgreSQL says so by a code of its own. All that waited are refused alike, and nobody tries them one by one.</summary>
    [SuiteFact]
    public async Task AFullDisk_IsSaidSo_AndOverOnceThereIsRoom()
    {
        _database.Execute("""
            create sequence statusmonitor.tries;
            create function statusmonitor.no_room() returns trigger language plpgsql as $$
            begin
                perform nextval('statusmonitor.tries');
                raise exception using errcode = '53100', message = 'could not extend file';
            end $$;
            create trigger no_room before insert on statusmonitor.journal_default for each row execute function statusmonitor.no_room();
            """);
        using (var held = new HeldTable(_database, "journal"))
        {
            var first = _journal.AppendAsync(1, JournalRows.NoSeries, [JournalRows.At(10)]);
            await held.AwaitedAsync();
            var appends = Enumerable.Range(2, 20).Select(host => _journal.AppendAsync(host, [new SeriesEntry(0, "a")], [JournalRows.At(10)])).ToArray();
            held.Release();
            foreach (var append in appends.Prepend(first)) await Assert.ThrowsAsync<StorageFullException>(() => append.Soon("an append"));
        }

        Assert.Equal(2, _database.Count("select last_value from statusmonitor.tries"));
        Assert.NotNull(_store.Failure);
        _database.Execute("drop trigger no_room on statusmonitor.journal_default");

        Assert.Equal(1, await _journal.AppendAsync(2, [new SeriesEntry(0, "a")], [JournalRows.At(10)]));
        Assert.Null(_store.Failure);
        Assert.Equal([10], await _journal.TimesAsync(2));
        Assert.Empty(await _journal.TimesAsync(1));
    }

    /// <summary>As the grain sees it: what was acknowledged is there, what was not can be sent again.</summary>
    [SuiteFact]
    public async Task ADatabaseThatCrashesAndComesBack_HasWhatWasAcknowledged()
    {
        using var cluster = new PostgresCluster();
        var database = new PostgresDatabase("crash", cluster);
        await using var store = database.Open();
        await using var journal = new PostgresSampleJournal(store);
        await journal.AppendAsync(1, [new SeriesEntry(0, "a")], [JournalRows.At(10)]);

        cluster.Kill();
        await Assert.ThrowsAsync<StorageFailedException>(() => journal.AppendAsync(1, JournalRows.NoSeries, [JournalRows.At(20)]).Soon("the append without a database"));
        await Assert.ThrowsAsync<StorageFailedException>(() => journal.ReadAllAsync(1).Soon("the read without a database"));
        Assert.NotNull(store.Failure);
        cluster.Start();

        Assert.Equal(1, await journal.AppendAsync(1, JournalRows.NoSeries, [JournalRows.At(10), JournalRows.At(20)]).Soon("the append after it"));
        Assert.Null(store.Failure);
        var tail = await journal.ReadAllAsync(1);
        Assert.Equal([10, 20], tail.Rows.Select(row => row.At));
        Assert.Equal([new SeriesEntry(0, "a")], tail.Series);
    }

    [SuiteFact]
    public async Task ADelete_IsDoneInSlices_AndComesToAnEndFromAnywhere()
    {
        foreach (var host in new[] { 1, 2 })
        {
            await _journal.AppendAsync(host, [.. Enumerable.Range(0, 2_500).Select(i => new SeriesEntry(i, $"s{i}"))], [.. Enumerable.Range(0, 2_500).Select(i => JournalRows.At(NowMilliseconds - i))]);
        }

        Assert.False(await _journal.DeleteAsync(1));
        Assert.Equal(1_500, _database.Count("select count(*) from statusmonitor.journal where host_id = 1"));
        Assert.Equal(2_500, _database.Count("select sum(cardinality(names)) from statusmonitor.catalogue where host_id = 1"));
        await using var store = _database.Open();
        await using var other = new PostgresSampleJournal(store);
        var calls = 1;
        while (!await other.DeleteAsync(1)) Assert.True(++calls < 20, "The delete never ended.");
        Assert.True(await other.DeleteAsync(1));

        var tail = await _journal.ReadAllAsync(1);
        Assert.Empty(tail.Rows);
        Assert.Empty(tail.Series);
        Assert.Equal(2_500, (await _journal.ReadAllAsync(2)).Rows.Count);
    }

    /// <summary>Whatever hosts append in whatever groups on two servers: every time is there once, with what came first, and each append's count is right.</summary>
    [SuiteFact]
    public void AnyAppends_AreReadBackAsOneSimpleTableWouldHaveThem()
    {
        var times = Gen.Elements(10L, 20L, 30L, NowMilliseconds - 30 * Hour, NowMilliseconds - Hour, NowMilliseconds - 1, NowMilliseconds, NowMilliseconds + 10, NowMilliseconds + Hour, NowMilliseconds + 50 * Hour);
        var step = Gen.Choose(1, 4).SelectMany(host => Gen.NonEmptyListOf(times), (host, at) => (Host: host, Times: at.Take(6).ToArray()));
        var server = 0L;
        Prop.ForAll(Gen.NonEmptyListOf(step).ToArbitrary(), steps =>
        {
            RunAsync(Interlocked.Increment(ref server) * 10, [.. steps]).GetAwaiter().GetResult();
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(25));
    }

    private async Task RunAsync(long firstHost, (int Host, long[] Times)[] steps)
    {
        var model = new Dictionary<(long Host, long At), double>();
        var serial = 0;
        foreach (var group in steps.Chunk(5))
        {
            var appends = new List<(Task<int> Done, int Expected)>();
            foreach (var (host, times) in group.DistinctBy(step => step.Host))
            {
                var rows = times.Select(at => JournalRows.At(at, ++serial)).ToArray();
                var expected = rows.Count(row => model.TryAdd((firstHost + host, row.At), JournalRows.ValueOf(row)));
                appends.Add((_journal.AppendAsync(firstHost + host, JournalRows.NoSeries, rows), expected));
            }

            foreach (var (done, expected) in appends) Assert.Equal(expected, await done.Soon("an append"));
        }

        for (var host = firstHost; host < firstHost + 5; host++)
        {
            var wanted = model.Where(row => row.Key.Host == host).OrderBy(row => row.Key.At).Select(row => (row.Key.At, row.Value)).ToList();
            Assert.Equal(wanted, (await _journal.ReadAllAsync(host)).Rows.Select(row => (row.At, JournalRows.ValueOf(row))));
        }
    }
}
