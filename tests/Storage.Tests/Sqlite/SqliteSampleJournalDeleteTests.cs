using Microsoft.Data.Sqlite;
using StatusMonitor.Storage.Sqlite;
using StatusMonitor.Storage.Tests.Support;

namespace StatusMonitor.Storage.Tests.Sqlite;

/// <summary>Deleting a host, wherever its rows happen to be and whatever happens meanwhile.</summary>
public sealed class SqliteSampleJournalDeleteTests : IDisposable
{
    private const long Gone = 7, Kept = 8;

    private DataFolder _folder = new();
    private SqliteStore? _store;
    private SqliteSampleJournal? _journal;

    public void Dispose()
    {
        _store?.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task AHostThatIsNotThere_IsGoneAtOnce()
    {
        var journal = Open();

        Assert.True(await journal.DeleteAsync(Gone));
        Assert.True(await journal.DeleteAsync(Gone));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(1_000)]
    public async Task AHost_IsDeletedWhereverItsRowsAre_AndNoOtherIs(int logRows)
    {
        var journal = Open(logRows);
        for (var i = 1; i <= 10; i++)
        {
            foreach (var host in new[] { Gone, Kept }) await journal.AppendAsync(host, [new SeriesEntry(i, $"series.{i}")], [JournalRows.At(i, host)]);
        }

        await DeleteAllAsync(journal);

        var tail = await journal.ReadAllAsync(Gone);
        Assert.Empty(tail.Series);
        Assert.Empty(tail.Rows);
        Assert.Null(tail.Newest);
        await AssertNothingStoredAsync();
        var kept = await journal.ReadAllAsync(Kept);
        Assert.Equal(10, kept.Series.Count);
        Assert.Equal(Enumerable.Repeat((double)Kept, 10), kept.Rows.Select(JournalRows.ValueOf));

        Assert.True(await journal.DeleteAsync(Gone));
    }

    /// <summary>Other writes come in between, however much a host has.</summary>
    [Fact]
    public async Task AHostWithALongPast_GoesInSlices_ItsCatalogueLast()
    {
        var journal = Open(logRows: 1);
        await journal.AppendAsync(Gone, [.. Enumerable.Range(0, 300).Select(i => new SeriesEntry(i, $"series.{i}"))], Hourly(600));
        await SettleAsync();

        var left = new List<(long, long, bool)>();
        bool isDone;
        do
        {
            isDone = await journal.DeleteAsync(Gone).Soon("a slice");
            left.Add((Stored("chunks"), Stored("series"), isDone));
        }
        while (!isDone && left.Count < 10);

        Assert.Equal([(350, 300, false), (100, 300, false), (0, 150, false), (0, 0, true)], left);
    }

    [Fact]
    public async Task WhatIsDeletedFromALog_DoesNotComeBackWithTheMove()
    {
        // The move has two slices: this host's pieces are the first, the other's the second.
        const int Many = 250, Few = 10;
        var journal = Open(logRows: Many + Few);
        await journal.AppendAsync(Gone, [new SeriesEntry(0, "a")], Hourly(Many));
        var filling = await HeldWrite.HoldAsync(_store!);
        var last = journal.AppendAsync(Kept, JournalRows.NoSeries, Rows(1, Few));
        var held = new HeldWrite();
        _store!.Enqueue(held);
        filling.Release();
        await held.Begun.Soon("the group that fills the log");

        // Behind it, in one group: the delete from the logs, and then the move of what memory still has.
        var first = journal.DeleteAsync(Gone);
        held.Release();
        await last.Soon("the append that fills the log");
        Assert.False(await first.Soon("the first slice"));

        await DeleteAllAsync(journal);
        await SettleAsync();
        await AssertNothingStoredAsync();
        Assert.Equal(Few, (await journal.TimesAsync(Kept)).Count);
        Assert.Equal(Few, _folder.Execute($"select sum(count) from chunks where host_id = {Kept}"));
    }

    [Theory]
    [InlineData(Gone)]
    [InlineData(Kept)]
    public async Task ADeleteBetweenTheSlicesOfAMove_TakesWhatWasMovedAndWhatWasNot(long deleted)
    {
        const int Many = 250, Few = 10;
        var journal = Open(logRows: Many + Few);
        await journal.AppendAsync(Gone, JournalRows.NoSeries, Hourly(Many));
        var filling = await HeldWrite.HoldAsync(_store!);
        var last = journal.AppendAsync(Kept, JournalRows.NoSeries, Rows(1, Few));
        var held = new HeldWrite();
        _store!.Enqueue(held);
        filling.Release();
        await held.Begun.Soon("the group that fills the log");
        var beside = new HeldWrite();
        _store.Enqueue(beside);
        held.Release();
        await last.Soon("the append that fills the log");
        await beside.Begun.Soon("the group in which the move begins");

        // Its slices come behind it.
        var delete = journal.DeleteAsync(deleted);
        beside.Release();
        Assert.False(await delete.Soon("the first slice"));

        await DeleteAllAsync(journal, deleted);
        await SettleAsync();
        var other = deleted == Gone ? Kept : Gone;
        Assert.Empty(await journal.TimesAsync(deleted));
        await AssertNothingStoredAsync(deleted);
        Assert.Equal(other == Gone ? Many : Few, (await journal.TimesAsync(other)).Count);
        Assert.Equal(0, Stored("journal_log_0", other) + Stored("journal_log_1", other));
    }

    /// <summary>Nobody should; but an append may still wait whose caller has given up.</summary>
    [Fact]
    public async Task AnAppendThatStillWaited_IsDeletedToo()
    {
        var journal = Open();
        var held = await HeldWrite.HoldAsync(_store!);
        var append = journal.AppendAsync(Gone, [new SeriesEntry(0, "a")], Rows(1, 3));
        var delete = journal.DeleteAsync(Gone);
        held.Release();
        await append.Soon("the append");

        Assert.False(await delete.Soon("the delete"));
        await DeleteAllAsync(journal);
        await AssertNothingStoredAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AServerThatEndsBetweenSlices_GoesOnWithTheRest(bool isKilled)
    {
        // A part in chunks, a part in a log whose move begins now.
        var journal = Open(logRows: 300);
        await journal.AppendAsync(Gone, [new SeriesEntry(0, "a")], Hourly(600));
        await journal.AppendAsync(Kept, [new SeriesEntry(0, "a")], Rows(1, 290));
        await SettleAsync();
        await journal.AppendAsync(Gone, JournalRows.NoSeries, Rows(3_000, 9));
        await journal.AppendAsync(Kept, JournalRows.NoSeries, Rows(3_000, 9));

        var calls = 0;
        var isDone = false;
        while (!isDone)
        {
            Assert.InRange(++calls, 1, 10);
            isDone = await journal.DeleteAsync(Gone).Soon("a slice");
            journal = isKilled ? await KillAsync() : Reopen();
        }

        Assert.InRange(calls, 3, 10);
        Assert.Empty((await journal.ReadAllAsync(Gone)).Rows);
        await AssertNothingStoredAsync();
        Assert.Equal(299, (await journal.TimesAsync(Kept)).Count);
    }

    [Fact]
    public async Task TheSameIdLater_IsAHostWithoutAPast()
    {
        var journal = Open(logRows: 3);
        await journal.AppendAsync(Gone, [new SeriesEntry(0, "old")], Rows(1_000, 10));
        await journal.AppendAsync(Gone, JournalRows.NoSeries, Rows(2_000, 1));
        await DeleteAllAsync(journal);

        // Earlier times, the same time, and the same series number with another name.
        Assert.Equal(2, await journal.AppendAsync(Gone, [new SeriesEntry(0, "new")], [JournalRows.At(5, 50), JournalRows.At(1_000, 60)]));
        Assert.Equal(1, await journal.AppendAsync(Gone, JournalRows.NoSeries, [JournalRows.At(1_000, 99), JournalRows.At(2_000, 70)]));

        var tail = await journal.ReadAllAsync(Gone);
        Assert.Equal([new SeriesEntry(0, "new")], tail.Series);
        Assert.Equal([50, 60, 70], tail.Rows.Select(JournalRows.ValueOf));
    }

    [Fact]
    public async Task ADatabaseThatCannotBeWritten_LeavesTheHost_UntilItCan()
    {
        var journal = Open();
        await journal.AppendAsync(Gone, [new SeriesEntry(0, "a")], Rows(1, 3));
        using (var other = new SqliteConnection($"Data Source={_folder.Database};Pooling=False"))
        {
            other.Open();
            using var transaction = other.BeginTransaction(deferred: false);

            await Assert.ThrowsAsync<StorageFailedException>(() => journal.DeleteAsync(Gone).Soon("the delete"));
        }

        Assert.Equal([1, 2, 3], await journal.TimesAsync(Gone));
        await DeleteAllAsync(journal);
        await AssertNothingStoredAsync();
    }

    [Fact]
    public async Task AFullQueue_DoesNotRefuseWhatMakesRoom()
    {
        var journal = Open(configure: options => options.MaxWaitingRows = 3);
        var held = await HeldWrite.HoldAsync(_store!);
        var append = journal.AppendAsync(Kept, JournalRows.NoSeries, Rows(1, 3));
        await Assert.ThrowsAsync<StorageBusyException>(() => journal.AppendAsync(Kept, JournalRows.NoSeries, Rows(4, 1)));

        var delete = journal.DeleteAsync(Gone);
        held.Release();

        Assert.True(await delete.Soon("the delete"));
        Assert.Equal(3, await append.Soon("the append"));
    }

    private static JournalRow[] Rows(long first, int count) => [.. Enumerable.Range(0, count).Select(i => JournalRows.At(first + i))];

    /// <summary>A row for each hour, so that each is a piece of its own.</summary>
    private static JournalRow[] Hourly(int count) => [.. Enumerable.Range(0, count).Select(i => JournalRows.At(i * 3_600_000L + 1))];

    private static async Task DeleteAllAsync(SqliteSampleJournal journal, long host = Gone)
    {
        for (var calls = 0; !await journal.DeleteAsync(host).Soon("a slice"); calls++) Assert.InRange(calls, 0, 10);
    }

    /// <summary>Waits until what the store itself had still to do is done.</summary>
    private async Task SettleAsync()
    {
        await _journal!.MovedAsync();
        await (await HeldWrite.HoldAsync(_store!)).ReleaseAsync();
    }

    private async Task AssertNothingStoredAsync(long host = Gone)
    {
        await SettleAsync();
        foreach (var table in new[] { "journal_log_0", "journal_log_1", "chunks", "days", "series" }) Assert.Equal((table, 0), (table, Stored(table, host)));
    }

    private long Stored(string table, long host = Gone) => _folder.Execute($"select count(*) from {table} where host_id = {host}");

    private SqliteSampleJournal Open(int logRows = 1_000, Action<SqliteOptions>? configure = null)
    {
        _store = _folder.Open(options =>
        {
            // Without a checkpoint a plain copy is what a crash leaves.
            (options.LogRows, options.CheckpointPages) = (logRows, 1_000_000);
            configure?.Invoke(options);
        });
        return _journal = new SqliteSampleJournal(_store);
    }

    private SqliteSampleJournal Reopen()
    {
        _store!.Dispose();
        return Open();
    }

    private async Task<SqliteSampleJournal> KillAsync()
    {
        var pause = await HeldWrite.HoldAsync(_store!);
        var copy = _folder.CopyAsAfterACrash();
        pause.Release();
        _store!.Dispose();
        _folder.Dispose();
        _folder = copy;
        return Open();
    }
}
