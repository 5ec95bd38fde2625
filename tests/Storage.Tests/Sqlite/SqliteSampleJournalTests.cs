using FsCheck;
using FsCheck.Fluent;
using StatusMonitor.Storage.Samples;
using StatusMonitor.Storage.Sqlite;
using StatusMonitor.Storage.Tests.Support;

namespace StatusMonitor.Storage.Tests.Sqlite;

public sealed class SqliteSampleJournalTests : IDisposable
{
    private const int Hosts = 6;

    private readonly DataFolder _folder = new();
    private readonly SqliteStore _store;
    private readonly SqliteSampleJournal _journal;

    public SqliteSampleJournalTests()
    {
        _store = _folder.Open();
        _journal = new SqliteSampleJournal(_store);
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(10_000, 6_000, new long[] { 7_000, 10_000 })]
    [InlineData(10_000, 12_000, new long[] { 10_000, 12_000 })]
    public async Task TheNewestRow_MayStandInALogOrInAChunk(long stored, long logged, long[] expected)
    {
        using var folder = new DataFolder();
        using var store = folder.Open(options => options.LogRows = 2);
        var journal = new SqliteSampleJournal(store);
        await journal.AppendAsync(1, JournalRows.NoSeries, [JournalRows.At(stored), JournalRows.At(stored - 3_000)]);
        await journal.MovedAsync();
        Assert.Equal(2, folder.Execute("select sum(count) from chunks"));
        await journal.AppendAsync(1, JournalRows.NoSeries, [JournalRows.At(logged)]);

        var tail = await journal.ReadTailAsync(1, TimeSpan.FromSeconds(3), 100, CancellationToken.None);

        Assert.Equal(expected, tail.Rows.Select(row => row.At));
        Assert.Equal(expected[^1], tail.Newest!.Value.At);
    }

    /// <summary>One host's appends come one after the other, so such a group is not counted right; it must not do harm.</summary>
    [Fact]
    public async Task ARepeatWithinOneGroup_ChangesNothing()
    {
        var held = await HeldWrite.HoldAsync(_store);
        var first = _journal.AppendAsync(1, JournalRows.NoSeries, [JournalRows.At(10, 1.5)]);
        var second = _journal.AppendAsync(1, JournalRows.NoSeries, [JournalRows.At(10, 99)]);
        held.Release();
        await Task.WhenAll(first, second).Soon("the appends");

        Assert.Equal([1.5], (await _journal.ReadAllAsync(1)).Rows.Select(JournalRows.ValueOf));
    }

    /// <summary>The log is full in the middle of a group: what comes after stands in the same table and must not go with it.</summary>
    [Fact]
    public async Task AGroupThatFillsTheLog_SurvivesACrashAfterTheMove()
    {
        const int Many = 20;
        using var folder = new DataFolder();
        using var store = folder.Open(options => (options.LogRows, options.CheckpointPages) = (5, 1_000_000));
        var journal = new SqliteSampleJournal(store);
        var held = await HeldWrite.HoldAsync(store);
        var appends = Enumerable.Range(1, Many).Select(host => journal.AppendAsync(host, JournalRows.NoSeries, [JournalRows.At(10, host)])).ToArray();
        held.Release();
        await Task.WhenAll(appends).Soon("the group");

        await journal.MovedAsync();
        Assert.Equal(Many, folder.Execute("select sum(count) from chunks"));

        using var copy = folder.CopyAsAfterACrash();
        using var recovered = copy.Open();
        var found = new SqliteSampleJournal(recovered);
        for (var host = 1; host <= Many; host++) Assert.Equal([host], (await found.ReadAllAsync(host)).Rows.Select(JournalRows.ValueOf));
    }

    [Fact]
    public async Task AMoveThatTheDiskRefused_IsTakenUpAgain()
    {
        using var folder = new DataFolder();
        using var store = folder.Open(options => options.LogRows = 50);
        var journal = new SqliteSampleJournal(store);
        var random = new Random(1);
        for (var i = 1; i < 50; i++) await journal.AppendAsync(i % 7, JournalRows.NoSeries, [Large(i)]);
        await SqlWrite.RunAsync(store, $"pragma max_page_count = {await SqlWrite.NumberAsync(store, "pragma page_count")}");

        // A small row still fits into the log's last page, but not the move of all.
        await journal.AppendAsync(3, JournalRows.NoSeries, [JournalRows.At(50)]).Soon("the append that fills the log");
        await Assert.ThrowsAsync<StorageFailedException>(() => journal.MovedAsync());
        Assert.Equal(0, folder.Execute("select count(*) from chunks"));
        Assert.Equal(8, (await journal.ReadAllAsync(3)).Rows.Count);

        await SqlWrite.RunAsync(store, "pragma max_page_count = 1000000");
        await journal.AppendAsync(3, JournalRows.NoSeries, [JournalRows.At(51)]).Soon("the append with room");
        await journal.MovedAsync();
        Assert.Equal(50, folder.Execute("select sum(count) from chunks"));
        Assert.Equal(9, (await journal.ReadAllAsync(3)).Rows.Count);

        JournalRow Large(long at) => new(at, at, at, 5_000, SampleRow.Encode([.. Enumerable.Range(0, 100)], [.. Enumerable.Range(0, 100).Select(_ => random.NextDouble())]));
    }

    /// <summary>Nobody could read it any more; it must not keep the others from being moved.</summary>
    [Fact]
    public async Task ADamagedRow_IsLeftBehind_AndTheOthersMove()
    {
        await _journal.AppendAsync(1, JournalRows.NoSeries, [JournalRows.At(10, 1.5), new JournalRow(20, 20, 2, 5_000, [99, 1, 2]), JournalRows.At(30, 2.5)]);

        await _journal.MoveBeforeAsync(long.MaxValue, CancellationToken.None).Soon("the move");

        Assert.Equal([1.5, 2.5], (await _journal.ReadAllAsync(1)).Rows.Select(JournalRows.ValueOf));
        Assert.Equal(0, _folder.Execute("select count(*) from journal_log_0"));
    }

    /// <summary>
    /// Whatever is appended in whatever groups, however often the store is closed or crashes between, and wherever rows happen to be kept:
    /// every acknowledged row is there once, with the content that came first, and none of a host that was deleted.
    /// </summary>
    [Fact]
    public void AnyHistory_IsReadBackAsOneSimpleTableWouldHaveIt()
    {
        var append = Gen.Choose(1, Hosts).SelectMany(host => Gen.NonEmptyListOf(Gen.Choose(1, 25)), (host, times) => new Step(StepKind.Append, host, [.. times.Take(6)]));
        var steps = Gen.Frequency(
            (12, append),
            (3, Gen.Constant(new Step(StepKind.EndGroup))),
            (2, Gen.Choose(1, Hosts).Select(host => new Step(StepKind.Delete, host))),
            (1, Gen.Constant(new Step(StepKind.Reopen))),
            (1, Gen.Constant(new Step(StepKind.Crash))));
        Prop.ForAll(Gen.Zip(Gen.Choose(1, 9), Gen.NonEmptyListOf(steps)).ToArbitrary(), history =>
        {
            RunHistoryAsync(history.Item1, [.. history.Item2]).GetAwaiter().GetResult();
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));
    }

    private static async Task RunHistoryAsync(int logRows, Step[] steps)
    {
        var model = new Dictionary<(long Host, long At), double>();
        var folder = new DataFolder();
        var store = Open(folder);
        var journal = new SqliteSampleJournal(store);
        var group = new List<(Task<int> Done, int Expected)>();
        var hosts = new HashSet<int>();
        var deletes = new List<(int Host, Task<bool> Done)>();
        var deleting = new HashSet<int>();
        HeldWrite? held = null;
        var serial = 0;
        try
        {
            foreach (var step in steps.Append(new Step(StepKind.Crash)))
            {
                // A part of a delete, even behind an append whose caller has given up. Until it is done the host may have any of its rows.
                if (step.Kind == StepKind.Delete)
                {
                    held ??= await HeldWrite.HoldAsync(store);
                    deleting.Add(step.Host);
                    deletes.Add((step.Host, journal.DeleteAsync(step.Host)));
                    continue;
                }

                // A host's appends come one after the other: the grain waits for each.
                if (step.Kind == StepKind.Append && !deleting.Contains(step.Host) && hosts.Add(step.Host))
                {
                    held ??= await HeldWrite.HoldAsync(store);
                    var rows = step.Times.Select(at => JournalRows.At(at, ++serial)).ToArray();
                    var expected = rows.Count(row => model.TryAdd((step.Host, row.At), JournalRows.ValueOf(row)));
                    group.Add((journal.AppendAsync(step.Host, JournalRows.NoSeries, rows), expected));
                    continue;
                }

                if (step.Kind == StepKind.Append) continue;
                hosts.Clear();
                held?.Release();
                held = null;
                foreach (var (done, expected) in group) Assert.Equal(expected, await done.Soon("an append"));
                group.Clear();
                foreach (var (host, done) in deletes)
                {
                    if (!await done.Soon("a part of a delete")) continue;
                    deleting.Remove(host);
                    foreach (var row in model.Keys.Where(row => row.Host == host).ToList()) model.Remove(row);
                }

                deletes.Clear();

                if (step.Kind == StepKind.Crash)
                {
                    // What moves in the background must not be half copied: it stands still while a write is held.
                    var pause = await HeldWrite.HoldAsync(store);
                    var copy = folder.CopyAsAfterACrash();
                    pause.Release();
                    store.Dispose();
                    folder.Dispose();
                    folder = copy;
                }
                else if (step.Kind == StepKind.Reopen)
                {
                    store.Dispose();
                }

                if (step.Kind != StepKind.EndGroup)
                {
                    store = Open(folder);
                    journal = new SqliteSampleJournal(store);
                }

                for (var host = 1; host <= Hosts; host++)
                {
                    if (deleting.Contains(host)) continue;
                    var tail = await journal.ReadAllAsync(host);
                    var wanted = model.Where(row => row.Key.Host == host).OrderBy(row => row.Key.At).Select(row => (row.Key.At, row.Value)).ToList();
                    Assert.Equal(wanted, tail.Rows.Select(row => (row.At, JournalRows.ValueOf(row))));
                    Assert.Equal(wanted.Count == 0 ? null : wanted[^1].At, tail.Newest?.At);
                }
            }
        }
        finally
        {
            held?.Release();
            store.Dispose();
            folder.Dispose();
        }

        SqliteStore Open(DataFolder opened) => opened.Open(options =>
        {
            options.LogRows = logRows;
            options.CheckpointPages = 1_000_000;
        });
    }

    private static void AssertSame(JournalRow expected, JournalRow actual)
    {
        Assert.Equal(
            (expected.At, expected.Received, expected.Sequence, expected.IntervalMilliseconds),
            (actual.At, actual.Received, actual.Sequence, actual.IntervalMilliseconds));
        Assert.Equal(expected.Values, actual.Values);
    }

    private enum StepKind
    {
        Append,
        Delete,
        EndGroup,
        Reopen,
        Crash,
    }

    private sealed record Step(StepKind Kind, int Host = 0, int[]? At = null)
    {
        public int[] Times { get; } = At ?? [];

        public override string ToString() => Kind switch
        {
            StepKind.Append => $"{Host}:[{string.Join(',', Times)}]",
            StepKind.Delete => $"{Host}:x",
            _ => Kind.ToString(),
        };
    }
}
