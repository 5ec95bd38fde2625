using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Grains.Tests.Alerts;

public sealed class ClassicAlertTextTests
{
    [Fact]
    public void AMessage_IsAsItWas() => Assert.Equal(
        "\ud83d\udea8 *Alert for Desktop 1*\n\nMetric: CPU\nCurrent Value: 93.3%\nThreshold: > 90.0%\n",
        ClassicAlertText.Of("Desktop 1", "cpu", 93.3, AlertCondition.Above, 90));

    [Fact]
    public void ATransition_SaysItAll()
    {
        var transition = new AlertTransition
        {
            Id = "4-1", IncidentId = "4-1", AccountId = 1, Kind = TransitionKind.Classic, At = DateTimeOffset.UnixEpoch, HostId = 4, HostName = "unknown", Value = 4.95,
            Rule = new AlertRule { Name = "disk", Kind = AlertKind.Classic, ClassicMetric = "disk", Condition = AlertCondition.Below, Threshold = 12.5 },
        };

        Assert.Equal("\ud83d\udea8 *Alert for Unknown Agent*\n\nMetric: DISK\nCurrent Value: 5.0%\nThreshold: < 12.5%\n", ClassicAlertText.Of(transition));
    }

    /// <summary>As the Bot API asks for: bold ends before the character and begins again after it.</summary>
    [Theory]
    [InlineData("Agent*X_1", @"*Alert for Agent*\**X*\_*1*")]
    [InlineData("_", @"*Alert for *\_")]
    [InlineData("a[b](c)", @"*Alert for a*\[*b](c)*")]
    [InlineData("``", @"*Alert for *\`\`")]
    [InlineData("<b>&", "*Alert for <b>&*")]
    public void AName_IsEscaped(string name, string bold) =>
        Assert.StartsWith($"\ud83d\udea8 {bold}\n\n", ClassicAlertText.Of(name, "cpu", 1, AlertCondition.Above, 0));

    /// <summary>What Python's <c>f"{value:.1f}"</c> gives.</summary>
    [Theory]
    [InlineData(12.25, "12.2")]
    [InlineData(12.75, "12.8")]
    [InlineData(0.25, "0.2")]
    [InlineData(-0.25, "-0.2")]
    [InlineData(0.15, "0.1")]
    [InlineData(0.35, "0.3")]
    [InlineData(0.05, "0.1")]
    [InlineData(99.95, "100.0")]
    [InlineData(100, "100.0")]
    [InlineData(1e22, "10000000000000000000000.0")]
    public void AValue_IsRoundedAsItWas(double value, string text) =>
        Assert.Contains($"\nCurrent Value: {text}%\n", ClassicAlertText.Of("a", "cpu", value, AlertCondition.Above, 0), StringComparison.Ordinal);

    /// <summary>What Python's <c>str</c> gives of a float.</summary>
    [Theory]
    [InlineData(90, "90.0")]
    [InlineData(92.5, "92.5")]
    [InlineData(0, "0.0")]
    [InlineData(-1, "-1.0")]
    [InlineData(0.1, "0.1")]
    [InlineData(0.0001, "0.0001")]
    [InlineData(0.00001, "1e-05")]
    [InlineData(1e15, "1000000000000000.0")]
    [InlineData(-1234567890123456, "-1234567890123456.0")]
    [InlineData(1e16, "1e+16")]
    [InlineData(-1.25e16, "-1.25e+16")]
    [InlineData(123456789012345678, "1.2345678901234568e+17")]
    [InlineData(1.5e300, "1.5e+300")]
    public void AThreshold_IsWrittenAsItWas(double threshold, string text) =>
        Assert.Contains($"\nThreshold: > {text}%\n", ClassicAlertText.Of("a", "cpu", 1, AlertCondition.Above, threshold), StringComparison.Ordinal);
}
