using System.Text;
using System.Text.Json;
using StatusMonitor.Gateway.History;

namespace StatusMonitor.Gateway.Tests.History;

public sealed class JsonNumberTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(-0.0)]
    [InlineData(7)]
    [InlineData(-7.5)]
    [InlineData(0.05)]
    [InlineData(-0.01)]
    [InlineData(1.1)]
    [InlineData(99.99)]
    [InlineData(1.005)]
    [InlineData(43.266666666666666)]
    [InlineData(43.266667)]
    [InlineData(-0.000123)]
    [InlineData(0.00005)]
    [InlineData(0.000001)]
    [InlineData(1e-300)]
    [InlineData(9999999999999.99)]
    [InlineData(999999999999999)]
    [InlineData(1e15)]
    [InlineData(double.MaxValue)]
    [InlineData(-2.2250738585072014E-308)]
    public void ANumber_IsWhatTheSerializerWrites(double value) => Assert.Equal(JsonSerializer.Serialize(value), Written(value));

    [Fact]
    public void Decimals_AreWhatTheSerializerWrites()
    {
        for (var i = -20_000; i < 20_000; i++)
        {
            foreach (var value in new[] { i / 10.0, i / 100.0, i / 1000.0, i * 137 / 1e6, i * 123_456_789.01 }) Assert.Equal(JsonSerializer.Serialize(value), Written(value));
        }
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void WhatIsNoNumber_IsNull(double value) => Assert.Equal("null", Written(value));

    private static string Written(double value)
    {
        Span<byte> target = stackalloc byte[JsonNumber.MaxLength];
        return Encoding.ASCII.GetString(target[..JsonNumber.Write(value, target)]);
    }
}
