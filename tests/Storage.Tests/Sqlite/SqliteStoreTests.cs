using StatusMonitor.Storage.Sqlite;
using StatusMonitor.Storage.Tests.Support;

namespace StatusMonitor.Storage.Tests.Sqlite;

public sealed class SqliteStoreTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task WritesThatWaitTogether_AreOneGroup()
    {
        using var store = _folder.Open();
        var journal = new SqliteSampleJournal(store);
        var held = await HeldWrite.HoldAsync(store);
        var before = store.Committed;

        var appends = Enumerable.Range(1, 500).Select(host => journal.AppendAsync(host, JournalRows.NoSeries, [JournalRows.At(host)])).ToArray();
        held.Release();
        var counts = await Task.WhenAll(appends).Soon("the appends");

        Assert.All(counts, count => Assert.Equal(1, count));
        Assert.Equal((before.Groups + 2, before.Writes + 501), store.Committed);
    }

    [Fact]
    public async Task ManyWritersAtOnce_ShareGroups_AndEveryWriteIsThere()
    {
        const int Writers = 40, Each = 50;
        using (var store = _folder.Open())
        {
            var journal = new SqliteSampleJournal(store);
            await Task.WhenAll(Enumerable.Range(1, Writers).Select(async host =>
            {
                for (var i = 1; i <= Each; i++) Assert.Equal(1, await journal.AppendAsync(host, JournalRows.NoSeries, [JournalRows.At(i)]));
            })).Soon("the writers");

            Assert.Equal(Writers * Each, store.Committed.Writes);
            Assert.InRange(store.Committed.Groups, 1, Writers * Each / 4);
        }

        using var reopened = _folder.Open();
        var stored = new SqliteSampleJournal(reopened);
        for (var host = 1; host <= Writers; host++) Assert.Equal(Enumerable.Range(1, Each).Select(i => (long)i), await stored.TimesAsync(host));
    }

    [Fact]
    public async Task EachCommit_WaitsForTheDisk()
    {
        using var store = _folder.Open();

        Assert.Equal("wal", await SqlWrite.RunAsync(store, "pragma journal_mode"));
        Assert.Equal(2, await SqlWrite.NumberAsync(store, "pragma synchronous"));
    }

    [Fact]
    public async Task AWriteThatBreaksAConstraint_FailsAlone()
    {
        using var store = _folder.Open();
        var journal = new SqliteSampleJournal(store);
        await journal.AppendAsync(2, [new SeriesEntry(0, "cpu.percent")], [JournalRows.At(1)]);
        var held = await HeldWrite.HoldAsync(store);

        var first = journal.AppendAsync(1, JournalRows.NoSeries, [JournalRows.At(10)]);
        var second = journal.AppendAsync(2, [new SeriesEntry(0, "load.1m")], [JournalRows.At(20)]);
        var third = journal.AppendAsync(3, [new SeriesEntry(0, "cpu.percent")], [JournalRows.At(30)]);
        held.Release();

        Assert.Equal(1, await first.Soon("the first"));
        await Assert.ThrowsAsync<StorageFailedException>(() => second.Soon("the second"));
        Assert.Equal(1, await third.Soon("the third"));
        Assert.Equal([10], await journal.TimesAsync(1));
        Assert.Equal([1], await journal.TimesAsync(2));
        Assert.Equal([30], await journal.TimesAsync(3));
        Assert.Equal([new SeriesEntry(0, "cpu.percent")], (await journal.ReadAllAsync(2)).Series);

        // One host's mistake is not the disk's.
        Assert.Null(store.Failure);
    }

    [Fact]
    public async Task AWriteThatThrows_FailsAlone_AndTheStoreGoesOn()
    {
        using var store = _folder.Open();
        var journal = new SqliteSampleJournal(store);
        var held = await HeldWrite.HoldAsync(store);

        var broken = journal.AppendAsync(1, JournalRows.NoSeries, new RowsThatThrow());
        var sound = journal.AppendAsync(2, JournalRows.NoSeries, [JournalRows.At(20)]);
        held.Release();

        await Assert.ThrowsAsync<StorageFailedException>(() => broken.Soon("the broken write"));
        Assert.Equal(1, await sound.Soon("the sound write"));
        Assert.Null(store.Failure);
    }

    [Fact]
    public async Task MoreWaitingThanAllowed_IsRefusedAsBusy_AndNothingOfItIsStored()
    {
        using var store = _folder.Open(options => options.MaxWaitingRows = 10);
        var journal = new SqliteSampleJournal(store);
        var held = await HeldWrite.HoldAsync(store);

        var waiting = Enumerable.Range(1, 9).Select(i => journal.AppendAsync(i, JournalRows.NoSeries, [JournalRows.At(i)])).ToList();
        await Assert.ThrowsAsync<StorageBusyException>(() => journal.AppendAsync(99, JournalRows.NoSeries, [JournalRows.At(1), JournalRows.At(2)]));

        // Series wait and take memory as rows do.
        await Assert.ThrowsAsync<StorageBusyException>(() => journal.AppendAsync(99, [new SeriesEntry(0, "cpu.percent")], [JournalRows.At(1)]));
        waiting.Add(journal.AppendAsync(10, JournalRows.NoSeries, [JournalRows.At(10)]));
        Assert.Equal(10, store.Waiting);
        await Assert.ThrowsAsync<StorageBusyException>(() => journal.AppendAsync(99, JournalRows.NoSeries, [JournalRows.At(1)]));

        held.Release();
        Assert.All(await Task.WhenAll(waiting).Soon("what waited"), count => Assert.Equal(1, count));
        Assert.Empty((await journal.ReadAllAsync(99)).Rows);
        Assert.Equal(1, await journal.AppendAsync(99, JournalRows.NoSeries, [JournalRows.At(1)]).Soon("the one refused before"));
    }

    [Fact]
    public async Task RowsThatAreBeingWritten_CountAsWaiting()
    {
        using var store = _folder.Open(options => options.MaxWaitingRows = 10);
        var journal = new SqliteSampleJournal(store);
        var first = await HeldWrite.HoldAsync(store);
        var written = journal.AppendAsync(1, JournalRows.NoSeries, [.. Enumerable.Range(1, 8).Select(i => JournalRows.At(i))]);
        var held = new HeldWrite();
        store.Enqueue(held);
        first.Release();
        await held.Begun.Soon("the group with the rows");
        Assert.Equal(0, store.Waiting);

        var second = journal.AppendAsync(2, JournalRows.NoSeries, [JournalRows.At(1)]);
        await Assert.ThrowsAsync<StorageBusyException>(() => journal.AppendAsync(3, JournalRows.NoSeries, [JournalRows.At(1), JournalRows.At(2)]));
        var third = journal.AppendAsync(4, JournalRows.NoSeries, [JournalRows.At(1)]);

        // What was answered counts no more.
        held.Release();
        Assert.Equal(8, await written.Soon("the rows"));
        await Task.WhenAll(second, third).Soon("what waited");
        var last = await HeldWrite.HoldAsync(store);
        var all = Enumerable.Range(11, 10).Select(i => journal.AppendAsync(i, JournalRows.NoSeries, [JournalRows.At(i)])).ToList();
        last.Release();
        await Task.WhenAll(all).Soon("as many as may wait");
    }

    /// <summary>Else it would be refused whenever it is sent again.</summary>
    [Fact]
    public async Task AWriteLargerThanAllMayBe_IsTakenIfNothingElseWaits()
    {
        using var store = _folder.Open(options => options.MaxWaitingRows = 10);
        var journal = new SqliteSampleJournal(store);
        var rows = Enumerable.Range(1, 11).Select(i => JournalRows.At(i)).ToList();
        var held = await HeldWrite.HoldAsync(store);

        var waiting = journal.AppendAsync(1, JournalRows.NoSeries, [JournalRows.At(1)]);
        await Assert.ThrowsAsync<StorageBusyException>(() => journal.AppendAsync(2, [new SeriesEntry(0, "a")], rows));
        held.Release();
        await waiting.Soon("what waited");

        held = await HeldWrite.HoldAsync(store);
        var large = journal.AppendAsync(2, [new SeriesEntry(0, "a")], rows);
        Assert.Equal(12, store.Waiting);
        await Assert.ThrowsAsync<StorageBusyException>(() => journal.AppendAsync(1, JournalRows.NoSeries, [JournalRows.At(2)]));
        held.Release();
        Assert.Equal(11, await large.Soon("the large write"));
        Assert.Equal(1, await journal.AppendAsync(1, JournalRows.NoSeries, [JournalRows.At(2)]).Soon("the one refused before"));
    }

    [Fact]
    public async Task AFullDisk_FailsTheWrite_SaysWhy_AndIsOverWhenThereIsRoom()
    {
        using var store = _folder.Open();
        var journal = new SqliteSampleJournal(store);
        await journal.AppendAsync(1, [new SeriesEntry(0, "cpu.percent")], [JournalRows.At(1)]);
        var pages = await SqlWrite.NumberAsync(store, "pragma page_count");
        await SqlWrite.RunAsync(store, $"pragma max_page_count = {pages}");

        var large = Enumerable.Range(100, 200).Select(i => new JournalRow(i, i, i, 5_000, new byte[4_000])).ToList();
        var exception = await Assert.ThrowsAsync<StorageFailedException>(() => journal.AppendAsync(1, [new SeriesEntry(1, "load.1m")], large).Soon("the append on a full disk"));

        Assert.Contains("full", exception.Message, StringComparison.Ordinal);
        Assert.Contains("full", store.Failure, StringComparison.Ordinal);
        var tail = await journal.ReadAllAsync(1);
        Assert.Equal([1], tail.Rows.Select(row => row.At));
        Assert.Equal([new SeriesEntry(0, "cpu.percent")], tail.Series);

        await SqlWrite.RunAsync(store, "pragma max_page_count = 1000000");
        Assert.Null(store.Failure);
        Assert.Equal(200, await journal.AppendAsync(1, [new SeriesEntry(1, "load.1m")], large).Soon("the append with room"));
        Assert.Equal(201, (await journal.ReadAllAsync(1)).Rows.Count);
    }

    [Fact]
    public async Task Dispose_WritesWhatWaitsFirst()
    {
        Task<int>[] appends;
        var store = _folder.Open();
        using (store)
        {
            var journal = new SqliteSampleJournal(store);
            var held = await HeldWrite.HoldAsync(store);
            appends = [.. Enumerable.Range(1, 100).Select(i => journal.AppendAsync(1, JournalRows.NoSeries, [JournalRows.At(i)]))];
            held.Release();
        }

        await Task.WhenAll(appends).Soon("what waited when the store closed");
        using var reopened = _folder.Open();
        Assert.Equal(100, (await new SqliteSampleJournal(reopened).ReadAllAsync(1)).Rows.Count);
    }

    /// <summary>The last to close a database takes the log into it; what is left is one file that can be copied.</summary>
    [Fact]
    public async Task AClosedStore_HasClosedItsDatabase()
    {
        using (var store = _folder.Open(options => options.LogRows = 2))
        {
            var journal = new SqliteSampleJournal(store);
            for (var i = 1; i <= 5; i++) await journal.AppendAsync(1, [new SeriesEntry(i, $"series.{i}")], [JournalRows.At(i)]);
            Assert.Equal(5, (await journal.ReadAllAsync(1)).Rows.Count);
            Assert.True(File.Exists($"{_folder.Database}-wal"));
        }

        Assert.Equal(["server.lock", "statusmonitor.db"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task AfterDispose_WritesAreRefused_AndASecondDisposeDoesNothing()
    {
        var store = _folder.Open();
        var journal = new SqliteSampleJournal(store);
        store.Dispose();
        store.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => journal.AppendAsync(1, JournalRows.NoSeries, [JournalRows.At(1)]));
    }

    [Fact]
    public void ANewerSchema_IsRefused_AndLeftAsItIs()
    {
        _folder.Open().Dispose();
        var schema = _folder.Execute("pragma user_version");
        _folder.Execute("pragma user_version = 4711");

        var exception = Assert.Throws<StorageFailedException>(() => _folder.Open());
        Assert.Contains("schema 4711, made by a newer StatusMonitor", exception.Message, StringComparison.Ordinal);
        Assert.Equal(4711, _folder.Execute("pragma user_version"));

        // Nothing is held on to.
        _folder.Execute($"pragma user_version = {schema}");
        _folder.Open().Dispose();
    }

    [Fact]
    public void AFileThatIsNoDatabase_IsRefused_AndLeftAsItIs()
    {
        var text = string.Join('\n', Enumerable.Repeat("This is not a database.", 1_000));
        File.WriteAllText(_folder.Database, text);

        var exception = Assert.Throws<StorageFailedException>(() => _folder.Open());

        Assert.StartsWith($"The database '{_folder.Database}' cannot be opened: ", exception.Message, StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(_folder.Database));
    }

    [Fact]
    public async Task WhileACrashCopyIsTaken_WhatWasAcknowledgedBefore_IsInIt()
    {
        const int Writers = 8;
        var acknowledged = new long[Writers + 1];
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var stop = new CancellationTokenSource();

        // Without a checkpoint the log only grows, so that a plain copy is what a crash leaves.
        using var store = _folder.Open(options => options.CheckpointPages = 1_000_000);
        var journal = new SqliteSampleJournal(store);
        var writers = Enumerable.Range(1, Writers).Select(async host =>
        {
            for (var i = 1; !stop.IsCancellationRequested; i++)
            {
                await journal.AppendAsync(host, i == 1 ? [new SeriesEntry(0, "cpu.percent")] : JournalRows.NoSeries, [JournalRows.At(i)]);
                Volatile.Write(ref acknowledged[host], i);
                if (i == 200) enough.TrySetResult();
            }
        }).ToList();
        await enough.Task.Soon("200 acknowledged rows");

        var before = acknowledged.Select((_, host) => Volatile.Read(ref acknowledged[host])).ToArray();
        using var copy = _folder.CopyAsAfterACrash();
        await stop.CancelAsync();
        await Task.WhenAll(writers).Soon("the writers");

        using var recovered = copy.Open();
        var found = new SqliteSampleJournal(recovered);
        for (var host = 1; host <= Writers; host++)
        {
            var times = await found.TimesAsync(host);
            Assert.InRange(times.Count, before[host], acknowledged[host]);
            Assert.Equal(Enumerable.Range(1, times.Count).Select(i => (long)i), times);
            Assert.Equal([new SeriesEntry(0, "cpu.percent")], (await found.ReadAllAsync(host)).Series);
        }
    }

    [Fact]
    public async Task AnUnfinishedGroup_IsGoneAfterACrash()
    {
        using var store = _folder.Open(options => options.CheckpointPages = 1_000_000);
        var journal = new SqliteSampleJournal(store);
        await journal.AppendAsync(1, JournalRows.NoSeries, [JournalRows.At(1)]);

        // The group is written but not committed: its last member holds it.
        var held = await HeldWrite.HoldAsync(store);
        var append = journal.AppendAsync(1, JournalRows.NoSeries, [JournalRows.At(2)]);
        var last = new HeldWrite();
        store.Enqueue(last);
        held.Release();
        await last.Begun.Soon("the held end of the group");

        using (var copy = _folder.CopyAsAfterACrash())
        using (var recovered = copy.Open())
        {
            Assert.Equal([1], await new SqliteSampleJournal(recovered).TimesAsync(1));
        }

        Assert.False(append.IsCompleted);
        last.Release();
        Assert.Equal(1, await append.Soon("the append"));
    }

    [Fact]
    public async Task ADamagedDatabase_FailsTheRead_WithOurOwnException()
    {
        using var store = _folder.Open();
        var journal = new SqliteSampleJournal(store);
        await SqlWrite.RunAsync(store, "alter table chunks rename to lost");

        await Assert.ThrowsAsync<StorageFailedException>(() => journal.ReadAllAsync(1));
    }

    private sealed class RowsThatThrow : IReadOnlyList<JournalRow>
    {
        public int Count => 1;

        public JournalRow this[int index] => throw new InvalidOperationException("as a bug would");

        public IEnumerator<JournalRow> GetEnumerator() => throw new NotSupportedException();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
