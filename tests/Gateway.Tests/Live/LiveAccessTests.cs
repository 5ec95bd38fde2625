using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StatusMonitor.Gateway.Live;
using StatusMonitor.Gateway.Tests.Support;

namespace StatusMonitor.Gateway.Tests.Live;

/// <summary>What a live connection shows is what its account may see, at every moment.</summary>
public sealed class LiveAccessTests : IAsyncLifetime
{
    private RunningServer _server = null!;

    public async Task InitializeAsync() => _server = await RunningServer.StartAsync();

    public async Task DisposeAsync()
    {
        Assert.Empty(_server.Errors.All);
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task HubWithoutASession_IsClosed()
    {
        foreach (var token in new[] { "", "nonsense", _server.Admin.AccessToken + "x" })
        {
            using var response = await _server.Anonymous.PostAsync($"/hubs/live/negotiate?negotiateVersion=1&access_token={token}", null);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }
    }

    [Fact]
    public async Task FleetPage_IsTheViewersOwn()
    {
        var (alice, bob) = (await _server.SignInAsync(), await _server.SignInAsync());
        var (hers, shared) = (await _server.EnrolAsync("hers", alice), await _server.EnrolAsync("shared", alice));
        await _server.EnrolAsync("his", bob);
        await ShareAsync(alice, shared, bob, "read");

        await using var browser = await HubClient.ConnectAsync(_server, @as: bob);
        var page = await browser.InvokeAsync("WatchFleet", (object?)null);
        Assert.Equal([("his", "owner"), ("shared", "read")], Rows(page));
        Assert.Equal(2, page.GetProperty("counts").GetProperty("total").GetInt32());

        // What happens to a host of others is nothing, not even a message without rows: the next that comes is of the host he sees.
        await hers.ReportAsync(ReportJson.Report(1, ReportJson.Now()));
        await using var hersToo = await HubClient.ConnectAsync(_server, @as: alice);
        await hersToo.InvokeAsync("WatchFleet", (object?)null);
        await hers.ReportAsync(ReportJson.Report(2, ReportJson.Now() + 2000));
        await hersToo.NextAsync("FleetChanged", change => change.GetProperty("rows").GetArrayLength() > 0);
        await shared.ReportAsync(ReportJson.Report(1, ReportJson.Now()));
        var (method, change) = await browser.NextAsync(() => "the change of the shared host");
        Assert.Equal("FleetChanged", method);
        Assert.Equal([("shared", "read")], Rows(change));
        Assert.Equal("""{"total":2,"online":1,"late":0,"offline":0,"pending":1}""", change.GetProperty("counts").GetRawText());
    }

    [Fact]
    public async Task HostOfOthers_IsNotThereToWatch()
    {
        var (alice, bob) = (await _server.SignInAsync(), await _server.SignInAsync());
        var host = await _server.EnrolAsync("hers", alice);
        await using var browser = await HubClient.ConnectAsync(_server, @as: bob);
        Assert.Equal(
            (await browser.InvokeRefusedAsync("WatchHost", 999_999)).Replace("999999", "?", StringComparison.Ordinal),
            (await browser.InvokeRefusedAsync("WatchHost", host.Id)).Replace($"{host.Id}", "?", StringComparison.Ordinal));

        // Neither call is an error of the server's, so neither is logged as one.
        Assert.Empty(_server.Errors.All);
        await host.ReportAsync(ReportJson.Report(1, ReportJson.Now()));
        await ShareAsync(alice, host, bob, "read");
        var view = await browser.InvokeAsync("WatchHost", host.Id);
        Assert.Equal(("read", alice.Name), (view.GetProperty("access").GetString(), view.GetProperty("owner").GetProperty("username").GetString()));
        Assert.Single(view.GetProperty("times").EnumerateArray());
    }

    [Fact]
    public async Task UnsharedHost_LeavesTheFeedAndThePage()
    {
        var (alice, bob) = (await _server.SignInAsync(), await _server.SignInAsync());
        var (host, other) = (await _server.EnrolAsync("shared", alice), await _server.EnrolAsync("his", bob));
        await ShareAsync(alice, host, bob, "read");
        await using var browser = await HubClient.ConnectAsync(_server, @as: bob);
        await using var owner = await HubClient.ConnectAsync(_server, @as: alice);
        foreach (var watcher in new[] { browser, owner })
        {
            await watcher.InvokeAsync("WatchFleet", (object?)null);
            await watcher.InvokeAsync("WatchHost", host.Id);
        }

        Assert.Equal(HttpStatusCode.NoContent, (await alice.SendAsync(HttpMethod.Delete, $"/api/v1/hosts/{host.Id}/shares/{Uri.EscapeDataString(bob.Name)}")).Status);
        Assert.Equal(host.Id, (await browser.NextAsync("HostGone")).GetProperty("id").GetInt64());
        await browser.NextAsync("Resync", message => message.GetProperty("hostId").ValueKind == JsonValueKind.Null);
        Assert.Equal([("his", "owner")], Rows(await browser.InvokeAsync("WatchFleet", (object?)null)));

        // The owner sees the sample; what comes next at the browser is of its own host.
        await host.ReportAsync(ReportJson.Report(1, ReportJson.Now()));
        await owner.NextAsync("HostSamples");
        await owner.NextAsync("FleetChanged", change => change.GetProperty("rows").GetArrayLength() > 0);
        await browser.InvokeAsync("WatchHost", other.Id);
        await other.ReportAsync(ReportJson.Report(1, ReportJson.Now()));
        var (_, message) = await browser.NextAsync(() => "something of the host that is left");
        Assert.DoesNotContain($"{host.Id}", Ids(message));
        Assert.Contains("Host", await browser.InvokeRefusedAsync("WatchHost", host.Id), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("user")]
    [InlineData("administrator")]
    public async Task DeletedHost_LeavesEveryFeedAndPage(string role)
    {
        var alice = await _server.SignInAsync(role: role);
        var host = await _server.EnrolAsync("deleted", alice);
        await using var browser = await HubClient.ConnectAsync(_server, @as: alice);
        await browser.InvokeAsync("WatchFleet", (object?)null);
        await browser.InvokeAsync("WatchHost", host.Id);

        Assert.Equal(HttpStatusCode.NoContent, (await alice.SendAsync(HttpMethod.Delete, $"/api/v1/hosts/{host.Id}")).Status);
        Assert.Equal(host.Id, (await browser.NextAsync("HostGone")).GetProperty("id").GetInt64());
        await browser.NextAsync("Resync", message => message.GetProperty("hostId").ValueKind == JsonValueKind.Null);
        Assert.Empty(Rows(await browser.InvokeAsync("WatchFleet", (object?)null)));
        Assert.NotEmpty(await browser.InvokeRefusedAsync("WatchHost", host.Id));
    }

    [Fact]
    public async Task SharedHost_ComesToThePageAtOnce()
    {
        var (alice, bob) = (await _server.SignInAsync(), await _server.SignInAsync());
        var host = await _server.EnrolAsync("shared", alice);
        await using var browser = await HubClient.ConnectAsync(_server, @as: bob);
        Assert.Empty(Rows(await browser.InvokeAsync("WatchFleet", (object?)null)));
        await ShareAsync(alice, host, bob, "read");
        await browser.NextAsync("Resync");
        Assert.Equal([("shared", "read")], Rows(await browser.InvokeAsync("WatchFleet", (object?)null)));
    }

    [Fact]
    public async Task HostSharedWithMoreRights_IsToBeAskedForAgain()
    {
        var (alice, bob) = (await _server.SignInAsync(), await _server.SignInAsync());
        var host = await _server.EnrolAsync("shared", alice);
        await ShareAsync(alice, host, bob, "read");
        await using var browser = await HubClient.ConnectAsync(_server, @as: bob);
        Assert.Equal("read", (await browser.InvokeAsync("WatchHost", host.Id)).GetProperty("access").GetString());
        await ShareAsync(alice, host, bob, "full");
        await browser.NextAsync("Resync", message => message.GetProperty("hostId").ValueKind == JsonValueKind.Number);
        Assert.Equal("full", (await browser.InvokeAsync("WatchHost", host.Id)).GetProperty("access").GetString());
    }

    [Fact]
    public async Task RenamedHost_IsToBeAskedForAgain()
    {
        var host = await _server.EnrolAsync("before");
        await using var browser = await HubClient.ConnectAsync(_server);
        await browser.InvokeAsync("WatchHost", host.Id);
        await _server.Admin.SendAsync(HttpMethod.Patch, $"/api/v1/hosts/{host.Id}", """{"name":"after"}""");
        await browser.NextAsync("Resync", message => message.GetProperty("hostId").GetInt64() == host.Id);
        Assert.Equal("after", (await browser.InvokeAsync("WatchHost", host.Id)).GetProperty("name").GetString());
    }

    [Fact]
    public async Task AdministratorWhoIsOneNoLonger_SeesOnlyItsOwn()
    {
        var (alice, boss) = (await _server.SignInAsync(), await _server.SignInAsync(role: "administrator"));
        var (hers, own) = (await _server.EnrolAsync("hers", alice), await _server.EnrolAsync("own", boss));
        await using var browser = await HubClient.ConnectAsync(_server, @as: boss);
        Assert.Equal([("hers", "owner"), ("own", "owner")], Rows(await browser.InvokeAsync("WatchFleet", (object?)null)));
        await browser.InvokeAsync("WatchHost", hers.Id);
        await browser.InvokeAsync("WatchHost", own.Id);

        await SetRoleAsync(boss, "user");
        var told = new HashSet<string>();
        while (!told.IsSupersetOf([$"HostGone {hers.Id}", "Resync "]))
        {
            var (method, argument) = await browser.NextAsync(() => $"that the host is gone and the page to be read again; there were: {string.Join(", ", told)}");
            told.Add($"{method} {(method == "HostGone" ? argument.GetProperty("id") : method == "Resync" ? argument.GetProperty("hostId") : argument)}");
        }

        Assert.Equal([("own", "owner")], Rows(await browser.InvokeAsync("WatchFleet", (object?)null)));
        Assert.NotEmpty(await browser.InvokeRefusedAsync("WatchHost", hers.Id));
        await own.ReportAsync(ReportJson.Report(1, ReportJson.Now()));
        await browser.NextAsync("HostSamples", samples => samples.GetProperty("id").GetInt64() == own.Id);

        // And the other way round.
        await SetRoleAsync(boss, "administrator");
        await browser.NextAsync("Resync", message => message.GetProperty("hostId").ValueKind == JsonValueKind.Null);
        Assert.Equal([("hers", "owner"), ("own", "owner")], Rows(await browser.InvokeAsync("WatchFleet", (object?)null)));
        await browser.InvokeAsync("WatchHost", hers.Id);
    }

    [Theory]
    [InlineData("sign out")]
    [InlineData("end the session")]
    [InlineData("end all sessions")]
    [InlineData("disable")]
    [InlineData("delete")]
    [InlineData("reset the password")]
    public async Task EndedSession_EndsItsConnections(string how)
    {
        var alice = await _server.SignInAsync();
        var host = await _server.EnrolAsync("hers", alice);
        var bystander = await HubClient.ConnectAsync(_server, @as: alice);
        var again = how == "end the session" ? await _server.SignInAsync(alice.Name, alice.Password, renews: false) : alice;
        await using var browser = await HubClient.ConnectAsync(_server, @as: again);
        await browser.InvokeAsync("WatchFleet", (object?)null);
        await browser.InvokeAsync("WatchHost", host.Id);

        var (by, method, path, body) = how switch
        {
            "sign out" => (alice, HttpMethod.Post, "/api/v1/auth/logout", null),
            "end the session" => (alice, HttpMethod.Delete, $"/api/v1/account/sessions/{await SessionAsync(again)}", null),
            "end all sessions" => (alice, HttpMethod.Delete, "/api/v1/account/sessions", null),
            "disable" => (_server.Admin, HttpMethod.Patch, $"/api/v1/users/{alice.Id}", """{"isDisabled":true}"""),
            "delete" => (_server.Admin, HttpMethod.Delete, $"/api/v1/users/{alice.Id}?hosts=delete", (string?)null),
            _ => (_server.Admin, HttpMethod.Post, $"/api/v1/users/{alice.Id}/password", "{}"),
        };
        var answer = await by.SendAsync(method, path, body);
        Assert.True((int)answer.Status is >= 200 and < 300, answer.Text);
        await browser.ClosedAsync();

        // Another session of the account goes on, unless all of them ended.
        if (how == "end the session") await bystander.InvokeAsync("WatchHost", host.Id);
        else await bystander.ClosedAsync();
        await bystander.DisposeAsync();
    }

    [Fact]
    public async Task SessionThatOutlivesItsAccessToken_KeepsItsConnection()
    {
        var time = new ShiftedTime();
        await using var server = await RunningServer.StartAsync(services: services => services.AddSingleton<TimeProvider>(time));
        var alice = await server.SignInAsync();
        var host = await server.EnrolAsync("hers", alice);
        await using var browser = await HubClient.ConnectAsync(server, @as: alice);
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(HttpStatusCode.Unauthorized, (await alice.GetAsync("/api/v1/hosts")).Status);
        Assert.Equal("hers", (await browser.InvokeAsync("WatchHost", host.Id)).GetProperty("name").GetString());
    }

    [Fact]
    public async Task MoreConnectionsThanAnAccountMayHave_AreEnded()
    {
        var (alice, bob) = (await _server.SignInAsync(), await _server.SignInAsync());
        var browsers = new List<HubClient>();
        try
        {
            for (var i = 0; i < LiveFeeds.MaxConnectionsPerAccount; i++) browsers.Add(await HubClient.ConnectAsync(_server, @as: alice));
            await browsers[^1].InvokeAsync("WatchFleet", (object?)null);
            Assert.False(await IsLetInAsync(alice));
            Assert.True(await IsLetInAsync(bob));

            await browsers[0].CloseAsync();
            await Patience.Until(() => IsLetInAsync(alice), () => "room for another connection");
            await browsers[1].InvokeAsync("WatchFleet", (object?)null);
        }
        finally
        {
            foreach (var browser in browsers) await browser.DisposeAsync();
        }
    }

    private async Task<bool> IsLetInAsync(SignedIn user)
    {
        try
        {
            await using var browser = await HubClient.ConnectAsync(_server, @as: user);
            await browser.InvokeAsync("UnwatchFleet");
            return true;
        }
        catch (WebSocketException)
        {
            return false;
        }
    }

    private static (string?, string?)[] Rows(JsonElement page) => [.. page.GetProperty("rows").EnumerateArray().Select(row => (row.GetProperty("name").GetString(), row.GetProperty("access").GetString()))];

    private static IEnumerable<string> Ids(JsonElement message) =>
        (message.TryGetProperty("rows", out var rows) ? rows.EnumerateArray().ToArray() : [message]).Where(part => part.TryGetProperty("id", out _)).Select(part => part.GetProperty("id").GetRawText());

    private static async Task<string?> SessionAsync(SignedIn user) =>
        (await user.GetAsync("/api/v1/account/sessions")).Json.EnumerateArray().Single(session => session.GetProperty("isCurrent").GetBoolean()).GetProperty("id").GetString();

    private static async Task ShareAsync(SignedIn owner, EnrolledHost host, SignedIn user, string access) =>
        Assert.Equal(HttpStatusCode.NoContent, (await owner.SendAsync(HttpMethod.Put, $"/api/v1/hosts/{host.Id}/shares/{Uri.EscapeDataString(user.Name)}", $$"""{"access":"{{access}}"}""")).Status);

    private async Task SetRoleAsync(SignedIn user, string role)
    {
        var answer = await _server.Admin.SendAsync(HttpMethod.Patch, $"/api/v1/users/{user.Id}", $$"""{"role":"{{role}}"}""");
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
    }
}
