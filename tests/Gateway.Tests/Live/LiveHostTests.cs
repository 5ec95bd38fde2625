using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StatusMonitor.Gateway.Live;
using StatusMonitor.Gateway.Tests.Support;
using StatusMonitor.Grains.Hosts;
using StatusMonitor.Grains.Live;

namespace StatusMonitor.Gateway.Tests.Live;

/// <summary>Watching one host.</summary>
public sealed class LiveHostTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly RunningServer _server = shared.Server;

    [Fact]
    public async Task Watcher_GetsTheSnapshotAndThenEverySampleInOrder()
    {
        var host = await _server.EnrolAsync("watched");
        var now = ReportJson.Now();
        await host.ReportAsync(ReportJson.Report(1, now, """{"cpu.percent":1}"""));
        await using var browser = await HubClient.ConnectAsync(_server);

        var snapshot = await browser.InvokeAsync("WatchHost", host.Id);
        Assert.Equal((host.Id, "watched", "online"), (snapshot.GetProperty("id").GetInt64(), snapshot.GetProperty("name").GetString(), snapshot.GetProperty("status").GetString()));
        Assert.Equal(1, EnrolledHost.Read(snapshot)[now]["cpu.percent"]);

        var watched = new WatchedHost(snapshot);
        for (var i = 1; i <= 50; i++)
        {
            // Series come and go meanwhile.
            await host.ReportAsync(ReportJson.Report(i + 1, now + i, i % 3 == 0 ? $$"""{"new{i={{i}}}":{{i}},"cpu.percent":{{i}}}""" : $$"""{"cpu.percent":{{i}}}"""));
        }

        while (watched.Times.LastOrDefault() < now + 50) watched.Apply(await browser.NextAsync(() => "the samples of all 50 reports"));
        Assert.Equal(Enumerable.Range(1, 50).Select(i => now + i), watched.Times);
        Assert.Equal(await host.ReadAsync(), watched.Samples.Prepend(KeyValuePair.Create(now, new Dictionary<string, double> { ["cpu.percent"] = 1 })));
        Assert.All(watched.Statuses, status => Assert.Equal("online", status));
        Assert.NotEmpty(watched.Statuses);
    }

    [Fact]
    public async Task FirstReportOfAPendingHost_ReachesItsWatcher()
    {
        var host = await _server.EnrolAsync();
        await using var browser = await HubClient.ConnectAsync(_server);
        Assert.Equal("pending", (await browser.InvokeAsync("WatchHost", host.Id)).GetProperty("status").GetString());

        var now = ReportJson.Now();
        await host.ReportAsync(ReportJson.Report(1, now, """{"cpu.percent":7}"""));
        var samples = await browser.NextAsync("HostSamples");
        Assert.Equal(0, samples.GetProperty("firstNewSeries").GetInt32());
        Assert.Equal("cpu.percent", samples.GetProperty("newSeries")[0].GetProperty("name").GetString());
        Assert.Equal((now, 7), (samples.GetProperty("samples")[0].GetProperty("at").GetInt64(), samples.GetProperty("samples")[0].GetProperty("values")[0].GetDouble()));
        var status = await browser.NextAsync("HostStatus");
        Assert.Equal((host.Id, "online"), (status.GetProperty("id").GetInt64(), status.GetProperty("status").GetString()));
    }

    [Fact]
    public async Task HostThatFallsSilentAndComesBack_TellsItsWatcher()
    {
        await using var server = await RunningServer.StartAsync(services: services => services.Configure<HostOptions>(options =>
        {
            options.LateAfterIntervals = 1;
            options.OfflineAfterIntervals = 2;
            options.MinOfflineAfter = TimeSpan.Zero;
        }));
        var host = await server.EnrolAsync();
        await host.ReportAsync(ReportJson.Report(1, ReportJson.Now(), interval: 1));
        await using var browser = await HubClient.ConnectAsync(server);
        await browser.InvokeAsync("WatchHost", host.Id);

        foreach (var status in new[] { "late", "offline" }) await browser.NextAsync("HostStatus", change => change.GetProperty("status").GetString() == status);
        Assert.Equal("offline", (await host.GetAsync()).GetProperty("status").GetString());
        await host.ReportAsync(ReportJson.Report(2, ReportJson.Now(), interval: 300));
        await browser.NextAsync("HostStatus", change => change.GetProperty("status").GetString() == "online");
    }

    [Fact]
    public async Task ManyWatchers_AreOneSubscription()
    {
        var host = await _server.EnrolAsync();
        var browsers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => HubClient.ConnectAsync(_server)));
        try
        {
            await Task.WhenAll(browsers.Select(browser => browser.InvokeAsync("WatchHost", host.Id)));
            Assert.Equal(1, await SubscriptionsAsync(host));

            var now = ReportJson.Now();
            await host.ReportAsync(ReportJson.Report(1, now));
            foreach (var browser in browsers) Assert.Equal(now, (await browser.NextAsync("HostSamples")).GetProperty("samples")[0].GetProperty("at").GetInt64());

            foreach (var browser in browsers[1..]) await browser.InvokeAsync("UnwatchHost", host.Id);
            await host.ReportAsync(ReportJson.Report(2, now + 1));
            Assert.Equal(now + 1, (await browsers[0].NextAsync("HostSamples")).GetProperty("samples")[0].GetProperty("at").GetInt64());
            Assert.Equal(1, await SubscriptionsAsync(host));

            await browsers[0].CloseAsync();
            await Patience.Until(async () => await SubscriptionsAsync(host) == 0, () => "the end of the subscription after the last watcher went");
        }
        finally
        {
            foreach (var browser in browsers) await browser.DisposeAsync();
        }
    }

    [Fact]
    public async Task BrowserThatVanishes_IsForgotten()
    {
        var host = await _server.EnrolAsync();
        var browser = await HubClient.ConnectAsync(_server);
        await browser.InvokeAsync("WatchHost", host.Id);
        await browser.InvokeAsync("WatchFleet", (object?)null);
        Assert.Equal(1, await SubscriptionsAsync(host));
        await browser.DisposeAsync();
        await Patience.Until(async () => await SubscriptionsAsync(host) == 0, () => "the end of the subscription after the browser vanished");
        await host.ReportAsync(ReportJson.Report(1, ReportJson.Now()));
    }

    [Fact]
    public async Task HostNobodyWatchesAnyMore_SendsNothing()
    {
        var (left, kept) = (await _server.EnrolAsync("left"), await _server.EnrolAsync("kept"));
        await using var browser = await HubClient.ConnectAsync(_server);
        await browser.InvokeAsync("WatchHost", left.Id);
        await browser.InvokeAsync("WatchHost", kept.Id);
        await browser.InvokeAsync("UnwatchHost", left.Id);
        await browser.InvokeAsync("UnwatchHost", left.Id);
        await browser.InvokeAsync("UnwatchHost", 999_999);

        var now = ReportJson.Now();
        await left.ReportAsync(ReportJson.Report(1, now));
        await kept.ReportAsync(ReportJson.Report(1, now));
        var first = await browser.NextAsync(() => "the sample of the host that is still watched");
        Assert.Equal(kept.Id, first.Argument.GetProperty("id").GetInt64());

        // Watched again it is as the first time.
        Assert.Single((await browser.InvokeAsync("WatchHost", left.Id)).GetProperty("times").EnumerateArray());
        await left.ReportAsync(ReportJson.Report(2, now + 1));

        // Streams take their time: what was published while nobody watched may still come, after the snapshot that has it already.
        await browser.NextAsync("HostSamples", samples => samples.GetProperty("id").GetInt64() == left.Id && samples.GetProperty("samples").EnumerateArray().Last().GetProperty("at").GetInt64() == now + 1);
    }

    [Fact]
    public async Task WatchingAgain_GivesANewSnapshotAndNothingTwice()
    {
        var host = await _server.EnrolAsync();
        await using var browser = await HubClient.ConnectAsync(_server);
        var now = ReportJson.Now();
        await browser.InvokeAsync("WatchHost", host.Id);
        for (var i = 0; i < 20; i++)
        {
            await host.ReportAsync(ReportJson.Report(i, now + i));
            var times = (await browser.InvokeAsync("WatchHost", host.Id)).GetProperty("times").EnumerateArray().Select(time => time.GetInt64()).ToArray();
            Assert.Equal(Enumerable.Range(0, i + 1).Select(step => now + step), times);
        }

        Assert.Equal(1, await SubscriptionsAsync(host));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(999_999)]
    public async Task UnknownHost_IsRefused(long id)
    {
        await using var browser = await HubClient.ConnectAsync(_server);
        Assert.Contains($"Host {id} not found", await browser.InvokeRefusedAsync("WatchHost", id), StringComparison.Ordinal);
    }

    [Fact]
    public async Task MoreHostsThanAConnectionMayWatch_AreRefused()
    {
        await using var browser = await HubClient.ConnectAsync(_server);
        var hosts = await Task.WhenAll(Enumerable.Range(0, LiveFeeds.MaxHostsPerConnection + 1).Select(_ => _server.EnrolAsync()));
        foreach (var host in hosts[..^1]) await browser.InvokeAsync("WatchHost", host.Id);
        Assert.Contains($"{LiveFeeds.MaxHostsPerConnection} hosts", await browser.InvokeRefusedAsync("WatchHost", hosts[^1].Id), StringComparison.Ordinal);

        await browser.InvokeAsync("WatchHost", hosts[0].Id);
        await browser.InvokeAsync("UnwatchHost", hosts[0].Id);
        await browser.InvokeAsync("WatchHost", hosts[^1].Id);
    }

    [Fact]
    public async Task CallsThatMakeNoSense_AreRefusedAndTheConnectionStays()
    {
        var host = await _server.EnrolAsync();
        await using var browser = await HubClient.ConnectAsync(_server);
        Assert.NotEmpty(await browser.InvokeRefusedAsync("WatchHost", "text"));
        Assert.NotEmpty(await browser.InvokeRefusedAsync("WatchHost", 1.5));
        Assert.NotEmpty(await browser.InvokeRefusedAsync("WatchHost"));
        Assert.NotEmpty(await browser.InvokeRefusedAsync("WatchHost", 1, 2));
        Assert.NotEmpty(await browser.InvokeRefusedAsync("DropTables", host.Id));
        Assert.Equal(host.Id, (await browser.InvokeAsync("WatchHost", host.Id)).GetProperty("id").GetInt64());
    }

    [Theory]
    [InlineData("large")]
    [InlineData("garbage")]
    public async Task MessageThatIsNone_EndsItsConnectionAlone(string how)
    {
        var host = await _server.EnrolAsync();
        await using var bystander = await HubClient.ConnectAsync(_server);
        await bystander.InvokeAsync("WatchHost", host.Id);
        await using var browser = await HubClient.ConnectAsync(_server);
        await browser.SendRawAsync(how == "large" ? $$"""{"type":1,"target":"{{new string('x', 20 * 1024)}}","arguments":[]}""" : "{{{{");
        await browser.ClosedAsync();

        var now = ReportJson.Now();
        await host.ReportAsync(ReportJson.Report(1, now));
        Assert.Equal(now, (await bystander.NextAsync("HostSamples")).GetProperty("samples")[0].GetProperty("at").GetInt64());
    }

    [Fact]
    public async Task BrowserThatDoesNotRead_IsToldToStartOverAndHoldsNobodyUp()
    {
        var host = await _server.EnrolAsync();
        await using var slow = await HubClient.ConnectAsync(_server, withSmallBuffer: true);
        await using var quick = await HubClient.ConnectAsync(_server);
        var now = ReportJson.Now();
        const int Series = 300, PerBatch = 32, Batches = 120;
        string Samples(int i) => ReportJson.Samples(Enumerable.Range(0, Series).Select(series => KeyValuePair.Create($"s{{i={series}}}", i * 1000.0 + series)));
        await host.ReportAsync(ReportJson.Report(0, now, Samples(0)));
        await slow.InvokeAsync("WatchHost", host.Id);
        await quick.InvokeAsync("WatchHost", host.Id);

        // The quick one reads along; told to start over, because the machine is busy, it does.
        var last = now + Batches * PerBatch;
        var following = Task.Run(async () =>
        {
            while (true)
            {
                var (method, argument) = await quick.NextAsync(() => "the last sample at the browser that reads");
                var newest = method switch
                {
                    "HostSamples" => argument.GetProperty("samples").EnumerateArray().Last().GetProperty("at").GetInt64(),
                    "Resync" => (await quick.InvokeAsync("WatchHost", host.Id)).GetProperty("times").EnumerateArray().Last().GetInt64(),
                    _ => 0,
                };
                if (newest == last) return;
            }
        });
        for (var batch = 0; batch < Batches; batch++)
        {
            await host.ReportAsync([.. Enumerable.Range(batch * PerBatch + 1, PerBatch).Select(i => ReportJson.Report(i, now + i, Samples(i)))]);
        }

        await following;

        // Only now the slow one reads again. What was kept for it is little, and then it is told what it missed.
        var before = slow.BytesRead;
        var samples = 0;
        while (true)
        {
            var (method, argument) = await slow.NextAsync(() => "Resync at the browser that did not read");
            if (method == "HostSamples") samples += argument.GetProperty("samples").GetArrayLength();
            if (method != "Resync") continue;
            Assert.Equal(host.Id, argument.GetProperty("hostId").GetInt64());
            break;
        }

        Assert.InRange(samples, 0, Batches * PerBatch / 2);
        Assert.InRange(slow.BytesRead - before, 0, 4 * 1024 * 1024);
        Assert.Equal(last, (await slow.InvokeAsync("WatchHost", host.Id)).GetProperty("times").EnumerateArray().Last().GetInt64());
        await host.ReportAsync(ReportJson.Report(1_000_000, last + 1));
        await slow.NextAsync("HostSamples", message => message.GetProperty("samples").EnumerateArray().Last().GetProperty("at").GetInt64() == last + 1);
    }

    private Task<int> SubscriptionsAsync(EnrolledHost host) =>
        _server.Services.GetRequiredService<IClusterClient>().GetGrain<ILiveTopicGrain>(LiveTopics.Host(host.Id)).CountSubscriptions();

    /// <summary>A host as a page of the dashboard would follow it.</summary>
    private sealed class WatchedHost(JsonElement snapshot)
    {
        private readonly List<string> _series = [.. snapshot.GetProperty("series").EnumerateArray().Select(series => series.GetProperty("name").GetString()!)];

        public List<long> Times { get; } = [];

        public SortedDictionary<long, Dictionary<string, double>> Samples { get; } = [];

        public List<string> Statuses { get; } = [];

        public void Apply((string Method, JsonElement Argument) message)
        {
            var (method, argument) = message;
            if (method == "HostStatus")
            {
                Statuses.Add(argument.GetProperty("status").GetString()!);
                return;
            }

            Assert.Equal("HostSamples", method);
            var first = argument.GetProperty("firstNewSeries").GetInt32();
            Assert.InRange(first, 0, _series.Count);
            foreach (var (series, index) in argument.GetProperty("newSeries").EnumerateArray().Select((series, index) => (series.GetProperty("name").GetString()!, index)))
            {
                if (first + index == _series.Count) _series.Add(series);
                else Assert.Equal(_series[first + index], series);
            }

            foreach (var sample in argument.GetProperty("samples").EnumerateArray())
            {
                var at = sample.GetProperty("at").GetInt64();
                Times.Add(at);
                Samples.Add(at, sample.GetProperty("values").EnumerateArray()
                    .Select((value, index) => (value, index))
                    .Where(pair => pair.value.ValueKind != JsonValueKind.Null)
                    .ToDictionary(pair => _series[pair.index], pair => pair.value.GetDouble()));
            }
        }
    }
}
