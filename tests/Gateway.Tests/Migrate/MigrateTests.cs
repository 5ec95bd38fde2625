using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StatusMonitor.Gateway.Tests.Alerts;
using StatusMonitor.Gateway.Tests.Postgres;
using StatusMonitor.Gateway.Tests.Support;
using StatusMonitor.Storage.History;
using StatusMonitor.Storage.Tests.Postgres;

namespace StatusMonitor.Gateway.Tests.Migrate;

/// <summary>A server's move from SQLite to PostgreSQL, with the command as an operator runs it.</summary>
public sealed class MigrateTests : IDisposable
{
    private const long Hour = 3_600_000;

    private readonly Folder _data = new();

    public void Dispose() => _data.Dispose();

    [PostgresFact]
    public async Task AServerThatMoves_AnswersAsBefore_ToTheSamePeopleAndAgents()
    {
        var database = PostgresCluster.Shared.EmptyDatabase("migrate_server");
        var before = await FillAsync();

        // Killed somewhere, then run again.
        using (var killed = ServerProcess.Start("migrate", "--data", _data, "--database", database))
        {
            await Patience.Until(() => Task.FromResult(killed.Output.Contains(" of ", StringComparison.Ordinal)), () => $"a line of progress; it said:\n{killed.Output}");
            await killed.KillAsync();
        }

        using (var migrate = ServerProcess.Start("migrate", "--data", _data, "--database", database))
        {
            Assert.True(await migrate.EndAsync() == 0, migrate.Output);
            Assert.Contains("Everything is in PostgreSQL.", migrate.Output, StringComparison.Ordinal);
            Assert.Matches(@"values +[\d,]{4,} +[\d,]{4,}", migrate.Output);
            Assert.DoesNotContain(before.Secret, migrate.Output, StringComparison.Ordinal);
        }

        await using var server = await RunningServer.StartAsync(options => options.Database = database, data: _data, signsIn: false);
        foreach (var (who, paths) in before.Answers)
        {
            // The sessions of before are still good.
            using var http = new HttpClient { BaseAddress = server.Address };
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", who);
            foreach (var (path, answer) in paths) Assert.Equal((path, answer), (path, await GetAsync(http, path)));
        }

        using var anna = await server.SignInAsync("anna", before.Password, renews: false);
        Assert.Equal((0, 1), await new EnrolledHost(anna.Http, before.Host, before.Token).ReportAsync(ReportJson.Report(1, before.LastAt)));
        Assert.Equal((1, 0), await new EnrolledHost(anna.Http, before.Host, before.Token).ReportAsync(ReportJson.Report(2, before.LastAt + 5_000)));
        var made = await anna.SendAsync(HttpMethod.Post, "/api/v1/hosts", """{"name":"new"}""");
        Assert.True(made.Json.GetProperty("id").GetInt64() > before.Host, made.Text);
        Assert.Empty(server.Errors.All);
    }

    [PostgresFact]
    public async Task APartOfAFleet_StartsNoServer_AndAServerThatRuns_IsNotMoved()
    {
        var database = PostgresCluster.Shared.EmptyDatabase("migrate_refusals");
        await using (await RunningServer.StartAsync(data: _data))
        {
            using var running = ServerProcess.Start("migrate", "--data", _data, $"--database={database}");
            Assert.Equal(1, await running.EndAsync());
            Assert.Contains("is in use by another server", running.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", running.Output, StringComparison.Ordinal);
        }

        using (var migrate = ServerProcess.Start("migrate", "--data", _data, $"--database={database}")) Assert.True(await migrate.EndAsync() == 0, migrate.Output);
        using (var again = ServerProcess.Start("migrate", "--data", _data, $"--database={database}"))
        {
            Assert.Equal(0, await again.EndAsync());
            Assert.Contains("is in the database already", again.Output, StringComparison.Ordinal);
        }

        PostgresCluster.Execute(database, "update statusmonitor.migrated_from set completed_at = null");
        using var server = ServerProcess.Start("--port", "0", "--data", _data, "--database", database);
        Assert.Equal(1, await server.EndAsync());
        Assert.Contains("Run 'migrate' for that folder again, which goes on where it was", server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", server.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "--database: give the PostgreSQL that everything is moved to.", "migrate")]
    [InlineData(2, "'--port' is not an option of migrate.", "migrate", "--port", "1", "--database", "Host=a")]
    [InlineData(2, "--database needs a value.", "migrate", "--database")]
    [InlineData(0, "usage: statusmonitor-server migrate --data FOLDER --database CONNECTION", "migrate", "--help")]
    [InlineData(0, "usage: statusmonitor-server [OPTION VALUE]...", "--help")]
    public async Task WhatIsWrong_IsSaid(int code, string said, params string[] arguments)
    {
        using var process = ServerProcess.Start(arguments);
        Assert.Equal(code, await process.EndAsync());
        Assert.Contains(said, process.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFolderWithoutADatabase_IsSaid_AndStaysEmpty()
    {
        using var process = ServerProcess.Start("migrate", "--data", _data, "--database", "Host=127.0.0.1;Port=1;Password=hush");
        Assert.Equal(1, await process.EndAsync());
        Assert.Contains("There is no database of a server in", process.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", process.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_data.Path));
    }

    /// <summary>A server with people, hosts, rules, a channel, incidents and some hours of history: compacted, in pieces, late and with gaps.</summary>
    private async Task<Before> FillAsync()
    {
        await using var server = await RunningServer.StartAsync(data: _data);
        var (anna, bob) = (await server.SignInAsync("anna"), await server.SignInAsync("bob"));
        var host = await server.EnrolAsync("db-1", anna);
        var other = await server.EnrolAsync("web-1");
        await OkAsync(anna.SendAsync(HttpMethod.Put, $"/api/v1/hosts/{host.Id}/shares/bob", """{"access":"read"}"""));
        await OkAsync(anna.SendAsync(HttpMethod.Post, $"/api/v1/hosts/{host.Id}/tokens", """{"name":"second"}"""));
        await OkAsync(anna.SendAsync(HttpMethod.Post, "/api/v1/alerts/rules", """{"name":"Busy","kind":"threshold","series":"cpu.percent","condition":"above","threshold":99,"forSeconds":300}"""));
        const string Secret = "a very secret word";
        await OkAsync(anna.SendAsync(HttpMethod.Post, "/api/v1/channels", JsonSerializer.Serialize(new
        {
            name = "mail", kind = "email", enabled = false, settings = new { to = "a@example.org", from = "b@example.org", host = "mail.example.org", username = "b", password = Secret },
        })));
        var fired = await server.FireAsync(anna.Id, host, 1);
        await server.FireAsync(anna.Id, host, 2, 1);
        await server.ResolveAsync(fired, 3);

        var lastAt = ReportJson.Now() / Hour * Hour - 5_000;
        var first = lastAt - 4 * Hour;
        foreach (var reporting in new[] { host, other })
        {
            await reporting.ReportAsync(PastSamples.Every(15_000, first, first + Hour).Concat(PastSamples.Every(15_000, first + 2 * Hour, lastAt - Hour)), Samples, 15);
        }

        // What comes now is late for hours that are compacted, and in no chunk yet.
        await server.Services.GetRequiredService<IHistoryUpkeep>().CompactAsync(DateTimeOffset.FromUnixTimeMilliseconds(lastAt - Hour / 2), default);
        await host.ReportAsync(PastSamples.Every(60_000, first + Hour + Hour / 2, first + 2 * Hour), Samples, 60);
        await host.ReportAsync(PastSamples.Every(5_000, lastAt - Hour / 2, lastAt), Samples);
        await host.ReportAsync(ReportJson.Report(1, lastAt));

        var (from, to) = (ReportJson.Time(first - Hour), ReportJson.Time(lastAt + 1));
        List<string> ofHost =
        [
            .. new[] { 10, 100, 2_000 }.Select(points => $"/api/v1/hosts/{host.Id}/history?series=cpu.percent&series=net.rx.bytes{{nic=eth0}}&from={from}&to={to}&points={points}"),
            $"/api/v1/hosts/{host.Id}/history?series=cpu.percent&from={from}&to={to}&format=csv",
            $"/api/v1/hosts/{host.Id}/series", "/api/v1/account", "/api/v1/alerts/rules", "/api/v1/channels", "/api/v1/incidents", $"/api/v1/incidents/{fired.IncidentId}", "/api/v1/alerts/routing", "/api/v1/notifications",
        ];
        var asked = new Dictionary<SignedIn, List<string>>
        {
            [anna] = [.. ofHost, $"/api/v1/hosts/{host.Id}/shares"],
            [bob] = ofHost,
            [server.Admin] = [$"/api/v1/hosts/{other.Id}/history?series=cpu.percent&from={from}&to={to}", "/api/v1/users", "/api/v1/audit"],
        };
        var answers = new Dictionary<string, List<(string, string)>>();
        foreach (var (who, paths) in asked)
        {
            answers.Add(who.AccessToken, []);
            foreach (var path in paths) answers[who.AccessToken].Add((path, await GetAsync(who.Http, path)));
        }

        return new Before(answers, anna.Password, Secret, host.Id, host.Token, lastAt);
    }

    private static IEnumerable<(string Name, double Value)> Samples(long at) => [("cpu.percent", at / 1000 % 61 / 2.0), ("net.rx.bytes{nic=eth0}", at / 100 % 10_000_000)];

    private static async Task OkAsync(Task<Answer> request)
    {
        var answer = await request;
        Assert.True((int)answer.Status is >= 200 and < 300, answer.Text);
    }

    private static async Task<string> GetAsync(HttpClient http, string path)
    {
        var answer = await http.SendAsync(HttpMethod.Get, path);
        Assert.True(answer.Status == HttpStatusCode.OK, $"{path}: {answer.Text}");
        return answer.Text;
    }

    /// <summary>What the server was like: by access token what it answered, and what people and agents have of it.</summary>
    private sealed record Before(Dictionary<string, List<(string Path, string Answer)>> Answers, string Password, string Secret, long Host, string Token, long LastAt);
}
