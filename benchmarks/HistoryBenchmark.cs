using System.Diagnostics;
using System.Globalization;
using StatusMonitor.Storage;
using StatusMonitor.Storage.History;

namespace StatusMonitor.Benchmarks;

/// <summary>
/// What history takes on disk, what it costs to compact and to read, and how much memory compaction needs, in a whole store that is fed through its journal with a
/// <see cref="HostFleet"/>, hour by hour.
/// </summary>
internal static class HistoryBenchmark
{
    private const int TicksPerHour = 3_600_000 / HostFleet.StepMilliseconds;
    private const long Hour = 3_600_000;

    /// <summary>Rows on their way at once while taking in is measured; each goes on with the next when one is durable.</summary>
    private const int Reporters = 25;

    /// <summary>Begin of a day.</summary>
    private const long Start = 1_749_945_600_000;

    /// <param name="args">What to measure, "disk", "queries" or "memory", and in which store; all if nothing is said.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        foreach (var (name, open) in BenchmarkStore.All)
        {
            if (args.Length > 1 && args[1] != name) continue;
            if (args is [] or ["disk", ..]) await MeasureDiskAsync(open, hosts: 1_000, hours: 1, queries: false);
            if (args is [] or ["disk" or "queries", ..]) await MeasureDiskAsync(open, hosts: 200, hours: 24, queries: args is not ["disk", ..]);
            if (args is [] or ["beside", ..]) await MeasureBesideAsync(open, hosts: 500);
            if (args is [] or ["memory", ..]) await MeasureMemoryAsync(open, hosts: 10_000, TicksPerHour / 6);
        }

        return 0;
    }

    private static async Task MeasureDiskAsync(Func<BenchmarkStore> open, int hosts, int hours, bool queries)
    {
        using var store = open();
        var fleet = new HostFleet(hosts, Start);
        var compaction = new CpuClock(store);
        var load = new CpuClock(store);
        var values = 0L;
        for (var hour = 0; hour < hours; hour++)
        {
            store.SetTime(Start + hour * Hour);
            await load.TimeAsync(() => LoadAsync(store, fleet, TicksPerHour, isFirst: hour == 0));
            var done = await compaction.TimeAsync(() => store.Upkeep.CompactAsync(DateTimeOffset.FromUnixTimeMilliseconds(Start + (hour + 1) * Hour).AddMinutes(6), default));
            values += done.Values;
        }

        var expected = (long)hosts * hours * TicksPerHour * HostFleet.Series.Length;
        if (values != expected) throw new InvalidOperationException($"{values} values were compacted of {expected}.");
        var size = await store.Upkeep.MeasureAsync(default);
        string[] details = [.. store.Details()];
        var (file, unused) = store.Checkpoint();
        Print($"history, {store.Name}, {hosts} hosts x {HostFleet.Series.Length} series x {hours} h at 5 s, {values / 1e6:0.0} million values");
        Print($"  bytes a value on disk: {(file - unused) / (double)values:0.000} in use, indexes and rollups included; {file / (double)values:0.000} with {unused / 1e6:0.0} MB of free pages, which the next hour's logs and pieces use again");
        Print($"  of it samples {size.SampleBytes / (double)values:0.000}, rollups of a minute {size.MinuteBytes / (double)values:0.000}, of fifteen {size.QuarterHourBytes / (double)values:0.000}; the rest is the database");
        foreach (var line in details) Print($"    {line}");
        Print($"  million values a CPU second: {values / compaction.Cpu.TotalSeconds / 1e6:0.00} compacted, {values / load.Cpu.TotalSeconds / 1e6:0.00} taken in (with making them); the database's own took {compaction.Elsewhere.TotalSeconds:0.0} s and {load.Elsewhere.TotalSeconds:0.0} s on top");
        if (queries) await MeasureQueriesAsync(store, hosts);

        // Last, because it is done to the store itself.
        Print($"  in use without rollups (minutes dropped, then measured again): {store.UsedWithoutRollups() / (double)values:0.000}");
    }

    private static async Task MeasureQueriesAsync(BenchmarkStore store, int hosts)
    {
        var (from, to) = (Start, Start + 24 * Hour);
        await PrintAsync(store, "one series of one host, 24 h by the minute", 2_000, i => store.History.ReadRollupsAsync(i % hosts + 1, [i % 12], RollupTier.Minute, from, to, default));
        await PrintAsync(store, "all 12 series of one host", 1_000, i => store.History.ReadRollupsAsync(i % hosts + 1, [.. Enumerable.Range(0, 12)], RollupTier.Minute, from, to, default));
        await PrintAsync(store, "one series, 24 h by the quarter of an hour", 2_000, i => store.History.ReadRollupsAsync(i % hosts + 1, [i % 12], RollupTier.QuarterHour, from, to, default));
        await PrintAsync(store, "one series, one hour as it came", 2_000, i => store.History.ReadSamplesAsync(i % hosts + 1, [i % 12], from, from + Hour, default));
        await PrintAsync(store, $"one series of all {hosts} hosts, 24 h by the minute", 20, i => AllAsync(i, RollupTier.Minute));
        await PrintAsync(store, $"one series of all {hosts} hosts, 24 h by the quarter of an hour", 20, i => AllAsync(i, RollupTier.QuarterHour));

        async Task<RollupBlock> AllAsync(int series, RollupTier tier)
        {
            RollupBlock last = null!;
            for (var host = 1; host <= hosts; host++) last = await store.History.ReadRollupsAsync(host, [series % 12], tier, from, to, default);
            return last;
        }
    }

    private static async Task PrintAsync<T>(BenchmarkStore store, string what, int count, Func<int, Task<T>> query)
    {
        for (var i = 0; i < count / 10 + 1; i++) await query(i);
        var clock = new CpuClock(store);
        var times = new List<double>(count);
        await clock.TimeAsync(async () =>
        {
            for (var i = 0; i < count; i++)
            {
                var started = Stopwatch.GetTimestamp();
                await query(i);
                times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }
        });

        times.Sort();
        Print($"  {what}: {clock.Cpu.TotalMilliseconds / count:0.000} ms of CPU and {clock.Elsewhere.TotalMilliseconds / count:0.000} ms of the database's own, p50 {times[count / 2]:0.00} ms, p99 {times[(int)(count * 0.99)]:0.00} ms");
    }

    /// <summary>What taking in loses to a compaction beside it: rows a CPU second once what the same compaction takes alone is subtracted, and the time until a row is durable.</summary>
    private static async Task MeasureBesideAsync(Func<BenchmarkStore> open, int hosts)
    {
        using var store = open();
        var fleet = new HostFleet(hosts, Start);
        // Other hosts, of later hours than what is compacted.
        var reporting = new HostFleet(hosts, Start + 100 * Hour, seed: 2);
        SeriesEntry[] series = [.. HostFleet.Series.Select((name, id) => new SeriesEntry(id, name))];
        foreach (var (host, index) in reporting.Hosts.Select((host, index) => (host, index))) await store.Journal.AppendAsync(hosts + index + 1, series, [host.NextRow()]);
        var acknowledged = (long)hosts;

        // The first hour is for getting warm.
        foreach (var hour in new[] { 0, 1 })
        {
            await LoadHourAsync(hour);
            await TakeInAsync(Task.Delay(TimeSpan.FromSeconds(5)));
            await CompactAsync(hour);
        }

        var (rows, alone, latencies) = await TakeInAsync(Task.Delay(TimeSpan.FromSeconds(10)));
        Print($"history, {store.Name}, taking in: {rows / alone:n0} rows of {HostFleet.Series.Length} a CPU second (with making them), p50 {latencies[latencies.Count / 2]:0.0} ms, p99 {latencies[(int)(latencies.Count * 0.99)]:0.0} ms");

        await LoadHourAsync(2);
        var clock = new CpuClock(store);
        var done = await clock.TimeAsync(() => CompactAsync(2));
        await LoadHourAsync(3);
        (rows, var beside, latencies) = await TakeInAsync(CompactAsync(3));
        Print($"  beside a compaction of {done.Values / 1e6:0.0} million values: {rows / (beside - (clock.Cpu + clock.Elsewhere).TotalSeconds):n0} rows a CPU second of its own, p50 {latencies[latencies.Count / 2]:0.0} ms, p99 {latencies[(int)(latencies.Count * 0.99)]:0.0} ms; the compaction takes {(clock.Cpu + clock.Elsewhere).TotalSeconds:0.0} s of CPU alone");
        var (reported, loaded) = (await CountAsync(hosts + 1), await CountAsync(1));
        Print($"  of {acknowledged:n0} rows acknowledged meanwhile {reported:n0} are in the history, and of {4L * hosts * TicksPerHour:n0} that were compacted {loaded:n0}");
        if (reported != acknowledged || loaded != 4L * hosts * TicksPerHour) throw new InvalidOperationException("Rows were lost or doubled.");

        async Task<long> CountAsync(int first)
        {
            var count = 0L;
            for (var host = first; host < first + hosts; host++) count += (await store.History.ReadSamplesAsync(host, [0], Start - Hour, Start + 1_000 * Hour, default)).Times.Length;
            return count;
        }

        Task LoadHourAsync(int hour)
        {
            store.SetTime(Start + hour * Hour);
            return LoadAsync(store, fleet, TicksPerHour, isFirst: hour == 0);
        }

        Task<CompactionResult> CompactAsync(int hour) => Task.Run(() => store.Upkeep.CompactAsync(DateTimeOffset.FromUnixTimeMilliseconds(Start + (hour + 1) * Hour).AddMinutes(6), default));

        async Task<(int Rows, double CpuSeconds, List<double> Latencies)> TakeInAsync(Task until)
        {
            var cpu = new CpuClock(store);
            var lists = await cpu.TimeAsync(() => Task.WhenAll(Enumerable.Range(0, Reporters).Select(reporter => Task.Run(() => ReportAsync(reporter, until)))));
            var times = lists.SelectMany(list => list).Order().ToList();
            acknowledged += times.Count;
            return (times.Count, (cpu.Cpu + cpu.Elsewhere).TotalSeconds, times);
        }

        async Task<List<double>> ReportAsync(int reporter, Task until)
        {
            var times = new List<double>();
            for (var i = reporter; !until.IsCompleted; i = (i + Reporters) % hosts)
            {
                var started = Stopwatch.GetTimestamp();
                await store.Journal.AppendAsync(hosts + i + 1, [], [reporting.Hosts[i].NextRow()]);
                times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }

            return times;
        }
    }

    private static async Task MeasureMemoryAsync(Func<BenchmarkStore> open, int hosts, int ticks)
    {
        using var store = open();
        store.SetTime(Start);
        await LoadAsync(store, new HostFleet(hosts, Start), ticks, isFirst: true);
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        using var process = Process.GetCurrentProcess();
        process.Refresh();
        var idle = process.WorkingSet64;
        var peak = idle;
        var compaction = Task.Run(() => store.Upkeep.CompactAsync(DateTimeOffset.FromUnixTimeMilliseconds(Start + 2 * Hour), default));
        while (await Task.WhenAny(compaction, Task.Delay(20)) != compaction)
        {
            process.Refresh();
            peak = Math.Max(peak, process.WorkingSet64);
        }

        var done = await compaction;
        Print($"history, {store.Name}, memory: compacting {hosts} hosts x {ticks} samples ({done.Values / 1e6:0.0} million values): at most {(peak - idle) / 1e6:0} MB more than the {idle / 1e6:0} MB before");
    }

    /// <summary>Feeds the store as agents would: every host's next sample, then every host's one after.</summary>
    private static async Task LoadAsync(BenchmarkStore store, HostFleet fleet, int ticks, bool isFirst)
    {
        SeriesEntry[] series = [.. HostFleet.Series.Select((name, id) => new SeriesEntry(id, name))];
        for (var tick = 0; tick < ticks; tick++)
        {
            var isNew = isFirst && tick == 0;
            await Task.WhenAll(fleet.Hosts.Select((host, index) => store.Journal.AppendAsync(index + 1, isNew ? series : [], [host.NextRow()])));
        }
    }

    private static void Print(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    /// <summary>CPU time of this process and of the database while something runs, all threads together.</summary>
    private sealed class CpuClock(BenchmarkStore store)
    {
        public TimeSpan Cpu { get; private set; }

        /// <summary>That of the database alone, where it is a process of its own.</summary>
        public TimeSpan Elsewhere { get; private set; }

        public async Task TimeAsync(Func<Task> act) => await TimeAsync(async () =>
        {
            await act();
            return 0;
        });

        public async Task<T> TimeAsync<T>(Func<Task<T>> act)
        {
            var (before, elsewhere) = (Environment.CpuUsage.TotalTime, store.CpuElsewhere);
            try
            {
                return await act();
            }
            finally
            {
                Cpu += Environment.CpuUsage.TotalTime - before;
                Elsewhere += store.CpuElsewhere - elsewhere;
            }
        }
    }
}
