using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StatusMonitor.Storage.History;
using StatusMonitor.Storage.Postgres;
using StatusMonitor.Storage.Tests.Support;
using static StatusMonitor.Storage.Tests.History.HistoryRows;

namespace StatusMonitor.Storage.Tests.Postgres;

/// <summary>What is PostgreSQL's own about compaction: several servers, leases, and partitions that are dropped.</summary>
[NeedsPostgres]
public sealed class PostgresCompactionTests : IAsyncLifetime, IAsyncDisposable
{
    private readonly PostgresDatabase _database = new(nameof(PostgresCompactionTests));
    private readonly PostgresStore _store;
    private readonly PostgresSampleJournal _journal;
    private readonly PostgresHistory _history;
    private readonly PostgresHistoryUpkeep _upkeep;

    public PostgresCompactionTests()
    {
        _store = _database.Open(time: new FixedTime(Time(Start + 2 * Hour)));
        _journal = new PostgresSampleJournal(_store);
        _history = new PostgresHistory(_store);
        _upkeep = new PostgresHistoryUpkeep(_store, Options.Create(new HistoryOptions()), NullLogger<PostgresHistoryUpkeep>.Instance);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _upkeep.Dispose();
        await _journal.DisposeAsync();
        await _store.DisposeAsync();
    }

    async Task IAsyncLifetime.DisposeAsync() => await DisposeAsync();

    [SuiteFact]
    public async Task AFinishedHour_IsDropped_AndTheOneUnderWayIsNot()
    {
        await AppendAsync(1, [Start, Start + Hour, Start + 2 * Hour]);

        await _upkeep.CompactAsync(Time(Start + 2 * Hour).AddMinutes(6), default);

        Assert.Equal([(Start + 2 * Hour) / Hour, (Start + 3 * Hour) / Hour], await PartitionsAsync());
        Assert.Equal(1, _database.Count("select count(*) from statusmonitor.journal"));
        Assert.Equal(0, _database.Count("select count(*) from statusmonitor.compacted"));
        await AssertAllAsync(_history, 1, [Start, Start + Hour, Start + 2 * Hour]);
    }

    /// <summary>One host is as a database from before has it, without gauges of four hours; of the other nothing but those is left.</summary>
    [SuiteFact]
    public async Task GaugesOfFourHours_StandForMinutes_AndNeedNotBeThere()
    {
        var times = Times(Start, Start + 5 * Hour, 60_000).ToList();
        foreach (var host in new[] { 1L, 2L }) await AppendAsync(host, times);
        await _upkeep.CompactAsync(After(Start + 5 * Hour), default);
        Assert.Equal(2, _database.Count("select count(*) from statusmonitor.gauges"));

        _database.Execute("delete from statusmonitor.gauges where host_id = 1");
        _database.Execute("delete from statusmonitor.minutes where host_id = 2");

        await AssertAllAsync(_history, 1, times);
        await AssertGaugesAsync(_history, 2, times, [0, 2, 3], new TimeRange(Start + 300_000, Start + 4 * Hour), 300_000);
    }

    /// <summary>A row that comes between the last host and the drop keeps the partition; it is in its chunk the next time.</summary>
    [SuiteFact]
    public async Task APartitionThatARowCameInto_Stays_AndGoesTheNextTime()
    {
        var times = Times(Start, Start + Hour, 60_000).ToList();
        await AppendAsync(1, times);
        await AppendAsync(2, times);
        var leases = new Leases(_store);
        await leases.TakeAsync([HourCompaction.LeaseOf(1L), HourCompaction.LeaseOf(2L)], default);
        var compaction = new HourCompaction(_store, leases);
        foreach (var host in new[] { 1L, 2L }) Assert.Equal(times.Count, (await compaction.CompactAsync(host, Start / Hour, default)).Samples);
        await AppendAsync(2, [Start + 1_000]);

        await using (var connection = await _store.OpenAsync()) Assert.False(await _store.Partitions.TryDropAsync(connection, Start / Hour, default));
        await AssertAllAsync(_history, 1, times);
        await AssertAllAsync(_history, 2, [.. times, Start + 1_000]);
        await leases.ReleaseAsync([HourCompaction.LeaseOf(1L), HourCompaction.LeaseOf(2L)], default);

        // Only the host that has more.
        Assert.Equal(1, (await _upkeep.CompactAsync(After(Start), default)).Hours);
        Assert.DoesNotContain(Start / Hour, await PartitionsAsync());
        await AssertAllAsync(_history, 1, times);
        await AssertAllAsync(_history, 2, [.. times, Start + 1_000]);
    }

    [SuiteFact]
    public async Task TwoServersAtOnce_CompactEachHourOnce()
    {
        const int Hosts = 40;
        var times = Times(Start, Start + 2 * Hour, 60_000).ToList();
        for (var host = 1; host <= Hosts; host++) await AppendAsync(host, times);
        await using var store = _database.Open(time: _store.Time);
        using var other = new PostgresHistoryUpkeep(store, Options.Create(new HistoryOptions()), NullLogger<PostgresHistoryUpkeep>.Instance);

        var done = await Task.WhenAll(_upkeep.CompactAsync(After(Start + Hour), default), other.CompactAsync(After(Start + Hour), default)).Soon("the compactions");

        // Whose leases the other had then is done by the next turn.
        var rest = await _upkeep.CompactAsync(After(Start + Hour), default);
        Assert.Equal(2 * Hosts, done.Sum(result => result.Hours) + rest.Hours);
        Assert.Equal(0, _database.Count("select count(*) from statusmonitor.journal"));
        for (var host = 1; host <= Hosts; host++) await AssertAllAsync(_history, host, times);
    }

    [SuiteFact]
    public async Task ServersThatDied_HoldUpTheirPart_OnlyUntilTheirLeasesRunOut()
    {
        await AppendAsync(1, [Start]);
        await AppendAsync(2, [Start]);
        await new Leases(_store).TakeAsync([HourCompaction.LeaseOf(1L)], default);

        Assert.Equal(1, (await _upkeep.CompactAsync(After(Start), default)).Hours);
        await AssertAllAsync(_history, 1, [Start]);
        await AssertAllAsync(_history, 2, [Start]);
        Assert.Equal(1, _database.Count("select count(*) from statusmonitor.chunks where host_id = 2"));

        _database.Execute("update statusmonitor.leases set until = clock_timestamp()");
        Assert.Equal(1, (await _upkeep.CompactAsync(After(Start), default)).Hours);
        Assert.Equal(0, _database.Count("select count(*) from statusmonitor.journal"));
        await AssertAllAsync(_history, 1, [Start]);
    }

    /// <summary>A server that stood still for longer than its lease must not write over what another has done since.</summary>
    [SuiteFact]
    public async Task ALostLease_WritesNothing()
    {
        await AppendAsync(1, [Start]);
        var (lost, mine) = (new Leases(_store), new Leases(_store));
        await lost.TakeAsync([HourCompaction.LeaseOf(1L)], default);
        Assert.Empty(await mine.TakeAsync([HourCompaction.LeaseOf(1L)], default));
        _database.Execute("update statusmonitor.leases set until = clock_timestamp()");
        Assert.Single(await mine.TakeAsync([HourCompaction.LeaseOf(1L)], default));

        Assert.Equal(default, await new HourCompaction(_store, lost).CompactAsync(1, Start / Hour, default));
        Assert.Equal(0, _database.Count("select count(*) from statusmonitor.chunks"));
        Assert.Equal(1, (await new HourCompaction(_store, mine).CompactAsync(1, Start / Hour, default)).Hours);
    }

    /// <summary>Rows of two servers for the same time are one sample, that of the first.</summary>
    [SuiteFact]
    public async Task ATimeThatStandsTwiceInTheJournal_IsCompactedOnce()
    {
        await AppendAsync(1, [Start, Start + 5_000]);
        _database.Execute("insert into statusmonitor.journal select host_id, at, received + 1, seq, interval_ms, '\\x0100'::bytea from statusmonitor.journal");
        await AssertAllAsync(_history, 1, [Start, Start + 5_000]);

        Assert.Equal(2, (await _upkeep.CompactAsync(After(Start), default)).Samples);

        Assert.DoesNotContain(Start / Hour, await PartitionsAsync());
        await AssertAllAsync(_history, 1, [Start, Start + 5_000]);
    }

    /// <summary>Its clock is years ahead: what it sent is compacted when it has lain here for long enough, not in years.</summary>
    [SuiteFact]
    public async Task AHostWhoseClockIsAhead_IsCompactedByTheTimeOfReceipt()
    {
        var ahead = Start + 20_000 * Hour;
        var row = Row(ahead) with { Received = Start };
        await _journal.AppendAsync(1, Series, [row]);
        Assert.Equal(0, (await _upkeep.CompactAsync(Time(Start + 2 * Hour), default)).Hours);

        Assert.Equal(1, (await _upkeep.CompactAsync(Time(Start + 3 * Hour), default)).Hours);

        Assert.Equal(0, _database.Count("select count(*) from statusmonitor.journal"));
        AssertSame(BlockOf([ahead]), await _history.ReadSamplesAsync(1, Ids, ahead, ahead + 1, default));
    }

    [SuiteFact]
    public async Task WhoReadsDuringCompaction_NeverSeesAHole()
    {
        const int Hosts = 30;
        var times = Times(Start, Start + 2 * Hour, 30_000).ToList();
        for (var host = 1; host <= Hosts; host++) await AppendAsync(host, times);

        var compaction = Task.Run(() => _upkeep.CompactAsync(After(Start + Hour), default));
        var reads = 0;
        for (; !compaction.IsCompleted; reads++) await AssertAllAsync(_history, reads % Hosts + 1, times);

        Assert.Equal(2 * Hosts, (await compaction).Hours);
        Assert.True(reads > 0, "Nothing was read while it ran.");
        for (var host = 1; host <= Hosts; host++) await AssertAllAsync(_history, host, times);
    }

    /// <summary>Nobody can mend it here; the other hosts go on, and nothing of it is thrown away.</summary>
    [SuiteFact]
    public async Task AHostWhoseDataAreDamaged_HoldsUpNoOther()
    {
        foreach (var host in new[] { 1, 2, 3 }) await AppendAsync(host, [Start, Start + 5_000]);
        _database.Execute("update statusmonitor.journal set samples = '\\xff' where host_id = 2");

        Assert.Equal(2, (await _upkeep.CompactAsync(After(Start), default)).Hours);

        Assert.Equal(2, _database.Count("select count(*) from statusmonitor.journal where host_id = 2"));
        await Assert.ThrowsAsync<StorageFailedException>(() => _history.ReadSamplesAsync(2, Ids, Start, Start + Hour, default));
        foreach (var host in new[] { 1, 3 }) await AssertAllAsync(_history, host, [Start, Start + 5_000]);
    }

    [SuiteFact]
    public async Task Tables_TellTheirSize()
    {
        for (var host = 1; host <= 5; host++) await AppendAsync(host, [.. Times(Start, Start + Hour, 5_000)]);
        var before = await _upkeep.MeasureAsync(default);
        await _upkeep.CompactAsync(After(Start), default);
        var after = await _upkeep.MeasureAsync(default);

        Assert.True(before.JournalBytes > 5 * 720 * 40 && before.TotalBytes >= before.JournalBytes, $"{before}");
        Assert.True(after.SampleBytes > 0 && after.TotalBytes >= after.JournalBytes + after.SampleBytes + after.MinuteBytes + after.QuarterHourBytes, $"{after}");
        Assert.Equal(0, after.Waiting);
    }

    private async Task AppendAsync(long host, List<long> times)
    {
        var isNew = (await _journal.ReadTailAsync(host, TimeSpan.Zero, 0, default)).Series.Count == 0;
        Assert.Equal(times.Count, await _journal.AppendAsync(host, isNew ? Series : [], [.. times.Select(Row)]).Soon("an append"));
    }

    private async Task<List<long>> PartitionsAsync()
    {
        await using var connection = await _store.OpenAsync();
        return await JournalPartitions.ListAsync(connection, default);
    }
}
