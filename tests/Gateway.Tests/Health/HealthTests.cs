using System.Net.Http.Json;
using System.Text.Json;
using StatusMonitor.Gateway.Tests.Support;

namespace StatusMonitor.Gateway.Tests.Health;

/// <summary>What the server says of itself.</summary>
public sealed class HealthTests(SharedServer shared) : IClassFixture<SharedServer>
{
    [Fact]
    public async Task Health_SaysHowTheServerIs()
    {
        var server = shared.Server;
        var host = await server.EnrolAsync();
        await server.EnrolAsync();
        await host.ReportAsync(ReportJson.Report(1, ReportJson.Now()));

        using var response = await server.Http.GetAsync("/health");
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        var health = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(["status", "engine", "version", "uptime", "storage", "hosts"], health.EnumerateObject().Select(member => member.Name));
        Assert.Equal(("ok", "ok"), (health.GetProperty("status").GetString(), health.GetProperty("storage").GetString()));
        Assert.Contains(health.GetProperty("engine").GetString(), new[] { "Embedded", "Orleans" });
        Assert.Matches(@"^\d+\.\d+\.\d+", health.GetProperty("version").GetString());
        Assert.True(health.GetProperty("uptime").GetDouble() > 0);
        Assert.Equal("""{"total":2,"online":1}""", health.GetProperty("hosts").GetRawText());
    }

    [Fact]
    public async Task Health_NeedsNoKey()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health");
        request.Headers.Host = "monitor.example.org";
        using var response = await shared.Server.Http.SendAsync(request);
        response.EnsureSuccessStatusCode();
    }
}
