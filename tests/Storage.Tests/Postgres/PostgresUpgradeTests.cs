using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using StatusMonitor.Storage.History;
using StatusMonitor.Storage.Postgres;
using StatusMonitor.Storage.Tests.Sqlite;
using StatusMonitor.Storage.Tests.Support;
using static StatusMonitor.Storage.Tests.History.HistoryRows;

namespace StatusMonitor.Storage.Tests.Postgres;

/// <summary>A database of an earlier version: what is in it is there afterwards, and goes on.</summary>
[NeedsPostgres]
public sealed class PostgresUpgradeTests
{
    private readonly PostgresDatabase _database = new(nameof(PostgresUpgradeTests));

    /// <summary>Schema 2 had a row for each series, and each hour and day in one value.</summary>
    [SuiteFact]
    public async Task AHistoryOfSchema2_IsTheSameAfterwards_AndGoesOn()
    {
        List<long> times = [.. Times(Start, Start + 3 * Hour, 5_000)];
        await MakeSchema2Async();
        await using (var connection = await ConnectAsync())
        {
            await FillAsync(connection, 1, times);
            await FillAsync(connection, 2, [Start]);

            // More than fits a page.
            var large = new SampleBlock([Start], [5_000], [.. Enumerable.Range(0, 4_000).Select(id => new SampleColumn(id, [Math.Sqrt(id)]))]);
            await ExecuteAsync(connection, "insert into statusmonitor.chunks values (4, $1, $2, $2, 5, $2, 5000, 1, $3)", Start / Hour, Start, ChunkCodec.Encode(large));

            // Silent for so long that nothing but its newest time is left, and a catalogue with a hole, which a failed append may have left.
            await ExecuteAsync(connection, "insert into statusmonitor.chunks values (3, $1, $2, $2, 5, $3, 5000, 1, null)", Start / Hour, Start, Start + 250);
            await ExecuteAsync(connection, "insert into statusmonitor.series values (3, 0, 'a'), (3, 1, 'b'), (3, 4, 'c')");
            await ExecuteAsync(connection, "insert into statusmonitor.series_times values (3, '{0,4}', '{10,20}', '{30,40}')");
        }

        await using var store = _database.Open(time: new FixedTime(After(Start + 3 * Hour)));
        await using var journal = new PostgresSampleJournal(store);
        using var upkeep = new PostgresHistoryUpkeep(store, Options.Create(new HistoryOptions()), NullLogger<PostgresHistoryUpkeep>.Instance);
        var history = new PostgresHistory(store);
        await AssertAllAsync(history, 1, times);
        await AssertAllAsync(history, 2, [Start]);
        Assert.Equal(SpansOf(times).Select(span => new StoredSeries(span.Id, Series[span.Id].Name, span.FirstAt, span.LastAt)), await history.ReadSeriesAsync(1, default));
        Assert.Equal([new StoredSeries(0, "a", 10, 30), new StoredSeries(4, "c", 20, 40)], await history.ReadSeriesAsync(3, default));
        Assert.Equal([new SeriesEntry(0, "a"), new SeriesEntry(1, "b"), new SeriesEntry(4, "c")], (await journal.ReadAllAsync(3)).Series);
        Assert.Equal((Start, Start + 250, 5), (await journal.ReadAllAsync(3)).Newest is { } silent ? (silent.At, silent.Received, silent.Sequence) : default);
        var (newest, expected) = ((await journal.ReadAllAsync(1)).Newest!.Value, Row(times[^1]));
        Assert.Equal(expected.Values, newest.Values);
        Assert.Equal(expected, newest with { Values = expected.Values });
        Assert.Equal(Math.Sqrt(3_999), (await history.ReadSamplesAsync(4, [3_999], Start, Start + 1, default)).Columns.Single().Values.Single());
        Assert.True(_database.Count("select max(piece)::bigint from statusmonitor.chunks") > 0, "Nothing was cut.");

        // What is known is a repeat, and what is not is merged into what was moved.
        Assert.Equal(1, await journal.AppendAsync(1, [], [Row(times[7]), Row(times[7] + 1)]));
        Assert.Equal(1, (await upkeep.CompactAsync(After(Start + 3 * Hour), default)).Hours);
        await AssertAllAsync(history, 1, [.. times.Append(times[7] + 1).Order()]);
    }

    private static async Task FillAsync(NpgsqlConnection connection, long host, List<long> times)
    {
        foreach (var series in Series) await ExecuteAsync(connection, "insert into statusmonitor.series values ($1, $2, $3)", host, series.Id, series.Name);
        foreach (var hour in times.GroupBy(at => at / Hour))
        {
            var newest = Row(hour.Last());
            await ExecuteAsync(
                connection, "insert into statusmonitor.chunks values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                host, hour.Key, hour.First(), hour.Last(), newest.Sequence, newest.Received, newest.IntervalMilliseconds, hour.Count(), ChunkCodec.Encode(BlockOf(hour)));
            await ExecuteAsync(connection, "insert into statusmonitor.minutes values ($1, $2, $3)", host, hour.Key, RollupCodec.Encode(Rolled(RollupTier.Minute, hour)));
        }

        await ExecuteAsync(connection, "insert into statusmonitor.days values ($1, $2, $3)", host, Start / Hour / 24, RollupCodec.Encode(Rolled(RollupTier.QuarterHour, times)));
        var spans = SpansOf(times);
        await ExecuteAsync(
            connection, "insert into statusmonitor.series_times values ($1, $2, $3, $4)",
            host, spans.ConvertAll(span => span.Id).ToArray(), spans.ConvertAll(span => span.FirstAt).ToArray(), spans.ConvertAll(span => span.LastAt).ToArray());
    }

    private static List<(int Id, long FirstAt, long LastAt)> SpansOf(List<long> times) =>
        [.. BlockOf(times).Columns.Select(column => (column.SeriesId, Times: times.Where((_, i) => !double.IsNaN(column.Values[i])).ToList())).Select(series => (series.SeriesId, series.Times[0], series.Times[^1]))];

    private async Task MakeSchema2Async()
    {
        await using var connection = await ConnectAsync();
        await ExecuteAsync(connection, "create schema statusmonitor");
        await ExecuteAsync(connection, "create table statusmonitor.schema_version as select 2 as version");
        foreach (var script in new[] { "0001_samples", "0002_audit" })
        {
            using var reader = new StreamReader(typeof(PostgresStore).Assembly.GetManifestResourceStream($"StatusMonitor.Storage.Postgres.Migrations.{script}.sql")!);
            await ExecuteAsync(connection, await reader.ReadToEndAsync());
        }
    }

    private async Task<NpgsqlConnection> ConnectAsync()
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_database.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        await command.ExecuteNonQueryAsync();
    }
}
