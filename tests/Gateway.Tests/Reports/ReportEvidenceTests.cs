using System.Net;
using System.Text.Json;
using StatusMonitor.Gateway.Tests.Support;

namespace StatusMonitor.Gateway.Tests.Reports;

/// <summary>What batches say besides their reports, and what answers ask for.</summary>
public sealed class ReportEvidenceTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly RunningServer _server = shared.Server;

    [Fact]
    public async Task ADiskThatIsFull_FiresByTheDefaults_AndTheHostAndTheFleetShowIt()
    {
        var host = await _server.EnrolAsync("full");
        var now = ReportJson.Now();
        for (var second = 0; second <= 60; second += 5) await host.ReportAsync(ReportJson.Report(second, now - 60_000 + second * 1000, """{"disk.used.percent{mount=/}":95}"""));

        var view = await host.GetAsync();
        Assert.Equal((1, "critical"), (view.GetProperty("firing").GetInt32(), view.GetProperty("severity").GetString()));
    }

    [Fact]
    public async Task AnAlertOfTheCpu_AsksForProcesses_AndTheyAreTaken()
    {
        var host = await _server.EnrolAsync("hot");
        var now = ReportJson.Now();
        Assert.Equal("""{"accepted":1,"repeated":0}""", (await host.PostAsync(ReportJson.Batch(ReportJson.Report(1, now, """{"cpu.percent":5}""")))).Text);
        Assert.Equal("""{"accepted":1,"repeated":0,"ask":{"processes":10}}""", (await host.PostAsync(ReportJson.Batch(ReportJson.Report(2, now + 1000, """{"cpu.percent":99}""")))).Text);
        const string processes = """[{"id":4711,"name":"stress","cpuPercent":180.5,"memoryBytes":1000,"more":{"a":[1]}}]""";
        var told = await host.PostAsync("{\"sentAt\":\"2026-01-01T00:00:00Z\",\"processes\":" + processes + ",\"reports\":[" + ReportJson.Report(3, now + 2000, """{"cpu.percent":99}""") + "]}");
        Assert.Equal("""{"accepted":1,"repeated":0}""", told.Text);
    }

    [Theory]
    [InlineData("sentAt", "\"sentAt\":\"yesterday\"")]
    [InlineData("sentAt", "\"sentAt\":5")]
    [InlineData("sentAt", "\"sentAt\":\"1970-01-01T00:00:00Z\"")]
    [InlineData("processes", "\"processes\":5")]
    [InlineData("processes[0]", "\"processes\":[5]")]
    [InlineData("processes[0]", "\"processes\":[{\"id\":-1,\"name\":\"x\",\"cpuPercent\":1,\"memoryBytes\":1}]")]
    [InlineData("processes[0]", "\"processes\":[{\"id\":1,\"name\":\"\",\"cpuPercent\":1,\"memoryBytes\":1}]")]
    [InlineData("processes[0]", "\"processes\":[{\"id\":1,\"name\":\"a\\u0007\",\"cpuPercent\":1,\"memoryBytes\":1}]")]
    [InlineData("processes[0]", "\"processes\":[{\"id\":1,\"name\":\"x\",\"cpuPercent\":1e999,\"memoryBytes\":1}]")]
    [InlineData("processes[0]", "\"processes\":[{\"id\":1,\"name\":\"x\",\"cpuPercent\":[1],\"memoryBytes\":{}}]")]
    [InlineData("processes[1]", "\"processes\":[{\"id\":1,\"name\":\"x\",\"cpuPercent\":1,\"memoryBytes\":1},{\"id\":1}]")]
    public async Task WhatBreaksARule_IsNamed_AndNothingIsStored(string field, string member)
    {
        var host = await _server.EnrolAsync();
        var answer = await host.PostAsync("{" + member + ",\"reports\":[" + ReportJson.Report(1, ReportJson.Now()) + "]}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(field, Assert.Single(JsonDocument.Parse(answer.Text).RootElement.GetProperty("errors").EnumerateObject()).Name);
        Assert.Empty(await host.ReadAsync());
    }

    [Fact]
    public async Task TooManyProcesses_AreRefused()
    {
        var host = await _server.EnrolAsync();
        var processes = string.Join(',', Enumerable.Range(0, 41).Select(id => $$"""{"id":{{id}},"name":"x","cpuPercent":1,"memoryBytes":1}"""));
        Assert.Equal(HttpStatusCode.BadRequest, (await host.PostAsync("{\"processes\":[" + processes + "],\"reports\":[" + ReportJson.Report(1, ReportJson.Now()) + "]}")).Status);
    }
}
