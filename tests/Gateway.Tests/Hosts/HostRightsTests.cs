using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using StatusMonitor.Gateway.Access;
using StatusMonitor.Gateway.Tests.Support;
using StatusMonitor.Storage;

namespace StatusMonitor.Gateway.Tests.Hosts;

/// <summary>Who may call what of a host: a stranger, somebody else, somebody it is shared with, its owner, an administrator.</summary>
public sealed class HostRightsTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly RunningServer _server = shared.Server;

    /// <summary>Every endpoint with a host in its path, with the least access it needs.</summary>
    public static TheoryData<string, string, string?, string> Calls => new()
    {
        { "GET", "", null, "read" },
        { "GET", "/series", null, "read" },
        { "GET", "/history?series=cpu.percent", null, "read" },
        { "PATCH", "", """{"name":"changed"}""", "full" },
        { "DELETE", "", null, "owner" },
        { "GET", "/tokens", null, "full" },
        { "POST", "/tokens", null, "full" },
        { "POST", "/tokens/regenerate", null, "full" },
        { "DELETE", "/tokens/1", null, "full" },
        { "GET", "/shares", null, "owner" },
        { "PUT", "/shares/admin", """{"access":"read"}""", "owner" },
        { "DELETE", "/shares/admin", null, "owner" },
    };

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Call_IsForWhoeverMayDoSoMuch(string method, string path, string? body, string needed)
    {
        using var alice = await _server.SignInAsync();
        var host = await _server.EnrolAsync("guarded", alice);
        var url = $"/api/v1/hosts/{host.Id}{path}";

        var anonymous = await _server.Anonymous.SendAsync(new HttpMethod(method), url, body);
        anonymous.AssertProblem(HttpStatusCode.Unauthorized, "not-signed-in");
        Assert.Equal("Bearer", anonymous.Headers.WwwAuthenticate.ToString());

        foreach (var access in new[] { "none", "read", "full" })
        {
            using var user = await _server.SignInAsync();
            if (access != "none") await ShareAsync(alice, host, user, access);
            var answer = await user.SendAsync(new HttpMethod(method), url, body);
            if (access == "none") answer.AssertProblem(HttpStatusCode.NotFound, "host-not-found");
            else if (Level(access) < Level(needed)) answer.AssertProblem(HttpStatusCode.Forbidden, "not-allowed");
            else AssertDone(answer);
        }

        // What was refused has changed nothing.
        if (needed == "owner") Assert.Equal("guarded", (await alice.GetAsync($"/api/v1/hosts/{host.Id}")).Json.GetProperty("name").GetString());

        // Whom nothing belongs to, and who may do everything all the same.
        using var administrator = await _server.SignInAsync(role: "administrator");
        AssertDone(await administrator.SendAsync(new HttpMethod(method), url, body), mayBeGone: path == "/tokens/1");
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Owner_MayDoAll(string method, string path, string? body, string needed)
    {
        Assert.NotEqual("none", needed);
        using var alice = await _server.SignInAsync();
        var host = await _server.EnrolAsync("guarded", alice);
        AssertDone(await alice.SendAsync(new HttpMethod(method), $"/api/v1/hosts/{host.Id}{path}", body));
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task HostThatIsNone_Is404ForEverybody(string method, string path, string? body, string needed)
    {
        Assert.NotEqual("none", needed);
        foreach (var id in new[] { "0", "-1", "999999", "9223372036854775807" })
        {
            (await _server.Admin.SendAsync(new HttpMethod(method), $"/api/v1/hosts/{id}{path}", body)).AssertProblem(HttpStatusCode.NotFound, "host-not-found");
        }
    }

    [Fact]
    public void EveryEndpointOfAHost_GoesThroughTheGate()
    {
        var routes = _server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/api/v1/hosts/{id", StringComparison.Ordinal)).ToArray();
        Assert.Equal(Calls.Count, routes.Length);
        Assert.All(routes, endpoint =>
        {
            Assert.NotNull(endpoint.Metadata.GetMetadata<NeededAccess>());
            Assert.NotNull(endpoint.Metadata.GetMetadata<IAuthorizeData>());
        });
    }

    [Fact]
    public async Task WhatWasDoneAndWhatWasRefused_IsAudited()
    {
        using var alice = await _server.SignInAsync();
        using var bob = await _server.SignInAsync();
        var host = await _server.EnrolAsync("audited", alice);
        await ShareAsync(alice, host, bob, "read");
        await alice.SendAsync(HttpMethod.Patch, $"/api/v1/hosts/{host.Id}", """{"name":"renamed","group":"g","tags":["t"]}""");
        await bob.SendAsync(HttpMethod.Patch, $"/api/v1/hosts/{host.Id}", """{"name":"mine"}""");
        await alice.SendAsync(HttpMethod.Post, $"/api/v1/hosts/{host.Id}/tokens");
        await alice.SendAsync(HttpMethod.Delete, $"/api/v1/hosts/{host.Id}/tokens/2");
        var regenerated = await alice.SendAsync(HttpMethod.Post, $"/api/v1/hosts/{host.Id}/tokens/regenerate");
        await alice.SendAsync(HttpMethod.Delete, $"/api/v1/hosts/{host.Id}/shares/{Uri.EscapeDataString(bob.Name)}");
        await alice.SendAsync(HttpMethod.Delete, $"/api/v1/hosts/{host.Id}");

        var log = _server.Services.GetRequiredService<IAuditLog>();
        var hosts = await log.ReadAsync(new AuditQuery(TargetKind: "host", TargetId: $"{host.Id}"), CancellationToken.None);
        Assert.Equal(
            [
                ("host.create", alice.Name, "ok", null),
                ("host.share", alice.Name, "ok", $"{bob.Name}: read"),
                ("host.change", alice.Name, "ok", "name: renamed; group: g; tags: t"),
                ("host.change", bob.Name, "not-allowed", null),
                ("host.unshare", alice.Name, "ok", bob.Name),
                ("host.delete", alice.Name, "ok", null),
            ],
            hosts.Reverse().Select(record => (record.Entry.Action, record.Entry.ActorName!, record.Entry.Outcome, record.Entry.Detail)));
        Assert.All(hosts, record => Assert.Equal("127.0.0.1", record.Entry.Address));

        var tokens = (await log.ReadAsync(new AuditQuery(TargetKind: "token"), CancellationToken.None)).Where(record => record.Entry.TargetId!.StartsWith($"{host.Id}/", StringComparison.Ordinal)).ToArray();
        Assert.Equal(["token.create", "token.revoke", "token.regenerate"], tokens.Reverse().Select(record => record.Entry.Action));
        var secrets = new[] { host.Token, regenerated.Json.GetProperty("token").GetString()! };
        Assert.All([.. hosts, .. tokens], record => Assert.DoesNotContain(secrets, secret => JsonSerializer.Serialize(record).Contains(secret, StringComparison.OrdinalIgnoreCase)));
    }

    private static int Level(string access) => Array.IndexOf(["none", "read", "full", "owner"], access);

    private static void AssertDone(Answer answer, bool mayBeGone = false) =>
        Assert.True((int)answer.Status is >= 200 and < 300 || mayBeGone && answer.Problem == "token-not-found", $"{(int)answer.Status} {answer.Text}");

    private static async Task ShareAsync(SignedIn owner, EnrolledHost host, SignedIn user, string access) =>
        Assert.Equal(HttpStatusCode.NoContent, (await owner.SendAsync(HttpMethod.Put, $"/api/v1/hosts/{host.Id}/shares/{Uri.EscapeDataString(user.Name)}", $$"""{"access":"{{access}}"}""")).Status);
}
