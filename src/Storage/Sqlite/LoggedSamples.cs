using System.Collections.Immutable;
using StatusMonitor.Storage.History;

namespace StatusMonitor.Storage.Sqlite;

/// <summary>Rows of the logs as blocks of samples.</summary>
internal static class LoggedSamples
{
    /// <summary>The rows of one host within a range as a block for each hour, ascending. A damaged one, which nobody could read any more, is left out and told.</summary>
    public static List<SampleBlock> Of(IEnumerable<JournalRow> rows, long from, long to, Action<JournalRow>? onDamaged = null) =>
        [.. rows.Where(row => row.At >= from && row.At < to).GroupBy(row => Hours.Of(row.At)).OrderBy(hour => hour.Key)
            .Select(hour => Read([.. hour], onDamaged)).Where(block => block.Times.Length > 0)];

    /// <summary>The samples with these series alone.</summary>
    public static SampleBlock Only(this SampleBlock block, ImmutableArray<int> seriesIds) =>
        block with { Columns = [.. block.Columns.Where(column => seriesIds.BinarySearch(column.SeriesId) >= 0)] };

    private static SampleBlock Read(List<JournalRow> rows, Action<JournalRow>? onDamaged)
    {
        try
        {
            return SampleBlocks.Of(rows);
        }
        catch (InvalidDataException)
        {
            rows.RemoveAll(row =>
            {
                try
                {
                    SampleBlocks.Of([row]);
                    return false;
                }
                catch (InvalidDataException)
                {
                    onDamaged?.Invoke(row);
                    return true;
                }
            });
            return SampleBlocks.Of(rows);
        }
    }
}
