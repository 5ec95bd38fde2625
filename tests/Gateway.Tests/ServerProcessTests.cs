using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using StatusMonitor.Gateway.Tests.Support;

namespace StatusMonitor.Gateway.Tests;

/// <summary>The built program: how it starts, what it says if it cannot, and how it ends.</summary>
public sealed class ServerProcessTests : IDisposable
{
    private readonly Folder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Server_SaysWhereItListensAndEndsCleanlyWhenAsked()
    {
        using var server = ServerProcess.Start("--port", "0", "--data", _data);
        var address = await server.ListeningAsync();
        Assert.Matches(@"Listening on http://127\.0\.0\.1:\d+; engine (Embedded|Orleans), data in " + _data.Path, server.Output);

        using var http = new HttpClient { BaseAddress = address };
        var health = await http.GetFromJsonAsync<JsonElement>("/health");
        Assert.Equal("ok", health.GetProperty("status").GetString());

        server.Terminate();
        Assert.Equal(0, await server.EndAsync());
        Assert.DoesNotContain("fail", server.Output, StringComparison.OrdinalIgnoreCase);
        Assert.False(File.Exists(_data.File("statusmonitor.db-wal")), "The database was not closed.");
    }

    [Fact]
    public async Task TwoServers_RunOnOneMachine()
    {
        using var otherData = new Folder();
        using var one = ServerProcess.Start("--port", "0", "--data", _data);
        using var other = ServerProcess.Start("--port", "0", "--data", otherData);
        Assert.NotEqual(await one.ListeningAsync(), await other.ListeningAsync());
    }

    [Theory]
    [InlineData("'--nonsense' is not an option", "--nonsense")]
    [InlineData("'serve' is not an option", "serve")]
    [InlineData("--port needs a value", "--port")]
    [InlineData("--port: 65536 is not a port", "--port", "65536")]
    [InlineData("--port: -1 is not a port", "--port=-1")]
    [InlineData("--port: '80a' is not a whole number in range", "--port", "80a")]
    [InlineData("--silo-port: 70000 is not a port", "--silo-port", "70000")]
    [InlineData("--self-registration: 'maybe' is not true or false", "--self-registration", "maybe")]
    [InlineData("--host: 'example.org' is not an IP address", "--host", "example.org")]
    [InlineData("--data: give the folder", "--data", "")]
    [InlineData("--max-waiting-rows: give at least", "--max-waiting-rows", "5")]
    [InlineData("--max-body-bytes-in-flight: give at least", "--max-body-bytes-in-flight", "1000")]
    [InlineData("--access-token-minutes: 0 is out of range; give 1 to 1440.", "--access-token-minutes", "0")]
    [InlineData("--refresh-token-days: 366 is out of range", "--refresh-token-days", "366")]
    [InlineData("--password-memory-kib: 7 is out of range", "--password-memory-kib", "7")]
    [InlineData("--password-passes: 0 is out of range", "--password-passes", "0")]
    [InlineData("--max-logins-per-name: 0 is out of range", "--max-logins-per-name", "0")]
    [InlineData("--audit-days: 0 is out of range", "--audit-days", "0")]
    [InlineData("--alert-days: 0 is out of range", "--alert-days", "0")]
    [InlineData("--token-minutes: 0 is out of range", "--token-minutes", "0")]
    [InlineData("--reset-password: give the user name", "--reset-password", "")]
    [InlineData("--local-enrolment: give the file", "--local-enrolment", "")]
    [InlineData("--trusted-proxies: 'proxy.example.org' is neither an address nor a network", "--trusted-proxies", "10.0.0.0/8, proxy.example.org")]
    [InlineData("--cors-origins: 'http://localhost:5173/' is not an origin", "--cors-origins", "http://localhost:5173/")]
    [InlineData("--cors-origins: '*' is not an origin", "--cors-origins", "*")]
    [InlineData("'--secret-key' is not an option", "--secret-key", "a key that all can see")]
    public async Task WrongOption_EndsWithTwoAndNamesIt(string message, params string[] arguments)
    {
        using var server = ServerProcess.StartIn(_data, arguments);
        Assert.Equal(2, await server.EndAsync());
        Assert.Contains(message, server.Output, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("   at ", server.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_data));
    }

    [Fact]
    public async Task PortInUse_EndsWithOneAndASentence()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        using var server = ServerProcess.Start("--port", $"{port}", "--data", _data);
        Assert.Equal(1, await server.EndAsync());
        Assert.Contains($"{port}", server.Output, StringComparison.Ordinal);
        Assert.Contains("Choose another port with --port", server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DataFolderInUse_EndsWithOneAndASentence()
    {
        using var first = ServerProcess.Start("--port", "0", "--data", _data);
        await first.ListeningAsync();
        using var second = ServerProcess.Start("--port", "0", "--data", _data);
        Assert.Equal(1, await second.EndAsync());
        Assert.Contains($"The data folder '{_data.Path}' is in use by another server.", second.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", second.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/proc/nowhere/data")]
    [InlineData("/dev/null")]
    public async Task DataFolderThatCannotBe_EndsWithOneAndASentence(string data)
    {
        using var server = ServerProcess.Start("--port", "0", "--data", data);
        Assert.Equal(1, await server.EndAsync());
        Assert.Contains(data, server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DatabaseThatIsNone_EndsWithOneAndASentence()
    {
        _data.Write("statusmonitor.db", new string('x', 10_000));
        using var server = ServerProcess.Start("--port", "0", "--data", _data);
        Assert.Equal(1, await server.EndAsync());
        Assert.Contains("statusmonitor.db", server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", server.Output, StringComparison.Ordinal);
    }
}
