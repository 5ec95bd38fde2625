using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StatusMonitor.Gateway.Tests.Postgres;
using StatusMonitor.Gateway.Tests.Support;
using StatusMonitor.Storage.History;
using StatusMonitor.Storage.Postgres;
using StatusMonitor.Storage.Sqlite;
using StatusMonitor.Storage.Tests.Postgres;
using Xunit.Abstractions;

namespace StatusMonitor.Gateway.Tests;

/// <summary>
/// The server process is killed under load, again and again. What it acknowledged must be there afterwards, once and with its values, although
/// the agents send again whatever they are not sure of.
/// </summary>
public sealed class CrashTests(ITestOutputHelper output) : IDisposable
{
    private const int Seed = 20261122;
    private const int Rounds = 6;
    private const int Hosts = 3;
    private const int PostersPerHost = 2;

    private readonly Folder _data = new();
    private string[] _arguments = [];

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task KilledUnderLoad_LosesNothingAcknowledgedAndDoublesNothing()
    {
        var hosts = await RunAsync();
        VerifyDatabase();
        using var store = new SqliteStore(Options.Create(new SqliteOptions { Folder = _data.Path }), NullLogger<SqliteStore>.Instance);
        await VerifyHistoryAsync(hosts, new SqliteHistory(store, new SqliteSampleJournal(store)));
    }

    [PostgresFact]
    public async Task KilledUnderLoadOnPostgres_LosesNothingAcknowledgedAndDoublesNothing()
    {
        var database = PostgresCluster.Shared.EmptyDatabase("crash_tests");
        _arguments = ["--database", database];
        var hosts = await RunAsync();
        Assert.Equal(0L, PostgresCluster.Execute(database, "select count(*) - count(distinct (host_id, at)) from statusmonitor.journal"));
        Assert.Equal(0L, PostgresCluster.Execute(database, "select count(*) from (select 1 from statusmonitor.catalogue, unnest(names) name group by host_id, name having count(*) > 1) s"));
        await using var store = new PostgresStore(Options.Create(new PostgresOptions { ConnectionString = database }), TimeProvider.System, NullLogger<PostgresStore>.Instance);
        await VerifyHistoryAsync(hosts, new PostgresHistory(store));
    }

    private async Task<Dictionary<long, Poster[]>> RunAsync()
    {
        output.WriteLine($"seed {Seed}");
        var schedule = new Random(Seed);
        var posters = new List<Poster>();
        var password = "";
        for (var round = 0; round < Rounds; round++)
        {
            using var server = ServerProcess.Start(["--port", "0", "--data", _data, .. _arguments]);
            var address = await server.ListeningAsync();
            using var http = new HttpClient { BaseAddress = address };
            if (round == 0)
            {
                password = SignedIn.PrintedPassword(server.Output)!;
                using var admin = await SignedIn.InAsync(address, "admin", password);
                foreach (var number in Enumerable.Range(0, Hosts))
                {
                    using var response = await admin.Http.PostAsync("/api/v1/hosts", EnrolledHost.Json(Encoding.UTF8.GetBytes($$"""{"name":"host {{number}}"}""")));
                    var host = (await Answer.OfAsync(response)).Json;
                    for (var i = 0; i < PostersPerHost; i++) posters.Add(new Poster(host.GetProperty("id").GetInt64(), host.GetProperty("token").GetString()!, posters.Count));
                }
            }

            // The server dies after so many acknowledged requests of this round: in the middle of the others', wherever that is.
            var requests = schedule.Next(40, 400);
            var acknowledged = 0;
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var end = new CancellationTokenSource();
            var posting = Task.WhenAll(posters.Select(poster => poster.RunAsync(http, () =>
            {
                if (Interlocked.Increment(ref acknowledged) == requests) reached.SetResult();
            }, end.Token)));
            await Patience.For(Task.WhenAny(reached.Task, posting), () => $"{requests} acknowledged requests in round {round}; the server said:\n{server.Output}");
            if (posting.IsCompleted) await posting;
            await server.KillAsync();
            await end.CancelAsync();
            await posting;
            output.WriteLine($"round {round}: killed after {requests} acknowledged requests; {acknowledged} of them in the end, {posters.Sum(poster => poster.Unsure.Count)} samples unsure");
        }

        Assert.True(posters.Sum(poster => poster.Resent) > 0, "No kill hit a request under way; the test has tried nothing.");
        var hosts = posters.GroupBy(poster => poster.HostId).ToDictionary(group => group.Key, group => group.ToArray());
        await FinishAsync(posters, hosts, password);
        output.WriteLine($"{posters.Sum(poster => poster.Acknowledged.Count)} samples acknowledged, {posters.Sum(poster => poster.Resent)} resent, {posters.Sum(poster => poster.Repeated)} found there already");
        return hosts;
    }

    /// <summary>After the last restart everything that is unsure is sent, the newest is read over the API, and the server ends in order.</summary>
    private async Task FinishAsync(List<Poster> posters, Dictionary<long, Poster[]> hosts, string password)
    {
        using var server = ServerProcess.Start(["--port", "0", "--data", _data, .. _arguments]);
        using var admin = await SignedIn.InAsync(await server.ListeningAsync(), "admin", password);
        var http = admin.Http;
        foreach (var poster in posters) await poster.ResendAsync(http);
        foreach (var (id, mine) in hosts)
        {
            using var response = await http.GetAsync($"/api/v1/hosts/{id}");
            var samples = EnrolledHost.Read((await Answer.OfAsync(response)).Json);
            var acknowledged = mine.SelectMany(poster => poster.Acknowledged).ToHashSet();
            Assert.Equal(acknowledged.Max(), samples.Keys.Last());
            foreach (var (at, values) in samples)
            {
                Assert.Contains(at, acknowledged);
                Assert.Equal(Poster.ValuesOf(id, at).OrderBy(pair => pair.Key), values.OrderBy(pair => pair.Key));
            }
        }

        server.Terminate();
        Assert.Equal(0, await server.EndAsync());
    }

    private void VerifyDatabase()
    {
        using var database = new SqliteConnection($"Data Source={_data.File("statusmonitor.db")};Mode=ReadOnly;Pooling=False");
        database.Open();
        Assert.Equal("ok", Scalar(database, "pragma integrity_check"));
        // A row may stand in a log and in a chunk at once, if it is the same; in a log there must not be two of one time.
        foreach (var table in new[] { "journal_log_0", "journal_log_1" }) Assert.Equal("0", Scalar(database, $"select count(*) - count(distinct host_id || ' ' || at) from {table}"));
        Assert.Equal("0", Scalar(database, "select count(*) from (select 1 from series group by host_id, name having count(*) > 1)"));
    }

    /// <summary>Read as the next start would.</summary>
    private static async Task VerifyHistoryAsync(Dictionary<long, Poster[]> hosts, IHistory history)
    {
        foreach (var (id, posters) in hosts)
        {
            var series = (await history.ReadSeriesAsync(id, CancellationToken.None)).ToDictionary(entry => entry.Id, entry => entry.Name);
            var samples = await history.ReadSamplesAsync(id, [.. series.Keys], 0, long.MaxValue, CancellationToken.None);
            Assert.Equal(posters.SelectMany(poster => poster.Acknowledged).Order(), samples.Times);
            Assert.Equal(samples.Times.Length, posters.Sum(poster => poster.Acknowledged.Count));
            for (var i = 0; i < samples.Times.Length; i++)
            {
                var values = samples.Columns.Where(column => !double.IsNaN(column.Values[i])).ToDictionary(column => series[column.SeriesId], column => column.Values[i]);
                Assert.Equal(Poster.ValuesOf(id, samples.Times[i]).OrderBy(pair => pair.Key), values.OrderBy(pair => pair.Key));
            }
        }
    }

    private static string Scalar(SqliteConnection database, string sql)
    {
        using var command = database.CreateCommand();
        command.CommandText = sql;
        return Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture)!;
    }

    /// <summary>One of the agents: posts new samples, single or in batches, and remembers what it is sure of.</summary>
    private sealed class Poster(long hostId, string token, int number)
    {
        private readonly Random _random = new(Seed + number);
        private readonly long _start = ReportJson.Now();
        private int _made;

        public long HostId { get; } = hostId;

        /// <summary>Times of the samples that were acknowledged.</summary>
        public HashSet<long> Acknowledged { get; } = [];

        /// <summary>Times of the samples that were sent and never answered.</summary>
        public List<long> Unsure { get; } = [];

        public int Resent { get; private set; }

        public int Repeated { get; private set; }

        /// <summary>What a sample must hold follows from its time; now and then a series is new.</summary>
        public static Dictionary<string, double> ValuesOf(long hostId, long at)
        {
            var values = new Dictionary<string, double> { ["cpu.percent"] = at % 1000 / 10.0, ["at"] = at, [$"turn{{i={at % 7}}}"] = hostId };
            if (at % 5 == 0) values["every.fifth"] = -at / 3.0;
            if (at % 97 == 0) values[$"rare{{i={at / 97 % 50}}}"] = 1;
            return values;
        }

        public async Task RunAsync(HttpClient http, Action onAcknowledged, CancellationToken cancellationToken)
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                var count = _random.Next(3) == 0 ? _random.Next(2, 40) : 1;
                var wasUnsure = Unsure.Count > 0;
                var times = wasUnsure ? Unsure.Take(256).ToArray() : [.. Enumerable.Range(0, count).Select(_ => NextTime())];
                if (!wasUnsure) Unsure.AddRange(times);
                if (!await TrySendAsync(http, times, wasUnsure)) return;
                onAcknowledged();
            }
        }

        public async Task ResendAsync(HttpClient http)
        {
            while (Unsure.Count > 0) Assert.True(await TrySendAsync(http, [.. Unsure.Take(256)], isAgain: true), "The server did not take what was sent again.");
        }

        /// <summary>Posters of a host have every second millisecond each, so that their samples interleave.</summary>
        private long NextTime() => _start - _start % PostersPerHost + PostersPerHost * ++_made + number % PostersPerHost;

        private async Task<bool> TrySendAsync(HttpClient http, long[] times, bool isAgain)
        {
            var host = new EnrolledHost(http, HostId, token);
            var body = Encoding.UTF8.GetBytes(ReportJson.Batch(times.Select(at => ReportJson.Report(at - _start + 1_000_000, at, ReportJson.Samples(ValuesOf(HostId, at))))));
            Answer answer;
            try
            {
                answer = await host.PostAsync(_random.Next(2) == 0 ? EnrolledHost.Gzip(body) : EnrolledHost.Json(body));
            }
            catch (HttpRequestException)
            {
                // The server died, before, while or after it stored them.
                return false;
            }

            Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
            var (accepted, repeated) = (answer.Json.GetProperty("accepted").GetInt32(), answer.Json.GetProperty("repeated").GetInt32());
            Assert.Equal(times.Length, accepted + repeated);
            if (isAgain) Resent += times.Length;
            else Assert.Equal(0, repeated);
            Repeated += repeated;
            Acknowledged.UnionWith(times);
            Unsure.RemoveAll(Acknowledged.Contains);
            return true;
        }
    }
}
