using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using StatusMonitor.Gateway.Access;
using StatusMonitor.Gateway.Tests.Support;

namespace StatusMonitor.Gateway.Tests.Access;

/// <summary>How often one may try.</summary>
public sealed class SignInLimitTests
{
    private readonly ShiftedTime _time = new();

    [Fact]
    public async Task ElevenAttemptsAtAName_TheLastIs429AlsoWithTheRightPassword()
    {
        await using var server = await StartAsync();
        using var visitor = new Visitor(server);
        for (var i = 0; i < 10; i++) (await visitor.TryLoginAsync("admin", $"wrong {i}")).AssertProblem(HttpStatusCode.Unauthorized, "wrong-credentials");
        // The name in whatever writing is the same name.
        AssertLimited(await visitor.TryLoginAsync(" ADMIN ", server.Admin.Password), TimeSpan.FromMinutes(15));
        AssertLimited(await visitor.TryLoginAsync("admin", server.Admin.Password), TimeSpan.FromMinutes(15));

        // Sessions that there are go on, and other names are open.
        using var still = new Visitor(server) { AccessToken = server.Admin.AccessToken };
        Assert.True(await still.IsLetInAsync());
        var other = await server.SignInAsync();
        await visitor.LoginAsync(other.Name, other.Password);
    }

    [Fact]
    public async Task Limit_IsThereAfterARestartAndEndsWithItsTime()
    {
        using var data = new Folder();
        string password;
        await using (var first = await StartAsync(data: data))
        {
            password = first.Admin.Password;
            using var visitor = new Visitor(first);
            for (var i = 0; i < 10; i++) await visitor.TryLoginAsync("admin", "wrong");
        }

        await using var second = await StartAsync(data: data, signsIn: false);
        using var again = new Visitor(second);
        AssertLimited(await again.TryLoginAsync("admin", password), TimeSpan.FromMinutes(15));
        _time.Advance(TimeSpan.FromMinutes(14));
        AssertLimited(await again.TryLoginAsync("admin", password), TimeSpan.FromMinutes(1));
        _time.Advance(TimeSpan.FromMinutes(1));
        await again.LoginAsync("admin", password);
    }

    [Fact]
    public async Task ManyAtOnce_GetNoFurtherThanOneAfterAnother()
    {
        await using var server = await StartAsync();
        using var visitor = new Visitor(server);
        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => visitor.TryLoginAsync("admin", "wrong")));
        Assert.Equal(10, answers.Count(answer => answer.Status == HttpStatusCode.Unauthorized));
        Assert.Equal(20, answers.Count(answer => answer.Status == HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task Success_ForgetsWhatTheNameGotWrong()
    {
        await using var server = await StartAsync();
        using var visitor = new Visitor(server);
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 9; i++) await visitor.TryLoginAsync("admin", "wrong");
            await visitor.LoginAsync("admin", server.Admin.Password);
        }
    }

    [Fact]
    public async Task AddressWithTooManyAttempts_Is429ForAnyNameAndSuccessDoesNotHelp()
    {
        await using var server = await StartAsync(options => options.MaxLoginsPerAddress = 5);
        using var visitor = new Visitor(server);
        // The administrator's own sign-in was the first.
        for (var i = 0; i < 3; i++) (await visitor.TryLoginAsync($"nobody {i}", "wrong")).AssertProblem(HttpStatusCode.Unauthorized, "wrong-credentials");
        await visitor.LoginAsync("admin", server.Admin.Password);
        AssertLimited(await visitor.TryLoginAsync("admin", server.Admin.Password), TimeSpan.FromMinutes(15));
        AssertLimited(await visitor.TryLoginAsync("nobody 9", "wrong"), TimeSpan.FromMinutes(15));
    }

    [Fact]
    public async Task AddressThatIsHeldUp_DoesNotUseUpNames()
    {
        var addresses = new Addresses();
        await using var server = await StartAsync(options => options.MaxLoginsPerAddress = 12, addresses: addresses);
        addresses.Current = IPAddress.Parse("192.0.2.7");
        using var visitor = new Visitor(server);
        for (var i = 0; i < 12; i++) await visitor.TryLoginAsync("nobody", "wrong");
        for (var i = 0; i < 12; i++) AssertLimited(await visitor.TryLoginAsync("admin", "wrong"), TimeSpan.FromMinutes(15));
        addresses.Current = IPAddress.Parse("192.0.2.8");
        await visitor.LoginAsync("admin", server.Admin.Password);
    }

    [Fact]
    public async Task Registration_IsLimitedByAddress()
    {
        await using var server = await StartAsync(options => options.MaxRegistrationsPerAddress = 3);
        using var visitor = new Visitor(server);
        for (var i = 0; i < 3; i++) Assert.Equal(HttpStatusCode.Created, (await RegisterAsync($"person {i}")).Status);
        AssertLimited(await RegisterAsync("person 4"), TimeSpan.FromHours(1));
        using var classic = await server.Anonymous.PostAsync("/register", new StringContent("""{"username":"person 5","password":"x"}"""));
        Assert.Equal(HttpStatusCode.TooManyRequests, classic.StatusCode);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(HttpStatusCode.Created, (await RegisterAsync("person 4")).Status);

        Task<Answer> RegisterAsync(string name) => visitor.SendAsync("POST", "/api/v1/auth/register", new { username = name, password = "a long enough one" });
    }

    [Fact]
    public async Task PasswordChange_IsLimitedByAccountAndSuccessForgets()
    {
        await using var server = await StartAsync();
        var user = await server.SignInAsync();
        using var thief = new Visitor(server) { AccessToken = user.AccessToken };
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 9; i++) (await ChangeAsync($"wrong {i}")).AssertProblem(HttpStatusCode.BadRequest, "invalid-request");
            if (round == 0) Assert.Equal(HttpStatusCode.NoContent, (await ChangeAsync(user.Password)).Status);
        }

        (await ChangeAsync("wrong")).AssertProblem(HttpStatusCode.BadRequest, "invalid-request");
        AssertLimited(await ChangeAsync("another long one"), TimeSpan.FromMinutes(15));

        Task<Answer> ChangeAsync(string current) => thief.SendAsync("POST", "/api/v1/account/password", new { currentPassword = current, newPassword = "another long one" });
    }

    [Fact]
    public async Task NobodysWordForTheAddress_IsBelievedButATrustedProxys()
    {
        await using var plain = await StartAsync(options => options.MaxLoginsPerAddress = 4);
        using var liar = new Visitor(plain);
        for (var i = 0; i < 3; i++) await liar.TryLoginAsync("nobody", "wrong", ("X-Forwarded-For", $"192.0.2.{i}"));
        AssertLimited(await liar.TryLoginAsync("nobody", "wrong", ("X-Forwarded-For", "192.0.2.99")), TimeSpan.FromMinutes(15));

        await using var behind = await StartAsync(options => (options.MaxLoginsPerAddress, options.TrustedProxies) = (4, "127.0.0.0/8, 10.1.2.3"));
        using var visitor = new Visitor(behind);
        for (var i = 0; i < 8; i++) (await visitor.TryLoginAsync($"nobody {i}", "wrong", ("X-Forwarded-For", $"192.0.2.{i}"))).AssertProblem(HttpStatusCode.Unauthorized, "wrong-credentials");
        // What stands before the address that the trusted proxies saw is whatever somebody wrote there.
        for (var i = 0; i < 4; i++) await visitor.TryLoginAsync("nobody", "wrong", ("X-Forwarded-For", $"203.0.113.{i}, 192.0.2.50, 10.1.2.3"));
        AssertLimited(await visitor.TryLoginAsync("nobody", "wrong", ("X-Forwarded-For", "203.0.113.9, 192.0.2.50, 10.1.2.3")), TimeSpan.FromMinutes(15));
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1", true)]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:1:ffff:ffff:ffff:ffff", true)]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:2::1", false)]
    [InlineData("::1", "127.0.0.1", false)]
    public void Addresses_AreCountedByWhatOnePersonHas(string one, string other, bool isSame)
    {
        string SubjectOf(string address) => ClientAddress.SubjectOf(new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Parse(address) } });
        Assert.Equal(isSame, SubjectOf(one) == SubjectOf(other));
    }

    private static void AssertLimited(Answer answer, TimeSpan most)
    {
        answer.AssertProblem(HttpStatusCode.TooManyRequests, "too-many-attempts");
        Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), most);
        Assert.Equal(answer.Headers.RetryAfter.Delta.Value.TotalSeconds, answer.Json.GetProperty("retryAfter").GetInt32());
    }

    private Task<RunningServer> StartAsync(Action<ServerOptions>? options = null, string? data = null, Addresses? addresses = null, bool signsIn = true) => RunningServer.StartAsync(
        options, services => services.AddSingleton<TimeProvider>(_time), data, pipeline: addresses is null ? null : addresses.Use, signsIn: signsIn);

    /// <summary>Lets requests come from wherever the test says.</summary>
    private sealed class Addresses
    {
        public IPAddress? Current { get; set; }

        public void Use(WebApplication app) => app.Use((context, next) =>
        {
            context.Connection.RemoteIpAddress = Current ?? context.Connection.RemoteIpAddress;
            return next(context);
        });
    }
}
