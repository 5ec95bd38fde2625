using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using StatusMonitor.Silo.Cluster;
using StatusMonitor.Storage.Tests.Postgres;

namespace StatusMonitor.Benchmarks;

/// <summary>Two silos and a gateway on one PostgreSQL, each a process of its own, all on this machine.</summary>
internal static class ClusterBenchmark
{
    private const int Workers = 64;
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(200);

    public static async Task<int> RunAsync(string[] args)
    {
        if ((ClusterHosting.IsAvailable ? PostgresCluster.Missing : "This build is on the engine of one process; build the benchmarks with -p:Engine=Orleans.") is { } missing)
        {
            Console.Error.WriteLine(missing);
            return 1;
        }

        switch (args)
        {
            case ["ingest", .. var rest]:
                await IngestAsync(TimeSpan.FromSeconds(rest.Length > 0 ? int.Parse(rest[0], CultureInfo.InvariantCulture) : 20), rest.Length > 1 ? rest[1] : null);
                return 0;
            case ["death", .. var rest]:
                await DeathAsync(rest.Length > 0 ? int.Parse(rest[0], CultureInfo.InvariantCulture) : 20_000);
                return 0;
            default:
                Console.Error.WriteLine("cluster: give ingest or death.");
                return 2;
        }
    }

    /// <summary>Reports per second of the CPU time of all processes, with and without PostgreSQL's.</summary>
    private static async Task IngestAsync(TimeSpan duration, string? other)
    {
        using var postgres = new PostgresCluster();
        foreach (var reportsPerRequest in new[] { 1, 64 })
        {
            await using (var cluster = await Processes.StartAsync(postgres.EmptyDatabase("cluster")))
            {
                await MeasureAsync("two silos and a gateway", cluster.Gateway, () => cluster.CpuTime, reportsPerRequest);
            }

            if (other is null) continue;
            await using (var whole = await ServerProcess.StartOtherAsync(other, "--database", postgres.EmptyDatabase("whole"))) await MeasureAsync("a whole server on PostgreSQL", whole, () => whole.CpuTime, reportsPerRequest);
            await using var alone = await ServerProcess.StartOtherAsync(other);
            await IngestBenchmark.MeasureAsync("a whole server on SQLite", alone, () => alone.CpuTime, duration, reportsPerRequest);
        }

        async Task MeasureAsync(string name, ServerProcess server, Func<TimeSpan> spent, int reportsPerRequest)
        {
            var (before, after) = (TimeSpan.Zero, TimeSpan.Zero);
            // Asked at the beginning and at the end of what is measured, by whoever measures.
            await IngestBenchmark.MeasureAsync(name, server, Spent, duration, reportsPerRequest);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  PostgreSQL took {(after - before).TotalSeconds / duration.TotalSeconds:0.00} of a core beside that"));

            TimeSpan Spent()
            {
                (before, after) = (after, postgres.CpuTime());
                return spent();
            }
        }
    }

    /// <summary>All hosts have reported; one of the silos is killed, and each host sends its next report until it is taken.</summary>
    private static async Task DeathAsync(int hosts)
    {
        using var postgres = new PostgresCluster();
        await using var cluster = await Processes.StartAsync(postgres.EmptyDatabase("cluster"));
        var tokens = new string[hosts];
        await cluster.Gateway.GetAccessTokenAsync();
        var options = new ParallelOptions { MaxDegreeOfParallelism = 16 };
        await Parallel.ForAsync(0, hosts, options, async (i, _) => tokens[i] = (await cluster.Gateway.AddHostAsync($"host-{i:00000}")).Token);
        var walks = Enumerable.Range(0, hosts).Select(i => new HostWalk(i)).ToArray();
        await ReportAsync("the first reports");
        await ReportAsync("the same hosts again, all in memory");

        var killed = Stopwatch.GetTimestamp();
        await cluster.Silos[0].KillAsync();
        await ReportAsync("after a silo was killed, each until it is taken", killed);
        await ReportAsync("the same hosts again, all in memory");

        async Task ReportAsync(string what, long? since = null)
        {
            var began = since ?? Stopwatch.GetTimestamp();
            var (taken, refused) = (new double[hosts], 0);
            await Parallel.ForAsync(0, hosts, new ParallelOptions { MaxDegreeOfParallelism = Workers }, async (i, cancellationToken) =>
            {
                var body = $"{{\"reports\":[{{\"seq\":1,\"bootId\":\"0f0e0d0c-0b0a-4908-8706-050403020100\",\"at\":\"{DateTimeOffset.UtcNow.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ}\",\"interval\":5,\"samples\":{{{walks[i].Next()}}}}}]}}";
                while (!await TryPostAsync(cluster.Gateway.Client, tokens[i], body, cancellationToken))
                {
                    Interlocked.Increment(ref refused);
                    await Task.Delay(Retry, cancellationToken);
                }

                taken[i] = Stopwatch.GetElapsedTime(began).TotalSeconds;
            });
            Array.Sort(taken);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"death, {hosts} hosts, {what}: half taken after {taken[hosts / 2]:0.0} s, all after {taken[^1]:0.0} s; {refused} tries were refused"));
        }
    }

    private static async Task<bool> TryPostAsync(HttpClient client, string token, string body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/reports") { Content = new StringContent(body, Encoding.UTF8, MediaTypeHeaderValue.Parse("application/json")) };
        request.Headers.Add("X-Agent-Token", token);
        using var response = await client.SendAsync(request, cancellationToken);
        return response.StatusCode switch
        {
            HttpStatusCode.OK => true,
            HttpStatusCode.ServiceUnavailable => false,
            _ => throw new InvalidOperationException($"A report was answered with {response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellationToken)}"),
        };
    }

    private sealed class Processes : IAsyncDisposable
    {
        private Processes(ServerProcess[] silos, ServerProcess gateway) => (Silos, Gateway) = (silos, gateway);

        public ServerProcess[] Silos { get; }

        public ServerProcess Gateway { get; }

        public TimeSpan CpuTime => Silos.Append(Gateway).Aggregate(TimeSpan.Zero, (sum, process) => sum + process.CpuTime);

        public static async Task<Processes> StartAsync(string database)
        {
            var silos = new ServerProcess[2];
            // The first makes the schema.
            for (var i = 0; i < silos.Length; i++)
            {
                silos[i] = await ServerProcess.StartAsync(
                    "--role", "silo", "--database", database, "--server-name", $"silo-{i + 1}", "--silo-port", Port(), "--silo-gateway-port", Port());
            }

            return new Processes(silos, await ServerProcess.StartAsync("--role", "gateway", "--database", database, "--server-name", "gateway"));
        }

        public async ValueTask DisposeAsync()
        {
            await Gateway.DisposeAsync();
            foreach (var silo in Silos) await silo.DisposeAsync();
        }

        private static string Port() => ServerProcess.FreePort().ToString(CultureInfo.InvariantCulture);
    }
}
