using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StatusMonitor.Gateway.Tests.Support;
using StatusMonitor.Storage;

namespace StatusMonitor.Gateway.Tests.Audit;

/// <summary>What the audit log tells, and to whom.</summary>
public sealed class AuditTests : IAsyncLifetime, IDisposable
{
    private const string Password = "a very secret password";
    private readonly ShiftedTime _time = new();
    private readonly AllLines _log = new();
    private RunningServer _server = null!;
    private Visitor _admin = null!;

    public async Task InitializeAsync()
    {
        _server = await RunningServer.StartAsync(options => (options.MaxLoginsPerName, options.MaxRegistrationsPerAddress) = (3, 3), services =>
        {
            services.AddSingleton<TimeProvider>(_time);
            services.AddSingleton<ILoggerProvider>(_log);
            services.Configure<LoggerFilterOptions>(filter =>
            {
                filter.MinLevel = LogLevel.Trace;
                filter.Rules.Clear();
            });
        });
        _admin = new Visitor(_server) { AccessToken = _server.Admin.AccessToken };
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose()
    {
        _admin.Dispose();
        _log.Dispose();
    }

    [Fact]
    public async Task WhateverTouchesAccounts_IsToldWithItsOutcomeAndWithoutItsSecrets()
    {
        var secrets = new List<string?> { Password, _server.Admin.Password, _server.Admin.AccessToken };
        using var visitor = new Visitor(_server);

        // Registering, thrice and once too often.
        await visitor.SendAsync("POST", "/api/v1/auth/register", new { username = "Alice", password = Password });
        await visitor.SendAsync("POST", "/api/v1/auth/register", new { username = "ALICE", password = Password });
        await visitor.SendAsync("POST", "/api/v1/auth/register", new { username = "Alice", password = Password });
        await visitor.SendAsync("POST", "/api/v1/auth/register", new { username = "Eve", password = Password });
        await visitor.SendAsync("POST", "/api/v1/auth/register", new { username = "Eve", password = Password });
        await ExpectAsync("account.register", "alice:ok:Alice", "ALICE:name-taken:", "Alice:name-taken:", "Eve:limited:");

        // Signing in.
        await visitor.TryLoginAsync("alice", "wrong secret");
        var login = await visitor.LoginAsync("alice", Password);
        var aliceId = login.GetProperty("account").GetProperty("id").GetInt64();
        secrets.AddRange(["wrong secret", visitor.AccessToken, visitor.Cookie]);
        for (var i = 0; i < 5; i++) await visitor.TryLoginAsync("nobody", "wrong secret");
        await ExpectAsync("account.login", "admin:ok:", "alice:wrong-credentials:Alice", "Alice:ok:", "nobody:wrong-credentials:", "nobody:wrong-credentials:", "nobody:wrong-credentials:", "nobody:limited:");

        // Staying in, and a used token.
        using var thief = new Visitor(_server) { Cookie = visitor.Cookie };
        await visitor.RefreshAsync();
        secrets.Add(visitor.Cookie);
        await thief.RefreshAsync();
        await ExpectAsync("account.refresh-reused", "Alice:not-allowed:");

        // Password, sessions, out.
        await visitor.LoginAsync("alice", Password);
        await visitor.SendAsync("POST", "/api/v1/account/password", new { currentPassword = "wrong secret", newPassword = $"{Password} 2" });
        await visitor.SendAsync("POST", "/api/v1/account/password", new { currentPassword = Password, newPassword = $"{Password} 2" });
        secrets.Add($"{Password} 2");
        await ExpectAsync("account.password", "Alice:wrong-credentials:Alice", "Alice:ok:Alice");
        using var other = new Visitor(_server);
        await other.LoginAsync("alice", $"{Password} 2");
        secrets.AddRange([visitor.AccessToken, other.AccessToken, other.Cookie]);
        await visitor.SendAsync("DELETE", $"/api/v1/account/sessions/{Jwt.Claims(other.AccessToken!)["sid"]}");
        await ExpectAsync("account.session-end", "Alice:ok:");
        await visitor.SendAsync("POST", "/api/v1/auth/logout");
        await ExpectAsync("account.logout", "Alice:ok:");
        await visitor.SendAsync("POST", "/api/v1/auth/logout");
        await visitor.LoginAsync("alice", $"{Password} 2");

        // Enrolment tokens.
        var token = (await visitor.SendAsync("POST", "/api/v1/account/enrolment-tokens", new { label = "rack 7" })).Json;
        secrets.Add(token.GetProperty("token").GetString()!.Split('_')[2]);
        await visitor.SendAsync("DELETE", $"/api/v1/account/enrolment-tokens/{token.GetProperty("id")}");
        await ExpectAsync("enrolment.create", "Alice:ok:rack 7");
        await ExpectAsync("enrolment.revoke", "Alice:ok:");
        await visitor.SendAsync("DELETE", "/api/v1/account/sessions");
        await ExpectAsync("account.sessions-end", "Alice:ok:Alice");

        // What administrators do.
        var made = (await _admin.SendAsync("POST", "/api/v1/users", new { username = "Bob" })).Json;
        secrets.Add(made.GetProperty("password").GetString());
        var bob = made.GetProperty("id").GetInt64();
        await _admin.SendAsync("POST", "/api/v1/users", new { username = "bob" });
        await ExpectAsync("account.create", ":ok:admin", "admin:ok:Bob", "admin:name-taken:");
        await _admin.SendAsync("PATCH", $"/api/v1/users/{bob}", new { role = "administrator" });
        await _admin.SendAsync("PATCH", $"/api/v1/users/{bob}", new { role = "user", isDisabled = true });
        await _admin.SendAsync("PATCH", $"/api/v1/users/{bob}", new { isDisabled = false });
        await _admin.SendAsync("PATCH", "/api/v1/users/1", new { role = "user" });
        await ExpectAsync("account.role", "admin:ok:Bob", "admin:ok:Bob", "admin:last-administrator:admin");
        await ExpectAsync("account.disable", "admin:ok:Bob");
        await ExpectAsync("account.enable", "admin:ok:Bob");
        var reset = (await _admin.SendAsync("POST", $"/api/v1/users/{bob}/password")).Json;
        secrets.Add(reset.GetProperty("password").GetString());
        await ExpectAsync("account.password-reset", "admin:ok:Bob");
        await _admin.SendAsync("PATCH", $"/api/v1/users/{aliceId}", new { isDisabled = true });
        await visitor.TryLoginAsync("Alice", $"{Password} 2");
        Assert.Contains("Alice:disabled:Alice", await ReadAsync("account.login"));
        await _admin.SendAsync("DELETE", $"/api/v1/users/{bob}?hosts=delete");
        await ExpectAsync("account.delete", "admin:ok:Bob");

        // What nobody may learn from the logs.
        var trail = (await _admin.SendAsync("GET", "/api/v1/audit?limit=500")).Text;
        var lines = string.Join('\n', _log.All);
        Assert.NotEmpty(lines);
        foreach (var secret in secrets)
        {
            Assert.False(string.IsNullOrEmpty(secret));
            Assert.DoesNotContain(secret, trail, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(secret, lines, StringComparison.OrdinalIgnoreCase);
        }

        Assert.DoesNotContain("argon2", trail + lines, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(_server.Errors.All);
    }

    [Fact]
    public async Task Entry_SaysWhoWhenFromWhereAndToWhat()
    {
        var user = await _server.SignInAsync("Alice");
        await _admin.SendAsync("PATCH", $"/api/v1/users/{user.Id}", new { role = "administrator" });
        var entry = (await _admin.SendAsync("GET", "/api/v1/audit?action=account.role")).Json.GetProperty("entries")[0];
        Assert.Equal(["action", "actor", "address", "at", "detail", "id", "outcome", "target"], entry.EnumerateObject().Select(property => property.Name).Order());
        Assert.Equal($$"""{"id":{{_server.Admin.Id}},"name":"admin"}""", entry.GetProperty("actor").GetRawText());
        Assert.Equal($$"""{"kind":"account","id":"{{user.Id}}","name":"Alice"}""", entry.GetProperty("target").GetRawText());
        Assert.Equal(("127.0.0.1", "ok", "role administrator"), (entry.GetProperty("address").GetString(), entry.GetProperty("outcome").GetString(), entry.GetProperty("detail").GetString()));
        Assert.InRange(entry.GetProperty("at").GetDateTimeOffset(), _time.GetUtcNow() - TimeSpan.FromMinutes(1), _time.GetUtcNow());

        await _admin.TryLoginAsync("somebody", "wrong");
        var stranger = (await _admin.SendAsync("GET", "/api/v1/audit?actor=SOMEBODY")).Json.GetProperty("entries")[0];
        Assert.Equal("""{"id":null,"name":"somebody"}""", stranger.GetProperty("actor").GetRawText());
        Assert.Equal(JsonValueKind.Null, stranger.GetProperty("target").ValueKind);
        var first = (await _admin.SendAsync("GET", "/api/v1/audit?action=account.create&limit=500")).Json.GetProperty("entries").EnumerateArray().Last();
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null), (first.GetProperty("actor").ValueKind, first.GetProperty("address").ValueKind));
    }

    [Fact]
    public async Task Search_FindsByEachOfItsParts()
    {
        var alice = await _server.SignInAsync("Alice");
        var before = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromMinutes(1));
        await _admin.SendAsync("PATCH", $"/api/v1/users/{alice.Id}", new { isDisabled = true });
        await _admin.TryLoginAsync("Alice", "wrong");

        Assert.All(await EntriesAsync("actor=alice"), entry => Assert.Equal("alice", entry.GetProperty("actor").GetProperty("name").GetString(), ignoreCase: true));
        Assert.Equal(["account.disable", "account.create"], Actions(await EntriesAsync($"targetKind=account&targetId={alice.Id}&outcome=ok")));
        Assert.Equal(["account.login"], Actions(await EntriesAsync("outcome=failed")));
        Assert.Equal(["account.login"], Actions(await EntriesAsync("outcome=wrong-credentials&action=account.")));
        Assert.Equal(["account.login", "account.disable"], Actions(await EntriesAsync($"from={before + TimeSpan.FromSeconds(30):yyyy-MM-ddTHH:mm:ssZ}")));
        Assert.DoesNotContain("account.disable", Actions(await EntriesAsync($"to={before + TimeSpan.FromSeconds(30):yyyy-MM-ddTHH:mm:ssZ}")));
        Assert.Empty(await EntriesAsync("action=host."));
        Assert.Empty(await EntriesAsync("actor=' or 1=1 --"));
    }

    [Fact]
    public async Task Pages_AreNewestFirstAndMeetWithoutAGap()
    {
        for (var i = 0; i < 7; i++) await _admin.SendAsync("POST", "/api/v1/account/enrolment-tokens", "{}");
        var all = (await EntriesAsync("limit=500")).Select(entry => entry.GetProperty("id").GetInt64()).ToList();
        Assert.Equal(all.OrderDescending(), all);
        var paged = new List<long>();
        var next = "";
        do
        {
            var page = (await _admin.SendAsync("GET", $"/api/v1/audit?limit=3{next}")).Json;
            paged.AddRange(page.GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("id").GetInt64()));
            Assert.InRange(page.GetProperty("entries").GetArrayLength(), 1, 3);
            next = page.GetProperty("next").ValueKind == JsonValueKind.Null ? null : $"&before={page.GetProperty("next").GetInt64()}";
        }
        while (next is not null);
        Assert.Equal(all, paged);
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=501", "limit")]
    [InlineData("before=0", "before")]
    [InlineData("before=-5", "before")]
    [InlineData("from=yesterday", "from")]
    [InlineData("to=x", "to")]
    [InlineData("actor=LONG", "actor")]
    [InlineData("action=LONG", "action")]
    [InlineData("targetId=LONG", "targetId")]
    public async Task SearchThatCannotBe_IsNamed(string query, string field)
    {
        var answer = await _admin.SendAsync("GET", $"/api/v1/audit?{query.Replace("LONG", new string('x', 201), StringComparison.Ordinal)}");
        answer.AssertProblem(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Equal(field, Assert.Single(answer.Json.GetProperty("errors").EnumerateObject()).Name);
    }

    [Theory]
    [InlineData("limit=x")]
    [InlineData("before=x")]
    public async Task SearchThatIsNoNumber_Is400(string query) => (await _admin.SendAsync("GET", $"/api/v1/audit?{query}")).AssertProblem(HttpStatusCode.BadRequest, "invalid-request");

    private async Task ExpectAsync(string action, params string[] expected) => Assert.Equal(expected, await ReadAsync(action), StringComparer.OrdinalIgnoreCase);

    /// <summary>The entries of an action, oldest first, as actor, outcome and name of the target.</summary>
    private async Task<IEnumerable<string>> ReadAsync(string action) => (await EntriesAsync($"action={action}&limit=500"))
        .Where(entry => entry.GetProperty("action").GetString() == action)
        .Reverse()
        .Select(entry => $"{Name(entry.GetProperty("actor"))}:{entry.GetProperty("outcome").GetString()}:{Name(entry.GetProperty("target"))}");

    private static string? Name(JsonElement party) => party.ValueKind == JsonValueKind.Null ? "" : party.GetProperty("name").GetString();

    private async Task<List<JsonElement>> EntriesAsync(string query)
    {
        var answer = await _admin.SendAsync("GET", $"/api/v1/audit?{query}");
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        return [.. answer.Json.GetProperty("entries").EnumerateArray()];
    }

    private static IEnumerable<string?> Actions(IEnumerable<JsonElement> entries) => entries.Select(entry => entry.GetProperty("action").GetString());
}

/// <summary>The audit log when it is old, or cannot be written.</summary>
public sealed class AuditStorageTests
{
    [Fact]
    public async Task OldEntries_AreDroppedAtTheStart()
    {
        using var data = new Folder();
        var time = new ShiftedTime();
        time.Advance(TimeSpan.FromDays(-31));
        string password;
        await using (var old = await StartAsync(time)) password = old.Admin.Password;
        time.Advance(TimeSpan.FromDays(2));
        await using (var newer = await StartAsync(time)) Assert.Equal(password, newer.Admin.Password);

        time.Advance(TimeSpan.FromDays(29));
        await using var server = await StartAsync(time);
        using var admin = new Visitor(server) { AccessToken = server.Admin.AccessToken };
        await Patience.Until(
            async () => (await admin.SendAsync("GET", "/api/v1/audit")).Json.GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("action").GetString()).SequenceEqual(["account.login", "account.login"]),
            () => "the entries of the first start are gone and the others not");

        Task<RunningServer> StartAsync(ShiftedTime clock) =>
            RunningServer.StartAsync(options => options.AuditDays = 30, services => services.AddSingleton<TimeProvider>(clock), data);
    }

    [Fact]
    public async Task LogThatCannotBeWritten_FailsNoRequestAndIsSaidOnce()
    {
        var log = new AllLines();
        await using var server = await RunningServer.StartAsync(services: services =>
        {
            services.AddSingleton<IAuditLog, BrokenAuditLog>();
            services.AddSingleton<ILoggerProvider>(log);
        });
        using var visitor = new Visitor(server);
        for (var i = 0; i < 5; i++) await visitor.LoginAsync("admin", server.Admin.Password);
        Assert.Equal(HttpStatusCode.NoContent, (await visitor.SendAsync("POST", "/api/v1/auth/logout")).Status);
        Assert.Single(log.All, line => line.Contains("The audit log could not be written", StringComparison.Ordinal));

        // Who asks for it is told.
        using var admin = new Visitor(server) { AccessToken = server.Admin.AccessToken };
        (await admin.SendAsync("GET", "/api/v1/audit")).AssertProblem(HttpStatusCode.ServiceUnavailable, "storage-failed");
    }

    private sealed class BrokenAuditLog : IAuditLog
    {
        public Task AppendAsync(AuditEntry entry) => throw new StorageFailedException("The disk is full.");

        public Task<IReadOnlyList<AuditRecord>> ReadAsync(AuditQuery query, CancellationToken cancellationToken) => throw new StorageFailedException("The disk cannot be read.");

        public Task<int> DropBeforeAsync(DateTimeOffset before, CancellationToken cancellationToken) => throw new StorageFailedException("The disk is full.");
    }
}
