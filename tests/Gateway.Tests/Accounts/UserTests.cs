using System.Net;
using System.Text.Json;
using StatusMonitor.Gateway.Tests.Support;

namespace StatusMonitor.Gateway.Tests.Accounts;

/// <summary>Administrators and the accounts.</summary>
public sealed class UserTests : IAsyncLifetime, IDisposable
{
    private RunningServer _server = null!;
    private Visitor _admin = null!;

    public async Task InitializeAsync()
    {
        _server = await RunningServer.StartAsync();
        _admin = new Visitor(_server) { AccessToken = _server.Admin.AccessToken };
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _admin.Dispose();

    [Fact]
    public async Task AccountWithoutAPassword_GetsAReadableOne()
    {
        var answer = await _admin.SendAsync("POST", "/api/v1/users", new { username = "newcomer" });
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.Equal(["createdAt", "id", "isDisabled", "password", "role", "username"], answer.Json.EnumerateObject().Select(property => property.Name).Order());
        Assert.Equal("user", answer.Json.GetProperty("role").GetString());
        var password = answer.Json.GetProperty("password").GetString()!;
        Assert.Matches("^[a-z2-9]{4}(-[a-z2-9]{4}){4}$", password);
        using var visitor = new Visitor(_server);
        await visitor.LoginAsync("newcomer", password);
    }

    [Fact]
    public async Task AccountWithAPassword_DoesNotHearItBack()
    {
        var answer = await _admin.SendAsync("POST", "/api/v1/users", new { username = "newcomer", password = "a long enough one", role = "administrator" });
        Assert.False(answer.Json.TryGetProperty("password", out _));
        using var visitor = new Visitor(_server);
        await visitor.LoginAsync("newcomer", "a long enough one");
        Assert.Equal(HttpStatusCode.OK, (await visitor.SendAsync("GET", "/api/v1/users")).Status);
    }

    [Theory]
    [InlineData("""{"username":"ab"}""", "username")]
    [InlineData("""{}""", "username")]
    [InlineData("""{"username":"newcomer","password":"short"}""", "password")]
    [InlineData("""{"username":"newcomer","password":""}""", "password")]
    [InlineData("""{"username":"newcomer","role":"king"}""", "role")]
    [InlineData("""{"username":"newcomer","role":"Administrator"}""", "role")]
    public async Task AccountThatCannotBe_IsNamed(string body, string field)
    {
        var answer = await _admin.SendAsync("POST", "/api/v1/users", body);
        answer.AssertProblem(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Equal(field, Assert.Single(answer.Json.GetProperty("errors").EnumerateObject()).Name);
    }

    [Fact]
    public async Task NameThatIsTaken_Is409() => (await _admin.SendAsync("POST", "/api/v1/users", new { username = "ADMIN" })).AssertProblem(HttpStatusCode.Conflict, "name-taken");

    [Fact]
    public async Task List_IsByNameWithHostsAndASearch()
    {
        foreach (var name in new[] { "Carol", "alice", "Bob", "alicia" }) await _server.SignInAsync(name);
        var bob = await _server.SignInAsync("bobby");
        await _server.EnrolAsync("of nobody in particular");

        var all = (await _admin.SendAsync("GET", "/api/v1/users")).Json;
        Assert.Equal((6, 6), (all.GetProperty("total").GetInt32(), all.GetProperty("matched").GetInt32()));
        Assert.Equal(["admin", "alice", "alicia", "Bob", "bobby", "Carol"], Names(all));
        var user = all.GetProperty("users")[0];
        Assert.Equal(["createdAt", "hosts", "id", "isDisabled", "role", "username"], user.EnumerateObject().Select(property => property.Name).Order());
        Assert.Equal(0, all.GetProperty("users").EnumerateArray().Single(row => row.GetProperty("id").GetInt64() == bob.Id).GetProperty("hosts").GetInt32());

        var some = (await _admin.SendAsync("GET", "/api/v1/users?search=%20ALI%20&offset=1&limit=1")).Json;
        Assert.Equal((6, 2), (some.GetProperty("total").GetInt32(), some.GetProperty("matched").GetInt32()));
        Assert.Equal(["alicia"], Names(some));
        Assert.Empty(Names((await _admin.SendAsync("GET", "/api/v1/users?offset=1000")).Json));
        Assert.Empty(Names((await _admin.SendAsync("GET", "/api/v1/users?search=nobody")).Json));
    }

    [Theory]
    [InlineData("offset=-1", "offset")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=201", "limit")]
    [InlineData("search=LONG", "search")]
    public async Task QueryThatCannotBe_IsNamed(string query, string field)
    {
        var answer = await _admin.SendAsync("GET", $"/api/v1/users?{query.Replace("LONG", new string('x', 65), StringComparison.Ordinal)}");
        answer.AssertProblem(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Equal(field, Assert.Single(answer.Json.GetProperty("errors").EnumerateObject()).Name);
    }

    [Theory]
    [InlineData("limit=x")]
    [InlineData("offset=99999999999")]
    public async Task QueryThatIsNoNumber_Is400(string query) => (await _admin.SendAsync("GET", $"/api/v1/users?{query}")).AssertProblem(HttpStatusCode.BadRequest, "invalid-request");

    [Fact]
    public async Task Change_HoldsAtOnceAndWhatIsNotNamedStays()
    {
        var user = await _server.SignInAsync();
        var changed = (await ChangeAsync(user.Id, new { role = "administrator" })).Json;
        Assert.Equal(("administrator", false), (changed.GetProperty("role").GetString(), changed.GetProperty("isDisabled").GetBoolean()));
        changed = (await ChangeAsync(user.Id, new { isDisabled = true })).Json;
        Assert.Equal(("administrator", true), (changed.GetProperty("role").GetString(), changed.GetProperty("isDisabled").GetBoolean()));
        using var visitor = new Visitor(_server) { AccessToken = user.AccessToken };
        Assert.False(await visitor.IsLetInAsync());
        changed = (await ChangeAsync(user.Id, "{}")).Json;
        Assert.Equal(("administrator", true), (changed.GetProperty("role").GetString(), changed.GetProperty("isDisabled").GetBoolean()));
    }

    [Fact]
    public async Task LastAdministrator_Stays()
    {
        foreach (var body in new object[] { new { role = "user" }, new { isDisabled = true }, new { role = "user", isDisabled = true } })
        {
            (await ChangeAsync(_server.Admin.Id, body)).AssertProblem(HttpStatusCode.Conflict, "last-administrator");
        }

        (await _admin.SendAsync("DELETE", $"/api/v1/users/{_server.Admin.Id}?hosts=delete")).AssertProblem(HttpStatusCode.Conflict, "last-administrator");
        Assert.True(await _admin.IsLetInAsync());

        // A disabled administrator is none who remains.
        var other = await _server.SignInAsync(role: "administrator");
        await ChangeAsync(other.Id, new { isDisabled = true });
        (await ChangeAsync(_server.Admin.Id, new { role = "user" })).AssertProblem(HttpStatusCode.Conflict, "last-administrator");
        await ChangeAsync(other.Id, new { isDisabled = false });
        Assert.Equal(HttpStatusCode.OK, (await ChangeAsync(_server.Admin.Id, new { role = "user" })).Status);
        (await _admin.SendAsync("GET", "/api/v1/users")).AssertProblem(HttpStatusCode.Forbidden, "not-allowed");
    }

    [Fact]
    public async Task TwoAdministratorsWhoEndEachOther_OneRemains()
    {
        var other = await _server.SignInAsync(role: "administrator");
        using var second = new Visitor(_server) { AccessToken = other.AccessToken };
        var answers = await Task.WhenAll(
            _admin.SendAsync("DELETE", $"/api/v1/users/{other.Id}?hosts=delete"),
            second.SendAsync("DELETE", $"/api/v1/users/{_server.Admin.Id}?hosts=delete"));
        // The slower one is not signed in any more by the time, or there is nobody else left.
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task ResetPassword_EndsSessionsAndIsShownOnlyIfItWasMadeHere()
    {
        var user = await _server.SignInAsync();
        using var visitor = new Visitor(_server) { AccessToken = user.AccessToken };
        for (var i = 0; i < 10; i++) await visitor.TryLoginAsync(user.Name, "wrong");

        var made = await _admin.SendAsync("POST", $"/api/v1/users/{user.Id}/password");
        Assert.Equal(HttpStatusCode.OK, made.Status);
        Assert.False(await visitor.IsLetInAsync());
        // Who needed a new one has often tried too often.
        await visitor.LoginAsync(user.Name, made.Json.GetProperty("password").GetString()!);

        var given = await _admin.SendAsync("POST", $"/api/v1/users/{user.Id}/password", new { password = "a long enough one" });
        Assert.Equal((HttpStatusCode.OK, "{}"), (given.Status, given.Text));
        await visitor.LoginAsync(user.Name, "a long enough one");
        (await _admin.SendAsync("POST", $"/api/v1/users/{user.Id}/password", new { password = "short" })).AssertProblem(HttpStatusCode.BadRequest, "invalid-request");
    }

    [Fact]
    public async Task DeletedAccount_IsOutAndItsNameIsFree()
    {
        var user = await _server.SignInAsync("leaver");
        using var visitor = new Visitor(_server) { AccessToken = user.AccessToken };
        Assert.Equal(HttpStatusCode.NoContent, (await _admin.SendAsync("DELETE", $"/api/v1/users/{user.Id}?hosts=delete")).Status);
        Assert.False(await visitor.IsLetInAsync());
        (await visitor.TryLoginAsync("leaver", user.Password)).AssertProblem(HttpStatusCode.Unauthorized, "wrong-credentials");
        await Patience.Until(
            async () => (await _admin.SendAsync("POST", "/api/v1/users", new { username = "leaver" })).Status == HttpStatusCode.Created,
            () => "the name of the deleted account is free");
        Assert.False(await visitor.IsLetInAsync());
    }

    [Theory]
    [InlineData("transfer")]
    [InlineData("delete")]
    public async Task HostsOfADeletedAccount_GoWhereTheyAreSaidTo(string hosts)
    {
        var user = await _server.SignInAsync();
        // The hosts of the account are made through the grains: who makes which host over REST is tried elsewhere.
        await _server.OwnAsync(user.Id, "left behind");
        Assert.Equal(1, await HostsOfAsync(user.Id));
        Assert.Equal(HttpStatusCode.NoContent, (await _admin.SendAsync("DELETE", $"/api/v1/users/{user.Id}?hosts={hosts}")).Status);
        await Patience.Until(async () => await HostsOfAsync(_server.Admin.Id) == (hosts == "transfer" ? 1 : 0) && await HostsOfAsync(user.Id) is null, () => "the hosts of the account go");
    }

    [Fact]
    public async Task AdministratorWhoDeletesHimself_LeavesHisHostsToAnother()
    {
        var other = await _server.SignInAsync(role: "administrator");
        await _server.OwnAsync(_server.Admin.Id, "left behind");
        Assert.Equal(HttpStatusCode.NoContent, (await _admin.SendAsync("DELETE", $"/api/v1/users/{_server.Admin.Id}?hosts=transfer")).Status);
        _admin.AccessToken = other.AccessToken;
        await Patience.Until(async () => await HostsOfAsync(other.Id) == 1, () => "the other administrator has the host");
    }

    [Theory]
    [InlineData("")]
    [InlineData("?hosts=")]
    [InlineData("?hosts=keep")]
    [InlineData("?hosts=transfer&hosts=delete")]
    public async Task DeletionThatDoesNotSayWhereTheHostsGo_Is400(string query)
    {
        var user = await _server.SignInAsync();
        (await _admin.SendAsync("DELETE", $"/api/v1/users/{user.Id}{query}")).AssertProblem(HttpStatusCode.BadRequest, "invalid-request");
        using var visitor = new Visitor(_server) { AccessToken = user.AccessToken };
        Assert.True(await visitor.IsLetInAsync());
    }

    [Theory]
    [InlineData("999")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("9223372036854775807")]
    public async Task AccountThatIsNot_Is404(string id)
    {
        (await _admin.SendAsync("PATCH", $"/api/v1/users/{id}", "{}")).AssertProblem(HttpStatusCode.NotFound, "account-not-found");
        (await _admin.SendAsync("POST", $"/api/v1/users/{id}/password", "{}")).AssertProblem(HttpStatusCode.NotFound, "account-not-found");
        (await _admin.SendAsync("DELETE", $"/api/v1/users/{id}?hosts=delete")).AssertProblem(HttpStatusCode.NotFound, "account-not-found");
    }

    private Task<Answer> ChangeAsync(long id, object body) => _admin.SendAsync("PATCH", $"/api/v1/users/{id}", body);

    private async Task<int?> HostsOfAsync(long id)
    {
        var users = (await _admin.SendAsync("GET", "/api/v1/users?limit=200")).Json.GetProperty("users").EnumerateArray();
        return users.Where(user => user.GetProperty("id").GetInt64() == id).Select(user => (int?)user.GetProperty("hosts").GetInt32()).SingleOrDefault();
    }

    private static IEnumerable<string?> Names(JsonElement page) => page.GetProperty("users").EnumerateArray().Select(user => user.GetProperty("username").GetString());
}
