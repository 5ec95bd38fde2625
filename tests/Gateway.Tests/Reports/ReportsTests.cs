using System.Net;
using System.Net.Http.Headers;
using System.Text;
using StatusMonitor.Gateway.Tests.Support;

namespace StatusMonitor.Gateway.Tests.Reports;

/// <summary>What agents send and what becomes of it.</summary>
public sealed class ReportsTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly RunningServer _server = shared.Server;

    [Fact]
    public async Task NewReports_AreAcceptedAndRepeatsAreCounted()
    {
        var host = await _server.EnrolAsync();
        var now = ReportJson.Now();

        var first = await host.PostAsync(ReportJson.Batch(ReportJson.Report(1, now)));
        Assert.Equal((HttpStatusCode.OK, "application/json", """{"accepted":1,"repeated":0}"""), (first.Status, first.MediaType, first.Text));
        Assert.Equal((0, 1), await host.ReportAsync(ReportJson.Report(1, now)));
        Assert.Equal((2, 1), await host.ReportAsync(ReportJson.Report(2, now + 1000), ReportJson.Report(1, now), ReportJson.Report(3, now + 2000)));
        Assert.Equal((1, 1), await host.ReportAsync(ReportJson.Report(4, now + 3000), ReportJson.Report(4, now + 3000)));

        Assert.Equal([now, now + 1000, now + 2000, now + 3000], (await host.ReadAsync()).Keys);
    }

    [Fact]
    public async Task RepeatWithOtherValues_ChangesNothing()
    {
        var host = await _server.EnrolAsync();
        var now = ReportJson.Now();
        await host.ReportAsync(ReportJson.Report(1, now, """{"cpu.percent":1}"""));
        Assert.Equal((0, 1), await host.ReportAsync(ReportJson.Report(1, now, """{"cpu.percent":99,"load.1m":3}""")));
        Assert.Equal(1, (await host.ReadAsync())[now]["cpu.percent"]);
    }

    [Fact]
    public async Task RepeatThatOnlyTheJournalHas_IsRecognised()
    {
        var host = await _server.EnrolAsync();
        var now = ReportJson.Now();
        var old = now - (long)TimeSpan.FromHours(2).TotalMilliseconds;
        Assert.Equal((2, 0), await host.ReportAsync(ReportJson.Report(1, old), ReportJson.Report(2, now)));
        Assert.Equal((0, 1), await host.ReportAsync(ReportJson.Report(1, old)));
        Assert.Equal([now], (await host.ReadAsync()).Keys);
    }

    [Fact]
    public async Task GzippedBody_IsTheSameAsPlain()
    {
        var host = await _server.EnrolAsync();
        var now = ReportJson.Now();
        var body = Encoding.UTF8.GetBytes(ReportJson.Batch(ReportJson.Report(1, now, """{"cpu.percent":17.25}""")));

        Assert.Equal("""{"accepted":1,"repeated":0}""", (await host.PostAsync(EnrolledHost.Gzip(body))).Text);
        Assert.Equal("""{"accepted":0,"repeated":1}""", (await host.PostAsync(EnrolledHost.Json(body))).Text);
        Assert.Equal(17.25, (await host.ReadAsync())[now]["cpu.percent"]);
    }

    [Fact]
    public async Task AgentAndReport_AreWhatTheHostShows()
    {
        var host = await _server.EnrolAsync("web-1");
        var now = ReportJson.Now();
        var body = $$"""
            {
              "agent": {"version":"1.2.3","hostname":"web-1.local","os":"Debian ü","kernel":"6.1","architecture":"x64","cpu":null,"future":{"deep":[1,2]} },
              "unknown": [{"reports": 3}],
              "reports": [ {{ReportJson.Report(1, now, """{"cpu.percent":1,"memory.used.percent":50,"net.rx.bytes{nic=eth0}":100}""", interval: 2.5)}} ]
            }
            """;
        Assert.Equal(HttpStatusCode.OK, (await host.PostAsync(body)).Status);

        var view = await host.GetAsync();
        Assert.Equal("online", view.GetProperty("status").GetString());
        Assert.Equal("boot-1", view.GetProperty("bootId").GetString());
        Assert.Equal(2.5, view.GetProperty("intervalSeconds").GetDouble());
        Assert.Equal("Debian ü", view.GetProperty("agent").GetProperty("os").GetString());
        Assert.InRange(view.GetProperty("clockOffsetSeconds").GetDouble(), -30, 1);
        var rx = Assert.Single(view.GetProperty("series").EnumerateArray(), series => series.GetProperty("name").GetString() == "net.rx.bytes{nic=eth0}");
        Assert.Equal(("bytes", "counter"), (rx.GetProperty("unit").GetString(), rx.GetProperty("kind").GetString()));
    }

    [Fact]
    public async Task AllSpellingsOfASeries_LandOnTheSame()
    {
        var host = await _server.EnrolAsync();
        var now = ReportJson.Now();
        string[] spellings =
        [
            """x.y{a=1,b="2,3"}""",
            """x.y{b="2,3",a=1}""",
            """x.y{b="2,3",a="1"}""",
            """x.y{a="1",b="2,3"}""",
        ];
        for (var i = 0; i < spellings.Length; i++)
        {
            var samples = ReportJson.Samples([new(spellings[i], i), new("z{}", 10 + i)]);
            Assert.Equal((1, 0), await host.ReportAsync(ReportJson.Report(i, now + i, samples)));
        }

        Assert.Equal(
            ["""x.y{a=1,b="2,3"}""", "z"],
            (await host.GetAsync()).GetProperty("series").EnumerateArray().Select(series => series.GetProperty("name").GetString()));
        Assert.Equal([(0, 10), (1, 11), (2, 12), (3, 13)], (await host.ReadAsync()).Values.Select(row => (row["""x.y{a=1,b="2,3"}"""], row["z"])));
    }

    [Fact]
    public async Task ChangingSeriesSets_KeepEachValueWithItsSeries()
    {
        var host = await _server.EnrolAsync();
        var random = new Random(20261122);
        var now = ReportJson.Now();
        string[] names = ["a", "b", "c{i=1}", "c{i=2}", "d.e", "f", "g{x=\"1\"}", "h"];
        var sent = new SortedDictionary<long, Dictionary<string, double>>();
        for (var batch = 0; batch < 20; batch++)
        {
            var reports = new List<string>();
            for (var i = 0; i < 5; i++)
            {
                var at = now + sent.Count * 10;
                // Prefixes, gaps, other orders, and often the same again.
                var chosen = names.Take(random.Next(names.Length + 1)).Where(_ => random.Next(4) > 0).ToArray();
                if (random.Next(3) == 0) random.Shuffle(chosen);
                var values = chosen.ToDictionary(name => name, name => at * 10.0 + Array.IndexOf(names, name));
                sent.Add(at, values.ToDictionary(pair => pair.Key.Replace("\"", "", StringComparison.Ordinal), pair => pair.Value));
                reports.Add(ReportJson.Report(sent.Count, at, ReportJson.Samples(values)));
            }

            Assert.Equal((5, 0), await host.ReportAsync([.. reports]));
        }

        AssertSame(sent, await host.ReadAsync());
    }

    [Fact]
    public async Task ConcurrentRequestsOfOneToken_DoNotMixTheirValues()
    {
        var host = await _server.EnrolAsync();
        var now = ReportJson.Now();
        var sent = new SortedDictionary<long, Dictionary<string, double>>();
        var bodies = new List<string>[4];
        for (var sender = 0; sender < bodies.Length; sender++)
        {
            // Every sender has its own series and order, beside those that all have.
            var mine = Enumerable.Range(0, 5 + sender * 3).Select(i => i % 3 == 0 ? $"all{{i={i}}}" : $"own.s{sender}{{i={i}}}").ToList();
            if (sender % 2 == 1) mine.Reverse();
            bodies[sender] = [];
            for (var i = 0; i < 40; i++)
            {
                var at = now + i * 100 + sender;
                var values = mine.ToDictionary(name => name, name => at * 100.0 + mine.IndexOf(name));
                sent.Add(at, values);
                bodies[sender].Add(ReportJson.Report(i, at, ReportJson.Samples(values)));
            }
        }

        await Task.WhenAll(bodies.Select(async mine =>
        {
            foreach (var body in mine) Assert.Equal((1, 0), await host.ReportAsync(body));
        }));
        AssertSame(sent, await host.ReadAsync());
    }

    [Fact]
    public async Task OddNumbers_AreStoredExactly()
    {
        var host = await _server.EnrolAsync();
        var now = ReportJson.Now();
        double[] numbers = [0, -0.0, 1e-300, 1.7976931348623157e308, 5e-324, -123456.789, 0.1 + 0.2, 9007199254740993, 1e15 + 0.3];
        var values = numbers.Select((number, i) => (Name: $"n{{i={i}}}", Value: number)).ToDictionary(pair => pair.Name, pair => pair.Value);
        await host.ReportAsync(ReportJson.Report(1, now, ReportJson.Samples(values)));

        var read = (await host.ReadAsync())[now];
        Assert.Equal(values.OrderBy(pair => pair.Key), read.OrderBy(pair => pair.Key));
    }

    [Fact]
    public async Task EscapedMemberNames_MeanTheSame()
    {
        var host = await _server.EnrolAsync();
        var now = ReportJson.Now();
        var body = ReportJson.Batch(ReportJson.Report(1, now, """{"cpu\u002epercent":3}""")).Replace("reports", "\\u0072eports", StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await host.PostAsync(body)).Status);
        Assert.Equal(3, (await host.ReadAsync())[now]["cpu.percent"]);
    }

    [Fact]
    public async Task TimeWithOffset_IsThatMoment()
    {
        var host = await _server.EnrolAsync();
        var at = DateTimeOffset.FromUnixTimeMilliseconds(ReportJson.Now());
        var local = at.ToOffset(TimeSpan.FromHours(5.5)).ToString("yyyy-MM-ddTHH:mm:ss.fffzzz", System.Globalization.CultureInfo.InvariantCulture);
        var report = ReportJson.Report(1, 0).Replace(ReportJson.Time(0), local, StringComparison.Ordinal);
        Assert.Equal((1, 0), await host.ReportAsync(report));
        Assert.Equal([at.ToUnixTimeMilliseconds()], (await host.ReadAsync()).Keys);
    }

    [Fact]
    public async Task TokensOfTwoHosts_KeepTheirReportsApart()
    {
        var (one, two) = (await _server.EnrolAsync("one"), await _server.EnrolAsync("two"));
        var now = ReportJson.Now();
        await one.ReportAsync(ReportJson.Report(1, now, """{"cpu.percent":1}"""));
        await two.ReportAsync(ReportJson.Report(1, now, """{"cpu.percent":2}"""));
        Assert.Equal(1, (await one.ReadAsync())[now]["cpu.percent"]);
        Assert.Equal(2, (await two.ReadAsync())[now]["cpu.percent"]);
    }

    [Fact]
    public async Task UnknownContentEncoding_Is400Problem()
    {
        var host = await _server.EnrolAsync();
        var content = EnrolledHost.Json("{}"u8.ToArray());
        content.Headers.ContentEncoding.Add("br");
        (await host.PostAsync(content)).AssertProblem(HttpStatusCode.BadRequest, "invalid-request");
    }

    [Fact]
    public async Task BodyWithoutContentType_IsRead()
    {
        var host = await _server.EnrolAsync();
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(ReportJson.Batch(ReportJson.Report(1, ReportJson.Now()))));
        Assert.Equal(HttpStatusCode.OK, (await host.PostAsync(content)).Status);
    }

    private static void AssertSame(SortedDictionary<long, Dictionary<string, double>> sent, SortedDictionary<long, Dictionary<string, double>> read)
    {
        Assert.Equal(sent.Keys, read.Keys);
        foreach (var (at, values) in sent) Assert.Equal(values.OrderBy(pair => pair.Key, StringComparer.Ordinal), read[at].OrderBy(pair => pair.Key, StringComparer.Ordinal));
    }
}
