using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StatusMonitor.Gateway.Tests.Support;
using StatusMonitor.Storage.History;

namespace StatusMonitor.Gateway.Tests.History;

/// <summary>History of one host over REST, from the store as it is.</summary>
public sealed class HistoryApiTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const long Minute = 60_000;
    private const long Hour = 60 * Minute;
    private readonly RunningServer _server = shared.Server;

    // A whole hour, some hours ago: samples are kept and everything around is known to be past.
    private readonly long _begin = (ReportJson.Now() - (20 * Hour)) / Hour * Hour;

    [Fact]
    public async Task Catalogue_HasEverySeriesByName()
    {
        var host = await _server.EnrolAsync();
        Assert.Equal("""{"series":[]}""", (await _server.Admin.GetAsync($"/api/v1/hosts/{host.Id}/series")).Text);

        await host.ReportAsync([_begin, _begin + 5000], at => [("net.rx.bytes{nic=eth0}", 1), ("cpu.percent", 2), .. at == _begin ? [("my.own{b=2,a=\"x,y\"}", 3.0)] : Array.Empty<(string, double)>()]);
        var series = (await GetAsync(host, "series")).GetProperty("series").EnumerateArray().ToArray();
        Assert.Equal(["cpu.percent", "my.own{a=\"x,y\",b=2}", "net.rx.bytes{nic=eth0}"], series.Select(one => one.GetProperty("name").GetString()));
        Assert.Equal(
            $$"""{"name":"net.rx.bytes{nic=eth0}","metric":"net.rx.bytes","labels":{"nic":"eth0"},"unit":"bytes","kind":"counter","meaning":"Bytes received by an interface.","first":"{{Iso(_begin)}}","last":"{{Iso(_begin + 5000)}}"}""",
            series[2].GetRawText());
        Assert.Equal(("my.own", "", "gauge", ""), (Text(series[1], "metric"), Text(series[1], "unit"), Text(series[1], "kind"), Text(series[1], "meaning")));
        Assert.Equal("""{"a":"x,y","b":"2"}""", series[1].GetProperty("labels").GetRawText());
        Assert.Equal(series[1].GetProperty("first").GetRawText(), series[1].GetProperty("last").GetRawText());
    }

    [Fact]
    public async Task FewSamples_AreGivenAsTheyAre()
    {
        var host = await _server.EnrolAsync();
        await host.ReportAsync(PastSamples.Every(5000, _begin + 123, _begin + Minute), at => [("cpu.percent", (at - _begin) / 1000.0)]);
        var answer = await GetAsync(host, $"history?series=cpu.percent&from={_begin + 5000}&to={_begin + 20_123}");
        Assert.Equal(["from", "to", "tier", "step", "interval", "times", "series", "gaps"], answer.EnumerateObject().Select(member => member.Name));
        Assert.Equal(
            $$"""{"from":{{_begin + 5000}},"to":{{_begin + 20_123}},"tier":"raw","step":0,"interval":5000,"times":[{{_begin + 5123}},{{_begin + 10_123}},{{_begin + 15_123}}],"series":[{"name":"cpu.percent","metric":"cpu.percent","labels":{},"unit":"percent","kind":"gauge","view":"value","mean":[5.123,10.123,15.123]}],"gaps":[]}""",
            answer.GetRawText());
    }

    [Fact]
    public async Task ManySamples_BecomePointsWithoutLosingASpike()
    {
        var host = await _server.EnrolAsync();
        var spike = _begin + (17 * Minute) + 5000;
        await host.ReportAsync(PastSamples.Every(5000, _begin, _begin + Hour), at => [("cpu.percent", at == spike ? 99.9 : at % 60_000 / 5000)]);
        var answer = await GetAsync(host, $"history?series=cpu.percent&from={_begin}&to={_begin + Hour}&points=100");
        Assert.Equal(("minute", Minute), (Text(answer, "tier"), answer.GetProperty("step").GetInt64()));
        Assert.Equal(PastSamples.Every(Minute, _begin, _begin + Hour), Times(answer));
        var series = answer.GetProperty("series")[0];
        Assert.Equal(99.9, Numbers(series, "max")[17]);
        Assert.All(Numbers(series, "max").Where((_, i) => i != 17), value => Assert.Equal(11, value));
        Assert.All(Numbers(series, "min"), value => Assert.Equal(0, value));
        Assert.All(Numbers(series, "mean").Where((_, i) => i != 17), value => Assert.Equal(5.5, value));

        answer = await GetAsync(host, $"history?series=cpu.percent&from={_begin}&to={_begin + Hour}&points=300");
        Assert.Equal(("raw", 15_000), (Text(answer, "tier"), answer.GetProperty("step").GetInt64()));
        Assert.Equal(PastSamples.Every(15_000, _begin, _begin + Hour), Times(answer));
        Assert.Equal(99.9, Numbers(answer.GetProperty("series")[0], "max").Max());
    }

    [Fact]
    public async Task Counter_IsARateOrWhatItIs()
    {
        var host = await _server.EnrolAsync();
        // It starts anew after the fourth.
        double[] totals = [1000, 1500, 1500, 3000, 250];
        await host.ReportAsync(PastSamples.Every(5000, _begin, _begin + 25_000), at => [("net.rx.bytes{nic=a}", totals[(at - _begin) / 5000]), ("cpu.percent", 7)]);
        var url = $"history?series=net.rx.bytes&series=cpu.percent&from={_begin}&to={_begin + Minute}";
        foreach (var view in new[] { "", "&view=auto", "&view=rate" })
        {
            var series = (await GetAsync(host, url + view)).GetProperty("series");
            Assert.Equal(("rate", "bytes/s", "counter"), (Text(series[0], "view"), Text(series[0], "unit"), Text(series[0], "kind")));
            Assert.Equal([double.NaN, 100, 0, 300, 50], Numbers(series[0], "mean"));
            Assert.Equal(("value", "percent"), (Text(series[1], "view"), Text(series[1], "unit")));
        }

        // The first of a range grew from the one before it.
        var later = (await GetAsync(host, $"history?series=net.rx.bytes&from={_begin + 1}&to={_begin + 20_000}")).GetProperty("series")[0];
        Assert.Equal([100, 0, 300], Numbers(later, "mean"));
        var values = (await GetAsync(host, url + "&view=value")).GetProperty("series")[0];
        Assert.Equal(("value", "bytes"), (Text(values, "view"), Text(values, "unit")));
        Assert.Equal(totals, Numbers(values, "mean"));

        // In minutes: 2250 in 20 s.
        var minute = (await GetAsync(host, $"history?series=net.rx.bytes&from={_begin}&to={_begin + Hour}&points=61")).GetProperty("series")[0];
        Assert.Equal((0, 112.5, 300), (Numbers(minute, "min")[0], Numbers(minute, "mean")[0], Numbers(minute, "max")[0]));
    }

    [Fact]
    public async Task SilenceOfTheHost_IsAGapInEveryTier()
    {
        var host = await _server.EnrolAsync();
        var (last, next) = (_begin + (20 * Minute) - 5000, _begin + (50 * Minute));
        await host.ReportAsync(PastSamples.Every(5000, _begin, _begin + Hour).Where(at => at <= last || at >= next), _ => [("cpu.percent", 1)]);
        foreach (var (points, step) in new[] { (2000, 0), (300, 15_000), (61, Minute), (13, 5 * Minute) })
        {
            var answer = await GetAsync(host, $"history?series=cpu.percent&from={_begin}&to={_begin + Hour}&points={points}");
            Assert.Equal(step, answer.GetProperty("step").GetInt64());
            Assert.Equal($$"""[{"from":{{last}},"to":{{next}},"reason":"host-offline"}]""", answer.GetProperty("gaps").GetRawText());
            var times = Times(answer);
            var mean = Numbers(answer.GetProperty("series")[0], "mean");
            Assert.Equal(times.Length, mean.Length);
            var empty = Assert.Single(times.Where((_, i) => double.IsNaN(mean[i])));
            Assert.InRange(empty, last, next - 1);
        }

        // It said nothing since, either.
        var open = (await GetAsync(host, $"history?series=cpu.percent&from={_begin + (55 * Minute)}&to={_begin + (2 * Hour)}")).GetProperty("gaps");
        Assert.Equal($$"""[{"from":{{_begin + Hour - 5000}},"to":{{_begin + (2 * Hour)}},"reason":"host-offline"}]""", open.GetRawText());

        // Before the first report nothing is missing.
        Assert.Equal("[]", (await GetAsync(host, $"history?series=cpu.percent&from={_begin - Hour}&to={_begin + Minute}")).GetProperty("gaps").GetRawText());
    }

    [Fact]
    public async Task Compaction_ChangesNoAnswer()
    {
        var host = await _server.EnrolAsync();
        await host.ReportAsync(
            PastSamples.Every(5000, _begin + 77, _begin + (3 * Hour)),
            at => [("cpu.percent", Math.Round(Math.Abs(Math.Sin(at / 1e5) * 100), 1)), ("net.rx.bytes{nic=a}", (at - _begin) * (at % 3 + 1))]);
        string[] urls =
        [
            .. from points in new[] { 2000, 300, 150, 12 }
               from view in new[] { "auto", "value" }
               select $"/api/v1/hosts/{host.Id}/history?series=cpu.percent&series=net.rx.bytes&from={_begin + 12_345}&to={_begin + (3 * Hour) - 54_321}&points={points}&view={view}",
            $"/api/v1/hosts/{host.Id}/history?series=cpu.percent&series=net.rx.bytes&from={_begin}&to={_begin + (3 * Hour)}&format=csv",
            $"/api/v1/hosts/{host.Id}/series",
        ];
        var before = await ReadAsync();
        var result = await _server.Services.GetRequiredService<IHistoryUpkeep>().CompactAsync(TimeProvider.System.GetUtcNow(), CancellationToken.None);
        Assert.True(result.Hours >= 3, $"{result}");
        Assert.Equal(before, await ReadAsync());

        async Task<string[]> ReadAsync()
        {
            var texts = new List<string>();
            foreach (var url in urls) texts.Add((await _server.Admin.GetAsync(url)).Text);
            return [.. texts];
        }
    }

    [Fact]
    public async Task Points_AreNeverMoreThanTwoThousand()
    {
        var host = await _server.EnrolAsync();
        await host.ReportAsync(PastSamples.Every(2000, _begin, _begin + (2 * Hour)), at => [("cpu.percent", at % 97)]);
        foreach (var points in new[] { 1, 2, 7, 299, 2000 })
        {
            Assert.InRange(Times(await GetAsync(host, $"history?series=cpu.percent&from={_begin}&to={_begin + (2 * Hour)}&points={points}")).Length, 1, points);
        }
    }

    [Theory]
    [InlineData("from=-1h", "series", "1 to 32")]
    [InlineData("series=cpu.percent{", "series", "number 1")]
    [InlineData("series=cpu.percent&series=cpu.*", "series", "number 2")]
    [InlineData("series=a&from=yesterday", "from", "-1h30m")]
    [InlineData("series=a&to=2026-13-01", "to", "ISO 8601")]
    [InlineData("series=a&from=now()", "from", "before to")]
    [InlineData("series=a&from=-1h&to=-2h", "from", "before to")]
    [InlineData("series=a&from=5m&to=10m", "from", "before now")]
    [InlineData("series=a&points=0", "points", "1 to 2000")]
    [InlineData("series=a&points=2001", "points", "1 to 2000")]
    [InlineData("series=a&points=many", "points", "1 to 2000")]
    [InlineData("series=a&points=-5", "points", "1 to 2000")]
    [InlineData("series=a&view=derivative", "view", "auto, value or rate")]
    [InlineData("series=a&format=xml", "format", "json or csv")]
    public async Task WrongQuery_IsRefusedWithWhatIsAccepted(string query, string field, string accepted)
    {
        var host = await _server.EnrolAsync();
        foreach (var url in new[] { $"/api/v1/hosts/{host.Id}/history?{query}", $"/api/v1/fleet/history?{query}", $"/api/v1/history?host={host.Id}&host={host.Id}&{query}" })
        {
            var answer = await _server.Admin.GetAsync(url);
            answer.AssertProblem(HttpStatusCode.BadRequest, "invalid-request");
            Assert.Contains(accepted, answer.Json.GetProperty("errors").GetProperty(field)[0].GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task TooManySeries_AreRefused()
    {
        var host = await _server.EnrolAsync();
        await host.ReportAsync([_begin], _ => Enumerable.Range(0, 201).Select(i => ($"cpu.core.percent{{core={i}}}", 1.0)));
        foreach (var url in new[] { $"/api/v1/hosts/{host.Id}/history?", "/api/v1/fleet/history?", $"/api/v1/history?host={host.Id}&host={(await _server.EnrolAsync()).Id}&" })
        {
            var answer = await _server.Admin.GetAsync($"{url}series=cpu.core.percent&from={_begin}");
            answer.AssertProblem(HttpStatusCode.BadRequest, "invalid-request");
            Assert.Contains("at most 200", answer.Json.GetProperty("errors").GetProperty("series")[0].GetString(), StringComparison.Ordinal);
        }

        var some = await GetAsync(host, $"history?series=cpu.core.percent{{core=1*}}&from={_begin}&to={_begin + Minute}");
        Assert.Equal(111, some.GetProperty("series").GetArrayLength());
        await _server.Admin.SendAsync(HttpMethod.Delete, $"/api/v1/hosts/{host.Id}");
    }

    [Fact]
    public async Task SeriesThatTheHostDoesNotHave_IsNoError()
    {
        var host = await _server.EnrolAsync();
        var answer = await GetAsync(host, "history?series=cpu.percent");
        Assert.Equal(("[]", "[]", "[]"), (answer.GetProperty("times").GetRawText(), answer.GetProperty("series").GetRawText(), answer.GetProperty("gaps").GetRawText()));
    }

    [Fact]
    public async Task RangeThatReachesIntoTheFuture_EndsNow()
    {
        var host = await _server.EnrolAsync();
        var now = ReportJson.Now();
        Assert.InRange((await GetAsync(host, "history?series=cpu.percent&from=-1h&to=1d")).GetProperty("to").GetInt64(), now, now + Minute);
    }

    [Theory]
    [InlineData("series")]
    [InlineData("history?series=cpu.percent")]
    [InlineData("history?series=cpu.percent&format=csv")]
    public async Task HostThatOneDoesNotSee_IsNone(string path)
    {
        var host = await _server.EnrolAsync();
        var stranger = await _server.SignInAsync();
        var url = $"/api/v1/hosts/{host.Id}/{path}";
        (await stranger.GetAsync(url)).AssertProblem(HttpStatusCode.NotFound, "host-not-found");
        (await _server.Anonymous.SendAsync(HttpMethod.Get, url)).AssertProblem(HttpStatusCode.Unauthorized, "not-signed-in");
        Assert.Equal(HttpStatusCode.OK, (await _server.Admin.GetAsync(url)).Status);

        await _server.Admin.SendAsync(HttpMethod.Delete, $"/api/v1/hosts/{host.Id}");
        (await _server.Admin.GetAsync(url)).AssertProblem(HttpStatusCode.NotFound, "host-not-found");
    }

    [Fact]
    public async Task Answers_HaveTheMembersOfTheDocument()
    {
        var host = await _server.EnrolAsync("web-1");
        var other = await _server.EnrolAsync("web-2");
        foreach (var one in new[] { host, other }) await one.ReportAsync(PastSamples.Every(5000, _begin, _begin + Hour).Where(at => at < _begin + (10 * Minute) || at > _begin + (40 * Minute)), at => [("cpu.percent", at % 7)]);
        var document = (await _server.Anonymous.SendAsync(HttpMethod.Get, "/openapi/v1.json")).Json;
        var range = $"series=cpu.percent&from={_begin}&to={_begin + Hour}&points=61";
        foreach (var (path, real) in new[]
        {
            ("/api/v1/hosts/{id}/series", $"/api/v1/hosts/{host.Id}/series"), ("/api/v1/hosts/{id}/history", $"/api/v1/hosts/{host.Id}/history?{range}"),
            ("/api/v1/history", $"/api/v1/history?host={host.Id}&host={other.Id}&{range}"), ("/api/v1/fleet/history", $"/api/v1/fleet/history?{range}"),
        })
        {
            var operation = document.GetProperty("paths").GetProperty(path).GetProperty("get");
            Assert.Equal(Shape(operation.GetProperty("responses").GetProperty("200").GetProperty("content").GetProperty("application/json").GetProperty("example")), Shape((await _server.Admin.GetAsync(real)).Json));
            if (!operation.TryGetProperty("parameters", out var parameters)) continue;
            Assert.All(parameters.EnumerateArray(), parameter => Assert.True(parameter.GetProperty("name").GetString() == "id" || parameter.GetProperty("description").GetString()!.Length > 10));
        }
    }

    private static string Shape(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => $"{{{string.Join(',', value.EnumerateObject().Select(member => $"{member.Name}{(member.Name == "labels" ? "" : Shape(member.Value))}"))}}}",
        JsonValueKind.Array => $"[{(value.GetArrayLength() == 0 ? "" : Shape(value[0]))}]",
        _ => "",
    };

    private static string Iso(long at) => DateTimeOffset.FromUnixTimeMilliseconds(at).ToString("yyyy-MM-ddTHH:mm:ss+00:00", CultureInfo.InvariantCulture);

    private static string? Text(JsonElement value, string member) => value.GetProperty(member).GetString();

    private static long[] Times(JsonElement answer) => [.. answer.GetProperty("times").EnumerateArray().Select(time => time.GetInt64())];

    private static double[] Numbers(JsonElement series, string member) =>
        [.. series.GetProperty(member).EnumerateArray().Select(value => value.ValueKind == JsonValueKind.Null ? double.NaN : value.GetDouble())];

    private async Task<JsonElement> GetAsync(EnrolledHost host, string path)
    {
        var answer = await _server.Admin.GetAsync($"/api/v1/hosts/{host.Id}/{path}");
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        return answer.Json;
    }
}
