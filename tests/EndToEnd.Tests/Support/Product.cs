using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using StatusMonitor.Gateway.Tests.Support;

namespace StatusMonitor.EndToEnd.Tests.Support;

/// <summary>Somebody who can sign in.</summary>
internal sealed record Person(string Name, string Password);

/// <summary>The server as it is installed: its own process, its own data, the built dashboard. What a test does through the API it does as <see cref="Owner"/>.</summary>
internal sealed partial class Product : IDisposable
{
    private readonly Folder _data = new();
    private readonly HttpClient _http = new();
    private ServerProcess _server;

    private Product(ServerProcess server) => _server = server;

    public Uri Address { get; private set; } = null!;

    /// <summary>A user like any other, to whom the hosts of the test belong.</summary>
    public Person Owner { get; } = new("olivia", "correct horse battery");

    /// <summary>The first account, with the password that the server says once.</summary>
    public Person Administrator { get; private set; } = null!;

    public static async Task<Product> StartAsync()
    {
        var product = await StartFreshAsync();
        var api = new Uri(product.Address, "/api/v1/auth/");
        (await product._http.PostAsJsonAsync(new Uri(api, "register"), new { username = product.Owner.Name, password = product.Owner.Password })).EnsureSuccessStatusCode();
        using var signIn = await product._http.PostAsJsonAsync(new Uri(api, "login"), new { username = product.Owner.Name, password = product.Owner.Password });
        signIn.EnsureSuccessStatusCode();
        var token = (await signIn.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("accessToken").GetString();
        product._http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return product;
    }

    /// <summary>Without <see cref="Owner"/>: nobody was ever here.</summary>
    public static async Task<Product> StartFreshAsync()
    {
        var dashboard = Path.Combine(ServerProcess.RepositoryRoot(), "src", "Dashboard", "dist");
        Assert.True(File.Exists(Path.Combine(dashboard, "index.html")), $"The dashboard is not built: {dashboard} has no index.html. ./test.sh builds it.");
        var product = new Product(null!);
        await product.StartServerAsync(0);
        var said = FirstPassword().Match(product._server.Output);
        Assert.True(said.Success, $"The server did not say the first password; it said:\n{product._server.Output}");
        product.Administrator = new Person("admin", said.Groups["password"].Value);
        return product;
    }

    /// <summary>Makes a host through the API.</summary>
    public async Task<(long Id, string Token)> AddHostAsync(string name, string? group = null, params string[] tags)
    {
        var host = await PostAsync("/api/v1/hosts", new { name, group, tags });
        return (host.GetProperty("id").GetInt64(), host.GetProperty("token").GetString()!);
    }

    /// <summary>Makes an enrolment token through the API.</summary>
    public async Task<string> AddEnrolmentTokenAsync(string group) =>
        (await PostAsync("/api/v1/account/enrolment-tokens", new { label = "test", group, uses = 1 })).GetProperty("token").GetString()!;

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

    [GeneratedRegex(@"^\s*user:\s+admin\n\s*password:\s+(?<password>\S+)", RegexOptions.Multiline)]
    private static partial Regex FirstPassword();

    private async Task<JsonElement> PostAsync(string path, object body)
    {
        using var response = await _http.PostAsJsonAsync(new Uri(Address, path), body);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task StartServerAsync(int port)
    {
        _server = ServerProcess.Start("--port", $"{port}", "--data", _data, "--dashboard", Path.Combine(ServerProcess.RepositoryRoot(), "src", "Dashboard", "dist"));
        Address = await _server.ListeningAsync();
    }
}
