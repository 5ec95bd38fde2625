using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StatusMonitor.Gateway.Tests.Support;

namespace StatusMonitor.Gateway.Tests.Classic;

/// <summary><c>/agents</c> of the older StatusMonitor, in its words.</summary>
public sealed class ClassicAgentsTests : IAsyncLifetime, IDisposable
{
    private const string Time = @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$";
    private readonly ShiftedTime _time = new();
    private readonly Folder _dashboard = new();
    private RunningServer _server = null!;

    public async Task InitializeAsync()
    {
        _dashboard.Write("index.html", "<!doctype html><title>the page</title>");
        _server = await RunningServer.StartAsync(options => options.Dashboard = _dashboard, services => services.AddSingleton<TimeProvider>(_time));
    }

    public async Task DisposeAsync()
    {
        Assert.Empty(_server.Errors.All);
        await _server.DisposeAsync();
    }

    public void Dispose() => _dashboard.Dispose();

    [Fact]
    public async Task NewAgent_IsAHostAndComesWithItsToken()
    {
        var alice = await _server.SignInAsync();
        var made = await alice.SendAsync(HttpMethod.Post, "/agents", """{"name": "My Desktop"}""");
        Assert.Equal(HttpStatusCode.OK, made.Status);
        var agent = made.Json;
        Assert.Equal(["id", "name", "token", "token_expires_at", "token_activated", "created_at", "last_seen", "is_active"], Names(agent));
        Assert.Equal(("My Desktop", false, true), (agent.GetProperty("name").GetString(), agent.GetProperty("token_activated").GetBoolean(), agent.GetProperty("is_active").GetBoolean()));
        Assert.Matches("^[0-9a-f]{64}$", agent.GetProperty("token").GetString());
        Assert.Matches(Time, agent.GetProperty("created_at").GetString());
        Assert.Matches(Time, agent.GetProperty("token_expires_at").GetString());
        Assert.Equal(300, (agent.GetProperty("token_expires_at").GetDateTimeOffset() - agent.GetProperty("created_at").GetDateTimeOffset()).TotalSeconds, 1.0);
        Assert.Equal(JsonValueKind.Null, agent.GetProperty("last_seen").ValueKind);

        var host = new EnrolledHost(alice.Http, agent.GetProperty("id").GetInt64(), agent.GetProperty("token").GetString()!);
        Assert.Equal(HttpStatusCode.OK, (await host.IngestAsync("""{"cpu":{"percent":1}}""")).Status);
        Assert.Equal(("My Desktop", "online"), ((await host.GetAsync()).GetProperty("name").GetString(), (await host.GetAsync()).GetProperty("status").GetString()));

        var line = Assert.Single((await alice.GetAsync("/agents")).Json.EnumerateArray());
        Assert.Equal(["id", "name", "token_activated", "created_at", "last_seen", "is_active"], Names(line));
        Assert.True(line.GetProperty("token_activated").GetBoolean());
        Assert.Matches(Time, line.GetProperty("last_seen").GetString());
        Assert.Equal(agent.GetProperty("created_at").GetString(), line.GetProperty("created_at").GetString());
    }

    [Fact]
    public async Task AgentById_IsWithoutItsToken()
    {
        var alice = await _server.SignInAsync();
        var made = (await alice.SendAsync(HttpMethod.Post, "/agents", """{"name":"one"}""")).Json;
        var agent = (await alice.GetAsync($"/agents/{made.GetProperty("id")}")).Json;
        Assert.Equal(["id", "name", "token_expires_at", "token_activated", "created_at", "last_seen", "is_active"], Names(agent));
        Assert.All(Names(agent), name => Assert.Equal(made.GetProperty(name).GetRawText(), agent.GetProperty(name).GetRawText()));
    }

    [Fact]
    public async Task OthersAgents_AreNotFound()
    {
        var (alice, bob) = (await _server.SignInAsync(), await _server.SignInAsync());
        var host = await _server.EnrolAsync("hers", alice);
        await alice.SendAsync(HttpMethod.Put, $"/api/v1/hosts/{host.Id}/shares/{Uri.EscapeDataString(bob.Name)}", """{"access":"full"}""");
        foreach (var other in new[] { bob, _server.Admin })
        {
            Assert.Equal("[]", (await other.GetAsync("/agents")).Text);
            AssertRefused(await other.GetAsync($"/agents/{host.Id}"), HttpStatusCode.NotFound, "Agent not found");
            AssertRefused(await other.SendAsync(HttpMethod.Delete, $"/agents/{host.Id}"), HttpStatusCode.NotFound, "Agent not found");
            AssertRefused(await other.SendAsync(HttpMethod.Post, $"/agents/{host.Id}/regenerate-token", "{}"), HttpStatusCode.NotFound, "Agent not found");
        }

        Assert.Equal(HttpStatusCode.OK, (await host.IngestAsync("""{"cpu":{"percent":1}}""")).Status);
    }

    [Fact]
    public async Task DeletedAgent_IsThereByItsIdAlone()
    {
        var alice = await _server.SignInAsync();
        var (deleted, kept) = (await _server.EnrolAsync("deleted", alice), await _server.EnrolAsync("kept", alice));
        await deleted.IngestAsync("""{"cpu":{"percent":1}}""");
        for (var i = 0; i < 2; i++)
        {
            var answer = await alice.SendAsync(HttpMethod.Delete, $"/agents/{deleted.Id}");
            Assert.Equal((HttpStatusCode.OK, """{"message":"Agent deleted successfully"}"""), (answer.Status, answer.Text));
        }

        Assert.Equal([kept.Id], (await alice.GetAsync("/agents")).Json.EnumerateArray().Select(agent => agent.GetProperty("id").GetInt64()));
        var agent = (await alice.GetAsync($"/agents/{deleted.Id}")).Json;
        Assert.Equal(("deleted", false), (agent.GetProperty("name").GetString(), agent.GetProperty("is_active").GetBoolean()));
        AssertRefused(await deleted.IngestAsync("""{"cpu":{"percent":1}}"""), HttpStatusCode.Unauthorized, "Invalid agent token");
        Assert.Equal(Invalid(), (await ValidateAsync(deleted.Token)).Text);
        AssertRefused(await alice.SendAsync(HttpMethod.Post, $"/agents/{deleted.Id}/regenerate-token"), HttpStatusCode.NotFound, "Agent not found");
        Assert.Equal(HttpStatusCode.NotFound, (await alice.GetAsync($"/api/v1/hosts/{deleted.Id}")).Status);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("{}")]
    [InlineData("not json")]
    public async Task RegeneratedToken_KillsTheOldOneAtOnce(string? body)
    {
        var alice = await _server.SignInAsync();
        var old = await _server.EnrolAsync("one", alice);
        await old.IngestAsync("""{"cpu":{"percent":1}}""");
        Assert.True((await alice.GetAsync($"/agents/{old.Id}")).Json.GetProperty("token_activated").GetBoolean());

        var answer = await alice.SendAsync(HttpMethod.Post, $"/agents/{old.Id}/regenerate-token", body);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.False(answer.Json.GetProperty("token_activated").GetBoolean());
        AssertRefused(await old.IngestAsync("""{"cpu":{"percent":1}}"""), HttpStatusCode.Unauthorized, "Invalid agent token");
        var renewed = new EnrolledHost(alice.Http, old.Id, answer.Json.GetProperty("token").GetString()!);
        Assert.Equal(HttpStatusCode.OK, (await renewed.IngestAsync("""{"cpu":{"percent":2}}""")).Status);
    }

    [Fact]
    public async Task Validation_MakesATokenPermanent()
    {
        var alice = await _server.SignInAsync();
        var (used, unused) = (await _server.EnrolAsync("My Desktop", alice), await _server.EnrolAsync("other", alice));
        var answer = await ValidateAsync(used.Token);
        Assert.Equal(
            (HttpStatusCode.OK, $$"""{"valid":true,"agent_id":{{used.Id}},"user_id":{{alice.Id}},"agent_name":"My Desktop","error":null}"""),
            (answer.Status, answer.Text));
        Assert.Matches(Time, (await alice.GetAsync($"/agents/{used.Id}")).Json.GetProperty("last_seen").GetString());

        _time.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(1));
        Assert.True((await ValidateAsync(used.Token)).Json.GetProperty("valid").GetBoolean());
        Assert.Equal(Invalid("\"Token expired. Please regenerate.\""), (await ValidateAsync(unused.Token)).Text);
        var expired = (await alice.GetAsync($"/agents/{unused.Id}")).Json;
        Assert.True(expired.GetProperty("token_expires_at").GetDateTimeOffset() < _time.GetUtcNow());
        Assert.False(expired.GetProperty("token_activated").GetBoolean());
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("ä000000000000000000000000000000000000000000000000000000000000000")]
    public async Task UnknownToken_IsNotValid(string token)
    {
        var answer = await ValidateAsync(token);
        Assert.Equal((HttpStatusCode.OK, Invalid()), (answer.Status, answer.Text));
    }

    [Fact]
    public async Task MissingToken_Is422() => AssertInvalid(await _server.Anonymous.SendAsync(HttpMethod.Post, "/agents/validate-token"), "missing", "query", "token");

    [Theory]
    [InlineData("", "missing", "body")]
    [InlineData("{}", "missing", "body name")]
    [InlineData("""{"name":null}""", "string_type", "body name")]
    [InlineData("""{"name":5}""", "string_type", "body name")]
    [InlineData("""{"name":"\ud800"}""", "string_type", "body name")]
    [InlineData("""{"name":"a\u0000b"}""", "value_error", "body name")]
    [InlineData("{", "json_invalid", "body 1")]
    [InlineData("[]", "model_attributes_type", "body")]
    public async Task BadBody_Is422InFastApisShape(string body, string type, string location)
    {
        var alice = await _server.SignInAsync();
        AssertInvalid(await alice.SendAsync(HttpMethod.Post, "/agents", body), type, location.Split(' '));
        Assert.Equal("[]", (await alice.GetAsync("/agents")).Text);
    }

    [Fact]
    public async Task NameThatIsTooLong_Is422AndAnOversizedBody413()
    {
        var alice = await _server.SignInAsync();
        AssertInvalid(await alice.SendAsync(HttpMethod.Post, "/agents", $$"""{"name":"{{new string('x', 101)}}"}"""), "string_too_long", "body", "name");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await alice.SendAsync(HttpMethod.Post, "/agents", $$"""{"name":"{{new string('x', SmallBodies.MaxBytes)}}"}""")).Status);
        Assert.Equal("[]", (await alice.GetAsync("/agents")).Text);
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("1.5")]
    [InlineData("0x1")]
    public async Task IdThatIsNoNumber_Is422(string id)
    {
        foreach (var (method, path) in new[] { (HttpMethod.Get, ""), (HttpMethod.Delete, ""), (HttpMethod.Post, "/regenerate-token") })
        {
            AssertInvalid(await _server.Admin.SendAsync(method, $"/agents/{id}{path}"), "int_parsing", "path", "agent_id");
        }
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("999999")]
    [InlineData("99999999999999999999999999")]
    public async Task UnknownAgent_Is404(string id)
    {
        AssertRefused(await _server.Admin.GetAsync($"/agents/{id}"), HttpStatusCode.NotFound, "Agent not found");
        AssertRefused(await _server.Admin.SendAsync(HttpMethod.Delete, $"/agents/{id}"), HttpStatusCode.NotFound, "Agent not found");
    }

    [Fact]
    public async Task EmptyName_GetsOne()
    {
        var alice = await _server.SignInAsync();
        var agent = (await alice.SendAsync(HttpMethod.Post, "/agents", """{"name":""}""")).Json;
        Assert.Equal("unnamed", agent.GetProperty("name").GetString());
        Assert.Equal("unnamed", (await alice.SendAsync(HttpMethod.Post, "/agents", """{"name":"  "}""")).Json.GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("GET", "/agents")]
    [InlineData("POST", "/agents")]
    [InlineData("GET", "/agents/1")]
    [InlineData("DELETE", "/agents/1")]
    [InlineData("POST", "/agents/1/regenerate-token")]
    public async Task Stranger_IsRefusedInTheOriginalsWords(string method, string path)
    {
        AssertRefused(await _server.Anonymous.SendAsync(new HttpMethod(method), path), HttpStatusCode.Unauthorized, "Not authenticated");
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "nonsense");
        using var response = await _server.Anonymous.SendAsync(request);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
        AssertRefused(await Answer.OfAsync(response), HttpStatusCode.Unauthorized, "Could not validate credentials");
    }

    [Theory]
    [InlineData("/agents")]
    [InlineData("/agents/1")]
    [InlineData("/agents/abc")]
    public async Task BrowserThatAsksForAPage_GetsThePage(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");
        using var response = await _server.Anonymous.SendAsync(request);
        Assert.Equal((HttpStatusCode.OK, "text/html"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Contains("the page", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static string Invalid(string error = "null") => $$"""{"valid":false,"agent_id":null,"user_id":null,"agent_name":null,"error":{{error}}}""";

    private static string[] Names(JsonElement agent) => [.. agent.EnumerateObject().Select(member => member.Name)];

    private static void AssertRefused(Answer answer, HttpStatusCode status, string detail) =>
        Assert.Equal((status, "application/json", $$"""{"detail":"{{detail}}"}"""), (answer.Status, answer.MediaType, answer.Text));

    private static void AssertInvalid(Answer answer, string type, params string[] location)
    {
        Assert.True(answer.Status == HttpStatusCode.UnprocessableEntity, $"{(int)answer.Status} {answer.Text}");
        var error = Assert.Single(answer.Json.GetProperty("detail").EnumerateArray());
        Assert.Equal(type, error.GetProperty("type").GetString());
        Assert.Equal(location, error.GetProperty("loc").EnumerateArray().Select(part => part.ToString()));
        Assert.NotEmpty(error.GetProperty("msg").GetString()!);
    }

    private Task<Answer> ValidateAsync(string token) => _server.Anonymous.SendAsync(HttpMethod.Post, $"/agents/validate-token?token={Uri.EscapeDataString(token)}");
}
