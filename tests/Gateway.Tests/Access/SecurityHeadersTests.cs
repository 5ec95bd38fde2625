using System.Net;
using StatusMonitor.Gateway.Tests.Support;

namespace StatusMonitor.Gateway.Tests.Access;

/// <summary>What browsers are told about answers.</summary>
public sealed class SecurityHeadersTests : IAsyncLifetime, IDisposable
{
    private readonly Folder _folder = new();
    private RunningServer _server = null!;

    public async Task InitializeAsync()
    {
        _folder.Write("dist/index.html", "<!doctype html>");
        _folder.Write("dist/assets/app-Ab12.js", "1");
        _server = await RunningServer.StartAsync(options => (options.Dashboard, options.TrustedProxies) = (_folder.File("dist"), "127.0.0.1"));
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("GET", "/", 200)]
    [InlineData("GET", "/assets/app-Ab12.js", 200)]
    [InlineData("GET", "/health", 200)]
    [InlineData("GET", "/api/v1/auth/options", 200)]
    [InlineData("GET", "/api/v1/hosts", 401)]
    [InlineData("GET", "/api/v1/nothing", 404)]
    [InlineData("POST", "/api/v1/auth/login", 400)]
    [InlineData("GET", "/users/me", 401)]
    public async Task EveryAnswer_HasThem(string method, string path, int status)
    {
        using var visitor = new Visitor(_server);
        var answer = await visitor.SendAsync(method, path, method == "POST" ? "{" : null, ("Accept", path == "/" ? "text/html" : "*/*"));
        Assert.Equal(status, (int)answer.Status);
        Assert.Equal("nosniff", Header(answer, "X-Content-Type-Options"));
        Assert.Equal("same-origin", Header(answer, "Referrer-Policy"));
        Assert.Equal("same-origin", Header(answer, "Cross-Origin-Opener-Policy"));
        Assert.Contains("camera=()", Header(answer, "Permissions-Policy"), StringComparison.Ordinal);
        Assert.False(answer.Headers.Contains("Strict-Transport-Security"));
        var policy = Header(answer, "Content-Security-Policy");
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("*", policy, StringComparison.Ordinal);
        if (path.StartsWith("/api/", StringComparison.Ordinal)) Assert.Contains("no-store", Header(answer, "Cache-Control"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OverTls_BrowsersComeBackOverTlsAndTheCookieGoesNowhereElse()
    {
        using var visitor = new Visitor(_server);
        var answer = await visitor.TryLoginAsync("admin", _server.Admin.Password, ("X-Forwarded-Proto", "https"), ("X-Forwarded-For", "192.0.2.1"));
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("max-age=31536000", Header(answer, "Strict-Transport-Security"));
        Assert.Contains("; secure", visitor.SetCookie, StringComparison.OrdinalIgnoreCase);
    }

    private static string Header(Answer answer, string name) => Assert.Single(answer.Headers.GetValues(name));
}
