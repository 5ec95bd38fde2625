using System.Net;
using System.Text.Json;
using StatusMonitor.Gateway.Tests.Support;
using StatusMonitor.Grains.Alerts;
using StatusMonitor.Grains.Hosts;

namespace StatusMonitor.Gateway.Tests.Alerts;

/// <summary>Incidents over REST: they are found, told whole, taken up and commented on.</summary>
public sealed class IncidentsApiTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly RunningServer _server = shared.Server;

    [Fact]
    public async Task AnIncident_IsToldWhole()
    {
        var user = await _server.SignInAsync();
        var host = await _server.EnrolAsync("web-1", user);
        var fired = await _server.FireAsync(user.Id, host, 1);
        await _server.SawAsync(fired, new ProcessSighting(4711, "restic", 187.5, 1_000_000));
        await _server.ResolveAsync(fired, 10);

        var incident = await GetAsync(user, fired.Id);

        Assert.Equal(
            $$"""{"id":"{{fired.Id}}","host":{"id":{{host.Id}},"name":"host-{{host.Id}}"},"rule":{"id":2,"name":"CPU busy","kind":"threshold","condition":"atOrAbove","threshold":90,"clearThreshold":80,"forSeconds":300,"unit":"percent"},"severity":"warning","series":"cpu.percent","state":"resolved","openedAt":"2026-11-22T12:00:00+00:00","resolvedAt":"2026-11-22T12:10:00+00:00","acknowledgedAt":null,"acknowledgedBy":null,"value":93.5,"peak":93.5,"flapping":false,"noData":false,"foundLate":false,"comments":0,"mayChange":true}""",
            Row(await ListAsync(user)));
        Assert.Equal("resolved", incident.GetProperty("state").GetString());
        Assert.Equal(["fired", "evidence", "resolved"], incident.GetProperty("events").EnumerateArray().Select(entry => entry.GetProperty("kind").GetString()));
        Assert.Contains("93.5", incident.GetProperty("events")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal("""[{"id":4711,"name":"restic","cpuPercent":187.5,"memoryBytes":1000000}]""", incident.GetProperty("processes").GetRawText());
        Assert.Equal(JsonValueKind.Null, incident.GetProperty("forecastAt").ValueKind);
        Assert.Equal(0, incident.GetProperty("notifications").GetArrayLength());
    }

    [Fact]
    public async Task Incidents_AreFiltered_AndCounted()
    {
        var user = await _server.SignInAsync();
        var (first, second) = (await _server.EnrolAsync("a", user), await _server.EnrolAsync("b", user));
        var offline = Desk.Busy with { Id = 1, Name = "Host offline", Kind = AlertKind.Offline, Severity = AlertSeverity.Critical };
        await _server.ResolveAsync(await _server.FireAsync(user.Id, first, 1, 0), 5);
        await _server.FireAsync(user.Id, first, 2, 1);
        var taken = await _server.FireAsync(user.Id, second, 3, 2, offline);
        await user.SendAsync(HttpMethod.Post, $"/api/v1/incidents/{taken.Id}/acknowledge");

        foreach (var (query, expected) in new[]
        {
            ("", "321"), ("state=active", "32"), ("state=open", "2"), ("state=acknowledged", "3"), ("state=resolved", "1"), ("state=open&state=resolved", "21"),
            ("severity=critical", "3"), ("severity=warning&severity=info", "21"), ($"host={first.Id}", "21"), ("rule=1", "3"), ("q=OFFLINE", "3"), ("q=nothing", ""),
            ("from=2026-11-22T12:06:00Z", "32"), ("to=2026-11-22T12:01:00Z", "1"), ("limit=1", "3"),
        })
        {
            Assert.Equal(expected, string.Concat(Ids(await ListAsync(user, query)).Select(id => id.Split('-')[1])));
        }

        Assert.Equal("""{"open":1,"acknowledged":1}""", (await ListAsync(user, "state=resolved")).GetProperty("counts").GetRawText());
        Assert.Equal("""{"open":1,"acknowledged":0}""", (await ListAsync(user, $"host={first.Id}")).GetProperty("counts").GetRawText());
    }

    [Fact]
    public async Task Pages_HaveNoGapsAndNoDoubles()
    {
        var user = await _server.SignInAsync();
        var host = await _server.EnrolAsync("a", user);
        for (var i = 1; i <= 11; i++) await _server.FireAsync(user.Id, host, i, i / 4);

        var read = new List<string>();
        for (var page = await ListAsync(user, "limit=3"); ; page = await ListAsync(user, $"limit=3&after={page.GetProperty("next").GetString()}"))
        {
            read.AddRange(Ids(page));
            if (page.GetProperty("next").ValueKind == JsonValueKind.Null) break;
        }

        Assert.Equal(Ids(await ListAsync(user)), read);
        Assert.Equal(11, read.Distinct().Count());
    }

    [Theory]
    [InlineData("state=closed", "state")]
    [InlineData("state=Open", "state")]
    [InlineData("state=0", "state")]
    [InlineData("severity=bad", "severity")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=501", "limit")]
    [InlineData("after=x", "after")]
    [InlineData("after=!!!", "after")]
    [InlineData("from=yesterday", "from")]
    [InlineData("to=2026-13-01", "to")]
    public async Task ABadQuery_NamesTheField(string query, string field)
    {
        var answer = await _server.Admin.GetAsync($"/api/v1/incidents?{query}");

        answer.AssertProblem(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Equal([field], answer.Json.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    [Fact]
    public async Task SomebodyTakesItUp_AndHandsItBack_AndTheAuditLogKnows()
    {
        var user = await _server.SignInAsync();
        var host = await _server.EnrolAsync("a", user);
        var fired = await _server.FireAsync(user.Id, host, 1);

        var taken = await PostAsync(user, fired.Id, "acknowledge");
        Assert.Equal(("acknowledged", user.Name), (taken.GetProperty("state").GetString(), taken.GetProperty("acknowledgedBy").GetString()));
        var back = await PostAsync(user, fired.Id, "unacknowledge");
        Assert.Equal(("open", JsonValueKind.Null), (back.GetProperty("state").GetString(), back.GetProperty("acknowledgedAt").ValueKind));
        Assert.Equal(["fired", "acknowledged", "unacknowledged"], back.GetProperty("events").EnumerateArray().Select(entry => entry.GetProperty("kind").GetString()));

        await _server.ResolveAsync(fired, 5);
        (await user.SendAsync(HttpMethod.Post, $"/api/v1/incidents/{fired.Id}/acknowledge")).AssertProblem(HttpStatusCode.Conflict, "incident-over");
        Assert.Equal("It was me.", (await PostAsync(user, fired.Id, "comments", """{"text":" It was me. "}""")).GetProperty("events").EnumerateArray().Last().GetProperty("text").GetString());
        var audit = (await _server.Admin.GetAsync($"/api/v1/audit?targetKind=incident&targetId={fired.Id}")).Json.GetProperty("entries");
        Assert.Equal(["incident.comment", "incident.unacknowledge", "incident.acknowledge"], audit.EnumerateArray().Select(entry => entry.GetProperty("action").GetString()));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"text":null}""")]
    [InlineData("""{"text":"  "}""")]
    [InlineData(2_001)]
    public async Task ABadComment_ChangesNothing(object body)
    {
        var user = await _server.SignInAsync();
        var fired = await _server.FireAsync(user.Id, await _server.EnrolAsync("a", user), 1);

        var answer = await user.SendAsync(HttpMethod.Post, $"/api/v1/incidents/{fired.Id}/comments", body as string ?? $$"""{"text":"{{new string('x', (int)body)}}"}""");

        answer.AssertProblem(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Equal(0, (await GetAsync(user, fired.Id)).GetProperty("comments").GetInt32());
    }

    [Fact]
    public async Task OneThatDoesNotExist_IsNotFound()
    {
        (await _server.Admin.GetAsync("/api/v1/incidents/nothing")).AssertProblem(HttpStatusCode.NotFound, "incident-not-found");
        (await _server.Admin.SendAsync(HttpMethod.Post, "/api/v1/incidents/nothing/acknowledge")).AssertProblem(HttpStatusCode.NotFound, "incident-not-found");
        (await _server.Admin.SendAsync(HttpMethod.Post, "/api/v1/incidents/nothing/comments", """{"text":"?"}""")).AssertProblem(HttpStatusCode.NotFound, "incident-not-found");
    }

    [Fact]
    public async Task WhoeverSeesTheHost_SeesIt_AndWhoeverMayChangeTheHost_MayTakeItUp()
    {
        var (owner, reader, helper, other) = (await _server.SignInAsync(), await _server.SignInAsync(), await _server.SignInAsync(), await _server.SignInAsync());
        var host = await _server.EnrolAsync("shared", owner);
        await _server.ShareAsync(host, reader.Id, HostAccess.Read);
        await _server.ShareAsync(host, helper.Id, HostAccess.Full);
        var fired = await _server.FireAsync(owner.Id, host, 1);

        Assert.False((await GetAsync(reader, fired.Id)).GetProperty("mayChange").GetBoolean());
        (await reader.SendAsync(HttpMethod.Post, $"/api/v1/incidents/{fired.Id}/acknowledge")).AssertProblem(HttpStatusCode.Forbidden, "not-allowed");
        Assert.Equal("acknowledged", (await PostAsync(helper, fired.Id, "acknowledge")).GetProperty("state").GetString());
        (await other.GetAsync($"/api/v1/incidents/{fired.Id}")).AssertProblem(HttpStatusCode.NotFound, "incident-not-found");
        (await other.SendAsync(HttpMethod.Post, $"/api/v1/incidents/{fired.Id}/comments", """{"text":"?"}""")).AssertProblem(HttpStatusCode.NotFound, "incident-not-found");
        (await _server.Anonymous.SendAsync(HttpMethod.Get, $"/api/v1/incidents/{fired.Id}")).AssertProblem(HttpStatusCode.Unauthorized, "not-signed-in");
    }

    /// <summary>Random people get and lose hosts, and rules of theirs find something; a rule of two lines says who sees and who may change what.</summary>
    [Fact]
    public async Task WhateverPeopleShare_NobodySeesOrChangesAnothersIncident()
    {
        const int Seed = 20261122, Steps = 40;
        var random = new Random(Seed);
        var people = new[] { await _server.SignInAsync(), await _server.SignInAsync(), await _server.SignInAsync() };
        var hosts = new List<(EnrolledHost Host, SignedIn Owner, Dictionary<SignedIn, HostAccess> Shares)>();
        foreach (var person in people) hosts.Add((await _server.EnrolAsync("mine", person), person, []));
        var incidents = new List<(AlertTransition Fired, int Host)>();
        for (var step = 0; step < Steps; step++)
        {
            var (person, place) = (people[random.Next(people.Length)], random.Next(hosts.Count));
            var (host, owner, shares) = hosts[place];
            if (random.Next(2) == 0) incidents.Add((await _server.FireAsync(person.Id, host, step, random.Next(5)), place));
            else if (person != owner)
            {
                var access = (HostAccess)random.Next(3);
                await _server.ShareAsync(host, person.Id, access);
                shares[person] = access;
            }

            foreach (var viewer in people)
            {
                var expected = incidents.ToDictionary(incident => incident.Fired.Id, incident => (Sees: viewer.Id == incident.Fired.AccountId || AccessOf(viewer, incident.Host) >= HostAccess.Read, May: viewer.Id == incident.Fired.AccountId || AccessOf(viewer, incident.Host) >= HostAccess.Full));
                var page = await ListAsync(viewer, "limit=500");
                Assert.Equal(
                    expected.Where(incident => incident.Value.Sees).Select(incident => (incident.Key, incident.Value.May)).Order(),
                    page.GetProperty("incidents").EnumerateArray().Select(row => (row.GetProperty("id").GetString()!, row.GetProperty("mayChange").GetBoolean())).Order());
                Assert.Equal(expected.Count(incident => incident.Value.Sees), page.GetProperty("counts").GetProperty("open").GetInt32());
                if (incidents.Count == 0) continue;
                var any = incidents[random.Next(incidents.Count)].Fired.Id;
                Assert.Equal(expected[any].Sees ? HttpStatusCode.OK : HttpStatusCode.NotFound, (await viewer.GetAsync($"/api/v1/incidents/{any}")).Status);
                Assert.Equal(
                    expected[any].May ? HttpStatusCode.OK : expected[any].Sees ? HttpStatusCode.Forbidden : HttpStatusCode.NotFound,
                    (await viewer.SendAsync(HttpMethod.Post, $"/api/v1/incidents/{any}/comments", """{"text":"hello"}""")).Status);
            }
        }

        HostAccess AccessOf(SignedIn viewer, int host) => hosts[host].Owner == viewer ? HostAccess.Owner : hosts[host].Shares.GetValueOrDefault(viewer);
    }

    private static async Task<JsonElement> ListAsync(SignedIn user, string query = "")
    {
        var answer = await user.GetAsync($"/api/v1/incidents?{query}");
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        return answer.Json;
    }

    private static async Task<JsonElement> GetAsync(SignedIn user, string id)
    {
        var answer = await user.GetAsync($"/api/v1/incidents/{id}");
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        return answer.Json;
    }

    private static async Task<JsonElement> PostAsync(SignedIn user, string id, string what, string? body = null)
    {
        var answer = await user.SendAsync(HttpMethod.Post, $"/api/v1/incidents/{id}/{what}", body);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        return answer.Json;
    }

    private static string Row(JsonElement page) => Assert.Single(page.GetProperty("incidents").EnumerateArray()).GetRawText();

    private static List<string> Ids(JsonElement page) => [.. page.GetProperty("incidents").EnumerateArray().Select(incident => incident.GetProperty("id").GetString()!)];
}
