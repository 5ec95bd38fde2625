using System.Net;
using Microsoft.Extensions.DependencyInjection;
using StatusMonitor.Gateway.Tests.Support;

namespace StatusMonitor.Gateway.Tests.Accounts;

/// <summary>What people do with their own accounts.</summary>
public sealed class OwnAccountTests : IAsyncLifetime
{
    private const string NewPassword = "an entirely new one";
    private readonly ShiftedTime _time = new();
    private RunningServer _server = null!;
    private SignedIn _user = null!;

    public async Task InitializeAsync()
    {
        _server = await RunningServer.StartAsync(services: services => services.AddSingleton<TimeProvider>(_time));
        _user = await _server.SignInAsync();
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Account_IsOnesOwn()
    {
        using var visitor = await SignInAsync();
        var account = (await visitor.SendAsync("GET", "/api/v1/account")).Json;
        Assert.Equal(["createdAt", "id", "isDisabled", "role", "username"], account.EnumerateObject().Select(property => property.Name).Order());
        Assert.Equal((_user.Id, _user.Name), (account.GetProperty("id").GetInt64(), account.GetProperty("username").GetString()));
    }

    [Fact]
    public async Task OtherPassword_EndsAllOtherSessions()
    {
        using var mine = await SignInAsync();
        using var other = await SignInAsync();
        var answer = await mine.SendAsync("POST", "/api/v1/account/password", new { currentPassword = _user.Password, newPassword = NewPassword });
        Assert.Equal(HttpStatusCode.NoContent, answer.Status);
        Assert.True(await mine.IsLetInAsync());
        Assert.Equal(HttpStatusCode.OK, (await mine.RefreshAsync()).Status);
        Assert.False(await other.IsLetInAsync());
        (await other.RefreshAsync()).AssertProblem(HttpStatusCode.Unauthorized, "session-ended");
        (await other.TryLoginAsync(_user.Name, _user.Password)).AssertProblem(HttpStatusCode.Unauthorized, "wrong-credentials");
        await other.LoginAsync(_user.Name, NewPassword);
    }

    [Theory]
    [InlineData("wrong", NewPassword, "currentPassword")]
    [InlineData("", NewPassword, "currentPassword")]
    [InlineData(null, NewPassword, "currentPassword")]
    [InlineData("RIGHT", null, "newPassword")]
    [InlineData("RIGHT", "short", "newPassword")]
    [InlineData("RIGHT", "qwertyuiop", "newPassword")]
    [InlineData("RIGHT", "USER", "newPassword")]
    public async Task PasswordsThatDoNotDo_AreNamedAndChangeNothing(string? current, string? next, string field)
    {
        using var mine = await SignInAsync();
        using var other = await SignInAsync();
        if (current == "RIGHT") current = _user.Password;
        if (next == "USER") next = _user.Name;
        var answer = await mine.SendAsync("POST", "/api/v1/account/password", new { currentPassword = current, newPassword = next });
        answer.AssertProblem(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Equal(field, Assert.Single(answer.Json.GetProperty("errors").EnumerateObject()).Name);
        Assert.True(await other.IsLetInAsync());
        await other.LoginAsync(_user.Name, _user.Password);
    }

    [Fact]
    public async Task Sessions_AreListedWithWhereTheyAreUsedFrom()
    {
        using var visitor = new Visitor(_server);
        var began = _time.GetUtcNow();
        var login = await visitor.TryLoginAsync(_user.Name, _user.Password, ("User-Agent", $"Browser/1 {new string('x', 300)}"));
        visitor.AccessToken = login.Json.GetProperty("accessToken").GetString();
        _time.Advance(TimeSpan.FromMinutes(5));
        await visitor.RefreshAsync(("User-Agent", "Browser/2"));
        var sessions = (await visitor.SendAsync("GET", "/api/v1/account/sessions")).Json.EnumerateArray().ToList();
        Assert.Equal(2, sessions.Count);
        var mine = Assert.Single(sessions, session => session.GetProperty("isCurrent").GetBoolean());
        Assert.Equal(mine.GetRawText(), sessions[0].GetRawText());
        Assert.Equal(["address", "createdAt", "expiresAt", "id", "isCurrent", "lastUsedAt", "userAgent"], mine.EnumerateObject().Select(property => property.Name).Order());
        Assert.Equal(("127.0.0.1", "Browser/2"), (mine.GetProperty("address").GetString(), mine.GetProperty("userAgent").GetString()));
        Assert.Equal(Jwt.Claims(visitor.AccessToken!)["sid"]!.GetValue<string>(), mine.GetProperty("id").GetString());
        Assert.InRange(mine.GetProperty("createdAt").GetDateTimeOffset(), began, began + TimeSpan.FromMinutes(1));
        Assert.InRange(mine.GetProperty("lastUsedAt").GetDateTimeOffset(), began + TimeSpan.FromMinutes(5), began + TimeSpan.FromMinutes(6));
        Assert.Equal(mine.GetProperty("lastUsedAt").GetDateTimeOffset() + TimeSpan.FromDays(7), mine.GetProperty("expiresAt").GetDateTimeOffset());
    }

    [Fact]
    public async Task LongUserAgent_IsCut()
    {
        using var visitor = new Visitor(_server);
        var login = await visitor.TryLoginAsync(_user.Name, _user.Password, ("User-Agent", $"B/1 {new string('x', 5000)}"));
        visitor.AccessToken = login.Json.GetProperty("accessToken").GetString();
        var session = (await visitor.SendAsync("GET", "/api/v1/account/sessions")).Json.EnumerateArray().Single(session => session.GetProperty("isCurrent").GetBoolean());
        Assert.Equal(200, session.GetProperty("userAgent").GetString()!.Length);
    }

    [Fact]
    public async Task EndedSession_IsOutAndTheOthersStay()
    {
        using var mine = await SignInAsync();
        using var other = await SignInAsync();
        var id = Jwt.Claims(other.AccessToken!)["sid"]!.GetValue<string>();
        Assert.Equal(HttpStatusCode.NoContent, (await mine.SendAsync("DELETE", $"/api/v1/account/sessions/{id}")).Status);
        Assert.NotNull(mine.Cookie);
        Assert.False(await other.IsLetInAsync());
        (await other.RefreshAsync()).AssertProblem(HttpStatusCode.Unauthorized, "session-ended");
        Assert.True(await mine.IsLetInAsync());
        (await mine.SendAsync("DELETE", $"/api/v1/account/sessions/{id}")).AssertProblem(HttpStatusCode.NotFound, "session-not-found");
    }

    [Fact]
    public async Task EndedOwnSession_TakesTheCookieAlong()
    {
        using var mine = await SignInAsync();
        Assert.Equal(HttpStatusCode.NoContent, (await mine.SendAsync("DELETE", $"/api/v1/account/sessions/{Jwt.Claims(mine.AccessToken!)["sid"]!.GetValue<string>()}")).Status);
        Assert.Null(mine.Cookie);
        Assert.False(await mine.IsLetInAsync());
    }

    [Theory]
    [InlineData("x")]
    [InlineData("1")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    [InlineData("FOREIGN")]
    public async Task SessionThatIsNotOnesOwn_Is404(string id)
    {
        using var mine = await SignInAsync();
        if (id == "FOREIGN") id = Jwt.Claims(_server.Admin.AccessToken)["sid"]!.GetValue<string>();
        (await mine.SendAsync("DELETE", $"/api/v1/account/sessions/{id}")).AssertProblem(HttpStatusCode.NotFound, "session-not-found");
        using var admin = new Visitor(_server) { AccessToken = _server.Admin.AccessToken };
        Assert.True(await admin.IsLetInAsync());
    }

    [Fact]
    public async Task SignedOutEverywhere_NoSessionIsLeft()
    {
        using var mine = await SignInAsync();
        using var other = await SignInAsync();
        Assert.Equal(HttpStatusCode.NoContent, (await mine.SendAsync("DELETE", "/api/v1/account/sessions")).Status);
        Assert.Null(mine.Cookie);
        Assert.False(await mine.IsLetInAsync());
        Assert.False(await other.IsLetInAsync());
        using var admin = new Visitor(_server) { AccessToken = _server.Admin.AccessToken };
        Assert.True(await admin.IsLetInAsync());
    }

    private async Task<Visitor> SignInAsync()
    {
        var visitor = new Visitor(_server);
        await visitor.LoginAsync(_user.Name, _user.Password);
        return visitor;
    }
}
