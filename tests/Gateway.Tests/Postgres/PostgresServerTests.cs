using System.Net;
using System.Net.Http.Json;
using StatusMonitor.Gateway.Tests.Support;
using StatusMonitor.Storage.Tests.Postgres;

namespace StatusMonitor.Gateway.Tests.Postgres;

/// <summary>The server with everything in PostgreSQL.</summary>
public sealed class PostgresServerTests : IDisposable
{
    private readonly Folder _data = new();

    public void Dispose() => _data.Dispose();

    [PostgresFact]
    public async Task WhatWasReported_IsThereAfterARestart_AndNothingIsInTheDataFolder()
    {
        var database = PostgresCluster.Shared.EmptyDatabase("server_tests");
        var at = ReportJson.Now();
        long id;
        await using (var server = await RunningServer.StartAsync(options => options.Database = database, data: _data))
        {
            var host = await server.EnrolAsync("web-1");
            id = host.Id;
            Assert.Equal((2, 0), await host.ReportAsync(ReportJson.Report(1, at - 5_000, ReportJson.Samples(new Dictionary<string, double> { ["cpu.percent"] = 12.5 })), ReportJson.Report(2, at, ReportJson.Samples(new Dictionary<string, double> { ["cpu.percent"] = 99 }))));
            Assert.Equal((0, 1), await host.ReportAsync(ReportJson.Report(2, at)));
            Assert.Empty(server.Errors.All);
        }

        Assert.Equal(2L, PostgresCluster.Execute(database, "select count(*) from statusmonitor.journal"));
        Assert.Equal("server.lock", Path.GetFileName(Assert.Single(Directory.GetFiles(_data.Path))));
        await using var again = await RunningServer.StartAsync(options => options.Database = database, data: _data);
        var found = await again.Http.GetAsync($"/api/v1/hosts/{id}");
        var samples = EnrolledHost.Read((await Answer.OfAsync(found)).Json);
        Assert.Equal([at - 5_000, at], samples.Keys);
        Assert.Equal([12.5, 99], samples.Values.Select(values => values["cpu.percent"]));
        var audit = (await Answer.OfAsync(await again.Http.GetAsync("/api/v1/audit"))).Text;
        Assert.Contains("host.create", audit, StringComparison.Ordinal);
        Assert.Empty(again.Errors.All);
    }

    [PostgresFact]
    public async Task ADatabaseThatMayNotGetLarger_RefusesReports_AndSaysHowLargeItMayBe()
    {
        await using var server = await RunningServer.StartAsync(options => (options.Database, options.DatabaseMaxSize) = (PostgresCluster.Shared.EmptyDatabase("large"), 1));
        var host = await server.EnrolAsync();
        await Patience.Until(async () => await StorageAsync(server) == (HttpStatusCode.ServiceUnavailable, "full"), () => "the size of the database");

        (await host.PostAsync(ReportJson.Batch(ReportJson.Report(1, ReportJson.Now())))).AssertProblem(HttpStatusCode.ServiceUnavailable, "storage-full");
        var disk = (await server.Admin.GetAsync("/health")).Json.GetProperty("details").GetProperty("disk");
        Assert.Equal((0, 1_000_000, "full"), (disk.GetProperty("freeBytes").GetInt64(), disk.GetProperty("totalBytes").GetInt64(), disk.GetProperty("state").GetString()));
        Assert.StartsWith("large on ", disk.GetProperty("path").GetString(), StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task ADatabaseThatIsAway_RefusesReports_SaysSoInHealth_AndIsTakenUpAgain()
    {
        using var cluster = new PostgresCluster();
        await using var server = await RunningServer.StartAsync(options => options.Database = cluster.EmptyDatabase("away"));
        var host = await server.EnrolAsync("before");
        var report = ReportJson.Report(1, ReportJson.Now());

        cluster.Stop();
        var refused = await host.PostAsync(ReportJson.Batch([report]));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.Status);
        Assert.Contains("storage-failed", refused.Text, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "failing"), await StorageAsync(server));

        // What grains keep cannot be changed either, which leaves them as they were.
        using var renamed = await server.Http.PatchAsJsonAsync($"/api/v1/hosts/{host.Id}", new { name = "after" });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, renamed.StatusCode);
        Assert.NotNull(renamed.Headers.RetryAfter);
        using var signIn = await server.Anonymous.PostAsJsonAsync("/api/v1/auth/login", new { username = "admin", password = server.Admin.Password });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, signIn.StatusCode);

        cluster.Start();
        Assert.Equal((1, 0), await host.ReportAsync(report));
        using var found = await server.Http.GetAsync($"/api/v1/hosts/{host.Id}");
        Assert.Equal("before", (await Answer.OfAsync(found)).Json.GetProperty("name").GetString());
        using var again = await server.Http.PatchAsJsonAsync($"/api/v1/hosts/{host.Id}", new { name = "after" });
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal((HttpStatusCode.OK, "ok"), await StorageAsync(server));
    }

    [PostgresFact]
    public async Task AnEmptyDatabase_BesideAFolderWithState_EndsWithOneAndASentence()
    {
        await (await RunningServer.StartAsync(data: _data)).DisposeAsync();
        var database = PostgresCluster.Shared.EmptyDatabase("server_beside_sqlite");

        using var server = ServerProcess.Start("--port", "0", "--data", _data, "--database", database);

        Assert.Equal(1, await server.EndAsync());
        Assert.Contains("has a SQLite database with accounts and hosts", server.Output, StringComparison.Ordinal);
        Assert.Contains("statusmonitor-server migrate --data", server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", server.Output, StringComparison.Ordinal);
        Assert.Equal(0L, PostgresCluster.Execute(database, "select count(*) from statusmonitor.grain_state"));
    }

    [Fact]
    public async Task ADatabaseThatCannotBeReached_EndsWithOneAndASentence_WithoutThePassword()
    {
        using var server = ServerProcess.Start("--port", "0", "--data", _data, "--database", "Host=127.0.0.1;Port=1;Username=me;Password=hush;Database=fleet");
        Assert.Equal(1, await server.EndAsync());
        Assert.Contains("The database 'fleet' on '127.0.0.1' cannot be used: ", server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AConnectionStringThatIsNone_EndsWithOneAndASentence_WithoutThePassword()
    {
        using var server = ServerProcess.Start("--port", "0", "--data", _data, "--database", "Host=127.0.0.1;Password=hush;hush");
        Assert.Equal(1, await server.EndAsync());
        Assert.Contains("Write it as 'Host=...;Username=...;Database=...'", server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", server.Output, StringComparison.Ordinal);
    }

    private static async Task<(HttpStatusCode Status, string? Storage)> StorageAsync(RunningServer server)
    {
        var health = await Answer.OfAsync(await server.Anonymous.GetAsync("/health"));
        return (health.Status, health.Json.GetProperty("storage").GetString());
    }
}
