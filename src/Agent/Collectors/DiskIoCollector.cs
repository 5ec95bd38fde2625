using System.Text;
using StatusMonitor.Protocol;

namespace StatusMonitor.Agent.Collectors;

/// <summary>The counters of one block device, out of one line of <c>/proc/diskstats</c>.</summary>
internal readonly record struct DiskCounters(ulong Reads, ulong ReadSectors, ulong Writes, ulong WrittenSectors, ulong BusyMilliseconds)
{
    /// <summary>A sector of <c>/proc/diskstats</c> is 512 bytes whatever the device's own sectors are (Documentation/admin-guide/iostats.rst).</summary>
    public const int SectorBytes = 512;

    /// <summary>False for a line with fewer fields, as very old kernels write for partitions.</summary>
    public static bool TryParse(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> name, out DiskCounters counters)
    {
        counters = default;
        name = default;
        var fields = new FieldReader(line);
        if (!fields.Skip(2) || !fields.TryNext(out name)) return false;
        if (!fields.TryNext(out ulong reads) || !fields.Skip(1) || !fields.TryNext(out ulong readSectors) || !fields.Skip(1)) return false;
        if (!fields.TryNext(out ulong writes) || !fields.Skip(1) || !fields.TryNext(out ulong writtenSectors) || !fields.Skip(1)) return false;
        if (!fields.Skip(1) || !fields.TryNext(out ulong busy)) return false;
        counters = new DiskCounters(reads, readSectors, writes, writtenSectors, busy);
        return true;
    }
}

/// <summary>
/// Input and output of whole disks, with device-mapper and RAID devices among them. Partitions are parts of what is counted already;
/// loop, RAM and compressed-RAM disks, floppy and optical drives are left away, and so is what has never been used
/// (there are sixteen <c>nbd</c> devices once the module is loaded).
/// </summary>
internal sealed class DiskIoCollector(SystemFiles files) : ICollector
{
    private const int MaxRemembered = 4_096;

    private readonly string _diskstats = files.PathOf("proc/diskstats");
    private readonly string _sysBlock = files.PathOf("sys/block");
    private readonly Dictionary<string, bool> _wholeDisks = new(StringComparer.Ordinal);
    private readonly SeriesByLabel _series = new(
        "device",
        KnownSeries.DiskReadBytes,
        KnownSeries.DiskWriteBytes,
        KnownSeries.DiskReads,
        KnownSeries.DiskWrites,
        KnownSeries.DiskBusySeconds);

    public string Name => "disk input and output";

    public Outcome Collect(SampleSet samples)
    {
        if (!files.TryRead(_diskstats, out var text)) return Outcome.NoData;
        var hasSysBlock = Directory.Exists(_sysBlock);
        foreach (var range in text.Split((byte)'\n'))
        {
            if (!DiskCounters.TryParse(text[range], out var name, out var disk)) continue;
            if (disk.Reads == 0 && disk.Writes == 0) continue;
            if (IsLeftAway(name) || !IsWholeDisk(name, hasSysBlock)) continue;

            var series = _series.For(name);
            if (series.Length == 0) continue;
            samples.Add(series[0], (double)disk.ReadSectors * DiskCounters.SectorBytes);
            samples.Add(series[1], (double)disk.WrittenSectors * DiskCounters.SectorBytes);
            samples.Add(series[2], disk.Reads);
            samples.Add(series[3], disk.Writes);
            samples.Add(series[4], disk.BusyMilliseconds / 1_000.0);
        }

        return Outcome.Collected;
    }

    /// <summary>Whether a name alone says "partition": <c>sda1</c>, <c>nvme0n1p2</c>, <c>mmcblk0p1</c>. For where <c>/sys/block</c> is not to be seen.</summary>
    internal static bool IsNamedAsPartition(ReadOnlySpan<byte> name)
    {
        var stem = name.TrimEnd("0123456789"u8);
        if (stem.Length == name.Length) return false;
        if (stem.StartsWith("sd"u8) || stem.StartsWith("hd"u8) || stem.StartsWith("vd"u8) || stem.StartsWith("xvd"u8)) return true;
        return stem.Length > 1 && stem[^1] == 'p' && char.IsAsciiDigit((char)stem[^2]);
    }

    private static bool IsLeftAway(ReadOnlySpan<byte> name) =>
        name.StartsWith("loop"u8) || name.StartsWith("ram"u8) || name.StartsWith("zram"u8) || name.StartsWith("fd"u8) || name.StartsWith("sr"u8);

    private bool IsWholeDisk(ReadOnlySpan<byte> name, bool hasSysBlock)
    {
        if (!hasSysBlock) return !IsNamedAsPartition(name);
        // Directories of /sys/block write "!" for the slash in names such as cciss/c0d0.
        var text = Encoding.UTF8.GetString(name).Replace('/', '!');
        if (_wholeDisks.TryGetValue(text, out var isWhole)) return isWhole;
        if (_wholeDisks.Count >= MaxRemembered) _wholeDisks.Clear();
        return _wholeDisks[text] = Directory.Exists(Path.Combine(_sysBlock, text));
    }
}
