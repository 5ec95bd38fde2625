using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using StatusMonitor.Storage;
using StatusMonitor.Storage.Tests.Postgres;

namespace StatusMonitor.Benchmarks;

/// <summary>
/// What a question to the history costs the real server, over HTTP: CPU of its process by query, that of PostgreSQL beside it, and the time until the answer has come. The
/// store holds a day of a <see cref="HostFleet"/>, compacted, and a week of its first host.
/// </summary>
internal static class QueryBenchmark
{
    private const long Hour = 3_600_000;

    /// <param name="args">How many hosts (200); which store (both); and how many hours before the last one the day ends (0), because hours are put together by four.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        var before = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 0;
        var hosts = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 200;
        foreach (var (name, _) in BenchmarkStore.All)
        {
            if (args.Length < 2 || args[1] == name) await RunAsync(name, hosts, before);
        }

        return 0;
    }

    private static async Task RunAsync(string name, int hosts, int before)
    {
        var end = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / Hour * Hour - Hour - before * Hour;
        using var cluster = name == "postgresql" ? new PostgresCluster() : null;
        var database = cluster?.EmptyDatabase("benchmark");
        await using var server = await ServerProcess.StartAsync(database is null ? [] : ["--database", database]);
        for (var i = 1; i <= hosts; i++) await server.AddHostAsync(string.Create(CultureInfo.InvariantCulture, $"host {i}"));
        await server.RestartAsync(async data =>
        {
            using var store = cluster is null ? BenchmarkStore.OfFolder(data) : new PostgresBenchmarkStore(cluster, database);
            await LoadAsync(store, hosts, end);
        });

        server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await server.GetAccessTokenAsync());
        var random = new Random(1);
        var day = string.Create(CultureInfo.InvariantCulture, $"from={end - 24 * Hour}&to={end}&points=300");
        var week = string.Create(CultureInfo.InvariantCulture, $"from={end - 7 * 24 * Hour}&to={end}&points=300");
        var hour = string.Create(CultureInfo.InvariantCulture, $"from={end - Hour}&to={end}&points=300");
        var all = string.Join('&', HostFleet.Series.Select(name => $"series={Uri.EscapeDataString(name)}"));
        // Until code is compiled for good, most of the CPU goes into that.
        await MeasureAsync(server, cluster, null, 25_000, () => $"{Host()}?series={Series()}&{day}");
        Console.WriteLine($"query, {name}, {hosts} hosts x {HostFleet.Series.Length} series x 24 h at 5 s");
        await MeasureAsync(server, cluster, "one series, 24 h in 300 points", 2_000, () => $"{Host()}?series={Series()}&{day}");
        await MeasureAsync(server, cluster, "all 12 series, 24 h", 500, () => $"{Host()}?{all}&{day}");
        await MeasureAsync(server, cluster, "one series, 1 h", 1_000, () => $"{Host()}?series={Series()}&{hour}");
        await MeasureAsync(server, cluster, "one series, 7 days", 1_000, () => $"/api/v1/hosts/1/history?series={Series()}&{week}");
        await MeasureAsync(server, cluster, "all 12 series, 7 days", 500, () => $"/api/v1/hosts/1/history?{all}&{week}");
        await MeasureAsync(server, cluster, $"mean over {hosts} hosts, 24 h in 300 points", 60, () => $"/api/v1/fleet/history?series=cpu.percent&{day}");
        // Nothing is remembered of what is asked for in other words.
        var asked = 0;
        await MeasureAsync(server, cluster, "the same, nothing of it remembered", 30, () => $"/api/v1/fleet/history?series=cpu.percent{new string('+', ++asked)}&{day}");
        await MeasureAsync(server, cluster, "a host that is not there (what any request costs)", 2_000, () => "/api/v1/hosts/999999/history?series=cpu.percent");

        string Host() => string.Create(CultureInfo.InvariantCulture, $"/api/v1/hosts/{random.Next(hosts) + 1}/history");

        string Series() => Uri.EscapeDataString(HostFleet.Series[random.Next(HostFleet.Series.Length)]);
    }

    private static async Task LoadAsync(BenchmarkStore store, int hosts, long end)
    {
        SeriesEntry[] series = [.. HostFleet.Series.Select((name, id) => new SeriesEntry(id, name))];

        // A week of the first host, up to where the day of all begins.
        var begin = end - 7 * 24 * Hour;
        var known = new HashSet<int>();
        await LoadAsync(store, new HostFleet(1, begin, seed: 2), begin, end - 24 * Hour, NewSeries);
        await LoadAsync(store, new HostFleet(hosts, end - 24 * Hour), end - 24 * Hour, end, NewSeries);

        // A host brings its catalogue once.
        SeriesEntry[] NewSeries(int host) => known.Add(host) ? series : [];
    }

    private static async Task LoadAsync(BenchmarkStore store, HostFleet fleet, long begin, long end, Func<int, SeriesEntry[]> newSeries)
    {
        for (var at = begin; at < end; at += HostFleet.StepMilliseconds)
        {
            if ((at - begin) % Hour == 0) store.SetTime(at);
            await Task.WhenAll(fleet.Hosts.Select((host, index) => store.Journal.AppendAsync(index + 1, newSeries(index + 1), [host.NextRow()])));
            if ((at + HostFleet.StepMilliseconds) % Hour == 0) await store.Upkeep.CompactAsync(DateTimeOffset.FromUnixTimeMilliseconds(at).AddMinutes(6), CancellationToken.None);
        }
    }

    private static async Task MeasureAsync(ServerProcess server, PostgresCluster? cluster, string? what, int count, Func<string> url)
    {
        var bytes = 0L;
        for (var i = 0; i < count; i++) bytes = await GetAsync(server, url());
        if (what is null) return;
        var times = new List<double>(count);
        var cpu = server.CpuTime;
        var elsewhere = cluster?.CpuTime();
        for (var i = 0; i < count; i++)
        {
            var query = url();
            var started = Stopwatch.GetTimestamp();
            bytes = await GetAsync(server, query);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        var spent = server.CpuTime - cpu;
        var beside = cluster is null ? "" : string.Create(CultureInfo.InvariantCulture, $" and {(cluster.CpuTime() - elsewhere!.Value).TotalMilliseconds / count:0.00} of PostgreSQL's");
        times.Sort();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {what}: {spent.TotalMilliseconds / count:0.00} ms of server CPU{beside}, p50 {times[count / 2]:0.0} ms, p99 {times[(int)(0.99 * (count - 1))]:0.0} ms, {bytes / 1000.0:0.0} kB"));
    }

    private static async Task<long> GetAsync(ServerProcess server, string url)
    {
        using var response = await server.Client.GetAsync(url);
        return (await response.Content.ReadAsByteArrayAsync()).Length;
    }
}
