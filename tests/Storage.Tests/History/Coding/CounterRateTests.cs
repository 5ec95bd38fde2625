using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using StatusMonitor.Storage.History.Coding;
using StatusMonitor.Storage.Tests.Samples;

namespace StatusMonitor.Storage.Tests.History.Coding;

public sealed class CounterRateTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1234, 1234)]
    [InlineData(12_344, 12_340)]
    [InlineData(99_996, 100_000)]
    [InlineData(1_000, 1_000)]
    [InlineData(0.1, 0.1)]
    [InlineData(0.00012345678, 0.0001235)]
    [InlineData(double.NaN, double.NaN)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity)]
    public void ARate_IsRoundedToFourDigits(double rate, double rounded) => Assert.Equal(rounded, CounterRate.Round(rate));

    [Fact]
    public void ARoundedRate_IsNear_AndStaysAsItIs() => Prop.ForAll(Rates.ToArbitrary(), rate =>
    {
        var rounded = CounterRate.Round(rate);
        return Math.Abs(rounded - rate) <= rate * 0.000_500_1
            && Doubles.AreSame(rounded, CounterRate.Round(rounded))
            && rounded == double.Parse(rounded.ToString("E3", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    [Fact]
    public void Rounding_KeepsTheOrder() => Prop.ForAll(Rates.ToArbitrary(), Gen.Choose(0, 1_000).ToArbitrary(), (rate, more) =>
        CounterRate.Round(rate) <= CounterRate.Round(rate * (1 + more / 1e6))).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    [Theory]
    [InlineData(10, 15, 5)]
    [InlineData(0.1, 0.3, 0.2)]
    [InlineData(15, 10, 10)]
    [InlineData(15, -3, 0)]
    [InlineData(-5, -3, 2)]
    public void ACounter_GrewByTheDifference_OrStartedAnew(double from, double to, double increase) => Assert.Equal(increase, CounterRate.Increase(from, to));

    private static Gen<double> Rates => AnyBlock.Seeded(random => Math.Pow(10, random.NextDouble() * 34 - 17));
}
