using FsCheck;
using FsCheck.Fluent;
using StatusMonitor.Storage.History;
using StatusMonitor.Storage.Tests.Samples;

namespace StatusMonitor.Storage.Tests.History;

public sealed class ChunkCodecTests
{
    [Fact]
    public void AnySamples_AreReadBackExactly() => Prop.ForAll(AnyBlock.Any.ToArbitrary(), block => AnyBlock.AreSame(block, ChunkCodec.Decode(ChunkCodec.Encode(block))))
        .Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void AnySequenceOfDoubles_IsReadBackExactly() => Prop.ForAll(Gen.ArrayOf(Doubles.Any).ToArbitrary(), values =>
    {
        var block = OneSeries(values);
        return AnyBlock.AreSame(block, ChunkCodec.Decode(ChunkCodec.Encode(block)));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void AwkwardValues_AreReadBackExactly()
    {
        foreach (var first in Doubles.Awkward)
        {
            var block = OneSeries([first, .. Doubles.Awkward, double.NaN, first]);

            Assert.True(AnyBlock.AreSame(block, ChunkCodec.Decode(ChunkCodec.Encode(block))), $"{first}");
        }
    }

    [Fact]
    public void SomeSeries_AreReadAsAmongAll() => Prop.ForAll(Gen.Zip(AnyBlock.Any, Gen.ArrayOf(Gen.Choose(0, 41))).ToArbitrary(), pair =>
    {
        var (block, asked) = pair;
        int[] ids = [.. asked.Distinct().Order()];
        var chunk = ChunkCodec.Encode(block);
        var expected = block with { Columns = [.. block.Columns.Where(column => ids.Contains(column.SeriesId))] };
        return AnyBlock.AreSame(expected, ChunkCodec.Decode(chunk, ids)) && ChunkCodec.DecodeTimes(chunk).SequenceEqual(block.Times);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void NoSamples_AreAChunkToo() => Assert.True(AnyBlock.AreSame(SampleBlock.Empty, ChunkCodec.Decode(ChunkCodec.Encode(SampleBlock.Empty))));

    [Fact]
    public void AnHourOfRegularTicks_TakesNextToNothing()
    {
        var block = Hour(_ => 42.5);

        Assert.InRange(ChunkCodec.Encode(block).Length, 1, 60);
    }

    [Fact]
    public void AWalkOfPercents_TakesLessThanAByteAValue()
    {
        var random = new Random(1);
        var value = 500;
        var block = Hour(_ => (value = Math.Clamp(value + random.Next(-25, 26), 0, 1_000)) / 10.0);

        Assert.InRange(ChunkCodec.Encode(block).Length, 1, 720 * 6 / 8 + 60);
    }

    [Fact]
    public void ACounterThatGrowsByMultiples_IsWrittenInThem()
    {
        var random = new Random(1);
        var value = 4096.0 * 12_345;
        var block = Hour(_ => value += 4096 * random.Next(64));

        Assert.InRange(ChunkCodec.Encode(block).Length, 1, 720 * 6 / 8 + 60);
    }

    [Fact]
    public void AValueThatIsMostlyZero_TakesLittle()
    {
        var random = new Random(1);
        var block = Hour(_ => random.Next(8) == 0 ? random.Next(32) / 10.0 : 0);

        Assert.InRange(ChunkCodec.Encode(block).Length, 1, 720 * 5 / 4 / 8 + 60);
    }

    [Fact]
    public void WhatIsNoBlock_IsRefused()
    {
        var hour = Hour(_ => 1);

        Assert.Throws<ArgumentException>(() => ChunkCodec.Encode(hour with { Times = [.. hour.Times.Reverse()] }));
        Assert.Throws<ArgumentException>(() => ChunkCodec.Encode(hour with { Intervals = [] }));
        Assert.Throws<ArgumentException>(() => ChunkCodec.Encode(hour with { Columns = [new SampleColumn(1, [1])] }));
        Assert.Throws<ArgumentException>(() => ChunkCodec.Encode(hour with { Columns = [hour.Columns[0], hour.Columns[0]] }));
    }

    [Fact]
    public void EveryChangedByte_IsNoticed() => Prop.ForAll(
        AnyBlock.Any.Select(ChunkCodec.Encode).SelectMany(chunk => Gen.Zip(Gen.Choose(0, chunk.Length - 1), Gen.Choose(1, 255)), (chunk, change) =>
        {
            chunk[change.Item1] ^= (byte)change.Item2;
            return chunk;
        }).ToArbitrary(),
        chunk => Damage.IsRefused(chunk, bytes => ChunkCodec.Decode(bytes)) && Damage.IsRefused(chunk, bytes => ChunkCodec.Decode(bytes, [1, 3])) && Damage.IsRefused(chunk, bytes => ChunkCodec.DecodeTimes(bytes)))
        .Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Fact]
    public void DamageThatTheChecksumMisses_IsRefusedOrReadButNothingElse() => Prop.ForAll(
        AnyBlock.Any.Select(ChunkCodec.Encode).SelectMany(Damage.WithRightChecksum).ToArbitrary(),
        chunk => Damage.IsRefusedOrRead(chunk, bytes => ChunkCodec.Decode(bytes)) && Damage.IsRefusedOrRead(chunk, bytes => ChunkCodec.Decode(bytes, [0, 3, 20])))
        .Check(Config.QuickThrowOnFailure.WithMaxTest(3_000));

    private static SampleBlock OneSeries(double[] values) =>
        new([.. values.Select((_, i) => AnyBlock.Hour + i * 5_000L)], [.. values.Select(_ => 5_000)], [new SampleColumn(7, [.. values])]);

    private static SampleBlock Hour(Func<int, double> value) => OneSeries([.. Enumerable.Range(0, 720).Select(value)]);
}
