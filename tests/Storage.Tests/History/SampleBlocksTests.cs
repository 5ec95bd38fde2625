using FsCheck;
using FsCheck.Fluent;
using StatusMonitor.Storage.History;
using StatusMonitor.Storage.Samples;

namespace StatusMonitor.Storage.Tests.History;

public sealed class SampleBlocksTests
{
    [Fact]
    public void RowsInAnyOrder_AreTheBlockTheyCameFrom() => Prop.ForAll(AnyBlock.Any.ToArbitrary(), AnyBlock.Seeded(random => random).ToArbitrary(), (block, random) =>
    {
        var rows = Rows(block);
        // Repeats that come later do not count.
        rows.AddRange([.. rows.Where(_ => random.Next(4) == 0).Select(row => row with { IntervalMilliseconds = 1, Values = SampleRow.Encode([99], [1]) })]);
        var withoutUnused = block with { Columns = [.. block.Columns.Where(column => column.Values.Any(value => !double.IsNaN(value)))] };
        var shuffled = rows.Index().OrderBy(row => row.Item.IntervalMilliseconds == 1).ThenBy(_ => random.Next()).Select(row => row.Item).ToList();
        return AnyBlock.AreSame(withoutUnused, SampleBlocks.Of(shuffled));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void ADamagedRow_IsRefused() => Assert.Throws<InvalidDataException>(() => SampleBlocks.Of([new JournalRow(0, 0, 0, 0, [9])]));

    [Fact]
    public void Merged_EachTimeIsOfTheFirstBlockThatHasIt() => Prop.ForAll(AnyBlock.Pieces.ToArbitrary(), pieces =>
    {
        var merged = SampleBlocks.Merge(pieces);
        return merged.Times.SequenceEqual(pieces.SelectMany(piece => piece.Times).Distinct().Order())
            && merged.Columns.Select(column => column.SeriesId).SequenceEqual(pieces.SelectMany(piece => piece.Columns).Select(column => column.SeriesId).Distinct().Order())
            && merged.Times.Index().All(time =>
            {
                var first = pieces.First(piece => piece.Times.Contains(time.Item));
                var index = first.Times.IndexOf(time.Item);
                return merged.Intervals[time.Index] == first.Intervals[index]
                    && merged.Columns.All(column => AnyBlock.IsSame(column.Values[time.Index], ValueOf(first, column.SeriesId, index)));
            });
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void Merging_IsAssociativeAndRepeatable() => Prop.ForAll(AnyBlock.Pieces.ToArbitrary(), pieces =>
    {
        var merged = SampleBlocks.Merge(pieces);
        var byTwo = pieces.Aggregate((a, b) => SampleBlocks.Merge([a, b]));
        var fromBehind = pieces.Reverse().Aggregate((b, a) => SampleBlocks.Merge([a, b]));
        return AnyBlock.AreSame(merged, byTwo) && AnyBlock.AreSame(merged, fromBehind)
            && AnyBlock.AreSame(merged, SampleBlocks.Merge([merged, merged])) && AnyBlock.AreSame(merged, SampleBlocks.Merge([merged, .. pieces]));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void NothingMerged_IsEmpty() => Assert.True(AnyBlock.AreSame(SampleBlock.Empty, SampleBlocks.Merge([])));

    [Fact]
    public void ASlice_IsWhatLiesInItsRange() => Prop.ForAll(AnyBlock.Any.ToArbitrary(), AnyBlock.Seeded(random => random).ToArbitrary(), (block, random) =>
    {
        var from = block.Times.IsEmpty || random.Next(4) == 0 ? AnyBlock.Hour + random.Next(4_000_000) : block.Times[random.Next(block.Times.Length)];
        var to = from + random.Next(-10, 3_000_000);
        int[] kept = [.. Enumerable.Range(0, block.Times.Length).Where(i => block.Times[i] >= from && block.Times[i] < to)];
        var expected = new SampleBlock(
            [.. kept.Select(i => block.Times[i])], [.. kept.Select(i => block.Intervals[i])], [.. block.Columns.Select(column => column with { Values = [.. kept.Select(i => column.Values[i])] })]);
        return AnyBlock.AreSame(expected, SampleBlocks.Slice(block, from, to));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    private static List<JournalRow> Rows(SampleBlock block) =>
    [
        .. block.Times.Select((at, i) =>
        {
            var columns = block.Columns.Where(column => !double.IsNaN(column.Values[i])).ToList();
            return new JournalRow(at, at, i, block.Intervals[i], SampleRow.Encode([.. columns.Select(column => column.SeriesId)], [.. columns.Select(column => column.Values[i])]));
        }),
    ];

    private static double ValueOf(SampleBlock block, int seriesId, int index) =>
        block.Columns.FirstOrDefault(column => column.SeriesId == seriesId) is { Values.IsDefault: false } column ? column.Values[index] : double.NaN;
}
