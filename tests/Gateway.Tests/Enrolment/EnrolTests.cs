using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StatusMonitor.Gateway.Tests.Support;
using StatusMonitor.Storage;

namespace StatusMonitor.Gateway.Tests.Enrolment;

/// <summary>Machines that make themselves hosts with an enrolment token.</summary>
public sealed class EnrolTests : IAsyncLifetime
{
    private readonly ShiftedTime _time = new();
    private RunningServer _server = null!;

    public async Task InitializeAsync() => _server = await RunningServer.StartAsync(services: services => services.AddSingleton<TimeProvider>(_time));

    public async Task DisposeAsync()
    {
        Assert.Empty(_server.Errors.All);
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Machine_BecomesAHostOfTheTokensAccount()
    {
        var alice = await _server.SignInAsync();
        var token = await TokenAsync(alice, """{"label":"rack 1","group":"Frankfurt","tags":["web"]}""");
        var answer = await EnrolAsync(token, "  web-1 ");

        Assert.Equal((HttpStatusCode.Created, "web-1"), (answer.Status, answer.Json.GetProperty("name").GetString()));
        Assert.Equal(["id", "name", "token", "tokenExpiresAt"], answer.Json.EnumerateObject().Select(member => member.Name));
        var host = new EnrolledHost(alice.Http, answer.Json.GetProperty("id").GetInt64(), answer.Json.GetProperty("token").GetString()!);
        await host.ReportAsync(ReportJson.Report(1, _time.GetUtcNow().ToUnixTimeMilliseconds()));

        var view = await host.GetAsync();
        Assert.Equal(("Frankfurt", "owner", "online"), (view.GetProperty("group").GetString(), view.GetProperty("access").GetString(), view.GetProperty("status").GetString()));
        Assert.Equal("web", Assert.Single(view.GetProperty("tags").EnumerateArray()).GetString());
        Assert.Equal(alice.Id, view.GetProperty("owner").GetProperty("id").GetInt64());

        var entry = Assert.Single(await AuditAsync()).Entry;
        Assert.Equal((alice.Name, "ok", "web-1", "rack 1"), (entry.ActorName, entry.Outcome, entry.TargetName, entry.Detail));
        Assert.DoesNotContain(token, JsonSerializer.Serialize(entry), StringComparison.Ordinal);
    }

    [Fact]
    public async Task UsedUpExpiredAndRevokedTokens_AreAllUnknown()
    {
        var alice = await _server.SignInAsync();
        var (usedUp, expired, revoked) = (await TokenAsync(alice, """{"uses":2}"""), await TokenAsync(alice, """{"validHours":1}"""), await TokenAsync(alice, "{}"));
        for (var i = 0; i < 2; i++) Assert.Equal(HttpStatusCode.Created, (await EnrolAsync(usedUp, $"host {i}")).Status);
        var kept = (await alice.GetAsync("/api/v1/account/enrolment-tokens")).Json.EnumerateArray().First().GetProperty("id").GetInt32();
        Assert.Equal(HttpStatusCode.NoContent, (await alice.SendAsync(HttpMethod.Delete, $"/api/v1/account/enrolment-tokens/{kept}")).Status);
        _time.Advance(TimeSpan.FromHours(1) + TimeSpan.FromSeconds(1));

        var answers = new List<string>();
        foreach (var token in new[] { usedUp, expired, revoked, $"sme_{alice.Id}_{new string('0', 64)}", $"sme_999999_{new string('0', 64)}" })
        {
            var answer = await EnrolAsync(token);
            answer.AssertProblem(HttpStatusCode.Unauthorized, "unknown-enrolment-token");
            answers.Add(answer.Text);
        }

        Assert.Single(answers.Distinct());
        Assert.Equal(2, await HostsAsync());
    }

    [Fact]
    public async Task TokenOfADisabledOrDeletedAccount_IsUnknown()
    {
        var (alice, bob) = (await _server.SignInAsync(), await _server.SignInAsync());
        var (hers, his) = (await TokenAsync(alice, "{}"), await TokenAsync(bob, "{}"));
        Assert.Equal(HttpStatusCode.OK, (await _server.Admin.SendAsync(HttpMethod.Patch, $"/api/v1/users/{alice.Id}", """{"isDisabled":true}""")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await _server.Admin.SendAsync(HttpMethod.Delete, $"/api/v1/users/{bob.Id}?hosts=delete")).Status);
        foreach (var token in new[] { hers, his }) (await EnrolAsync(token)).AssertProblem(HttpStatusCode.Unauthorized, "unknown-enrolment-token");
        Assert.Equal(0, await HostsAsync());
    }

    [Fact]
    public async Task OneUse_IsOneHostHoweverManyComeAtOnce()
    {
        var alice = await _server.SignInAsync();
        var token = await TokenAsync(alice, """{"uses":3}""");
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => EnrolAsync(token, $"host {i}")));
        Assert.Equal(3, answers.Count(answer => answer.Status == HttpStatusCode.Created));
        Assert.Equal(9, answers.Count(answer => answer.Problem == "unknown-enrolment-token"));
        Assert.Equal(3, await HostsAsync());
    }

    [Theory]
    [InlineData("sme")]
    [InlineData("sme_1")]
    [InlineData("sme_1_")]
    [InlineData("sme__0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("sme_0_0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("sme_-1_0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("sme_99999999999999999999_0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("sme_1_0000000000000000000000000000000000000000000000000000000000000000_1")]
    [InlineData("xyz_1_0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("😀")]
    public async Task TextThatIsNoToken_IsUnknown(string token) => (await EnrolAsync(token)).AssertProblem(HttpStatusCode.Unauthorized, "unknown-enrolment-token");

    [Theory]
    [InlineData("""{"name":"x"}""", "token")]
    [InlineData("""{"token":"","name":"x"}""", "token")]
    [InlineData("""{"token":"TOKEN"}""", "name")]
    [InlineData("""{"token":"TOKEN","name":" "}""", "name")]
    [InlineData("""{"token":"TOKEN","name":"a\u0000"}""", "name")]
    [InlineData("""{}""", "name token")]
    public async Task WhatIsMissing_IsNamedAndSpendsNoUse(string body, string fields)
    {
        var alice = await _server.SignInAsync();
        var token = await TokenAsync(alice, "{}");
        var answer = await _server.Anonymous.SendAsync(HttpMethod.Post, "/api/v1/enrol", body.Replace("TOKEN", token, StringComparison.Ordinal));
        answer.AssertProblem(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Equal(fields, string.Join(' ', answer.Json.GetProperty("errors").EnumerateObject().Select(error => error.Name).Order(StringComparer.Ordinal)));
        Assert.Equal(HttpStatusCode.Created, (await EnrolAsync(token)).Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("""{"token":7,"name":"x"}""")]
    [InlineData("""{"token":"\ud800","name":"x"}""")]
    public async Task BrokenBody_Is400(string body)
    {
        var answer = await _server.Anonymous.SendAsync(HttpMethod.Post, "/api/v1/enrol", body);
        Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json"), (answer.Status, answer.MediaType));
    }

    [Fact]
    public async Task OversizedBody_Is413() =>
        (await _server.Anonymous.SendAsync(HttpMethod.Post, "/api/v1/enrol", $$"""{"token":"{{new string('x', SmallBodies.MaxBytes)}}","name":"x"}""")).AssertProblem(HttpStatusCode.RequestEntityTooLarge, "limit-exceeded");

    [Fact]
    public async Task WhoeverGuesses_IsHeldUpButAFleetIsNot()
    {
        var alice = await _server.SignInAsync();
        var token = await TokenAsync(alice, """{"uses":1000}""");
        for (var i = 0; i < 100; i++) Assert.Equal(HttpStatusCode.Created, (await EnrolAsync(token, $"host {i}")).Status);

        var tries = 0;
        Answer answer;
        while ((answer = await EnrolAsync($"sme_{alice.Id}_{new string('0', 64)}")).Status == HttpStatusCode.Unauthorized) Assert.InRange(++tries, 1, 200);
        answer.AssertProblem(HttpStatusCode.TooManyRequests, "too-many-attempts");
        Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));

        // Held up are good tokens from there as well: nothing tells them from guesses until they are looked at.
        (await EnrolAsync(token)).AssertProblem(HttpStatusCode.TooManyRequests, "too-many-attempts");
        _time.Advance(answer.Headers.RetryAfter.Delta.Value);
        Assert.Equal(HttpStatusCode.Created, (await EnrolAsync(token)).Status);
        Assert.Equal(1, (await AuditAsync()).Count(record => record.Entry.Outcome == "limited"));
    }

    private static async Task<string> TokenAsync(SignedIn user, string terms)
    {
        var answer = await user.SendAsync(HttpMethod.Post, "/api/v1/account/enrolment-tokens", terms);
        Assert.True(answer.Status == HttpStatusCode.Created, answer.Text);
        return answer.Json.GetProperty("token").GetString()!;
    }

    private Task<Answer> EnrolAsync(string token, string name = "a machine") =>
        _server.Anonymous.SendAsync(HttpMethod.Post, "/api/v1/enrol", JsonSerializer.Serialize(new { token, name }));

    private async Task<int> HostsAsync() => (await _server.Http.GetFromJsonAsync<JsonElement>("/api/v1/hosts")).GetProperty("counts").GetProperty("total").GetInt32();

    private Task<IReadOnlyList<AuditRecord>> AuditAsync() =>
        _server.Services.GetRequiredService<IAuditLog>().ReadAsync(new AuditQuery(ActionPrefix: "enrolment.use"), CancellationToken.None);
}
