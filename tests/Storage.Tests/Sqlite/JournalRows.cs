using StatusMonitor.Storage.Samples;
using StatusMonitor.Storage.Sqlite;
using StatusMonitor.Storage.Tests.Support;

namespace StatusMonitor.Storage.Tests.Sqlite;

/// <summary>Rows as a host writes them.</summary>
internal static class JournalRows
{
    public static readonly SeriesEntry[] NoSeries = [];

    /// <summary>The row of a moment, whose content tells which it is.</summary>
    public static JournalRow At(long at, double value = 0.5) => new(at, at + 7, at / 1_000, 5_000, SampleRow.Encode([0], [value]));

    public static double ValueOf(JournalRow row)
    {
        var found = double.NaN;
        SampleRow.Decode(row.Values, (_, value) => found = value);
        return found;
    }

    /// <summary>Ends when the log that is being moved into the chunks, if one is, is there.</summary>
    public static Task MovedAsync(this SqliteSampleJournal journal) => journal.MoveBeforeAsync(long.MinValue, CancellationToken.None).Soon("the move");

    public static Task<JournalTail> ReadAllAsync(this ISampleJournal journal, long hostId) =>
        journal.ReadTailAsync(hostId, TimeSpan.MaxValue, int.MaxValue, CancellationToken.None);

    public static async Task<List<long>> TimesAsync(this ISampleJournal journal, long hostId) => [.. (await journal.ReadAllAsync(hostId)).Rows.Select(row => row.At)];
}
