using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StatusMonitor.Channels.Telegram;
using StatusMonitor.Gateway.Tests.Support;

namespace StatusMonitor.Gateway.Tests.Alerts;

public sealed class TelegramEndpointsTests : IAsyncLifetime
{
    private const string SecretHeader = "X-Telegram-Bot-Api-Secret-Token";

    private RunningServer _server = null!;

    // Nobody answers at the Bot API: what comes in and the codes do not need it.
    public async Task InitializeAsync() => _server = await RunningServer.StartAsync(options =>
        (options.TelegramBotToken, options.TelegramApiUrl, options.TelegramWebhook, options.PublicUrl) = ("1:abc", "http://127.0.0.1:1", true, "https://monitor.example.org"));

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Code_IsGiven_AlsoWhileTheBotIsNotReached()
    {
        using var response = await _server.Http.PostAsync(new Uri("/api/v1/channels/telegram/link", UriKind.Relative), null);
        var answer = await Answer.OfAsync(response);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Matches("^[A-Z2-9]{16}$", answer.Json.GetProperty("code").GetString());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, answer.Json.GetProperty("url").ValueKind);
        var grains = _server.Services.GetRequiredService<IGrainFactory>();
        Assert.Equal(_server.Admin.Id, await grains.GetGrain<ITelegramLinksGrain>(0).Redeem(answer.Json.GetProperty("code").GetString()!, 7));
    }

    [Fact]
    public async Task State_OfTheBot_IsSaid()
    {
        var channels = await _server.Http.GetStringAsync("/api/v1/channels");

        Assert.Contains("\"telegram\":{\"enabled\":true,\"bot\":null,\"problem\":\"Telegram ", channels, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Update_NeedsTheSecret()
    {
        var secret = _server.Services.GetRequiredService<IOptions<TelegramOptions>>().Value.WebhookSecret;

        Assert.Equal(HttpStatusCode.Forbidden, await BringAsync(null, "{}"));
        Assert.Equal(HttpStatusCode.Forbidden, await BringAsync("", "{}"));
        Assert.Equal(HttpStatusCode.Forbidden, await BringAsync(secret[..^1], "{}"));
        Assert.Equal(HttpStatusCode.Forbidden, await BringAsync(secret + "0", "{}"));
        Assert.Equal(HttpStatusCode.OK, await BringAsync(secret, """{"update_id":5,"poll":{}}"""));
        Assert.Equal(HttpStatusCode.OK, await BringAsync(secret, "nonsense"));
        Assert.Equal(HttpStatusCode.OK, await BringAsync(secret, new string('x', 1_200_000)));
        Assert.Empty(_server.Errors.All);
    }

    private async Task<HttpStatusCode> BringAsync(string? secret, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, TelegramOptions.WebhookPath) { Content = EnrolledHost.Json(Encoding.UTF8.GetBytes(body)) };
        if (secret is not null) request.Headers.Add(SecretHeader, secret);
        using var response = await _server.Anonymous.SendAsync(request);
        return response.StatusCode;
    }
}
