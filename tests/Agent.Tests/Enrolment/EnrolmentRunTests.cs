using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using StatusMonitor.Agent.Configuration;
using StatusMonitor.Agent.Connection;
using StatusMonitor.Agent.Enrolment;
using StatusMonitor.Agent.Tests.Support;

namespace StatusMonitor.Agent.Tests.Enrolment;

[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "The test framework calls DisposeAsync.")]
public sealed class EnrolmentRunTests : IAsyncLifetime
{
    private const string Token = "sme_1_0123456789abcdef";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _folder = Directory.CreateTempSubdirectory("agent-enrol-").FullName;
    private readonly LogText _log = new();
    private readonly List<string> _printed = [];
    private StubServer _server = null!;

    private string ConfigPath => Path.Combine(_folder, "made", "agent_config.json");

    public async Task InitializeAsync() => _server = await StubServer.StartAsync();

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        _log.Dispose();
    }

    [Fact]
    public async Task Enrolment_WritesServerAndTokenForTheOwnerAlone()
    {
        Assert.True(await RunAsync(server: new Uri(_server.Address, "/monitor/")));

        var request = await _server.NextEnrolmentAsync();
        Assert.Equal((Token, "web-1"), (request.Token, request.Name));
        Assert.Equal($$"""
            {
              "server_url": "{{_server.Address}}monitor",
              "agent_token": "{{StubServer.NewToken}}"
            }

            """, await File.ReadAllTextAsync(ConfigPath));
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(ConfigPath));
        Assert.Equal(OwnerOnly | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(ConfigPath)!));
        Assert.Equal([ConfigPath], Directory.GetFiles(_folder, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Enrolment_SaysWhatItDidAndWhatToDoAndNoToken()
    {
        Assert.True(await RunAsync(hasOwnFile: true));

        var text = Assert.Single(_printed);
        Assert.Contains($"the host 'web-1' (id 12) of {_server.Address}; the token of its agent is in {ConfigPath}.", text, StringComparison.Ordinal);
        Assert.Contains("Start the agent within 5 min, or the token expires:", text, StringComparison.Ordinal);
        Assert.EndsWith($"  /opt/agent --config {ConfigPath}", text, StringComparison.Ordinal);
        AssertNoTokenIsShown();
    }

    [Fact]
    public async Task UsualFile_NeedsNoOptionToStart()
    {
        Assert.True(await RunAsync());
        Assert.EndsWith("  /opt/agent", Assert.Single(_printed), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OtherKeys_StayAndTheFileBecomesPrivate()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(ConfigPath)!);
        await File.WriteAllTextAsync(ConfigPath, """
            // of the desktop agent
            {"auto_start": false, "agent_token": "", "interval": 7.50, "note": "Küche, Büro", "server_url": "http://localhost:8001", "more": {"a": [1]},}
            """);
        File.SetUnixFileMode(ConfigPath, OwnerOnly | UnixFileMode.OtherRead);
        File.SetUnixFileMode(Path.GetDirectoryName(ConfigPath)!, OwnerOnly | UnixFileMode.UserExecute | UnixFileMode.GroupRead);

        Assert.True(await RunAsync());

        var text = await File.ReadAllTextAsync(ConfigPath);
        Assert.Contains("\"interval\": 7.50", text, StringComparison.Ordinal);
        Assert.Contains("\"note\": \"Küche, Büro\"", text, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(text);
        Assert.Equal(["server_url", "agent_token", "auto_start", "interval", "note", "more"], json.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.Equal(_server.Address.AbsoluteUri.TrimEnd('/'), json.RootElement.GetProperty("server_url").GetString());
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(ConfigPath));
        // A folder that was there may be anybody's.
        Assert.Equal(OwnerOnly | UnixFileMode.UserExecute | UnixFileMode.GroupRead, File.GetUnixFileMode(Path.GetDirectoryName(ConfigPath)!));
    }

    [Fact]
    public async Task EnrolledMachine_IsLeftAloneUnlessForced()
    {
        Assert.True(await RunAsync());
        await _server.NextEnrolmentAsync();
        var before = await File.ReadAllTextAsync(ConfigPath);
        _server.AnswerEnrolment = (request, context) => Answer(context, new string('b', 64));

        Assert.False(await RunAsync());
        Assert.Equal(1, _log.Count($"{ConfigPath} has a token already, so this machine is enrolled. Nothing was sent; with --force"));
        Assert.False(_server.HasEnrolment);
        Assert.Equal(before, await File.ReadAllTextAsync(ConfigPath));

        Assert.True(await RunAsync(isForced: true));
        Assert.Equal(new string('b', 64), ConfigFile.Read(ConfigPath, isRequired: true)[ConfigFile.AgentToken]);
    }

    [Theory]
    [InlineData("a/file/agent_config.json")]
    [InlineData("/proc/agent_config.json")]
    public async Task FileThatCannotBeWritten_IsSaidBeforeTheServerIsAsked(string path)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "a"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "a", "file"), "");

        Assert.False(await RunAsync(config: Path.Combine(_folder, path)));

        Assert.Equal(1, _log.Count("cannot be written:"));
        Assert.Equal(1, _log.Count("Nothing was sent; the enrolment token is as good as before."));
        Assert.False(_server.HasEnrolment);
    }

    [Fact]
    public async Task FileThatCannotBeUnderstood_IsSaidBeforeTheServerIsAsked()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(ConfigPath)!);
        await File.WriteAllTextAsync(ConfigPath, "{\n geheim");
        Assert.Contains("is not valid JSON: see line 2", (await Assert.ThrowsAsync<UsageException>(() => RunAsync())).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<UsageException>(() => RunAsync(config: _folder));
        Assert.False(_server.HasEnrolment);
    }

    [Fact]
    public async Task FileThatIsALink_StaysOne()
    {
        var target = Path.Combine(_folder, "target.json");
        Directory.CreateDirectory(Path.GetDirectoryName(ConfigPath)!);
        File.CreateSymbolicLink(ConfigPath, target);

        Assert.True(await RunAsync());

        Assert.Equal(target, new FileInfo(ConfigPath).LinkTarget);
        Assert.Null(new FileInfo(target).LinkTarget);
        Assert.Equal(StubServer.NewToken, ConfigFile.Read(target, isRequired: true)[ConfigFile.AgentToken]);
    }

    [Fact]
    public async Task FileThatCannotBeWrittenAfterAll_SaysWhichHostToDelete()
    {
        _server.AnswerEnrolment = (request, context) =>
        {
            Directory.CreateDirectory(ConfigPath);
            return StubServer.EnrolAsync(request, context);
        };

        Assert.False(await RunAsync());

        Assert.Equal(1, _log.Count("added this machine as the host 'web-1' (id 12), but the token of its agent could not be written"));
        Assert.Equal(1, _log.Count("Delete that host on the dashboard"));
        AssertNothingWasLeft();
        AssertNoTokenIsShown();
    }

    [Theory]
    [InlineData(401, "unknown-enrolment-token", null, "The server does not take this enrolment token: it is wrong, used up, revoked or expired. Make a new one on the dashboard")]
    [InlineData(429, "too-many-attempts", "42", "The server has had too many attempts to enrol. Try again in 42 s.")]
    [InlineData(429, "too-many-attempts", "600", "Try again in 10 min.")]
    [InlineData(429, "too-many-attempts", "36000", "Try again in 10 h.")]
    [InlineData(429, null, null, "Try again in a few minutes.")]
    [InlineData(503, "storage-failed", "10", "The server has trouble (503). What is the matter. Try again in 10 s.")]
    [InlineData(500, null, null, "The server has trouble (500).")]
    [InlineData(400, "invalid-request", null, "The server refuses it (400). What is the matter.")]
    [InlineData(409, "too-many", null, "The server refuses it (409). What is the matter.")]
    [InlineData(404, "not-found", null, "answers 404, but not as a StatusMonitor server does. Is http")]
    [InlineData(401, null, null, "answers 401, but not as a StatusMonitor server does. Is http")]
    [InlineData(400, null, null, "answers 400, but not as a StatusMonitor server does. Is http")]
    [InlineData(405, null, null, "answers 405, but not as a StatusMonitor server does. Is http")]
    public async Task Refusal_IsExplainedAndChangesNothing(int status, string? type, string? retryAfter, string message)
    {
        _server.AnswerEnrolment = (_, context) =>
        {
            if (retryAfter is not null) context.Response.Headers.RetryAfter = retryAfter;
            return StubServer.Problem(context, status, "What is the matter.", type: type is null ? null : $"/problems/{type}");
        };

        Assert.False(await RunAsync());

        Assert.Equal(1, _log.Count(message));
        AssertNothingWasLeft();
        AssertNoTokenIsShown();
    }

    [Fact]
    public async Task RefusedName_IsExplainedWithTheServersReason()
    {
        _server.AnswerEnrolment = (_, context) => StubServer.Problem(
            context, 400, "Some fields are not valid.", new Dictionary<string, string[]> { ["name"] = ["must have 1 to 100 characters"] }, "/problems/invalid-request");

        Assert.False(await RunAsync());

        Assert.Equal(1, _log.Count("The server does not take the name 'web-1': it must have 1 to 100 characters. Give another one with --name."));
    }

    [Theory]
    [InlineData("<html>Please sign in to this network</html>")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"id": 1, "name": "web-1", "token": "not one", "tokenExpiresAt": "2030-01-01T00:00:00Z"}""")]
    [InlineData("""{"id": 1, "name": "web-1", "token": "", "tokenExpiresAt": "2030-01-01T00:00:00Z"}""")]
    public async Task AnswerOfSomethingElse_IsNotTakenForAnEnrolment(string body)
    {
        _server.AnswerEnrolment = (_, context) => StubServer.Text(context, 200, body);
        Assert.False(await RunAsync());
        Assert.Equal(1, _log.Count("/api/v1/enrol answers, but not as a StatusMonitor server does. Is http"));
        AssertNothingWasLeft();
    }

    [Fact]
    public async Task Redirect_IsNamedAndNotFollowed()
    {
        _server.AnswerEnrolment = (_, context) =>
        {
            context.Response.Redirect("https://elsewhere.example/");
            return Task.CompletedTask;
        };
        Assert.False(await RunAsync());
        Assert.Equal(1, _log.Count("redirects to https://elsewhere.example/. Is http"));
    }

    [Fact]
    public async Task ServerThatIsAway_HasNotUsedUpTheToken()
    {
        var port = FreePort();
        Assert.False(await RunAsync(server: new Uri($"http://127.0.0.1:{port}")));
        Assert.Equal(1, _log.Count(string.Create(CultureInfo.InvariantCulture, $"Nothing listens on 127.0.0.1:{port} (connection refused). The enrolment token is not used up: try again")));
        AssertNothingWasLeft();
    }

    [Fact]
    public async Task ConnectionThatEndsWithoutAnAnswer_LeavesOpenWhatHappened()
    {
        _server.AnswerEnrolment = (_, context) =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        Assert.False(await RunAsync());
        Assert.Equal(1, _log.Count("It may have added this machine all the same: look on the dashboard before you try again."));
        AssertNothingWasLeft();
    }

    [Fact]
    public async Task ServerThatDoesNotAnswer_IsGivenUp()
    {
        var time = new FakeTime();
        _server.AnswerEnrolment = (_, context) => Task.Delay(Timeout.Infinite, context.RequestAborted);
        var running = RunAsync(time: time);
        await _server.NextEnrolmentAsync();
        time.Advance(ServerConnection.Timeout);
        Assert.False(await WaitFor.Event(running, "the end of the enrolment"));
        Assert.Equal(1, _log.Count("did not answer within 10 s. It may have added this machine all the same"));
        AssertNothingWasLeft();
    }

    [Fact]
    public async Task AddressWhereNothingListens_IsPassedOverAndAllAreWrittenDown()
    {
        var nowhere = new Uri($"http://127.0.0.1:{FreePort()}");
        Assert.True(await RunAsync(before: nowhere));
        Assert.Equal(1, _log.Count("(connection refused). The next address is tried."));
        Assert.Contains($"(id 12) of {_server.Address};", Assert.Single(_printed), StringComparison.Ordinal);
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(ConfigPath));
        Assert.Equal(["server_urls", "agent_token"], json.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.Equal([nowhere.AbsoluteUri.TrimEnd('/'), _server.Address.AbsoluteUri.TrimEnd('/')], json.RootElement.GetProperty("server_urls").EnumerateArray().Select(one => one.GetString()));
    }

    [Fact]
    public async Task ServerThatIsNotTheActiveOne_IsPassedOver()
    {
        await using var standby = await StubServer.StartAsync();
        standby.AnswerEnrolment = (_, context) => StubServer.Problem(context, 503, "Another server is active.", type: "/problems/standby");
        Assert.True(await RunAsync(before: standby.Address));
        await _server.NextEnrolmentAsync();

        File.Delete(ConfigPath);
        _server.AnswerEnrolment = standby.AnswerEnrolment;
        Assert.False(await RunAsync(before: standby.Address));
        Assert.Equal(1, _log.Count("does not enrol now (503). Another server is active. Try again in a few minutes."));
        AssertNothingWasLeft();
    }

    [Theory]
    [InlineData(502)]
    [InlineData(401)]
    public async Task ServerThatMayHaveActed_IsTheLastThatIsAsked(int status)
    {
        await using var first = await StubServer.StartAsync();
        first.AnswerEnrolment = (_, context) => StubServer.Problem(context, status, "No.", type: "/problems/any");
        Assert.False(await RunAsync(before: first.Address));
        Assert.False(_server.HasEnrolment);
        AssertNothingWasLeft();
    }

    [Fact]
    public async Task CancelledEnrolment_LeavesNothing()
    {
        using var stop = new CancellationTokenSource();
        _server.AnswerEnrolment = (_, context) => Task.Delay(Timeout.Infinite, context.RequestAborted);
        var running = RunAsync(cancellationToken: stop.Token);
        await _server.NextEnrolmentAsync();
        await stop.CancelAsync();
        await WaitFor.Event(Assert.ThrowsAnyAsync<OperationCanceledException>(() => running), "the end of the enrolment");
        AssertNothingWasLeft();
    }

    [Fact]
    public async Task NameOfTheAnswer_DoesNotTalkToTheTerminal()
    {
        _server.AnswerEnrolment = (_, context) => Answer(context, StubServer.NewToken, name: "\u001b[31mred\n");
        Assert.True(await RunAsync());
        Assert.Contains("the host ' [31mred ' (id 12)", Assert.Single(_printed), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/etc/agent.json", "/etc/agent.json")]
    [InlineData("/home/me/my files/a'b.json", @"'/home/me/my files/a'\''b.json'")]
    public void ShellWord_IsQuotedIfItHasTo(string word, string quoted) => Assert.Equal(quoted, ShellWord.Quote(word));

    private static Task Answer(HttpContext context, string token, string name = "web-1")
    {
        context.Response.StatusCode = 201;
        return context.Response.WriteAsJsonAsync(new { id = 12, name, token, tokenExpiresAt = TimeProvider.System.GetUtcNow().AddMinutes(5) });
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private Task<bool> RunAsync(
        Uri? server = null, Uri? before = null, string? config = null, bool isForced = false, bool hasOwnFile = false, TimeProvider? time = null, CancellationToken cancellationToken = default)
    {
        var options = new EnrolmentOptions
        {
            Servers = before is null ? [server ?? _server.Address] : [before, server ?? _server.Address], Token = Token, Name = "web-1", ConfigFile = config ?? ConfigPath, HasOwnConfigFile = hasOwnFile, IsForced = isForced,
        };
        return new EnrolmentRun(options, "/opt/agent", time ?? TimeProvider.System, _log.Log, _printed.Add).RunAsync(cancellationToken);
    }

    private void AssertNothingWasLeft() => Assert.Empty(Directory.GetFiles(_folder, "*", SearchOption.AllDirectories));

    private void AssertNoTokenIsShown()
    {
        Assert.DoesNotContain(_log.Lines.Concat(_printed), text => text.Contains(Token, StringComparison.Ordinal) || text.Contains(StubServer.NewToken, StringComparison.Ordinal));
    }
}
