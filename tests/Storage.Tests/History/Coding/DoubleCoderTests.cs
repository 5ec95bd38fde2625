using FsCheck;
using FsCheck.Fluent;
using StatusMonitor.Storage.History.Coding;
using StatusMonitor.Storage.Tests.Samples;

namespace StatusMonitor.Storage.Tests.History.Coding;

public sealed class DoubleCoderTests
{
    [Fact]
    public void AnyDoubles_AreReadBackExactly_NotANumberToo() => Prop.ForAll(Gen.ArrayOf(Gen.Frequency((20, Doubles.Any), (1, Gen.Constant(double.NaN)))).ToArbitrary(), values =>
        Decode(Encode(values), values.Length).Zip(values).All(pair => AnyBlock.IsSame(pair.First, pair.Second))).Check(Config.QuickThrowOnFailure.WithMaxTest(3_000));

    [Fact]
    public void DoublesThatShareTheirBits_TakeLess()
    {
        // Half of a double that was a float is zeros.
        double[] values = [.. Enumerable.Range(1, 500).Select(i => (double)(float)(1 + 1.0 / i))];

        Assert.InRange(Encode(values).Length, 1, values.Length * 5);
    }

    [Fact]
    public void DoublesThatRepeat_TakeABitEach()
    {
        double[] values = [.. Enumerable.Repeat(1.0 / 3, 800)];

        Assert.InRange(Encode(values).Length, 100, 112);
    }

    [Fact]
    public void Noise_TakesNoMoreThanItsBytes()
    {
        var random = new Random(1);
        double[] values = [.. Enumerable.Range(0, 500).Select(_ => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)))];

        Assert.Equal(values.Length * sizeof(double) + 1, Encode(values).Length);
    }

    [Fact]
    public void Garbage_IsRefusedOrReadButNothingElse() => Prop.ForAll(Gen.ArrayOf(ArbMap.Default.GeneratorFor<byte>()).ToArbitrary(), bytes =>
        Damage.IsRefusedOrRead(bytes, garbage => Decode(garbage, 300))).Check(Config.QuickThrowOnFailure.WithMaxTest(3_000));

    private static byte[] Encode(double[] values)
    {
        using var bits = new BitWriter();
        using var integers = new IntegerEncoder(values.Length);
        DoubleCoder.Write(bits, integers, values);
        bits.EndByte();
        return bits.Written.ToArray();
    }

    private static double[] Decode(byte[] bytes, int count)
    {
        var bits = new BitReader(bytes);
        var values = new double[count];
        DoubleCoder.Read(ref bits, values);
        return values;
    }
}
