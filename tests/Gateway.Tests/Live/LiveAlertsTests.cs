using System.Text.Json;
using StatusMonitor.Gateway.Live;
using StatusMonitor.Gateway.Tests.Alerts;
using StatusMonitor.Gateway.Tests.Support;
using StatusMonitor.Grains.Hosts;

namespace StatusMonitor.Gateway.Tests.Live;

/// <summary>Every browser hears what changes of the alerts that its account may see, unasked, and no more often than it can do something about it.</summary>
public sealed class LiveAlertsTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly RunningServer _server = shared.Server;

    [Fact]
    public async Task ABrowser_HearsOfItsOwnAlerts_AndOfNoOthers()
    {
        var (alice, bob) = (await _server.SignInAsync(), await _server.SignInAsync());
        var (hers, his) = (await _server.EnrolAsync("hers", alice), await _server.EnrolAsync("his", bob));
        await using var browser = await HubClient.ConnectAsync(_server, @as: bob);

        // Hers first: had it been told to him, it would be the first to come.
        await _server.FireAsync(alice.Id, hers, 1);
        var fired = await _server.FireAsync(bob.Id, his, 2);
        AssertNews(await browser.NextAsync("AlertsChanged"), fired.Id, his.Id);

        // Once it is shared, it is.
        await _server.ShareAsync(hers, bob.Id, HostAccess.Read);
        var shared = await _server.FireAsync(alice.Id, hers, 3);
        AssertNews(await browser.NextAsync("AlertsChanged"), shared.Id, hers.Id);
        await _server.ShareAsync(hers, bob.Id, HostAccess.None);
        await _server.FireAsync(alice.Id, hers, 4);
        var last = await _server.FireAsync(bob.Id, his, 5);
        AssertNews(await browser.NextAsync("AlertsChanged"), last.Id, his.Id);
    }

    [Fact]
    public async Task WhenSomebodyTakesItUp_EveryBrowserHearsIt()
    {
        var user = await _server.SignInAsync();
        var host = await _server.EnrolAsync("mine", user);
        var fired = await _server.FireAsync(user.Id, host, 1);
        await using var browser = await HubClient.ConnectAsync(_server, @as: user);
        await using var admins = await HubClient.ConnectAsync(_server);

        await user.SendAsync(HttpMethod.Post, $"/api/v1/incidents/{fired.Id}/acknowledge");

        AssertNews(await browser.NextAsync("AlertsChanged"), fired.Id, host.Id);
        await admins.NextAsync("AlertsChanged", news => news.GetProperty("incidents").EnumerateArray().Any(id => id.GetString() == fired.Id));
    }

    [Fact]
    public void Changes_AreToldAtOnceAfterAQuietTime_AndTogetherOtherwise()
    {
        var clock = new Clock();
        var pending = new PendingAlerts(clock);

        Assert.Equal(TimeSpan.Zero, pending.Add("7-1", 7));
        Assert.Null(pending.Add("7-2", 7));
        AssertNews(pending.Take(), ["7-1", "7-2"], [7]);
        Assert.Null(pending.Take());

        clock.Milliseconds = 100;
        Assert.Equal(TimeSpan.FromMilliseconds(150), pending.Add("7-3", 7));
        Assert.Null(pending.Add("8-1", 8));
        Assert.Null(pending.Add("7-3", 7));
        Assert.Null(pending.Take());
        clock.Milliseconds = 250;
        pending.IsDue = true;
        AssertNews(pending.Take(), ["7-3", "8-1"], [7, 8]);

        clock.Milliseconds = 500;
        Assert.Equal(TimeSpan.Zero, pending.Add("7-4", 7));
    }

    [Fact]
    public void MoreThanABrowserCanAskForOneByOne_IsToldAsAny()
    {
        var pending = new PendingAlerts(new Clock());
        for (var i = 0; i < 100; i++) pending.Add($"{i}", i);
        Assert.Equal(100, pending.Take()!.Incidents.Count);

        for (var i = 0; i < 10_000; i++) pending.Add($"{i}", i);
        pending.IsDue = true;
        AssertNews(pending.Take(), [], []);

        // And the next time they are named again.
        pending.Add("1", 1);
        pending.IsDue = true;
        AssertNews(pending.Take(), ["1"], [1]);
    }

    private static void AssertNews(AlertsNews? news, IEnumerable<string> incidents, IEnumerable<long> hosts)
    {
        Assert.NotNull(news);
        Assert.Equal(incidents, news.Incidents.Order(StringComparer.Ordinal));
        Assert.Equal(hosts, news.Hosts.Order());
    }

    private static void AssertNews(JsonElement news, string incident, long host) => Assert.Equal($$"""{"incidents":["{{incident}}"],"hosts":[{{host}}]}""", news.GetRawText());

    private sealed class Clock : TimeProvider
    {
        public long Milliseconds { get; set; }

        public override long TimestampFrequency => 1_000;

        public override long GetTimestamp() => Milliseconds;
    }
}
