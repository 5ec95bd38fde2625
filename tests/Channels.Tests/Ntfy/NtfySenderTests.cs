using System.Text;
using StatusMonitor.Channels.Ntfy;
using StatusMonitor.Channels.Tests.Support;
using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Channels.Tests.Ntfy;

public sealed class NtfySenderTests
{
    [Theory]
    [InlineData(MessageKind.Fired, AlertSeverity.Critical, 5, "rotating_light")]
    [InlineData(MessageKind.Escalated, AlertSeverity.Warning, 4, "warning")]
    [InlineData(MessageKind.Repeated, AlertSeverity.Info, 3, "large_blue_circle")]
    [InlineData(MessageKind.Resolved, AlertSeverity.Critical, 3, "white_check_mark")]
    [InlineData(MessageKind.Test, AlertSeverity.Critical, 3, "bell")]
    public async Task Message_IsPublishedAsJson(MessageKind kind, AlertSeverity severity, int priority, string tag)
    {
        var request = await SendAsync(Sample.Fired(host: Sample.Tricky) with { Kind = kind, Severity = severity }, ("token", "tk_abc"));

        Assert.Equal(("POST", "/sub/", "Bearer tk_abc"), (request.Method, request.Path, request.Headers["Authorization"]));
        Assert.Equal("alerts_1", request.Json.GetProperty("topic").GetString());
        Assert.Equal($"{Sample.Tricky}: CPU busy", request.Json.GetProperty("title").GetString());
        Assert.Equal(priority, request.Json.GetProperty("priority").GetInt32());
        Assert.Equal(tag, request.Json.GetProperty("tags")[0].GetString());
        Assert.Equal("https://monitor.example.org/alerts/1-17", request.Json.GetProperty("click").GetString());
        Assert.Contains("cpu.percent is 97.3 %", request.Json.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ManyAlerts_StayAMessage()
    {
        var request = await SendAsync(Sample.Fired(500, "сервер"));

        var message = request.Json.GetProperty("message").GetString()!;
        Assert.InRange(Encoding.UTF8.GetByteCount(message), 3000, 4000);
        Assert.Matches(@"\nand \d+ more$", message);
        Assert.False(request.Headers.ContainsKey("Authorization"));
    }

    [Theory]
    [InlineData("topic", "")]
    [InlineData("topic", "a/b")]
    [InlineData("topic", "a b")]
    [InlineData("server", "ntfy.example.org")]
    [InlineData("server", "https://ntfy.example.org/?auth=x")]
    [InlineData("token", "a\nb")]
    [InlineData("priority", "5")]
    public void BadSetting_IsNamed(string name, string value)
    {
        using var http = Sample.Http(Sample.Options());
        var sender = new NtfySender(http, Sample.Options());

        Assert.Equal([name], sender.Errors(Sample.Channel(ChannelKind.Ntfy, ("topic", "a")).Settings.SetItem(name, value))!.Keys);
        Assert.Null(sender.Errors(Sample.Channel(ChannelKind.Ntfy, ("topic", "a")).Settings));
    }

    private static async Task<ReceivedRequest> SendAsync(AlertMessage message, params (string Name, string Value)[] settings)
    {
        await using var server = await HttpStandIn.StartAsync();
        using var http = Sample.Http(Sample.Options());
        var sender = new NtfySender(http, Sample.Options(publicUrl: "https://monitor.example.org"));
        var channel = Sample.Channel(ChannelKind.Ntfy, [("server", new Uri(server.Address, "/sub").ToString()), ("topic", "alerts_1"), .. settings]);
        Assert.Null(sender.Errors(channel.Settings));
        Assert.Equal(SendOutcome.Accepted, (await sender.SendAsync(channel, message, "n-1", CancellationToken.None)).Outcome);
        return await server.NextAsync();
    }
}
