using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StatusMonitor.Gateway.Tests.Support;
using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Gateway.Tests.Classic;

/// <summary><c>/rules</c>, <c>/recipient</c> and <c>/history</c> of the older StatusMonitor, at both places.</summary>
public sealed class ClassicAlertsTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly RunningServer _server = shared.Server;

    [Theory]
    [InlineData("")]
    [InlineData("/api/alerts")]
    public async Task ARule_IsMade_Listed_AndDeleted(string prefix)
    {
        var (alice, bob) = (await _server.SignInAsync(), await _server.SignInAsync());
        var host = await _server.EnrolAsync("desktop", alice);
        Assert.Equal("[]", (await alice.GetAsync($"{prefix}/rules")).Text);

        var made = await alice.SendAsync(HttpMethod.Post, $"{prefix}/rules", $$"""{"agent_id":"{{host.Id}}","metric_type":"cpu","condition":"gt","threshold":90.5}""");
        Assert.Equal(HttpStatusCode.OK, made.Status);
        var (id, created) = (made.Json.GetProperty("id").GetInt64(), made.Json.GetProperty("created_at").GetString()!);
        Assert.Equal($$"""{"agent_id":"{{host.Id}}","metric_type":"cpu","condition":"gt","threshold":90.5,"enabled":true,"id":{{id}},"user_id":{{alice.Id}},"created_at":"{{created}}"}""", made.Text);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$", created);

        // An id as a number is taken too, and text that is a number or a flag, as it was.
        var second = await alice.SendAsync(HttpMethod.Post, $"{prefix}/rules", $$"""{"agent_id":{{host.Id}},"metric_type":"disk","condition":"lt","threshold":"5","enabled":"no","colour":"red"}""");
        Assert.Equal((HttpStatusCode.OK, $"{host.Id}", 5, false), (second.Status, second.Json.GetProperty("agent_id").GetString(), second.Json.GetProperty("threshold").GetInt32(), second.Json.GetProperty("enabled").GetBoolean()));
        Assert.Equal($"[{made.Text},{second.Text}]", (await alice.GetAsync($"{prefix}/rules")).Text);
        Assert.Equal("[]", (await bob.GetAsync($"{prefix}/rules")).Text);

        // Ours are in the same book, but not here.
        foreach (var missing in new[] { $"{id + 99}", "1", "-1", "99999999999999999999999" })
        {
            AssertDetail(HttpStatusCode.NotFound, "Rule not found", await alice.SendAsync(HttpMethod.Delete, $"{prefix}/rules/{missing}"));
        }

        AssertDetail(HttpStatusCode.NotFound, "Rule not found", await bob.SendAsync(HttpMethod.Delete, $"{prefix}/rules/{id}"));
        AssertInvalid(await alice.SendAsync(HttpMethod.Delete, $"{prefix}/rules/first"), "int_parsing:path.rule_id");
        var deleted = await alice.SendAsync(HttpMethod.Delete, $"{prefix}/rules/{id}");
        Assert.Equal((HttpStatusCode.OK, """{"status":"deleted"}"""), (deleted.Status, deleted.Text));
        Assert.Equal($"[{second.Text}]", (await alice.GetAsync($"{prefix}/rules")).Text);
    }

    [Fact]
    public async Task AClassicRule_IsListedWithOurs_CannotBeChanged_AndCanBeDeleted()
    {
        var alice = await _server.SignInAsync();
        var host = await _server.EnrolAsync("desktop", alice);
        var made = await alice.SendAsync(HttpMethod.Post, "/rules", $$"""{"agent_id":"{{host.Id}}","metric_type":"memory","condition":"gt","threshold":80}""");
        var path = $"/api/v1/alerts/rules/{made.Json.GetProperty("id").GetInt64()}";

        var rule = (await alice.GetAsync(path)).Json;
        Assert.Equal(("classic", "memory", "above", 80, 300, "MEMORY > 80 %"), (
            rule.GetProperty("kind").GetString(), rule.GetProperty("metric").GetString(), rule.GetProperty("condition").GetString(),
            rule.GetProperty("threshold").GetInt32(), rule.GetProperty("cooldownSeconds").GetInt32(), rule.GetProperty("name").GetString()));
        (await alice.SendAsync(HttpMethod.Put, path, """{"name":"x","kind":"offline"}""")).AssertProblem(HttpStatusCode.BadRequest, "invalid-request");
        (await alice.SendAsync(HttpMethod.Patch, path, """{"enabled":false}""")).AssertProblem(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Equal(HttpStatusCode.NoContent, (await alice.SendAsync(HttpMethod.Delete, path)).Status);
        Assert.Equal("[]", (await alice.GetAsync("/rules")).Text);
    }

    [Fact]
    public async Task ARule_NeedsAHostOfOnesOwn()
    {
        var (alice, bob) = (await _server.SignInAsync(), await _server.SignInAsync());
        var host = await _server.EnrolAsync("desktop", alice);
        await alice.SendAsync(HttpMethod.Put, $"/api/v1/hosts/{host.Id}/shares/{Uri.EscapeDataString(bob.Name)}", """{"access":"full"}""");

        foreach (var agent in new[] { $"\"{host.Id}\"", $"{host.Id}", "\"\"", "\"x\"", "-1", "99999999", "\"99999999999999999999\"" })
        {
            AssertDetail(HttpStatusCode.NotFound, "Agent not found or does not belong to you", await bob.SendAsync(HttpMethod.Post, "/rules", $$"""{"agent_id":{{agent}},"metric_type":"cpu","condition":"gt","threshold":90}"""));
        }

        await alice.SendAsync(HttpMethod.Delete, $"/agents/{host.Id}");
        AssertDetail(HttpStatusCode.NotFound, "Agent not found or does not belong to you", await alice.SendAsync(HttpMethod.Post, "/rules", $$"""{"agent_id":"{{host.Id}}","metric_type":"cpu","condition":"gt","threshold":90}"""));
        Assert.Equal("[]", (await alice.GetAsync("/rules")).Text);
        Assert.Equal("[]", (await bob.GetAsync("/rules")).Text);
    }

    [Theory]
    [InlineData("", "missing:body")]
    [InlineData("{", "json_invalid:body.1")]
    [InlineData("[]", "model_attributes_type:body")]
    [InlineData("{}", "missing:body.agent_id", "missing:body.metric_type", "missing:body.condition", "missing:body.threshold")]
    [InlineData("""{"agent_id":1.5,"metric_type":7,"condition":null,"threshold":"high","enabled":"perhaps"}""", "string_type:body.agent_id", "string_type:body.metric_type", "string_type:body.condition", "float_parsing:body.threshold", "bool_parsing:body.enabled")]
    [InlineData("""{"agent_id":true,"metric_type":"cpu","condition":"gt","threshold":[],"enabled":null}""", "string_type:body.agent_id", "float_type:body.threshold", "bool_type:body.enabled")]
    [InlineData("""{"agent_id":"1","metric_type":"network","condition":"ge","threshold":-1}""", "literal_error:body.metric_type", "literal_error:body.condition", "greater_than_equal:body.threshold")]
    [InlineData("""{"agent_id":"1","metric_type":"CPU","condition":"gt","threshold":100.1}""", "literal_error:body.metric_type", "less_than_equal:body.threshold")]
    public async Task ABadRule_IsRefused(string body, params string[] errors)
    {
        AssertInvalid(await _server.Admin.SendAsync(HttpMethod.Post, "/rules", body), errors);
        Assert.Equal("[]", (await _server.Admin.GetAsync("/rules")).Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/api/alerts")]
    public async Task TheRecipient_IsNothing_ThenWhatWasSaved(string prefix)
    {
        var (alice, bob) = (await _server.SignInAsync(), await _server.SignInAsync());
        var none = await alice.GetAsync($"{prefix}/recipient");
        Assert.Equal((HttpStatusCode.OK, "application/json", "null"), (none.Status, none.MediaType, none.Text));

        var saved = await alice.SendAsync(HttpMethod.Post, $"{prefix}/recipient", """{"telegram_chat_id":"123456789"}""");
        var (id, created) = (saved.Json.GetProperty("id").GetInt64(), saved.Json.GetProperty("created_at").GetString());
        Assert.Equal((HttpStatusCode.OK, $$"""{"telegram_chat_id":"123456789","enabled":true,"id":{{id}},"user_id":{{alice.Id}},"created_at":"{{created}}"}"""), (saved.Status, saved.Text));
        Assert.Equal(saved.Text, (await alice.GetAsync($"{prefix}/recipient")).Text);
        Assert.Equal("null", (await bob.GetAsync($"{prefix}/recipient")).Text);

        // Its dashboard sends back the whole object; only the two count.
        var changed = await alice.SendAsync(HttpMethod.Post, $"{prefix}/recipient", """{"telegram_chat_id":"","enabled":false,"id":77,"user_id":1,"created_at":"yesterday"}""");
        Assert.Equal(saved.Text.Replace("123456789", "", StringComparison.Ordinal).Replace("true", "false", StringComparison.Ordinal), changed.Text);
        Assert.Equal(changed.Text, (await alice.GetAsync($"{prefix}/recipient")).Text);
    }

    [Fact]
    public async Task RecipientsThatAreSavedAtOnce_AreOne()
    {
        var alice = await _server.SignInAsync();
        var saved = await Task.WhenAll(Enumerable.Range(1, 8).Select(chat => alice.SendAsync(HttpMethod.Post, "/recipient", $$"""{"telegram_chat_id":"{{chat}}"}""")));

        Assert.All(saved, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        var channels = await Desk(alice).GetChannels();
        Assert.True(Assert.Single(channels).IsClassic);
    }

    [Theory]
    [InlineData("{}", "missing:body.telegram_chat_id")]
    [InlineData("""{"telegram_chat_id":null}""", "string_type:body.telegram_chat_id")]
    [InlineData("""{"telegram_chat_id":["1"],"enabled":2}""", "string_type:body.telegram_chat_id", "bool_parsing:body.enabled")]
    [InlineData("""{"telegram_chat_id":"a\nb"}""", "value_error:body.telegram_chat_id")]
    [InlineData("""{"telegram_chat_id":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}""", "string_too_long:body.telegram_chat_id")]
    public async Task ABadRecipient_IsRefused(string body, params string[] errors)
    {
        AssertInvalid(await _server.Admin.SendAsync(HttpMethod.Post, "/recipient", body), errors);
        Assert.Equal("null", (await _server.Admin.GetAsync("/recipient")).Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/api/alerts")]
    public async Task History_IsWhatWasTold_NewestFirst_AndCleared(string prefix)
    {
        var (alice, bob) = (await _server.SignInAsync(), await _server.SignInAsync());
        var host = await _server.EnrolAsync("my_desktop", alice);
        var made = await alice.SendAsync(HttpMethod.Post, "/rules", $$"""{"agent_id":"{{host.Id}}","metric_type":"cpu","condition":"gt","threshold":90}""");
        var rule = (await _server.Services.GetRequiredService<IGrainFactory>().GetGrain<IRuleBookGrain>(alice.Id).Get()).Single(rule => rule.Id == made.Json.GetProperty("id").GetInt64());
        await Desk(alice).Accept([Told(alice, host.Id, 9001, rule, 93.25), Told(alice, host.Id, 9002, rule with { Id = 400, ClassicMetric = "disk" }, 95), Told(alice, host.Id + 1, 9003, rule, 99)]);

        var rows = (await alice.GetAsync($"{prefix}/history")).Json.EnumerateArray().ToArray();
        Assert.Equal([99, 95, 93.25], rows.Select(row => row.GetProperty("value").GetDouble()));
        var first = rows[2];
        Assert.Equal(
            $$"""{"id":{{first.GetProperty("id").GetInt64()}},"rule_id":{{rule.Id}},"agent_id":"{{host.Id}}","agent_name":"my_desktop","metric_type":"cpu","condition":"gt","threshold":90,"value":93.25,"message":""" +
            "\"\\uD83D\\uDEA8 *Alert for my*\\\\_*desktop*\\n\\nMetric: CPU\\nCurrent Value: 93.2%\\nThreshold: \\u003E 90.0%\\n\"" + ""","triggered_at":"2026-01-01T11:01:00.000000Z"}""",
            first.GetRawText());
        Assert.Equal(JsonValueKind.Null, rows[1].GetProperty("rule_id").ValueKind);

        Assert.Equal<double[]>([95, 93.25], await ValuesAsync($"agent_id={host.Id}"));
        Assert.Equal<double[]>([95], await ValuesAsync("metric_type=disk"));
        Assert.Equal<double[]>([95], await ValuesAsync("limit=1&offset=1"));
        foreach (var empty in new[] { "agent_id=x", "agent_id=", "agent_id=0", "metric_type=CPU", "offset=3", "offset=99999999999" }) Assert.Empty(await ValuesAsync(empty));
        Assert.Equal("[]", (await bob.GetAsync($"{prefix}/history?agent_id={host.Id}")).Text);

        foreach (var user in new[] { bob, alice })
        {
            var cleared = await user.SendAsync(HttpMethod.Delete, $"{prefix}/history");
            Assert.Equal((HttpStatusCode.OK, """{"status":"cleared"}"""), (cleared.Status, cleared.Text));
            Assert.Equal(user == bob ? 3 : 0, (await alice.GetAsync($"{prefix}/history")).Json.GetArrayLength());
        }

        async Task<double[]> ValuesAsync(string query) =>
            [.. (await alice.GetAsync($"{prefix}/history?{query}")).Json.EnumerateArray().Select(row => row.GetProperty("value").GetDouble())];
    }

    [Theory]
    [InlineData("limit=0", "Limit must be between 1 and 1000")]
    [InlineData("limit=1001", "Limit must be between 1 and 1000")]
    [InlineData("limit=-1&offset=-1", "Limit must be between 1 and 1000")]
    [InlineData("offset=-1", "Offset must be non-negative")]
    public async Task ABadPage_IsRefused(string query, string detail) => AssertDetail(HttpStatusCode.BadRequest, detail, await _server.Admin.GetAsync($"/history?{query}"));

    [Fact]
    public async Task APageThatIsNoNumber_IsRefused() => AssertInvalid(await _server.Admin.GetAsync("/history?limit=ten&offset="), "int_parsing:query.limit", "int_parsing:query.offset");

    [Theory]
    [InlineData("GET", "/rules")]
    [InlineData("POST", "/rules")]
    [InlineData("DELETE", "/rules/1")]
    [InlineData("GET", "/recipient")]
    [InlineData("POST", "/recipient")]
    [InlineData("GET", "/history")]
    [InlineData("DELETE", "/history")]
    public async Task WithoutAToken_AndWithABadOne_ItSaysSoInItsWords(string method, string path)
    {
        using var visitor = new Visitor(_server);
        foreach (var prefix in new[] { "", "/api/alerts" })
        {
            AssertDetail(HttpStatusCode.Unauthorized, "Missing authentication", await visitor.SendAsync(method, prefix + path));
            AssertDetail(HttpStatusCode.Unauthorized, "Invalid token", await visitor.SendAsync(method, prefix + path, headers: ("Authorization", "Bearer nonsense")));
        }
    }

    [Theory]
    [InlineData("/rules")]
    [InlineData("/recipient")]
    [InlineData("/history")]
    public async Task ABrowserGetsThePage_AndEverybodyElseTheAnswer(string path)
    {
        using var dashboard = new Folder();
        dashboard.Write("index.html", "<!doctype html><title>the page</title>");
        await using var server = await RunningServer.StartAsync(options => options.Dashboard = dashboard);
        using var visitor = new Visitor(server);
        var nothing = path == "/recipient" ? "null" : "[]";
        foreach (var token in new[] { null, server.Admin.AccessToken })
        {
            // A page is for everybody; the dashboard asks who it is.
            visitor.AccessToken = token;
            var page = await visitor.SendAsync("GET", path, headers: ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"));
            Assert.Equal((HttpStatusCode.OK, "text/html", "<!doctype html><title>the page</title>"), (page.Status, page.MediaType, page.Text));

            foreach (var accept in new[] { "*/*", "application/json, text/plain, */*", "application/json", null })
            {
                var answer = await (accept is null ? visitor.SendAsync("GET", path) : visitor.SendAsync("GET", path, headers: ("Accept", accept)));
                if (token is null) AssertDetail(HttpStatusCode.Unauthorized, "Missing authentication", answer);
                else Assert.Equal((HttpStatusCode.OK, "application/json", nothing), (answer.Status, answer.MediaType, answer.Text));
            }

            // No page is there, so a browser gets the answer as well.
            var below = await visitor.SendAsync("GET", $"/api/alerts{path}", headers: ("Accept", "text/html"));
            Assert.Equal(token is null ? HttpStatusCode.Unauthorized : HttpStatusCode.OK, below.Status);
        }
    }

    [Fact]
    public async Task TheAlertServiceSaysThatItIsThere()
    {
        using var visitor = new Visitor(_server);
        var answer = await visitor.SendAsync("GET", "/api/alerts/health");
        Assert.Equal((HttpStatusCode.OK, "application/json", """{"status":"ok"}"""), (answer.Status, answer.MediaType, answer.Text));
    }

    [Fact]
    public async Task ABodyThatIsTooLarge_IsRefused()
    {
        var answer = await _server.Admin.SendAsync(HttpMethod.Post, "/rules", $$"""{"agent_id":"{{new string('1', 70_000)}}"}""");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.Status);
        Assert.NotEmpty(answer.Json.GetProperty("detail").GetString()!);
    }

    private static AlertTransition Told(SignedIn user, long hostId, int number, AlertRule rule, double value) => new()
    {
        Id = $"{hostId}-{number}", IncidentId = $"{hostId}-{number}", AccountId = user.Id, Kind = TransitionKind.Classic, At = new DateTimeOffset(2026, 1, 1, 2, number - 9000, 0, TimeSpan.FromHours(-9)),
        HostId = hostId, HostName = "my_desktop", Rule = rule, Value = value,
    };

    private IAlertDeskGrain Desk(SignedIn user) => _server.Services.GetRequiredService<IGrainFactory>().GetGrain<IAlertDeskGrain>(user.Id);

    private static void AssertDetail(HttpStatusCode status, string detail, Answer answer) =>
        Assert.Equal((status, JsonSerializer.Serialize(new { detail })), (answer.Status, answer.Text));

    private static void AssertInvalid(Answer answer, params string[] errors)
    {
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        var found = answer.Json.GetProperty("detail").EnumerateArray().Select(error => string.Create(CultureInfo.InvariantCulture, $"{error.GetProperty("type").GetString()}:{string.Join('.', error.GetProperty("loc").EnumerateArray())}"));
        Assert.Equal(errors, found);
    }
}
