using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using StatusMonitor.Gateway.History;

namespace StatusMonitor.Gateway.Tests.History;

public sealed class TimeExpressionTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 31, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("now()", "2026-03-31T12:00:00Z")]
    [InlineData("now", "2026-03-31T12:00:00Z")]
    [InlineData("-5m", "2026-03-31T11:55:00Z")]
    [InlineData(" -1h ", "2026-03-31T11:00:00Z")]
    [InlineData("-1h30m", "2026-03-31T10:30:00Z")]
    [InlineData("-24h", "2026-03-30T12:00:00Z")]
    [InlineData("-7d", "2026-03-24T12:00:00Z")]
    [InlineData("-2w", "2026-03-17T12:00:00Z")]
    [InlineData("-1mo", "2026-02-28T12:00:00Z")]
    [InlineData("-1y", "2025-03-31T12:00:00Z")]
    [InlineData("-1y1mo1d", "2025-02-27T12:00:00Z")]
    [InlineData("-1500ms", "2026-03-31T11:59:58.5Z")]
    [InlineData("-2000000us", "2026-03-31T11:59:58Z")]
    [InlineData("-5000000ns", "2026-03-31T11:59:59.995Z")]
    [InlineData("5m", "2026-03-31T12:05:00Z")]
    [InlineData("-0s", "2026-03-31T12:00:00Z")]
    [InlineData("2025-12-01T05:30:00Z", "2025-12-01T05:30:00Z")]
    [InlineData("2025-12-01T05:30:00+02:00", "2025-12-01T03:30:00Z")]
    [InlineData("2025-12-01T05:30:00 02:00", "2025-12-01T03:30:00Z")]
    [InlineData("2025-12-01T05:30:00-0530", "2025-12-01T11:00:00Z")]
    [InlineData("2025-12-01T05:30:00", "2025-12-01T05:30:00Z")]
    [InlineData("2025-12-01 05:30", "2025-12-01T05:30:00Z")]
    [InlineData("2025-12-01T05:30:00.123456789Z", "2025-12-01T05:30:00.123Z")]
    [InlineData("2025-12-01T05:30:00.5", "2025-12-01T05:30:00.5Z")]
    [InlineData("2025-12-01", "2025-12-01T00:00:00Z")]
    [InlineData("2024-02-29", "2024-02-29T00:00:00Z")]
    [InlineData("1764567000", "2025-12-01T05:30:00Z")]
    [InlineData("1764567000.25", "2025-12-01T05:30:00.25Z")]
    [InlineData("1764567000123", "2025-12-01T05:30:00.123Z")]
    [InlineData("0", "1970-01-01T00:00:00Z")]
    [InlineData("-100y", "1970-01-01T00:00:00Z")]
    [InlineData("1965-01-01", "1970-01-01T00:00:00Z")]
    public void WhatPeopleWrite_IsRead(string text, string expected)
    {
        Assert.True(TimeExpression.TryParse(text, Now, out var time), text);
        Assert.Equal(DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture), DateTimeOffset.FromUnixTimeMilliseconds(time));
    }

    [Theory]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("-")]
    [InlineData("-5")]
    [InlineData("5 m")]
    [InlineData("-5q")]
    [InlineData("-5m3")]
    [InlineData("--5m")]
    [InlineData("-1.5h")]
    [InlineData("-1M")]
    [InlineData("-9999999999s")]
    [InlineData("-999999999y")]
    [InlineData("-999999999w")]
    [InlineData("now() - 5m")]
    [InlineData("2025-02-30")]
    [InlineData("2025-13-01T00:00:00Z")]
    [InlineData("2025-12-01T24:00:00Z")]
    [InlineData("2025-12-01T05:30:00+99:00")]
    [InlineData("2025-12-01T05")]
    [InlineData("0000-01-01")]
    [InlineData("9999999999999999")]
    [InlineData("999999999999999")]
    [InlineData("1e9")]
    [InlineData("NaN")]
    [InlineData("٣٣٣")]
    [InlineData("-5m\0")]
    public void AnythingElse_IsRefused(string text) => Assert.False(TimeExpression.TryParse(text, Now, out _));

    [Fact]
    public void AnyText_IsReadOrRefused() => Prop.ForAll(
        Gen.Elements("0123456789-+:.TZ smhdwoyn()u".ToCharArray()).ArrayOf().ToArbitrary(),
        characters =>
        {
            if (TimeExpression.TryParse(new string(characters), Now, out var time)) Assert.InRange(time, 0, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds());
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));

    [Theory]
    [InlineData("10s", 10_000)]
    [InlineData("1m", 60_000)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("1w", 604_800_000)]
    public void Length_IsRead(string text, long expected)
    {
        Assert.True(TimeExpression.TryParseLength(text, out var length));
        Assert.Equal(expected, length);
    }

    [Theory]
    [InlineData("0s")]
    [InlineData("-1m")]
    [InlineData("1mo")]
    [InlineData("1y")]
    [InlineData("60")]
    [InlineData("")]
    public void LengthThatIsNone_IsRefused(string text) => Assert.False(TimeExpression.TryParseLength(text, out _));
}
