using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace StatusMonitor.Benchmarks;

/// <summary>
/// A large fleet on one server, made by its own means and reporting every ten seconds: how fast hosts are made, what the server and this generator take of the machine, how long pages of the fleet take
/// over REST and the hub, what a browser is sent, and how soon a server that starts again knows of everybody.
/// </summary>
internal static class FleetBenchmark
{
    private const int Makers = 32;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Steady = TimeSpan.FromSeconds(30);

    /// <summary>Five times as often as they should: more than any machine that this runs on takes in.</summary>
    private static readonly TimeSpan TooOften = Interval / 5;

    public static async Task<int> RunAsync(string[] args)
    {
        var hosts = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 50_000;
        await using var server = await ServerProcess.StartAsync();
        var tokens = await MakeAsync(server, hosts);
        await using (var load = new FleetLoad(server.Address.Port, tokens, Interval))
        {
            // Every host has been heard of thrice, and the runtime has compiled what is hot.
            await Task.Delay(3 * Interval);
            await MeasureAsync("nobody watches", server, load, Steady);
            await ReadPagesAsync(server, hosts);
            foreach (var query in new[] { """{"limit":100}""", """{"sort":"cpu","descending":true,"limit":100}""" })
            {
                await using var browser = await FleetBrowser.OpenAsync(server, query);
                Line($"fleet, hub, {query}: first page after {browser.FirstPage.TotalMilliseconds:0} ms, again {await browser.WatchAgainAsync():0} ms");
                await MeasureAsync("one browser watches", server, load, Steady * 2 / 3);
                Line($"fleet, hub, {query}: {browser.FramesPerSecond:0.0} frames per second, {browser.RowsPerSecond:0.0} rows per second, {browser.BytesPerSecond / 1024:0.0} KiB per second, {browser.Resyncs} times told to ask again");
            }
        }

        await RestartAsync(server, hosts);
        // Last: hosts that are heard of too late are offline, and stay so.
        await using (var load = new FleetLoad(server.Address.Port, tokens, TooOften))
        {
            await Task.Delay(TooOften);
            await MeasureAsync(FormattableString.Invariant($"every {TooOften.TotalSeconds:0.#} s"), server, load, Steady / 2);
        }

        return 0;
    }

    /// <summary>Makes the hosts over the API, as people do, each with its first report: a token that is not used within minutes is dead.</summary>
    private static async Task<string[]> MakeAsync(ServerProcess server, int hosts)
    {
        var tokens = new string[hosts];
        await server.GetAccessTokenAsync();
        var (clock, cpu, told) = (Stopwatch.StartNew(), server.CpuTime, 0);
        await Parallel.ForEachAsync(Enumerable.Range(0, hosts), new ParallelOptions { MaxDegreeOfParallelism = Makers }, async (i, cancellationToken) =>
        {
            tokens[i] = (await server.AddHostAsync(Name(i), i % 50 is var group && group < 40 ? $"site-{group:00}" : null, [$"rack-{i % 97:00}"])).Token;
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/reports") { Content = new StringContent(FirstReport(i), Encoding.UTF8, "application/json") };
            request.Headers.Add("X-Agent-Token", tokens[i]);
            using var response = await server.Client.SendAsync(request, cancellationToken);
            response.EnsureSuccessStatusCode();
            if (Interlocked.Increment(ref told) % 10_000 == 0) Line($"fleet, {told} hosts made after {clock.Elapsed.TotalSeconds:0.0} s");
        });
        Line($"fleet, making {hosts} hosts with a token and a report each: {hosts / clock.Elapsed.TotalSeconds:n0} per second, {hosts / (server.CpuTime - cpu).TotalSeconds:n0} per CPU second of the server");
        return tokens;
    }

    private static string Name(int i) => string.Create(CultureInfo.InvariantCulture, $"{(i % 3) switch { 0 => "web", 1 => "db", _ => "cache" }}-{i:00000}.dc{i % 7}.example.org");

    private static string FirstReport(int i) => FleetLoad.Body(new HostWalk(i), Interval).Replace("2000-01-01T00:00:00.000Z", DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private static async Task MeasureAsync(string what, ServerProcess server, FleetLoad load, TimeSpan duration)
    {
        load.TakeMeasured();
        var (accepted, refused, cpu, own, clock) = (load.Accepted, load.Refused, server.CpuTime, OwnCpu(), Stopwatch.StartNew());
        await Task.Delay(duration);
        var seconds = clock.Elapsed.TotalSeconds;
        var (late, answered) = load.TakeMeasured();
        Line($"""
            fleet, {what}: {(load.Accepted - accepted) / seconds:n0} reports per second taken in, {load.Refused - refused} refused; server {(server.CpuTime - cpu).TotalSeconds / seconds:0.00} of {Environment.ProcessorCount} cores, generator {(OwnCpu() - own).TotalSeconds / seconds:0.00}; server memory {server.WorkingSet / 1048576.0:n0} MiB; answers p50 {At(answered, 0.5):0.0} ms, p99 {At(answered, 0.99):0.0} ms; sent late p99 {At(late, 0.99):0.0} ms
            """);
    }

    private static async Task ReadPagesAsync(ServerProcess server, int hosts)
    {
        foreach (var query in new[] { "limit=100", "sort=cpu&descending=true&limit=100", "search=12345&limit=100", "search=web&sort=memory&limit=100", "status=offline&limit=100", $"offset={hosts - 100}&limit=100" })
        {
            var times = new List<double>();
            for (var i = 0; i < 21; i++)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/hosts?{query}");
                request.Headers.Authorization = new("Bearer", await server.GetAccessTokenAsync());
                var asked = Stopwatch.GetTimestamp();
                using var response = await server.Client.SendAsync(request);
                await response.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync();
                times.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
            }

            Line($"fleet, REST ?{query}: first {times[0]:0} ms, p50 {At([.. times.Order()], 0.5):0} ms, max {times.Max():0} ms");
        }
    }

    private static async Task RestartAsync(ServerProcess server, int hosts)
    {
        var clock = Stopwatch.StartNew();
        await server.RestartAsync(_ => Task.CompletedTask);
        Line($"fleet, started again after a kill: listens after {clock.Elapsed.TotalSeconds:0.0} s");
        while (true)
        {
            using var health = JsonDocument.Parse(await server.Client.GetStringAsync("/health"));
            var known = health.RootElement.GetProperty("hosts");
            if (known.GetProperty("online").GetInt32() == hosts) break;
            if (clock.Elapsed > TimeSpan.FromMinutes(5)) throw new TimeoutException($"Not all hosts were asked: {known}");
            await Task.Delay(200);
        }

        Line($"fleet, all {hosts} hosts asked {clock.Elapsed.TotalSeconds:0.0} s after the kill; server memory {server.WorkingSet / 1048576.0:n0} MiB");
    }

    private static TimeSpan OwnCpu()
    {
        using var self = Process.GetCurrentProcess();
        return self.TotalProcessorTime;
    }

    private static double At(double[] sorted, double part) => sorted.Length == 0 ? double.NaN : sorted[(int)(part * (sorted.Length - 1))];

    private static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture).Trim());
}
