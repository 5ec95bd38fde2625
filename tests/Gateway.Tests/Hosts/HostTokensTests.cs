using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StatusMonitor.Gateway.Tests.Support;
using StatusMonitor.Grains.Hosts;

namespace StatusMonitor.Gateway.Tests.Hosts;

/// <summary>The tokens of a host's agent. Whatever the gateway remembers of an agent, one that is taken back is dead with the next report.</summary>
public sealed class HostTokensTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly RunningServer _server = shared.Server;

    [Fact]
    public async Task NewToken_WorksBesideTheFirst()
    {
        var host = await _server.EnrolAsync();
        var made = await _server.Admin.SendAsync(HttpMethod.Post, $"/api/v1/hosts/{host.Id}/tokens");
        Assert.Equal(HttpStatusCode.Created, made.Status);
        Assert.Matches("^[0-9a-f]{64}$", made.Json.GetProperty("token").GetString());
        Assert.InRange((made.Json.GetProperty("expiresAt").GetDateTimeOffset() - TimeProvider.System.GetUtcNow()).TotalSeconds, 240, 300);

        var second = With(host, made);
        await host.ReportAsync(ReportJson.Report(1, ReportJson.Now()));
        var tokens = await ListAsync(host);
        Assert.Equal([(1, true), (2, false)], tokens.Select(token => (token.GetProperty("id").GetInt32(), token.GetProperty("isActivated").GetBoolean())));
        Assert.Equal(made.Json.GetProperty("id").GetInt32(), tokens[1].GetProperty("id").GetInt32());
        Assert.NotEqual(JsonValueKind.Null, tokens[0].GetProperty("lastUsedAt").ValueKind);
        Assert.Equal(JsonValueKind.Null, tokens[1].GetProperty("lastUsedAt").ValueKind);
        Assert.All(tokens, token => Assert.False(token.TryGetProperty("token", out _)));

        await second.ReportAsync(ReportJson.Report(2, ReportJson.Now()));
        await host.ReportAsync(ReportJson.Report(3, ReportJson.Now()));
        Assert.All(await ListAsync(host), token => Assert.True(token.GetProperty("isActivated").GetBoolean()));
    }

    [Theory]
    [InlineData("/api/v1/reports")]
    [InlineData("/ingest")]
    public async Task RegeneratedToken_KillsAllOthersThoughTheGatewayKnewThem(string path)
    {
        var first = await _server.EnrolAsync();
        var second = With(first, await _server.Admin.SendAsync(HttpMethod.Post, $"/api/v1/hosts/{first.Id}/tokens"));
        foreach (var known in new[] { first, second }) Assert.Equal(HttpStatusCode.OK, (await PostAsync(known, path)).Status);

        var answer = await _server.Admin.SendAsync(HttpMethod.Post, $"/api/v1/hosts/{first.Id}/tokens/regenerate");
        Assert.Equal(HttpStatusCode.OK, answer.Status);

        foreach (var known in new[] { first, second }) Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(known, path)).Status);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(With(first, answer), path)).Status);
        foreach (var known in new[] { first, second }) Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(known, path)).Status);
        Assert.Equal(answer.Json.GetProperty("id").GetInt32(), Assert.Single(await ListAsync(first)).GetProperty("id").GetInt32());
    }

    [Theory]
    [InlineData("/api/v1/reports")]
    [InlineData("/ingest")]
    public async Task RevokedToken_IsDeadOnTheConnectionItHasBeenUsedOn(string path)
    {
        var host = await _server.EnrolAsync();
        var bystander = With(host, await _server.Admin.SendAsync(HttpMethod.Post, $"/api/v1/hosts/{host.Id}/tokens"));
        using var connection = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 1 }) { BaseAddress = _server.Address };
        var agent = new EnrolledHost(connection, host.Id, host.Token);
        for (var i = 0; i < 3; i++) Assert.Equal(HttpStatusCode.OK, (await PostAsync(agent, path)).Status);

        Assert.Equal(HttpStatusCode.NoContent, (await _server.Admin.SendAsync(HttpMethod.Delete, $"/api/v1/hosts/{host.Id}/tokens/1")).Status);

        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(agent, path)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(agent, path)).Status);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(bystander, path)).Status);
        (await _server.Admin.SendAsync(HttpMethod.Delete, $"/api/v1/hosts/{host.Id}/tokens/1")).AssertProblem(HttpStatusCode.NotFound, "token-not-found");
    }

    [Fact]
    public async Task MoreTokensThanAHostMayHave_AreRefused()
    {
        var host = await _server.EnrolAsync();
        var most = _server.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<HostOptions>>().Value.MaxTokens;
        for (var i = 1; i < most; i++) Assert.Equal(HttpStatusCode.Created, (await _server.Admin.SendAsync(HttpMethod.Post, $"/api/v1/hosts/{host.Id}/tokens")).Status);
        (await _server.Admin.SendAsync(HttpMethod.Post, $"/api/v1/hosts/{host.Id}/tokens")).AssertProblem(HttpStatusCode.Conflict, "too-many");
        Assert.Equal(most, (await ListAsync(host)).Length);

        // Taking one back, or all, makes room.
        Assert.Equal(HttpStatusCode.NoContent, (await _server.Admin.SendAsync(HttpMethod.Delete, $"/api/v1/hosts/{host.Id}/tokens/2")).Status);
        Assert.Equal(HttpStatusCode.Created, (await _server.Admin.SendAsync(HttpMethod.Post, $"/api/v1/hosts/{host.Id}/tokens")).Status);
        Assert.Equal(HttpStatusCode.OK, (await _server.Admin.SendAsync(HttpMethod.Post, $"/api/v1/hosts/{host.Id}/tokens/regenerate")).Status);
        Assert.Single(await ListAsync(host));
    }

    [Theory]
    [InlineData("999")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("2147483647")]
    public async Task UnknownToken_Is404(string id)
    {
        var host = await _server.EnrolAsync();
        (await _server.Admin.SendAsync(HttpMethod.Delete, $"/api/v1/hosts/{host.Id}/tokens/{id}")).AssertProblem(HttpStatusCode.NotFound, "token-not-found");
        Assert.Single(await ListAsync(host));
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("1.5")]
    [InlineData("2147483648")]
    public async Task PathOfNoToken_Is404(string id)
    {
        var host = await _server.EnrolAsync();
        (await _server.Admin.SendAsync(HttpMethod.Delete, $"/api/v1/hosts/{host.Id}/tokens/{id}")).AssertProblem(HttpStatusCode.NotFound, "not-found");
        Assert.Single(await ListAsync(host));
    }

    [Fact]
    public async Task RefusedReport_DoesNotMakeATokenPermanent()
    {
        var host = await _server.EnrolAsync();
        Assert.Equal(HttpStatusCode.BadRequest, (await host.PostAsync("{")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await host.PostAsync("""{"reports":[]}""")).Status);
        Assert.False(Assert.Single(await ListAsync(host)).GetProperty("isActivated").GetBoolean());

        await host.ReportAsync(ReportJson.Report(1, ReportJson.Now()));
        Assert.True(Assert.Single(await ListAsync(host)).GetProperty("isActivated").GetBoolean());
    }

    private EnrolledHost With(EnrolledHost host, Answer made) => new(_server.Http, host.Id, made.Json.GetProperty("token").GetString()!);

    private static Task<Answer> PostAsync(EnrolledHost host, string path) => path == "/ingest"
        ? host.IngestAsync("""{"cpu":{"percent":1}}""")
        : host.PostAsync(ReportJson.Batch(ReportJson.Report(1, ReportJson.Now())));

    private async Task<JsonElement[]> ListAsync(EnrolledHost host) => [.. (await _server.Admin.GetAsync($"/api/v1/hosts/{host.Id}/tokens")).Json.EnumerateArray()];
}
