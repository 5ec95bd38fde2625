using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using StatusMonitor.Gateway.Classic;
using StatusMonitor.Gateway.History;
using StatusMonitor.Gateway.Tests.Support;
using StatusMonitor.Storage.History;

namespace StatusMonitor.Gateway.Tests.Classic;

/// <summary><c>/history</c> of the older StatusMonitor: shapes and windows.</summary>
public sealed class ClassicHistoryTests : IAsyncLifetime
{
    private const long Minute = 60_000;

    // Half a minute into a minute, so that the last window is cut.
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 30, TimeSpan.Zero);
    private readonly ShiftedTime _time = new(Now);
    private RunningServer _server = null!;
    private SignedIn _alice = null!;
    private EnrolledHost _host = null!;

    public async Task InitializeAsync()
    {
        _server = await RunningServer.StartAsync(services: services => services.AddSingleton<TimeProvider>(_time), signsIn: true);
        _alice = await _server.SignInAsync();
        _host = await _server.EnrolAsync("agent", _alice);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Cpu_IsTheMeanOfEachWindowAtItsEnd()
    {
        await IngestAsync(At("11:58:00"), cpu: 10);
        await IngestAsync(At("11:58:30"), cpu: 20.5);
        await IngestAsync(At("11:59:59.999"), cpu: 30);
        await IngestAsync(At("12:00:00"), cpu: 40);
        var answer = await GetAsync("cpu?stop=2026-01-01T12:00:20Z");
        Assert.Equal(
            $$"""{"metric":"cpu","agent_id":{{_host.Id}},"data":[{"time":"2026-01-01T11:59:00+00:00","value":15.25},{"time":"2026-01-01T12:00:00+00:00","value":30},{"time":"2026-01-01T12:00:20+00:00","value":40}]}""", answer);

        // Where the older dashboard asks, behind its proxy; and what the windows are by themselves.
        Assert.Equal(answer, (await _alice.GetAsync($"/api/history/{_host.Id}/cpu?stop=2026-01-01T12:00:20Z&start=-1h&interval=1m")).Text);
        Assert.Contains("""[{"time":"2026-01-01T12:00:00+00:00","value":20.166666666666668},""", await GetAsync("cpu?interval=1h"), StringComparison.Ordinal);
        Assert.Contains(""","value":10},{"time":"2026-01-01T11:58:40+00:00","value":20.5},""", await GetAsync("cpu?interval=10s"), StringComparison.Ordinal);
        Assert.EndsWith("\"data\":[]}", await GetAsync("cpu?start=-5m&stop=-4m"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Memory_IsWhatIsUsed()
    {
        await IngestAsync(At("11:58:00"), memory: 42.5);
        Assert.Equal($$"""{"metric":"memory","agent_id":{{_host.Id}},"data":[{"time":"2026-01-01T11:59:00+00:00","value":42.5}]}""", await GetAsync("memory"));
    }

    [Fact]
    public async Task Disk_IsOnePartitionAfterTheOtherInFiveMinutes()
    {
        foreach (var (at, percent) in new[] { ("11:52:00", 10), ("11:54:00", 20), ("11:56:00", 30) })
        {
            await _host.IngestAsync($$$"""{"timestamp":{{{Seconds(At(at))}}},"disk":{"partitions":[{"mountpoint":"/var","percent":{{{percent}}}},{"mountpoint":"/","percent":{{{percent + 1}}}}]}}""");
        }

        const string First = """{"time":"2026-01-01T11:55:00+00:00","value":16,"mountpoint":"/"},{"time":"2026-01-01T12:00:00+00:00","value":31,"mountpoint":"/"}""";
        const string Second = """{"time":"2026-01-01T11:55:00+00:00","value":15,"mountpoint":"/var"},{"time":"2026-01-01T12:00:00+00:00","value":30,"mountpoint":"/var"}""";
        Assert.Equal($$"""{"metric":"disk","agent_id":{{_host.Id}},"data":[{{First}},{{Second}}]}""", await GetAsync("disk"));
        Assert.Equal($$"""{"metric":"disk","agent_id":{{_host.Id}},"data":[{{Second}}]}""", await GetAsync("disk?mountpoint=%2Fvar"));
        Assert.Equal($$"""{"metric":"disk","agent_id":{{_host.Id}},"data":[]}""", await GetAsync("disk?mountpoint=/nowhere"));
    }

    [Fact]
    public async Task Network_IsTheLastTotalOfEachWindow()
    {
        await IngestAsync(At("11:58:00"), sent: 100, received: 1000);
        await IngestAsync(At("11:58:59"), sent: 150, received: 1500);
        await IngestAsync(At("11:59:00"), sent: 200, received: 25);
        const string Sent = """[{"time":"2026-01-01T11:59:00+00:00","value":150},{"time":"2026-01-01T12:00:00+00:00","value":200}]""";
        const string Received = """[{"time":"2026-01-01T11:59:00+00:00","value":1500},{"time":"2026-01-01T12:00:00+00:00","value":25}]""";
        Assert.Equal($$"""{"metric":"network","agent_id":{{_host.Id}},"bytes_sent":{{Sent}},"bytes_recv":{{Received}}}""", await GetAsync("network"));
    }

    [Fact]
    public async Task NetworkOfOurAgents_IsTheSumOfTheirInterfaces()
    {
        await _host.ReportAsync([At("11:58:00"), At("11:58:30")], at => [("net.tx.bytes{nic=eth0}", at % Minute), ("net.tx.bytes{nic=eth1}", 7), ("net.rx.bytes{nic=eth0}", 1), ("cpu.percent", 1)]);
        Assert.Contains("""
            "bytes_sent":[{"time":"2026-01-01T11:59:00+00:00","value":30007}],"bytes_recv":[{"time":"2026-01-01T11:59:00+00:00","value":1}]
            """, await GetAsync("network"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Summary_IsOfAllSamplesAndNeverNull()
    {
        var empty = """{"avg":0,"max":0,"min":0,"data_points":0}""";
        Assert.Equal($$"""{"agent_id":{{_host.Id}},"period":{"start":"-24h","stop":"now()"},"cpu":{{empty}},"memory":{{empty}}}""", await GetAsync("summary"));

        await IngestAsync(At("11:00:00"), cpu: 10, memory: 50);
        await IngestAsync(At("11:59:00"), cpu: 20);
        Assert.Equal(
            $$$"""{"agent_id":{{{_host.Id}}},"period":{"start":"-2h","stop":"now()"},"cpu":{"avg":15,"max":20,"min":10,"data_points":2},"memory":{"avg":50,"max":50,"min":50,"data_points":1}}""",
            await GetAsync("summary?start=-2h"));
    }

    [Fact]
    public async Task LongRange_IsReadFromRollupsToTheSameWindows()
    {
        var begin = new DateTimeOffset(2025, 12, 30, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
        await _host.ReportAsync(PastSamples.Every(Minute, begin, begin + (60 * Minute)), at => [("cpu.percent", (at - begin) / Minute), ("net.tx.bytes{nic=eth0}", at - begin)], interval: 60);
        const string Expected = """[{"time":"2025-12-30T00:30:00+00:00","value":14.5},{"time":"2025-12-30T01:00:00+00:00","value":44.5}]""";
        Assert.Contains(Expected, await GetAsync("cpu?start=-7d&interval=30m"), StringComparison.Ordinal);
        Assert.Contains("""{"time":"2025-12-30T00:05:00+00:00","value":2},""", await GetAsync("cpu?start=-7d&interval=5m"), StringComparison.Ordinal);
        Assert.Contains(""""bytes_sent":[{"time":"2025-12-30T00:30:00+00:00","value":1740000},"""", await GetAsync("network?start=-30d&interval=30m"), StringComparison.Ordinal);
        Assert.Contains(""""cpu":{"avg":29.5,"max":59,"min":0,"data_points":60}"""", await GetAsync("summary?start=-1y"), StringComparison.Ordinal);

        await _server.Services.GetRequiredService<IHistoryUpkeep>().CompactAsync(Now, CancellationToken.None);
        Assert.Contains(Expected, await GetAsync("cpu?start=-7d&interval=30m"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2025-12-30T00:00:00Z", "2025-12-30T00:30:00Z")]
    [InlineData("2025-12-30", "2025-12-30T00:30:00")]
    [InlineData("1767052800", "1767054600")]
    [InlineData("2025-12-30T02:00:00%2B02:00", "2025-12-30T02:30:00%2B02:00")]
    [InlineData("2025-12-30T02:00:00+02:00", "2025-12-30T02:30:00+02:00")]
    public async Task Times_AreReadAsTheyWere(string start, string stop)
    {
        await IngestAsync(new DateTimeOffset(2025, 12, 30, 0, 10, 0, TimeSpan.Zero).ToUnixTimeMilliseconds(), cpu: 33);
        Assert.Contains("""[{"time":"2025-12-30T00:11:00+00:00","value":33}]""", await GetAsync($"cpu?start={start}&stop={stop}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cpu?start=yesterday", "Invalid start format. Use patterns like -1h, -24h, -7d, -30d, -1y")]
    [InlineData("cpu?start=", "Invalid start format. Use patterns like -1h, -24h, -7d, -30d, -1y")]
    [InlineData("disk?stop=x", "Invalid stop format. Use patterns like -1h, -24h, -7d, -30d, -1y")]
    [InlineData("summary?start=-1h)%20%7C%3E%20drop()", "Invalid start format. Use patterns like -1h, -24h, -7d, -30d, -1y")]
    [InlineData("network?interval=0s", "Invalid interval format. Use patterns like 10s, 1m, 5m, 1h, 1d")]
    [InlineData("memory?interval=fast", "Invalid interval format. Use patterns like 10s, 1m, 5m, 1h, 1d")]
    [InlineData("memory?start=-1h&stop=-2h", "Invalid range: start must be before stop")]
    public async Task WrongRange_IsRefused(string query, string detail)
    {
        var answer = await _alice.GetAsync($"/history/{_host.Id}/{query}");
        Assert.Equal((HttpStatusCode.BadRequest, $$"""{"detail":"{{detail}}"}"""), (answer.Status, answer.Text));
    }

    [Fact]
    public async Task HostOfAnother_IsAnsweredAsIfItHadNeverReported()
    {
        await IngestAsync(At("11:59:00"), cpu: 50, sent: 1, received: 1);
        foreach (var user in new[] { _server.Admin, await _server.SignInAsync() })
        {
            foreach (var id in new[] { _host.Id, 999_999, 0, -1 })
            {
                Assert.Equal($$"""{"metric":"cpu","agent_id":{{id}},"data":[]}""", (await user.GetAsync($"/history/{id}/cpu")).Text);
                Assert.Equal($$"""{"metric":"network","agent_id":{{id}},"bytes_sent":[],"bytes_recv":[]}""", (await user.GetAsync($"/history/{id}/network")).Text);
            }
        }

        await _alice.SendAsync(HttpMethod.Delete, $"/agents/{_host.Id}");
        Assert.EndsWith("\"data\":[]}", await GetAsync("cpu"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cpu")]
    [InlineData("memory")]
    [InlineData("disk")]
    [InlineData("network")]
    [InlineData("summary")]
    public async Task WhoIsNotSignedIn_IsToldInItsOwnWords(string metric)
    {
        using var visitor = new Visitor(_server);
        foreach (var path in new[] { $"/history/1/{metric}", $"/api/history/1/{metric}" })
        {
            visitor.AccessToken = null;
            var missing = await visitor.SendAsync("GET", path);
            Assert.Equal((HttpStatusCode.Unauthorized, """{"detail":"Missing authentication"}"""), (missing.Status, missing.Text));
            visitor.AccessToken = "no.good.token";
            var bad = await visitor.SendAsync("GET", path, null, ("Origin", "http://localhost:5173"));
            Assert.Equal((HttpStatusCode.Unauthorized, """{"detail":"Invalid token"}"""), (bad.Status, bad.Text));
            Assert.Equal("http://localhost:5173", Assert.Single(bad.Headers.GetValues("Access-Control-Allow-Origin")));
        }
    }

    [Fact]
    public async Task IdThatIsNoInteger_Is422()
    {
        var answer = await _alice.GetAsync("/history/abc/cpu");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Equal("""["path","agent_id"]""", answer.Json.GetProperty("detail")[0].GetProperty("loc").GetRawText());
    }

    [Fact]
    public void Tier_IsWhatTheWindowsAreMadeOf()
    {
        var now = Now.ToUnixTimeMilliseconds();
        foreach (var (hours, every, tier) in new[]
        {
            (24, Minute, HistoryTier.Raw), (168, 30 * Minute, HistoryTier.QuarterHour), (168, 5 * Minute, HistoryTier.Minute), (168, 10_000, HistoryTier.Minute),
            (24 * 365, Minute, HistoryTier.QuarterHour), (168, long.MaxValue, HistoryTier.QuarterHour),
        })
        {
            Assert.Equal(tier, ClassicWindows.TierFor(new TimeRange(now - (hours * 60 * Minute), now), every, new HistoryOptions(), now));
        }
    }

    private static long At(string clock) => DateTimeOffset.Parse($"2026-01-01T{clock}Z", CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();

    private static string Seconds(long at) => (at / 1000m).ToString(CultureInfo.InvariantCulture);

    private async Task IngestAsync(long at, double? cpu = null, double? memory = null, long? sent = null, long? received = null)
    {
        var sections = new List<string> { $"\"timestamp\":{Seconds(at)}" };
        if (cpu is not null) sections.Add(string.Create(CultureInfo.InvariantCulture, $$"""
            "cpu":{"usage_percent":{{cpu}}}
            """));
        if (memory is not null) sections.Add(string.Create(CultureInfo.InvariantCulture, $$"""
            "memory":{"used_percent":{{memory}}}
            """));
        if (sent is not null) sections.Add($$"""
            "network":{"bytes_sent":{{sent}},"bytes_recv":{{received}}}
            """);
        Assert.Equal(HttpStatusCode.OK, (await _host.IngestAsync($"{{{string.Join(',', sections)}}}")).Status);
    }

    private async Task<string> GetAsync(string path)
    {
        var answer = await _alice.GetAsync($"/history/{_host.Id}/{path}");
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        return answer.Text;
    }
}
