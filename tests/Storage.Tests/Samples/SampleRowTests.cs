using FsCheck;
using FsCheck.Fluent;
using StatusMonitor.Storage.Samples;

namespace StatusMonitor.Storage.Tests.Samples;

public sealed class SampleRowTests
{
    private static readonly Gen<(int Id, double Value)[]> Samples =
        Gen.ArrayOf(Gen.Zip(Gen.OneOf(Gen.Choose(0, 40), Gen.Choose(0, int.MaxValue - 1)), Doubles.Any)).Select(samples => samples.Select(sample => (sample.Item1, sample.Item2)).ToArray());

    [Fact]
    public void AnyFiniteValues_AreReadBackExactly_InTheirOrder() => Prop.ForAll(Samples.ToArbitrary(), samples =>
    {
        var read = Decode(Encode(samples));
        return read.Count == samples.Length && read.Zip(samples).All(pair => pair.First.Id == pair.Second.Id && Doubles.AreSame(pair.First.Value, pair.Second.Value));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Fact]
    public void AwkwardValues_AreReadBackExactly()
    {
        var samples = Doubles.Awkward.Select((value, i) => (i, value)).ToArray();

        Assert.Equal(samples.Select(Bits), Decode(Encode(samples)).Select(Bits));

        static (int, ulong) Bits((int Id, double Value) sample) => (sample.Id, BitConverter.DoubleToUInt64Bits(sample.Value));
    }

    [Fact]
    public void NoValues_AreARowToo() => Assert.Empty(Decode(Encode([])));

    [Fact]
    public void TheLargestReport_IsReadBack()
    {
        var samples = Enumerable.Range(0, 2_000).Select(i => (1_999 - i, 1.0 / (i + 3))).ToArray();

        Assert.Equal(samples, Decode(Encode(samples)));
    }

    [Fact]
    public void AUsualRow_IsSmall()
    {
        var samples = Enumerable.Range(0, 30).Select(i => (i, Math.Round(i * 3.37, 2))).ToArray();

        Assert.InRange(Encode(samples).Length, 30, 130);
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 0 })]
    [InlineData(new byte[] { 2, 0 })]
    [InlineData(new byte[] { 1 })]
    [InlineData(new byte[] { 1, 1 })]
    [InlineData(new byte[] { 1, 1, 0 })]
    [InlineData(new byte[] { 1, 1, 0, 7 })]
    [InlineData(new byte[] { 1, 1, 0, 7, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 1, 1, 1, 0 })] // A series id of -1.
    [InlineData(new byte[] { 1, 1, 0xFE, 0xFF, 0xFF, 0xFF, 0x1F, 0 })] // A series id of 2^32 - 1.
    [InlineData(new byte[] { 1, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01 })]
    public void WhatIsNotARow_IsRefused(byte[] bytes) => Assert.Throws<InvalidDataException>(() => Decode(bytes));

    [Fact]
    public void EveryCutOffRow_IsRefused() => Prop.ForAll(Samples.Where(samples => samples.Length > 0).ToArbitrary(), samples =>
    {
        var row = Encode(samples);
        return Enumerable.Range(0, row.Length).All(length => IsRefused(row[..length]));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Garbage_IsRefusedOrReadButNothingElse()
    {
        var garbage = Gen.OneOf(
            Gen.ArrayOf(ArbMap.Default.GeneratorFor<byte>()).Select(bytes => (byte[])[1, .. bytes]),
            Samples.Select(Encode).SelectMany(row => Gen.Zip(Gen.Choose(1, row.Length - 1), ArbMap.Default.GeneratorFor<byte>()), (row, change) =>
            {
                row[change.Item1] = change.Item2;
                return row;
            }));
        Prop.ForAll(garbage.ToArbitrary(), bytes => IsRefused(bytes) || Decode(bytes).All(sample => sample.Id >= 0)).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));
    }

    private static byte[] Encode((int Id, double Value)[] samples) =>
        SampleRow.Encode([.. samples.Select(sample => sample.Id)], [.. samples.Select(sample => sample.Value)]);

    private static List<(int Id, double Value)> Decode(byte[] row)
    {
        var samples = new List<(int, double)>();
        SampleRow.Decode(row, (id, value) => samples.Add((id, value)));
        return samples;
    }

    private static bool IsRefused(byte[] bytes)
    {
        try
        {
            SampleRow.Decode(bytes, static (_, _) => { });
            return false;
        }
        catch (InvalidDataException)
        {
            return true;
        }
    }
}
