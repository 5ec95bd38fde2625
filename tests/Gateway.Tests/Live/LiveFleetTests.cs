using System.Text.Json;
using StatusMonitor.Gateway.Tests.Support;

namespace StatusMonitor.Gateway.Tests.Live;

/// <summary>Watching a page of the fleet.</summary>
public sealed class LiveFleetTests : IAsyncLifetime
{
    private RunningServer _server = null!;

    public async Task InitializeAsync() => _server = await RunningServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Watcher_GetsThePageAndThenItsChanges()
    {
        var host = await _server.EnrolAsync("one");
        await using var browser = await HubClient.ConnectAsync(_server);

        var page = await browser.InvokeAsync("WatchFleet", (object?)null);
        Assert.Equal((1, 1), (page.GetProperty("matched").GetInt32(), page.GetProperty("counts").GetProperty("pending").GetInt32()));
        Assert.Equal(("one", "pending"), NameAndStatus(Assert.Single(page.GetProperty("rows").EnumerateArray())));

        await host.ReportAsync(ReportJson.Report(1, ReportJson.Now(), """{"cpu.percent":42}"""));
        var change = await browser.NextAsync("FleetChanged");
        Assert.Equal(1, change.GetProperty("counts").GetProperty("online").GetInt32());
        var row = Assert.Single(change.GetProperty("rows").EnumerateArray());
        Assert.Equal(("one", "online"), NameAndStatus(row));
        Assert.Equal(42, row.GetProperty("cpuPercent").GetDouble());
    }

    [Fact]
    public async Task Page_IsTheQueryAndOnlyItsRowsAreSent()
    {
        var shown = await _server.EnrolAsync("web-1");
        var hidden = await _server.EnrolAsync("db-1");
        await using var browser = await HubClient.ConnectAsync(_server);
        var page = await browser.InvokeAsync("WatchFleet", new { search = "web", sort = "cpu", descending = true, limit = 5 });
        Assert.Equal(["web-1"], Names(page));
        Assert.Equal(2, page.GetProperty("counts").GetProperty("total").GetInt32());

        await hidden.ReportAsync(ReportJson.Report(1, ReportJson.Now()));
        var change = await browser.NextAsync("FleetChanged", message => message.GetProperty("counts").GetProperty("online").GetInt32() == 1);
        Assert.Empty(change.GetProperty("rows").EnumerateArray());
        await shown.ReportAsync(ReportJson.Report(1, ReportJson.Now()));
        change = await browser.NextAsync("FleetChanged", message => message.GetProperty("rows").GetArrayLength() > 0);
        Assert.Equal(["web-1"], Names(change));
    }

    [Fact]
    public async Task PageThatIsMadeUpOfOtherHostsNow_IsToBeAskedForAgain()
    {
        var host = await _server.EnrolAsync("one");
        await using var browser = await HubClient.ConnectAsync(_server);
        Assert.Empty(Names(await browser.InvokeAsync("WatchFleet", new { status = "online" })));

        // One change and then silence: nothing else will bring the page up to date.
        await host.ReportAsync(ReportJson.Report(1, ReportJson.Now(), interval: 300));
        Assert.Equal(JsonValueKind.Null, (await browser.NextAsync("Resync")).GetProperty("hostId").ValueKind);
        Assert.Equal(["one"], Names(await browser.InvokeAsync("WatchFleet", new { status = "online" })));

        await _server.EnrolAsync("two");
        Assert.Equal(["one"], Names(await browser.InvokeAsync("WatchFleet", new { status = "online" })));
    }

    [Fact]
    public async Task HostAddedElsewhere_ComesToThePage()
    {
        await using var browser = await HubClient.ConnectAsync(_server);
        Assert.Empty(Names(await browser.InvokeAsync("WatchFleet", (object?)null)));
        await _server.EnrolAsync("new");
        await browser.NextAsync("Resync");
        Assert.Equal(["new"], Names(await browser.InvokeAsync("WatchFleet", (object?)null)));
    }

    [Fact]
    public async Task SecondQuery_ReplacesTheFirst()
    {
        var (one, two) = (await _server.EnrolAsync("one"), await _server.EnrolAsync("two"));
        await using var browser = await HubClient.ConnectAsync(_server);
        await browser.InvokeAsync("WatchFleet", new { search = "one" });
        Assert.Equal(["two"], Names(await browser.InvokeAsync("WatchFleet", new { search = "two" })));
        await one.ReportAsync(ReportJson.Report(1, ReportJson.Now()));
        await two.ReportAsync(ReportJson.Report(1, ReportJson.Now()));
        Assert.Equal(["two"], Names(await browser.NextAsync("FleetChanged", message => message.GetProperty("rows").GetArrayLength() > 0)));
    }

    [Fact]
    public async Task WatcherThatStopped_GetsNothingMore()
    {
        var host = await _server.EnrolAsync("one");
        await using var gone = await HubClient.ConnectAsync(_server);
        await using var still = await HubClient.ConnectAsync(_server);
        await gone.InvokeAsync("WatchFleet", (object?)null);
        await still.InvokeAsync("WatchFleet", (object?)null);
        await gone.InvokeAsync("UnwatchFleet");
        await gone.InvokeAsync("UnwatchFleet");

        await host.ReportAsync(ReportJson.Report(1, ReportJson.Now()));
        await still.NextAsync("FleetChanged");
        await gone.InvokeAsync("WatchHost", host.Id);
        await host.ReportAsync(ReportJson.Report(2, ReportJson.Now() + 1));
        Assert.Equal("HostSamples", (await gone.NextAsync(() => "the host's samples")).Method);
    }

    [Fact]
    public async Task FleetWatchedAgainAfterItsLastWatcher_IsComplete()
    {
        await _server.EnrolAsync("one");
        for (var i = 0; i < 3; i++)
        {
            await using var browser = await HubClient.ConnectAsync(_server);
            Assert.Equal(1 + i, Names(await browser.InvokeAsync("WatchFleet", (object?)null)).Count());
            await browser.InvokeAsync("UnwatchFleet");
            await _server.EnrolAsync($"more {i}");
        }
    }

    [Theory]
    [InlineData("""{"limit":0}""", "limit")]
    [InlineData("""{"limit":201}""", "limit")]
    [InlineData("""{"sort":"colour"}""", "sort")]
    [InlineData("""{"status":"gone"}""", "status")]
    [InlineData("""{"offset":-1}""", "offset")]
    public async Task BadQuery_IsRefusedByItsField(string query, string field)
    {
        await using var browser = await HubClient.ConnectAsync(_server);
        Assert.Contains(field, await browser.InvokeRefusedAsync("WatchFleet", JsonDocument.Parse(query).RootElement), StringComparison.Ordinal);
        Assert.Empty(Names(await browser.InvokeAsync("WatchFleet", (object?)null)));
    }

    private static (string? Name, string? Status) NameAndStatus(JsonElement row) => (row.GetProperty("name").GetString(), row.GetProperty("status").GetString());

    private static IEnumerable<string?> Names(JsonElement page) => page.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("name").GetString());
}
