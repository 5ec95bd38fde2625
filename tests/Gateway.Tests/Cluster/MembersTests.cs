using System.Text.Json;
using StatusMonitor.Gateway.Tests.Postgres;
using StatusMonitor.Gateway.Tests.Standby;
using StatusMonitor.Gateway.Tests.Support;
using StatusMonitor.Storage.Postgres;
using StatusMonitor.Storage.Tests.Postgres;

namespace StatusMonitor.Gateway.Tests.Cluster;

/// <summary>What a server tells of the others on its database.</summary>
public sealed class MembersTests
{
    [PostgresFact]
    public async Task OthersAreShownAsTheySay_AndWhoSaysNothingIsGone()
    {
        var database = PostgresCluster.Shared.EmptyDatabase("members");
        await using var server = await RunningServer.StartAsync(options => (options.Database, options.ServerName) = (database, "here"));
        await using var table = new PostgresMembers(database, "statusmonitor");
        await using var elsewhere = new PostgresMembers(database, "another");
        const string Facts = """{"role":"silo","state":"active","version":"9.9.9","fromTheFuture":1,"figures":{"cores":2,"cpuPercent":7.5,"memoryBytes":3,"heapBytes":2,"activations":41,"kinds":[{"kind":"HostGrain","count":41}]}}""";
        var since = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        await table.BeatAsync("silo-1", "10.0.0.1:11111", since, Facts, CancellationToken.None);
        await table.BeatAsync("silo-2", "10.0.0.2:11111", since, Facts, CancellationToken.None);
        await table.BeatAsync("silo-3", "10.0.0.3:11111", since, "[]", CancellationToken.None);
        await elsewhere.BeatAsync("silo-4", "10.0.0.4:11111", since, Facts, CancellationToken.None);
        PostgresCluster.Execute(database, "update statusmonitor.members set beat_at = beat_at - interval '11 s' where name = 'silo-2'");

        var cluster = (await server.Admin.GetAsync("/api/v1/cluster")).Json;

        var members = cluster.GetProperty("members").EnumerateArray().ToArray();
        Assert.Equal(["here all active", "silo-1 silo active", "silo-2 silo gone", "silo-3 unknown unknown"], members.Select(Line));
        Assert.Equal((41, since), (members[1].GetProperty("figures").GetProperty("activations").GetInt32(), members[1].GetProperty("since").GetDateTimeOffset()));
        Assert.Equal(JsonValueKind.Null, members[2].GetProperty("figures").ValueKind);
        Assert.InRange(DateTimeOffset.UtcNow - members[2].GetProperty("heardAt").GetDateTimeOffset(), TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1));
        Assert.Equal("postgresql", cluster.GetProperty("storage").GetProperty("kind").GetString());
        Assert.Equal(JsonValueKind.Null, cluster.GetProperty("storage").GetProperty("disk").ValueKind);
        var told = (await server.Admin.GetAsync("/health")).Json.GetProperty("details").GetProperty("members").EnumerateArray().Select(Line);
        Assert.Equal(["here all active", "silo-1 silo active", "silo-2 silo gone", "silo-3 unknown unknown"], told);
        Assert.Empty(server.Errors.All);
    }

    [PostgresFact]
    public async Task WhileTheDatabaseIsAway_NothingIsClaimedOfTheOthers()
    {
        using var postgres = new PostgresCluster();
        var database = postgres.EmptyDatabase("members_away");
        await using var server = await RunningServer.StartAsync(options => (options.Database, options.ServerName) = (database, "here"));
        await using (var table = new PostgresMembers(database, "statusmonitor")) await table.BeatAsync("other", "10.0.0.1:1", DateTimeOffset.UnixEpoch, """{"role":"gateway","state":"active"}""", CancellationToken.None);
        var cluster = default(JsonElement);
        await Patience.Until(async () => (cluster = await ReadAsync()).GetProperty("storage").GetProperty("milliseconds").ValueKind == JsonValueKind.Number, () => $"the database answers; it said {cluster}");

        postgres.Stop();
        await Patience.Until(async () => !(cluster = await ReadAsync()).GetProperty("storage").GetProperty("isReachable").GetBoolean(), () => $"the database is missed; it said {cluster}");
        Assert.Equal(["here all active", "other gateway unknown"], cluster.GetProperty("members").EnumerateArray().Select(Line));
        Assert.Equal(JsonValueKind.Null, cluster.GetProperty("backlog").ValueKind);
        Assert.Equal(JsonValueKind.String, cluster.GetProperty("storage").GetProperty("awaySince").ValueKind);

        postgres.Start();
        await Patience.Until(async () => (cluster = await ReadAsync()).GetProperty("storage").GetProperty("isReachable").GetBoolean(), () => $"the database is found again; it said {cluster}");

        async Task<JsonElement> ReadAsync() => (await server.Admin.GetAsync("/api/v1/cluster")).Json;
    }

    [PostgresFact]
    public async Task AServerThatStandsBy_IsSeenWaiting_GoneWhenItIsKilled_AndLeftOutWhenItEnds()
    {
        using var postgres = new PostgresCluster();
        var database = postgres.EmptyDatabase("members_pair");
        using var pair = new ServerPair(database);
        await pair.StartAsync(0);
        Assert.Equal(0, await pair.ActiveAsync());
        await pair.StartAsync(1);
        using var admin = await SignedIn.InAsync(pair.Address(0), "admin", SignedIn.PrintedPassword(pair[0].Output)!);
        await SeenAsync("left all active", "right all waiting");
        Assert.Equal("pair", (await admin.GetAsync("/api/v1/cluster")).Json.GetProperty("shape").GetString());

        await pair[1].KillAsync();
        PostgresCluster.Execute(database, "update statusmonitor.members set beat_at = beat_at - interval '11 s' where name = 'right'");
        await SeenAsync("left all active", "right all gone");

        await pair.StartAsync(1);
        await Patience.Until(async () => (await LinesAsync()).Contains("right all waiting"), () => "it waits again");
        pair[1].Terminate();
        Assert.Equal(0, await pair[1].EndAsync());
        Assert.DoesNotContain("right all waiting", await LinesAsync());

        async Task SeenAsync(params string[] expected) =>
            await Patience.Until(async () => (await LinesAsync()).SequenceEqual(expected), () => $"{string.Join(", ", expected)}; it said {string.Join(", ", LinesAsync().Result)}\n{pair.Output}");

        async Task<string[]> LinesAsync() => [.. (await admin.GetAsync("/api/v1/cluster")).Json.GetProperty("members").EnumerateArray().Select(Line)];
    }

    private static string Line(JsonElement member) => $"{member.GetProperty("name").GetString()} {member.GetProperty("role").GetString()} {member.GetProperty("state").GetString()}";
}
