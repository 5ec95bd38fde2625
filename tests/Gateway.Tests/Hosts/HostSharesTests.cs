using System.Net;
using Microsoft.Extensions.DependencyInjection;
using StatusMonitor.Gateway.Tests.Support;
using StatusMonitor.Grains.Hosts;

namespace StatusMonitor.Gateway.Tests.Hosts;

/// <summary>Sharing a host with other accounts.</summary>
public sealed class HostSharesTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly RunningServer _server = shared.Server;

    [Fact]
    public async Task Share_OpensTheHostAsFarAsItSays()
    {
        using var alice = await _server.SignInAsync();
        using var bob = await _server.SignInAsync();
        var host = await _server.EnrolAsync("shared", alice);
        Assert.Equal(HttpStatusCode.NotFound, (await bob.GetAsync(Path(host))).Status);

        Assert.Equal(HttpStatusCode.NoContent, (await ShareAsync(alice, host, bob.Name, "read")).Status);
        Assert.Equal("read", (await bob.GetAsync(Path(host))).Json.GetProperty("access").GetString());
        Assert.Equal(HttpStatusCode.Forbidden, (await bob.SendAsync(HttpMethod.Patch, Path(host), """{"name":"mine"}""")).Status);

        // Again with more: the share changes, there is no second one. Names are the same whatever their case.
        Assert.Equal(HttpStatusCode.NoContent, (await ShareAsync(alice, host, bob.Name.ToUpperInvariant(), "full")).Status);
        Assert.Equal(HttpStatusCode.OK, (await bob.SendAsync(HttpMethod.Patch, Path(host), """{"name":"ours"}""")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await bob.SendAsync(HttpMethod.Delete, Path(host))).Status);
        var share = Assert.Single((await alice.GetAsync($"{Path(host)}/shares")).Json.EnumerateArray());
        Assert.Equal((bob.Id, bob.Name, "full"), (share.GetProperty("accountId").GetInt64(), share.GetProperty("username").GetString(), share.GetProperty("access").GetString()));

        Assert.Equal(HttpStatusCode.NoContent, (await UnshareAsync(alice, host, bob.Name)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await bob.GetAsync(Path(host))).Status);
        Assert.Empty((await alice.GetAsync($"{Path(host)}/shares")).Json.EnumerateArray());
        Assert.Equal(HttpStatusCode.NoContent, (await UnshareAsync(alice, host, bob.Name)).Status);
    }

    [Fact]
    public async Task WhoeverItIsSharedWith_MayGiveItUpButNotForOthers()
    {
        using var alice = await _server.SignInAsync();
        using var bob = await _server.SignInAsync();
        using var carol = await _server.SignInAsync();
        var host = await _server.EnrolAsync("shared", alice);
        await ShareAsync(alice, host, bob.Name, "full");
        await ShareAsync(alice, host, carol.Name, "read");

        (await UnshareAsync(carol, host, bob.Name)).AssertProblem(HttpStatusCode.Forbidden, "not-allowed");
        (await UnshareAsync(bob, host, carol.Name)).AssertProblem(HttpStatusCode.Forbidden, "not-allowed");
        (await UnshareAsync(bob, host, "nobody of this name")).AssertProblem(HttpStatusCode.Forbidden, "not-allowed");
        Assert.Equal(HttpStatusCode.NoContent, (await UnshareAsync(carol, host, carol.Name)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await carol.GetAsync(Path(host))).Status);
        (await UnshareAsync(carol, host, carol.Name)).AssertProblem(HttpStatusCode.NotFound, "host-not-found");
        Assert.Equal("full", (await bob.GetAsync(Path(host))).Json.GetProperty("access").GetString());
    }

    [Theory]
    [InlineData("a/b c")]
    [InlineData("50 % ö+?#&")]
    public async Task NameWithSignsOfAddresses_IsFound(string name)
    {
        using var user = await _server.SignInAsync(name);
        var host = await _server.EnrolAsync("shared");
        Assert.Equal(HttpStatusCode.NoContent, (await ShareAsync(_server.Admin, host, name, "read")).Status);
        Assert.Equal(HttpStatusCode.OK, (await user.GetAsync(Path(host))).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await UnshareAsync(_server.Admin, host, name)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await user.GetAsync(Path(host))).Status);
    }

    [Fact]
    public async Task WhatCannotBeShared_IsRefused()
    {
        using var alice = await _server.SignInAsync();
        var host = await _server.EnrolAsync("shared", alice);
        (await ShareAsync(alice, host, "nobody of this name", "read")).AssertProblem(HttpStatusCode.NotFound, "user-not-found");
        (await ShareAsync(alice, host, "a\u0007", "read")).AssertProblem(HttpStatusCode.NotFound, "user-not-found");
        (await UnshareAsync(alice, host, "nobody of this name")).AssertProblem(HttpStatusCode.NotFound, "user-not-found");
        foreach (var sharer in new[] { alice, _server.Admin })
        {
            var answer = await ShareAsync(sharer, host, alice.Name, "read");
            answer.AssertProblem(HttpStatusCode.BadRequest, "invalid-request");
            Assert.True(answer.Json.GetProperty("errors").TryGetProperty("username", out _), answer.Text);
        }

        Assert.Empty((await alice.GetAsync($"{Path(host)}/shares")).Json.EnumerateArray());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"access":null}""")]
    [InlineData("""{"access":""}""")]
    [InlineData("""{"access":"owner"}""")]
    [InlineData("""{"access":"none"}""")]
    [InlineData("""{"access":"Read"}""")]
    public async Task AccessThatIsNone_IsNamed(string body)
    {
        using var bob = await _server.SignInAsync();
        var host = await _server.EnrolAsync("shared");
        var answer = await _server.Admin.SendAsync(HttpMethod.Put, $"{Path(host)}/shares/{Uri.EscapeDataString(bob.Name)}", body);
        answer.AssertProblem(HttpStatusCode.BadRequest, "invalid-request");
        Assert.True(answer.Json.GetProperty("errors").TryGetProperty("access", out _), answer.Text);
        Assert.Equal(HttpStatusCode.NotFound, (await bob.GetAsync(Path(host))).Status);
    }

    [Fact]
    public async Task MoreSharesThanAHostMayHave_AreRefused()
    {
        await using var server = await RunningServer.StartAsync(services: services => services.Configure<HostOptions>(options => options.MaxShares = 2));
        var host = await server.EnrolAsync("shared");
        var users = new List<SignedIn>();
        for (var i = 0; i < 3; i++) users.Add(await server.SignInAsync());
        foreach (var user in users[..2]) Assert.Equal(HttpStatusCode.NoContent, (await ShareAsync(server.Admin, host, user.Name, "read")).Status);
        (await ShareAsync(server.Admin, host, users[2].Name, "read")).AssertProblem(HttpStatusCode.Conflict, "too-many");
        Assert.Equal(HttpStatusCode.NoContent, (await ShareAsync(server.Admin, host, users[1].Name, "full")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await users[2].GetAsync(Path(host))).Status);
    }

    [Fact]
    public async Task DeletedAccount_LeavesNoShareToSee()
    {
        var host = await _server.EnrolAsync("shared");
        using var bob = await _server.SignInAsync();
        await ShareAsync(_server.Admin, host, bob.Name, "read");
        Assert.Equal(HttpStatusCode.NoContent, (await _server.Admin.SendAsync(HttpMethod.Delete, $"/api/v1/users/{bob.Id}?hosts=delete")).Status);
        Assert.Empty((await _server.Admin.GetAsync($"{Path(host)}/shares")).Json.EnumerateArray());
    }

    private static string Path(EnrolledHost host) => $"/api/v1/hosts/{host.Id}";

    private static Task<Answer> ShareAsync(SignedIn user, EnrolledHost host, string name, string access) =>
        user.SendAsync(HttpMethod.Put, $"{Path(host)}/shares/{Uri.EscapeDataString(name)}", $$"""{"access":"{{access}}"}""");

    private static Task<Answer> UnshareAsync(SignedIn user, EnrolledHost host, string name) => user.SendAsync(HttpMethod.Delete, $"{Path(host)}/shares/{Uri.EscapeDataString(name)}");
}
