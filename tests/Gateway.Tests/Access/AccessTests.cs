using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using StatusMonitor.Gateway.Tests.Support;

namespace StatusMonitor.Gateway.Tests.Access;

/// <summary>Which tokens open what.</summary>
public sealed class AccessTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly RunningServer _server = shared.Server;

    public static TheoryData<string, string> Places => new()
    {
        { "GET", "/api/v1/hosts" },
        { "GET", "/api/v1/hosts/1" },
        { "POST", "/api/v1/hosts" },
        { "POST", "/hubs/live/negotiate?negotiateVersion=1" },
        { "GET", "/hubs/live" },
        { "GET", "/api/v1/account" },
        { "POST", "/api/v1/account/password" },
        { "GET", "/api/v1/account/sessions" },
        { "DELETE", "/api/v1/account/sessions" },
        { "DELETE", "/api/v1/account/sessions/1" },
        { "GET", "/api/v1/account/enrolment-tokens" },
        { "POST", "/api/v1/account/enrolment-tokens" },
        { "DELETE", "/api/v1/account/enrolment-tokens/1" },
        { "GET", "/api/v1/users" },
        { "POST", "/api/v1/users" },
        { "PATCH", "/api/v1/users/1" },
        { "DELETE", "/api/v1/users/1?hosts=delete" },
        { "POST", "/api/v1/users/1/password" },
        { "GET", "/api/v1/audit" },
    };

    /// <summary>What is changed about a good token, by its name.</summary>
    private static readonly Dictionary<string, Func<JsonObject, byte[], string>> Forgeries = new()
    {
        ["another key"] = (claims, _) => Jwt.Make(claims, Encoding.ASCII.GetBytes("another key that is long enough for anybody")),
        ["no key"] = (claims, _) => Jwt.Make(claims, []),
        ["algorithm none"] = (claims, key) => Jwt.Make(claims, key, "none"),
        ["another algorithm"] = (claims, key) => Jwt.Make(claims, key, "HS512"),
        ["expired"] = (claims, key) => Jwt.Make(With(claims, "exp", ReportJson.Now() / 1000 - 1), key),
        ["expires never"] = (claims, key) => Jwt.Make(Without(claims, "exp"), key),
        ["a refresh token"] = (claims, key) => Jwt.Make(With(claims, "type", "refresh"), key),
        ["no type"] = (claims, key) => Jwt.Make(Without(claims, "type"), key),
        ["type is no text"] = (claims, key) => Jwt.Make(With(claims, "type", 7), key),
        ["no session"] = (claims, key) => Jwt.Make(Without(claims, "sid"), key),
        ["another session"] = (claims, key) => Jwt.Make(With(claims, "sid", Guid.NewGuid().ToString()), key),
        ["session is no id"] = (claims, key) => Jwt.Make(With(claims, "sid", "x"), key),
        ["no account"] = (claims, key) => Jwt.Make(Without(claims, "uid"), key),
        ["another account"] = (claims, key) => Jwt.Make(With(claims, "uid", claims["uid"]!.GetValue<long>() + 1), key),
        ["account 0"] = (claims, key) => Jwt.Make(With(claims, "uid", 0), key),
        ["account below 0"] = (claims, key) => Jwt.Make(With(claims, "uid", -1), key),
        ["account is no number"] = (claims, key) => Jwt.Make(With(claims, "uid", "one"), key),
        ["as the classic server's"] = (claims, key) => Jwt.Make(new JsonObject { ["sub"] = "admin", ["exp"] = claims["exp"]!.DeepClone(), ["type"] = "access" }, key),
    };

    public static TheoryData<string> ForgeryNames => [.. Forgeries.Keys];

    [Theory]
    [MemberData(nameof(Places))]
    public async Task WithoutAToken_Is401Problem(string method, string path)
    {
        using var nobody = new Visitor(_server);
        var answer = await nobody.SendAsync(method, path, "{}");
        answer.AssertProblem(HttpStatusCode.Unauthorized, "not-signed-in");
        Assert.Contains(answer.Headers.WwwAuthenticate, challenge => challenge.Scheme == "Bearer");
    }

    [Theory]
    [MemberData(nameof(ForgeryNames))]
    public async Task ForgedToken_OpensNothing(string name)
    {
        var claims = Jwt.Claims(_server.Admin.AccessToken);
        // The forger's tools are right: what he has not changed is let in.
        using var visitor = new Visitor(_server) { AccessToken = Jwt.Make(claims, Jwt.KeyOf(_server)) };
        Assert.True(await visitor.IsLetInAsync());

        visitor.AccessToken = Forgeries[name](claims, Jwt.KeyOf(_server));
        foreach (var (method, path) in Places.Select(row => ((string)row[0], (string)row[1])))
        {
            (await visitor.SendAsync(method, path, "{}")).AssertProblem(HttpStatusCode.Unauthorized, "not-signed-in");
        }
    }

    [Theory]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer x")]
    [InlineData("Bearer a.b.c")]
    [InlineData("Bearer ..")]
    [InlineData("Bearer TOKENx")]
    [InlineData("Bearer TOKEN TOKEN")]
    [InlineData("Basic TOKEN")]
    [InlineData("TOKEN")]
    [InlineData("Bearer LONG")]
    public async Task HeaderThatIsNoBearer_OpensNothing(string header)
    {
        using var visitor = new Visitor(_server);
        var value = header.Replace("TOKEN", _server.Admin.AccessToken, StringComparison.Ordinal).Replace("LONG", new string('x', 8000), StringComparison.Ordinal);
        (await visitor.SendAsync("GET", "/api/v1/hosts", null, ("Authorization", value))).AssertProblem(HttpStatusCode.Unauthorized, "not-signed-in");
    }

    [Theory]
    [InlineData("bearer TOKEN")]
    [InlineData("BEARER   TOKEN  ")]
    public async Task SchemeInWhateverCase_IsLetIn(string header)
    {
        using var visitor = new Visitor(_server);
        var answer = await visitor.SendAsync("GET", "/api/v1/hosts", null, ("Authorization", header.Replace("TOKEN", _server.Admin.AccessToken, StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    [Fact]
    public async Task TokenInTheQuery_OpensTheHubAndNothingElse()
    {
        using var visitor = new Visitor(_server);
        var token = _server.Admin.AccessToken;
        Assert.Equal(HttpStatusCode.OK, (await visitor.SendAsync("POST", $"/hubs/live/negotiate?negotiateVersion=1&access_token={token}")).Status);
        (await visitor.SendAsync("GET", $"/api/v1/hosts?access_token={token}")).AssertProblem(HttpStatusCode.Unauthorized, "not-signed-in");
        (await visitor.SendAsync("GET", $"/api/v1/account?access_token={token}")).AssertProblem(HttpStatusCode.Unauthorized, "not-signed-in");
        (await visitor.SendAsync("POST", "/hubs/live/negotiate?negotiateVersion=1&access_token=x")).AssertProblem(HttpStatusCode.Unauthorized, "not-signed-in");
    }

    [Fact]
    public async Task WebSocketWithoutAToken_IsRefused()
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(new UriBuilder(_server.Address) { Scheme = "ws", Path = "/hubs/live" }.Uri, CancellationToken.None));
        Assert.Equal(HttpStatusCode.Unauthorized, socket.HttpStatusCode);
    }

    [Fact]
    public async Task AgentsToken_DoesNotOpenTheApi()
    {
        var host = await _server.EnrolAsync();
        using var visitor = new Visitor(_server) { AccessToken = host.Token };
        (await visitor.SendAsync("GET", "/api/v1/hosts", null, ("X-Agent-Token", host.Token))).AssertProblem(HttpStatusCode.Unauthorized, "not-signed-in");
    }

    [Fact]
    public async Task Agents_NeedNoAccount()
    {
        var host = await _server.EnrolAsync();
        using var request = host.Request(new StringContent(ReportJson.Batch(ReportJson.Report(1, ReportJson.Now()))));
        using var response = await _server.Anonymous.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task PersonAtTheMachine_NeedsAnAccountToo()
    {
        using var visitor = new Visitor(_server);
        (await visitor.SendAsync("GET", "/api/v1/hosts", null, ("Host", "localhost"))).AssertProblem(HttpStatusCode.Unauthorized, "not-signed-in");
    }

    [Fact]
    public async Task AdministratorsEndpoints_AreForAdministratorsAtThatMoment()
    {
        var user = await _server.SignInAsync();
        using var visitor = new Visitor(_server) { AccessToken = user.AccessToken };
        foreach (var (method, path) in Places.Select(row => ((string)row[0], (string)row[1])).Where(place => place.Item2.StartsWith("/api/v1/users", StringComparison.Ordinal) || place.Item2.StartsWith("/api/v1/audit", StringComparison.Ordinal)))
        {
            (await visitor.SendAsync(method, path, "{}")).AssertProblem(HttpStatusCode.Forbidden, "not-allowed");
        }

        // The same token, before and after the role changes.
        using var admin = new Visitor(_server) { AccessToken = _server.Admin.AccessToken };
        Assert.Equal(HttpStatusCode.OK, (await admin.SendAsync("PATCH", $"/api/v1/users/{user.Id}", new { role = "administrator" })).Status);
        Assert.Equal(HttpStatusCode.OK, (await visitor.SendAsync("GET", "/api/v1/users")).Status);
        Assert.Equal(HttpStatusCode.OK, (await admin.SendAsync("PATCH", $"/api/v1/users/{user.Id}", new { role = "user" })).Status);
        (await visitor.SendAsync("GET", "/api/v1/users")).AssertProblem(HttpStatusCode.Forbidden, "not-allowed");
    }

    private static JsonObject With(JsonObject claims, string name, JsonNode value)
    {
        var changed = claims.DeepClone().AsObject();
        changed[name] = value;
        return changed;
    }

    private static JsonObject Without(JsonObject claims, string name)
    {
        var changed = claims.DeepClone().AsObject();
        changed.Remove(name);
        return changed;
    }
}
