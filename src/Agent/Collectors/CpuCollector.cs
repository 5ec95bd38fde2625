using System.Buffers.Text;
using StatusMonitor.Protocol;

namespace StatusMonitor.Agent.Collectors;

/// <summary>What one processor did since it started, in ticks of 1/100 s, out of one line of <c>/proc/stat</c>.</summary>
/// <param name="User">Programs, niced ones and guests included.</param>
/// <param name="System">The kernel, interrupts included.</param>
/// <param name="Idle">Nothing to do.</param>
/// <param name="IoWait">Nothing to do but to wait for a disk. The kernel says itself that this one may go backwards.</param>
/// <param name="Steal">Ready to run while the hypervisor ran something else.</param>
internal readonly record struct CpuTimes(ulong User, ulong System, ulong Idle, ulong IoWait, ulong Steal)
{
    /// <summary>Stands for the line of all processors together.</summary>
    public const int AllCores = -1;

    /// <summary>Reads a line of <c>/proc/stat</c>; false if it is about something else than a processor.</summary>
    public static bool TryParse(ReadOnlySpan<byte> line, out int core, out CpuTimes times)
    {
        core = AllCores;
        times = default;
        var fields = new FieldReader(line);
        if (!fields.TryNext(out ReadOnlySpan<byte> name) || !name.StartsWith("cpu"u8)) return false;
        if (name.Length > 3 && !(Utf8Parser.TryParse(name[3..], out core, out var used) && used == name.Length - 3 && core >= 0)) return false;
        if (!fields.TryNext(out ulong user) || !fields.TryNext(out ulong nice) || !fields.TryNext(out ulong system) || !fields.TryNext(out ulong idle))
        {
            return false;
        }

        // Absent before Linux 2.6.11. The guest times that follow are contained in user and nice: adding them would count them twice.
        _ = fields.TryNext(out ulong ioWait);
        _ = fields.TryNext(out ulong irq);
        _ = fields.TryNext(out ulong softIrq);
        _ = fields.TryNext(out ulong steal);
        times = new CpuTimes(user + nice, system + irq + softIrq, idle, ioWait, steal);
        return true;
    }
}

/// <summary>What processors did between two readings, in ticks.</summary>
internal readonly record struct CpuUsage(ulong User, ulong System, ulong Idle, ulong IoWait, ulong Steal)
{
    // A processor that was unplugged begins anew. Idle time also jitters backwards by some ticks, which is no such event:
    // the same limit as in node_exporter's collector/cpu_linux.go.
    private const ulong JumpBackTicks = 3 * 100;

    private ulong Total => User + System + Idle + IoWait + Steal;

    /// <summary>False if no time has passed, so that there are no percentages.</summary>
    public bool IsKnown => Total > 0;

    /// <summary>All but idle and waiting for disks; stolen time counts, as in <c>top</c>'s 100 − idle.</summary>
    public double BusyPercent => Percent(User + System + Steal);

    public double UserPercent => Percent(User);

    public double SystemPercent => Percent(System);

    public double IoWaitPercent => Percent(IoWait);

    public double StealPercent => Percent(Steal);

    /// <summary>What happened between two readings of one processor, or null if it was restarted in between.</summary>
    public static CpuUsage? Between(in CpuTimes before, in CpuTimes after)
    {
        if (before.Idle > after.Idle + JumpBackTicks) return null;
        return new CpuUsage(
            Grown(before.User, after.User),
            Grown(before.System, after.System),
            Grown(before.Idle, after.Idle),
            Grown(before.IoWait, after.IoWait),
            Grown(before.Steal, after.Steal));
    }

    public static CpuUsage operator +(in CpuUsage a, in CpuUsage b) =>
        new(a.User + b.User, a.System + b.System, a.Idle + b.Idle, a.IoWait + b.IoWait, a.Steal + b.Steal);

    private static ulong Grown(ulong before, ulong after) => after > before ? after - before : 0;

    private double Percent(ulong ticks) => 100.0 * ticks / Total;
}

/// <summary>CPU usage of all cores together and of each, between the previous reading and this one.</summary>
internal sealed class CpuCollector(SystemFiles files) : ICollector
{
    // More than any kernel is built for; a number above is a damaged text.
    private const int MaxCores = 65_536;

    private readonly string _stat = files.PathOf("proc/stat");
    private readonly SeriesByLabel _coreSeries = new("core", KnownSeries.CpuCorePercent);
    private CpuTimes?[] _cores = [];
    private CpuTimes? _allCores;

    public string Name => "CPU usage";

    public Outcome Collect(SampleSet samples)
    {
        if (!files.TryRead(_stat, out var text)) return Outcome.NoData;

        var before = _cores;
        var now = new CpuTimes?[before.Length];
        var sum = default(CpuUsage);
        CpuTimes? allCores = null;
        var coreLines = 0;
        foreach (var range in text.Split((byte)'\n'))
        {
            // The processors come first; what follows can be a very long line about interrupts.
            if (!CpuTimes.TryParse(text[range], out var core, out var times))
            {
                if (allCores is null && coreLines == 0) continue;
                break;
            }

            if (core == CpuTimes.AllCores)
            {
                allCores = times;
                continue;
            }

            if (core >= MaxCores) continue;
            coreLines++;
            if (core >= now.Length) Array.Resize(ref now, core + 1);
            now[core] = times;

            // A core that was not there the last time (hot-plug) or began anew has nothing to compare with until the next reading.
            if (core >= before.Length || before[core] is not { } earlier) continue;
            if (CpuUsage.Between(earlier, times) is not { IsKnown: true } usage) continue;
            sum += usage;
            foreach (var series in _coreSeries.For(core)) samples.AddPercent(series, usage.BusyPercent);
        }

        // The kernel's own total jumps when cores come and go; the sum of the cores that can be compared does not.
        // Only where there are no cores to see (some containers) the total line has to do.
        if (coreLines == 0 && allCores is { } after && _allCores is { } allBefore) sum = CpuUsage.Between(allBefore, after) ?? default;

        _cores = now;
        _allCores = allCores;
        if (allCores is null && coreLines == 0) return Outcome.NoData;
        if (!sum.IsKnown) return Outcome.Collected;

        samples.AddPercent(KnownSeries.CpuPercent, sum.BusyPercent);
        samples.AddPercent(KnownSeries.CpuUserPercent, sum.UserPercent);
        samples.AddPercent(KnownSeries.CpuSystemPercent, sum.SystemPercent);
        samples.AddPercent(KnownSeries.CpuIoWaitPercent, sum.IoWaitPercent);
        samples.AddPercent(KnownSeries.CpuStealPercent, sum.StealPercent);
        return Outcome.Collected;
    }
}
