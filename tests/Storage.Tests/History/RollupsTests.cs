using FsCheck;
using FsCheck.Fluent;
using StatusMonitor.Storage.History;

namespace StatusMonitor.Storage.Tests.History;

public sealed class RollupsTests
{
    [Fact]
    public void Minutes_AreThoseFromScratch() => Prop.ForAll(AnyBlock.Decimals.ToArbitrary(), block =>
        AnyRollups.AreSame(NaiveRollups.Of(block, RollupTier.Minute, AnyBlock.IsCounter), Rollups.Minutes(block, AnyBlock.IsCounter))).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Fact]
    public void QuarterHoursOfMinutes_AreThoseFromScratch() => Prop.ForAll(AnyBlock.Decimals.ToArbitrary(), block =>
        AnyRollups.AreSame(NaiveRollups.Of(block, RollupTier.QuarterHour, AnyBlock.IsCounter), Rollups.QuarterHours(Rollups.Minutes(block, AnyBlock.IsCounter)))).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Fact]
    public void QuarterHoursOfAnyDoubles_AreThoseFromScratchButForTheLastBitsOfSums() => Prop.ForAll(AnyBlock.Any.ToArbitrary(), block =>
    {
        var magnitudes = block with { Columns = [.. block.Columns.Select(column => column with { Values = [.. column.Values.Select(Math.Abs)] })] };
        var bounds = Rollups.QuarterHours(Rollups.Minutes(magnitudes, _ => false));
        var gauges = Rollups.QuarterHours(Rollups.Minutes(block, _ => false));
        return block.Columns.Index().All(column => Enumerable.Range(0, gauges.Starts.Length).All(bucket =>
        {
            var values = block.Times.Zip(column.Item.Values).Where(value => Rollups.StartOf(RollupTier.QuarterHour, value.First) == gauges.Starts[bucket] && !double.IsNaN(value.Second)).Select(value => value.Second).ToList();
            var point = gauges.Columns[column.Index].Points[bucket];
            if (values.Count == 0) return point == default;
            var bound = bounds.Columns[column.Index].Points[bucket].Sum;
            return point.Count == values.Count && point.Min == values.Min() && point.Max == values.Max() && (!double.IsFinite(bound) || Math.Abs(point.Sum - values.Sum()) <= bound * 1e-12);
        }));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void ABucket_DependsOnNothingBesideIt() => Prop.ForAll(AnyBlock.Any.ToArbitrary(), block =>
    {
        var whole = Rollups.Minutes(block, AnyBlock.IsCounter);
        var parts = whole.Starts.Select(start => Rollups.Minutes(SampleBlocks.Slice(block, start, start + 60_000), AnyBlock.IsCounter)).ToList();
        return block.Times.IsEmpty || AnyRollups.AreSame(whole, Rollups.Join(RollupTier.Minute, parts));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void WhatCameLate_GivesTheRollupsOfAllTogether() => Prop.ForAll(AnyBlock.Decimals.ToArbitrary(), AnyBlock.Seeded(random => random).ToArbitrary(), (block, random) =>
    {
        var isLate = block.Times.Select(_ => random.Next(3) == 0).ToArray();
        SampleBlock[] pieces = [Part(block, i => !isLate[i]), Part(block, i => isLate[i])];
        var merged = SampleBlocks.Merge([.. pieces.Select(ChunkCodec.Encode).Select(chunk => ChunkCodec.Decode(chunk))]);
        return AnyRollups.AreSame(NaiveRollups.Of(block, RollupTier.Minute, AnyBlock.IsCounter), Rollups.Minutes(merged, AnyBlock.IsCounter));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void RatesOfPunctualSamples_AreWrittenAsStepsOfTheCounter()
    {
        // Multiples of 137 each 5 s: four digits of their rates look like chance, the multiples are of six bits.
        var random = new Random(1);
        var (value, late) = (0.0, new Random(2));
        var punctual = OneSeries(0, [.. Enumerable.Range(0, 720).Select(_ => value += 137 * random.Next(64))]);
        var unpunctual = punctual with { Times = [.. punctual.Times.Select(at => at + late.Next(20))] };

        var sizes = new[] { punctual, unpunctual }.Select(block => RollupCodec.Encode(Rollups.Minutes(block, _ => true)).Length).ToList();

        Assert.InRange(sizes[0], 60 * (6 + 6 + 8 + 6) / 8, 60 * (6 + 6 + 8 + 6) / 8 + 60);
        Assert.InRange(sizes[1], sizes[0] + 60 * (4 + 4) / 8, 500);
    }

    [Fact]
    public void SumsOfDecimals_HaveNoBinaryDust()
    {
        var block = OneSeries(1, [0.1, 0.2, 12.3, 0.7]);

        Assert.Equal(13.3, Rollups.Minutes(block, _ => false).Columns[0].Points[0].Sum);
    }

    [Fact]
    public void ACounterThatStartsAnew_GrowsByItsNewValue()
    {
        var point = Rollups.Minutes(OneSeries(0, [1_000, 1_500, 100, 400]), _ => true).Columns[0].Points[0];

        Assert.Equal(new RollupPoint(4, 900, 20, 100, 1_000, 400, AnyBlock.Hour, AnyBlock.Hour + 15_000), point);
    }

    [Fact]
    public void ASingleValueOfACounter_HasNoRate()
    {
        var point = Rollups.Minutes(OneSeries(0, [1_000]), _ => true).Columns[0].Points[0];

        Assert.Equal((1, 0.0), (point.Count, point.Sum));
        Assert.True(double.IsNaN(point.Min) && double.IsNaN(point.Max));
    }

    [Fact]
    public void ACounterThatIsNotInEverySample_HasTheRateOfItsOwnValues()
    {
        // Once a minute, in a sample that is neither the first nor the last of its minute.
        double[] values = [.. Enumerable.Range(0, 180 * 2).Select(i => i % 12 == 6 ? i * 50.0 : double.NaN)];
        var minutes = Rollups.Minutes(OneSeries(0, values), _ => true);

        var point = Rollups.QuarterHours(minutes).Columns[0].Points[0];

        Assert.Equal((10.0, 10.0, 14 * 600.0), (point.Min, point.Max, point.Sum));
    }

    [Fact]
    public void TimesBeforeTheEpoch_AreInBucketsToo()
    {
        Assert.Equal(-60_000, Rollups.StartOf(RollupTier.Minute, -1));
        Assert.Equal(-60_000, Rollups.StartOf(RollupTier.Minute, -60_000));
        Assert.Equal(0, Rollups.StartOf(RollupTier.Minute, 59_999));
    }

    [Fact]
    public void JoinedBlocks_HaveTheSeriesOfAll_AndNothingWhereOneLacksThem()
    {
        var (first, second) = (OneSeries(4, [1]), OneSeries(2, [5]) with { Times = [AnyBlock.Hour + 60_000] });

        var joined = Rollups.Join(RollupTier.Minute, [Rollups.Minutes(first, _ => false), Rollups.Minutes(second, _ => false)]);

        Assert.Equal([AnyBlock.Hour, AnyBlock.Hour + 60_000], joined.Starts.ToArray());
        Assert.Equal([2, 4], joined.Columns.Select(column => column.SeriesId));
        Assert.Equal([0, 1, 1, 0], joined.Columns.SelectMany(column => column.Points).Select(point => point.Count));
    }

    [Fact]
    public void BlocksThatAreNotInOrder_AreNotJoined()
    {
        var block = Rollups.Minutes(OneSeries(4, [1]), _ => false);

        Assert.Throws<ArgumentException>(() => Rollups.Join(RollupTier.Minute, [block, block]));
        Assert.Throws<ArgumentException>(() => Rollups.Join(RollupTier.QuarterHour, [block]));
    }

    private static SampleBlock OneSeries(int id, double[] values) =>
        new([.. values.Select((_, i) => AnyBlock.Hour + i * 5_000L)], [.. values.Select(_ => 5_000)], [new SampleColumn(id, [.. values])]);

    private static SampleBlock Part(SampleBlock block, Func<int, bool> isIn) => new(
        [.. block.Times.Where((_, i) => isIn(i))],
        [.. block.Intervals.Where((_, i) => isIn(i))],
        [.. block.Columns.Select(column => column with { Values = [.. column.Values.Where((_, i) => isIn(i))] })]);
}
