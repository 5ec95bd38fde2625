using System.Net;
using System.Text.Json;
using StatusMonitor.Gateway.Tests.Support;

namespace StatusMonitor.Gateway.Tests.Cluster;

/// <summary>What a single server says of itself: a cluster of one.</summary>
public sealed class ClusterApiTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly RunningServer _server = shared.Server;

    [Fact]
    public async Task ASingleServer_IsAClusterOfOne_WithItsFigures()
    {
        await using var page = await HubClient.ConnectAsync(_server.Address, _server.Admin.AccessToken);
        var host = await _server.EnrolAsync();
        var (own, cluster, sequence) = (default(JsonElement), default(JsonElement), 0);

        // Rates are over the time between two looks, so reports go on until one of those has seen some.
        await Patience.Until(
            async () =>
            {
                await host.ReportAsync(ReportJson.Report(++sequence, ReportJson.Now() + sequence));
                cluster = (await _server.Admin.GetAsync("/api/v1/cluster")).Json;
                own = cluster.GetProperty("members")[0];
                var figures = own.GetProperty("figures");
                return figures.GetProperty("reportsPerSecond").GetDouble() > 0 && figures.GetProperty("rowsPerSecond").GetDouble() > 0 && figures.GetProperty("liveConnections").GetInt32() == 1;
            },
            () => $"reports, rows and a connection; it said: {cluster}");

        Assert.Equal(("single", "statusmonitor", 1), (Text(cluster, "shape"), Text(cluster, "name"), cluster.GetProperty("members").GetArrayLength()));
        Assert.Equal((Environment.MachineName, $"127.0.0.1:{_server.Address.Port}", "all", "active", true), (Text(own, "name"), Text(own, "address"), Text(own, "role"), Text(own, "state"), own.GetProperty("isThis").GetBoolean()));
        Assert.Matches(@"^\d+\.\d+\.\d+", Text(own, "version"));
        Assert.InRange(own.GetProperty("since").GetDateTimeOffset(), DateTimeOffset.UtcNow.AddHours(-1), own.GetProperty("heardAt").GetDateTimeOffset());

        var of = own.GetProperty("figures");
        Assert.InRange(of.GetProperty("cpuPercent").GetDouble(), 0, 100);
        Assert.InRange(of.GetProperty("heapBytes").GetInt64(), 1_000_000, of.GetProperty("memoryBytes").GetInt64());
        Assert.Equal("ok", Text(of, "storage"));
        Assert.Equal(["rows:50000", "bodies:67108864", "passwords:64"], of.GetProperty("queues").EnumerateArray().Select(queue => $"{Text(queue, "name")}:{queue.GetProperty("bound")}"));
        var kinds = of.GetProperty("kinds").EnumerateArray().ToDictionary(kind => Text(kind, "kind"), kind => kind.GetProperty("count").GetInt32());
        Assert.True(kinds["HostGrain"] >= 1, "The host that reports is one.");
        Assert.True(kinds["FleetGrain"] >= 1, "It is in a shard of the fleet.");
        Assert.Equal(kinds.Values.Sum(), of.GetProperty("activations").GetInt32());

        var storage = cluster.GetProperty("storage");
        Assert.Equal(("sqlite", true), (Text(storage, "kind"), storage.GetProperty("isReachable").GetBoolean()));
        Assert.True(storage.GetProperty("disk").GetProperty("freeBytes").GetInt64() > 0);
        Assert.True(storage.GetProperty("history").GetProperty("totalBytes").GetInt64() > 0);
        Assert.Equal((0, 0, 100_000), (Count("transitions"), Count("notifications"), Count("boundPerAccount")));

        int Count(string name) => cluster.GetProperty("backlog").GetProperty(name).GetInt32();
    }

    [Fact]
    public async Task Others_AreNotTold()
    {
        using var stranger = await _server.Anonymous.GetAsync("/api/v1/cluster");
        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
        var refused = await (await _server.SignInAsync()).GetAsync("/api/v1/cluster");
        Assert.Equal((HttpStatusCode.Forbidden, "/problems/not-allowed"), (refused.Status, Text(refused.Json, "type")));
        Assert.DoesNotContain("members", refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_TellsAdministratorsOfTheMembers()
    {
        var member = (await _server.Admin.GetAsync("/health")).Json.GetProperty("details").GetProperty("members").EnumerateArray().Single();
        Assert.Equal(["name", "address", "role", "state", "since", "version"], member.EnumerateObject().Select(property => property.Name));
        Assert.Equal(("all", "active"), (Text(member, "role"), Text(member, "state")));
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
