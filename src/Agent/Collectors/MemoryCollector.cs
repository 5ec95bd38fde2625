using StatusMonitor.Protocol;

namespace StatusMonitor.Agent.Collectors;

/// <summary>What <c>/proc/meminfo</c> says, in bytes.</summary>
internal readonly record struct MemoryInfo(double Total, double Available, double Cached, double SwapTotal, double SwapFree)
{
    /// <summary>False if the text has no total, as where <c>/proc</c> is masked.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out MemoryInfo memory)
    {
        double total = 0, free = 0, buffers = 0, cached = 0, reclaimable = 0, shared = 0, swapTotal = 0, swapFree = 0;
        double? available = null;
        foreach (var range in text.Split((byte)'\n'))
        {
            var line = text[range];
            var colon = line.IndexOf((byte)':');
            if (colon < 0) continue;
            var fields = new FieldReader(line[(colon + 1)..]);
            if (!fields.TryNext(out ulong kilobytes)) continue;
            var bytes = kilobytes * 1024.0;
            var name = line[..colon];
            if (name.SequenceEqual("MemTotal"u8)) total = bytes;
            else if (name.SequenceEqual("MemFree"u8)) free = bytes;
            else if (name.SequenceEqual("MemAvailable"u8)) available = bytes;
            else if (name.SequenceEqual("Buffers"u8)) buffers = bytes;
            else if (name.SequenceEqual("Cached"u8)) cached = bytes;
            else if (name.SequenceEqual("SReclaimable"u8)) reclaimable = bytes;
            else if (name.SequenceEqual("Shmem"u8)) shared = bytes;
            else if (name.SequenceEqual("SwapTotal"u8)) swapTotal = bytes;
            else if (name.SequenceEqual("SwapFree"u8)) swapFree = bytes;
        }

        // Linux before 3.14 does not estimate it: what is free and what could be freed. Shared memory counts as cache there but cannot be.
        var estimate = available ?? Math.Max(free, free + buffers + cached + reclaimable - shared);
        // In some containers the total is the container's and the available memory the machine's.
        if (estimate > total) estimate = Math.Min(free, total);
        memory = new MemoryInfo(total, estimate, cached + reclaimable, swapTotal, Math.Min(swapFree, swapTotal));
        return total > 0;
    }
}

/// <summary>Memory and swap, from <c>/proc/meminfo</c>.</summary>
internal sealed class MemoryCollector(SystemFiles files) : ICollector
{
    private readonly string _meminfo = files.PathOf("proc/meminfo");

    public string Name => "memory";

    public Outcome Collect(SampleSet samples)
    {
        if (!files.TryRead(_meminfo, out var text) || !MemoryInfo.TryParse(text, out var memory)) return Outcome.NoData;

        var used = memory.Total - memory.Available;
        samples.Add(KnownSeries.MemoryTotalBytes, memory.Total);
        samples.Add(KnownSeries.MemoryAvailableBytes, memory.Available);
        samples.Add(KnownSeries.MemoryUsedBytes, used);
        samples.AddPercent(KnownSeries.MemoryUsedPercent, 100 * used / memory.Total);
        samples.Add(KnownSeries.MemoryCachedBytes, memory.Cached);

        var swapUsed = memory.SwapTotal - memory.SwapFree;
        samples.Add(KnownSeries.SwapTotalBytes, memory.SwapTotal);
        samples.Add(KnownSeries.SwapUsedBytes, swapUsed);
        // A part of nothing is no number.
        if (memory.SwapTotal > 0) samples.AddPercent(KnownSeries.SwapUsedPercent, 100 * swapUsed / memory.SwapTotal);
        return Outcome.Collected;
    }
}
