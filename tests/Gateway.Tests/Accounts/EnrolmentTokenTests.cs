using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StatusMonitor.Gateway.Tests.Support;
using StatusMonitor.Grains.Accounts;
using StatusMonitor.Grains.Agents;

namespace StatusMonitor.Gateway.Tests.Accounts;

/// <summary>Enrolment tokens as their owner makes them and takes them back.</summary>
public sealed class EnrolmentTokenTests : IAsyncLifetime, IDisposable
{
    private const string Path = "/api/v1/account/enrolment-tokens";
    private readonly ShiftedTime _time = new();
    private RunningServer _server = null!;
    private SignedIn _user = null!;
    private Visitor _visitor = null!;

    public async Task InitializeAsync()
    {
        _server = await RunningServer.StartAsync(services: services => services.AddSingleton<TimeProvider>(_time));
        _user = await _server.SignInAsync();
        _visitor = new Visitor(_server) { AccessToken = _user.AccessToken };
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _visitor.Dispose();

    [Theory]
    [InlineData("{}")]
    [InlineData(null)]
    [InlineData("""{"label":null,"group":null,"tags":null,"uses":null,"validHours":null}""")]
    public async Task WithoutWishes_ItIsGoodOnceForADay(string? body)
    {
        var answer = await _visitor.SendAsync("POST", Path, body);
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        var token = answer.Json;
        Assert.Equal(["createdAt", "expiresAt", "group", "id", "label", "tags", "token", "uses", "usesLeft"], token.EnumerateObject().Select(property => property.Name).Order());
        Assert.Equal((1, 1, ""), (token.GetProperty("uses").GetInt32(), token.GetProperty("usesLeft").GetInt32(), token.GetProperty("label").GetString()));
        Assert.InRange(token.GetProperty("expiresAt").GetDateTimeOffset() - _time.GetUtcNow(), TimeSpan.FromHours(24) - TimeSpan.FromMinutes(1), TimeSpan.FromHours(24));
        Assert.Matches($"^sme_{_user.Id}_[0-9a-f]{{64}}$", token.GetProperty("token").GetString());
    }

    [Fact]
    public async Task TokenAsWished_IsWhatTheAccountKnowsAndIsShownOnce()
    {
        var made = (await _visitor.SendAsync("POST", Path, new { label = " rack 7 ", group = " web ", tags = new[] { "a", " b " }, uses = 3, validHours = 8760 })).Json;
        Assert.Equal(("rack 7", "web", 3), (made.GetProperty("label").GetString(), made.GetProperty("group").GetString(), made.GetProperty("uses").GetInt32()));
        Assert.Equal(["a", "b"], made.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()));

        var list = await _visitor.SendAsync("GET", Path);
        Assert.DoesNotContain(Secret(made), list.Text, StringComparison.Ordinal);
        var listed = Assert.Single(list.Json.EnumerateArray());
        Assert.False(listed.TryGetProperty("token", out _));
        Assert.Equal(made.GetProperty("id").GetInt32(), listed.GetProperty("id").GetInt32());

        // What a machine does with it.
        Assert.True(TokenHash.TryHash(Secret(made), out var hash));
        var terms = await _server.Services.GetRequiredService<IGrainFactory>().GetGrain<IAccountGrain>(_user.Id).RedeemEnrolment(hash);
        Assert.Equal("web", terms?.Group);
        Assert.Equal(2, Assert.Single((await _visitor.SendAsync("GET", Path)).Json.EnumerateArray()).GetProperty("usesLeft").GetInt32());
    }

    [Theory]
    [InlineData("""{"uses":0}""", "uses")]
    [InlineData("""{"uses":1001}""", "uses")]
    [InlineData("""{"uses":-1}""", "uses")]
    [InlineData("""{"validHours":0}""", "validHours")]
    [InlineData("""{"validHours":8761}""", "validHours")]
    [InlineData("""{"label":"LONG"}""", "label")]
    [InlineData("""{"label":"\u0007"}""", "label")]
    [InlineData("""{"group":"LONG"}""", "group")]
    [InlineData("""{"group":"a\u0000b"}""", "group")]
    [InlineData("""{"tags":["LONG"]}""", "tags")]
    [InlineData("""{"tags":[""]}""", "tags")]
    [InlineData("""{"tags":[null]}""", "tags")]
    [InlineData("""{"tags":["1","2","3","4","5","6","7","8","9","10","11","12","13","14","15","16","17","18","19","20","21"]}""", "tags")]
    public async Task WishThatCannotBe_IsNamedAndMakesNothing(string body, string field)
    {
        var answer = await _visitor.SendAsync("POST", Path, body.Replace("LONG", new string('x', 101), StringComparison.Ordinal));
        answer.AssertProblem(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Equal(field, Assert.Single(answer.Json.GetProperty("errors").EnumerateObject()).Name);
        Assert.Empty((await _visitor.SendAsync("GET", Path)).Json.EnumerateArray());
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"uses":"three"}""")]
    [InlineData("""{"uses":1.5}""")]
    [InlineData("""{"tags":"a"}""")]
    public async Task BodyThatIsNone_Is400(string body) => (await _visitor.SendAsync("POST", Path, body)).AssertProblem(HttpStatusCode.BadRequest, "invalid-request");

    [Fact]
    public async Task RevokedToken_IsGoneForItsOwnerAlone()
    {
        var made = (await _visitor.SendAsync("POST", Path, "{}")).Json;
        var id = made.GetProperty("id").GetInt32();
        using var other = new Visitor(_server) { AccessToken = _server.Admin.AccessToken };
        (await other.SendAsync("DELETE", $"{Path}/{id}")).AssertProblem(HttpStatusCode.NotFound, "token-not-found");
        Assert.Equal(HttpStatusCode.NoContent, (await _visitor.SendAsync("DELETE", $"{Path}/{id}")).Status);
        (await _visitor.SendAsync("DELETE", $"{Path}/{id}")).AssertProblem(HttpStatusCode.NotFound, "token-not-found");
        (await _visitor.SendAsync("DELETE", $"{Path}/x")).AssertProblem(HttpStatusCode.NotFound, "token-not-found");
        (await _visitor.SendAsync("DELETE", $"{Path}/99999999999")).AssertProblem(HttpStatusCode.NotFound, "token-not-found");
        Assert.Empty((await _visitor.SendAsync("GET", Path)).Json.EnumerateArray());
    }

    [Fact]
    public async Task ExpiredToken_IsNotListed()
    {
        await _visitor.SendAsync("POST", Path, new { validHours = 1 });
        using var visitor = new Visitor(_server);
        _time.Advance(TimeSpan.FromHours(1));
        await visitor.LoginAsync(_user.Name, _user.Password);
        Assert.Empty((await visitor.SendAsync("GET", Path)).Json.EnumerateArray());
    }

    [Fact]
    public async Task MoreThanMayBe_Are409()
    {
        for (var i = 0; i < 100; i++) Assert.Equal(HttpStatusCode.Created, (await _visitor.SendAsync("POST", Path, "{}")).Status);
        (await _visitor.SendAsync("POST", Path, "{}")).AssertProblem(HttpStatusCode.Conflict, "too-many");
        Assert.Equal(100, (await _visitor.SendAsync("GET", Path)).Json.GetArrayLength());
    }

    private static string Secret(JsonElement token) => token.GetProperty("token").GetString()!.Split('_')[2];
}
