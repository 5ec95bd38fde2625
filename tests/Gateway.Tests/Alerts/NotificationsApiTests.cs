using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StatusMonitor.Gateway.Tests.Support;
using StatusMonitor.Storage.Alerts;

namespace StatusMonitor.Gateway.Tests.Alerts;

/// <summary>What could not be told is shown, sent again or dismissed; by its account alone.</summary>
public sealed class NotificationsApiTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly RunningServer _server = shared.Server;

    private IAlertStore Store => _server.Services.GetRequiredService<IAlertStore>();

    [Fact]
    public async Task DeadOnes_AreListed_SentAgain_AndDismissed()
    {
        var (user, other) = (await _server.SignInAsync(), await _server.SignInAsync());
        for (var i = 0; i < 5; i++) await DeadAsync(user, $"{user.Id}-n{i}");

        var first = (await user.GetAsync("/api/v1/notifications?state=dead&limit=3")).Json;
        Assert.Equal(5, first.GetProperty("dead").GetInt32());
        var second = (await user.GetAsync($"/api/v1/notifications?state=dead&limit=3&before={first.GetProperty("next").GetString()}")).Json;
        Assert.Equal(Enumerable.Range(0, 5).Reverse().Select(i => $"{user.Id}-n{i}"), Ids(first).Concat(Ids(second)));
        Assert.Equal(JsonValueKind.Null, second.GetProperty("next").ValueKind);
        Assert.Equal(
            $$"""{"id":"{{user.Id}}-n4","channel":null,"title":"web-1: CPU busy","state":"dead","createdAt":"2026-11-22T12:00:00+00:00","dueAt":"2026-11-22T12:01:00+00:00","attempts":1,"error":"blocked","incidents":["7-1"]}""",
            first.GetProperty("notifications")[0].GetRawText());
        Assert.Empty(Ids((await other.GetAsync("/api/v1/notifications")).Json));

        foreach (var (method, path) in new[] { (HttpMethod.Post, $"{user.Id}-n1/retry"), (HttpMethod.Delete, $"{user.Id}-n1") })
        {
            (await other.SendAsync(method, $"/api/v1/notifications/{path}")).AssertProblem(HttpStatusCode.NotFound, "notification-not-found");
        }

        Assert.Equal(HttpStatusCode.NoContent, (await user.SendAsync(HttpMethod.Delete, $"/api/v1/notifications/{user.Id}-n1")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await user.SendAsync(HttpMethod.Post, $"/api/v1/notifications/{user.Id}-n2/retry")).Status);
        (await user.SendAsync(HttpMethod.Delete, $"/api/v1/notifications/{user.Id}-n1")).AssertProblem(HttpStatusCode.NotFound, "notification-not-found");

        // There is no such channel, as the desk finds again.
        await Patience.Until(
            async () => Ids((await user.GetAsync("/api/v1/notifications?state=dead")).Json).SequenceEqual(new[] { 4, 3, 2, 0 }.Select(i => $"{user.Id}-n{i}")),
            () => "the one that was tried again is dead again");
        var audit = (await _server.Admin.GetAsync($"/api/v1/audit?actor={Uri.EscapeDataString(user.Name)}&action=notification.")).Json.GetProperty("entries");
        Assert.Equal(["notification.retry", "notification.dismiss"], audit.EnumerateArray().Select(entry => entry.GetProperty("action").GetString()));
    }

    [Theory]
    [InlineData("state=lost", "state")]
    [InlineData("before=x", "before")]
    [InlineData("before=-1", "before")]
    [InlineData("limit=0", "limit")]
    public async Task ABadQuery_NamesTheField(string query, string field)
    {
        var answer = await _server.Admin.GetAsync($"/api/v1/notifications?{query}");

        answer.AssertProblem(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Equal([field], answer.Json.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    private async Task DeadAsync(SignedIn user, string id)
    {
        var entry = new NotificationEntry(id, user.Id, 77, Desk.Noon, "web-1: CPU busy", """{"kind":"fired","title":"web-1: CPU busy","at":"2026-11-22T12:00:00Z"}""", ["7-1"]);
        Assert.True(await Store.DecideAsync(user.Id, [], [entry], []));
        Assert.True(await Store.SettleAsync(new StoredNotification(entry, NotificationState.Dead) { Attempts = 1, DueAt = Desk.Noon.AddMinutes(1), Error = "blocked" }));
    }

    private static List<string> Ids(JsonElement page) => [.. page.GetProperty("notifications").EnumerateArray().Select(notification => notification.GetProperty("id").GetString()!)];
}
