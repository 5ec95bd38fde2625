using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace StatusMonitor.Protocol.Tests;

public sealed class ReportBatchTests
{
    private static readonly Report Usual = new()
    {
        Seq = 17,
        BootId = "1c9a7e58-7f4f-4c0e-9b0c-2a9d8f3a6f11",
        At = new DateTimeOffset(2026, 11, 22, 5, 0, 0, 250, TimeSpan.Zero),
        Interval = 5,
        Samples = new Dictionary<string, double> { ["cpu.percent"] = 12.5, ["disk.used.bytes{mount=\"/mnt/a,b\"}"] = 1e12 },
    };

    /// <summary>The wire's own words: another agent may be written from them, so they must not change with a rename.</summary>
    [Fact]
    public void ABatch_IsWrittenInTheDocumentedWords()
    {
        var batch = new ReportBatch
        {
            Agent = new AgentInfo { Version = "0.1.0", Hostname = "web-1", Os = "Debian GNU/Linux 12 (bookworm)", Kernel = "6.1.0-18-amd64", Architecture = "x64", Cpu = "AMD EPYC 7B13" },
            Reports = [Usual],
        };

        var json = JsonSerializer.Serialize(batch, ProtocolJson.Default.ReportBatch);

        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        Assert.Equal(["agent", "reports"], Members(root));
        Assert.Equal(["version", "hostname", "os", "kernel", "architecture", "cpu"], Members(root.GetProperty("agent")));
        var report = root.GetProperty("reports")[0];
        Assert.Equal(["seq", "bootId", "at", "interval", "samples"], Members(report));
        Assert.Equal(17, report.GetProperty("seq").GetInt64());
        Assert.Equal(Usual.BootId, report.GetProperty("bootId").GetString());
        Assert.Equal("2026-11-22T05:00:00.25+00:00", report.GetProperty("at").GetString());
        Assert.Equal("5", report.GetProperty("interval").GetRawText());
        Assert.Equal(["cpu.percent", "disk.used.bytes{mount=\"/mnt/a,b\"}"], Members(report.GetProperty("samples")));
        Assert.Equal(12.5, report.GetProperty("samples").GetProperty("cpu.percent").GetDouble());
    }

    [Fact]
    public void WhatIsNotKnown_IsLeftOut()
    {
        Assert.Equal(["reports"], Members(Written(new ReportBatch { Reports = [] })));
        Assert.Equal(["hostname"], Members(Written(new ReportBatch { Agent = new AgentInfo { Hostname = "h" }, Reports = [] }).GetProperty("agent")));

        static JsonElement Written(ReportBatch batch) => JsonSerializer.SerializeToElement(batch, ProtocolJson.Default.ReportBatch);
    }

    [Fact]
    public void AnAnswer_IsWrittenInTheDocumentedWords() =>
        Assert.Equal("""{"accepted":3,"repeated":1}""", JsonSerializer.Serialize(new ReportAnswer(3, 1), ProtocolJson.Default.ReportAnswer));

    [Fact]
    public void AProblem_IsReadByTheWordsOfRfc9457()
    {
        var problem = JsonSerializer.Deserialize(
            """{"type":"/problems/invalid","title":"t","status":400,"detail":"d","errors":{"reports[3].samples['cpu.percent']":["must be finite","again"]},"traceId":"ignored"}""",
            ProtocolJson.Default.ProblemAnswer)!;

        Assert.Equal(("/problems/invalid", "t", 400, "d"), (problem.Type, problem.Title, problem.Status, problem.Detail));
        Assert.Equal(["must be finite", "again"], problem.Errors!["reports[3].samples['cpu.percent']"]);
    }

    [Fact]
    public void ABatch_IsReadBackAsItWas()
    {
        var texts = ArbMap.Default.GeneratorFor<string>().Select(text => text is null ? null : string.Concat(text.Where(c => !char.IsSurrogate(c))));
        var agents =
            from text in Gen.ArrayOf(texts, 6)
            select new AgentInfo { Version = text[0], Hostname = text[1], Os = text[2], Kernel = text[3], Architecture = text[4], Cpu = text[5] };
        var reports =
            from seq in Gen.Choose(0, int.MaxValue)
            from bootId in texts
            from milliseconds in Gen.Choose(0, int.MaxValue)
            from interval in Gen.Choose(10, 3_000)
            from values in Gen.ArrayOf(ArbMap.Default.GeneratorFor<NormalFloat>())
            select new Report
            {
                Seq = seq * 1_000_000_007L,
                BootId = bootId ?? "",
                At = DateTimeOffset.UnixEpoch.AddMilliseconds(milliseconds * 800.0),
                Interval = interval / 10.0,
                Samples = values.Select((value, i) => (Name: $"m{i}{{l=\"{i},\"}}", Value: value.Get)).ToDictionary(sample => sample.Name, sample => sample.Value),
            };
        var batches =
            from agent in Gen.OrNull(agents)
            from batch in Gen.ArrayOf(reports)
            select new ReportBatch { Agent = agent, Reports = batch };

        Prop.ForAll(batches.ToArbitrary(), batch =>
        {
            var again = JsonSerializer.Deserialize(JsonSerializer.SerializeToUtf8Bytes(batch, ProtocolJson.Default.ReportBatch), ProtocolJson.Default.ReportBatch)!;
            return again.Agent == batch.Agent && again.Reports.Count == batch.Reports.Count && again.Reports.Zip(batch.Reports).All(pair => AreSame(pair.First, pair.Second));
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("reports", """{"agent":{}}""")]
    [InlineData("seq", """{"reports":[{"bootId":"b","at":"2026-01-01T00:00:00Z","interval":5,"samples":{}}]}""")]
    [InlineData("bootId", """{"reports":[{"seq":1,"at":"2026-01-01T00:00:00Z","interval":5,"samples":{}}]}""")]
    [InlineData("at", """{"reports":[{"seq":1,"bootId":"b","interval":5,"samples":{}}]}""")]
    [InlineData("interval", """{"reports":[{"seq":1,"bootId":"b","at":"2026-01-01T00:00:00Z","samples":{}}]}""")]
    [InlineData("samples", """{"reports":[{"seq":1,"bootId":"b","at":"2026-01-01T00:00:00Z","interval":5}]}""")]
    public void AMissingMember_IsRefusedByItsName(string member, string json)
    {
        var exception = Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(json, ProtocolJson.Default.ReportBatch));

        Assert.Contains($"'{member}'", exception.Message, StringComparison.Ordinal);
    }

    /// <summary>JSON has no word for them, so an agent that forgets to leave them out is stopped before it sends.</summary>
    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void AValueThatIsNotFinite_CannotBeWritten(double value)
    {
        var report = Usual with { Samples = new Dictionary<string, double> { ["cpu.percent"] = value } };

        Assert.Throws<ArgumentException>(() => JsonSerializer.Serialize(report, ProtocolJson.Default.Report));
    }

    private static bool AreSame(Report a, Report b) =>
        a.Seq == b.Seq && a.BootId == b.BootId && a.At == b.At && a.Interval.Equals(b.Interval)
        && a.Samples.Count == b.Samples.Count && a.Samples.All(sample => BitConverter.DoubleToInt64Bits(b.Samples[sample.Key]) == BitConverter.DoubleToInt64Bits(sample.Value));

    private static string[] Members(JsonElement element) => [.. element.EnumerateObject().Select(member => member.Name)];
}
