using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using StatusMonitor.Gateway.Tests.Support;

namespace StatusMonitor.Gateway.Tests.Access;

/// <summary>Who may see the fleet: people at the machine itself, and whoever has the key.</summary>
public sealed class OperatorAccessTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly RunningServer _server = shared.Server;

    public static TheoryData<string, string> Places => new()
    {
        { "GET", "/api/v1/hosts" },
        { "GET", "/api/v1/hosts/1" },
        { "POST", "/api/v1/hosts" },
        { "POST", "/hubs/live/negotiate?negotiateVersion=1" },
        { "GET", "/hubs/live" },
    };

    public static TheoryData<string, string> Strangers => new()
    {
        { "Host", "monitor.example.org" },
        { "Host", "localhost.example.org" },
        { "Host", "127.0.0.1.nip.io" },
        { "Host", "192.0.2.1" },
        { "Origin", "http://example.org" },
        { "Origin", "null" },
        { "Origin", "http://127.0.0.1:1" },
        { "X-Forwarded-For", "192.0.2.1" },
        { "X-Forwarded-Host", "monitor.example.org" },
        { "Forwarded", "for=192.0.2.1" },
    };

    [Theory]
    [InlineData("Host", "localhost")]
    [InlineData("Host", "LOCALHOST:8080")]
    [InlineData("Host", "[::1]:8080")]
    [InlineData("Host", "127.0.0.2")]
    public async Task PersonAtTheMachine_NeedsNoKey(string header, string value)
    {
        Assert.Equal(HttpStatusCode.OK, (await SendAsync("GET", "/api/v1/hosts", (header, value))).Status);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync("POST", "/hubs/live/negotiate?negotiateVersion=1", (header, value))).Status);
    }

    [Fact]
    public async Task OwnOrigin_NeedsNoKey() =>
        Assert.Equal(HttpStatusCode.OK, (await SendAsync("GET", "/api/v1/hosts", ("Origin", _server.Address.GetLeftPart(UriPartial.Authority)))).Status);

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Stranger_Is401Problem(string method, string path)
    {
        foreach (var (header, value) in Strangers.Select(row => ((string)row[0], (string)row[1])))
        {
            var answer = await SendAsync(method, path, (header, value));
            answer.AssertProblem(HttpStatusCode.Unauthorized, "operator-key-needed");
            Assert.Contains(answer.Headers.WwwAuthenticate, challenge => challenge.Scheme == "Bearer");
        }
    }

    [Fact]
    public async Task StrangerWithTheKey_IsLetIn()
    {
        foreach (var (header, value) in Strangers.Select(row => ((string)row[0], (string)row[1])))
        {
            Assert.Equal(HttpStatusCode.OK, (await SendAsync("GET", "/api/v1/hosts", (header, value), ("Authorization", $"Bearer {_server.OperatorKey}"))).Status);
            Assert.Equal(HttpStatusCode.OK, (await SendAsync("POST", "/hubs/live/negotiate?negotiateVersion=1", (header, value), ("Authorization", $"bearer {_server.OperatorKey}"))).Status);
        }
    }

    [Theory]
    [InlineData("Authorization", "Bearer wrong")]
    [InlineData("Authorization", "Bearer ")]
    [InlineData("Authorization", "Bearer")]
    [InlineData("Authorization", "Basic KEY")]
    [InlineData("Authorization", "KEY")]
    [InlineData("Authorization", "Bearer KEYx")]
    [InlineData("Cookie", "statusmonitor_key=wrong")]
    [InlineData("Cookie", "statusmonitor_key=")]
    [InlineData("Cookie", "other=KEY")]
    public async Task WrongKey_Is401Problem(string header, string value)
    {
        foreach (var path in new[] { "/api/v1/hosts", "/hubs/live" })
        {
            var answer = await SendAsync("GET", path, ("Host", "monitor.example.org"), (header, value.Replace("KEY", _server.OperatorKey, StringComparison.Ordinal)));
            answer.AssertProblem(HttpStatusCode.Unauthorized, "operator-key-needed");
        }
    }

    [Fact]
    public async Task SignedIn_TheCookieIsTheKey()
    {
        using var wrong = await _server.Http.PostAsJsonAsync("/api/v1/session", new { key = "wrong" });
        (await Answer.OfAsync(wrong)).AssertProblem(HttpStatusCode.Unauthorized, "operator-key-needed");
        Assert.False(wrong.Headers.Contains("Set-Cookie"));

        using var right = await _server.Http.PostAsJsonAsync("/api/v1/session", new { key = $" {_server.OperatorKey}\n" });
        Assert.Equal(HttpStatusCode.NoContent, right.StatusCode);
        var cookie = Assert.Single(right.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("path=/", cookie, StringComparison.OrdinalIgnoreCase);

        var pair = ("Cookie", cookie.Split(';')[0]);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync("GET", "/api/v1/hosts", ("Host", "monitor.example.org"), pair)).Status);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync("POST", "/hubs/live/negotiate?negotiateVersion=1", ("X-Forwarded-For", "192.0.2.1"), pair)).Status);

        using var signOut = await _server.Http.DeleteAsync("/api/v1/session");
        Assert.Equal(HttpStatusCode.NoContent, signOut.StatusCode);
        Assert.Contains("expires=Thu, 01 Jan 1970", Assert.Single(signOut.Headers.GetValues("Set-Cookie")), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"key":null}""")]
    [InlineData("""{"key":7}""")]
    public async Task SignInWithoutAKey_IsRefusedAsAProblem(string body)
    {
        using var response = await _server.Http.PostAsync("/api/v1/session", EnrolledHost.Json(System.Text.Encoding.UTF8.GetBytes(body)));
        Assert.Contains(response.StatusCode, new[] { HttpStatusCode.BadRequest, HttpStatusCode.Unauthorized });
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task ForeignPagesWebSocket_IsRefused()
    {
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Origin", "http://example.org");
        socket.Options.CollectHttpResponseDetails = true;
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(new UriBuilder(_server.Address) { Scheme = "ws", Path = "/hubs/live" }.Uri, CancellationToken.None));
        Assert.Equal(HttpStatusCode.Unauthorized, socket.HttpStatusCode);
    }

    [Fact]
    public async Task AgentsEndpoint_DoesNotAskForTheOperatorKey()
    {
        var host = await _server.EnrolAsync();
        using var request = host.Request(new StringContent(ReportJson.Batch(ReportJson.Report(1, ReportJson.Now()))));
        request.Headers.Host = "monitor.example.org";
        using var response = await _server.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task AgentsToken_DoesNotOpenTheFleet()
    {
        var host = await _server.EnrolAsync();
        var answer = await SendAsync("GET", "/api/v1/hosts", ("Host", "monitor.example.org"), ("Authorization", $"Bearer {host.Token}"), ("X-Agent-Token", host.Token));
        answer.AssertProblem(HttpStatusCode.Unauthorized, "operator-key-needed");
    }

    [Fact]
    public void OperatorKey_IsForItsOwnerAlone()
    {
        var path = Path.Combine(_server.Data, "operator.key");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Matches("^[0-9a-f]{64}$", _server.OperatorKey);
    }

    [Fact]
    public async Task OperatorKey_StaysOverARestartAndAnEmptyFileIsNoKey()
    {
        using var data = new Folder();
        string key;
        await using (var first = await RunningServer.StartAsync(data: data)) key = first.OperatorKey;
        await using (var second = await RunningServer.StartAsync(data: data)) Assert.Equal(key, second.OperatorKey);

        await File.WriteAllTextAsync(data.File("operator.key"), "\n");
        await using var third = await RunningServer.StartAsync(data: data);
        Assert.Matches("^[0-9a-f]{64}$", third.OperatorKey);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(data.File("operator.key")));
    }

    private async Task<Answer> SendAsync(string method, string path, params (string Name, string Value)[] headers)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = _server.Address };
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await client.SendAsync(request);
        return await Answer.OfAsync(response);
    }
}
