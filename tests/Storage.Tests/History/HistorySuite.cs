using StatusMonitor.Storage.History;
using StatusMonitor.Storage.Samples;
using StatusMonitor.Storage.Tests.Sqlite;
using StatusMonitor.Storage.Tests.Support;
using static StatusMonitor.Storage.Tests.History.HistoryRows;

namespace StatusMonitor.Storage.Tests.History;

/// <summary>What every store promises of history.</summary>
public abstract class HistorySuite(Func<IStorePlace> newPlace) : IAsyncLifetime
{
    private const long Host = 7, Other = 8;

    private static readonly HistoryCutoffs Nothing = new(0, 0, 0);

    private readonly IStorePlace _place = newPlace();
    private OpenedStore _store = null!;

    public async Task InitializeAsync() => _store = await _place.OpenAsync();

    public async Task DisposeAsync()
    {
        await _store.Close();
        await _place.DisposeAsync();
    }

    [SuiteFact]
    public async Task SamplesAndRollups_AreTheSame_BeforeCompactionAndAfter()
    {
        var times = Times(Start + 1_234, Start + 3 * Hour, 5_000).ToList();
        await AppendAsync(Host, times);
        await AssertAllAsync(Host, times);

        var done = await _store.Upkeep.CompactAsync(After(Start + 3 * Hour), default);

        Assert.Equal(3, done.Hours);
        Assert.Equal(times.Count, done.Samples);
        Assert.Equal(times.Sum(at => ValuesOf(Row(at)).Count), done.Values);
        await AssertAllAsync(Host, times);
    }

    /// <summary>Compacted, waiting, both, and a host that nobody knows; each is told of its own catalogue, as it is read alone.</summary>
    [SuiteFact]
    public async Task SeveralHosts_ReadAtOnce_AreAsEachAlone()
    {
        var times = new Dictionary<long, List<long>>
        {
            [Host] = [.. Times(Start, Start + 3 * Hour, 60_000)],
            [Other] = [.. Times(Start + Hour, Start + 2 * Hour, 30_000)],
            [9] = [.. Times(Start + Hour, Start + 2 * Hour, 90_000)],
            [10] = [],
        };
        await AppendAsync(Host, times[Host]);
        await AppendAsync(Other, times[Other]);
        await _store.Upkeep.CompactAsync(After(Start + 3 * Hour), default);
        await AppendAsync(9, times[9]);
        await AppendAsync(Other, [Start + Hour + 1_000]);
        times[Other].Add(Start + Hour + 1_000);

        foreach (var tier in new[] { RollupTier.Minute, RollupTier.QuarterHour })
        {
            var told = new Dictionary<long, IReadOnlyList<StoredSeries>>();
            RollupQuestion[] questions = [.. times.Keys.Select(host => host == 9 ? new RollupQuestion(host, Ids) : new RollupQuestion(host, catalogue =>
            {
                told.Add(host, catalogue);
                return [3, .. catalogue.Select(series => series.Id)];
            }))];
            var read = await _store.History.ReadRollupsAsync(questions, new RollupReading(tier, new TimeRange(Start, Start + 3 * Hour), RollupSteps.None), default);

            foreach (var (question, block) in questions.Zip(read)) AssertSame(Rolled(tier, times[question.HostId]), block);
            foreach (var (host, catalogue) in told) Assert.Equal(await _store.History.ReadSeriesAsync(host, default), catalogue);
            Assert.Equal([Host, Other, 10], told.Keys.Order());
        }
    }

    [SuiteFact]
    public async Task Compaction_DoneAgain_ChangesNothing()
    {
        var times = Times(Start, Start + 2 * Hour, 30_000).ToList();
        await AppendAsync(Host, times);
        await _store.Upkeep.CompactAsync(After(Start + 2 * Hour), default);

        var again = await _store.Upkeep.CompactAsync(After(Start + 2 * Hour), default);

        Assert.Equal(default, again);
        await AssertAllAsync(Host, times);
    }

    [SuiteFact]
    public async Task AnHour_IsCompactedOnlyWhenItIsOver_AndALittleMore()
    {
        await AppendAsync(Host, [Start]);

        Assert.Equal(0, (await _store.Upkeep.CompactAsync(Time(Start + Hour).AddMinutes(4.9), default)).Hours);
        Assert.Equal(1, (await _store.Upkeep.CompactAsync(Time(Start + Hour).AddMinutes(5), default)).Hours);
    }

    /// <summary>An agent that was cut off sends its spool: into hours that are compacted, and before and between them.</summary>
    [SuiteFact]
    public async Task LateSamples_AreMergedIntoTheirHours_AndRollupsAreAsIfTheyHadBeenThere()
    {
        var early = Times(Start + Hour, Start + 2 * Hour, 20_000).Concat(Times(Start + 26 * Hour, Start + 27 * Hour, 20_000)).ToList();
        await AppendAsync(Host, early);
        await _store.Upkeep.CompactAsync(After(Start + 27 * Hour), default);
        var late = Times(Start, Start + 3 * Hour, 7_000).Concat(Times(Start + 26 * Hour + 10_000, Start + 27 * Hour, 20_000)).Except(early).ToList();
        await AppendAsync(Host, late);
        List<long> all = [.. early, .. late];
        await AssertAllAsync(Host, all);

        await _store.Upkeep.CompactAsync(After(Start + 27 * Hour), default);

        await AssertAllAsync(Host, all);
    }

    [SuiteFact]
    public async Task WhatIsThereAlready_IsARepeat_WhereverItIs()
    {
        var times = Times(Start, Start + 2 * Hour, 60_000).ToList();
        await AppendAsync(Host, times[..90]);
        await _store.Upkeep.CompactAsync(After(Start), default);
        await AppendAsync(Host, times[90..]);

        var accepted = await _store.Journal.AppendAsync(Host, [], [.. times.Append(Start + 30_000).Select(at => Row(at) with { Values = SampleRow.Encode([0], [-1]) })]);

        Assert.Equal(1, accepted);
        var samples = await _store.History.ReadSamplesAsync(Host, [0], Start, Start + 2 * Hour, default);
        Assert.Equal(times.Count + 1, samples.Times.Length);
        Assert.Equal([Start + 30_000], samples.Times.Where((_, i) => samples.Columns[0].Values[i] == -1));
    }

    [SuiteFact]
    public async Task ARange_IsCutToTheMillisecond_AcrossAllPlacesARowMayBeIn()
    {
        var times = Times(Start, Start + 4 * Hour, 60_000).ToList();
        await AppendAsync(Host, times[..60]);
        await _store.Upkeep.CompactAsync(After(Start), default);
        await AppendAsync(Host, times[60..]);
        await _store.Upkeep.CompactAsync(After(Start + Hour), default);

        foreach (var (from, to) in new[] { (Start + 60_000, Start + 3 * Hour + 60_000), (Start + 60_001, Start + 60_002), (Start + Hour, Start + 2 * Hour), (Start - Hour, Start), (Start, Start) })
        {
            var wanted = times.Where(at => at >= from && at < to).ToList();
            AssertSame(BlockOf(wanted), await _store.History.ReadSamplesAsync(Host, Ids, from, to, default));
            foreach (var tier in new[] { RollupTier.Minute, RollupTier.QuarterHour })
            {
                AssertSame(RollupBlocks.Slice(Rolled(tier, times), from, to), await _store.History.ReadRollupsAsync(Host, Ids, tier, from, to, default));
            }
        }
    }

    [SuiteFact]
    public async Task OnlyTheSeriesThatWereAskedFor_AreRead_ButAllTimes()
    {
        var times = Times(Start, Start + Hour, 1_000).ToList();
        await AppendAsync(Host, times);
        for (var round = 0; round < 2; round++)
        {
            var samples = await _store.History.ReadSamplesAsync(Host, [3, 99], Start, Start + Hour, default);
            var minutes = await _store.History.ReadRollupsAsync(Host, [3, 99], RollupTier.Minute, Start, Start + Hour, default);

            Assert.Equal(times, samples.Times);
            Assert.Contains(3, samples.Columns.Select(column => column.SeriesId));
            Assert.DoesNotContain(samples.Columns, column => column.SeriesId is not (3 or 99));
            Assert.Equal(60, minutes.Starts.Length);
            Assert.DoesNotContain(minutes.Columns, column => column.SeriesId is not (3 or 99));
            await _store.Upkeep.CompactAsync(After(Start), default);
        }
    }

    [SuiteFact]
    public async Task TheCatalogue_KnowsFromWhenToWhenASeriesHasValues()
    {
        await AppendAsync(Host, [Start + 7_000]);
        await AppendAsync(Host, [Start + 8_000, Start + 2 * Hour + 1_000]);
        for (var round = 0; round < 2; round++)
        {
            Assert.Equal(
                [
                    new StoredSeries(0, "cpu.percent", Start + 7_000, Start + 2 * Hour + 1_000),
                    new StoredSeries(1, "net.rx.bytes{nic=eth0}", Start + 7_000, Start + 2 * Hour + 1_000),
                    new StoredSeries(2, "disk.used.percent{mount=/}", Start + 7_000, Start + 2 * Hour + 1_000),
                ],
                (await _store.History.ReadSeriesAsync(Host, default)).Where(series => series.Id < 3));
            await _store.Upkeep.CompactAsync(After(Start + 2 * Hour), default);
        }

        Assert.Empty(await _store.History.ReadSeriesAsync(Other, default));
    }

    /// <summary>A restart of the server shows no hole in the live charts.</summary>
    [SuiteFact]
    public async Task TheTail_IsTheSame_BeforeCompactionAndAfter()
    {
        var times = Times(Start, Start + Hour, 5_000).ToList();
        await AppendAsync(Host, times);
        var before = await TailAsync();

        await _store.Upkeep.CompactAsync(After(Start), default);
        Assert.Equal(before, await TailAsync());
        await ReopenAsync();
        Assert.Equal(before, await TailAsync());

        Assert.Equal(181, before.Rows.Count);
    }

    [SuiteFact]
    public async Task Retention_TakesEachTierInItsTime()
    {
        var old = Times(Start, Start + 2 * Hour, 10_000).ToList();
        var recent = Times(Start + 48 * Hour, Start + 49 * Hour, 10_000).ToList();
        await AppendAsync(Host, [.. old, .. recent]);
        await _store.Upkeep.CompactAsync(After(Start + 49 * Hour), default);
        Assert.Equal(0, await _store.Upkeep.SweepAsync(Nothing, default));

        // The middle of the second hour: by whole hours.
        Assert.NotEqual(0, await _store.Upkeep.SweepAsync(new HistoryCutoffs(Start + 3 * Hour / 2, 0, 0), default));
        await AssertSamplesAsync(Host, [.. old.Where(at => at >= Start + Hour), .. recent]);
        await AssertRollupsAsync(Host, [.. old, .. recent]);

        Assert.NotEqual(0, await _store.Upkeep.SweepAsync(new HistoryCutoffs(Start + 24 * Hour, Start + Hour, 0), default));
        await AssertSamplesAsync(Host, recent);
        var kept = old.Where(at => at >= Start + Hour).Concat(recent);
        AssertSame(Rolled(RollupTier.Minute, kept), await _store.History.ReadRollupsAsync(Host, Ids, RollupTier.Minute, Start, Start + 50 * Hour, default));
        AssertSame(Rolled(RollupTier.QuarterHour, [.. old, .. recent]), await _store.History.ReadRollupsAsync(Host, Ids, RollupTier.QuarterHour, Start, Start + 50 * Hour, default));

        Assert.NotEqual(0, await _store.Upkeep.SweepAsync(new HistoryCutoffs(Start + 24 * Hour, Start + 24 * Hour, Start + 24 * Hour), default));
        await AssertAllAsync(Host, recent);
        Assert.Equal(0, await _store.Upkeep.SweepAsync(new HistoryCutoffs(Start + 24 * Hour, Start + 24 * Hour, Start + 24 * Hour), default));
    }

    /// <summary>It may have been silent for longer than anything is kept; how it was last heard is still known.</summary>
    [SuiteFact]
    public async Task ASilentHost_KeepsItsNewestRow_WithoutValues()
    {
        await AppendAsync(Host, [Start, Start + Hour, Start + Hour + 5_000]);
        await _store.Upkeep.CompactAsync(After(Start + Hour), default);
        var all = Start + 1_000 * Hour;

        await _store.Upkeep.SweepAsync(new HistoryCutoffs(all, all, all), default);
        await _store.Upkeep.SweepAsync(new HistoryCutoffs(all, all, all), default);

        var tail = await _store.Journal.ReadAllAsync(Host);
        Assert.Empty(tail.Rows);
        var (newest, wanted) = (tail.Newest!.Value, Row(Start + Hour + 5_000));
        Assert.Equal((wanted.At, wanted.Received, wanted.Sequence, wanted.IntervalMilliseconds), (newest.At, newest.Received, newest.Sequence, newest.IntervalMilliseconds));
        await AssertAllAsync(Host, []);
    }

    /// <summary>What is known of such an hour is more than what comes; only where nothing is known it counts.</summary>
    [SuiteFact]
    public async Task SamplesThatComeAfterTheirHoursWentOutOfKeeping_OnlyFillInRollups()
    {
        var times = Times(Start, Start + Hour / 2, 10_000).ToList();
        await AppendAsync(Host, times);
        await _store.Upkeep.CompactAsync(After(Start), default);
        await _store.Upkeep.SweepAsync(new HistoryCutoffs(Start + Hour, 0, 0), default);
        var late = Times(Start + Hour / 2, Start + Hour, 10_000).ToList();
        await AppendAsync(Host, [Start + 1_000, .. late]);
        await AssertRollupsAsync(Host, [.. times, .. late]);

        await _store.Upkeep.CompactAsync(After(Start), default);

        await AssertRollupsAsync(Host, [.. times, .. late]);
        await AssertSamplesAsync(Host, []);
    }

    [SuiteFact]
    public async Task ADeletedHost_LeavesNothing_AndOthersStay()
    {
        var times = Times(Start, Start + 3 * Hour, 60_000).ToList();
        foreach (var host in new[] { Host, Other }) await AppendAsync(host, times[..120]);
        await _store.Upkeep.CompactAsync(After(Start + 2 * Hour), default);
        foreach (var host in new[] { Host, Other }) await AppendAsync(host, times[120..]);

        await DeleteAsync(Host);
        await AssertAllAsync(Host, []);
        Assert.Empty(await _store.History.ReadSeriesAsync(Host, default));

        await _store.Upkeep.CompactAsync(After(Start + 3 * Hour), default);
        await AssertAllAsync(Host, []);
        await AssertAllAsync(Other, times);
        await DeleteAsync(Other);
        var size = await _store.Upkeep.MeasureAsync(default);
        Assert.Equal((0, 0, 0, 0), (size.SampleBytes, size.MinuteBytes, size.QuarterHourBytes, size.Waiting));
    }

    [SuiteFact]
    public async Task AHostThatIsDeletedDuringCompaction_DoesNotComeBack()
    {
        var times = Times(Start, Start + 3 * Hour, 60_000).ToList();
        for (long host = 1; host <= 40; host++) await AppendAsync(host, times);

        var compaction = _store.Upkeep.CompactAsync(After(Start + 3 * Hour), default);
        for (long host = 1; host <= 40; host += 3) await DeleteAsync(host);
        await compaction.Soon("the compaction");
        await _store.Upkeep.CompactAsync(After(Start + 3 * Hour), default);

        for (long host = 1; host <= 40; host++) await AssertAllAsync(host, host % 3 == 1 ? [] : times);
    }

    [SuiteFact]
    public async Task WhenNoServerWasThere_IsKnown_ButNotBeforeTheFirst()
    {
        Assert.Empty(await _store.History.ReadAwayAsync(0, long.MaxValue, default));
        foreach (var seconds in new[] { 0, 10, 20, 45, 100, 110, 300 }) await _store.Upkeep.NoteAliveAsync(Time(Start + seconds * 1_000));
        await ReopenAsync();
        foreach (var seconds in new[] { 320, 290, 330 }) await _store.Upkeep.NoteAliveAsync(Time(Start + seconds * 1_000));

        Assert.Equal([new TimeRange(Start + 45_000, Start + 100_000), new TimeRange(Start + 110_000, Start + 300_000)], await _store.History.ReadAwayAsync(Start - Hour, Start + Hour, default));
        Assert.Equal([new TimeRange(Start + 50_000, Start + 60_000)], await _store.History.ReadAwayAsync(Start + 50_000, Start + 60_000, default));
        Assert.Empty(await _store.History.ReadAwayAsync(Start + 100_000, Start + 110_000, default));
    }

    [SuiteFact]
    public async Task Sizes_TellWhatIsWhere()
    {
        var times = Times(Start, Start + 2 * Hour, 5_000).ToList();
        await AppendAsync(Host, times);
        var before = await _store.Upkeep.MeasureAsync(default);
        await _store.Upkeep.CompactAsync(After(Start + 2 * Hour), default);
        var after = await _store.Upkeep.MeasureAsync(default);

        Assert.True(before.JournalBytes > 0 && before.SampleBytes == 0, $"{before}");
        Assert.True(after is { SampleBytes: > 0, MinuteBytes: > 0, QuarterHourBytes: > 0, Waiting: 0 } && after.JournalBytes < before.JournalBytes, $"{after}");
        Assert.True(after.TotalBytes >= after.SampleBytes + after.MinuteBytes + after.QuarterHourBytes, $"{after}");
    }

    [SuiteFact]
    public async Task ACancelledCompaction_Ends_AndLeavesEverything()
    {
        var times = Times(Start, Start + 2 * Hour, 60_000).ToList();
        await AppendAsync(Host, times);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _store.Upkeep.CompactAsync(After(Start + 2 * Hour), new CancellationToken(canceled: true)));

        await AssertAllAsync(Host, times);
    }

    private async Task AppendAsync(long host, IReadOnlyList<long> times)
    {
        var known = (await _store.Journal.ReadTailAsync(host, TimeSpan.Zero, 0, default)).Series.Count > 0;
        foreach (var rows in times.Chunk(256))
        {
            Assert.Equal(rows.Length, await _store.Journal.AppendAsync(host, known ? [] : Series, [.. rows.Select(Row)]).Soon("an append"));
            known = true;
        }
    }

    private async Task DeleteAsync(long host)
    {
        for (var calls = 0; !await _store.Journal.DeleteAsync(host).Soon("a slice"); calls++) Assert.InRange(calls, 0, 100);
    }

    private async Task ReopenAsync()
    {
        await _store.Close();
        _store = await _place.OpenAsync();
    }

    private Task AssertAllAsync(long host, IReadOnlyList<long> times) => HistoryRows.AssertAllAsync(_store.History, host, times);

    private Task AssertSamplesAsync(long host, IReadOnlyList<long> times) => HistoryRows.AssertSamplesAsync(_store.History, host, times);

    private Task AssertRollupsAsync(long host, IReadOnlyList<long> times) => HistoryRows.AssertRollupsAsync(_store.History, host, times);

    private async Task<Tail> TailAsync()
    {
        var tail = await _store.Journal.ReadTailAsync(Host, TimeSpan.FromMinutes(15), 1_000, default);
        var newest = tail.Newest!.Value;
        return new Tail(
            [.. tail.Rows.Select(row => $"{row.At} {row.IntervalMilliseconds} {string.Join(' ', ValuesOf(row))}")], string.Join(' ', tail.Series), (newest.At, newest.Received, newest.Sequence, newest.IntervalMilliseconds));
    }

    private static List<(int, double)> ValuesOf(JournalRow row)
    {
        var values = new List<(int, double)>();
        SampleRow.Decode(row.Values, (id, value) => values.Add((id, value)));
        return values;
    }

    private sealed record Tail(List<string> Rows, string Series, (long, long, long, int) Newest)
    {
        public bool Equals(Tail? other) => other is not null && Rows.SequenceEqual(other.Rows) && (Series, Newest) == (other.Series, other.Newest);

        public override int GetHashCode() => Newest.GetHashCode();
    }
}
