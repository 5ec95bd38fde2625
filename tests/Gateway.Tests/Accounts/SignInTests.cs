using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StatusMonitor.Gateway.Access;
using StatusMonitor.Gateway.Tests.Support;
using StatusMonitor.Grains.Accounts;

namespace StatusMonitor.Gateway.Tests.Accounts;

/// <summary>Signing in, staying in, and out.</summary>
public sealed class SignInTests : IAsyncLifetime
{
    private readonly ShiftedTime _time = new();
    private RunningServer _server = null!;

    public static TheoryData<string> BadBodies => new()
    {
        "", "{", "null", "[]", "7", "\"x\"", "{}", """{"username":"admin"}""", """{"password":"x"}""", """{"username":null,"password":null}""", """{"username":7,"password":"x"}""",
        """{"username":"admin","password":["x"]}""", """{"username":"","password":"x"}""", """{"username":"   ","password":"x"}""", """{"username":"admin","password":""}""",
        """{"username":"\ud800","password":"\udc00"}""", """{"username":{"a":1},"password":"x"}""",
    };

    public async Task InitializeAsync() => _server = await RunningServer.StartAsync(services: services => services.AddSingleton<TimeProvider>(_time));

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task SignedIn_TheAnswerHasAnAccessTokenAndTheCookieTheOther()
    {
        var user = await _server.SignInAsync("Ann Other");
        using var visitor = new Visitor(_server);
        var answer = await visitor.LoginAsync(" ANN other ", user.Password);
        Assert.Equal(["accessToken", "account", "expiresIn"], answer.EnumerateObject().Select(property => property.Name).Order());
        Assert.Equal(1800, answer.GetProperty("expiresIn").GetInt32());
        var account = answer.GetProperty("account");
        Assert.Equal(user.Id, account.GetProperty("id").GetInt64());
        Assert.Equal("Ann Other", account.GetProperty("username").GetString());
        Assert.Equal("user", account.GetProperty("role").GetString());
        Assert.False(account.GetProperty("isDisabled").GetBoolean());
        Assert.InRange(account.GetProperty("createdAt").GetDateTimeOffset(), _time.GetUtcNow() - TimeSpan.FromMinutes(5), _time.GetUtcNow());

        var access = Jwt.Claims(visitor.AccessToken!);
        Assert.Equal(["exp", "iat", "sid", "sub", "type", "uid"], access.Select(claim => claim.Key).Order());
        Assert.Equal(("Ann Other", user.Id, "access"), (access["sub"]!.GetValue<string>(), access["uid"]!.GetValue<long>(), access["type"]!.GetValue<string>()));
        Assert.Equal(1800, access["exp"]!.GetValue<long>() - access["iat"]!.GetValue<long>());
        var refresh = Jwt.Claims(visitor.Cookie!);
        Assert.Equal(["exp", "jti", "sid", "sub", "type", "uid"], refresh.Select(claim => claim.Key).Order());
        Assert.Equal("refresh", refresh["type"]!.GetValue<string>());
        Assert.InRange(refresh["exp"]!.GetValue<long>() - access["iat"]!.GetValue<long>(), 7 * 24 * 3600 - 5, 7 * 24 * 3600 + 5);

        var attributes = visitor.SetCookie!.Split(';', StringSplitOptions.TrimEntries).Skip(1).Select(attribute => attribute.ToLowerInvariant()).ToList();
        Assert.Contains("httponly", attributes);
        Assert.Contains("samesite=strict", attributes);
        Assert.Contains("path=/api/v1/auth", attributes);
        Assert.DoesNotContain("secure", attributes);
        Assert.InRange(int.Parse(attributes.Single(attribute => attribute.StartsWith("max-age=", StringComparison.Ordinal))[8..], System.Globalization.CultureInfo.InvariantCulture), 7 * 24 * 3600 - 60, 7 * 24 * 3600);
        Assert.DoesNotContain(attributes, attribute => attribute.StartsWith("domain", StringComparison.Ordinal));
    }

    [Fact]
    public async Task UnknownUserAndWrongPassword_AreAnsweredAlike()
    {
        var user = await _server.SignInAsync();
        var disabled = await _server.SignInAsync();
        using var admin = new Visitor(_server) { AccessToken = _server.Admin.AccessToken };
        await admin.SendAsync("PATCH", $"/api/v1/users/{disabled.Id}", new { isDisabled = true });
        var answers = new List<Answer>();
        foreach (var (name, password) in new[]
        {
            (user.Name, "wrong"), (user.Name, new string('x', 50_000)), (disabled.Name, "wrong"), ("nobody", "wrong"), ("nobody", user.Password),
            (new string('n', 5000), "wrong"), ("no\u0000body", "wrong"), ("\u202Enobody", "wrong"), ("ab", "wrong"),
        })
        {
            using var visitor = new Visitor(_server);
            answers.Add(await visitor.TryLoginAsync(name, password));
            Assert.Null(visitor.SetCookie);
        }

        answers[0].AssertProblem(HttpStatusCode.Unauthorized, "wrong-credentials");
        Assert.Single(answers.Select(answer => (answer.Status, answer.Text, string.Join('|', answer.Headers.Where(header => header.Key != "Date").Select(header => $"{header.Key}={string.Join(',', header.Value)}")))).Distinct());
    }

    [Theory]
    [MemberData(nameof(BadBodies))]
    public async Task BodyThatIsNone_Is400Problem(string body)
    {
        using var visitor = new Visitor(_server);
        foreach (var path in new[] { "/api/v1/auth/login", "/api/v1/auth/register" })
        {
            (await visitor.SendAsync("POST", path, body)).AssertProblem(HttpStatusCode.BadRequest, "invalid-request");
        }
    }

    [Fact]
    public async Task MissingFields_AreNamed()
    {
        using var visitor = new Visitor(_server);
        var errors = (await visitor.SendAsync("POST", "/api/v1/auth/login", "{}")).Json.GetProperty("errors");
        Assert.Equal(["password", "username"], errors.EnumerateObject().Select(error => error.Name).Order());
    }

    [Theory]
    [InlineData("/api/v1/auth/login")]
    [InlineData("/api/v1/auth/register")]
    public async Task BodyThatIsTooLargeOrNoJson_IsRefused(string path)
    {
        using var visitor = new Visitor(_server);
        var large = $$"""{"username":"admin","password":"{{new string('x', 70_000)}}"}""";
        (await visitor.SendAsync("POST", path, large)).AssertProblem(HttpStatusCode.RequestEntityTooLarge, "limit-exceeded");
        var chunked = new GatedContent(Encoding.UTF8.GetBytes(large));
        chunked.Headers.ContentType = new("application/json");
        chunked.Release();
        (await visitor.SendAsync("POST", path, chunked)).AssertProblem(HttpStatusCode.RequestEntityTooLarge, "limit-exceeded");
        (await visitor.SendAsync("POST", path, new StringContent("username=admin&password=x", Encoding.UTF8, "application/x-www-form-urlencoded"))).AssertProblem(HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");
    }

    [Fact]
    public async Task AccessToken_IsGoodForItsTimeToTheSecond()
    {
        using var visitor = await SignInAsync();
        _time.Advance(TimeSpan.FromMinutes(30) - TimeSpan.FromSeconds(20));
        Assert.True(await visitor.IsLetInAsync());
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.False(await visitor.IsLetInAsync());
        Assert.Equal(HttpStatusCode.OK, (await visitor.RefreshAsync()).Status);
        Assert.True(await visitor.IsLetInAsync());
    }

    [Fact]
    public async Task Refresh_GivesAnotherPairAndTheSessionGoesOn()
    {
        using var visitor = await SignInAsync();
        var (cookie, session) = (visitor.Cookie, Jwt.Claims(visitor.AccessToken!)["sid"]!.GetValue<string>());
        for (var day = 0; day < 20; day++)
        {
            _time.Advance(TimeSpan.FromDays(6));
            var answer = await visitor.RefreshAsync();
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            Assert.Equal(["accessToken", "account", "expiresIn"], answer.Json.EnumerateObject().Select(property => property.Name).Order());
            Assert.NotEqual(cookie, visitor.Cookie);
            Assert.Equal(session, Jwt.Claims(visitor.AccessToken!)["sid"]!.GetValue<string>());
            Assert.True(await visitor.IsLetInAsync());
            cookie = visitor.Cookie;
        }
    }

    [Fact]
    public async Task SessionThatNobodyUses_EndsAfterSevenDays()
    {
        using var visitor = await SignInAsync();
        _time.Advance(TimeSpan.FromDays(7));
        await AssertEndedAsync(visitor);
    }

    [Fact]
    public async Task UsedRefreshToken_EndsTheWholeSession()
    {
        using var visitor = await SignInAsync();
        using var other = await SignInAsync();
        using var thief = new Visitor(_server) { Cookie = visitor.Cookie };
        Assert.Equal(HttpStatusCode.OK, (await visitor.RefreshAsync()).Status);
        Assert.True(await visitor.IsLetInAsync());

        await AssertEndedAsync(thief);
        Assert.False(await visitor.IsLetInAsync());
        await AssertEndedAsync(visitor);
        Assert.True(await other.IsLetInAsync());
    }

    [Fact]
    public async Task RefreshTokensAtOnce_OneIsGrantedOrTheSessionEnds()
    {
        using var visitor = await SignInAsync();
        var cookie = visitor.Cookie;
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(async _ =>
        {
            using var tab = new Visitor(_server) { Cookie = cookie };
            return (await tab.RefreshAsync()).Status;
        }));
        Assert.Single(answers, status => status == HttpStatusCode.OK);
        Assert.False(await visitor.IsLetInAsync());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("x")]
    [InlineData("a.b.c")]
    [InlineData("ACCESS")]
    [InlineData("FOREIGN")]
    [InlineData("NO JTI")]
    [InlineData("OTHER JTI")]
    public async Task RefreshTokenThatIsNone_Is401AndTheCookieGoes(string? cookie)
    {
        using var visitor = await SignInAsync();
        var claims = Jwt.Claims(visitor.Cookie!);
        switch (cookie)
        {
            case "ACCESS": cookie = visitor.AccessToken; break;
            case "FOREIGN": cookie = Jwt.Make(claims, new byte[64]); break;
            case "NO JTI": claims.Remove("jti"); cookie = Jwt.Make(claims, Jwt.KeyOf(_server)); break;
            case "OTHER JTI": claims["jti"] = Guid.NewGuid().ToString(); cookie = Jwt.Make(claims, Jwt.KeyOf(_server)); break;
        }

        visitor.Cookie = cookie;
        await AssertEndedAsync(visitor);
        Assert.Null(visitor.Cookie);
        Assert.Contains("path=/api/v1/auth", visitor.SetCookie, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task RefreshToken_OpensNothing()
    {
        using var visitor = await SignInAsync();
        visitor.AccessToken = visitor.Cookie;
        Assert.False(await visitor.IsLetInAsync());
    }

    [Theory]
    [InlineData("cookie")]
    [InlineData("bearer")]
    [InlineData("both")]
    public async Task SignedOut_NothingOfTheSessionIsGood(string with)
    {
        using var visitor = await SignInAsync();
        using var other = await SignInAsync();
        using var leaving = new Visitor(_server) { Cookie = with == "bearer" ? null : visitor.Cookie, AccessToken = with == "cookie" ? null : visitor.AccessToken };
        var answer = await leaving.SendAsync("POST", "/api/v1/auth/logout");
        Assert.Equal((HttpStatusCode.NoContent, ""), (answer.Status, answer.Text));
        Assert.Null(leaving.Cookie);
        Assert.Contains("expires=Thu, 01 Jan 1970", leaving.SetCookie, StringComparison.OrdinalIgnoreCase);
        Assert.False(await visitor.IsLetInAsync());
        await AssertEndedAsync(visitor);
        Assert.True(await other.IsLetInAsync());
    }

    [Fact]
    public async Task SignedOutOfTwoSessions_BothEnd()
    {
        using var one = await SignInAsync();
        using var two = await SignInAsync();
        using var leaving = new Visitor(_server) { Cookie = one.Cookie, AccessToken = two.AccessToken };
        Assert.Equal(HttpStatusCode.NoContent, (await leaving.SendAsync("POST", "/api/v1/auth/logout")).Status);
        Assert.False(await one.IsLetInAsync());
        Assert.False(await two.IsLetInAsync());
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("x", "x")]
    public async Task SigningOutOfNothing_Is204(string? cookie, string? token)
    {
        using var visitor = new Visitor(_server) { Cookie = cookie, AccessToken = token };
        Assert.Equal(HttpStatusCode.NoContent, (await visitor.SendAsync("POST", "/api/v1/auth/logout")).Status);
    }

    [Theory]
    [InlineData("Origin", "http://example.org")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "http://localhost:1")]
    [InlineData("Origin", "OWN.example.org")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task PageOfAnotherOrigin_NeitherRefreshesNorSignsOut(string header, string value)
    {
        using var visitor = await SignInAsync();
        value = value.Replace("OWN", _server.Address.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal);
        (await visitor.RefreshAsync((header, value))).AssertProblem(HttpStatusCode.Forbidden, "not-allowed");
        (await visitor.SendAsync("POST", "/api/v1/auth/logout", null, (header, value))).AssertProblem(HttpStatusCode.Forbidden, "not-allowed");
        Assert.True(await visitor.IsLetInAsync());
        Assert.Equal(HttpStatusCode.OK, (await visitor.RefreshAsync()).Status);
    }

    [Theory]
    [InlineData("Origin", "OWN")]
    [InlineData("Sec-Fetch-Site", "same-origin")]
    public async Task OwnPage_Refreshes(string header, string value)
    {
        using var visitor = await SignInAsync();
        Assert.Equal(HttpStatusCode.OK, (await visitor.RefreshAsync((header, value.Replace("OWN", _server.Address.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal)))).Status);
    }

    [Theory]
    [InlineData("GET", "/api/v1/auth/refresh")]
    [InlineData("GET", "/api/v1/auth/logout")]
    [InlineData("GET", "/api/v1/auth/login")]
    public async Task LinkOrPicture_ChangesNothing(string method, string path)
    {
        using var visitor = await SignInAsync();
        Assert.Contains((await visitor.SendAsync(method, path)).Status, new[] { HttpStatusCode.NotFound, HttpStatusCode.MethodNotAllowed });
        Assert.True(await visitor.IsLetInAsync());
    }

    [Fact]
    public async Task DisabledAccount_IsOutAtOnceAndSaysSoOnlyToItsPassword()
    {
        var user = await _server.SignInAsync();
        using var visitor = new Visitor(_server);
        await visitor.LoginAsync(user.Name, user.Password);
        await SetDisabledAsync(user.Id, true);
        Assert.False(await visitor.IsLetInAsync());
        (await visitor.RefreshAsync()).AssertProblem(HttpStatusCode.Forbidden, "account-disabled");
        Assert.Null(visitor.Cookie);
        (await visitor.TryLoginAsync(user.Name, user.Password)).AssertProblem(HttpStatusCode.Forbidden, "account-disabled");
        (await visitor.TryLoginAsync(user.Name, "wrong")).AssertProblem(HttpStatusCode.Unauthorized, "wrong-credentials");

        await SetDisabledAsync(user.Id, false);
        Assert.False(await visitor.IsLetInAsync());
        await visitor.LoginAsync(user.Name, user.Password);
        Assert.True(await visitor.IsLetInAsync());
    }

    [Fact]
    public async Task SessionsAndPasswords_StayOverARestart()
    {
        using var data = new Folder();
        string? cookie, token;
        SignedIn user;
        await using (var first = await RunningServer.StartAsync(data: data))
        {
            user = await first.SignInAsync();
            using var visitor = new Visitor(first);
            await visitor.LoginAsync(user.Name, user.Password);
            (cookie, token) = (visitor.Cookie, visitor.AccessToken);
        }

        await using var second = await RunningServer.StartAsync(data: data);
        using var again = new Visitor(second) { Cookie = cookie, AccessToken = token };
        Assert.True(await again.IsLetInAsync());
        Assert.Equal(HttpStatusCode.OK, (await again.RefreshAsync()).Status);
        await again.LoginAsync(user.Name, user.Password);
    }

    [Fact]
    public async Task OtherParametersForHashes_TheNextSignInMakesTheHashAnew()
    {
        using var data = new Folder();
        string password;
        await using (var first = await RunningServer.StartAsync(data: data)) password = first.Admin.Password;

        await using var second = await RunningServer.StartAsync(options => options.PasswordMemoryKib = 16, data: data, signsIn: false);
        Assert.Contains("m=8,", await HashAsync(), StringComparison.Ordinal);
        using var visitors = new Visitor(second);
        // At once: whoever was checked against the hash of before is let in too.
        await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
        {
            using var visitor = new Visitor(second);
            await visitor.LoginAsync("admin", password);
        }));
        Assert.Contains("m=16,", await HashAsync(), StringComparison.Ordinal);
        var session = await visitors.LoginAsync("admin", password);
        Assert.Equal(JsonValueKind.Object, session.ValueKind);
        Assert.True(await visitors.IsLetInAsync());

        async Task<string> HashAsync() => (await second.Services.GetRequiredService<IGrainFactory>().GetGrain<IAccountGrain>(1).GetCredential())!.PasswordHash;
    }

    [Fact]
    public async Task MorePasswordsThanMayWait_Are503Busy()
    {
        // Slow enough that they come faster than they are checked.
        await using var server = await RunningServer.StartAsync(options => (options.PasswordMemoryKib, options.PasswordPasses, options.MaxLoginsPerName) = (4096, 40, 10_000));
        using var visitor = new Visitor(server);
        var answers = await Task.WhenAll(Enumerable.Range(0, 3 * PasswordHasher.MaxWaiting).Select(i => visitor.TryLoginAsync($"nobody {i}", "wrong")));
        var busy = answers.Where(answer => answer.Status == HttpStatusCode.ServiceUnavailable).ToList();
        Assert.NotEmpty(busy);
        Assert.All(busy, answer =>
        {
            answer.AssertProblem(HttpStatusCode.ServiceUnavailable, "busy");
            Assert.NotNull(answer.Headers.RetryAfter);
        });
        Assert.All(answers.Except(busy), answer => answer.AssertProblem(HttpStatusCode.Unauthorized, "wrong-credentials"));
        Assert.Empty(server.Errors.All);
        await visitor.LoginAsync("admin", server.Admin.Password);
    }

    private async Task<Visitor> SignInAsync()
    {
        var visitor = new Visitor(_server);
        await visitor.LoginAsync("admin", _server.Admin.Password);
        return visitor;
    }

    private async Task SetDisabledAsync(long id, bool isDisabled)
    {
        using var admin = new Visitor(_server) { AccessToken = _server.Admin.AccessToken };
        Assert.Equal(HttpStatusCode.OK, (await admin.SendAsync("PATCH", $"/api/v1/users/{id}", new { isDisabled })).Status);
    }

    private static async Task AssertEndedAsync(Visitor visitor)
    {
        (await visitor.RefreshAsync()).AssertProblem(HttpStatusCode.Unauthorized, "session-ended");
        Assert.Null(visitor.Cookie);
    }
}
