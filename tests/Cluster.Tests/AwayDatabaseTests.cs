using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using StatusMonitor.Cluster.Tests.Support;
using StatusMonitor.Gateway.Tests.Support;
using StatusMonitor.Storage.Tests.Postgres;

namespace StatusMonitor.Cluster.Tests;

/// <summary>A silo and a gateway whose database goes away while grains that it would have to be asked for are not in memory.</summary>
public sealed class AwayDatabaseTests
{
    /// <summary>What a grain that cannot be read fails with has to reach the process that asked: it says that this is over sometime, and an agent or a person that asks again.</summary>
    [ClusterFact]
    public async Task GrainsThatCannotBeRead_AreAskedForAgainLater()
    {
        using var postgres = new PostgresCluster();
        using var cluster = await ClusterProcesses.StartAsync("away_database", postgres.EmptyDatabase("away_database"), silos: 1, gateways: 1);
        using var admin = await SignedIn.InAsync(cluster.Addresses[0], "admin", cluster.AdminPassword!);
        using var made = await admin.Http.PostAsync("/api/v1/hosts", EnrolledHost.Json("""{"name":"away"}"""u8.ToArray()));
        var host = (await Answer.OfAsync(made)).Json;
        var known = new EnrolledHost(admin.Http, host.GetProperty("id").GetInt64(), host.GetProperty("token").GetString()!);
        var unknown = Enumerable.Range(1, 8).Select(number => new EnrolledHost(admin.Http, number, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)))).ToList();

        postgres.Kill();
        var refused = 0;
        foreach (var agent in unknown.Append(known))
        {
            refused += AssertForNow(await agent.PostAsync(Report()), "a report") ? 0 : 1;
            refused += AssertForNow(await agent.IngestAsync("{}"), "a classic report") ? 0 : 1;
        }

        string[] paths = ["hosts", "hosts/1", "hosts/77", "hosts/1/history?series=cpu.percent&from=-1h", "alerts/rules", "channels", "incidents", "notifications", "account", "users", "audit"];
        foreach (var path in paths) refused += AssertForNow(await admin.GetAsync($"/api/v1/{path}"), path) ? 0 : 1;
        using (var stranger = new HttpClient { BaseAddress = cluster.Addresses[0] })
        {
            using var login = await stranger.PostAsync("/api/v1/auth/login", EnrolledHost.Json("""{"username":"nobody","password":"wrong password"}"""u8.ToArray()));
            refused += AssertForNow(await Answer.OfAsync(login), "a sign-in") ? 0 : 1;
        }

        Assert.True(refused > unknown.Count, $"Only {refused} requests needed the database.");

        postgres.Start();
        foreach (var agent in unknown) Assert.Equal(HttpStatusCode.Unauthorized, await UntilAnsweredAsync(agent));
        Assert.Equal(HttpStatusCode.OK, await UntilAnsweredAsync(known));
    }

    private static string Report() => ReportJson.Batch(ReportJson.Report(1, ReportJson.Now()));

    /// <summary>Whether it was answered; if not, it must have been refused for now.</summary>
    private static bool AssertForNow(Answer answer, string what)
    {
        var isRefused = answer.Status == HttpStatusCode.ServiceUnavailable;
        Assert.True(isRefused || answer.Status < HttpStatusCode.InternalServerError, string.Create(CultureInfo.InvariantCulture, $"{what}: {(int)answer.Status} {answer.Text}"));
        if (isRefused) Assert.True(answer.Headers.RetryAfter is not null, $"{what}: {answer.Text} does not say when to come again.");
        return !isRefused;
    }

    private static async Task<HttpStatusCode> UntilAnsweredAsync(EnrolledHost agent)
    {
        var status = HttpStatusCode.ServiceUnavailable;
        await Patience.Until(async () => (status = (await agent.PostAsync(Report())).Status) != HttpStatusCode.ServiceUnavailable, () => "an answer after the database came back");
        return status;
    }
}
