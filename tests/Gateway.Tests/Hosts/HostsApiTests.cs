using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using StatusMonitor.Gateway.Tests.Support;

namespace StatusMonitor.Gateway.Tests.Hosts;

/// <summary>Hosts over REST.</summary>
public sealed class HostsApiTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly RunningServer _server = shared.Server;

    [Fact]
    public async Task NewHost_ComesWithIdTokenAndAddress()
    {
        using var response = await _server.Http.PostAsJsonAsync("/api/v1/hosts", new { name = "  web-1 ü  " });
        var host = await response.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal($"/api/v1/hosts/{host.GetProperty("id").GetInt64()}", response.Headers.Location?.OriginalString);
        Assert.True(host.GetProperty("id").GetInt64() > 0);
        Assert.Equal("web-1 ü", host.GetProperty("name").GetString());
        Assert.Matches("^[0-9a-f]{64}$", host.GetProperty("token").GetString());
        var lifetime = host.GetProperty("tokenExpiresAt").GetDateTimeOffset() - TimeProvider.System.GetUtcNow();
        Assert.InRange(lifetime.TotalSeconds, 240, 300);

        var view = await _server.Http.GetFromJsonAsync<JsonElement>(response.Headers.Location);
        Assert.Equal(("web-1 ü", "pending"), (view.GetProperty("name").GetString(), view.GetProperty("status").GetString()));
        Assert.Equal(JsonValueKind.Null, view.GetProperty("lastSeen").ValueKind);
        Assert.False(view.TryGetProperty("token", out _));
    }

    [Fact]
    public async Task ManyNewHostsAtOnce_EachGetTheirOwnIdAndToken()
    {
        var hosts = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => _server.EnrolAsync($"at once {i}")));
        Assert.Equal(40, hosts.Select(host => host.Id).Distinct().Count());
        Assert.Equal(40, hosts.Select(host => host.Token).Distinct().Count());
        var list = await ListAsync("?search=at%20once&limit=200");
        Assert.Equal(hosts.Select(host => host.Id).Order(), list.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("id").GetInt64()).Order());
    }

    [Theory]
    [InlineData("""{"name":""}""")]
    [InlineData("""{"name":"   "}""")]
    [InlineData("""{"name":null}""")]
    [InlineData("{}")]
    [InlineData("""{"name":"a\u0007b"}""")]
    [InlineData("""{"name":"12345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901"}""")]
    public async Task BadName_Is400NamingTheField(string body)
    {
        var answer = await PostAsync(body);
        answer.AssertProblem(HttpStatusCode.BadRequest, "invalid-request");
        Assert.True(answer.Json.GetProperty("errors").TryGetProperty("name", out _), answer.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"name":7}""")]
    [InlineData("""{"name":"\ud800"}""")]
    public async Task BrokenBody_Is400Problem(string body)
    {
        var answer = await PostAsync(body);
        Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json"), (answer.Status, answer.MediaType));
        Assert.NotEmpty(answer.Json.GetProperty("detail").GetString()!);
    }

    [Fact]
    public async Task BodyThatIsNotJson_Is415Problem()
    {
        using var response = await _server.Http.PostAsync("/api/v1/hosts", new StringContent("name=x", null, "application/x-www-form-urlencoded"));
        (await Answer.OfAsync(response)).AssertProblem(HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");
    }

    [Theory]
    [InlineData("999999")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("9223372036854775807")]
    public async Task UnknownHost_Is404Problem(string id)
    {
        using var response = await _server.Http.GetAsync($"/api/v1/hosts/{id}");
        (await Answer.OfAsync(response)).AssertProblem(HttpStatusCode.NotFound, "host-not-found");
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("1.5")]
    [InlineData("9223372036854775808")]
    [InlineData("1/nothing")]
    public async Task PathOfNoHost_Is404Problem(string path)
    {
        using var response = await _server.Http.GetAsync($"/api/v1/hosts/{path}");
        (await Answer.OfAsync(response)).AssertProblem(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task WrongMethod_Is405ProblemWithTheRightOnes()
    {
        using var response = await _server.Http.DeleteAsync("/api/v1/hosts");
        (await Answer.OfAsync(response)).AssertProblem(HttpStatusCode.MethodNotAllowed, "method-not-allowed");
        Assert.Contains("POST", response.Content.Headers.Allow);
    }

    [Theory]
    [InlineData("status=gone", "status")]
    [InlineData("sort=colour", "sort")]
    [InlineData("offset=-1", "offset")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=201", "limit")]
    [InlineData("group=12345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901", "group")]
    [InlineData("tag=12345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901", "tag")]
    [InlineData("search=12345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901", "search")]
    public async Task BadQuery_Is400NamingTheField(string query, string field)
    {
        using var response = await _server.Http.GetAsync($"/api/v1/hosts?{query}");
        var answer = await Answer.OfAsync(response);
        answer.AssertProblem(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Equal([field], answer.Json.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    [Theory]
    [InlineData("limit=abc", "limit")]
    [InlineData("offset=1.5", "offset")]
    [InlineData("limit=99999999999", "limit")]
    [InlineData("descending=perhaps", "descending")]
    public async Task QueryOfAnotherType_Is400ThatNamesIt(string query, string field)
    {
        using var response = await _server.Http.GetAsync($"/api/v1/hosts?{query}");
        var answer = await Answer.OfAsync(response);
        answer.AssertProblem(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Contains(field, answer.Text, StringComparison.OrdinalIgnoreCase);
    }

    private Task<JsonElement> ListAsync(string query) => _server.Http.GetFromJsonAsync<JsonElement>($"/api/v1/hosts{query}");

    private async Task<Answer> PostAsync(string body)
    {
        using var response = await _server.Http.PostAsync("/api/v1/hosts", EnrolledHost.Json(System.Text.Encoding.UTF8.GetBytes(body)));
        return await Answer.OfAsync(response);
    }
}
