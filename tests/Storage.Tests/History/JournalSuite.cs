using StatusMonitor.Storage.Samples;
using StatusMonitor.Storage.Tests.Sqlite;
using StatusMonitor.Storage.Tests.Support;

namespace StatusMonitor.Storage.Tests.History;

/// <summary>What every store promises of the journal.</summary>
public abstract class JournalSuite(Func<IStorePlace> newPlace) : IAsyncLifetime
{
    private readonly IStorePlace _place = newPlace();
    private OpenedStore _store = null!;

    public async Task InitializeAsync() => _store = await _place.OpenAsync();

    public async Task DisposeAsync()
    {
        await _store.Close();
        await _place.DisposeAsync();
    }

    [SuiteFact]
    public async Task ARow_IsReadBackAsItWas()
    {
        var row = new JournalRow(1_795_323_600_250, 1_795_323_601_000, long.MaxValue, 300_000, SampleRow.Encode([0, 3], [-0.0, 1e300]));

        Assert.Equal(1, await _store.Journal.AppendAsync(7, JournalRows.NoSeries, [row]));

        var tail = await _store.Journal.ReadAllAsync(7);
        Assert.Equal(row with { Values = [] }, Assert.Single(tail.Rows) with { Values = [] });
        Assert.Equal(row.Values, tail.Rows[0].Values);
        Assert.Equal(row with { Values = [] }, tail.Newest!.Value with { Values = [] });
    }

    [SuiteFact]
    public async Task WhatWasWritten_IsCounted_ButNoRepeats()
    {
        var queue = (IWriteQueue)_store.Journal;
        Assert.Equal(0, queue.Written);
        await _store.Journal.AppendAsync(1, [new SeriesEntry(0, "cpu.percent")], [JournalRows.At(1), JournalRows.At(2), JournalRows.At(2)]);
        await _store.Journal.AppendAsync(1, JournalRows.NoSeries, [JournalRows.At(2), JournalRows.At(3)]);
        Assert.Equal(3, queue.Written);
        Assert.True(queue.Bound >= 50_000);
        // The group is told before its place is free.
        Assert.True(SpinWait.SpinUntil(() => queue.Waiting == 0, TimeSpan.FromSeconds(30)), "Nothing waits any more.");
    }

    [SuiteFact]
    public async Task AHostWithoutRows_HasAnEmptyTail()
    {
        await _store.Journal.AppendAsync(7, [new SeriesEntry(0, "cpu.percent")], [JournalRows.At(1)]);

        var tail = await _store.Journal.ReadAllAsync(8);

        Assert.Empty(tail.Series);
        Assert.Empty(tail.Rows);
        Assert.Null(tail.Newest);
    }

    [SuiteFact]
    public async Task Rows_AreReadOldestFirst_HoweverTheyCame()
    {
        await _store.Journal.AppendAsync(1, JournalRows.NoSeries, [JournalRows.At(50), JournalRows.At(30)]);
        await _store.Journal.AppendAsync(2, JournalRows.NoSeries, [JournalRows.At(35)]);
        await _store.Journal.AppendAsync(1, JournalRows.NoSeries, [JournalRows.At(40), JournalRows.At(10)]);

        Assert.Equal([10, 30, 40, 50], await _store.Journal.TimesAsync(1));
    }

    /// <summary>However long ago that is: the host's clock counts.</summary>
    [SuiteFact]
    public async Task TheTail_ReachesAsFarBackFromTheNewestRowAsAsked()
    {
        await _store.Journal.AppendAsync(1, JournalRows.NoSeries, [.. Enumerable.Range(1, 5).Select(i => JournalRows.At(i * 1_000))]);

        var tail = await _store.Journal.ReadTailAsync(1, TimeSpan.FromSeconds(2), 100, CancellationToken.None);

        Assert.Equal([3_000, 4_000, 5_000], tail.Rows.Select(row => row.At));
        Assert.Equal(5_000, tail.Newest!.Value.At);
    }

    [SuiteFact]
    public async Task TheTail_IsLimitedToTheNewest()
    {
        await _store.Journal.AppendAsync(1, JournalRows.NoSeries, [.. Enumerable.Range(1, 50).Select(i => JournalRows.At(i))]);

        var tail = await _store.Journal.ReadTailAsync(1, TimeSpan.MaxValue, 3, CancellationToken.None);

        Assert.Equal([48, 49, 50], tail.Rows.Select(row => row.At));
        Assert.Equal(50, tail.Newest!.Value.At);
    }

    [SuiteFact]
    public async Task ATailOfNoRows_StillHasTheNewest()
    {
        await _store.Journal.AppendAsync(1, JournalRows.NoSeries, [JournalRows.At(20), JournalRows.At(10)]);

        var tail = await _store.Journal.ReadTailAsync(1, TimeSpan.MaxValue, 0, CancellationToken.None);

        Assert.Empty(tail.Rows);
        Assert.Equal(20, tail.Newest!.Value.At);
    }

    [SuiteFact]
    public async Task ARepeat_IsNotCounted_AndChangesNothing()
    {
        Assert.Equal(2, await _store.Journal.AppendAsync(1, JournalRows.NoSeries, [JournalRows.At(10, 1.5), JournalRows.At(20, 2.5)]));

        Assert.Equal(1, await _store.Journal.AppendAsync(1, JournalRows.NoSeries, [JournalRows.At(10, 99), JournalRows.At(20, 99), JournalRows.At(30, 3.5)]));
        Assert.Equal(0, await _store.Journal.AppendAsync(1, JournalRows.NoSeries, [JournalRows.At(30, 99), JournalRows.At(10, 99)]));

        Assert.Equal([1.5, 2.5, 3.5], (await _store.Journal.ReadAllAsync(1)).Rows.Select(JournalRows.ValueOf));
    }

    [SuiteFact]
    public async Task ARepeatWithinOneAppend_IsNotCounted()
    {
        Assert.Equal(1, await _store.Journal.AppendAsync(1, JournalRows.NoSeries, [JournalRows.At(10, 1.5), JournalRows.At(10, 99)]));

        Assert.Equal([1.5], (await _store.Journal.ReadAllAsync(1)).Rows.Select(JournalRows.ValueOf));
    }

    [SuiteFact]
    public async Task TheSameTimeOnAnotherHost_IsNoRepeat()
    {
        Assert.Equal(1, await _store.Journal.AppendAsync(1, JournalRows.NoSeries, [JournalRows.At(10)]));
        Assert.Equal(1, await _store.Journal.AppendAsync(2, JournalRows.NoSeries, [JournalRows.At(10)]));
    }

    [SuiteFact]
    public async Task Series_AreReadByTheirNumbers()
    {
        await _store.Journal.AppendAsync(1, [new SeriesEntry(0, "b"), new SeriesEntry(1, "a")], [JournalRows.At(1)]);
        await _store.Journal.AppendAsync(1, [new SeriesEntry(2, "disk.used.bytes{mount=\"/mnt/ä,😀\"}")], [JournalRows.At(2)]);

        Assert.Equal(
            [new SeriesEntry(0, "b"), new SeriesEntry(1, "a"), new SeriesEntry(2, "disk.used.bytes{mount=\"/mnt/ä,😀\"}")],
            (await _store.Journal.ReadAllAsync(1)).Series);
    }

    [SuiteFact]
    public async Task ASeriesNumberThatIsTaken_StoresNothingOfTheAppend()
    {
        await _store.Journal.AppendAsync(1, [new SeriesEntry(0, "a")], [JournalRows.At(1)]);

        await Assert.ThrowsAsync<StorageFailedException>(() => _store.Journal.AppendAsync(1, [new SeriesEntry(1, "b"), new SeriesEntry(0, "c")], [JournalRows.At(2)]));

        var tail = await _store.Journal.ReadAllAsync(1);
        Assert.Equal([new SeriesEntry(0, "a")], tail.Series);
        Assert.Equal([1], tail.Rows.Select(row => row.At));
        Assert.Equal(1, await _store.Journal.AppendAsync(1, [new SeriesEntry(1, "b")], [JournalRows.At(2)]));
    }

    [SuiteFact]
    public async Task ACancelledRead_Ends() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _store.Journal.ReadTailAsync(1, TimeSpan.MaxValue, 1, new CancellationToken(canceled: true)));

    /// <summary>A host's appends come one after the other; many hosts' do not.</summary>
    [SuiteFact]
    public async Task AppendsOfManyHostsAtOnce_AreAllThere_AfterACrashToo()
    {
        var counts = await Task.WhenAll(Enumerable.Range(1, 50).Select(async host =>
        {
            var count = 0;
            for (var i = 0; i < 10; i++) count += await _store.Journal.AppendAsync(host, i == 0 ? [new SeriesEntry(0, "a")] : [], [JournalRows.At(i * 5_000, host + i / 100.0)]);
            return count;
        }));
        Assert.All(counts, count => Assert.Equal(10, count));

        _store = await _place.OpenAsAfterACrashAsync(_store);

        for (var host = 1; host <= 50; host++)
        {
            Assert.Equal(Enumerable.Range(0, 10).Select(i => (i * 5_000L, host + i / 100.0)), (await _store.Journal.ReadAllAsync(host)).Rows.Select(row => (row.At, JournalRows.ValueOf(row))));
        }
    }
}
