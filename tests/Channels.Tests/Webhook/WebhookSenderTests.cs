using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using StatusMonitor.Channels.Net;
using StatusMonitor.Channels.Tests.Support;
using StatusMonitor.Channels.Webhook;
using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Channels.Tests.Webhook;

public sealed class WebhookSenderTests : IAsyncLifetime
{
    private readonly FixedTime _time = new();
    private HttpStandIn _server = null!;
    private ChannelHttp _http = null!;
    private WebhookSender _sender = null!;

    public async Task InitializeAsync()
    {
        _server = await HttpStandIn.StartAsync();
        var options = Sample.Options(publicUrl: "https://monitor.example.org/");
        _http = Sample.Http(options, _time);
        _sender = new WebhookSender(_http, options, _time);
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Default_IsTheDocumentedShape()
    {
        var request = await SendAsync(Sample.Fired(2, Sample.Tricky));

        Assert.Equal(("POST", "/hook?a=b", "application/json", "n-1"), (request.Method, request.Path, request.Headers["Content-Type"], request.Headers["Idempotency-Key"]));
        var json = request.Json;
        Assert.Equal("n-1", json.GetProperty("id").GetString());
        Assert.Equal("fired", json.GetProperty("kind").GetString());
        Assert.Equal("2 hosts offline", json.GetProperty("title").GetString());
        Assert.Equal("critical", json.GetProperty("severity").GetString());
        Assert.Equal("2026-11-22T12:00:00+00:00", json.GetProperty("at").GetString());
        Assert.Equal("https://monitor.example.org/alerts", json.GetProperty("url").GetString());
        Assert.Equal(2, json.GetProperty("count").GetInt32());
        var alert = json.GetProperty("alerts")[0];
        Assert.Equal(Sample.Tricky + "-1", alert.GetProperty("host").GetProperty("name").GetString());
        Assert.Equal(1, alert.GetProperty("host").GetProperty("id").GetInt64());
        Assert.Equal("1-17", alert.GetProperty("incident").GetString());
        Assert.Equal("https://monitor.example.org/alerts/1-17", alert.GetProperty("url").GetString());
        Assert.True(alert.GetProperty("isOpen").GetBoolean());
        Assert.Equal("ffmpeg", alert.GetProperty("processes")[0].GetProperty("name").GetString());
        Assert.False(request.Headers.ContainsKey("X-StatusMonitor-Signature"));
    }

    [Fact]
    public async Task Template_IsFilled_WhateverTheNamesAre()
    {
        const string template = """{"summary": "{{ title }} / {{host}} / {{rule}}", "n": {{count}}, "all": {{alerts}}, "level": "{{severity}}", "when": "{{at}}", "key": "{{id}}", "go": "{{url}}", "more": "{{message}}"}""";
        var name = Sample.Tricky + "\n\"},\"injected\":true,{\"";

        var json = (await SendAsync(Sample.Fired(host: name), ("template", template))).Json;

        Assert.Equal($"{name}: CPU busy / {name} / CPU busy", json.GetProperty("summary").GetString());
        Assert.Equal(1, json.GetProperty("n").GetInt32());
        Assert.Equal(name, json.GetProperty("all")[0].GetProperty("host").GetProperty("name").GetString());
        Assert.Equal(("critical", "2026-11-22T12:00:00Z", "n-1", "https://monitor.example.org/alerts/1-17"),
            (json.GetProperty("level").GetString(), json.GetProperty("when").GetString(), json.GetProperty("key").GetString(), json.GetProperty("go").GetString()));
        Assert.False(json.TryGetProperty("injected", out _));
    }

    [Fact]
    public async Task PlaceInAName_IsNotFilled()
    {
        var json = (await SendAsync(Sample.Fired(host: "{{url}}"), ("template", """{"t": "{{title}}"}"""))).Json;

        Assert.Equal("{{url}}: CPU busy", json.GetProperty("t").GetString());
    }

    [Fact]
    public async Task Secret_SignsTimeAndBody()
    {
        var request = await SendAsync(Sample.Fired(), ("secret", "geheim ü"));

        var timestamp = request.Headers["X-StatusMonitor-Timestamp"];
        Assert.Equal(_time.Now.ToUnixTimeSeconds().ToString(), timestamp);
        using var hmac = new HMACSHA256(Encoding.UTF8.GetBytes("geheim ü"));
        var expected = hmac.ComputeHash([.. Encoding.UTF8.GetBytes($"{timestamp}."), .. request.Body]);
        Assert.Equal($"sha256={Convert.ToHexStringLower(expected)}", request.Headers["X-StatusMonitor-Signature"]);
    }

    [Fact]
    public async Task OwnHeaders_AreSent()
    {
        var request = await SendAsync(Sample.Fired(), ("header.Authorization", "Bearer abc"), ("header.X-Team", "ops"));

        Assert.Equal(("Bearer abc", "ops"), (request.Headers["Authorization"], request.Headers["X-Team"]));
    }

    [Fact]
    public void GoodSettings_HaveNoErrors() => Assert.Null(_sender.Errors(Settings(
        ("url", "https://example.org/hook?x=1"), ("secret", "s"), ("header.X-A", "b"), ("template", "{\n \"t\": \"{{title}}\"\n}"))));

    [Theory]
    [InlineData("url", "")]
    [InlineData("url", "example.org")]
    [InlineData("url", "ftp://example.org/")]
    [InlineData("url", "file:///etc/passwd")]
    [InlineData("url", "https://user:pass@example.org/")]
    [InlineData("url", "https://example.org/\r\nX: y")]
    [InlineData("template", "not json")]
    [InlineData("template", "{\"t\": {{title}}}")]
    [InlineData("template", "{\"t\": \"{{alerts}}\"}")]
    [InlineData("template", "{\"t\": \"{{password}}\"}")]
    [InlineData("header.Host", "x")]
    [InlineData("header.content-length", "5")]
    [InlineData("header.Transfer-Encoding", "chunked")]
    [InlineData("header.", "x")]
    [InlineData("header.a b", "x")]
    [InlineData("header.X", "a\r\nY: b")]
    [InlineData("header.X", "ü")]
    [InlineData("header.X", "")]
    [InlineData("secret", "a\0b")]
    [InlineData("colour", "red")]
    public void BadSetting_IsNamed(string name, string value)
    {
        var errors = _sender.Errors(Settings(("url", "https://example.org/")).SetItem(name, value));

        Assert.Equal([name], errors!.Keys);
    }

    [Fact]
    public void TooMuch_IsRefused()
    {
        Assert.Equal(["template"], _sender.Errors(Settings(("url", "https://example.org/"), ("template", JsonSerializer.Serialize(new string('x', 10_000)))))!.Keys);
        Assert.Equal(["url"], _sender.Errors(Settings(("url", "https://example.org/" + new string('x', 3000))))!.Keys);
        var headers = Enumerable.Range(0, 11).Select(i => ($"header.X-{i:00}", "a")).Append(("url", "https://example.org/")).ToArray();
        Assert.Equal(["header.X-10"], _sender.Errors(Settings(headers))!.Keys);
    }

    private static ImmutableDictionary<string, string> Settings(params (string Name, string Value)[] settings) => Sample.Channel(ChannelKind.Webhook, settings).Settings;

    private async Task<ReceivedRequest> SendAsync(AlertMessage message, params (string Name, string Value)[] settings)
    {
        var channel = Sample.Channel(ChannelKind.Webhook, [("url", new Uri(_server.Address, "/hook?a=b").ToString()), .. settings]);
        Assert.Null(_sender.Errors(channel.Settings));
        Assert.Equal(new SendResult(SendOutcome.Accepted), await _sender.SendAsync(channel, message, "n-1", CancellationToken.None));
        return await _server.NextAsync();
    }
}
