using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StatusMonitor.Grains.Agents;
using StatusMonitor.Grains.Hosts;
using StatusMonitor.Silo;
using StatusMonitor.Storage.Sqlite;

namespace StatusMonitor.Benchmarks;

/// <summary>
/// Managed heap that a host which is online costs the server: its grain, live state, catalogue and a ring of 15 minutes at 5 s, its line in the
/// fleet, and its share of the journal's log. Measured after full collections, less what the silo holds without hosts.
/// </summary>
internal static class HeapBenchmark
{
    private const int Samples = 180;
    private const int Cores = 8;

    public static async Task<int> RunAsync(string[] args)
    {
        var hosts = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 10_000;
        var data = Directory.CreateTempSubdirectory("statusmonitor-benchmark").FullName;
        try
        {
            var builder = Host.CreateEmptyApplicationBuilder(null);
            builder.Logging.SetMinimumLevel(LogLevel.Warning);
            builder.Services.Configure<SqliteOptions>(sqlite => sqlite.Folder = data);
            builder.AddSingleSilo(new SiloPorts());
            using var host = builder.Build();
            await host.StartAsync();
            var grains = host.Services.GetRequiredService<IGrainFactory>();

            var before = Heap();
            await Parallel.ForEachAsync(Enumerable.Range(1, hosts), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (id, _) => await FillAsync(grains, id));
            var after = Heap();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"heap, {hosts} hosts online, {Series.Names.Length} series, {Samples} samples: {(after - before) / (double)hosts / 1000:0.0} kB a host ({(after - before) / 1e6:0} MB in all)"));
            await host.StopAsync();
            return 0;
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static SeriesSet Series { get; } = new(
    [
        .. HostWalk.Series,
        .. Enumerable.Range(0, Cores).Select(core => $"cpu.core.percent{{core={core}}}"),
        "memory.total.bytes", "memory.available.bytes", "memory.used.bytes", "cpu.user.percent", "cpu.system.percent",
        "load.5m", "load.15m", "net.rx.packets{nic=eth0}", "net.tx.packets{nic=eth0}", "cpu.frequency.mhz",
    ]);

    private static async Task FillAsync(IGrainFactory grains, int id)
    {
        var host = grains.GetGrain<IHostGrain>(id);
        await host.Register(new NewHost($"host-{id:00000}", 1, null, []));
        if (!TokenHash.TryHash((await host.IssueToken(replace: false))!.Token, out var token)) throw new InvalidOperationException("The token is none.");

        var walk = new HostWalk(id);
        var random = new Random(id);
        var start = DateTimeOffset.UtcNow.AddSeconds(-5 * Samples).ToUnixTimeMilliseconds() + id % 5000;
        var reports = Enumerable.Range(0, Samples)
            .Select(i => new HostReport(i, "boot", start + i * 5000, TimeSpan.FromSeconds(5), Series, [.. walk.NextValues(), .. Others(random, i)]))
            .ToImmutableArray();
        var result = await host.Report(new HostReports(token, null, reports));
        if (result.Accepted != Samples) throw new InvalidOperationException($"Host {id}: {result}.");
    }

    private static IEnumerable<double> Others(Random random, int i)
    {
        for (var core = 0; core < Cores; core++) yield return Math.Round(random.NextDouble() * 40, 1);
        var used = 4_000_000_000 + random.Next(50_000) * 4096L;
        yield return 16_000_000_000;
        yield return 16_000_000_000 - used;
        yield return used;
        yield return Math.Round(random.NextDouble() * 20, 1);
        yield return Math.Round(random.NextDouble() * 10, 1);
        yield return Math.Round(1 + random.NextDouble(), 2);
        yield return Math.Round(1 + random.NextDouble() / 2, 2);
        yield return i * 900L + random.Next(800);
        yield return i * 700L + random.Next(600);
        yield return 2600 + random.Next(300);
    }

    private static long Heap()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
