using System.Globalization;
using System.Net;
using StatusMonitor.Gateway.Tests.Alerts;
using StatusMonitor.Gateway.Tests.Postgres;
using StatusMonitor.Gateway.Tests.Support;
using StatusMonitor.Storage.Tests.Postgres;
using Xunit.Abstractions;

namespace StatusMonitor.Gateway.Tests.Standby;

/// <summary>
/// Two servers on one PostgreSQL, under load while the active one is killed, frozen, stopped or cut off from the database, and the database goes away. What was acknowledged must be in the history, once and
/// with its values, and each change of an alert must be told, and told once.
/// </summary>
public sealed class StandbyTests(ITestOutputHelper output)
{
    private const int Seed = 20261122;
    private const int Hosts = 3;

    [PostgresFact]
    public async Task WhateverHappensToTheActiveOne_TheOtherTakesOver_AndNothingIsLostOrDoubled()
    {
        using var cluster = new PostgresCluster();
        var database = cluster.EmptyDatabase("pair");
        await using var channel = await ChannelStandIn.StartAsync();
        using var first = new Folder();
        var story = await AlertStory.PrepareAsync(channel, first, Hosts, Seed, database);
        using var pair = new ServerPair(database);
        await pair.StartAsync(0);
        Assert.Equal(0, await pair.ActiveAsync());
        await pair.StartAsync(1);

        using var http = new HttpClient(pair.Either, disposeHandler: false) { BaseAddress = pair.Address(0) };
        using var end = new CancellationTokenSource();
        var reporting = story.RunAsync(http, () => { }, end.Token);
        await pair.Either.NextAnswer();

        await WaitsAsync(pair, 1, active: 0);
        await KillAsync(pair, story.Password);
        await FreezeAsync(pair);
        await StopAsync(pair);
        await CutOffAsync(pair);
        await LoseDatabaseAsync(pair, cluster);

        await end.CancelAsync();
        await Patience.For(reporting, () => $"the end of the reports; the servers said:\n{pair.Output}");
        await story.CalmAsync(http, () => pair.Output);
        using (var admin = await SignedIn.InAsync(pair.Address(await pair.ActiveAsync()), "admin", story.Password))
        {
            var (told, untold) = await story.VerifyAsync(admin, () => pair.Output);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{story.Machines.Sum(machine => machine.Acknowledged.Count)} reports acknowledged; {told + untold} incidents: {told} told of when they began and when they were over, {untold} over before anybody was told; {channel.Repeats} messages came twice"));
            Assert.True(told > 10, "Hardly anything was told; the test has tried nothing.");
        }

        for (var server = 0; server < 2; server++) pair[server].Terminate();
        for (var server = 0; server < 2; server++) Assert.Equal(0, await pair[server].EndAsync());
        await story.VerifyHistoryAsync(database);
    }

    [Fact]
    public async Task StandingByWithoutADatabase_IsRefused()
    {
        using var server = ServerProcess.Start("--standby", "true");
        Assert.Equal(2, await server.EndAsync());
        Assert.Equal("--standby: servers stand by for each other on one PostgreSQL; give --database.", server.Output);
    }

    /// <summary>Whoever starts it would otherwise look at a server that waits for ever.</summary>
    [Fact]
    public async Task StandingByWithAConnectionStringThatIsNone_EndsWithOneAndASentence()
    {
        using var data = new Folder();
        using var server = ServerProcess.Start("--port", "0", "--data", data, "--standby", "true", "--database", "Host=127.0.0.1;Password=hush;hush");
        Assert.Equal(1, await server.EndAsync());
        Assert.Contains("Write it as 'Host=...;Username=...;Database=...'", server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", server.Output, StringComparison.Ordinal);
    }

    /// <summary>One that waits lives, and says of everything else that it is not the one to ask, and which is.</summary>
    private static async Task WaitsAsync(ServerPair pair, int server, int active)
    {
        Answer? ready = null;
        await Patience.Until(async () => (ready = await pair.GetAsync(server, "/health/ready"))?.Text.Contains(ServerPair.Name(active), StringComparison.Ordinal) == true, () => $"it knows which is active; it said:\n{pair[server].Output}");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "/problems/standby"), (ready!.Status, ready.Json.GetProperty("type").GetString()));
        Assert.Equal("live", (await pair.GetAsync(server, "/health/live"))!.Json.GetProperty("status").GetString());
        using var http = new HttpClient { BaseAddress = pair.Address(server) };
        foreach (var path in new[] { "/", "/health", "/api/v1/hosts", "/hubs/live" })
        {
            using var refused = await http.GetAsync(path);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.Equal("2", refused.Headers.GetValues("Retry-After").Single());
        }

        using var report = await http.PostAsync("/api/v1/reports", new StringContent("{}"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, report.StatusCode);
    }

    /// <summary>Whoever was signed in still is: both sign sessions with the key in the database.</summary>
    private async Task KillAsync(ServerPair pair, string password)
    {
        var active = await pair.ActiveAsync();
        using var admin = await SignedIn.InAsync(pair.Address(active), "admin", password);
        await MeasureAsync(pair, "a kill", () => pair[active].KillAsync());
        using (var asked = await admin.Http.GetAsync(new Uri(pair.Address(1 - active), "/api/v1/hosts"))) Assert.Equal(HttpStatusCode.OK, asked.StatusCode);
        await pair.StartAsync(active);
        await WaitsAsync(pair, active, 1 - active);
    }

    /// <summary>It goes on after another has taken over, and may not answer anything then.</summary>
    private async Task FreezeAsync(ServerPair pair)
    {
        var active = await pair.ActiveAsync();
        await MeasureAsync(pair, "a freeze", () =>
        {
            pair[active].Freeze();
            return Task.CompletedTask;
        });
        pair[active].Thaw();
        Assert.Equal(3, await pair[active].EndAsync());
        Assert.Contains($"This server, {ServerPair.Name(active)}, is no longer the active one: {ServerPair.Name(1 - active)} has taken over.", pair[active].Output, StringComparison.Ordinal);
        await pair.StartAsync(active);
        await WaitsAsync(pair, active, 1 - active);
    }

    private async Task StopAsync(ServerPair pair)
    {
        var active = await pair.ActiveAsync();
        await MeasureAsync(pair, "a stop in order", async () =>
        {
            pair[active].Terminate();
            Assert.Equal(0, await pair[active].EndAsync());
        });
        await pair.StartAsync(active);
        await WaitsAsync(pair, active, 1 - active);
    }

    /// <summary>Nobody is told that the network is cut, not even the database: the active one finds out by itself, before another takes over.</summary>
    private async Task CutOffAsync(ServerPair pair)
    {
        var active = await pair.ActiveAsync();
        await MeasureAsync(pair, "a network that was cut", () =>
        {
            pair.Wire(active).Cut();
            return Task.CompletedTask;
        });
        Assert.Equal(3, await pair[active].EndAsync());
        Assert.Contains("is no longer the active one: the database has not answered for 2.5 s: ", pair[active].Output, StringComparison.Ordinal);
        pair.Wire(active).Mend();
        await pair.StartAsync(active);
        await WaitsAsync(pair, active, 1 - active);
    }

    /// <summary>Without the database nobody can know who is active; so nobody is, until it is there again.</summary>
    private async Task LoseDatabaseAsync(ServerPair pair, PostgresCluster cluster)
    {
        var active = await pair.ActiveAsync();
        cluster.Kill();
        Assert.Equal(3, await pair[active].EndAsync());
        Assert.Contains("is no longer the active one: the database has not answered for 2.5 s: ", pair[active].Output, StringComparison.Ordinal);
        await pair.StartAsync(active);
        for (var server = 0; server < 2; server++) Assert.Equal(HttpStatusCode.ServiceUnavailable, (await pair.GetAsync(server, "/health/ready"))?.Status);
        await MeasureAsync(pair, "the database's return", () =>
        {
            cluster.Start();
            return Task.CompletedTask;
        });
    }

    /// <summary>How long it takes until a report is acknowledged again. That is only said: on a machine that many share it is as long as it takes to start a process there.</summary>
    private async Task MeasureAsync(ServerPair pair, string what, Func<Task> happen)
    {
        var began = TimeProvider.System.GetTimestamp();
        await happen();
        var answered = await Patience.For(pair.Either.NextAnswer(), () => $"an answer after {what}; the servers said:\n{pair.Output}");
        var took = TimeProvider.System.GetElapsedTime(began, answered);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"reports are taken again {took.TotalSeconds:0.0} s after {what}"));
    }
}
