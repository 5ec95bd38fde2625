using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace StatusMonitor.Gateway.Tests.Support;

/// <summary>Somebody who has signed in: a client whose requests carry the access token.</summary>
public sealed partial class SignedIn : IDisposable
{
    private readonly Bearer _bearer;

    private SignedIn(Uri server, string name, string password, JsonElement answer, bool renews)
    {
        Name = name;
        Password = password;
        Id = answer.GetProperty("account").GetProperty("id").GetInt64();
        _bearer = new Bearer(server, name, password, renews) { Token = answer.GetProperty("accessToken").GetString()! };
        Http = new HttpClient(_bearer) { BaseAddress = server };
    }

    public long Id { get; }

    public string Name { get; }

    public string Password { get; }

    public HttpClient Http { get; }

    public string AccessToken => _bearer.Token;

    /// <param name="server">Where.</param>
    /// <param name="name">User name.</param>
    /// <param name="password">Its password.</param>
    /// <param name="renews">Signs in anew when the token is no longer good, as when a test's clock goes on by hours.</param>
    public static async Task<SignedIn> InAsync(Uri server, string name, string password, bool renews = false) =>
        new(server, name, password, await LogInAsync(server, name, password), renews);

    /// <summary>The password in the block that a server prints at its first start.</summary>
    public static string? PrintedPassword(string output) => PasswordLine().Match(output) is { Success: true } match ? match.Groups[1].Value : null;

    public void Dispose() => Http.Dispose();

    [GeneratedRegex(@"^  user:     .+\n  password: (\S+)\r?$", RegexOptions.Multiline)]
    private static partial Regex PasswordLine();

    private static async Task<JsonElement> LogInAsync(Uri server, string name, string password)
    {
        using var http = new HttpClient { BaseAddress = server };
        using var response = await http.PostAsJsonAsync("/api/v1/auth/login", new { username = name, password });
        var answer = await Answer.OfAsync(response);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        return answer.Json;
    }

    private sealed class Bearer(Uri server, string name, string password, bool renews) : DelegatingHandler(new SocketsHttpHandler { UseCookies = false })
    {
        public required string Token { get; set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            // Agents' requests go over the same client and bring a token of their own.
            if (request.Headers.Authorization is not null || request.Headers.Contains("X-Agent-Token")) return await base.SendAsync(request, cancellationToken);

            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
            var response = await base.SendAsync(request, cancellationToken);
            if (!renews || response.StatusCode != HttpStatusCode.Unauthorized) return response;

            response.Dispose();
            Token = (await LogInAsync(server, name, password)).GetProperty("accessToken").GetString()!;
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
