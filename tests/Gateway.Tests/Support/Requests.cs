using System.Text;

namespace StatusMonitor.Gateway.Tests.Support;

/// <summary>Requests whose answer is read to its end, whatever it is.</summary>
internal static class Requests
{
    /// <summary>Sends JSON as it is written, or no body.</summary>
    public static async Task<Answer> SendAsync(this HttpClient http, HttpMethod method, string path, string? json = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = json is null ? null : EnrolledHost.Json(Encoding.UTF8.GetBytes(json)) };
        using var response = await http.SendAsync(request);
        return await Answer.OfAsync(response);
    }

    /// <summary>The same, as somebody who is signed in.</summary>
    public static Task<Answer> SendAsync(this SignedIn user, HttpMethod method, string path, string? json = null) => user.Http.SendAsync(method, path, json);

    public static Task<Answer> GetAsync(this SignedIn user, string path) => user.SendAsync(HttpMethod.Get, path);
}
