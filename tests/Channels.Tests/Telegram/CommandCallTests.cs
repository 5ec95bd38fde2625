using StatusMonitor.Channels.Telegram;
using StatusMonitor.Channels.Tests.Support;

namespace StatusMonitor.Channels.Tests.Telegram;

public sealed class CommandCallTests
{
    [Theory]
    [InlineData("/status", "status", "")]
    [InlineData("  /Status  ", "status", "")]
    [InlineData("/host web-1", "host", "web-1")]
    [InlineData("/host  web 1 ", "host", "web 1")]
    [InlineData("/host@example_bot web-1", "host", "web-1")]
    [InlineData("/host@EXAMPLE_BOT web-1", "host", "web-1")]
    public void Command_IsRead(string text, string name, string argument) => Assert.Equal(new CommandCall(name, argument), CommandCall.Parse(text, "example_bot"));

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("hello")]
    [InlineData("/")]
    [InlineData("/status@other_bot")]
    [InlineData("see /status")]
    [InlineData("/etc/passwd")]
    public void AnythingElse_IsNone(string? text) => Assert.Null(CommandCall.Parse(text, "example_bot"));

    [Fact]
    public void EndlessText_IsNone() => Assert.Null(CommandCall.Parse("/host " + new string('x', 4000), "example_bot"));

    [Theory]
    [InlineData("1h", 60)]
    [InlineData("30m", 30)]
    [InlineData("90 M", 90)]
    [InlineData("2d", 2880)]
    [InlineData("1d 12h", 2160)]
    [InlineData("1h30m", 90)]
    [InlineData("30d", 43_200)]
    public void Time_IsRead(string text, int minutes) => Assert.Equal(TimeSpan.FromMinutes(minutes), CommandCall.ParseTime(text));

    [Theory]
    [InlineData("")]
    [InlineData("h")]
    [InlineData("0m")]
    [InlineData("-1h")]
    [InlineData("1w")]
    [InlineData("1.5h")]
    [InlineData("31d")]
    [InlineData("99999d")]
    [InlineData("999999h")]
    public void NoTime_IsNone(string text) => Assert.Null(CommandCall.ParseTime(text));

    [Fact]
    public void FloodOfAChat_IsNotAnswered_AndTheOthersAre()
    {
        var time = new SteppedTime();
        var limits = new ChatLimits(time);

        Assert.Equal(20, Enumerable.Range(0, 100).Count(_ => limits.TryCall(7)));
        Assert.True(limits.TryCall(8));
        time.Advance(TimeSpan.FromSeconds(61));
        Assert.True(limits.TryCall(7));
    }

    [Fact]
    public void Stranger_IsToldOnceAnHour()
    {
        var time = new SteppedTime();
        var limits = new ChatLimits(time);

        Assert.True(limits.TryHint(7));
        Assert.False(limits.TryHint(7));
        time.Advance(TimeSpan.FromMinutes(61));
        Assert.True(limits.TryHint(7));
    }

    [Fact]
    public void StrangersWithoutEnd_TakeNoMoreRoom()
    {
        var time = new SteppedTime();
        var limits = new ChatLimits(time);

        Assert.Equal(10_000, Enumerable.Range(1, 20_000).Count(chat => limits.TryHint(chat)));
        time.Advance(TimeSpan.FromMinutes(61));
        Assert.True(limits.TryHint(30_000));
    }

    [Theory]
    [InlineData("a|5-17|n-1", AlertAction.Acknowledge, "5-17", "n-1")]
    [InlineData("m|5-17", AlertAction.Mute, "5-17", null)]
    internal void Press_IsRead(string data, AlertAction action, string incident, string? notification) => Assert.Equal(new AlertPress(action, incident, notification), AlertPress.Parse(data));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("a|")]
    [InlineData("x|5-17")]
    [InlineData("a|5-17|n|m")]
    public void AnyOtherPress_IsNone(string? data) => Assert.Null(AlertPress.Parse(data));
}
