using FsCheck;
using FsCheck.Fluent;
using StatusMonitor.Storage.Samples;

namespace StatusMonitor.Storage.Tests.Samples;

public sealed class ScaledDecimalTests
{
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(42, 42, 0)]
    [InlineData(-42, -42, 0)]
    [InlineData(12.5, 125, 1)]
    [InlineData(4.35, 435, 2)]
    [InlineData(1.005, 1005, 3)]
    [InlineData(-0.000001, -1, 6)]
    [InlineData(9007199254740991.0, 9007199254740991, 0)]
    public void AValueOfFewDecimals_IsScaledByTheSmallestExponent(double value, long mantissa, int exponent)
    {
        var found = 0;

        Assert.True(ScaledDecimal.TryScale(value, ref found, out var scaled));
        Assert.Equal((mantissa, exponent), (scaled, found));
    }

    [Theory]
    [InlineData(-0.0)]
    [InlineData(0.0000001)]
    [InlineData(0.30000000000000004)]
    [InlineData(9007199254740992.0)]
    [InlineData(1e300)]
    [InlineData(double.Epsilon)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void AValueThatNeedsTheWholeDouble_IsNotScaled(double value)
    {
        var exponent = 2;

        Assert.False(ScaledDecimal.TryScale(value, ref exponent, out _));
        Assert.Equal(2, exponent);
    }

    [Fact]
    public void AValue_IsScaledFromTheAskedExponentOn()
    {
        var exponent = 3;

        Assert.True(ScaledDecimal.TryScale(12.5, ref exponent, out var mantissa));
        Assert.Equal((12_500, 3), (mantissa, exponent));
    }

    [Fact]
    public void WhatCanBeScaled_ComesBackExactly() => Prop.ForAll(Gen.Zip(Doubles.Any, Gen.Choose(0, ScaledDecimal.MaxExponent)).ToArbitrary(), pair =>
    {
        var (value, exponent) = pair;
        return !ScaledDecimal.TryScale(value, ref exponent, out var mantissa) || Doubles.AreSame(ScaledDecimal.Unscale(mantissa, exponent), value);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
}
