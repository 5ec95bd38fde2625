using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StatusMonitor.Storage.History;
using StatusMonitor.Storage.Sqlite;
using StatusMonitor.Storage.Tests.Support;
using static StatusMonitor.Storage.Tests.History.HistoryRows;

namespace StatusMonitor.Storage.Tests.Sqlite;

/// <summary>A server that is killed in the middle of what it does for the history, and databases of before there were chunks.</summary>
public sealed class SqliteHistoryCrashTests : IDisposable
{
    private const int Hosts = 100;

    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Between any two transactions of the move out of a log and of the compaction.</summary>
    [Fact]
    public async Task KilledAnywhere_CompactionComesToTheSameEnd()
    {
        // The last hour of four is among them, so that those are put together, and then anew.
        var times = Times(Start + Hour, Start + 4 * Hour, 90_000).ToList();
        var late = Times(Start + Hour + 30_000, Start + 3 * Hour, 300_000).ToList();
        var crashes = new List<DataFolder>();
        string expected;
        using (var store = Open(_folder))
        {
            var journal = new SqliteSampleJournal(store);
            for (var host = 1; host <= Hosts; host++) await journal.AppendAsync(host, Series, [.. times.Select(Row)]);
            using var upkeep = Upkeep(store, journal);
            await upkeep.CompactAsync(After(Start + Hour), default);
            for (var host = 1; host <= Hosts; host++) await journal.AppendAsync(host, [], [.. late.Select(Row)]);

            var compaction = upkeep.CompactAsync(After(Start + 4 * Hour), default);
            while (!compaction.IsCompleted)
            {
                var pause = await HeldWrite.HoldAsync(store);
                if (crashes.Count < 40) crashes.Add(_folder.CopyAsAfterACrash());
                await pause.ReleaseAsync();
            }

            Assert.Equal(3 * Hosts, (await compaction).Hours);
            expected = Contents(_folder);
        }

        var waiting = new List<long>();
        foreach (var crash in crashes)
        {
            using (crash)
            {
                waiting.Add(crash.Execute("select count(*) from chunks where part > 0"));
                using (var store = Open(crash))
                {
                    var journal = new SqliteSampleJournal(store);
                    var history = new SqliteHistory(store, journal);
                    foreach (var host in new[] { 1, 50, Hosts }) await AssertAllAsync(history, host, [.. times, .. late]);
                    using var upkeep = Upkeep(store, journal);
                    await upkeep.CompactAsync(After(Start + 4 * Hour), default);
                }

                Assert.Equal(expected, Contents(crash));
            }
        }

        Assert.True(waiting.Exists(count => count is > 0 and < 3 * Hosts), $"No crash was in the middle: {string.Join(' ', waiting)}");
    }

    /// <summary>The moment that a race would have to hit: read, then deleted or added to, then written.</summary>
    [Fact]
    public async Task WhatBecomesOfAnHourBetweenReadingAndWriting_Holds()
    {
        var times = Times(Start, Start + Hour, 60_000).ToList();
        using var store = Open(_folder);
        var journal = new SqliteSampleJournal(store);
        foreach (var host in new[] { 7, 8 }) await journal.AppendAsync(host, Series, [.. times.Select(Row)]);
        await journal.MoveBeforeAsync(long.MaxValue, default).Soon("the move");
        var hours = await store.ReadAsync(connection => SqliteCompaction.ReadWaiting(connection, long.MaxValue, []), default);
        var compacted = CompactedHost.Of(hours, _ => Assert.Fail("An hour is damaged."));

        while (!await journal.DeleteAsync(7).Soon("a slice"))
        {
        }

        await journal.AppendAsync(8, [], [Row(Start + 30_000)]);
        await journal.MoveBeforeAsync(long.MaxValue, default).Soon("the second move");
        Assert.Equal(1, (await new SqliteCompaction(store).WriteAsync(compacted).Soon("the write")).Hours);

        Assert.Equal(0, _folder.Execute("select count(*) from chunks where host_id = 7") + _folder.Execute("select count(*) from days where host_id = 7"));
        Assert.Equal(1, _folder.Execute("select count(*) from chunks where host_id = 8 and part > 0"));
        await AssertAllAsync(new SqliteHistory(store, journal), 8, [.. times, Start + 30_000]);
    }

    /// <summary>One host is as a database from before has it, without gauges of four hours; of the other nothing but those is left.</summary>
    [Fact]
    public async Task GaugesOfFourHours_StandForMinutes_AndNeedNotBeThere()
    {
        var times = Times(Start, Start + 5 * Hour, 60_000).ToList();
        using var store = Open(_folder);
        var journal = new SqliteSampleJournal(store);
        foreach (var host in new[] { 7, 8 }) await journal.AppendAsync(host, Series, [.. times.Select(Row)]);
        using var upkeep = Upkeep(store, journal);
        await upkeep.CompactAsync(After(Start + 5 * Hour), default);
        Assert.Equal(2, _folder.Execute("select count(*) from gauges"));

        _folder.Execute("delete from gauges where host_id = 7");
        _folder.Execute("update chunks set minutes = null where host_id = 8");

        var history = new SqliteHistory(store, journal);
        await AssertAllAsync(history, 7, times);
        await AssertGaugesAsync(history, 8, times, [0, 2, 3], new TimeRange(Start + 300_000, Start + 4 * Hour), 300_000);
    }

    /// <summary>The disk has lost a bit of it: that hour cannot be read, and everything else goes on.</summary>
    [Fact]
    public async Task ADamagedHour_HoldsUpNothingElse()
    {
        var times = Times(Start, Start + 2 * Hour, 60_000).ToList();
        using var store = Open(_folder);
        var journal = new SqliteSampleJournal(store);
        using var upkeep = Upkeep(store, journal);
        var history = new SqliteHistory(store, journal);
        foreach (var host in new[] { 7, 8 }) await journal.AppendAsync(host, Series, [.. times.Select(Row)]);
        await upkeep.CompactAsync(After(Start + 2 * Hour), default);
        await SqlWrite.RunAsync(store, $"update chunks set samples = substr(samples, 1, length(samples) - 1) || x'00' where host_id = 7 and hour = {(Start / Hour) + 1}");

        Assert.Equal(1, await journal.AppendAsync(7, [], [Row(Start + Hour + 30_000)]).Soon("late data of the damaged hour"));
        Assert.Equal(1, await journal.AppendAsync(8, [], [Row(Start + Hour + 30_000)]));
        Assert.Equal(1, (await upkeep.CompactAsync(After(Start + 2 * Hour), default).Soon("the compaction")).Hours);
        Assert.Equal(default, await upkeep.CompactAsync(After(Start + 2 * Hour), default).Soon("the next compaction"));

        await AssertAllAsync(history, 8, [.. times, Start + Hour + 30_000]);
        AssertSame(BlockOf(times[..60]), await history.ReadSamplesAsync(7, Ids, Start, Start + Hour, default));
        await Assert.ThrowsAsync<StorageFailedException>(() => history.ReadSamplesAsync(7, Ids, Start, Start + 2 * Hour, default));
        Assert.Equal(61, (await journal.ReadAllAsync(7)).Rows.Count);
    }

    /// <summary>However it was kept before: in the clustered journal, in a log, or in both after a crash.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RowsOfAnEarlierVersion_BecomeChunks(bool isKilledBetween)
    {
        var times = Times(Start, Start + 30 * Hour, 10_000).ToList();
        Open(_folder).Dispose();
        using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={_folder.Database};Pooling=False"))
        {
            connection.Open();
            using var transaction = connection.BeginTransaction();
            foreach (var series in Series) Insert("series (host_id, series_id, name)", 7, series.Id, series.Name);
            foreach (var row in times.Select(Row)) Insert("journal", 7, row.At, row.Received, row.Sequence, row.IntervalMilliseconds, row.Values);
            foreach (var row in times.TakeLast(100).Select(Row)) Insert("journal_log_1", 7, row.At, row.Received, row.Sequence, row.IntervalMilliseconds, row.Values);
            Insert("journal", 9, Row(Start).At, 1, 1, 5_000, Row(Start).Values);
            transaction.Commit();

            void Insert(string table, params object[] values)
            {
                using var command = connection.CreateCommand();
                command.CommandText = $"insert into {table} values ({string.Join(',', values.Select((_, i) => $"${i}"))})";
                for (var i = 0; i < values.Length; i++) command.Parameters.AddWithValue($"${i}", values[i]);
                command.ExecuteNonQuery();
            }
        }

        using var folder = isKilledBetween ? await KillDuringConversionAsync() : _folder.CopyAsAfterACrash();
        using var store = Open(folder);
        var journal = new SqliteSampleJournal(store);
        Assert.Equal(0, folder.Execute("select count(*) from journal"));
        var history = new SqliteHistory(store, journal);
        await AssertAllAsync(history, 7, times);
        Assert.Equal((times[^1], Row(times[^1]).Sequence), ((await journal.ReadAllAsync(7)).Newest!.Value.At, (await journal.ReadAllAsync(7)).Newest!.Value.Sequence));
        Assert.Equal(0, await journal.AppendAsync(7, [], [Row(times[5]), Row(times[^1])]));
        using var upkeep = Upkeep(store, journal);
        await upkeep.CompactAsync(After(Start + 30 * Hour), default);
        await AssertAllAsync(history, 7, times);
        await AssertSamplesAsync(history, 9, [Start]);
    }

    private async Task<DataFolder> KillDuringConversionAsync()
    {
        using var store = Open(_folder);
        var first = await HeldWrite.HoldAsync(store);
        var conversion = Task.Run(() => new SqliteSampleJournal(store));
        DataFolder copy;
        long left;
        do
        {
            var next = new HeldWrite();
            store.Enqueue(next);
            first.Release();
            await next.Begun.Soon("the next write");
            left = _folder.Execute("select count(*) from journal");
            copy = _folder.CopyAsAfterACrash();
            first = next;
            if (left is 10_801 or 0) copy.Dispose();
        }
        while (left == 10_801);

        first.Release();
        await conversion.Soon("the conversion");
        Assert.InRange(left, 1, 10_800);
        return copy;
    }

    private static SqliteStore Open(DataFolder folder) => folder.Open(options => (options.LogRows, options.CheckpointPages) = (5_000, 1_000_000));

    private static SqliteHistoryUpkeep Upkeep(SqliteStore store, SqliteSampleJournal journal) =>
        new(store, journal, Options.Create(new HistoryOptions()), NullLogger<SqliteHistoryUpkeep>.Instance);

    /// <summary>All chunks and days, without what depends on when they were written.</summary>
    private static string Contents(DataFolder folder)
    {
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={folder.Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = """
            select host_id, hour, part, from_at, to_at, count, last_seq, last_received, last_interval, hex(minutes), hex(samples) from chunks
            union all select host_id, day, 0, 0, 0, 0, 0, 0, 0, hex(data), '' from days
            union all select host_id, four, 1, 0, 0, 0, 0, 0, 0, hex(data), '' from gauges
            union all select host_id, series_id, 0, first_at, last_at, 0, 0, 0, 0, name, '' from series
            union all select 0, pieces, piece_bytes, sample_bytes, minute_bytes, quarter_bytes, 0, 0, 0, '', '' from history_size
            order by 1, 2, 3, 4, 5, 6, 10
            """;
        using var reader = command.ExecuteReader();
        var text = new System.Text.StringBuilder();
        while (reader.Read())
        {
            for (var i = 0; i < reader.FieldCount; i++) text.Append(reader.IsDBNull(i) ? "null" : reader.GetString(i)).Append(' ');
            text.AppendLine();
        }

        return text.ToString();
    }
}
