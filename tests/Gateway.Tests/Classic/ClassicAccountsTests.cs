using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StatusMonitor.Gateway.Tests.Support;

namespace StatusMonitor.Gateway.Tests.Classic;

/// <summary>Signing in as the clients of the older StatusMonitor do.</summary>
public sealed class ClassicAccountsTests : IAsyncLifetime, IDisposable
{
    private readonly ShiftedTime _time = new();
    private RunningServer _server = null!;
    private Visitor _client = null!;

    public static TheoryData<string, string, string> BadRegistrations => new()
    {
        { "", "missing", """["body"]""" },
        { "{", "json_invalid", """["body",1]""" },
        { "[1]", "model_attributes_type", """["body"]""" },
        { """{"username":"alice"}""", "missing", """["body","password"]""" },
        { """{"password":"x"}""", "missing", """["body","username"]""" },
        { """{"username":7,"password":"x"}""", "string_type", """["body","username"]""" },
        { """{"username":null,"password":"x"}""", "string_type", """["body","username"]""" },
        { """{"username":"\ud800","password":"x"}""", "string_type", """["body","username"]""" },
        { """{"username":"a","username":"b","password":"x"}""", "json_invalid", """["body",0]""" },
        { """{"username":" ","password":"x"}""", "string_too_short", """["body","username"]""" },
        { """{"username":"LONG","password":"x"}""", "string_too_long", """["body","username"]""" },
        { """{"username":"a\u0007b","password":"x"}""", "value_error", """["body","username"]""" },
        { """{"username":"alice","password":""}""", "string_too_short", """["body","password"]""" },
        { """{"username":"alice","password":"LONG"}""", "string_too_long", """["body","password"]""" },
    };

    public async Task InitializeAsync()
    {
        _server = await RunningServer.StartAsync(services: services => services.AddSingleton<TimeProvider>(_time));
        _client = new Visitor(_server);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task WholeLife_HasTheClassicShapes()
    {
        var registered = await RegisterAsync("al", "x");
        Assert.Equal(HttpStatusCode.OK, registered.Status);
        var id = registered.Json.GetProperty("id").GetInt64();
        Assert.Equal($$"""{"username":"al","id":{{id}}}""", registered.Text);
        var again = await RegisterAsync("AL", "y");
        Assert.Equal((HttpStatusCode.BadRequest, """{"detail":"Username already registered"}"""), (again.Status, again.Text));

        var tokens = await SignInAsync("al", "x");
        Assert.Equal(["access_token", "refresh_token", "token_type"], tokens.EnumerateObject().Select(property => property.Name));
        Assert.Equal("bearer", tokens.GetProperty("token_type").GetString());
        var access = Jwt.Claims(tokens.GetProperty("access_token").GetString()!);
        Assert.Equal(("al", "access"), (access["sub"]!.GetValue<string>(), access["type"]!.GetValue<string>()));
        Assert.InRange(access["exp"]!.GetValue<long>() - _time.GetUtcNow().ToUnixTimeSeconds(), 1790, 1800);
        var refresh = Jwt.Claims(tokens.GetProperty("refresh_token").GetString()!);
        Assert.Equal("refresh", refresh["type"]!.GetValue<string>());
        Assert.True(Guid.TryParseExact(refresh["jti"]!.GetValue<string>(), "D", out _));

        var me = await MeAsync(tokens);
        Assert.Equal((HttpStatusCode.OK, $$"""{"username":"al","id":{{id}}}"""), (me.Status, me.Text));

        var refreshed = await PostAsync($"/refresh?refresh_token={Refresh(tokens)}");
        Assert.Equal(HttpStatusCode.OK, refreshed.Status);
        Assert.Equal(["access_token", "refresh_token", "token_type"], refreshed.Json.EnumerateObject().Select(property => property.Name));
        Assert.Equal(HttpStatusCode.OK, (await MeAsync(refreshed.Json)).Status);

        var loggedOut = await PostAsync($"/logout?refresh_token={Refresh(refreshed.Json)}");
        Assert.Equal((HttpStatusCode.OK, """{"message":"Logged out successfully"}"""), (loggedOut.Status, loggedOut.Text));
        AssertUnauthorized(await MeAsync(refreshed.Json), "Could not validate credentials");
        AssertUnauthorized(await PostAsync($"/refresh?refresh_token={Refresh(refreshed.Json)}"), "Could not validate credentials");
    }

    [Fact]
    public async Task AccountsAndTokens_AreTheSameAsOurOwn()
    {
        await RegisterAsync("alice", "a long enough one");
        await _client.LoginAsync("alice", "a long enough one");
        Assert.Equal(HttpStatusCode.OK, (await _client.SendAsync("GET", "/users/me")).Status);
        var tokens = await SignInAsync("alice", "a long enough one");
        _client.AccessToken = tokens.GetProperty("access_token").GetString();
        Assert.True(await _client.IsLetInAsync());
        Assert.Equal(2, (await _client.SendAsync("GET", "/api/v1/account/sessions")).Json.GetArrayLength());
    }

    [Theory]
    [MemberData(nameof(BadRegistrations))]
    public async Task RegistrationThatCannotBe_Is422InFastApisShape(string body, string type, string location)
    {
        var answer = await _client.SendAsync("POST", "/register", body.Replace("LONG", new string('x', 1025), StringComparison.Ordinal));
        Assert.Equal((HttpStatusCode)422, answer.Status);
        Assert.Equal("application/json", answer.MediaType);
        var error = answer.Json.GetProperty("detail").EnumerateArray().First();
        Assert.Equal(type, error.GetProperty("type").GetString());
        Assert.Equal(location, error.GetProperty("loc").GetRawText());
        Assert.NotEmpty(error.GetProperty("msg").GetString()!);
        Assert.True(error.TryGetProperty("input", out _));
    }

    [Fact]
    public async Task RegistrationWithNothing_NamesBothFields() =>
        Assert.Equal(2, (await _client.SendAsync("POST", "/register", "{}")).Json.GetProperty("detail").GetArrayLength());

    [Fact]
    public async Task RegistrationThatIsOff_Is403()
    {
        await using var server = await RunningServer.StartAsync(options => options.SelfRegistration = false);
        using var client = new Visitor(server);
        var answer = await client.SendAsync("POST", "/register", new { username = "alice", password = "x" });
        Assert.Equal((HttpStatusCode.Forbidden, """{"detail":"Registration is disabled"}"""), (answer.Status, answer.Text));
    }

    [Fact]
    public async Task Multipart_SignsInAsWell()
    {
        await RegisterAsync("alice", "x y&z=ü");
        using var form = new MultipartFormDataContent { { new StringContent("alice"), "username" }, { new StringContent("x y&z=ü"), "password" }, { new StringContent("password"), "grant_type" } };
        Assert.Equal(HttpStatusCode.OK, (await _client.SendAsync("POST", "/token", form)).Status);
        Assert.Equal(HttpStatusCode.OK, (await TokenAsync(("username", "alice"), ("password", "x y&z=ü"), ("grant_type", "password"), ("scope", ""), ("client_id", "x"), ("client_secret", "y"))).Status);
    }

    [Fact]
    public async Task UnknownUserAndWrongPassword_AreAnsweredAlike()
    {
        await RegisterAsync("alice", "x");
        var wrong = await TokenAsync(("username", "alice"), ("password", "wrong"));
        var unknown = await TokenAsync(("username", "nobody"), ("password", "wrong"));
        AssertUnauthorized(wrong, "Incorrect username or password");
        Assert.Equal((wrong.Status, wrong.Text), (unknown.Status, unknown.Text));
    }

    [Fact]
    public async Task DisabledAccount_IsToldAfterTheRightPassword()
    {
        var id = (await RegisterAsync("alice", "x")).Json.GetProperty("id").GetInt64();
        using var admin = new Visitor(_server) { AccessToken = _server.Admin.AccessToken };
        await admin.SendAsync("PATCH", $"/api/v1/users/{id}", new { isDisabled = true });
        var answer = await TokenAsync(("username", "alice"), ("password", "x"));
        Assert.Equal((HttpStatusCode.Forbidden, """{"detail":"Account is disabled"}"""), (answer.Status, answer.Text));
        AssertUnauthorized(await TokenAsync(("username", "alice"), ("password", "y")), "Incorrect username or password");
    }

    [Fact]
    public async Task TooManyAttempts_Are429WithAWait()
    {
        await RegisterAsync("alice", "x");
        for (var i = 0; i < 10; i++) await TokenAsync(("username", "alice"), ("password", "wrong"));
        var answer = await TokenAsync(("username", "alice"), ("password", "x"));
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.Status);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Equal(["detail"], answer.Json.EnumerateObject().Select(property => property.Name));
    }

    [Theory]
    [InlineData("", "username password")]
    [InlineData("username=alice", "password")]
    [InlineData("username=&password=x", "username")]
    [InlineData("username=alice&password=x&grant_type=client_credentials", "grant_type")]
    public async Task FormThatIsNone_Is422(string form, string fields)
    {
        var answer = await _client.SendAsync("POST", "/token", new StringContent(form, Encoding.UTF8, "application/x-www-form-urlencoded"));
        Assert.Equal((HttpStatusCode)422, answer.Status);
        Assert.Equal(fields.Split(' '), answer.Json.GetProperty("detail").EnumerateArray().Select(error => error.GetProperty("loc")[1].GetString()));
    }

    [Fact]
    public async Task JsonForAForm_Is422() => Assert.Equal((HttpStatusCode)422, (await _client.SendAsync("POST", "/token", new { username = "alice", password = "x" })).Status);

    [Fact]
    public async Task BrokenForm_Is400()
    {
        using var broken = new StringContent("--x\r\nContent-Disposition: form-data; name=\"username\"\r\n\r\nalice");
        broken.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x");
        var answer = await _client.SendAsync("POST", "/token", broken);
        Assert.Equal((HttpStatusCode.BadRequest, """{"detail":"There was an error parsing the body"}"""), (answer.Status, answer.Text));
        var many = await _client.SendAsync("POST", "/token", new StringContent(string.Join('&', Enumerable.Range(0, 2000).Select(i => $"f{i}=x")), Encoding.UTF8, "application/x-www-form-urlencoded"));
        Assert.Equal(HttpStatusCode.BadRequest, many.Status);
    }

    [Theory]
    [InlineData("/register", "application/json")]
    [InlineData("/token", "application/x-www-form-urlencoded")]
    public async Task BodyThatIsTooLarge_Is413InTheClassicShape(string path, string type)
    {
        var answer = await _client.SendAsync("POST", path, new StringContent(new string('x', 70_000), Encoding.UTF8, type));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.Status);
        Assert.Equal(JsonValueKind.String, answer.Json.GetProperty("detail").ValueKind);
    }

    [Theory]
    [InlineData("/refresh")]
    [InlineData("/logout")]
    public async Task WithoutARefreshToken_Is422(string path)
    {
        var answer = await PostAsync(path);
        Assert.Equal((HttpStatusCode)422, answer.Status);
        Assert.Equal("""["query","refresh_token"]""", answer.Json.GetProperty("detail")[0].GetProperty("loc").GetRawText());
    }

    [Fact]
    public async Task Garbage_IsRefusedForARefreshAndNothingToLogOut()
    {
        await RegisterAsync("alice", "x");
        var tokens = await SignInAsync("alice", "x");
        foreach (var token in new[] { "", "x", "a.b.c", tokens.GetProperty("access_token").GetString()! })
        {
            AssertUnauthorized(await PostAsync($"/refresh?refresh_token={token}"), "Could not validate credentials");
            Assert.Equal("""{"message":"Logged out successfully"}""", (await PostAsync($"/logout?refresh_token={token}")).Text);
        }

        Assert.Equal(HttpStatusCode.OK, (await MeAsync(tokens)).Status);
    }

    [Fact]
    public async Task UsedRefreshToken_EndsTheSession()
    {
        await RegisterAsync("alice", "x");
        var tokens = await SignInAsync("alice", "x");
        var newer = (await PostAsync($"/refresh?refresh_token={Refresh(tokens)}")).Json;
        AssertUnauthorized(await PostAsync($"/refresh?refresh_token={Refresh(tokens)}"), "Could not validate credentials");
        AssertUnauthorized(await MeAsync(newer), "Could not validate credentials");
    }

    [Theory]
    [InlineData(null, "Not authenticated")]
    [InlineData("Basic YTpi", "Not authenticated")]
    [InlineData("Bearer x", "Could not validate credentials")]
    [InlineData("bearer x", "Could not validate credentials")]
    [InlineData("Bearer REFRESH", "Could not validate credentials")]
    public async Task TokenThatIsNone_Is401InTheClassicShape(string? header, string detail)
    {
        await RegisterAsync("alice", "x");
        header = header?.Replace("REFRESH", Refresh(await SignInAsync("alice", "x")), StringComparison.Ordinal);
        AssertUnauthorized(await _client.SendAsync("GET", "/users/me", null, header is null ? [] : [("Authorization", header)]), detail);
    }

    [Fact]
    public async Task ExpiredToken_Is401()
    {
        await RegisterAsync("alice", "x");
        var tokens = await SignInAsync("alice", "x");
        _time.Advance(TimeSpan.FromMinutes(30));
        AssertUnauthorized(await MeAsync(tokens), "Could not validate credentials");
    }

    [Theory]
    [InlineData("DELETE", "/admin/cleanup-tokens")]
    [InlineData("POST", "/admin/cleanup-tokens")]
    public async Task CleanUpForEverybody_IsNotHere(string method, string path) =>
        Assert.Contains((await _client.SendAsync(method, path)).Status, new[] { HttpStatusCode.NotFound, HttpStatusCode.MethodNotAllowed });

    [Theory]
    [InlineData("http://localhost:5173", true)]
    [InlineData("http://localhost:5174", true)]
    [InlineData("http://localhost:5175", false)]
    [InlineData("https://localhost:5173", false)]
    [InlineData("http://example.org", false)]
    [InlineData("null", false)]
    public async Task PageOfAnotherOrigin_MayAskIfItIsOnTheList(string origin, bool isOnTheList)
    {
        var preflight = await _client.SendAsync("OPTIONS", "/token", null, ("Origin", origin), ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "authorization,content-type"));
        AssertAllowed(preflight);
        if (isOnTheList)
        {
            Assert.Equal((HttpStatusCode.OK, "OK"), (preflight.Status, preflight.Text));
            Assert.Equal("authorization,content-type", Assert.Single(preflight.Headers.GetValues("Access-Control-Allow-Headers")));
            Assert.Contains("POST", Assert.Single(preflight.Headers.GetValues("Access-Control-Allow-Methods")), StringComparison.Ordinal);
            Assert.Equal("600", Assert.Single(preflight.Headers.GetValues("Access-Control-Max-Age")));
        }

        // The page must also be able to read what went wrong.
        AssertAllowed(await _client.SendAsync("GET", "/users/me", null, ("Origin", origin)));
        AssertAllowed(await _client.SendAsync("POST", "/register", "{", ("Origin", origin)));
        AssertAllowed(await _client.SendAsync("POST", "/register", new string('x', 70_000), ("Origin", origin)));

        void AssertAllowed(Answer answer)
        {
            Assert.Equal(isOnTheList ? [origin] : [], answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var values) ? values : []);
            Assert.Equal(isOnTheList, answer.Headers.Contains("Access-Control-Allow-Credentials"));
        }
    }

    [Theory]
    [InlineData("/api/v1/auth/login")]
    [InlineData("/api/v1/account")]
    [InlineData("/health")]
    public async Task PageOfAnotherOrigin_MayNotAskForAnythingElse(string path)
    {
        foreach (var method in new[] { "OPTIONS", "GET", "POST" })
        {
            var answer = await _client.SendAsync(method, path, method == "POST" ? "{}" : null, ("Origin", "http://localhost:5173"), ("Access-Control-Request-Method", "POST"));
            Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
        }
    }

    private static string Refresh(JsonElement tokens) => tokens.GetProperty("refresh_token").GetString()!;

    private static void AssertUnauthorized(Answer answer, string detail)
    {
        Assert.Equal((HttpStatusCode.Unauthorized, $$"""{"detail":"{{detail}}"}"""), (answer.Status, answer.Text));
        Assert.Equal("application/json", answer.MediaType);
        Assert.Equal("Bearer", Assert.Single(answer.Headers.WwwAuthenticate).Scheme);
    }

    private Task<Answer> RegisterAsync(string username, string password) => _client.SendAsync("POST", "/register", new { username, password });

    private Task<Answer> PostAsync(string path) => _client.SendAsync("POST", path);

    private Task<Answer> TokenAsync(params (string Name, string Value)[] fields) =>
        _client.SendAsync("POST", "/token", new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))));

    private async Task<JsonElement> SignInAsync(string name, string password)
    {
        var answer = await TokenAsync(("username", name), ("password", password));
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        return answer.Json;
    }

    private Task<Answer> MeAsync(JsonElement tokens) => _client.SendAsync("GET", "/users/me", null, ("Authorization", $"bearer {tokens.GetProperty("access_token").GetString()}"));
}
