using System.Net;
using System.Text.Json;
using StatusMonitor.Gateway.Tests.Support;

namespace StatusMonitor.Gateway.Tests.History;

/// <summary>History of hosts beside each other, and of all together.</summary>
public sealed class SeveralHostsTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const long Minute = 60_000;
    private const long Hour = 60 * Minute;
    private readonly RunningServer _server = shared.Server;
    private readonly long _begin = (ReportJson.Now() - (20 * Hour)) / Hour * Hour;

    [Fact]
    public async Task ComparedHosts_HaveTheSameSteps()
    {
        var first = await _server.EnrolAsync("first, \"quoted\"");
        var second = await _server.EnrolAsync("second");
        await first.ReportAsync(PastSamples.Every(5000, _begin, _begin + Minute), _ => [("cpu.percent", 10)]);
        await second.ReportAsync(PastSamples.Every(10_000, _begin + 3333, _begin + Minute), _ => [("cpu.percent", 20), ("load.1m", 1)], interval: 10);
        var url = $"/api/v1/history?host={second.Id}&host={first.Id}&series=cpu.percent&series=load.1m&from={_begin}&to={_begin + Minute}&points=12";
        var answer = (await _server.Admin.GetAsync(url)).Json;
        Assert.Equal(["from", "to", "tier", "step", "hosts"], answer.EnumerateObject().Select(member => member.Name));
        Assert.Equal(5000, answer.GetProperty("step").GetInt64());
        var hosts = answer.GetProperty("hosts").EnumerateArray().ToArray();
        Assert.Equal([(second.Id, "second"), (first.Id, "first, \"quoted\"")], hosts.Select(host => (host.GetProperty("id").GetInt64(), host.GetProperty("name").GetString())));
        Assert.Equal([2, 1], hosts.Select(host => host.GetProperty("series").GetArrayLength()));
        Assert.Equal([10_000, 5000], hosts.Select(host => host.GetProperty("interval").GetInt64()));
        Assert.Equal(PastSamples.Every(5000, _begin, _begin + Minute), hosts[1].GetProperty("times").EnumerateArray().Select(time => time.GetInt64()));
        Assert.All(hosts[0].GetProperty("times").EnumerateArray(), time => Assert.Equal(0, time.GetInt64() % 5000));
        Assert.Equal(6, hosts[0].GetProperty("series")[0].GetProperty("max").GetArrayLength());

        var csv = await _server.Admin.GetAsync($"{url}&format=csv");
        var lines = csv.Text.Split("\r\n");
        Assert.Equal(1 + 12 + 12 + 1, lines.Length);
        Assert.Equal($"{Iso(_begin)},\"first, \"\"quoted\"\"\",cpu.percent,10,10,10", lines[13]);
    }

    [Fact]
    public async Task HostThatOneDoesNotSee_IsNoneAmongOthersToo()
    {
        var user = await _server.SignInAsync();
        var (own, other) = (await _server.EnrolAsync("own", user), await _server.EnrolAsync("another's"));
        (await user.GetAsync($"/api/v1/history?host={own.Id}&host={other.Id}&series=cpu.percent")).AssertProblem(HttpStatusCode.NotFound, "host-not-found");
        (await user.GetAsync($"/api/v1/history?host={own.Id}&host=999999&series=cpu.percent&format=csv")).AssertProblem(HttpStatusCode.NotFound, "host-not-found");
    }

    [Theory]
    [InlineData("")]
    [InlineData("host=1")]
    [InlineData("host=1&host=1")]
    [InlineData("host=1&host=x")]
    [InlineData("host=1&host=2&host=3&host=4&host=5&host=6&host=7&host=8&host=9")]
    public async Task WrongHosts_AreRefused(string hosts)
    {
        var answer = await _server.Admin.GetAsync($"/api/v1/history?series=cpu.percent&{hosts}");
        answer.AssertProblem(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Contains("2 to 8", answer.Json.GetProperty("errors").GetProperty("host")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fleet_IsTheMeanOfWhatOneSees()
    {
        var user = await _server.SignInAsync();
        var hosts = new List<EnrolledHost>();
        for (var i = 0; i < 6; i++) hosts.Add(await _server.EnrolAsync($"host {i}", user));
        var foreign = await _server.EnrolAsync("another's");
        await foreign.ReportAsync(PastSamples.Every(5000, _begin, _begin + Hour), _ => [("cpu.percent", 99)]);

        // Host i has i, and twice as much now and then; the fourth has more samples, which gives it no more weight; the fifth was away; the last has another series.
        for (var i = 0; i < 4; i++)
        {
            var value = i;
            await hosts[i].ReportAsync(PastSamples.Every(i == 3 ? 1000 : 5000, _begin, _begin + (10 * Minute)), at => [("cpu.percent", at % Minute == 0 ? 2 * value : value)], i == 3 ? 1 : 5);
        }

        await hosts[4].ReportAsync(PastSamples.Every(5000, _begin + (5 * Minute), _begin + (7 * Minute)), _ => [("cpu.percent", 10)]);
        await hosts[5].ReportAsync([_begin], _ => [("load.1m", 3)]);
        var answer = (await user.GetAsync($"/api/v1/fleet/history?series=cpu.percent&from={_begin}&to={_begin + Hour}&points=61")).Json;
        Assert.Equal(["from", "to", "tier", "step", "times", "series"], answer.EnumerateObject().Select(member => member.Name));
        Assert.Equal(("minute", Minute), (answer.GetProperty("tier").GetString(), answer.GetProperty("step").GetInt64()));
        Assert.Equal(PastSamples.Every(Minute, _begin, _begin + (10 * Minute)), answer.GetProperty("times").EnumerateArray().Select(time => time.GetInt64()));
        var series = Assert.Single(answer.GetProperty("series").EnumerateArray());
        Assert.Equal([4, 4, 4, 4, 4, 5, 5, 4, 4, 4], Numbers(series, "hosts"));
        var mean = (1 * 13 / 12.0) + (2 * 13 / 12.0) + (3 * 61 / 60.0);
        Assert.Equal(mean / 4, Numbers(series, "mean")[0], 9);
        Assert.Equal((mean + 10) / 5, Numbers(series, "mean")[5], 9);
        Assert.Equal((0, 6, 10), (Numbers(series, "min")[0], Numbers(series, "max")[0], Numbers(series, "max")[5]));

        var csv = await user.GetAsync($"/api/v1/fleet/history?series=cpu.percent&from={_begin}&to={_begin + Hour}&points=61&format=csv");
        Assert.Equal(("text/csv", 12), (csv.MediaType, csv.Text.Split("\r\n").Length));
        Assert.StartsWith($"{Iso(_begin)},fleet,cpu.percent,0,", csv.Text.Split("\r\n")[1], StringComparison.Ordinal);
        (await _server.Anonymous.SendAsync(HttpMethod.Get, "/api/v1/fleet/history?series=cpu.percent")).AssertProblem(HttpStatusCode.Unauthorized, "not-signed-in");
    }

    [Fact]
    public async Task FleetWithoutHosts_HasNothing()
    {
        var user = await _server.SignInAsync();
        var answer = (await user.GetAsync("/api/v1/fleet/history?series=cpu.percent")).Json;
        Assert.Equal(("[]", "[]"), (answer.GetProperty("times").GetRawText(), answer.GetProperty("series").GetRawText()));
    }

    [Theory]
    [InlineData("cpu.percent", 60)]
    [InlineData("net.rx.bytes", 60)]
    [InlineData("net.rx.bytes", 30)]
    public async Task Fleet_IsTheSameWhetherItIsRememberedOrNot(string series, int points)
    {
        var user = await _server.SignInAsync();
        for (var i = 1; i <= 5; i++)
        {
            var host = await _server.EnrolAsync($"host {i}", user);
            // Each is silent for a while, and its counter starts anew.
            var times = PastSamples.Every(5000, _begin - (10 * Minute), _begin + Hour).Where(at => Math.Abs(at - _begin - (i * 11 * Minute)) > i * Minute).ToArray();
            await host.ReportAsync(times, at => [("cpu.percent", at / 5000 * i % 97), ("net.rx.bytes{nic=eth0}", (at - _begin + Hour) * i % (Hour + (20 * Minute)))]);
        }

        // The first begins and ends within stretches; so do those after it, which find what it has left, and others that have to be read.
        await AskAsync(series, 3, 43);
        foreach (var (from, to) in new[] { (3, 43), (14, 60), (0, 60), (25, 37) }) Assert.Equal(Rounded(await AskAsync(series + "{*}", from, to)), Rounded(await AskAsync(series, from, to)));
        Assert.NotEqual(Rounded(await AskAsync(series, 0, 60)), Rounded((await _server.Admin.GetAsync(Url(series, 0, 60))).Json));

        string Url(string selector, int from, int to) => $"/api/v1/fleet/history?series={selector}&from={_begin + (from * Minute)}&to={_begin + (to * Minute)}&points={points}";

        async Task<JsonElement> AskAsync(string selector, int from, int to) => (await user.GetAsync(Url(selector, from, to))).Json;

        static IEnumerable<object> Rounded(JsonElement answer) =>
        [
            .. answer.GetProperty("times").EnumerateArray().Select(time => time.GetInt64()),
            .. new[] { "min", "mean", "max", "hosts" }.SelectMany(member => answer.GetProperty("series")[0].GetProperty(member).EnumerateArray(), (_, value) => value.ValueKind == JsonValueKind.Null ? -1 : Math.Round(value.GetDouble(), 6)),
        ];
    }

    private static string Iso(long at) => ReportJson.Time(at);

    private static double[] Numbers(JsonElement series, string member) => [.. series.GetProperty(member).EnumerateArray().Select(value => value.GetDouble())];
}
