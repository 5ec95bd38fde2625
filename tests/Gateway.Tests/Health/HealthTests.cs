using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StatusMonitor.Gateway.Health;
using StatusMonitor.Gateway.Tests.Support;
using StatusMonitor.Storage;
using StatusMonitor.Storage.History;

namespace StatusMonitor.Gateway.Tests.Health;

/// <summary>What the server says of itself.</summary>
public sealed class HealthTests(SharedServer shared) : IClassFixture<SharedServer>
{
    [Fact]
    public async Task Health_SaysHowTheServerIs()
    {
        var server = shared.Server;
        var host = await server.EnrolAsync();
        await server.EnrolAsync();
        await host.ReportAsync(ReportJson.Report(1, ReportJson.Now()));

        using var response = await server.Anonymous.GetAsync("/health");
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        var health = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(["status", "engine", "version", "uptime", "storage", "hosts"], health.EnumerateObject().Select(member => member.Name));
        Assert.Equal(("ok", "ok"), (health.GetProperty("status").GetString(), health.GetProperty("storage").GetString()));
        Assert.Contains(health.GetProperty("engine").GetString(), new[] { "Embedded", "Orleans" });
        Assert.Matches(@"^\d+\.\d+\.\d+", health.GetProperty("version").GetString());
        Assert.True(health.GetProperty("uptime").GetDouble() > 0);
        Assert.Equal("""{"total":2,"online":1}""", health.GetProperty("hosts").GetRawText());
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    public async Task Health_NeedsNoKey(string method)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/health");
        request.Headers.Host = "monitor.example.org";
        using var response = await shared.Server.Anonymous.SendAsync(request);
        response.EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task Administrators_AreToldOfDiskAndHistory()
    {
        var server = shared.Server;
        Assert.False((await (await server.SignInAsync()).GetAsync("/health")).Json.TryGetProperty("details", out _));

        var details = (await server.Admin.GetAsync("/health")).Json.GetProperty("details");
        var disk = details.GetProperty("disk");
        Assert.Equal(["path", "freeBytes", "totalBytes", "state"], disk.EnumerateObject().Select(member => member.Name));
        Assert.Equal(Path.GetFullPath(server.Data), Path.GetFullPath(disk.GetProperty("path").GetString()!));
        Assert.InRange(disk.GetProperty("freeBytes").GetInt64(), 1, disk.GetProperty("totalBytes").GetInt64());
        var history = details.GetProperty("history");
        Assert.Equal(["totalBytes", "journalBytes", "sampleBytes", "minuteBytes", "quarterHourBytes", "waiting"], history.EnumerateObject().Select(member => member.Name));
        Assert.True(history.GetProperty("totalBytes").GetInt64() > 0);
    }

    [Fact]
    public async Task HistoryIsMeasured_AtMostEveryTenSeconds()
    {
        var upkeep = new CountingUpkeep();
        var time = new ShiftedTimestamps();
        var health = new StorageHealth(new Room(StorageSpaceState.Low), upkeep, time);
        for (var i = 0; i < 5; i++) Assert.Equal(("low", 1000), await health.ReadAsync() is var details ? (details.Disk.State, details.History!.TotalBytes) : default);
        time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(2000, (await health.ReadAsync()).History!.TotalBytes);

        upkeep.Fails = true;
        time.Advance(TimeSpan.FromSeconds(11));
        Assert.Null((await health.ReadAsync()).History);
    }

    [Fact]
    public async Task FullDisk_IsSaid()
    {
        await using var server = await RunningServer.StartAsync(services: services => services.AddSingleton<IStorageSpace>(new Room(StorageSpaceState.Full)));
        var health = await server.Admin.GetAsync("/health");
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, health.Status);
        Assert.Equal(("degraded", "full", "full"), (health.Json.GetProperty("status").GetString(), health.Json.GetProperty("storage").GetString(), health.Json.GetProperty("details").GetProperty("disk").GetProperty("state").GetString()));
    }

    private sealed class Room(StorageSpaceState state) : IStorageSpace
    {
        public StorageSpaceReading Read() => new("/data", 1, 2, state);
    }

    private sealed class ShiftedTimestamps : TimeProvider
    {
        private long _timestamp;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _timestamp;

        public void Advance(TimeSpan by) => _timestamp += by.Ticks;
    }

    private sealed class CountingUpkeep : IHistoryUpkeep
    {
        private int _count;

        public bool Fails { get; set; }

        public Task<HistorySize> MeasureAsync(CancellationToken cancellationToken) =>
            Fails ? throw new StorageFailedException() : Task.FromResult(new HistorySize(1000 * ++_count, 0, 0, 0, 0, 0));

        public Task<CompactionResult> CompactAsync(DateTimeOffset now, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<int> SweepAsync(HistoryCutoffs cutoffs, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task NoteAliveAsync(DateTimeOffset now) => throw new NotSupportedException();
    }
}
