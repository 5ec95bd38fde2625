using System.Net;
using System.Text;
using StatusMonitor.Gateway.Tests.Support;

namespace StatusMonitor.Gateway.Tests;

/// <summary>How the built dashboard is served.</summary>
public sealed class DashboardFilesTests : IAsyncLifetime, IDisposable
{
    private const string Page = "<!doctype html><title>StatusMonitor</title>";
    private const string Script = "console.log('plain')";
    private readonly Folder _folder = new();
    private RunningServer _server = null!;

    public async Task InitializeAsync()
    {
        // Not really compressed: what matters is which of the files is chosen.
        _folder.Write("secret.txt", "SECRET");
        _folder.Write("dist/index.html", Page);
        _folder.Write("dist/index.html.br", "br page");
        _folder.Write("dist/assets/app-Ab12.js", Script);
        _folder.Write("dist/assets/app-Ab12.js.br", "br script");
        _folder.Write("dist/assets/app-Ab12.js.gz", "gz script");
        _folder.Write("dist/assets/small-Cd34.css", "a{}");
        _folder.Write("dist/favicon.svg", "<svg/>");
        _server = await RunningServer.StartAsync(options => options.Dashboard = _folder.File("dist"));
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(null, "", Script)]
    [InlineData("gzip, deflate, br", "br", "br script")]
    [InlineData("gzip, deflate", "gzip", "gz script")]
    [InlineData("br;q=0, gzip;q=0.5", "gzip", "gz script")]
    [InlineData("BR", "br", "br script")]
    [InlineData("deflate, zstd", "", Script)]
    [InlineData("identity", "", Script)]
    [InlineData("brotli;;;,,=", "", Script)]
    public async Task HashedFile_IsForEverAndAsSmallAsTheBrowserCan(string? accepted, string encoding, string text)
    {
        using var response = await GetAsync("/assets/app-Ab12.js", ("Accept-Encoding", accepted));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(text, await response.Content.ReadAsStringAsync());
        Assert.Equal(text.Length, response.Content.Headers.ContentLength);
        Assert.Equal(encoding, string.Join(",", response.Content.Headers.ContentEncoding));
        Assert.Equal("public, max-age=31536000, immutable", response.Headers.CacheControl?.ToString().Replace("max-age=31536000, public", "public, max-age=31536000", StringComparison.Ordinal));
        Assert.Contains("Accept-Encoding", response.Headers.Vary);
        Assert.Equal("text/javascript", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/index.html")]
    [InlineData("/hosts/17")]
    [InlineData("/hosts/17?range=1h")]
    [InlineData("/anything/else")]
    [InlineData("/ingest")]
    public async Task PathOfThePage_GetsThePageAndIsAskedForEachTime(string path)
    {
        using var response = await GetAsync(path, ("Accept", "text/html,application/xhtml+xml,*/*;q=0.8"));
        Assert.Equal((HttpStatusCode.OK, Page), (response.StatusCode, await response.Content.ReadAsStringAsync()));
        Assert.Equal("text/html; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.True(response.Headers.CacheControl?.NoCache);
        Assert.Contains("frame-ancestors 'none'", Assert.Single(response.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("*/*")]
    [InlineData(null)]
    public async Task Root_IsThePageWhoeverAsks(string? accept)
    {
        using var response = await GetAsync("/", ("Accept", accept));
        Assert.Equal((HttpStatusCode.OK, Page), (response.StatusCode, await response.Content.ReadAsStringAsync()));
    }

    [Theory]
    [InlineData("/hosts/17", "application/json")]
    [InlineData("/hosts/17", null)]
    [InlineData("/nothing.js", "*/*")]
    [InlineData("/assets/gone-Ef56.js", "text/html")]
    [InlineData("/api/v1/nothing", "text/html")]
    [InlineData("/assets/", "*/*")]
    [InlineData("/ASSETS/app-Ab12.js", "*/*")]
    public async Task PathOfNothing_Is404Problem(string path, string? accept)
    {
        using var response = await GetAsync(path, ("Accept", accept));
        var answer = await Answer.OfAsync(response);
        answer.AssertProblem(HttpStatusCode.NotFound, "not-found");
        Assert.Contains(path, answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/assets/app-Ab12.js")]
    public async Task KnownTag_Is304WithoutABody(string path)
    {
        using var first = await GetAsync(path, ("Accept", "text/html"), ("Accept-Encoding", "br"));
        var tag = first.Headers.ETag!.ToString();
        foreach (var known in new[] { tag, $"W/{tag}", $"\"other\", {tag}", })
        {
            using var again = await GetAsync(path, ("Accept", "text/html"), ("If-None-Match", known), ("Accept-Encoding", "br"));
            Assert.Equal((HttpStatusCode.NotModified, ""), (again.StatusCode, await again.Content.ReadAsStringAsync()));
            Assert.Equal(tag, again.Headers.ETag?.ToString());
            Assert.NotNull(again.Headers.CacheControl);
        }

        using var other = await GetAsync(path, ("Accept", "text/html"), ("If-None-Match", "\"other\""));
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task Head_HasTheHeadersAndNoBody()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, "/assets/app-Ab12.js");
        request.Headers.Add("Accept-Encoding", "gzip");
        using var response = await _server.Http.SendAsync(request);
        Assert.Equal((HttpStatusCode.OK, "gz script".Length, 0), (response.StatusCode, response.Content.Headers.ContentLength, (await response.Content.ReadAsByteArrayAsync()).Length));
    }

    [Theory]
    [InlineData("/../secret.txt")]
    [InlineData("/assets/../../secret.txt")]
    [InlineData("/..%2fsecret.txt")]
    [InlineData("/%2e%2e/secret.txt")]
    [InlineData("/%2e%2e%2fsecret.txt")]
    [InlineData("/assets/..%5c..%5csecret.txt")]
    [InlineData("/assets/%2e%2e/%2e%2e/secret.txt")]
    [InlineData("//secret.txt")]
    [InlineData("/./../secret.txt")]
    [InlineData("/assets/app-Ab12.js/../../../secret.txt")]
    [InlineData("/secret.txt%00.js")]
    [InlineData("/signing.key")]
    public async Task PathOutsideOfTheFolder_IsNotServed(string path)
    {
        foreach (var target in new[] { path, _folder.File("secret.txt") })
        {
            var (status, _, body) = await RawHttp.SendAsync(_server.Address, $"GET {target} HTTP/1.1\r\nHost: {_server.Address.Authority}\r\nConnection: close\r\nAccept: */*\r\n\r\n");
            Assert.Contains(status, new[] { 400, 404 });
            Assert.DoesNotContain("SECRET", body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task PackedFiles_AreNoPathsOfTheirOwn()
    {
        using var response = await GetAsync("/assets/app-Ab12.js.br", ("Accept", "*/*"));
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task ServerWithoutDashboard_ServesItsApi()
    {
        await using var server = await RunningServer.StartAsync(options => options.Dashboard = _folder.File("nowhere"));
        using var page = new HttpRequestMessage(HttpMethod.Get, "/");
        page.Headers.Add("Accept", "text/html");
        using var missing = await server.Http.SendAsync(page);
        (await Answer.OfAsync(missing)).AssertProblem(HttpStatusCode.NotFound, "not-found");
        using var list = await server.Http.GetAsync("/api/v1/hosts");
        Assert.Equal(HttpStatusCode.OK, list.StatusCode);
    }

    private async Task<HttpResponseMessage> GetAsync(string path, params (string Name, string? Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers) if (value is not null) request.Headers.TryAddWithoutValidation(name, value);
        return await _server.Http.SendAsync(request);
    }
}
