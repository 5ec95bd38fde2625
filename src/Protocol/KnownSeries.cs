using System.Collections.Frozen;

namespace StatusMonitor.Protocol;

/// <summary>How the values of a series behave over time.</summary>
public enum SeriesKind
{
    /// <summary>A value that goes up and down and is shown as it is.</summary>
    Gauge,

    /// <summary>A total that only grows until it starts anew; shown as a rate per second.</summary>
    Counter,
}

/// <summary>What a series name means.</summary>
/// <param name="Name">The dotted name without labels.</param>
/// <param name="Unit">The unit of a value: <c>percent</c> (0 to 100), <c>bytes</c>, <c>megahertz</c>, <c>seconds</c>, <c>packets</c>, … or empty for a plain number.</param>
/// <param name="Kind">Gauge or counter.</param>
/// <param name="Label">The label that tells several of them apart, or null.</param>
/// <param name="Meaning">One sentence for a person.</param>
public sealed record SeriesDefinition(string Name, string Unit, SeriesKind Kind, string? Label, string Meaning);

/// <summary>The series our own agent sends and the classic endpoints are mapped to. Others are accepted and are gauges without a unit.</summary>
public static class KnownSeries
{
    public const string CpuPercent = "cpu.percent";
    public const string CpuUserPercent = "cpu.user.percent";
    public const string CpuSystemPercent = "cpu.system.percent";
    public const string CpuIoWaitPercent = "cpu.iowait.percent";
    public const string CpuStealPercent = "cpu.steal.percent";
    public const string CpuCorePercent = "cpu.core.percent";
    public const string CpuFrequency = "cpu.frequency.mhz";
    public const string CpuCoreFrequency = "cpu.core.frequency.mhz";
    public const string Load1 = "load.1m";
    public const string Load5 = "load.5m";
    public const string Load15 = "load.15m";
    public const string MemoryTotalBytes = "memory.total.bytes";
    public const string MemoryAvailableBytes = "memory.available.bytes";
    public const string MemoryUsedBytes = "memory.used.bytes";
    public const string MemoryUsedPercent = "memory.used.percent";
    public const string MemoryCachedBytes = "memory.cached.bytes";
    public const string SwapTotalBytes = "swap.total.bytes";
    public const string SwapUsedBytes = "swap.used.bytes";
    public const string SwapUsedPercent = "swap.used.percent";
    public const string DiskTotalBytes = "disk.total.bytes";
    public const string DiskUsedBytes = "disk.used.bytes";
    public const string DiskFreeBytes = "disk.free.bytes";
    public const string DiskUsedPercent = "disk.used.percent";
    public const string DiskReadBytes = "disk.read.bytes";
    public const string DiskWriteBytes = "disk.write.bytes";
    public const string DiskReads = "disk.reads";
    public const string DiskWrites = "disk.writes";
    public const string DiskBusySeconds = "disk.busy.seconds";
    public const string NetReceivedBytes = "net.rx.bytes";
    public const string NetSentBytes = "net.tx.bytes";
    public const string NetReceivedPackets = "net.rx.packets";
    public const string NetSentPackets = "net.tx.packets";
    public const string NetReceiveErrors = "net.rx.errors";
    public const string NetSendErrors = "net.tx.errors";
    public const string NetReceiveDrops = "net.rx.drops";
    public const string NetSendDrops = "net.tx.drops";
    public const string UptimeSeconds = "uptime.seconds";
    public const string Processes = "processes.count";
    public const string ProcessesRunning = "processes.running";
    public const string TcpConnections = "tcp.connections";

    private static readonly FrozenDictionary<string, SeriesDefinition> Definitions = All().ToFrozenDictionary(d => d.Name);

    /// <summary>What is known of a series name; an unknown one is a gauge without a unit.</summary>
    public static SeriesDefinition Describe(string name) =>
        Definitions.GetValueOrDefault(name) ?? new SeriesDefinition(name, "", SeriesKind.Gauge, null, "");

    /// <summary>Every definition.</summary>
    public static IEnumerable<SeriesDefinition> All()
    {
        const SeriesKind gauge = SeriesKind.Gauge, counter = SeriesKind.Counter;
        yield return new(CpuPercent, "percent", gauge, null, "CPU time in use, all cores together.");
        yield return new(CpuUserPercent, "percent", gauge, null, "CPU time spent in programs.");
        yield return new(CpuSystemPercent, "percent", gauge, null, "CPU time spent in the kernel.");
        yield return new(CpuIoWaitPercent, "percent", gauge, null, "CPU time idle while waiting for disks.");
        yield return new(CpuStealPercent, "percent", gauge, null, "CPU time taken by the hypervisor.");
        yield return new(CpuCorePercent, "percent", gauge, "core", "CPU time in use on one core.");
        yield return new(CpuFrequency, "megahertz", gauge, null, "Clock frequency, mean of all cores.");
        yield return new(CpuCoreFrequency, "megahertz", gauge, "core", "Clock frequency of one core.");
        yield return new(Load1, "", gauge, null, "Load average over one minute.");
        yield return new(Load5, "", gauge, null, "Load average over five minutes.");
        yield return new(Load15, "", gauge, null, "Load average over fifteen minutes.");
        yield return new(MemoryTotalBytes, "bytes", gauge, null, "Memory installed.");
        yield return new(MemoryAvailableBytes, "bytes", gauge, null, "Memory that programs could get without swapping.");
        yield return new(MemoryUsedBytes, "bytes", gauge, null, "Memory in use: total less available.");
        yield return new(MemoryUsedPercent, "percent", gauge, null, "Memory in use.");
        yield return new(MemoryCachedBytes, "bytes", gauge, null, "Memory holding cached files.");
        yield return new(SwapTotalBytes, "bytes", gauge, null, "Swap space.");
        yield return new(SwapUsedBytes, "bytes", gauge, null, "Swap space in use.");
        yield return new(SwapUsedPercent, "percent", gauge, null, "Swap space in use.");
        yield return new(DiskTotalBytes, "bytes", gauge, "mount", "Size of a filesystem.");
        yield return new(DiskUsedBytes, "bytes", gauge, "mount", "Space in use on a filesystem.");
        yield return new(DiskFreeBytes, "bytes", gauge, "mount", "Space that unprivileged programs can still fill.");
        yield return new(DiskUsedPercent, "percent", gauge, "mount", "Space in use: used / (used + free), as df shows it.");
        yield return new(DiskReadBytes, "bytes", counter, "device", "Bytes read from a disk.");
        yield return new(DiskWriteBytes, "bytes", counter, "device", "Bytes written to a disk.");
        yield return new(DiskReads, "operations", counter, "device", "Reads completed.");
        yield return new(DiskWrites, "operations", counter, "device", "Writes completed.");
        yield return new(DiskBusySeconds, "seconds", counter, "device", "Time a disk had work to do.");
        yield return new(NetReceivedBytes, "bytes", counter, "nic", "Bytes received by an interface.");
        yield return new(NetSentBytes, "bytes", counter, "nic", "Bytes sent by an interface.");
        yield return new(NetReceivedPackets, "packets", counter, "nic", "Packets received.");
        yield return new(NetSentPackets, "packets", counter, "nic", "Packets sent.");
        yield return new(NetReceiveErrors, "packets", counter, "nic", "Packets received with an error.");
        yield return new(NetSendErrors, "packets", counter, "nic", "Packets that could not be sent.");
        yield return new(NetReceiveDrops, "packets", counter, "nic", "Packets dropped on receipt.");
        yield return new(NetSendDrops, "packets", counter, "nic", "Packets dropped on sending.");
        yield return new(UptimeSeconds, "seconds", gauge, null, "Time since the machine started.");
        yield return new(Processes, "", gauge, null, "Processes.");
        yield return new(ProcessesRunning, "", gauge, null, "Processes running or ready to run.");
        yield return new(TcpConnections, "", gauge, "state", "TCP connections by state.");
    }
}
