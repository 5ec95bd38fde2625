using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StatusMonitor.Channels.Telegram;
using StatusMonitor.Gateway.Tests.Support;
using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Gateway.Tests.Alerts;

public sealed class ChannelEndpointsTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Secret = "verysecret";

    private static readonly object Mail = new
    {
        name = "on call",
        kind = "email",
        settings = new { to = "oncall@example.org", from = "monitor@example.org", host = "mail.example.org", username = "monitor", password = Secret },
    };

    private RunningServer Server => shared.Server;

    [Fact]
    public async Task Channel_IsMadeShownChangedAndDeleted_AndItsSecretNeverShown()
    {
        using var anna = await Server.SignInAsync();
        var made = await SendAsync(anna, HttpMethod.Post, "", Mail);

        Assert.Equal(HttpStatusCode.Created, made.Status);
        var id = made.Json.GetProperty("id").GetInt64();
        Assert.Equal(("on call", "email", true, false), (made.Json.GetProperty("name").GetString(), made.Json.GetProperty("kind").GetString(), made.Json.GetProperty("enabled").GetBoolean(), made.Json.GetProperty("classic").GetBoolean()));
        Assert.Equal("mail.example.org", made.Json.GetProperty("settings").GetProperty("host").GetString());
        Assert.Equal(["password"], made.Json.GetProperty("secrets").EnumerateArray().Select(name => name.GetString()));

        var list = await SendAsync(anna, HttpMethod.Get, "");
        Assert.Equal(made.Text, list.Json.GetProperty("channels")[0].GetRawText());
        Assert.False(list.Json.GetProperty("available").GetProperty("telegram").GetProperty("enabled").GetBoolean());

        var changed = await SendAsync(anna, HttpMethod.Put, $"/{id}", new { name = "nights", enabled = false, settings = new { to = "b@example.org", from = "monitor@example.org", host = "mail.example.org", username = "monitor" } });
        Assert.Equal(HttpStatusCode.OK, changed.Status);
        Assert.Equal(["password"], changed.Json.GetProperty("secrets").EnumerateArray().Select(name => name.GetString()));
        Assert.False(changed.Json.GetProperty("enabled").GetBoolean());
        Assert.Equal(Secret, (await StoredAsync(anna.Id))[0].Settings["password"]);
        Assert.All([made, list, changed], answer => Assert.DoesNotContain(Secret, answer.Text, StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(anna, HttpMethod.Delete, $"/{id}")).Status);
        Assert.Empty(await StoredAsync(anna.Id));
        (await SendAsync(anna, HttpMethod.Delete, $"/{id}")).AssertProblem(HttpStatusCode.NotFound, "channel-not-found");
    }

    [Fact]
    public async Task SecretThatIsLeftOut_DoesNotGoToAnotherServer()
    {
        using var anna = await Server.SignInAsync();
        var id = (await SendAsync(anna, HttpMethod.Post, "", Mail)).Json.GetProperty("id").GetInt64();
        var hook = (await SendAsync(anna, HttpMethod.Post, "", new { name = "hook", kind = "webhook", settings = new Dictionary<string, string> { ["url"] = "https://example.org/a", ["header.Authorization"] = Secret } })).Json.GetProperty("id").GetInt64();

        var moved = await SendAsync(anna, HttpMethod.Put, $"/{id}", new { name = "x", settings = new { to = "a@example.org", from = "m@example.org", host = "mail.evil.example", username = "monitor" } });
        var movedHook = await SendAsync(anna, HttpMethod.Put, $"/{hook}", new { name = "x", settings = new { url = "https://evil.example/" } });

        AssertErrors(moved, "settings.password");
        AssertErrors(movedHook, "settings.header.Authorization");
        var stored = await StoredAsync(anna.Id);
        Assert.Equal("mail.example.org", stored[0].Settings["host"]);
        Assert.Equal("https://example.org/a", stored[1].Settings["url"]);

        var emptied = await SendAsync(anna, HttpMethod.Put, $"/{hook}", new { name = "x", settings = new Dictionary<string, string> { ["url"] = "https://new.example/", ["header.Authorization"] = "" } });
        Assert.Equal(["url"], emptied.Json.GetProperty("secrets").EnumerateArray().Select(name => name.GetString()));
        var kept = await SendAsync(anna, HttpMethod.Put, $"/{hook}", new { name = "y", settings = new { } });
        Assert.Equal(HttpStatusCode.OK, kept.Status);
        Assert.Equal("https://new.example/", (await StoredAsync(anna.Id))[1].Settings["url"]);
    }

    [Theory]
    [InlineData("""{}""", "kind", "name")]
    [InlineData("""{"name":"x"}""", "kind")]
    [InlineData("""{"name":"x","kind":"pager","settings":{}}""", "kind")]
    [InlineData("""{"name":"x","kind":"Email","settings":{}}""", "kind")]
    [InlineData("""{"name":" ","kind":"slack","settings":{"url":"https://example.org/"}}""", "name")]
    [InlineData("""{"name":"a\nb","kind":"slack","settings":{"url":"https://example.org/"}}""", "name")]
    [InlineData("""{"name":"x","kind":"slack"}""", "settings.url")]
    [InlineData("""{"name":"x","kind":"slack","settings":{"url":null}}""", "settings.url")]
    [InlineData("""{"name":"x","kind":"slack","settings":{"url":"ftp://example.org/"}}""", "settings.url")]
    [InlineData("""{"name":"x","kind":"slack","settings":{"url":"https://example.org/","room":"a"}}""", "settings.room")]
    [InlineData("""{"name":"x","kind":"telegram","settings":{"chat":"me"}}""", "settings.chat")]
    [InlineData("""{"name":"x","kind":"email","settings":{"to":"a@example.org","from":"b@example.org\r\nBcc: c@example.org","host":"mail"}}""", "settings.from")]
    [InlineData("""{"name":"x","kind":"webhook","settings":{"url":"https://example.org/","template":"{{title}}"}}""", "settings.template")]
    public async Task BadInput_IsNamedByField_AndNothingIsMade(string body, params string[] fields)
    {
        using var anna = await Server.SignInAsync();

        AssertErrors(await SendAsync(anna, HttpMethod.Post, "", body), fields);
        Assert.Empty(await StoredAsync(anna.Id));
    }

    [Theory]
    [InlineData("", HttpStatusCode.BadRequest)]
    [InlineData("[]", HttpStatusCode.BadRequest)]
    [InlineData("not json", HttpStatusCode.BadRequest)]
    [InlineData("""{"name":7}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"name":"x","kind":"slack","settings":{"url":7}}""", HttpStatusCode.BadRequest)]
    public async Task NoRequest_IsRefused(string body, HttpStatusCode status)
    {
        using var anna = await Server.SignInAsync();
        Assert.Equal(status, (await SendAsync(anna, HttpMethod.Post, "", body)).Status);
        Assert.Empty(await StoredAsync(anna.Id));
    }

    [Fact]
    public async Task TooMuch_IsRefused()
    {
        using var anna = await Server.SignInAsync();
        var many = Enumerable.Range(0, 41).ToDictionary(i => $"a{i}", _ => "x");
        AssertErrors(await SendAsync(anna, HttpMethod.Post, "", new { name = "x", kind = "slack", settings = many }), "settings");
        AssertErrors(await SendAsync(anna, HttpMethod.Post, "", new { name = new string('x', 101), kind = "slack", settings = new { url = "https://example.org/" } }), "name");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await SendAsync(anna, HttpMethod.Post, "", new { name = "x", kind = "slack", settings = new { url = new string('x', 70_000) } })).Status);

        for (var i = 0; i < 50; i++) Assert.Equal(HttpStatusCode.Created, (await SendAsync(anna, HttpMethod.Post, "", new { name = $"{i}", kind = "telegram", settings = new { chat = "7" } })).Status);
        (await SendAsync(anna, HttpMethod.Post, "", Mail)).AssertProblem(HttpStatusCode.Conflict, "too-many");
    }

    [Fact]
    public async Task KindOfAChannel_NeverChanges()
    {
        using var anna = await Server.SignInAsync();
        var id = (await SendAsync(anna, HttpMethod.Post, "", Mail)).Json.GetProperty("id").GetInt64();

        AssertErrors(await SendAsync(anna, HttpMethod.Put, $"/{id}", new { name = "x", kind = "slack", settings = new { url = "https://example.org/" } }), "kind");
    }

    [Fact]
    public async Task ChannelOfSomebodyElse_IsNone()
    {
        using var anna = await Server.SignInAsync();
        using var bob = await Server.SignInAsync();
        var id = (await SendAsync(anna, HttpMethod.Post, "", Mail)).Json.GetProperty("id").GetInt64();

        foreach (var (method, path, body) in new[] { (HttpMethod.Put, $"/{id}", Mail), (HttpMethod.Delete, $"/{id}", null), (HttpMethod.Post, $"/{id}/test", null) })
        {
            (await SendAsync(bob, method, path, body)).AssertProblem(HttpStatusCode.NotFound, "channel-not-found");
            Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(Server.Anonymous, method, path, body)).Status);
        }

        Assert.Empty((await SendAsync(bob, HttpMethod.Get, "")).Json.GetProperty("channels").EnumerateArray());
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(Server.Anonymous, HttpMethod.Get, "")).Status);
        Assert.Single(await StoredAsync(anna.Id));
    }

    [Fact]
    public async Task Test_SaysWhatBecameOfIt_AndIsLimited()
    {
        using var anna = await Server.SignInAsync();
        var inside = Server.Address;
        var id = (await SendAsync(anna, HttpMethod.Post, "", new { name = "x", kind = "webhook", settings = new { url = $"{inside}api/v1/anything/{Secret}" } })).Json.GetProperty("id").GetInt64();

        var answer = await SendAsync(anna, HttpMethod.Post, $"/{id}/test");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("refused", answer.Json.GetProperty("outcome").GetString());
        Assert.Contains("--allow-private-channels", answer.Json.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, answer.Text, StringComparison.Ordinal);

        var last = answer;
        for (var i = 0; i < 30 && last.Status == HttpStatusCode.OK; i++) last = await SendAsync(anna, HttpMethod.Post, $"/{id}/test");
        last.AssertProblem(HttpStatusCode.TooManyRequests, "too-many-attempts");
    }

    [Fact]
    public async Task WhatIsDone_IsInTheAuditLog_WithoutSecrets()
    {
        using var anna = await Server.SignInAsync();
        var id = (await SendAsync(anna, HttpMethod.Post, "", Mail)).Json.GetProperty("id").GetInt64();
        await SendAsync(anna, HttpMethod.Put, $"/{id}", new { name = "nights", enabled = false, settings = new { to = "b@example.org", from = "monitor@example.org", host = "mail.example.org", username = "monitor", password = Secret + "2" } });
        await SendAsync(anna, HttpMethod.Delete, $"/{id}");

        var log = await Server.Http.GetStringAsync($"/api/v1/audit?targetKind=channel&targetId={anna.Id}/{id}");
        var entries = JsonDocument.Parse(log).RootElement.GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("action").GetString()!).ToArray();
        Assert.Equal(["channel.delete", "channel.change", "channel.create"], entries);
        Assert.Contains("disabled, name, password, to", log, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutABot_NothingIsLinked_AndNothingComesIn()
    {
        (await SendAsync(Server.Admin, HttpMethod.Post, "/telegram/link")).AssertProblem(HttpStatusCode.Conflict, "no-telegram");
        using var response = await Server.Anonymous.PostAsync(new Uri(TelegramOptions.WebhookPath, UriKind.Relative), null);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    private static void AssertErrors(Answer answer, params string[] fields)
    {
        answer.AssertProblem(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Equal(fields, answer.Json.GetProperty("errors").EnumerateObject().Select(error => error.Name).Order(StringComparer.Ordinal));
    }

    private static Task<Answer> SendAsync(SignedIn who, HttpMethod method, string path, object? body = null) => SendAsync(who.Http, method, path, body);

    private static async Task<Answer> SendAsync(HttpClient http, HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, $"/api/v1/channels{path}");
        if (body is not null) request.Content = body is string text ? EnrolledHost.Json(Encoding.UTF8.GetBytes(text)) : JsonContent.Create(body);
        using var response = await http.SendAsync(request);
        return await Answer.OfAsync(response);
    }

    private async Task<AlertChannel[]> StoredAsync(long account) => [.. await Server.Services.GetRequiredService<IGrainFactory>().GetGrain<IAlertDeskGrain>(account).GetChannels()];
}
