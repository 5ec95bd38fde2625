using System.Net;
using System.Text;
using StatusMonitor.Gateway.Tests.Support;
using Xunit.Abstractions;

namespace StatusMonitor.Gateway.Tests.Reports;

/// <summary>Bodies that nobody thought of.</summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int Seed = 20261122;
    private const int Bodies = 2_000;

    private static readonly string[] Fragments =
    [
        "null", "true", "[]", "{}", "[[[[", "}}}}", "1e999", "-1e-999", "1E+400", "0.1e", "-", "--1", "00", "NaN", "\"", "\\", "\\u0000", "\\ud800", "\\udc00\\ud800", "\"reports\":", "\"samples\":{", "\"seq\":",
        "\"at\":\"9999-12-31T23:59:59.9999999Z\"", "\"at\":\"2026-01-01T00:00:00+99:99\"", "99999999999999999999999999999999999999", "0." + "9999999999999999999999999999999999999999", ",", ",,", ":", "{\"a\":1,\"a\":2}",
        "\"cpu.percent\":1,", "\"x{a=\\\"\\\\\\\"\\\"}\":1,", "\"x{\":1,", "\"timestamp\":", "\"mountpoint\":\"\\u0007\"", "\"partitions\":[{}]", "\uFEFF", "\0", "/*", "//\n", "\u2028",
    ];

    [Theory]
    [InlineData("/api/v1/reports")]
    [InlineData("/ingest")]
    public async Task MutatedBodies_NeverFailTheServer(string path)
    {
        await using var server = await RunningServer.StartAsync();
        var now = ReportJson.Now();
        byte[][] originals = path == "/ingest"
            ? [Encoding.UTF8.GetBytes(ClassicIngestTests.HeadlessBody), Encoding.UTF8.GetBytes(ClassicIngestTests.GuiBody), Encoding.UTF8.GetBytes(ClassicIngestTests.ReadmeBody)]
            :
            [
                Encoding.UTF8.GetBytes($$"""{"agent":{"version":"1","hostname":"h","os":"o","kernel":"k","architecture":"x64","cpu":"c"},"reports":[{{ReportJson.Report(1, now, """{"cpu.percent":1.5,"cpu.core.percent{core=0}":2,"disk.used.bytes{mount=\"/a,b\"}":3}""")}}]}"""),
                Encoding.UTF8.GetBytes(ReportJson.Batch(ReportJson.Report(2, now + 1), ReportJson.Report(3, now + 2, """{"a":1,"b":2}"""), ReportJson.Report(4, now + 3, "{}"))),
            ];
        output.WriteLine($"seed {Seed}");

        var statuses = new Dictionary<int, int>();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async lane =>
        {
            var random = new Random(Seed + lane);
            var host = await server.EnrolAsync($"lane {lane}");
            for (var i = 0; i < Bodies / 4; i++)
            {
                var body = Mutate(originals[random.Next(originals.Length)], random);
                var content = random.Next(8) == 0 ? EnrolledHost.Gzip(body) : EnrolledHost.Json(body);
                var answer = await host.PostAsync(content, path);
                Assert.True((int)answer.Status < 500, $"{answer.Text} for {Convert.ToBase64String(body)}");
                Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.BadRequest, $"{answer.Status} for {Convert.ToBase64String(body)}");
                lock (statuses) statuses[(int)answer.Status] = statuses.GetValueOrDefault((int)answer.Status) + 1;
            }

            await host.ReportAsync(ReportJson.Report(9, now + 9));
            Assert.Contains(now + 9, (await host.ReadAsync()).Keys);
        }));

        output.WriteLine(string.Join(", ", statuses.Select(status => $"{status.Key}: {status.Value}")));
        Assert.Equal(2, statuses.Count);
        Assert.Empty(server.Errors.All);
    }

    private static byte[] Mutate(byte[] original, Random random)
    {
        var body = original.ToList();
        for (var mutations = random.Next(1, 5); mutations > 0; mutations--)
        {
            if (body.Count == 0) break;
            var at = random.Next(body.Count);
            var length = Math.Min(random.Next(1, 30), body.Count - at);
            switch (random.Next(7))
            {
                case 0: body[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: body[at] = (byte)random.Next(256); break;
                case 2: body.RemoveRange(at, length); break;
                case 3: body.InsertRange(at, body.GetRange(random.Next(body.Count - length + 1), length)); break;
                case 4: body.InsertRange(at, Encoding.UTF8.GetBytes(Fragments[random.Next(Fragments.Length)])); break;
                case 5: body.RemoveRange(at, body.Count - at); break;
                default: ReplaceValue(body, random); break;
            }
        }

        return [.. body];
    }

    /// <summary>Puts something else behind a colon, so that the body is often still JSON.</summary>
    private static void ReplaceValue(List<byte> body, Random random)
    {
        var colons = Enumerable.Range(0, body.Count).Where(i => body[i] == (byte)':').ToArray();
        if (colons.Length == 0) return;
        var begin = colons[random.Next(colons.Length)] + 1;
        var end = body.FindIndex(begin, one => one is (byte)',' or (byte)'}' or (byte)']');
        if (end < 0) end = body.Count;
        body.RemoveRange(begin, end - begin);
        body.InsertRange(begin, Encoding.UTF8.GetBytes(Fragments[random.Next(Fragments.Length)]));
    }
}
