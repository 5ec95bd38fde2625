using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StatusMonitor.Storage.History;
using StatusMonitor.Storage.Migration;
using StatusMonitor.Storage.Samples;
using StatusMonitor.Storage.Sqlite;
using StatusMonitor.Storage.Tests.History;
using StatusMonitor.Storage.Tests.Support;

namespace StatusMonitor.Storage.Tests.Migration;

/// <summary>A data folder with rows in every table, and with history in every state that a server leaves it in.</summary>
internal static class FilledFolder
{
    public const long Hour = HistoryRows.Hour, Start = HistoryRows.Start;

    /// <summary>Hosts that have reported; the last has no series.</summary>
    public static readonly long[] Hosts = [1, 2, 3, 70_000, 9];

    /// <param name="folder">An empty folder.</param>
    /// <param name="rows">Rows of each table whose rows are taken over as they are.</param>
    public static async Task FillAsync(this DataFolder folder, int rows = 20)
    {
        using (var store = folder.Open(options => options.LogRows = 150))
        {
            var journal = new SqliteSampleJournal(store);
            using var upkeep = new SqliteHistoryUpkeep(store, journal, Options.Create(new HistoryOptions()), NullLogger<SqliteHistoryUpkeep>.Instance);

            // Compacted; the first hours without their samples.
            await journal.AppendAsync(1, HistoryRows.Series, HistoryRows.Rows(Start - 26 * Hour, Start - 24 * Hour, 60_000));
            foreach (var host in Hosts[..4])
            {
                await journal.AppendAsync(host, host == 1 ? [] : HistoryRows.Series, HistoryRows.Rows(Start + host % 7 * 1_000, Start + 2 * Hour, 30_000));
            }

            await upkeep.CompactAsync(HistoryRows.After(Start + 2 * Hour), default);
            await upkeep.SweepAsync(new HistoryCutoffs(Start - 20 * Hour, long.MinValue, long.MinValue), default);

            // Late for the first hour; then an hour that is under way, in pieces and in the logs; host 3 with a series more, host 9 without any.
            await journal.AppendAsync(2, [], HistoryRows.Rows(Start + 500, Start + Hour, 400_000));
            await journal.AppendAsync(3, [new SeriesEntry(4, "load.1")], [.. HistoryRows.Times(Start + 3 * Hour, Start + 3 * Hour + 1_800_000, 5_000).Select(at => new JournalRow(at, at + 9, at, 5_000, SampleRow.Encode([0, 4], [1.5, at % 77])))]);
            await journal.MoveBeforeAsync(long.MaxValue, default);
            await journal.AppendAsync(3, [], HistoryRows.Rows(Start + 3 * Hour + 1_800_000, Start + 4 * Hour, 20_000));
            await journal.AppendAsync(70_000, [], HistoryRows.Rows(Start + 3 * Hour, Start + 3 * Hour + 100_000, 20_000));
            await journal.AppendAsync(9, [], [new JournalRow(Start, Start + 2, 5, 10_000, SampleRow.Encode([], []))]);
        }

        foreach (var table in MigrationTables.Plain) folder.FillPlain(table, rows);
        folder.Execute("update sqlite_sequence set seq = seq + 1000 where name = 'audit'");
    }

    /// <summary>What a store answers about all hosts, as text.</summary>
    public static async Task<List<string>> AnswersAsync(ISampleJournal journal, IHistory history)
    {
        var (from, to) = (Start - 100 * Hour, Start + 100 * Hour);
        var answers = new List<string>();
        foreach (var host in Hosts)
        {
            ImmutableArray<int> ids = [0, 1, 2, 3, 4];
            answers.AddRange((await history.ReadSeriesAsync(host, default)).Select(series => $"{host} {series}"));
            var samples = await history.ReadSamplesAsync(host, ids, from, to, default);
            answers.Add($"{host} times {string.Join(' ', samples.Times)}; {string.Join(' ', samples.Intervals)}");
            answers.AddRange(samples.Columns.Where(column => column.Values.Any(value => !double.IsNaN(value))).Select(column => $"{host} values {column.SeriesId} {string.Join(' ', column.Values)}"));
            foreach (var tier in new[] { RollupTier.Minute, RollupTier.QuarterHour })
            {
                var rollups = await history.ReadRollupsAsync(host, ids, tier, from, to, default);
                answers.Add($"{host} {tier} {string.Join(' ', rollups.Starts)}; {string.Join(' ', rollups.FirstAt)}; {string.Join(' ', rollups.LastAt)}");
                answers.AddRange(rollups.Columns.Where(column => column.Points.Any(point => point.Count > 0)).Select(column => $"{host} {tier} {column.SeriesId} {string.Join(' ', column.Points)}"));
            }

            var tail = await journal.ReadTailAsync(host, TimeSpan.FromHours(2), 1_000, default);
            answers.AddRange(tail.Series.Select(series => $"{host} {series}"));
            answers.Add($"{host} newest {tail.Newest?.At} {tail.Newest?.Received} {tail.Newest?.Sequence} {tail.Newest?.IntervalMilliseconds}");
            answers.AddRange(tail.Rows.Select(row => $"{host} row {row.At} {row.IntervalMilliseconds} {Convert.ToHexString(row.Values)}"));
        }

        answers.Add(string.Join(' ', await history.ReadAwayAsync(long.MinValue, long.MaxValue, default)));
        return answers;
    }

    /// <summary>What SQLite answers.</summary>
    public static async Task<List<string>> AnswersAsync(this DataFolder folder)
    {
        using var store = folder.Open();
        var journal = new SqliteSampleJournal(store);
        return await AnswersAsync(journal, new SqliteHistory(store, journal));
    }

    /// <summary>Columns of a table.</summary>
    public static List<(string Name, string Type, bool IsNeeded)> Columns(this DataFolder folder, string table) =>
        folder.Query($"select name, type, \"notnull\" from pragma_table_info('{table}')", row => (row.GetString(0), row.GetString(1).ToLowerInvariant(), row.GetBoolean(2)));

    public static List<T> Query<T>(this DataFolder folder, string sql, Func<SqliteDataReader, T> map)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = folder.Database, Pooling = false }.ToString());
        connection.Open();
        return connection.Rows(sql, [], map);
    }

    /// <summary>Rows with something in every column, and with nothing where that may be.</summary>
    public static void FillPlain(this DataFolder folder, PlainTable table, int rows)
    {
        var columns = folder.Columns(table.Name);
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = folder.Database, Pooling = false }.ToString());
        connection.Open();
        using var transaction = connection.BeginTransaction();
        for (var i = 1; i <= rows; i++)
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"insert into {table.Name} values ({string.Join(", ", columns.Select((_, n) => $"$v{n}"))})";
            foreach (var (column, n) in columns.Select((column, n) => (column, n))) command.Parameters.AddWithValue($"$v{n}", Value(column, i, table.Key.Contains(column.Name)));
            command.ExecuteNonQuery();
        }

        transaction.Commit();
    }

    private static object Value((string Name, string Type, bool IsNeeded) column, int i, bool isKey) => column switch
    {
        _ when !column.IsNeeded && !isKey && i % 3 == 0 => DBNull.Value,
        { Name: ['i', 's', '_', ..] or ['h', 'a', 's', '_', ..] } => i % 2,
        { Type: "real" } => i / 7.0,
        { Type: "blob" } => new[] { (byte)i, (byte)0, (byte)'x' },
        { Type: "text" } => $"{column.Name} ü {i}",
        { Name: "n" or "piece" or "severity" or "state" or "step" or "events" or "attempts" or "comments" or "pending" or "queued" } => i,
        { Name: "from_at" or "to_at" } => Start + i * 100_000L,
        _ => isKey ? i * 1_000_003L : 3_000_000_000L + i,
    };
}
