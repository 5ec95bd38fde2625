using StatusMonitor.Protocol;

namespace StatusMonitor.Agent.Collectors;

/// <summary>The counters of one network interface, out of one line of <c>/proc/net/dev</c>.</summary>
internal readonly record struct InterfaceCounters(
    ulong ReceivedBytes,
    ulong ReceivedPackets,
    ulong ReceiveErrors,
    ulong ReceiveDrops,
    ulong SentBytes,
    ulong SentPackets,
    ulong SendErrors,
    ulong SendDrops)
{
    /// <summary>False for the two header lines and whatever else is no interface.</summary>
    public static bool TryParse(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> name, out InterfaceCounters counters)
    {
        counters = default;
        name = default;
        // Old kernels write the first number right behind the colon: "eth0:1296".
        var colon = line.IndexOf((byte)':');
        if (colon < 0) return false;
        name = line[..colon].Trim((byte)' ');

        var fields = new FieldReader(line[(colon + 1)..]);
        if (!fields.TryNext(out ulong receivedBytes) || !fields.TryNext(out ulong receivedPackets)) return false;
        if (!fields.TryNext(out ulong receiveErrors) || !fields.TryNext(out ulong receiveDrops)) return false;
        // fifo, frame, compressed, multicast
        if (!fields.Skip(4)) return false;
        if (!fields.TryNext(out ulong sentBytes) || !fields.TryNext(out ulong sentPackets)) return false;
        if (!fields.TryNext(out ulong sendErrors) || !fields.TryNext(out ulong sendDrops)) return false;
        counters = new InterfaceCounters(receivedBytes, receivedPackets, receiveErrors, receiveDrops, sentBytes, sentPackets, sendErrors, sendDrops);
        return name.Length > 0;
    }
}

/// <summary>
/// Traffic of every network interface but <c>lo</c> and the <c>veth</c> ends of containers: there is one of those per container,
/// with a new name at each start, and their traffic is counted on the bridge too.
/// </summary>
internal sealed class NetworkCollector(SystemFiles files) : ICollector
{
    private readonly string _dev = files.PathOf("proc/net/dev");
    private readonly SeriesByLabel _series = new(
        "nic",
        KnownSeries.NetReceivedBytes,
        KnownSeries.NetSentBytes,
        KnownSeries.NetReceivedPackets,
        KnownSeries.NetSentPackets,
        KnownSeries.NetReceiveErrors,
        KnownSeries.NetSendErrors,
        KnownSeries.NetReceiveDrops,
        KnownSeries.NetSendDrops);

    public string Name => "network interfaces";

    public Outcome Collect(SampleSet samples)
    {
        if (!files.TryRead(_dev, out var text)) return Outcome.NoData;
        foreach (var range in text.Split((byte)'\n'))
        {
            if (!InterfaceCounters.TryParse(text[range], out var name, out var counters)) continue;
            if (name.SequenceEqual("lo"u8) || name.StartsWith("veth"u8)) continue;

            var series = _series.For(name);
            if (series.Length == 0) continue;
            samples.Add(series[0], counters.ReceivedBytes);
            samples.Add(series[1], counters.SentBytes);
            samples.Add(series[2], counters.ReceivedPackets);
            samples.Add(series[3], counters.SentPackets);
            samples.Add(series[4], counters.ReceiveErrors);
            samples.Add(series[5], counters.SendErrors);
            samples.Add(series[6], counters.ReceiveDrops);
            samples.Add(series[7], counters.SendDrops);
        }

        return Outcome.Collected;
    }
}
