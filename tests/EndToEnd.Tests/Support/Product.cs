using System.Net.Http.Json;
using System.Text.Json;
using StatusMonitor.Gateway.Tests.Support;

namespace StatusMonitor.EndToEnd.Tests.Support;

/// <summary>The server as it is installed: its own process, its own data, the built dashboard.</summary>
internal sealed class Product : IDisposable
{
    private readonly Folder _data = new();
    private readonly HttpClient _http = new();
    private ServerProcess _server;

    private Product(ServerProcess server) => _server = server;

    public Uri Address { get; private set; } = null!;

    public static async Task<Product> StartAsync()
    {
        var dashboard = Path.Combine(ServerProcess.RepositoryRoot(), "src", "Dashboard", "dist");
        Assert.True(File.Exists(Path.Combine(dashboard, "index.html")), $"The dashboard is not built: {dashboard} has no index.html. ./test.sh builds it.");
        var product = new Product(null!);
        await product.StartServerAsync(0);
        return product;
    }

    /// <summary>Makes a host through the API.</summary>
    public async Task<(long Id, string Token)> AddHostAsync(string name)
    {
        using var response = await _http.PostAsJsonAsync(new Uri(Address, "/api/v1/hosts"), new { name });
        response.EnsureSuccessStatusCode();
        var host = await response.Content.ReadFromJsonAsync<JsonElement>();
        return (host.GetProperty("id").GetInt64(), host.GetProperty("token").GetString()!);
    }

    /// <summary>The collection times of a host that the API gives, Unix milliseconds.</summary>
    public async Task<long[]> TimesAsync(long host)
    {
        var view = await _http.GetFromJsonAsync<JsonElement>(new Uri(Address, $"/api/v1/hosts/{host}"));
        return [.. view.GetProperty("times").EnumerateArray().Select(time => time.GetInt64())];
    }

    /// <summary>Sends a report as an agent would.</summary>
    public async Task ReportAsync(string token, object report)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Address, "/api/v1/reports")) { Content = JsonContent.Create(new { reports = new[] { report } }) };
        request.Headers.Add("X-Agent-Token", token);
        using var response = await _http.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Kills the server, as a crash does.</summary>
    public async Task KillAsync()
    {
        await _server.KillAsync();
        _server.Dispose();
    }

    /// <summary>Starts it again where it was.</summary>
    public Task StartAgainAsync() => StartServerAsync(Address.Port);

    public void Dispose()
    {
        _http.Dispose();
        _server.Dispose();
        _data.Dispose();
    }

    private async Task StartServerAsync(int port)
    {
        _server = ServerProcess.Start("--port", $"{port}", "--data", _data, "--dashboard", Path.Combine(ServerProcess.RepositoryRoot(), "src", "Dashboard", "dist"));
        Address = await _server.ListeningAsync();
    }
}
