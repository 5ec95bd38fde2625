using System.Runtime.CompilerServices;
using StatusMonitor.Protocol;

namespace StatusMonitor.Grains.Hosts;

/// <summary>Makes a host's line in the fleet from its samples: picks the known series, and turns network counters into rates.</summary>
public sealed class SummaryTracker
{
    // Thousands of hosts send the same set; where its known series stand is worked out once.
    private static readonly ConditionalWeakTable<SeriesSet, Places> Known = [];

    private long _at;
    private double _received = double.NaN;
    private double _sent = double.NaN;

    /// <summary>The line after a sample; rates are since the sample of the call before.</summary>
    public HostSummary Summarize(HostSummary previous, HostReport report)
    {
        var places = Known.GetValue(report.Series, static set => new Places(set));
        var values = report.Values.AsSpan();
        var seconds = (report.At - _at) / 1000.0;
        var received = Sum(values, places.Received);
        var sent = Sum(values, places.Sent);
        var summary = previous with
        {
            CpuPercent = Value(values, places.Cpu),
            MemoryPercent = Value(values, places.Memory),
            DiskPercent = Max(values, places.Disks),
            RxBytesPerSecond = Rate(_received, received, seconds),
            TxBytesPerSecond = Rate(_sent, sent, seconds),
            Load1 = Value(values, places.Load1),
            UptimeSeconds = Value(values, places.Uptime),
        };
        (_at, _received, _sent) = (report.At, received, sent);
        return summary;
    }

    /// <summary>Rate of a counter; null if there is no earlier value, or it started anew, or time did not pass.</summary>
    private static double? Rate(double before, double now, double seconds) =>
        seconds > 0 && now >= before ? (now - before) / seconds : null;

    private static double? Value(ReadOnlySpan<double> values, int place) => place < 0 ? null : values[place];

    private static double? Max(ReadOnlySpan<double> values, int[] places)
    {
        double? max = null;
        foreach (var place in places)
        {
            if (max is null || values[place] > max) max = values[place];
        }

        return max;
    }

    private static double Sum(ReadOnlySpan<double> values, int[] places)
    {
        if (places.Length == 0) return double.NaN;
        var sum = 0.0;
        foreach (var place in places) sum += values[place];
        return sum;
    }

    private sealed class Places(SeriesSet set)
    {
        public int Cpu { get; } = set.Names.IndexOf(KnownSeries.CpuPercent);

        public int Memory { get; } = set.Names.IndexOf(KnownSeries.MemoryUsedPercent);

        public int Load1 { get; } = set.Names.IndexOf(KnownSeries.Load1);

        public int Uptime { get; } = set.Names.IndexOf(KnownSeries.UptimeSeconds);

        public int[] Disks { get; } = All(set, KnownSeries.DiskUsedPercent);

        public int[] Received { get; } = All(set, KnownSeries.NetReceivedBytes);

        public int[] Sent { get; } = All(set, KnownSeries.NetSentBytes);

        private static int[] All(SeriesSet set, string name) =>
            [.. Enumerable.Range(0, set.Names.Length).Where(i => set.Names[i] == name || set.Names[i].StartsWith(name + "{", StringComparison.Ordinal))];
    }
}
