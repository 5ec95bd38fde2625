using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using StatusMonitor.Gateway.Tests.Support;

namespace StatusMonitor.Gateway.Tests.Hosts;

/// <summary>What people write about a host, and deleting it.</summary>
public sealed class HostChangesTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly RunningServer _server = shared.Server;

    [Fact]
    public async Task NewHost_HasItsGroupTagsAndOwner()
    {
        using var alice = await _server.SignInAsync();
        var host = await alice.SendAsync(HttpMethod.Post, "/api/v1/hosts", """{"name":"web-1","group":" Frankfurt ","tags":[" web ","Web","production"]}""");
        var view = await GetAsync(alice, host.Json.GetProperty("id").GetInt64());

        Assert.Equal(("Frankfurt", "owner"), (view.GetProperty("group").GetString(), view.GetProperty("access").GetString()));
        Assert.Equal(["web", "production"], Texts(view.GetProperty("tags")));
        Assert.Equal((alice.Id, alice.Name), (view.GetProperty("owner").GetProperty("id").GetInt64(), view.GetProperty("owner").GetProperty("username").GetString()));
        Assert.InRange(TimeProvider.System.GetUtcNow() - view.GetProperty("createdAt").GetDateTimeOffset(), TimeSpan.Zero, Patience.Limit);
    }

    [Fact]
    public async Task Change_ReplacesWhatItNamesAndLeavesTheRest()
    {
        using var alice = await _server.SignInAsync();
        var host = await _server.EnrolAsync("before", alice);

        Assert.Equal(("before", "rack 1", "a b"), await ChangeAsync(alice, host, """{"group":"rack 1","tags":["a","b"]}"""));
        Assert.Equal(("after", "rack 1", "a b"), await ChangeAsync(alice, host, """{"name":" after "}"""));
        Assert.Equal(("after", "rack 1", ""), await ChangeAsync(alice, host, """{"tags":[]}"""));
        Assert.Equal(("after", null, ""), await ChangeAsync(alice, host, """{"group":""}"""));
        Assert.Equal(("after", null, ""), await ChangeAsync(alice, host, "{}"));

        var view = await GetAsync(alice, host.Id);
        Assert.Equal(("after", JsonValueKind.Null), (view.GetProperty("name").GetString(), view.GetProperty("group").ValueKind));
        Assert.Equal("after", (await ListAsync(alice)).GetProperty("rows")[0].GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("""{"name":""}""", "name")]
    [InlineData("""{"name":"  "}""", "name")]
    [InlineData("""{"name":"a\u0000"}""", "name")]
    [InlineData("""{"group":"123456789012345678901234567890123456789012345678901"}""", "group")]
    [InlineData("""{"group":"a\nb"}""", "group")]
    [InlineData("""{"tags":[""]}""", "tags")]
    [InlineData("""{"tags":[null]}""", "tags")]
    [InlineData("""{"tags":["a\tb"]}""", "tags")]
    [InlineData("""{"tags":["123456789012345678901234567890123456789012345678901"]}""", "tags")]
    [InlineData("""{"tags":["1","2","3","4","5","6","7","8","9","10","11","12","13","14","15","16","17","18","19","20","21"]}""", "tags")]
    public async Task WhatIsNotValid_IsNamedByFieldAndChangesNothing(string body, string field)
    {
        using var alice = await _server.SignInAsync();
        var host = await _server.EnrolAsync("unchanged", alice);
        foreach (var answer in new[] { await alice.SendAsync(HttpMethod.Patch, Path(host), body), await alice.SendAsync(HttpMethod.Post, "/api/v1/hosts", field == "name" ? body : body.Insert(1, "\"name\":\"x\",")) })
        {
            answer.AssertProblem(HttpStatusCode.BadRequest, "invalid-request");
            Assert.Equal([field], answer.Json.GetProperty("errors").EnumerateObject().Select(error => error.Name));
        }

        Assert.Equal(("unchanged", null, ""), await ChangeAsync(alice, host, "{}"));
        Assert.Equal(1, (await ListAsync(alice)).GetProperty("counts").GetProperty("total").GetInt32());
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"tags":"web"}""")]
    [InlineData("""{"tags":[1]}""")]
    [InlineData("""{"group":7}""")]
    public async Task BodyOfAnotherShape_Is400(string body)
    {
        var host = await _server.EnrolAsync("unchanged");
        var answer = await _server.Admin.SendAsync(HttpMethod.Patch, Path(host), body);
        Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json"), (answer.Status, answer.MediaType));
        Assert.Equal("unchanged", (await GetAsync(_server.Admin, host.Id)).GetProperty("name").GetString());
    }

    [Fact]
    public async Task OversizedBody_Is413()
    {
        var host = await _server.EnrolAsync("unchanged");
        var large = $$"""{"name":"{{new string('x', SmallBodies.MaxBytes)}}"}""";
        (await _server.Admin.SendAsync(HttpMethod.Patch, Path(host), large)).AssertProblem(HttpStatusCode.RequestEntityTooLarge, "limit-exceeded");
        (await _server.Admin.SendAsync(HttpMethod.Post, "/api/v1/hosts", large)).AssertProblem(HttpStatusCode.RequestEntityTooLarge, "limit-exceeded");
    }

    [Fact]
    public async Task DeletedHost_IsNoMore()
    {
        using var alice = await _server.SignInAsync();
        var (deleted, kept) = (await _server.EnrolAsync("deleted", alice), await _server.EnrolAsync("kept", alice));
        await deleted.ReportAsync(ReportJson.Report(1, ReportJson.Now()));

        Assert.Equal(HttpStatusCode.NoContent, (await alice.SendAsync(HttpMethod.Delete, Path(deleted))).Status);

        (await alice.SendAsync(HttpMethod.Get, Path(deleted))).AssertProblem(HttpStatusCode.NotFound, "host-not-found");
        (await alice.SendAsync(HttpMethod.Delete, Path(deleted))).AssertProblem(HttpStatusCode.NotFound, "host-not-found");
        (await alice.SendAsync(HttpMethod.Patch, Path(deleted), """{"name":"back"}""")).AssertProblem(HttpStatusCode.NotFound, "host-not-found");
        (await _server.Admin.SendAsync(HttpMethod.Get, Path(deleted))).AssertProblem(HttpStatusCode.NotFound, "host-not-found");
        (await deleted.PostAsync(ReportJson.Batch(ReportJson.Report(2, ReportJson.Now())))).AssertProblem(HttpStatusCode.Unauthorized, "unknown-token");
        Assert.Equal(["kept"], (await ListAsync(alice)).GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("name").GetString()));
        Assert.True((await _server.EnrolAsync("next", alice)).Id > kept.Id);
    }

    private static string Path(EnrolledHost host) => $"/api/v1/hosts/{host.Id}";

    private static async Task<(string? Name, string? Group, string Tags)> ChangeAsync(SignedIn user, EnrolledHost host, string body)
    {
        var answer = await user.SendAsync(HttpMethod.Patch, Path(host), body);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        Assert.Equal(host.Id, answer.Json.GetProperty("id").GetInt64());
        return (answer.Json.GetProperty("name").GetString(), answer.Json.GetProperty("group").GetString(), string.Join(' ', Texts(answer.Json.GetProperty("tags"))));
    }

    private static IEnumerable<string?> Texts(JsonElement array) => array.EnumerateArray().Select(text => text.GetString());

    private static Task<JsonElement> GetAsync(SignedIn user, long id) => user.Http.GetFromJsonAsync<JsonElement>($"/api/v1/hosts/{id}");

    private static Task<JsonElement> ListAsync(SignedIn user) => user.Http.GetFromJsonAsync<JsonElement>("/api/v1/hosts");
}
