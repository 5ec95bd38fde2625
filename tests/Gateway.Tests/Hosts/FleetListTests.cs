using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using StatusMonitor.Gateway.Tests.Support;

namespace StatusMonitor.Gateway.Tests.Hosts;

/// <summary>The list of hosts: searched, filtered, sorted, in pages.</summary>
public sealed class FleetListTests : IAsyncLifetime
{
    private RunningServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await RunningServer.StartAsync();
        var now = ReportJson.Now();
        (string Name, double Cpu, double Memory, double Disk)[] hosts = [("web-2", 20, 80, 5), ("Web-1", 90, 10, 50), ("db", 50, 50, 95)];
        foreach (var (name, cpu, memory, disk) in hosts)
        {
            var host = await _server.EnrolAsync(name);
            await host.ReportAsync(ReportJson.Report(1, now, ReportJson.Samples([new("cpu.percent", cpu), new("memory.used.percent", memory), new("disk.used.percent{mount=/}", disk), new("disk.used.percent{mount=/x}", 1), new("load.1m", 0.5), new("uptime.seconds", 60)])));
        }

        await _server.EnrolAsync("new");
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("", "db new Web-1 web-2", 4)]
    [InlineData("?sort=name&descending=true", "web-2 Web-1 new db", 4)]
    [InlineData("?search=WEB", "Web-1 web-2", 2)]
    [InlineData("?search=nothing", "", 0)]
    [InlineData("?status=pending", "new", 1)]
    [InlineData("?status=Online", "db Web-1 web-2", 3)]
    [InlineData("?status=offline", "", 0)]
    [InlineData("?sort=cpu", "web-2 db Web-1 new", 4)]
    [InlineData("?sort=cpu&descending=true", "Web-1 db web-2 new", 4)]
    [InlineData("?sort=memory", "Web-1 db web-2 new", 4)]
    [InlineData("?sort=disk&descending=true", "db Web-1 web-2 new", 4)]
    [InlineData("?sort=network", "db new Web-1 web-2", 4)]
    [InlineData("?sort=lastSeen", "web-2 Web-1 db new", 4)]
    [InlineData("?sort=status", "db Web-1 web-2 new", 4)]
    [InlineData("?limit=2", "db new", 4)]
    [InlineData("?offset=3&limit=2", "web-2", 4)]
    [InlineData("?offset=2&limit=1&sort=cpu&search=e", "new", 3)]
    [InlineData("?offset=100", "", 4)]
    [InlineData("?sort=&status=&search=", "db new Web-1 web-2", 4)]
    public async Task Query_GivesItsHostsInItsOrder(string query, string names, int matched)
    {
        var list = await ListAsync(query);
        Assert.Equal(names.Split(' ', StringSplitOptions.RemoveEmptyEntries), list.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("name").GetString()));
        Assert.Equal(matched, list.GetProperty("matched").GetInt32());
        Assert.Equal("""{"total":4,"online":3,"late":0,"offline":0,"pending":1}""", list.GetProperty("counts").GetRawText());
    }

    [Fact]
    public async Task Row_ShowsWhatTheHostReported()
    {
        var row = Assert.Single((await ListAsync("?search=db")).GetProperty("rows").EnumerateArray());
        Assert.Equal("online", row.GetProperty("status").GetString());
        Assert.Equal((50, 50, 95), (row.GetProperty("cpuPercent").GetDouble(), row.GetProperty("memoryPercent").GetDouble(), row.GetProperty("diskPercent").GetDouble()));
        Assert.Equal((0.5, 60), (row.GetProperty("load1").GetDouble(), row.GetProperty("uptimeSeconds").GetDouble()));
        Assert.Equal(JsonValueKind.Null, row.GetProperty("rxBytesPerSecond").ValueKind);
        Assert.Equal(50, row.GetProperty("cpuSpark").EnumerateArray().Where(value => value.ValueKind == JsonValueKind.Number).Single().GetDouble());
    }

    [Fact]
    public async Task GroupsAndTags_AreSearchedFilteredAndOffered()
    {
        var alice = await _server.SignInAsync();
        foreach (var (name, group, tags) in new[] { ("a", "Frankfurt", """["web","production"]"""), ("b", "frankfurt", """["Web"]"""), ("c", "Oslo", "[]"), ("web-d", "", "[]") })
        {
            var answer = await alice.SendAsync(HttpMethod.Post, "/api/v1/hosts", $$"""{"name":"{{name}}","group":"{{group}}","tags":{{tags}}}""");
            Assert.Equal(HttpStatusCode.Created, answer.Status);
        }

        foreach (var (query, names) in new[] { ("group=FRANKFURT", "a b"), ("tag=web", "a b"), ("tag=WEB&group=Frankfurt&search=prod", "a"), ("search=web", "a b web-d"), ("search=production", "a"), ("tag=we", ""), ("group=", "a b c web-d"), ("tag=%20", "") })
        {
            var list = (await alice.GetAsync($"/api/v1/hosts?{query}")).Json;
            Assert.Equal(names, string.Join(' ', list.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("name").GetString())));
            Assert.Equal(4, list.GetProperty("counts").GetProperty("total").GetInt32());
            // What there is to choose from does not depend on what is chosen.
            Assert.Equal("""["Frankfurt","Oslo"]""", list.GetProperty("groups").GetRawText(), ignoreCase: true);
            Assert.Equal("""["production","web"]""", list.GetProperty("tags").GetRawText(), ignoreCase: true);
        }

        // Of hosts that one does not see, not even the words are there.
        var others = (await (await _server.SignInAsync()).GetAsync("/api/v1/hosts")).Json;
        Assert.Equal(("[]", "[]", "[]", 0), (others.GetProperty("groups").GetRawText(), others.GetProperty("tags").GetRawText(), others.GetProperty("rows").GetRawText(), others.GetProperty("counts").GetProperty("total").GetInt32()));
    }

    [Fact]
    public async Task Restart_KeepsTheListAndItsStatuses()
    {
        using var data = new Folder();
        long id;
        var now = ReportJson.Now();
        await using (var first = await RunningServer.StartAsync(data: data))
        {
            var host = await first.EnrolAsync("kept");
            await host.ReportAsync(ReportJson.Report(1, now));
            id = host.Id;
        }

        await using var second = await RunningServer.StartAsync(data: data);
        await Patience.Until(
            async () => (await second.Http.GetFromJsonAsync<JsonElement>("/api/v1/hosts")).GetProperty("counts").GetProperty("online").GetInt32() == 1,
            () => "the host online in the list after the restart");
        var view = await second.Http.GetFromJsonAsync<JsonElement>($"/api/v1/hosts/{id}");
        Assert.Equal(12.5, EnrolledHost.Read(view)[now]["cpu.percent"]);
        Assert.Equal(id + 1, (await second.EnrolAsync("next")).Id);
    }

    private Task<JsonElement> ListAsync(string query) => _server.Http.GetFromJsonAsync<JsonElement>($"/api/v1/hosts{query}");
}
