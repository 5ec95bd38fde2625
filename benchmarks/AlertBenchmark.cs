using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StatusMonitor.Grains.Agents;
using StatusMonitor.Grains.Alerts;
using StatusMonitor.Grains.Hosts;
using StatusMonitor.Protocol;
using StatusMonitor.Silo;
using StatusMonitor.Storage.Sqlite;

namespace StatusMonitor.Benchmarks;

/// <summary>
/// What 20 rules on each host cost: CPU and allocation of a report from the grain's call to its answer, journal included, against hosts without rules, in turns. HTTP is not in it: the
/// difference is to be compared with a report of the benchmark <c>ingest</c>.
/// </summary>
internal static class AlertBenchmark
{
    private const int Hosts = 500;
    private const int Concurrency = 32;
    private static readonly SeriesSet Series = new([.. HostWalk.Series]);

    public static async Task<int> RunAsync(string[] args)
    {
        var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 10;
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
            var none = await FleetAsync(grains, 1, []);
            var with = await FleetAsync(grains, 2, Rules());

            var clock = new Clock();
            await MeasureAsync(none, clock);
            await MeasureAsync(with, clock);
            var (cost, costWith) = (new List<Cost>(), new List<Cost>());
            for (var round = 0; round < rounds; round++)
            {
                cost.Add(await MeasureAsync(none, clock));
                costWith.Add(await MeasureAsync(with, clock));
            }

            var (before, after) = (Median(cost.Select(c => c.Microseconds)), Median(costWith.Select(c => c.Microseconds)));
            var (bytesBefore, bytesAfter) = (Median(cost.Select(c => c.Bytes)), Median(costWith.Select(c => c.Bytes)));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"alerts, {Rules().Length} rules on each of {Hosts} hosts: {before:0.00} µs CPU a report without, {after:0.00} with, {after - before:0.00} more; {bytesBefore:0} and {bytesAfter:0} bytes allocated (medians of {rounds} turns)"));
            await host.StopAsync();
            return 0;
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    /// <summary>Rules of all kinds that look at every series and at which nothing fires, as it is nearly always.</summary>
    private static ImmutableArray<AlertRule> Rules()
    {
        static AlertRule Rule(AlertKind kind, string? series = null, double threshold = 0, AlertCondition condition = AlertCondition.Above) => new()
        {
            Name = $"{kind} {series}", Kind = kind, Series = series, Threshold = threshold, Condition = condition, For = kind is AlertKind.Classic or AlertKind.Rebooted ? TimeSpan.Zero : TimeSpan.FromMinutes(5),
        };

        return
        [
            Rule(AlertKind.Offline),
            Rule(AlertKind.Rebooted),
            Rule(AlertKind.NoData, KnownSeries.CpuPercent),
            Rule(AlertKind.Threshold, KnownSeries.CpuPercent, 101),
            Rule(AlertKind.Threshold, KnownSeries.CpuPercent, 102, AlertCondition.AtOrAbove),
            Rule(AlertKind.Threshold, KnownSeries.CpuPercent, -1, AlertCondition.Below),
            Rule(AlertKind.Threshold, KnownSeries.CpuIoWaitPercent, 101),
            Rule(AlertKind.Threshold, KnownSeries.MemoryUsedPercent, 101),
            Rule(AlertKind.Threshold, KnownSeries.SwapUsedPercent, 101),
            Rule(AlertKind.Threshold, KnownSeries.DiskUsedPercent, 101),
            Rule(AlertKind.Threshold, "disk.used.percent{mount=/*}", 102),
            Rule(AlertKind.Threshold, KnownSeries.Load1, 1000),
            Rule(AlertKind.Threshold, KnownSeries.Processes, 1e6),
            Rule(AlertKind.Threshold, KnownSeries.UptimeSeconds, 0, AlertCondition.Below),
            Rule(AlertKind.Rate, KnownSeries.NetReceivedBytes, 1e12),
            Rule(AlertKind.Rate, KnownSeries.NetSentBytes, 1e12),
            Rule(AlertKind.Rate, KnownSeries.DiskReadBytes, 1e12),
            Rule(AlertKind.Rate, KnownSeries.DiskWriteBytes, 1e12),
            Rule(AlertKind.Forecast, KnownSeries.DiskUsedPercent, 1e6) with { Within = TimeSpan.FromHours(24) },
            Rule(AlertKind.Threshold, KnownSeries.MemoryUsedPercent, -1, AlertCondition.Below),
        ];
    }

    private static async Task<Machine[]> FleetAsync(IGrainFactory grains, long owner, ImmutableArray<AlertRule> rules)
    {
        var book = grains.GetGrain<IRuleBookGrain>(owner);
        foreach (var rule in await book.Get()) await book.Remove(rule.Id);
        foreach (var rule in rules) await book.Add(rule);
        var machines = new Machine[Hosts];
        for (var i = 0; i < machines.Length; i++)
        {
            var id = owner * 100_000 + i;
            var host = grains.GetGrain<IHostGrain>(id);
            await host.Register(new NewHost($"host-{id}", owner, null, []));
            if (!TokenHash.TryHash((await host.IssueToken(replace: false))!.Token, out var token)) throw new InvalidOperationException("The token is none.");
            machines[i] = new Machine(host, token, new HostWalk((int)id));
        }

        return machines;
    }

    private static async Task<Cost> MeasureAsync(Machine[] machines, Clock clock)
    {
        const int Reports = 40;
        using var process = Process.GetCurrentProcess();
        var (cpu, bytes) = (process.TotalProcessorTime, GC.GetTotalAllocatedBytes());
        for (var i = 0; i < Reports; i++)
        {
            var at = clock.Next();
            await Parallel.ForEachAsync(machines, new ParallelOptions { MaxDegreeOfParallelism = Concurrency }, async (machine, _) => await machine.SendAsync(at));
        }

        process.Refresh();
        const double Count = Hosts * Reports;
        return new Cost((process.TotalProcessorTime - cpu).TotalMicroseconds / Count, (GC.GetTotalAllocatedBytes() - bytes) / Count);
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    private readonly record struct Cost(double Microseconds, double Bytes);

    /// <summary>Collection times, five seconds apart.</summary>
    private sealed class Clock
    {
        private long _at = DateTimeOffset.UtcNow.AddHours(-2).ToUnixTimeMilliseconds();

        public long Next() => _at += 5000;
    }

    private sealed class Machine(IHostGrain host, TokenHash token, HostWalk walk)
    {
        private long _sequence;

        public async Task SendAsync(long at)
        {
            var report = new HostReport(_sequence++, "boot", at, TimeSpan.FromSeconds(5), Series, [.. walk.NextValues()]);
            var result = await host.Report(new HostReports(token, null, [report]));
            if (result.Outcome != ReportOutcome.Stored) throw new InvalidOperationException($"{result}");
        }
    }
}
