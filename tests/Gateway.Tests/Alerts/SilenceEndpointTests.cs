using System.Net;
using StatusMonitor.Gateway.Tests.Support;

namespace StatusMonitor.Gateway.Tests.Alerts;

/// <summary>Silences over REST.</summary>
public sealed class SilenceEndpointTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Path = "/api/v1/silences";
    private const string Nightly = """{"comment":" backup ","groups":["Berlin"],"tags":["db","DB"],"rules":[1],"recurrence":{"days":["fri","mon"],"start":"22:00","minutes":480,"timeZone":"Europe/Berlin"}}""";

    private readonly RunningServer _server = shared.Server;

    [Fact]
    public async Task ASilence_IsMadeChangedAndEnded_AndTheAuditLogKnows()
    {
        using var alice = await _server.SignInAsync();
        var host = await _server.EnrolAsync("silenced", alice);
        var made = await alice.SendAsync(HttpMethod.Post, Path, $$"""{"hosts":[{{host.Id}},{{host.Id}}],"to":"2099-01-01T00:00:00Z"}""");
        made.AssertProblem(HttpStatusCode.BadRequest, "invalid-request");

        made = await alice.SendAsync(HttpMethod.Post, Path, $$"""{"hosts":[{{host.Id}},{{host.Id}}],"to":"{{DateTime.UtcNow.AddHours(1):O}}"}""");
        Assert.Equal(HttpStatusCode.Created, made.Status);
        Assert.Equal($"{Path}/1", made.Headers.Location!.ToString());
        Assert.Equal([host.Id], made.Json.GetProperty("hosts").EnumerateArray().Select(id => id.GetInt64()));
        Assert.True(made.Json.GetProperty("active").GetBoolean());
        Assert.Equal(alice.Name, made.Json.GetProperty("createdBy").GetString());

        var changed = await alice.SendAsync(HttpMethod.Put, $"{Path}/1", Nightly);
        Assert.Equal(HttpStatusCode.OK, changed.Status);
        Assert.Equal(
            """["backup",["Berlin"],["db"],{"days":["mon","fri"],"start":"22:00","minutes":480,"timeZone":"Europe/Berlin"}]""",
            $"[{string.Join(',', new[] { "comment", "groups", "tags", "recurrence" }.Select(name => changed.Json.GetProperty(name).GetRawText()))}]");
        Assert.True(changed.Json.GetProperty("next").GetDateTimeOffset() > DateTimeOffset.UtcNow);

        var listed = Assert.Single((await alice.GetAsync(Path)).Json.GetProperty("silences").EnumerateArray());
        Assert.Equal(["active", "comment", "createdBy", "from", "groups", "hosts", "id", "next", "recurrence", "rules", "tags", "to"], listed.EnumerateObject().Select(property => property.Name).Order());
        Assert.Equal(alice.Name, listed.GetProperty("createdBy").GetString());

        Assert.Equal(HttpStatusCode.NoContent, (await alice.SendAsync(HttpMethod.Delete, $"{Path}/1")).Status);
        (await alice.SendAsync(HttpMethod.Delete, $"{Path}/1")).AssertProblem(HttpStatusCode.NotFound, "silence-not-found");
        Assert.Empty((await alice.GetAsync(Path)).Json.GetProperty("silences").EnumerateArray());

        var entries = (await _server.Admin.GetAsync("/api/v1/audit?action=silence.&limit=100")).Json.GetProperty("entries").EnumerateArray()
            .Where(entry => entry.GetProperty("actor").GetProperty("id").GetInt64() == alice.Id).Select(entry => entry.GetProperty("action").GetString());
        Assert.Equal(["silence.delete", "silence.change", "silence.create"], entries);
    }

    [Theory]
    [InlineData("""{}""", "to")]
    [InlineData("""{"to":"2020-01-01T00:00:00Z"}""", "to")]
    [InlineData("""{"from":"2027-06-01T00:00:00Z","to":"2027-05-01T00:00:00Z"}""", "to")]
    [InlineData("""{"to":"2999-01-01T00:00:00Z"}""", "to")]
    [InlineData("""{"from":"2999-01-01T00:00:00Z","recurrence":{"start":"22:00","minutes":1,"timeZone":"UTC"}}""", "from")]
    [InlineData("""{"comment":"LONG","recurrence":{"start":"22:00","minutes":1,"timeZone":"UTC"}}""", "comment")]
    [InlineData("""{"comment":"a\u0000b","recurrence":{"start":"22:00","minutes":1,"timeZone":"UTC"}}""", "comment")]
    [InlineData("""{"recurrence":{"start":"24:00","minutes":1,"timeZone":"UTC"}}""", "recurrence.start")]
    [InlineData("""{"recurrence":{"minutes":1,"timeZone":"UTC"}}""", "recurrence.start")]
    [InlineData("""{"recurrence":{"start":"22:00","minutes":0,"timeZone":"UTC"}}""", "recurrence.minutes")]
    [InlineData("""{"recurrence":{"start":"22:00","minutes":10081,"timeZone":"UTC"}}""", "recurrence.minutes")]
    [InlineData("""{"recurrence":{"start":"22:00","minutes":1,"timeZone":"Mars/Olympus"}}""", "recurrence.timeZone")]
    [InlineData("""{"recurrence":{"start":"22:00","minutes":1,"timeZone":"../../etc/passwd"}}""", "recurrence.timeZone")]
    [InlineData("""{"recurrence":{"start":"22:00","minutes":1}}""", "recurrence.timeZone")]
    [InlineData("""{"recurrence":{"days":["monday"],"start":"22:00","minutes":1,"timeZone":"UTC"}}""", "recurrence.days")]
    [InlineData("""{"recurrence":{"days":[null],"start":"22:00","minutes":1,"timeZone":"UTC"}}""", "recurrence.days")]
    [InlineData("""{"hosts":[999999],"recurrence":{"start":"22:00","minutes":1,"timeZone":"UTC"}}""", "hosts")]
    [InlineData("""{"hosts":[-1],"recurrence":{"start":"22:00","minutes":1,"timeZone":"UTC"}}""", "hosts")]
    [InlineData("""{"hosts":[MANY],"recurrence":{"start":"22:00","minutes":1,"timeZone":"UTC"}}""", "hosts")]
    [InlineData("""{"rules":[999],"recurrence":{"start":"22:00","minutes":1,"timeZone":"UTC"}}""", "rules")]
    [InlineData("""{"groups":["LONG"],"recurrence":{"start":"22:00","minutes":1,"timeZone":"UTC"}}""", "groups")]
    [InlineData("""{"groups":[null],"recurrence":{"start":"22:00","minutes":1,"timeZone":"UTC"}}""", "groups")]
    [InlineData("""{"tags":[" "],"recurrence":{"start":"22:00","minutes":1,"timeZone":"UTC"}}""", "tags")]
    public async Task WhatIsNoSilence_IsNamed_AndMakesNone(string body, string field)
    {
        using var alice = await _server.SignInAsync();
        var answer = await alice.SendAsync(HttpMethod.Post, Path, body.Replace("LONG", new string('x', 201), StringComparison.Ordinal).Replace("MANY", string.Join(',', Enumerable.Range(1, 101)), StringComparison.Ordinal));

        answer.AssertProblem(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Equal(field, Assert.Single(answer.Json.GetProperty("errors").EnumerateObject()).Name);
        Assert.Empty((await alice.GetAsync(Path)).Json.GetProperty("silences").EnumerateArray());
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"hosts":["one"]}""")]
    [InlineData("""{"from":"yesterday"}""")]
    public async Task WhatIsNoJsonOfOne_IsRefused(string body)
    {
        using var alice = await _server.SignInAsync();
        (await alice.SendAsync(HttpMethod.Post, Path, body)).AssertProblem(HttpStatusCode.BadRequest, "invalid-request");
        (await alice.SendAsync(HttpMethod.Post, Path, $$"""{"comment":"{{new string('x', 70_000)}}"}""")).AssertProblem(HttpStatusCode.RequestEntityTooLarge, "limit-exceeded");
    }

    [Fact]
    public async Task OthersHostsAndSilences_AreNotThere()
    {
        using var alice = await _server.SignInAsync();
        using var bob = await _server.SignInAsync();
        var host = await _server.EnrolAsync("others", alice);
        var body = """{"hosts":[HOST],"recurrence":{"start":"22:00","minutes":1,"timeZone":"UTC"}}""".Replace("HOST", $"{host.Id}", StringComparison.Ordinal);

        var refused = await bob.SendAsync(HttpMethod.Post, Path, body);
        refused.AssertProblem(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Contains("not there", refused.Json.GetProperty("errors").GetProperty("hosts")[0].GetString());

        Assert.Equal(HttpStatusCode.Created, (await alice.SendAsync(HttpMethod.Post, Path, body)).Status);
        Assert.Empty((await bob.GetAsync(Path)).Json.GetProperty("silences").EnumerateArray());
        (await bob.SendAsync(HttpMethod.Put, $"{Path}/1", Nightly)).AssertProblem(HttpStatusCode.NotFound, "silence-not-found");
        (await bob.SendAsync(HttpMethod.Delete, $"{Path}/1")).AssertProblem(HttpStatusCode.NotFound, "silence-not-found");
        Assert.Single((await alice.GetAsync(Path)).Json.GetProperty("silences").EnumerateArray());
    }

    [Fact]
    public async Task WhoIsNotSignedIn_GetsNothing()
    {
        using var visitor = new Visitor(_server);
        foreach (var (method, path) in new[] { ("GET", Path), ("POST", Path), ("PUT", $"{Path}/1"), ("DELETE", $"{Path}/1"), ("GET", "/api/v1/alerts/routing"), ("PUT", "/api/v1/alerts/routing") })
        {
            (await visitor.SendAsync(method, path, method is "GET" or "DELETE" ? null : "{}")).AssertProblem(HttpStatusCode.Unauthorized, "not-signed-in");
        }
    }
}
