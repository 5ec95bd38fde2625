using StatusMonitor.Protocol;

namespace StatusMonitor.Agent.Collectors;

/// <summary>Load averages, from <c>/proc/loadavg</c>.</summary>
internal sealed class LoadCollector(SystemFiles files) : ICollector
{
    private readonly string _loadavg = files.PathOf("proc/loadavg");

    public string Name => "load average";

    public Outcome Collect(SampleSet samples)
    {
        if (!files.TryRead(_loadavg, out var text) || !TryParse(text, out var one, out var five, out var fifteen)) return Outcome.NoData;
        samples.Add(KnownSeries.Load1, Math.Round(one, 2));
        samples.Add(KnownSeries.Load5, Math.Round(five, 2));
        samples.Add(KnownSeries.Load15, Math.Round(fifteen, 2));
        return Outcome.Collected;
    }

    internal static bool TryParse(ReadOnlySpan<byte> text, out double one, out double five, out double fifteen)
    {
        var fields = new FieldReader(text);
        five = fifteen = 0;
        return fields.TryNext(out one) && fields.TryNext(out five) && fields.TryNext(out fifteen);
    }
}
