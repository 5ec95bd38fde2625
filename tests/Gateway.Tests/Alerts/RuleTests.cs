using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using StatusMonitor.Gateway.Tests.Support;
using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Gateway.Tests.Alerts;

/// <summary>Alert rules over REST: what is kept is what was sent, what is wrong changes nothing, and nobody sees another's.</summary>
public sealed class RuleTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Rules = "/api/v1/alerts/rules";

    private const string Disk = """
        {"name":" Data disk ","kind":"threshold","scope":{"kind":"tag","name":"db"},"series":"disk.used.percent{mount=/data*}","condition":"atOrAbove","threshold":90,"clearThreshold":85.5,
         "forSeconds":300,"keepFiringForSeconds":1.5,"severity":"critical","missingData":"fire","cooldownSeconds":60,"repeatSeconds":3600,"enabled":false}
        """;

    private readonly RunningServer _server = shared.Server;

    [Fact]
    public async Task ANewAccount_HasTheDefaults()
    {
        var user = await _server.SignInAsync();
        var rules = (await user.GetAsync(Rules)).Json.GetProperty("rules").EnumerateArray().ToArray();

        Assert.Equal(["offline", "cpu", "memory", "disk", "disk-full"], rules.Select(rule => rule.GetProperty("default").GetString()));
        Assert.Equal("""{"id":1,"name":"Host offline","kind":"offline","scope":{"kind":"all","name":null,"hostId":null},"series":null,"condition":"above","threshold":0,"clearThreshold":null,"forSeconds":30,"keepFiringForSeconds":0,"severity":"critical","missingData":"keep","cooldownSeconds":0,"repeatSeconds":0,"withinSeconds":null,"enabled":true,"default":"offline","metric":null,"createdAt":null}""",
            rules[0].GetRawText());
        Assert.Equal((AlertKind.Forecast.ToString().ToLowerInvariant(), 86_400), (rules[4].GetProperty("kind").GetString(), rules[4].GetProperty("withinSeconds").GetInt32()));
    }

    [Fact]
    public async Task ARule_IsKeptAsItWasSent_ChangedAndDeleted()
    {
        var user = await _server.SignInAsync();
        var made = await user.SendAsync(HttpMethod.Post, Rules, Disk);
        Assert.Equal(HttpStatusCode.Created, made.Status);
        var id = made.Json.GetProperty("id").GetInt64();
        Assert.Equal($"{Rules}/{id}", made.Headers.Location?.OriginalString);

        var rule = JsonNode.Parse(made.Text)!.AsObject();
        Assert.Equal("Data disk", (string)rule["name"]!);
        Assert.True(rule.Remove("id") && rule.Remove("createdAt") && rule.Remove("default") && rule.Remove("metric"));
        var sent = JsonNode.Parse(Disk)!.AsObject();
        (sent["name"], sent["withinSeconds"], sent["scope"]!["hostId"]) = ("Data disk", null, null);
        Assert.True(JsonNode.DeepEquals(sent, rule), rule.ToJsonString());
        Assert.Equal(made.Text, (await user.GetAsync($"{Rules}/{id}")).Text);

        // What is not said has its usual value.
        var changed = await user.SendAsync(HttpMethod.Put, $"{Rules}/{id}", """{"name":"Away","kind":"offline","forSeconds":60}""");
        Assert.Equal((HttpStatusCode.OK, "Away", "all"), (changed.Status, changed.Json.GetProperty("name").GetString(), changed.Json.GetProperty("scope").GetProperty("kind").GetString()));
        Assert.Equal(made.Json.GetProperty("createdAt").GetString(), changed.Json.GetProperty("createdAt").GetString());
        Assert.True(changed.Json.GetProperty("enabled").GetBoolean());

        var off = await user.SendAsync(HttpMethod.Patch, $"{Rules}/{id}", """{"enabled":false}""");
        Assert.Equal((HttpStatusCode.OK, false), (off.Status, off.Json.GetProperty("enabled").GetBoolean()));
        Assert.Equal(off.Text, (await user.GetAsync($"{Rules}/{id}")).Text);

        Assert.Equal(HttpStatusCode.NoContent, (await user.SendAsync(HttpMethod.Delete, $"{Rules}/{id}")).Status);
        foreach (var (method, body) in new[] { (HttpMethod.Get, null), (HttpMethod.Put, Disk), (HttpMethod.Patch, """{"enabled":true}"""), (HttpMethod.Delete, null) })
        {
            (await user.SendAsync(method, $"{Rules}/{id}", body)).AssertProblem(HttpStatusCode.NotFound, "rule-not-found");
        }

        Assert.Equal(["alert-rule.delete", "alert-rule.change", "alert-rule.change", "alert-rule.create"], await AuditedAsync(user));
    }

    [Fact]
    public async Task Defaults_AreChanged_Deleted_AndRestored()
    {
        var user = await _server.SignInAsync();
        var changed = await user.SendAsync(HttpMethod.Put, $"{Rules}/2", """{"name":"Busy","kind":"threshold","series":"cpu.percent","condition":"above","threshold":50}""");
        Assert.Equal((HttpStatusCode.OK, "cpu"), (changed.Status, changed.Json.GetProperty("default").GetString()));
        Assert.Equal(HttpStatusCode.NoContent, (await user.SendAsync(HttpMethod.Delete, $"{Rules}/1")).Status);
        Assert.Equal<long[]>([2, 3, 4, 5], await IdsAsync(user));

        var restored = await user.SendAsync(HttpMethod.Post, $"{Rules}/restore-defaults");
        Assert.Equal(HttpStatusCode.OK, restored.Status);
        Assert.Equal<long[]>([1, 2, 3, 4, 5], await IdsAsync(user));
        Assert.Equal("CPU busy", (await user.GetAsync($"{Rules}/2")).Json.GetProperty("name").GetString());
        Assert.Equal("alert-rule.restore", (await AuditedAsync(user))[0]);
    }

    [Fact]
    public async Task AnothersRules_DoNotExist()
    {
        var (alice, bob) = (await _server.SignInAsync(), await _server.SignInAsync());
        var id = (await alice.SendAsync(HttpMethod.Post, Rules, Disk)).Json.GetProperty("id").GetInt64();

        foreach (var other in new[] { bob, _server.Admin })
        {
            (await other.GetAsync($"{Rules}/{id}")).AssertProblem(HttpStatusCode.NotFound, "rule-not-found");
            (await other.SendAsync(HttpMethod.Put, $"{Rules}/{id}", Disk)).AssertProblem(HttpStatusCode.NotFound, "rule-not-found");
            (await other.SendAsync(HttpMethod.Delete, $"{Rules}/{id}")).AssertProblem(HttpStatusCode.NotFound, "rule-not-found");
            Assert.DoesNotContain(id, await IdsAsync(other));
        }

        Assert.Contains(id, await IdsAsync(alice));
    }

    [Fact]
    public async Task ARuleForAHost_NeedsAHostThatTheAccountSees()
    {
        var (alice, bob) = (await _server.SignInAsync(), await _server.SignInAsync());
        var host = await _server.EnrolAsync("web-1", alice);
        var rule = $$$"""{"name":"Away","kind":"offline","scope":{"kind":"host","hostId":{{{host.Id}}}}}""";

        AssertErrors(await bob.SendAsync(HttpMethod.Post, Rules, rule), "scope");
        Assert.Equal(HttpStatusCode.NoContent, (await alice.SendAsync(HttpMethod.Put, $"/api/v1/hosts/{host.Id}/shares/{Uri.EscapeDataString(bob.Name)}", """{"access":"read"}""")).Status);
        Assert.Equal(HttpStatusCode.Created, (await bob.SendAsync(HttpMethod.Post, Rules, rule)).Status);
        Assert.Equal(HttpStatusCode.Created, (await alice.SendAsync(HttpMethod.Post, Rules, rule)).Status);
    }

    [Theory]
    [InlineData("{}", "name", "kind")]
    [InlineData("""{"name":"x","kind":"sometimes"}""", "kind")]
    [InlineData("""{"name":"x","kind":"classic","threshold":1,"condition":"above"}""", "kind")]
    [InlineData("""{"name":"x","kind":"threshold"}""", "series", "condition", "threshold")]
    [InlineData("""{"name":"x","kind":"threshold","series":"cpu percent","condition":"over","threshold":1e300}""", "series", "condition", "threshold")]
    [InlineData("""{"name":"x","kind":"rate","series":"net.rx.bytes","condition":"above","threshold":1,"clearThreshold":2}""", "clearThreshold")]
    [InlineData("""{"name":"x","kind":"forecast","series":"disk.used.percent","condition":"above","threshold":100}""", "withinSeconds")]
    [InlineData("""{"name":"x","kind":"offline","series":"cpu.percent","threshold":5}""", "series", "threshold")]
    [InlineData("""{"name":"x","kind":"noData","series":"cpu.percent"}""", "forSeconds")]
    [InlineData("""{"name":"x","kind":"offline","forSeconds":1e300,"keepFiringForSeconds":-1,"cooldownSeconds":604801,"repeatSeconds":0.5}""", "forSeconds", "keepFiringForSeconds", "cooldownSeconds", "repeatSeconds")]
    [InlineData("""{"name":"x","kind":"offline","scope":{},"severity":"fatal","missingData":"panic"}""", "scope", "severity", "missingData")]
    [InlineData("""{"name":"x","kind":"offline","scope":{"kind":"group"}}""", "scope")]
    [InlineData("""{"name":"x","kind":"offline","scope":{"kind":"host","hostId":-7}}""", "scope")]
    [InlineData("""{"name":"x","kind":"offline","scope":{"kind":"host","hostId":123456789}}""", "scope")]
    [InlineData("""{"name":"a\u0000b","kind":"offline"}""", "name")]
    public async Task WhatIsWrong_IsNamed_AndNothingIsStored(string rule, params string[] fields)
    {
        var before = await IdsAsync(_server.Admin);

        AssertErrors(await _server.Admin.SendAsync(HttpMethod.Post, Rules, rule), fields);
        AssertErrors(await _server.Admin.SendAsync(HttpMethod.Put, $"{Rules}/3", rule), fields);
        Assert.Equal(before, await IdsAsync(_server.Admin));
        Assert.Equal("Memory nearly used up", (await _server.Admin.GetAsync($"{Rules}/3")).Json.GetProperty("name").GetString());
    }

    [Fact]
    public async Task BadBodies_AreRefused()
    {
        foreach (var body in new[] { "", "[]", "null", "{", """{"name":5}""", """{"threshold":"high"}""", """{"threshold":NaN}""" })
        {
            (await _server.Admin.SendAsync(HttpMethod.Post, Rules, body)).AssertProblem(HttpStatusCode.BadRequest, "invalid-request");
        }

        (await _server.Admin.SendAsync(HttpMethod.Post, Rules, $$"""{"name":"{{new string('x', 70_000)}}"}""")).AssertProblem(HttpStatusCode.RequestEntityTooLarge, "limit-exceeded");
        AssertErrors(await _server.Admin.SendAsync(HttpMethod.Patch, $"{Rules}/1", "{}"), "enabled");
        (await _server.Anonymous.SendAsync(HttpMethod.Get, Rules)).AssertProblem(HttpStatusCode.Unauthorized, "not-signed-in");
        (await _server.Anonymous.SendAsync(HttpMethod.Post, $"{Rules}/preview", "{}")).AssertProblem(HttpStatusCode.Unauthorized, "not-signed-in");
        (await _server.Admin.GetAsync($"{Rules}/99999999999999999999")).AssertProblem(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task TooManyRules_AreRefused()
    {
        var user = await _server.SignInAsync();
        for (var i = 5; i < AlertRules.MaxRules; i++) Assert.Equal(HttpStatusCode.Created, (await user.SendAsync(HttpMethod.Post, Rules, """{"name":"x","kind":"offline"}""")).Status);

        (await user.SendAsync(HttpMethod.Post, Rules, Disk)).AssertProblem(HttpStatusCode.Conflict, "too-many");
        Assert.Equal(AlertRules.MaxRules, (await IdsAsync(user)).Length);
    }

    private static void AssertErrors(Answer answer, params string[] fields)
    {
        answer.AssertProblem(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Equal(fields.Order(StringComparer.Ordinal), answer.Json.GetProperty("errors").EnumerateObject().Select(error => error.Name).Order(StringComparer.Ordinal));
    }

    private static async Task<long[]> IdsAsync(SignedIn user) => [.. (await user.GetAsync(Rules)).Json.GetProperty("rules").EnumerateArray().Select(rule => rule.GetProperty("id").GetInt64())];

    private async Task<string[]> AuditedAsync(SignedIn user)
    {
        var entries = (await _server.Admin.GetAsync($"/api/v1/audit?actor={Uri.EscapeDataString(user.Name)}&action=alert-rule")).Json.GetProperty("entries");
        return [.. entries.EnumerateArray().Select(entry => entry.GetProperty("action").GetString()!)];
    }
}
