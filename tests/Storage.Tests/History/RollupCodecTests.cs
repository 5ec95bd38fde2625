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
    public void BucketsMergedWhileReading_AreAsIfMergedOneByOne() => Prop.ForAll(
        Gen.Zip(AnyRollups.Any, Gen.Zip(Gen.Elements<long>(0, 60_000, 300_000, 900_000, 7_200_000), Gen.Choose(-1, 100))).ToArbitrary(),
        any =>
        {
            var (block, (length, place)) = any;
            if (block.Starts.Length == 0) return true;
            // Some buckets before it, which become one, and the last is left out.
            var steps = new RollupSteps(place < 0 ? long.MinValue : block.Starts[place % block.Starts.Length], length);
            var (from, to) = (block.Starts[0], Math.Max(block.Starts[^1], block.Starts[0] + 1));
            int[] ids = [.. block.Columns.Select(column => column.SeriesId)];
            var (read, added) = (new RollupJoin(block.Tier, from, to, steps), new RollupJoin(block.Tier, from, to, steps));
            RollupCodec.Decode(RollupCodec.Encode(block), ids, read);
            added.Add(block);
            return AreAlike(added.ToBlock(), read.ToBlock());
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3_000));

    [Fact]
    public void StepThatSpansTwoBlocks_IsOne()
    {
        RollupBlock Minute(int at, double value) => new(
            RollupTier.Minute, [at * 60_000], [at * 60_000 + 1], [at * 60_000 + 55_001], [new RollupColumn(1, false, [new RollupPoint(12, 12 * value, value, value, 0, 0)])]);
        var rollups = new RollupJoin(RollupTier.Minute, 0, 600_000, new RollupSteps(60_000, 120_000));
        foreach (var at in new[] { 0, 1, 2, 3, 4 }) RollupCodec.Decode(RollupCodec.Encode(Minute(at, at)), [1], rollups);
        var merged = rollups.ToBlock();

        Assert.Equal([0L, 60_000, 120_000, 240_000], merged.Starts.ToArray());
        Assert.Equal([1L, 60_001, 120_001, 240_001], merged.FirstAt.ToArray());
        Assert.Equal([55_001L, 115_001, 235_001, 295_001], merged.LastAt.ToArray());
        Assert.Equal([12, 12, 24, 12], merged.Columns[0].Points.Select(point => point.Count));
        Assert.Equal(new RollupPoint(24, 60, 2, 3, 0, 0), merged.Columns[0].Points[2]);
        Assert.Equal(5_000, merged.Interval);
    }

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

    /// <summary>All but sums that are too large to be exact to the bit.</summary>
    private static bool AreAlike(RollupBlock a, RollupBlock b)
    {
        if (a.Interval != b.Interval || a.Columns.Length != b.Columns.Length) return false;
        var sums = a with { Columns = [.. a.Columns.Zip(b.Columns, (x, y) => x with { Points = [.. x.Points.Zip(y.Points, (p, q) => AreClose(p.Sum, q.Sum, x) ? p with { Sum = q.Sum } : p)] })] };
        return AnyRollups.AreSame(sums, b);

        static bool AreClose(double p, double q, RollupColumn column) => Math.Abs(p - q) <= 1e-9 * column.Points.Max(point => Math.Abs(point.Sum)) && Math.Abs(p) > 1L << 50;
    }
}
