using System.Globalization;
using System.Net;
using System.Text.Json;
using StatusMonitor.Gateway.Tests.Support;
using BotApiStandIn = StatusMonitor.Channels.Tests.Support.BotApiStandIn;

namespace StatusMonitor.Gateway.Tests.Classic;

/// <summary>Rules of the older systems from the first request to what people are told of it, with an agent of the older StatusMonitor.</summary>
public sealed class ClassicAlertWalkTests : IAsyncLifetime
{
    private const string Chat = "123456789";

    // Agents of the older StatusMonitor say when their sample was taken, and the cooldown is counted by that.
    private readonly double _start = Math.Floor(ReportJson.Now() / 1000.0);
    private BotApiStandIn _bot = null!;
    private RunningServer _server = null!;

    public async Task InitializeAsync()
    {
        _bot = (await BotApiStandIn.StartAsync()).WithChat(Chat);
        _server = await RunningServer.StartAsync(options => (options.TelegramBotToken, options.TelegramApiUrl) = (BotApiStandIn.Token, _bot.Address));
    }

    public async Task DisposeAsync()
    {
        // Before the end: a silo that is ended in its first seconds may complain of that.
        var errors = _server.Errors.All;
        await _server.DisposeAsync();
        await _bot.DisposeAsync();
        Assert.Empty(errors);
    }

    [Fact]
    public async Task ClassicRule_IsToldInTelegram_OnceInFiveMinutes_AndIsInTheHistory()
    {
        using var client = new Visitor(_server);
        Assert.Equal(HttpStatusCode.OK, (await client.SendAsync("POST", "/register", """{"username":"al","password":"x"}""")).Status);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["username"] = "al", ["password"] = "x" });
        client.AccessToken = (await client.SendAsync("POST", "/token", form)).Json.GetProperty("access_token").GetString();
        var agent = (await client.SendAsync("POST", "/agents", """{"name":"desktop"}""")).Json;
        var id = agent.GetProperty("id").GetInt64();
        var host = new EnrolledHost(_server.Anonymous, id, agent.GetProperty("token").GetString()!);

        var rule = await client.SendAsync("POST", "/rules", $$"""{"agent_id":"{{id}}","metric_type":"cpu","condition":"gt","threshold":90.0,"enabled":true}""");
        Assert.Equal(HttpStatusCode.OK, rule.Status);
        Assert.Equal(HttpStatusCode.OK, (await client.SendAsync("POST", "/recipient", $$"""{"telegram_chat_id":"{{Chat}}","enabled":true}""")).Status);

        await IngestAsync(host, 0, "cpu", 90);
        await IngestAsync(host, 10, "cpu", 93.25);
        var told = await _bot.NextAsync("the classic alert");
        Assert.Equal("sendMessage", told.Method);
        Assert.Equal(
            (Chat, "🚨 *Alert for desktop*\n\nMetric: CPU\nCurrent Value: 93.2%\nThreshold: > 90.0%\n", "Markdown"),
            (told.Chat, told.Text, told.Body.GetProperty("parse_mode").GetString()));
        Assert.Equal(["chat_id", "text", "parse_mode"], told.Body.EnumerateObject().Select(member => member.Name));

        // In the cooldown nothing, whatever it does; and what comes after it is the next message there is.
        await IngestAsync(host, 20, "cpu", 99);
        await IngestAsync(host, 200, "cpu", 5);
        await IngestAsync(host, 309, "cpu", 98);
        await IngestAsync(host, 310, "cpu", 97.5);
        var again = await _bot.NextAsync("the classic alert after the cooldown");
        Assert.Equal("🚨 *Alert for desktop*\n\nMetric: CPU\nCurrent Value: 97.5%\nThreshold: > 90.0%\n", again.Text);
        Assert.Empty(_bot.Rest());

        var history = (await client.SendAsync("GET", $"/history?agent_id={id}&metric_type=cpu")).Json.EnumerateArray().ToArray();
        Assert.Equal(
            [(97.5, Time(310), again.Text), (93.25, Time(10), told.Text)],
            history.Select(row => (row.GetProperty("value").GetDouble(), row.GetProperty("triggered_at").GetString()!, row.GetProperty("message").GetString()!)));
        Assert.All(history, row => Assert.Equal(
            (rule.Json.GetProperty("id").GetInt64(), $"{id}", "desktop", "gt", 90),
            (row.GetProperty("rule_id").GetInt64(), row.GetProperty("agent_id").GetString()!, row.GetProperty("agent_name").GetString()!, row.GetProperty("condition").GetString()!, row.GetProperty("threshold").GetDouble())));
    }

    [Fact]
    public async Task CheckOfTheDataMonitoringTool_OpensAtItsThreshold_AndResolvesBelowIt()
    {
        var user = await _server.SignInAsync();
        var host = await _server.EnrolAsync("storage-server-04", user);
        var made = await user.SendAsync(HttpMethod.Post, "/api/v1/alerts/rules", """{"name":"disk_space","kind":"threshold","series":"disk.used.percent{mount=*}","condition":"atOrAbove","threshold":90}""");
        Assert.Equal(HttpStatusCode.Created, made.Status);
        var rule = made.Json.GetProperty("id").GetInt64();

        // What changes nothing shows in what comes of it: were the first of these enough, or one without a value an end, there would be more of them, or at other times.
        await IngestAsync(host, 0, "disk", 89.9);
        await IngestAsync(host, 60, "disk", 90);
        await IngestAsync(host, 120, "cpu", 1);
        await IngestAsync(host, 180, "disk", 95);
        await IngestAsync(host, 240, "disk", 89.9);
        await UntilAsync((60, 240, "resolved"));

        // One that is acknowledged is not opened beside itself, and resolves as well; there it stayed for ever.
        await IngestAsync(host, 300, "disk", 92);
        await UntilAsync((300, null, "open"), (60, 240, "resolved"));
        var open = (await IncidentsAsync())[0];
        Assert.Equal(HttpStatusCode.OK, (await user.SendAsync(HttpMethod.Post, $"/api/v1/incidents/{open.GetProperty("id").GetString()}/acknowledge")).Status);
        await UntilAsync((300, null, "acknowledged"), (60, 240, "resolved"));
        await IngestAsync(host, 360, "disk", 93);
        await IngestAsync(host, 420, "disk", 45);
        await UntilAsync((300, 420, "resolved"), (60, 240, "resolved"));

        async Task UntilAsync(params (double OpenedAt, double? ResolvedAt, string State)[] expected)
        {
            (double, double?, string)[] found = [];
            await Patience.Until(
                async () => (found = [.. (await IncidentsAsync()).Select(incident => (After(incident, "openedAt")!.Value, After(incident, "resolvedAt"), incident.GetProperty("state").GetString()!))]).SequenceEqual(expected),
                () => $"incidents {string.Join(", ", expected)}; there are {string.Join(", ", found)}");
        }

        async Task<JsonElement[]> IncidentsAsync() =>
            [.. (await user.GetAsync($"/api/v1/incidents?host={host.Id}&rule={rule}")).Json.GetProperty("incidents").EnumerateArray()];

        double? After(JsonElement incident, string name) =>
            incident.GetProperty(name) is { ValueKind: JsonValueKind.String } time ? (time.GetDateTimeOffset().ToUnixTimeMilliseconds() / 1000.0) - _start : null;
    }

    private string Time(double after) => DateTimeOffset.FromUnixTimeMilliseconds((long)((_start + after) * 1000)).ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);

    private async Task IngestAsync(EnrolledHost host, double after, string section, double percent)
    {
        var answer = await host.IngestAsync(string.Create(CultureInfo.InvariantCulture, $$$"""{"timestamp": {{{_start + after}}}, "{{{section}}}": {"percent": {{{percent}}}}}"""));
        Assert.Equal((HttpStatusCode.OK, """{"status":"received"}"""), (answer.Status, answer.Text));
    }
}
