using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StatusMonitor.Cluster.Tests.Support;
using StatusMonitor.Gateway.Tests.Support;
using StatusMonitor.Storage.Postgres;
using StatusMonitor.Storage.Tests.Postgres;
using Xunit.Abstractions;

namespace StatusMonitor.Cluster.Tests;

/// <summary>Two silos and two gateways, of which something dies while hosts report.</summary>
public sealed class LostSiloTests(ITestOutputHelper output)
{
    private const int Hosts = 16;

    /// <summary>How soon reports have to be accepted again.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>How soon a page has to show every host's samples again: the time in which the others find out, a renewal, and one more try.</summary>
    private static readonly TimeSpan LongestUnseen = TimeSpan.FromSeconds(20);

    [ClusterFact]
    public async Task KilledSilo_IsMadeUpForWithinSecondsAndNothingIsLostOrDoubled()
    {
        using var cluster = await ClusterProcesses.StartAsync("lost_silo", PostgresCluster.Shared.EmptyDatabase("lost_silo"), silos: 2, gateways: 2);
        using var admin = await SignedIn.InAsync(cluster.Addresses[0], "admin", cluster.AdminPassword!);
        var clients = cluster.Addresses.ConvertAll(address => new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(10) });
        var agents = new List<Agent>();
        for (var number = 0; number < Hosts; number++)
        {
            using var made = await admin.Http.PostAsync("/api/v1/hosts", EnrolledHost.Json(Encoding.UTF8.GetBytes($$"""{"name":"host {{number}}"}""")));
            var host = (await Answer.OfAsync(made)).Json;
            agents.Add(new Agent(host.GetProperty("id").GetInt64(), host.GetProperty("token").GetString()!, clients, number % clients.Count));
        }

        using var end = new CancellationTokenSource();
        var reporting = Task.WhenAll(agents.Select(agent => agent.RunAsync(end.Token)));
        await using var browser = await HubClient.ConnectAsync(cluster.Addresses[1], admin.AccessToken);
        foreach (var agent in agents) await browser.InvokeAsync("WatchHost", agent.HostId);
        await Patience.Until(() => Task.FromResult(agents.TrueForAll(agent => agent.Count >= 20)), () => "20 reports of each host", TimeSpan.FromMinutes(2));

        var died = Stopwatch.GetTimestamp();
        await cluster.Silos[0].KillAsync();
        var seen = await WatchAgainAsync(browser, agents, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        await Patience.Until(() => Task.FromResult(agents.TrueForAll(agent => agent.LastAt > died + 15 * Stopwatch.Frequency)), () => "reports after the death", TimeSpan.FromMinutes(2));
        await cluster.RestartSiloAsync(0);
        var before = agents.ConvertAll(agent => agent.Count);
        await Patience.Until(() => Task.FromResult(agents.Select((agent, i) => agent.Count >= before[i] + 10).All(isDone => isDone)), () => "reports after a new silo came", TimeSpan.FromMinutes(2));
        await end.CancelAsync();
        await reporting;
        foreach (var client in clients) client.Dispose();

        // How long each host had to wait for an acknowledgement, at most.
        var gaps = agents.ConvertAll(agent => agent.Acknowledged.Zip(agent.Acknowledged.Skip(1), (one, next) => Stopwatch.GetElapsedTime(one.At, next.At)).Max());
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{agents.Sum(agent => agent.Count)} acknowledged, {agents.Sum(agent => agent.Failures)} tries failed, {agents.Sum(agent => agent.Repeated)} were there already; longest waits {string.Join(' ', gaps.Order().Select(gap => $"{gap.TotalSeconds:0.0}"))} s"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seen live again after {string.Join(' ', seen.Order().Select(after => $"{after.TotalSeconds:0.0}"))} s"));
        output.WriteLine(string.Join("; ", agents.SelectMany(agent => agent.Reasons).Distinct()));
        await VerifyHistoryAsync(cluster.Database, agents);
        Assert.True(gaps.Max() <= Longest, $"A host waited {gaps.Max().TotalSeconds:0.0} s.");
        Assert.True(agents.Sum(agent => agent.Failures) > 0, "The death hit no request; the test has tried nothing.");
    }

    /// <summary>As a page does: watches anew when it is told to. Over once each host was seen live with a sample of a second after the death or later; gives when that was.</summary>
    private static async Task<List<TimeSpan>> WatchAgainAsync(HubClient browser, List<Agent> agents, long diedAt)
    {
        var began = Stopwatch.GetTimestamp();
        var waiting = agents.Select(agent => agent.HostId).ToHashSet();
        var seen = new List<TimeSpan>();
        while (waiting.Count > 0)
        {
            var (method, argument) = await browser.NextAsync(() => $"live samples of the hosts {string.Join(", ", waiting)} after the death");
            if (method == "Resync" && argument.GetProperty("hostId").ValueKind != JsonValueKind.Null) await browser.InvokeAsync("WatchHost", argument.GetProperty("hostId").GetInt64());
            if (method == "HostSamples" && argument.GetProperty("samples").EnumerateArray().Last().GetProperty("at").GetInt64() > diedAt + 1_000 && waiting.Remove(argument.GetProperty("id").GetInt64()))
            {
                seen.Add(Stopwatch.GetElapsedTime(began));
            }

            Assert.True(Stopwatch.GetElapsedTime(began) < LongestUnseen, $"After {LongestUnseen.TotalSeconds} s nothing was seen live of the hosts {string.Join(", ", waiting)}.");
        }

        return seen;
    }

    private static async Task VerifyHistoryAsync(string database, List<Agent> agents)
    {
        await using var store = new PostgresStore(Options.Create(new PostgresOptions { ConnectionString = database }), TimeProvider.System, NullLogger<PostgresStore>.Instance);
        var history = new PostgresHistory(store);
        foreach (var agent in agents)
        {
            var series = await history.ReadSeriesAsync(agent.HostId, CancellationToken.None);
            var samples = await history.ReadSamplesAsync(agent.HostId, [.. series.Select(entry => entry.Id)], 0, long.MaxValue, CancellationToken.None);
            Assert.Equal(agent.Acknowledged.Select(sample => sample.Time), samples.Times);
            Assert.Equal(samples.Times.Select(time => time % 1000 / 10.0), samples.Columns.Single().Values);
        }
    }
}
