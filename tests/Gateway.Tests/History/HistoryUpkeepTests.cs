using System.Net;
using Microsoft.Extensions.DependencyInjection;
using StatusMonitor.Gateway.Tests.Reports;
using StatusMonitor.Gateway.Tests.Support;
using StatusMonitor.Storage;
using StatusMonitor.Storage.History;

namespace StatusMonitor.Gateway.Tests.History;

/// <summary>What the server does for the history by itself, and when its disk is full.</summary>
public sealed class HistoryUpkeepTests
{
    /// <summary>At a start, and then every minute; here with an hour that a report brings, between two starts.</summary>
    [Fact]
    public async Task HoursThatAreOver_AreCompacted_AndTheChartsSeeNoHole()
    {
        using var data = new Folder();
        var old = ReportJson.Now() - 3 * 3_600_000;
        long id;
        await using (var server = await RunningServer.StartAsync(data: data))
        {
            var host = await server.EnrolAsync();
            id = host.Id;
            Assert.Equal((2, 0), await host.ReportAsync(ReportJson.Report(1, old, """{"cpu.percent":12.5}"""), ReportJson.Report(2, old + 5_000, """{"cpu.percent":13.5}""")));
            var size = await server.Services.GetRequiredService<IHistoryUpkeep>().MeasureAsync(default);
            Assert.True(size is { JournalBytes: > 0, SampleBytes: 0 }, $"{size}");
        }

        await using (var server = await RunningServer.StartAsync(data: data))
        {
            var upkeep = server.Services.GetRequiredService<IHistoryUpkeep>();
            await Patience.Until(async () => await upkeep.MeasureAsync(default) is { SampleBytes: > 0, MinuteBytes: > 0, QuarterHourBytes: > 0, Waiting: 0 }, () => "the compacted hour");

            var samples = await server.Services.GetRequiredService<IHistory>().ReadSamplesAsync(id, [0], old, old + 10_000, default);
            Assert.Equal([12.5, 13.5], samples.Columns[0].Values.ToArray());
            Assert.Empty(server.Errors.All);
        }
    }

    [Fact]
    public async Task SamplesThatAreOldEnough_Go()
    {
        using var data = new Folder();
        var old = ReportJson.Now() - 50L * 3_600_000;
        await using (var server = await RunningServer.StartAsync(data: data))
        {
            var host = await server.EnrolAsync();
            await host.ReportAsync(ReportJson.Report(1, old));
        }

        await using (var server = await RunningServer.StartAsync(data: data))
        {
            var upkeep = server.Services.GetRequiredService<IHistoryUpkeep>();
            await Patience.Until(async () => (await upkeep.MeasureAsync(default)).SampleBytes > 0, () => "the compacted hour");
        }

        await using (var server = await RunningServer.StartAsync(options => options.HistoryRawDays = 1, data: data))
        {
            var upkeep = server.Services.GetRequiredService<IHistoryUpkeep>();
            await Patience.Until(async () => await upkeep.MeasureAsync(default) is { SampleBytes: 0, MinuteBytes: > 0 }, () => "the sweep of samples");
        }
    }

    [Fact]
    public async Task ADiskThatIsNearlyFull_RefusesReports_UntilThereIsRoom()
    {
        var space = new Room();
        await using var server = await RunningServer.StartAsync(services: services => services.AddSingleton<IStorageSpace>(space));
        var host = await server.EnrolAsync();
        var now = ReportJson.Now();
        Assert.Equal((1, 0), await host.ReportAsync(ReportJson.Report(1, now)));

        space.State = StorageSpaceState.Full;
        var answer = await host.PostAsync(ReportJson.Batch(ReportJson.Report(2, now + 1)));
        answer.AssertProblem(HttpStatusCode.ServiceUnavailable, "storage-full");
        Assert.Equal(TimeSpan.FromSeconds(10), answer.Headers.RetryAfter?.Delta);
        var classic = await host.IngestAsync(ClassicIngestTests.ReadmeBody);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, """{"detail":"Metrics storage unavailable"}"""), (classic.Status, classic.Text));
        Assert.Equal([now], (await host.ReadAsync()).Keys);

        space.State = StorageSpaceState.Low;
        Assert.Equal((1, 1), await host.ReportAsync(ReportJson.Report(1, now), ReportJson.Report(2, now + 1)));
        Assert.Equal([now, now + 1], (await host.ReadAsync()).Keys);
    }

    private sealed class Room : IStorageSpace
    {
        public StorageSpaceState State { get; set; }

        public StorageSpaceReading Read() => new("/data", 1, 2, State);
    }
}
