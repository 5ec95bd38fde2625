using FsCheck;
using FsCheck.Fluent;
using StatusMonitor.Storage.History.Coding;

namespace StatusMonitor.Storage.Tests.History.Coding;

public sealed class IntegerCoderTests
{
    private static readonly long[] Extremes = [long.MinValue, long.MinValue + 1, long.MinValue / 2, -1, 0, 1, long.MaxValue / 2, long.MaxValue - 1, long.MaxValue];

    private static readonly Gen<long[]> Columns = AnyBlock.Seeded(random =>
    {
        var count = random.Next(12) == 0 ? random.Next(4) : random.Next(300);
        var (divisor, offset, width) = (random.Next(3) == 0 ? random.NextInt64(1, 1L << random.Next(1, 40)) : 1, random.Next(2) * random.NextInt64(-1L << 60, 1L << 60), random.Next(1, 63));
        return (random.Next(6) switch
        {
            0 => Enumerable.Range(0, count).Select(_ => Extremes[random.Next(Extremes.Length)]),
            1 => Enumerable.Range(0, count).Select(_ => random.NextInt64(long.MinValue, long.MaxValue)),
            2 => Enumerable.Range(0, count).Select(_ => random.Next(20) == 0 ? random.NextInt64(1L << width) : 0),
            3 => Enumerable.Range(0, count).Select(_ => random.Next(100) == 0 ? Extremes[random.Next(Extremes.Length)] : random.Next(50)),
            4 => Summed(Enumerable.Range(0, count).Select(_ => random.NextInt64(1L << width >> 3) * divisor)),
            _ => Summed(Summed(Enumerable.Range(0, count).Select(_ => random.NextInt64(1L << width >> 20 | 1) * divisor))),
        }).Select(value => unchecked(value + offset)).ToArray();
    });

    [Fact]
    public void AnyColumn_IsReadBack() => Prop.ForAll(Columns.ToArbitrary(), column => Decode(Encode(column), column.Length).SequenceEqual(column))
        .Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    [Fact]
    public void AnyColumn_TakesAsManyBitsAsPlanned() => Prop.ForAll(Columns.Where(column => column.Length > 0).ToArbitrary(), column =>
    {
        using var integers = new IntegerEncoder(column.Length);
        integers.Plan(column, out var bits);
        return Encode(column).Length == (bits + 7) / 8;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void AnyColumn_TakesLittleMoreThanItsWidth() => Prop.ForAll(Columns.Where(column => column.Length > 0).ToArbitrary(), column =>
    {
        var range = unchecked((ulong)(column.Max() - column.Min()));
        var width = 64 - (long)ulong.LeadingZeroCount(range);
        return Encode(column).Length <= (column.Length * width + 7) / 8 + 24;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void SeveralColumns_FollowEachOther()
    {
        long[][] columns = [[1, 2, 3], [], [long.MaxValue], [5, 5, 5, 5], [.. Enumerable.Range(0, 100).Select(i => (long)i * i * i)]];
        using var bits = new BitWriter();
        using var integers = new IntegerEncoder(100);
        foreach (var column in columns) integers.Write(bits, column);
        bits.EndByte();
        var reader = new BitReader(bits.Written);

        foreach (var column in columns)
        {
            var read = new long[column.Length];
            IntegerCoder.Read(ref reader, read);
            Assert.Equal(column, read);
        }
    }

    [Theory]
    [InlineData(0, IntegerCoding.Constant, new long[] { 5, 5, 5, 5, 5, 5, 5, 5 })]
    [InlineData(1, IntegerCoding.Constant, new long[] { 1_000, 1_005, 1_010, 1_015, 1_020, 1_025, 1_030, 1_035 })]
    [InlineData(2, IntegerCoding.Constant, new long[] { 0, 1_000, 2_001, 3_003, 4_006, 5_010, 6_015, 7_021 })]
    [InlineData(0, IntegerCoding.Runs, new long[] { 0, 0, 0, 0, 0, 0, 0, 900, 0, 0, 0, 0, 0, 0, 0, 0, 0, 901, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData(0, IntegerCoding.Each, new long[] { 7, 1, 6, 0, 5, 2, 7, 3, 0, 7, 1, 6, 4, 7, 0, 5 })]
    internal void AColumn_IsWrittenInTheWayThatFitsIt(int order, IntegerCoding coding, long[] column)
    {
        using var integers = new IntegerEncoder(column.Length);

        var plan = integers.Plan(column, out _);

        Assert.Equal((order, coding), (plan.Order, plan.Coding));
    }

    [Fact]
    public void Garbage_IsRefusedOrReadButNothingElse() => Prop.ForAll(Gen.ArrayOf(ArbMap.Default.GeneratorFor<byte>()).ToArbitrary(), bytes =>
        Damage.IsRefusedOrRead(bytes, garbage => Decode(garbage, 500))).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    private static IEnumerable<long> Summed(IEnumerable<long> steps)
    {
        var sum = 0L;
        foreach (var step in steps) yield return sum = unchecked(sum + step);
    }

    private static byte[] Encode(long[] column)
    {
        using var bits = new BitWriter();
        using var integers = new IntegerEncoder(column.Length);
        integers.Write(bits, column);
        bits.EndByte();
        return bits.Written.ToArray();
    }

    private static long[] Decode(byte[] bytes, int count)
    {
        var bits = new BitReader(bytes);
        var column = new long[count];
        IntegerCoder.Read(ref bits, column);
        return column;
    }
}
