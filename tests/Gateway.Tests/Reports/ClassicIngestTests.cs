using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using StatusMonitor.Gateway.Tests.Support;
using StatusMonitor.Protocol;

namespace StatusMonitor.Gateway.Tests.Reports;

/// <summary><c>POST /ingest</c>, as the older StatusMonitor's agents know it: recorded requests, and every answer byte for byte.</summary>
public sealed class ClassicIngestTests : IAsyncLifetime
{
    internal const string HeadlessBody = """{"timestamp": 1795320452.0384655, "cpu": {"usage_percent": 4.0, "per_core_usage": [5.9, 2.0], "freq": {"current": 2596.122, "min": 0.0, "max": 0.0}, "load_avg": [0.267578125, 0.75244140625, 0.5859375]}, "memory": {"total": 25276510208, "available": 24542609408, "used_percent": 2.9}, "disk": {"partitions": [{"device": "/dev/vda", "mountpoint": "/", "fstype": "ext4", "total": 270553174016, "used": 21287723008, "free": 77812920320, "percent": 21.5}], "io": {"read_count": 154783, "write_count": 32536, "read_bytes": 6252168192, "write_bytes": 8456486912, "read_time": 91666, "write_time": 70555, "read_merged_count": 34481, "write_merged_count": 44601, "busy_time": 25716}}, "network": {"bytes_sent": 4352290, "bytes_recv": 731162055, "packets_sent": 24646, "packets_recv": 29481, "errin": 0, "errout": 0, "dropin": 0, "dropout": 0}}""";
    internal const string GuiBody = """{"cpu": {"usage_percent": 1.5, "per_core_usage": [2.4, 5.3], "freq": {"current": 2596.122, "min": 0.0, "max": 0.0}, "frequency_mhz": 2596.122, "count": 2, "count_logical": 2}, "memory": {"total": 25276510208, "available": 24627990528, "used": 307994624, "used_percent": 2.6}, "disk": {"partitions": [{"device": "/dev/vda", "mountpoint": "/", "total": 270553174016, "used": 21307805696, "free": 77792837632, "percent": 21.5}]}, "network": {"bytes_sent": 6332131, "bytes_recv": 739688632, "packets_sent": 30083, "packets_recv": 35007}, "timestamp": 1795320543.0835614}""";

    internal const string ReadmeBody = """
        {
          "cpu": {"percent": 15.5, "per_core_usage": [12.3, 18.7], "freq": {"current": 2400, "min": 800, "max": 3600}},
          "memory": {"percent": 45.2, "used": 7516192768, "total": 16777216000, "available": 9261023232},
          "disk": {"percent": 60.0, "used": 300000000000, "total": 500000000000, "free": 200000000000},
          "network": {"bytes_sent": 1024, "bytes_recv": 2048, "packets_sent": 10, "packets_recv": 20}
        }
        """;

    private const string Received = """{"status":"received"}""";

    // The moment the requests were recorded, so that they are neither ahead nor old.
    private readonly ShiftedTime _time = new(DateTimeOffset.FromUnixTimeSeconds(1795320544));
    private RunningServer _server = null!;

    public async Task InitializeAsync() => _server = await RunningServer.StartAsync(services: services => services.AddSingleton<TimeProvider>(_time));

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task HeadlessAgentsExactBytes_AreReceived()
    {
        var host = await _server.EnrolAsync();
        var answer = await RawHttp.SendAsync(_server.Address, Recorded($"""
            POST /ingest HTTP/1.1
            Host: {_server.Address.Authority}
            User-Agent: python-requests/2.28.1
            Accept-Encoding: gzip, deflate
            Accept: */*
            Connection: keep-alive
            Content-Type: application/json
            X-Agent-Token: {host.Token}
            Content-Length: 834
            """, HeadlessBody));

        AssertReceived(answer);
        var (at, values) = Assert.Single(await host.ReadAsync());
        Assert.Equal(1795320452038, at);
        AssertValues(
            values,
            """
            cpu.percent 4
            cpu.core.percent{core=0} 5.9
            cpu.core.percent{core=1} 2
            cpu.frequency.mhz 2596.122
            load.1m 0.267578125
            load.5m 0.75244140625
            load.15m 0.5859375
            memory.total.bytes 25276510208
            memory.available.bytes 24542609408
            memory.used.bytes 733900800
            memory.used.percent 2.9
            disk.total.bytes{mount=/} 270553174016
            disk.used.bytes{mount=/} 21287723008
            disk.free.bytes{mount=/} 77812920320
            disk.used.percent{mount=/} 21.5
            disk.reads{device=all} 154783
            disk.writes{device=all} 32536
            disk.read.bytes{device=all} 6252168192
            disk.write.bytes{device=all} 8456486912
            disk.busy.seconds{device=all} 25.716
            net.tx.bytes{nic=all} 4352290
            net.rx.bytes{nic=all} 731162055
            net.tx.packets{nic=all} 24646
            net.rx.packets{nic=all} 29481
            net.rx.errors{nic=all} 0
            net.tx.errors{nic=all} 0
            net.rx.drops{nic=all} 0
            net.tx.drops{nic=all} 0
            """);
    }

    [Fact]
    public async Task GuiAgentsExactBytes_AreReceived()
    {
        var host = await _server.EnrolAsync();
        var answer = await RawHttp.SendAsync(_server.Address, Recorded($"""
            POST /ingest HTTP/1.1
            Host: {_server.Address.Authority}
            User-Agent: python-requests/2.28.1
            Accept-Encoding: gzip, deflate
            Accept: */*
            Connection: keep-alive
            X-Agent-Token: {host.Token}
            Content-Length: 566
            Content-Type: application/json
            """, GuiBody));

        AssertReceived(answer);
        var (at, values) = Assert.Single(await host.ReadAsync());
        Assert.Equal(1795320543083, at);
        AssertValues(
            values,
            """
            cpu.percent 1.5
            cpu.core.percent{core=0} 2.4
            cpu.core.percent{core=1} 5.3
            cpu.frequency.mhz 2596.122
            memory.total.bytes 25276510208
            memory.available.bytes 24627990528
            memory.used.bytes 307994624
            memory.used.percent 2.6
            disk.total.bytes{mount=/} 270553174016
            disk.used.bytes{mount=/} 21307805696
            disk.free.bytes{mount=/} 77792837632
            disk.used.percent{mount=/} 21.5
            net.tx.bytes{nic=all} 6332131
            net.rx.bytes{nic=all} 739688632
            net.tx.packets{nic=all} 30083
            net.rx.packets{nic=all} 35007
            """);
    }

    [Fact]
    public async Task ReadmesPayloadWithoutTimestamp_IsStampedWithTheServersTime()
    {
        var host = await _server.EnrolAsync();
        var before = _time.GetUtcNow().ToUnixTimeMilliseconds();
        AssertReceived(await host.IngestAsync(ReadmeBody));

        var (at, values) = Assert.Single(await host.ReadAsync());
        Assert.InRange(at, before, _time.GetUtcNow().ToUnixTimeMilliseconds());
        AssertValues(
            values,
            """
            cpu.percent 15.5
            cpu.core.percent{core=0} 12.3
            cpu.core.percent{core=1} 18.7
            cpu.frequency.mhz 2400
            memory.total.bytes 16777216000
            memory.available.bytes 9261023232
            memory.used.bytes 7516192768
            memory.used.percent 45.2
            disk.total.bytes{mount=/} 500000000000
            disk.used.bytes{mount=/} 300000000000
            disk.free.bytes{mount=/} 200000000000
            disk.used.percent{mount=/} 60
            net.tx.bytes{nic=all} 1024
            net.rx.bytes{nic=all} 2048
            net.tx.packets{nic=all} 10
            net.rx.packets{nic=all} 20
            """);
    }

    [Fact]
    public async Task RepeatedSample_IsReceivedAndChangesNothing()
    {
        var host = await _server.EnrolAsync();
        AssertReceived(await host.IngestAsync(GuiBody));
        AssertReceived(await host.IngestAsync(GuiBody));
        AssertReceived(await host.IngestAsync(GuiBody.Replace("\"usage_percent\": 1.5", "\"usage_percent\": 99", StringComparison.Ordinal)));
        var (_, values) = Assert.Single(await host.ReadAsync());
        Assert.Equal(1.5, values["cpu.percent"]);
        Assert.Equal("online", (await host.GetAsync()).GetProperty("status").GetString());
    }

    [Fact]
    public async Task ShapesThatTakeTurns_KeepTheirValues()
    {
        var host = await _server.EnrolAsync();
        for (var i = 0; i < 3; i++)
        {
            AssertReceived(await host.IngestAsync(HeadlessBody.Replace("1795320452", $"{1795320452 + i}", StringComparison.Ordinal)));
            AssertReceived(await host.IngestAsync(GuiBody.Replace("1795320543", $"{1795320500 + i}", StringComparison.Ordinal)));
            await host.ReportAsync(ReportJson.Report(i, (1795320510L + i) * 1000, """{"cpu.percent":77,"extra":1}"""));
        }

        var rows = (await host.ReadAsync()).Values.ToArray();
        Assert.Equal([4, 4, 4, 1.5, 1.5, 1.5, 77, 77, 77], rows.Select(row => row["cpu.percent"]));
        Assert.Equal([28, 28, 28, 16, 16, 16, 2, 2, 2], rows.Select(row => row.Count));
    }

    [Fact]
    public async Task UnknownMembers_ArePassedOver()
    {
        var host = await _server.EnrolAsync();
        AssertReceived(await host.IngestAsync("""{"timestamp": 1795320452, "gpu": [{"a": {"b": []}}], "cpu": {"usage_percent": 4, "temperature": {"x": 1}}, "\u0000": null}"""));
        var (_, values) = Assert.Single(await host.ReadAsync());
        AssertValues(values, "cpu.percent 4");
    }

    [Theory]
    [InlineData("""{"timestamp": 1795320452, "cpu": 5, "memory": [], "disk": "x", "network": null}""", "")]
    [InlineData("""{"timestamp": 1795320452, "cpu": {"usage_percent": "high", "per_core_usage": {"a": 1}, "load_avg": [1, 2], "freq": []}}""", "")]
    [InlineData("""{"timestamp": 1795320452, "cpu": {"usage_percent": null, "percent": 3, "per_core_usage": [null, 2, "x"], "freq": {}}}""", "cpu.percent 3\ncpu.core.percent{core=1} 2")]
    [InlineData("""{"timestamp": 1795320452, "disk": {"partitions": [1, null, {}, {"mountpoint": 7, "percent": 1}, {"mountpoint": "/a,b", "percent": 2}]}}""", "disk.used.percent{mount=\"/a,b\"} 2")]
    [InlineData("""{"timestamp": 1795320452, "disk": {"partitions": [], "io": {}}, "network": {"bytes_recv": true}}""", "")]
    [InlineData("""{"timestamp": 1795320452}""", "")]
    public async Task JunkTypes_ArePassedOver(string body, string values)
    {
        var host = await _server.EnrolAsync();
        AssertReceived(await host.IngestAsync(body));
        AssertValues(Assert.Single(await host.ReadAsync()).Value, values);
    }

    [Theory]
    [InlineData("Invalid JSON", "")]
    [InlineData("Invalid JSON", "{")]
    [InlineData("Invalid JSON", "not json")]
    [InlineData("Invalid JSON", """{"timestamp": 1} trailing""")]
    [InlineData("Invalid JSON", """{"timestamp": NaN}""")]
    [InlineData("Missing required fields", "{}")]
    [InlineData("Missing required fields", "[]")]
    [InlineData("Missing required fields", "null")]
    [InlineData("Missing required fields", "\"timestamp\"")]
    [InlineData("Missing required fields", """{"time": 1795320452, "gpu": {}}""")]
    public async Task BodyThatIsNoSample_IsRefusedInTheOriginalsWords(string detail, string body)
    {
        var host = await _server.EnrolAsync();
        AssertRefused(await host.IngestAsync(body), HttpStatusCode.BadRequest, detail);
        Assert.Empty(await host.ReadAsync());
    }

    [Theory]
    [InlineData("""{"timestamp": "now", "cpu": {"percent": 1}}""")]
    [InlineData("""{"timestamp": null, "cpu": {"percent": 1}}""")]
    [InlineData("""{"timestamp": -1, "cpu": {"percent": 1}}""")]
    [InlineData("""{"timestamp": 0, "cpu": {"percent": 1}}""")]
    [InlineData("""{"timestamp": 1e999, "cpu": {"percent": 1}}""")]
    [InlineData("""{"timestamp": 1e18, "cpu": {"percent": 1}}""")]
    [InlineData("""{"timestamp": 1795420452, "cpu": {"percent": 1}}""")]
    [InlineData("""{"timestamp": 1795320452, "cpu": {"percent": 1e999}}""")]
    [InlineData("""{"timestamp": 1795320452, "disk": {"partitions": [{"mountpoint": "/a\u0007", "percent": 1}]}}""")]
    [InlineData("""{"timestamp": 1795320452, "disk": {"partitions": [{"mountpoint": "/\ud800", "percent": 1}]}}""")]
    public async Task ValueThatCannotBeStored_Is400AndNothingIsStored(string body)
    {
        var host = await _server.EnrolAsync();
        var answer = await host.IngestAsync(body);
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.NotEmpty(answer.Json.GetProperty("detail").GetString()!);
        Assert.Empty(await host.ReadAsync());
    }

    [Fact]
    public async Task PartitionMountedTwice_IsRefusedOrStoredOnce()
    {
        // Containers mount one filesystem in several places, and bind mounts may even stack on one place.
        var host = await _server.EnrolAsync();
        await host.IngestAsync("""{"timestamp": 1795320452, "cpu": {"percent": 1}, "disk": {"partitions": [{"mountpoint": "/a", "percent": 1}, {"mountpoint": "/a", "percent": 2}]}}""");
        Assert.All(await host.ReadAsync(), sample => Assert.Equal(2, sample.Value.Count));
    }

    [Fact]
    public async Task Tokens_AreCheckedBeforeTheBody()
    {
        const string Body = "not json";
        AssertRefused(await PostAsync(null, Body), HttpStatusCode.Unauthorized, "Missing agent token");
        AssertRefused(await PostAsync("", Body), HttpStatusCode.Unauthorized, "Invalid agent token");
        AssertRefused(await PostAsync("short", Body), HttpStatusCode.Unauthorized, "Invalid agent token");
        AssertRefused(await PostAsync(new string('0', 64), Body), HttpStatusCode.Unauthorized, "Invalid agent token");
    }

    [Fact]
    public async Task TokenThatWasNotUsedInTime_IsInvalid()
    {
        var host = await _server.EnrolAsync();
        _time.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(1));
        AssertRefused(await host.IngestAsync(ReadmeBody), HttpStatusCode.Unauthorized, "Invalid agent token");
        Assert.Empty(await host.ReadAsync());
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{}")]
    [InlineData("""{"timestamp": -1, "cpu": {"percent": 1}}""")]
    public async Task GoodTokenWithABadBody_IsPermanentAllTheSame(string body)
    {
        var host = await _server.EnrolAsync();
        Assert.Equal(HttpStatusCode.BadRequest, (await host.IngestAsync(body)).Status);
        _time.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(1));
        AssertReceived(await host.IngestAsync(ReadmeBody));
        Assert.Single(await host.ReadAsync());
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{}")]
    [InlineData("large")]
    public async Task TokenThatIsNoLongerGood_IsRefusedBeforeABadBody(string body)
    {
        if (body == "large") body = new string(' ', ReportLimits.MaxBodyBytes + 1);
        var (expired, revoked) = (await _server.EnrolAsync(), await _server.EnrolAsync());
        AssertReceived(await revoked.IngestAsync(ReadmeBody));
        Assert.Equal(HttpStatusCode.OK, (await _server.Admin.SendAsync(HttpMethod.Post, $"/api/v1/hosts/{revoked.Id}/tokens/regenerate")).Status);
        _time.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(1));
        foreach (var host in new[] { expired, revoked })
        {
            // Twice: what the gateway remembered of it the first time is gone the second.
            for (var i = 0; i < 2; i++) AssertRefused(await host.IngestAsync(body), HttpStatusCode.Unauthorized, "Invalid agent token");
        }
    }

    [Fact]
    public async Task ManyPartitions_AreBounded()
    {
        var host = await _server.EnrolAsync();
        var partitions = string.Join(",", Enumerable.Range(0, 2001).Select(i => $$"""{"mountpoint":"/{{i}}","percent":1}"""));
        var answer = await host.IngestAsync($$$"""{"timestamp": 1795320452, "disk": {"partitions": [{{{partitions}}}]}}""");
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains("2000 series", answer.Text, StringComparison.Ordinal);
        Assert.Empty(await host.ReadAsync());
    }

    [Fact]
    public async Task GzippedSample_IsReceived()
    {
        var host = await _server.EnrolAsync();
        AssertReceived(await host.PostAsync(EnrolledHost.Gzip(Encoding.UTF8.GetBytes(GuiBody)), "/ingest"));
        Assert.Single(await host.ReadAsync());
    }

    private static string Recorded(string head, string body) => head.ReplaceLineEndings("\r\n") + "\r\n\r\n" + body;

    private static void AssertReceived(Answer answer)
    {
        Assert.Equal((HttpStatusCode.OK, Received), (answer.Status, answer.Text));
        Assert.Equal("application/json", answer.MediaType);
    }

    private static void AssertReceived((int Status, string Head, string Body) answer)
    {
        Assert.Equal((200, Received), (answer.Status, answer.Body));
        Assert.Contains("Content-Type: application/json", answer.Head, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Content-Length: 21", answer.Head, StringComparison.OrdinalIgnoreCase);
    }

    private static void AssertRefused(Answer answer, HttpStatusCode status, string detail)
    {
        Assert.Equal((status, $$"""{"detail":"{{detail}}"}"""), (answer.Status, answer.Text));
        Assert.Equal("application/json", answer.MediaType);
    }

    private static void AssertValues(Dictionary<string, double> values, string expected) => Assert.Equal(
        expected.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Order(StringComparer.Ordinal),
        values.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key} {pair.Value}")).Order(StringComparer.Ordinal));

    private async Task<Answer> PostAsync(string? token, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/ingest") { Content = new StringContent(body) };
        if (token is not null) request.Headers.TryAddWithoutValidation("X-Agent-Token", token);
        using var response = await _server.Http.SendAsync(request);
        return await Answer.OfAsync(response);
    }
}
