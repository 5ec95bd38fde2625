using System.Net;
using StatusMonitor.Gateway.Tests.Support;

namespace StatusMonitor.Gateway.Tests.Accounts;

/// <summary>People who make accounts of their own.</summary>
public sealed class RegistrationTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly RunningServer _server = shared.Server;

    public static TheoryData<string, string> BadNames => new()
    {
        { "ab", "too short" }, { "  ab  ", "too short without its blanks" }, { new string('n', 65), "too long" }, { "a\tb\u0007c", "control character" },
        { "adm\u200Bin", "invisible" }, { "ad\u202Emin", "turns around" }, { "\u2028abc\u2028d", "line separator" }, { "", "empty" },
    };

    public static TheoryData<string, string> BadPasswords => new()
    {
        { "seven77", "too short" }, { "", "empty" }, { new string('p', 1025), "too long" }, { new string('é', 513), "too many bytes" }, { "password123", "common" }, { "PassWord123", "common in another case" },
        { "Passwords are the name", "the name" }, { "pASSWORDS ARE THE NAME", "the name in another case" }, { "🔑🔑🔑🔑🔑🔑🔑", "seven characters, if fourteen code units" },
    };

    [Fact]
    public async Task Registered_IsAUserWhoCanSignIn()
    {
        using var visitor = new Visitor(_server);
        Assert.True((await visitor.SendAsync("GET", "/api/v1/auth/options")).Json.GetProperty("selfRegistration").GetBoolean());
        var answer = await RegisterAsync(visitor, "  Zoë Example ", "a long enough one");
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.Equal(["createdAt", "id", "isDisabled", "role", "username"], answer.Json.EnumerateObject().Select(property => property.Name).Order());
        Assert.Equal(("Zoë Example", "user"), (answer.Json.GetProperty("username").GetString(), answer.Json.GetProperty("role").GetString()));
        Assert.Null(visitor.SetCookie);
        await visitor.LoginAsync("zoë example", "a long enough one");
        Assert.True(await visitor.IsLetInAsync());
    }

    [Theory]
    [InlineData("a name", "A NAME")]
    [InlineData("éclair", "ÉCLAIR")]
    [InlineData("other", " other ")]
    [InlineData("admin", "Admin")]
    public async Task NameThatIsTaken_Is409(string name, string again)
    {
        using var visitor = new Visitor(_server);
        if (name != "admin") Assert.Equal(HttpStatusCode.Created, (await RegisterAsync(visitor, name, "a long enough one")).Status);
        (await RegisterAsync(visitor, again, "another long one")).AssertProblem(HttpStatusCode.Conflict, "name-taken");
    }

    [Fact]
    public async Task SameNameAtOnce_IsGivenOnce()
    {
        using var visitor = new Visitor(_server);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => RegisterAsync(visitor, i % 2 == 0 ? "race" : "RACE", $"a long enough one {i}")));
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created);
        Assert.Equal(7, answers.Count(answer => answer.Problem == "name-taken"));
    }

    [Theory]
    [MemberData(nameof(BadNames))]
    public async Task NameThatIsNone_Is400AndNamed(string name, string why)
    {
        using var visitor = new Visitor(_server);
        var answer = await RegisterAsync(visitor, name, "a long enough one");
        answer.AssertProblem(HttpStatusCode.BadRequest, "invalid-request");
        Assert.True(answer.Json.GetProperty("errors").TryGetProperty("username", out _), why);
    }

    [Theory]
    [MemberData(nameof(BadPasswords))]
    public async Task PasswordThatIsNone_Is400AndNamed(string password, string why)
    {
        using var visitor = new Visitor(_server);
        var answer = await RegisterAsync(visitor, "Passwords are the name", password);
        answer.AssertProblem(HttpStatusCode.BadRequest, "invalid-request");
        Assert.True(answer.Json.GetProperty("errors").TryGetProperty("password", out _), why);
        if (password.Length > 0) Assert.DoesNotContain(password, answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("eight 88")]
    [InlineData("🔑🔑🔑🔑🔑🔑🔑🔒")]
    [InlineData("        ")]
    [InlineData("\u0000\u0001control\u0007")]
    public async Task AnyOtherPassword_IsGood(string password)
    {
        using var visitor = new Visitor(_server);
        var name = $"person {Guid.NewGuid():N}";
        Assert.Equal(HttpStatusCode.Created, (await RegisterAsync(visitor, name, password)).Status);
        await visitor.LoginAsync(name, password);
        (await visitor.TryLoginAsync(name, password + " ")).AssertProblem(HttpStatusCode.Unauthorized, "wrong-credentials");
        (await visitor.TryLoginAsync(name, password[..^1] + "x")).AssertProblem(HttpStatusCode.Unauthorized, "wrong-credentials");
    }

    [Fact]
    public async Task LongestPassword_IsCheckedToItsEnd()
    {
        using var visitor = new Visitor(_server);
        var password = new string('p', 1024);
        Assert.Equal(HttpStatusCode.Created, (await RegisterAsync(visitor, "longest", password)).Status);
        await visitor.LoginAsync("longest", password);
        (await visitor.TryLoginAsync("longest", password[..^1] + "q")).AssertProblem(HttpStatusCode.Unauthorized, "wrong-credentials");
    }

    [Fact]
    public async Task RoleInTheBody_IsNotTaken()
    {
        using var visitor = new Visitor(_server);
        var answer = await visitor.SendAsync("POST", "/api/v1/auth/register", new { username = "climber", password = "a long enough one", role = "administrator", id = 1, isDisabled = false });
        Assert.Equal("user", answer.Json.GetProperty("role").GetString());
        Assert.NotEqual(1, answer.Json.GetProperty("id").GetInt64());
    }

    [Fact]
    public async Task RegistrationThatIsOff_Is403AndMakesNothing()
    {
        await using var server = await RunningServer.StartAsync(options => options.SelfRegistration = false);
        using var visitor = new Visitor(server);
        Assert.False((await visitor.SendAsync("GET", "/api/v1/auth/options")).Json.GetProperty("selfRegistration").GetBoolean());
        (await RegisterAsync(visitor, "somebody", "a long enough one")).AssertProblem(HttpStatusCode.Forbidden, "registration-off");
        (await visitor.TryLoginAsync("somebody", "a long enough one")).AssertProblem(HttpStatusCode.Unauthorized, "wrong-credentials");
        Assert.Contains("Only administrators make accounts", server.Printed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1", "", null, true)]
    [InlineData("localhost", "", null, true)]
    [InlineData("::1", "", null, true)]
    [InlineData("0.0.0.0", "", null, false)]
    [InlineData("192.0.2.1", "", null, false)]
    [InlineData("127.0.0.1", "127.0.0.1", null, false)]
    [InlineData("0.0.0.0", "", true, true)]
    [InlineData("127.0.0.1", "", false, false)]
    public void Registration_IsOnWhereOnlyThisMachineReachesTheServer(string host, string proxies, bool? option, bool isOn) =>
        Assert.Equal(isOn, new ServerOptions { Host = host, TrustedProxies = proxies, SelfRegistration = option }.IsSelfRegistrationOn);

    private static Task<Answer> RegisterAsync(Visitor visitor, string name, string password) => visitor.SendAsync("POST", "/api/v1/auth/register", new { username = name, password });
}
