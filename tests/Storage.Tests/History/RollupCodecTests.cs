using FsCheck;
using FsCheck.Fluent;
using StatusMonitor.Storage.History;

namespace StatusMonitor.Storage.Tests.History;

public sealed class RollupCodecTests
{
    [Fact]
    public void AnyRollups_AreReadBackExactly() => Prop.ForAll(AnyRollups.Any.ToArbitrary(), block => AnyRollups.AreSame(block, RollupCodec.Decode(RollupCodec.Encode(block))))
        .Check(Config.QuickThrowOnFailure.WithMaxTest(3_000));

    [Fact]
    public void SomeSeries_AreReadAsAmongAll() => Prop.ForAll(Gen.Zip(AnyRollups.Any, Gen.ArrayOf(Gen.Choose(0, 41))).ToArbitrary(), pair =>
    {
        var (block, asked) = pair;
        int[] ids = [.. asked.Distinct().Order()];
        var expected = block with { Columns = [.. block.Columns.Where(column => ids.Contains(column.SeriesId))] };
        return AnyRollups.AreSame(expected, RollupCodec.Decode(RollupCodec.Encode(block), ids));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void WhatIsNoBlock_IsRefused()
    {
        var block = new RollupBlock(RollupTier.Minute, [0], [0], [0], [new RollupColumn(1, false, [new RollupPoint(1, 1, 1, 1, 0, 0)])]);

        Assert.True(AnyRollups.AreSame(block, RollupCodec.Decode(RollupCodec.Encode(block))));
        Assert.Throws<ArgumentException>(() => RollupCodec.Encode(block with { FirstAt = [] }));
        Assert.Throws<ArgumentException>(() => RollupCodec.Encode(block with { Columns = [new RollupColumn(1, false, [])] }));
        Assert.Throws<ArgumentException>(() => RollupCodec.Encode(block with { Columns = [new RollupColumn(1, false, [new RollupPoint(1, 1, 1, 1, 5, 0)])] }));
        Assert.Throws<ArgumentException>(() => RollupCodec.Encode(block with { Columns = [new RollupColumn(1, false, [new RollupPoint(0, 1, 1, 1, 0, 0)])] }));
    }

    [Fact]
    public void EveryChangedByte_IsNoticed() => Prop.ForAll(
        AnyRollups.Any.Select(RollupCodec.Encode).SelectMany(bytes => Gen.Zip(Gen.Choose(0, bytes.Length - 1), Gen.Choose(1, 255)), (bytes, change) =>
        {
            bytes[change.Item1] ^= (byte)change.Item2;
            return bytes;
        }).ToArbitrary(),
        damaged => Damage.IsRefused(damaged, bytes => RollupCodec.Decode(bytes)) && Damage.IsRefused(damaged, bytes => RollupCodec.Decode(bytes, [1])))
        .Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Fact]
    public void DamageThatTheChecksumMisses_IsRefusedOrReadButNothingElse() => Prop.ForAll(
        AnyRollups.Any.Select(RollupCodec.Encode).SelectMany(Damage.WithRightChecksum).ToArbitrary(),
        damaged => Damage.IsRefusedOrRead(damaged, bytes => RollupCodec.Decode(bytes)) && Damage.IsRefusedOrRead(damaged, bytes => RollupCodec.Decode(bytes, [0, 3, 20])))
        .Check(Config.QuickThrowOnFailure.WithMaxTest(3_000));
}
