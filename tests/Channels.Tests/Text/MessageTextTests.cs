using StatusMonitor.Channels.Tests.Support;
using StatusMonitor.Channels.Text;
using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Channels.Tests.Text;

public sealed class MessageTextTests
{
    [Fact]
    public void OneAlert_SaysWhatSinceWhenAndWhatRuns() => Assert.Equal(
        """
        🔴 web-1: CPU busy
        • web-1: cpu.percent is 97.3 %, at or above 90 % for 5 min
          since 2026-11-22 12:00 UTC
          running: ffmpeg (389.5 % CPU, 1234 MB)
        https://monitor.example.org/alerts/1-17
        """.ReplaceLineEndings("\n"),
        MessageText.Compose(Sample.Fired(), TextStyle.Plain(4000), "https://monitor.example.org/alerts/1-17"));

    [Fact]
    public void AlertThatIsOver_SaysFromWhenToWhen()
    {
        var item = Sample.Item(1, "web-1") with { IsOpen = false, ResolvedAt = Sample.Noon.AddMinutes(7), AcknowledgedBy = "anna (Telegram)" };

        var text = MessageText.Compose(Sample.Fired() with { Kind = MessageKind.Resolved, Items = [item] }, TextStyle.Plain(4000), null);

        Assert.StartsWith("✅ ", text, StringComparison.Ordinal);
        Assert.Contains("2026-11-22 12:00 UTC to 2026-11-22 12:07 UTC, acknowledged by anna (Telegram)", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(500, 4096)]
    [InlineData(10_000, 4096)]
    [InlineData(47, 1000)]
    [InlineData(2, 300)]
    public void TooMany_AreCutBetweenAlerts_AndTheRestIsCounted(int count, int maxLength)
    {
        var text = MessageText.Compose(Sample.Fired(count), TextStyle.Plain(maxLength), "https://example.org/alerts");

        Assert.InRange(text.Length, maxLength / 2, maxLength);
        var lines = text.Split('\n');
        var told = lines.Count(line => line.StartsWith("• ", StringComparison.Ordinal));
        Assert.Equal($"and {count - told} more", lines[^2]);
        Assert.Equal("https://example.org/alerts", lines[^1]);
        Assert.All(lines.Where(line => line.StartsWith("• ", StringComparison.Ordinal)), line => Assert.EndsWith("for 5 min", line, StringComparison.Ordinal));
    }

    [Fact]
    public void WhatGoesIn_IsTold() => Assert.DoesNotContain("more", MessageText.Compose(Sample.Fired(20), TextStyle.Plain(4096), null), StringComparison.Ordinal);

    [Fact]
    public void LongText_IsCutWithoutCuttingACharacterInTwo()
    {
        var message = Sample.Fired(text: string.Concat(Enumerable.Repeat("👩‍🚀&<", 3000))) with { Title = string.Concat(Enumerable.Repeat("🚀&", 2000)) };
        foreach (var max in Enumerable.Range(400, 60))
        {
            var text = MessageText.Compose(message, TextStyle.Plain(max) with { Escape = part => part.Replace("&", "&amp;", StringComparison.Ordinal) }, null);
            Assert.True(text.Length <= max, $"{text.Length} of {max}");
            Assert.DoesNotContain('\uFFFD', System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text)));
            Assert.Equal(text.Count(c => c == '&'), text.Split("&amp;").Length - 1);
        }
    }

    [Fact]
    public void NameWithLines_IsOnOneLine()
    {
        var text = MessageText.Compose(Sample.Fired(host: "web\r\n✅ all is well\u202Eevil\u2028x"), TextStyle.Plain(4000), null);

        Assert.Equal(4, text.Split('\n').Length);
        Assert.DoesNotContain('\u202E', text);
        Assert.DoesNotContain('\u2028', text);
    }

    [Theory]
    [InlineData(MessageKind.Fired, AlertSeverity.Critical, "🔴")]
    [InlineData(MessageKind.Escalated, AlertSeverity.Warning, "🟠")]
    [InlineData(MessageKind.Repeated, AlertSeverity.Info, "🔵")]
    [InlineData(MessageKind.Resolved, AlertSeverity.Critical, "✅")]
    [InlineData(MessageKind.Test, AlertSeverity.Info, "🔔")]
    public void Sign_TellsAtAGlance(MessageKind kind, AlertSeverity severity, string sign) => Assert.Equal(sign, MessageText.Sign(Sample.Fired() with { Kind = kind, Severity = severity }));
}
