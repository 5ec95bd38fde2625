using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace StatusMonitor.Gateway.Tests.Support;

/// <summary>
/// A browser that hides nothing: it keeps the refresh cookie as one does and shows it, sends the access token it was given, and any header it is told to.
/// </summary>
internal sealed class Visitor(Uri server) : IDisposable
{
    private const string CookieName = "statusmonitor_refresh";
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = server };

    public Visitor(RunningServer server) : this(server.Address)
    {
    }

    /// <summary>Value of the refresh cookie, or null if it has none.</summary>
    public string? Cookie { get; set; }

    /// <summary>Sent as a bearer, if there is one.</summary>
    public string? AccessToken { get; set; }

    /// <summary>The newest header Set-Cookie.</summary>
    public string? SetCookie { get; private set; }

    /// <param name="method">GET and so on.</param>
    /// <param name="path">Path and query.</param>
    /// <param name="body">JSON text, or an object that is written as JSON, or content.</param>
    /// <param name="headers">Further headers.</param>
    public async Task<Answer> SendAsync(string method, string path, object? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Content = body switch
        {
            null => null,
            HttpContent content => content,
            string json => EnrolledHost.Json(Encoding.UTF8.GetBytes(json)),
            _ => EnrolledHost.Json(JsonSerializer.SerializeToUtf8Bytes(body)),
        };
        if (AccessToken is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", AccessToken);
        if (Cookie is not null && path.StartsWith("/api/v1/auth/", StringComparison.Ordinal)) request.Headers.Add("Cookie", $"{CookieName}={Cookie}");
        foreach (var (name, value) in headers) Assert.True(request.Headers.TryAddWithoutValidation(name, value));

        using var response = await _http.SendAsync(request);
        if (response.Headers.TryGetValues("Set-Cookie", out var cookies))
        {
            SetCookie = Assert.Single(cookies);
            var pair = SetCookie.Split(';')[0];
            Assert.StartsWith($"{CookieName}=", pair, StringComparison.Ordinal);
            Cookie = pair[(CookieName.Length + 1)..] is { Length: > 0 } value ? value : null;
        }

        return await Answer.OfAsync(response);
    }

    public Task<Answer> TryLoginAsync(string name, string password, params (string Name, string Value)[] headers) =>
        SendAsync("POST", "/api/v1/auth/login", new { username = name, password }, headers);

    /// <summary>Signs in, which must succeed.</summary>
    public async Task<JsonElement> LoginAsync(string name, string password)
    {
        var answer = await TryLoginAsync(name, password);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        AccessToken = answer.Json.GetProperty("accessToken").GetString();
        return answer.Json;
    }

    public async Task<Answer> RefreshAsync(params (string Name, string Value)[] headers)
    {
        var answer = await SendAsync("POST", "/api/v1/auth/refresh", headers: headers);
        if (answer.Status == HttpStatusCode.OK) AccessToken = answer.Json.GetProperty("accessToken").GetString();
        return answer;
    }

    /// <summary>Whether what it has opens the account.</summary>
    public async Task<bool> IsLetInAsync()
    {
        var answer = await SendAsync("GET", "/api/v1/account");
        if (answer.Status != HttpStatusCode.OK) answer.AssertProblem(HttpStatusCode.Unauthorized, "not-signed-in");
        return answer.Status == HttpStatusCode.OK;
    }

    public void Dispose() => _http.Dispose();
}
