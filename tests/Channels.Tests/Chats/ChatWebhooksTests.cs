using StatusMonitor.Channels.Chats;
using StatusMonitor.Channels.Net;
using StatusMonitor.Channels.Tests.Support;
using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Channels.Tests.Chats;

public sealed class ChatWebhooksTests
{
    [Fact]
    public async Task Slack_ShowsNamesAsTheyAre_AndMentionsNobody()
    {
        var json = (await SendAsync(ChannelKind.Slack, Sample.Fired(host: Sample.Tricky))).Json;

        var text = json.GetProperty("text").GetString()!;
        Assert.StartsWith("🔴 web_1 *x* [a](b) &lt;b&gt;&amp;`~@\u200Bchannel &lt;!here&gt; \"q\"\\: CPU busy", text, StringComparison.Ordinal);
        Assert.EndsWith("\n<https://monitor.example.org/alerts/1-17>", text, StringComparison.Ordinal);
        Assert.False(json.GetProperty("mrkdwn").GetBoolean());
        Assert.False(json.GetProperty("link_names").GetBoolean());
        Assert.Equal("none", json.GetProperty("parse").GetString());
    }

    [Fact]
    public async Task Discord_ShowsNamesAsTheyAre_AndMentionsNobody()
    {
        var json = (await SendAsync(ChannelKind.Discord, Sample.Fired(host: Sample.Tricky))).Json;

        var text = json.GetProperty("content").GetString()!;
        Assert.StartsWith(@"**🔴 web\_1 \*x\* \[a\]\(b\) \<b\>&\`\~@channel \<!here\> ""q""\\\: CPU busy**", text, StringComparison.Ordinal);
        Assert.EndsWith("\n<https://monitor.example.org/alerts/1-17>", text, StringComparison.Ordinal);
        Assert.Empty(json.GetProperty("allowed_mentions").GetProperty("parse").EnumerateArray());
    }

    [Theory]
    [InlineData(ChannelKind.Slack, "text", 4000)]
    [InlineData(ChannelKind.Discord, "content", 2000)]
    public async Task ManyAlerts_KeepToTheLimit(ChannelKind kind, string member, int limit)
    {
        var text = (await SendAsync(kind, Sample.Fired(300, "web_*_") with { Text = new string('_', 5000) })).Json.GetProperty(member).GetString()!;

        Assert.InRange(text.Length, limit * 3 / 4, limit);
        Assert.Matches(@"\nand \d+ more\n", text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("hooks.slack.com/services/x")]
    [InlineData("javascript:alert(1)")]
    public void BadAddress_IsNamed(string url)
    {
        using var http = Sample.Http(Sample.Options());
        foreach (var sender in Senders(http))
        {
            Assert.Equal(["url"], sender.Errors(Sample.Channel(sender.Kind, ("url", url)).Settings)!.Keys);
            Assert.Equal(["channel"], sender.Errors(Sample.Channel(sender.Kind, ("url", "https://example.org/x"), ("channel", "#a")).Settings)!.Keys);
            Assert.Null(sender.Errors(Sample.Channel(sender.Kind, ("url", "https://example.org/x")).Settings));
            Assert.Equal("url", Assert.Single(sender.Secrets));
        }
    }

    private static IChannelSender[] Senders(ChannelHttp http)
    {
        var options = Sample.Options(publicUrl: "https://monitor.example.org");
        return [new SlackSender(http, options), new DiscordSender(http, options)];
    }

    private static async Task<ReceivedRequest> SendAsync(ChannelKind kind, AlertMessage message)
    {
        await using var server = await HttpStandIn.StartAsync();
        using var http = Sample.Http(Sample.Options());
        var result = await Senders(http).Single(sender => sender.Kind == kind).SendAsync(Sample.Channel(kind, ("url", server.Address.ToString())), message, "n-1", CancellationToken.None);
        Assert.Equal(SendOutcome.Accepted, result.Outcome);
        return await server.NextAsync();
    }
}
