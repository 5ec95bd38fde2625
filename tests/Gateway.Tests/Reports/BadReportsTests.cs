using System.Globalization;
using System.Net;
using System.Text;
using StatusMonitor.Gateway.Tests.Support;

namespace StatusMonitor.Gateway.Tests.Reports;

/// <summary>Bad input gets a clear error and changes nothing.</summary>
public sealed class BadReportsTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Good = """{"seq":1,"bootId":"b","at":"{now}","interval":5,"samples":{"cpu.percent":1}}""";
    private readonly RunningServer _server = shared.Server;

    [Theory]
    [InlineData("samples['cpu.percent']", "cpu.percent\":1", "cpu.percent\":\"NaN\"")]
    [InlineData("samples['cpu.percent']", "cpu.percent\":1", "cpu.percent\":1e999")]
    [InlineData("samples['cpu.percent']", "cpu.percent\":1", "cpu.percent\":-1e999")]
    [InlineData("samples['cpu.percent']", "cpu.percent\":1", "cpu.percent\":\"1\"")]
    [InlineData("samples['cpu.percent']", "cpu.percent\":1", "cpu.percent\":null")]
    [InlineData("samples['cpu.percent']", "cpu.percent\":1", "cpu.percent\":true")]
    [InlineData("samples['cpu.percent']", "cpu.percent\":1", "cpu.percent\":[1]")]
    [InlineData("samples['cpu.percent']", "cpu.percent\":1", "cpu.percent\":{\"a\":{\"b\":[1,2,{}]}}")]
    [InlineData("samples['cpu.percent']", "cpu.percent\":1", "cpu.percent\":1,\"cpu.percent\":1")]
    [InlineData("samples['x{b=2,a=1}']", "cpu.percent\":1", "x{a=1,b=2}\":1,\"x{b=2,a=1}\":1")]
    [InlineData("samples['x{a=?}']", "cpu.percent", "x{a=\\u0007}")]
    [InlineData("samples['x{a=?}']", "cpu.percent", "x{a=\\u0085}")]
    [InlineData("samples['x{?=1}']", "cpu.percent", "x{\\u0000=1}")]
    [InlineData("samples['?']", "cpu.percent", "\\n")]
    [InlineData("samples['']", "cpu.percent", "")]
    [InlineData("samples['9lives']", "cpu.percent", "9lives")]
    [InlineData("samples['x{a=1']", "cpu.percent", "x{a=1")]
    [InlineData("samples['x{a=1}}']", "cpu.percent", "x{a=1}}")]
    [InlineData("samples['x{a=1,a=2}']", "cpu.percent", "x{a=1,a=2}")]
    [InlineData("samples['x y']", "cpu.percent", "x y")]
    [InlineData("samples", "\"samples\":{\"cpu.percent\":1}", "\"samples\":[1]")]
    [InlineData("samples", "\"samples\":{\"cpu.percent\":1}", "\"samples\":null")]
    [InlineData("samples", ",\"samples\":{\"cpu.percent\":1}", "")]
    [InlineData("seq", "\"seq\":1,", "")]
    [InlineData("seq", "\"seq\":1", "\"seq\":-1")]
    [InlineData("seq", "\"seq\":1", "\"seq\":1.5")]
    [InlineData("seq", "\"seq\":1", "\"seq\":99999999999999999999")]
    [InlineData("seq", "\"seq\":1", "\"seq\":\"1\"")]
    [InlineData("seq", "\"seq\":1", "\"seq\":{\"a\":[]}")]
    [InlineData("bootId", "\"bootId\":\"b\",", "")]
    [InlineData("bootId", "\"bootId\":\"b\"", "\"bootId\":\"\"")]
    [InlineData("bootId", "\"bootId\":\"b\"", "\"bootId\":7")]
    [InlineData("bootId", "\"bootId\":\"b\"", "\"bootId\":\"b\\u0007\"")]
    [InlineData("bootId", "\"bootId\":\"b\"", "\"bootId\":\"12345678901234567890123456789012345678901234567890123456789012345\"")]
    [InlineData("at", "\"at\":\"{now}\",", "")]
    [InlineData("at", "{now}", "{ahead}")]
    [InlineData("at", "{now}", "2026-01-31T12:00:00")]
    [InlineData("at", "{now}", "2026-01-31")]
    [InlineData("at", "{now}", "yesterday")]
    [InlineData("at", "{now}", "")]
    [InlineData("at", "{now}", "1970-01-01T00:00:00Z")]
    [InlineData("at", "{now}", "0001-01-01T00:00:00+14:00")]
    [InlineData("at", "{now}", "9999-12-31T23:59:59-14:00")]
    [InlineData("at", "{now}", "2026-02-30T12:00:00Z")]
    [InlineData("at", "\"{now}\"", "1795320452")]
    [InlineData("at", "\"{now}\"", "null")]
    [InlineData("interval", "\"interval\":5,", "")]
    [InlineData("interval", "\"interval\":5", "\"interval\":0.5")]
    [InlineData("interval", "\"interval\":5", "\"interval\":301")]
    [InlineData("interval", "\"interval\":5", "\"interval\":1e999")]
    [InlineData("interval", "\"interval\":5", "\"interval\":-5")]
    [InlineData("interval", "\"interval\":5", "\"interval\":\"5\"")]
    [InlineData("interval", "\"interval\":5", "\"interval\":null")]
    public Task BadField_Is400NamingIt(string field, string good, string bad)
    {
        Assert.Contains(good, Good, StringComparison.Ordinal);
        // Between good reports: not even those are stored.
        var reports = string.Join(",", Good.Replace("\"{now}\"", "\"{before}\"", StringComparison.Ordinal), Good.Replace(good, bad, StringComparison.Ordinal), Good);
        return AssertRefusedAsync($$"""{"reports":[{{reports}}]}""", $"reports[1].{field}");
    }

    [Theory]
    [InlineData("reports", "{}")]
    [InlineData("reports", """{"reports":[]}""")]
    [InlineData("reports", """{"reports":null}""")]
    [InlineData("reports", """{"reports":{"a":[{}]}}""")]
    [InlineData("reports", """{"reports":"text"}""")]
    [InlineData("reports[0]", """{"reports":[null]}""")]
    [InlineData("reports[1]", """{"reports":[{good},[[{}]]]}""")]
    [InlineData("reports[0].seq", """{"reports":[{}]}""")]
    [InlineData("agent", """{"agent":"x","reports":[{good}]}""")]
    [InlineData("agent", """{"agent":[{"version":[]}],"reports":[{good}]}""")]
    [InlineData("agent.version", """{"agent":{"version":7},"reports":[{good}]}""")]
    [InlineData("agent.hostname", """{"agent":{"hostname":"a\u0007b"},"reports":[{good}]}""")]
    [InlineData("agent.kernel", """{"agent":{"kernel":{"a":{}}},"reports":[{good}]}""")]
    public Task BadEnvelope_Is400NamingTheField(string field, string body) => AssertRefusedAsync(body, field);

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("[{good}]")]
    [InlineData("17")]
    [InlineData("\"text\"")]
    [InlineData("""{"reports":[{good}]""")]
    [InlineData("""{"reports":[{good}]} x""")]
    [InlineData("""{"reports":[{good}]}{}""")]
    [InlineData("""{"reports":[{good},]}""")]
    [InlineData("""{"reports":[{good}],}""")]
    [InlineData("""{"reports":[{good} {good}]}""")]
    [InlineData("""{'reports':[{good}]}""")]
    [InlineData("""{"reports":[{good}], /* why */ "x":1}""")]
    [InlineData("""{"reports":[{good}],"x":NaN}""")]
    [InlineData("""{"reports":[{good}],"x":"\u12"}""")]
    [InlineData("""{"reports":[{"seq":1,"bootId":"\ud800","at":"2026-01-01T00:00:00Z","interval":5,"samples":{}}]}""")]
    [InlineData("""{"reports":[{"seq":1,"bootId":"b","at":"2026-01-01T00:00:00Z","interval":5,"samples":{"x{a=\udc00}":1}}]}""")]
    public Task BrokenJson_Is400Problem(string body) => AssertRefusedAsync(body, null);

    [Fact]
    public Task EveryTruncation_Is400Problem()
    {
        var whole = Filled("""{"agent":{"version":"ü"},"reports":[{good}]}""");
        return Task.WhenAll(Enumerable.Range(0, whole.Length).Chunk(whole.Length / 4 + 1).Select(async lengths =>
        {
            var host = await _server.EnrolAsync();
            foreach (var length in lengths) (await host.PostAsync(EnrolledHost.Json(whole[..length]))).AssertProblem(HttpStatusCode.BadRequest, "invalid-request");
            await AssertNothingStoredAsync(host);
        }));
    }

    [Fact]
    public async Task DeepNesting_Is400Problem()
    {
        var host = await _server.EnrolAsync();
        foreach (var depth in new[] { 65, 1000, 200_000 })
        {
            foreach (var (open, close) in new[] { ("[", "]"), ("{\"a\":", "}") })
            {
                var nested = string.Concat(Enumerable.Repeat(open, depth)) + "1" + string.Concat(Enumerable.Repeat(close, depth));
                if (nested.Length > 1_000_000) continue;
                foreach (var place in new[] { """{"x":{n}}""", """{"reports":{n}}""", """{"reports":[{"samples":{"a":{n}}}]}""", """{"agent":{"version":{n}}}""", "{n}" })
                {
                    (await host.PostAsync(place.Replace("{n}", nested, StringComparison.Ordinal))).AssertProblem(HttpStatusCode.BadRequest, "invalid-request");
                }
            }
        }

        await AssertNothingStoredAsync(host);
    }

    [Theory]
    [InlineData(new byte[] { 0xFF })]
    [InlineData(new byte[] { 0xC3, 0x28 })]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })]
    [InlineData(new byte[] { 0xF4, 0x90, 0x80, 0x80 })]
    [InlineData(new byte[] { 0x00 })]
    public async Task BrokenUtf8InAnyText_Is400Problem(byte[] broken)
    {
        foreach (var place in new[] { """{"agent":{"os":"#"},"reports":[{good}]}""", """{"reports":[{good}],"x#":1}""", Envelope("bootId\":\"b", "bootId\":\"#"), Envelope("cpu.percent", "x{a=#}"), Envelope("{now}", "#"), "#{\"reports\":[{good}]}" })
        {
            var host = await _server.EnrolAsync();
            var whole = Filled(place);
            var at = Array.IndexOf(whole, (byte)'#');
            var answer = await host.PostAsync(EnrolledHost.Json([.. whole[..at], .. broken, .. whole[(at + 1)..]]));

            // A member that is passed over is never read as text, so it may hold anything between its quotes.
            if (place.Contains("x#", StringComparison.Ordinal) && answer.Status == HttpStatusCode.OK) continue;
            answer.AssertProblem(HttpStatusCode.BadRequest, "invalid-request");
            await AssertNothingStoredAsync(host);
        }
    }

    [Fact]
    public async Task ManyBadFields_AreNamedUpToABound()
    {
        var host = await _server.EnrolAsync();
        var answer = await host.PostAsync(ReportJson.Batch(Enumerable.Range(0, 100).Select(i => """{"seq":"x","interval":0}""")));
        answer.AssertProblem(HttpStatusCode.BadRequest, "invalid-request");
        var errors = answer.Json.GetProperty("errors").EnumerateObject().Select(error => error.Name).ToArray();
        Assert.Equal(["reports[0].seq", "reports[0].interval", "reports[1].seq"], errors[..3]);
        Assert.InRange(errors.Length, 3, 50);
    }

    [Fact]
    public async Task HugeBadText_IsNotEchoedWhole()
    {
        var host = await _server.EnrolAsync();
        var answer = await host.PostAsync(ReportJson.Batch(ReportJson.Report(1, ReportJson.Now(), $$"""{"x{{new string('{', 500_000)}}":1}""")));
        answer.AssertProblem(HttpStatusCode.BadRequest, "invalid-request");
        Assert.InRange(answer.Text.Length, 1, 2000);
    }

    [Fact]
    public async Task ClockAheadByLessThanADay_IsTakenAndShown()
    {
        var host = await _server.EnrolAsync();
        var at = ReportJson.Now() + (long)TimeSpan.FromHours(23.9).TotalMilliseconds;
        Assert.Equal((1, 0), await host.ReportAsync(ReportJson.Report(1, at)));
        Assert.InRange((await host.GetAsync()).GetProperty("clockOffsetSeconds").GetDouble(), 80_000, 90_000);
    }

    private static string Envelope(string good, string bad) => $$"""{"reports":[{{Good.Replace(good, bad, StringComparison.Ordinal)}}]}""";

    private static byte[] Filled(string body)
    {
        var now = TimeProvider.System.GetUtcNow();
        return Encoding.UTF8.GetBytes(body
            .Replace("{good}", Good, StringComparison.Ordinal)
            .Replace("{now}", now.ToString("O", CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{before}", now.AddSeconds(-5).ToString("O", CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{ahead}", now.AddHours(25).ToString("O", CultureInfo.InvariantCulture), StringComparison.Ordinal));
    }

    private static async Task AssertNothingStoredAsync(EnrolledHost host)
    {
        var view = await host.GetAsync();
        Assert.Equal("pending", view.GetProperty("status").GetString());
        Assert.Empty(view.GetProperty("times").EnumerateArray());
        Assert.Empty(view.GetProperty("series").EnumerateArray());
    }

    private async Task AssertRefusedAsync(string body, string? field)
    {
        var host = await _server.EnrolAsync();
        var answer = await host.PostAsync(EnrolledHost.Json(Filled(body)));
        answer.AssertProblem(HttpStatusCode.BadRequest, "invalid-request");
        if (field is not null)
        {
            var errors = answer.Json.GetProperty("errors").EnumerateObject().ToDictionary(error => error.Name, error => error.Value[0].GetString());
            Assert.Contains(field, errors.Keys);
            Assert.NotEmpty(errors[field]!);
        }

        await AssertNothingStoredAsync(host);
    }
}
