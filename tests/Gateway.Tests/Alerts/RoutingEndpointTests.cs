using System.Net;
using Microsoft.Extensions.DependencyInjection;
using StatusMonitor.Gateway.Tests.Support;
using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Gateway.Tests.Alerts;

/// <summary>Routing over REST.</summary>
public sealed class RoutingEndpointTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Path = "/api/v1/alerts/routing";

    private readonly RunningServer _server = shared.Server;

    [Fact]
    public async Task WithoutAChange_EverythingGoesEverywhere()
    {
        using var alice = await _server.SignInAsync();

        Assert.Equal("""{"groupBy":"all","groupSeconds":10,"routes":[]}""", (await alice.GetAsync(Path)).Text);
    }

    [Fact]
    public async Task AChange_IsKept_AndTheAuditLogKnows()
    {
        using var alice = await _server.SignInAsync();
        var (first, second) = (await AddChannelAsync(alice), await AddChannelAsync(alice));
        var body = $$"""
            {"groupBy":"tag","groupSeconds":2.5,"routes":[
              {"severities":["critical","critical"],"groups":[" Berlin "],"tags":["db"],"rules":[1],"channels":[{{first}},{{first}}],"escalations":[{"afterSeconds":900,"channels":[{{second}}]},{"afterSeconds":60,"channels":[{{first}}]}],"last":true},
              {}]}
            """;
        var answer = await alice.SendAsync(HttpMethod.Put, Path, body);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        var expected = $$"""{"groupBy":"tag","groupSeconds":2.5,"routes":[{"severities":["critical"],"groups":["Berlin"],"tags":["db"],"rules":[1],"channels":[{{first}}],"escalations":[{"afterSeconds":60,"channels":[{{first}}]},{"afterSeconds":900,"channels":[{{second}}]}],"last":true},{"severities":[],"groups":[],"tags":[],"rules":[],"channels":[],"escalations":[],"last":false}]}""";
        Assert.Equal(expected, answer.Text);
        Assert.Equal(expected, (await alice.GetAsync(Path)).Text);

        var entries = (await _server.Admin.GetAsync("/api/v1/audit?action=routing.&limit=100")).Json.GetProperty("entries").EnumerateArray()
            .Where(entry => entry.GetProperty("actor").GetProperty("id").GetInt64() == alice.Id);
        Assert.Equal("2 routes", Assert.Single(entries).GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("""{"groupSeconds":10,"routes":[]}""", "groupBy")]
    [InlineData("""{"groupBy":"host","groupSeconds":10,"routes":[]}""", "groupBy")]
    [InlineData("""{"groupBy":"all","routes":[]}""", "groupSeconds")]
    [InlineData("""{"groupBy":"all","groupSeconds":-1,"routes":[]}""", "groupSeconds")]
    [InlineData("""{"groupBy":"all","groupSeconds":301,"routes":[]}""", "groupSeconds")]
    [InlineData("""{"groupBy":"all","groupSeconds":10}""", "routes")]
    [InlineData("""{"groupBy":"all","groupSeconds":10,"routes":[MANY]}""", "routes")]
    [InlineData("""{"groupBy":"all","groupSeconds":10,"routes":[null]}""", "routes[0]")]
    [InlineData("""{"groupBy":"all","groupSeconds":10,"routes":[{},{"severities":["fatal"]}]}""", "routes[1].severities")]
    [InlineData("""{"groupBy":"all","groupSeconds":10,"routes":[{"severities":[null]}]}""", "routes[0].severities")]
    [InlineData("""{"groupBy":"all","groupSeconds":10,"routes":[{"groups":["\u0001"]}]}""", "routes[0].groups")]
    [InlineData("""{"groupBy":"all","groupSeconds":10,"routes":[{"tags":[""]}]}""", "routes[0].tags")]
    [InlineData("""{"groupBy":"all","groupSeconds":10,"routes":[{"rules":[999]}]}""", "routes[0].rules")]
    [InlineData("""{"groupBy":"all","groupSeconds":10,"routes":[{"channels":[1]}]}""", "routes[0].channels")]
    [InlineData("""{"groupBy":"all","groupSeconds":10,"routes":[{"escalations":[{"afterSeconds":0,"channels":[1]}]}]}""", "routes[0].escalations[0].afterSeconds")]
    [InlineData("""{"groupBy":"all","groupSeconds":10,"routes":[{"escalations":[{"channels":[1]}]}]}""", "routes[0].escalations[0].afterSeconds")]
    [InlineData("""{"groupBy":"all","groupSeconds":10,"routes":[{"escalations":[null]}]}""", "routes[0].escalations[0].afterSeconds")]
    [InlineData("""{"groupBy":"all","groupSeconds":10,"routes":[{"escalations":[{"afterSeconds":60,"channels":[]}]}]}""", "routes[0].escalations[0].channels")]
    [InlineData("""{"groupBy":"all","groupSeconds":10,"routes":[{"escalations":[{"afterSeconds":60,"channels":[1]}]}]}""", "routes[0].escalations[0].channels")]
    public async Task WhatIsNoRouting_IsNamed_AndChangesNothing(string body, string field)
    {
        using var alice = await _server.SignInAsync();
        var answer = await alice.SendAsync(HttpMethod.Put, Path, body.Replace("MANY", string.Join(',', Enumerable.Repeat("{}", 51)), StringComparison.Ordinal));

        answer.AssertProblem(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Equal(field, Assert.Single(answer.Json.GetProperty("errors").EnumerateObject()).Name);
        Assert.Equal("""{"groupBy":"all","groupSeconds":10,"routes":[]}""", (await alice.GetAsync(Path)).Text);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("""{"groupBy":7}""")]
    public async Task WhatIsNoJsonOfOne_IsRefused(string body)
    {
        using var alice = await _server.SignInAsync();
        (await alice.SendAsync(HttpMethod.Put, Path, body)).AssertProblem(HttpStatusCode.BadRequest, "invalid-request");
    }

    [Fact]
    public async Task OthersChannels_AndTheClassicOne_AreNotThere()
    {
        using var alice = await _server.SignInAsync();
        using var bob = await _server.SignInAsync();
        await AddChannelAsync(bob);
        var theirs = await AddChannelAsync(bob);
        var classic = await AddChannelAsync(alice, isClassic: true);
        Assert.NotEqual(theirs, classic);

        foreach (var channel in new[] { theirs, classic })
        {
            var answer = await alice.SendAsync(HttpMethod.Put, Path, $$"""{"groupBy":"all","groupSeconds":10,"routes":[{"channels":[{{channel}}]}]}""");
            answer.AssertProblem(HttpStatusCode.BadRequest, "invalid-request");
        }
    }

    private async Task<long> AddChannelAsync(SignedIn account, bool isClassic = false) =>
        (await _server.Services.GetRequiredService<IGrainFactory>().GetGrain<IAlertDeskGrain>(account.Id).AddChannel(new AlertChannel { Name = "ops", Kind = ChannelKind.Webhook, IsClassic = isClassic }))!.Id;
}
