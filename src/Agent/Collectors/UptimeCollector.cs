using StatusMonitor.Protocol;

namespace StatusMonitor.Agent.Collectors;

/// <summary>Time since the machine started, in whole seconds, from <c>/proc/uptime</c>.</summary>
internal sealed class UptimeCollector(SystemFiles files) : ICollector
{
    private readonly string _uptime = files.PathOf("proc/uptime");

    public string Name => "uptime";

    public Outcome Collect(SampleSet samples)
    {
        if (!files.TryRead(_uptime, out var text) || !TryParse(text, out var seconds)) return Outcome.NoData;
        samples.Add(KnownSeries.UptimeSeconds, Math.Floor(seconds));
        return Outcome.Collected;
    }

    internal static bool TryParse(ReadOnlySpan<byte> text, out double seconds) => new FieldReader(text.TrimEnd((byte)'\n')).TryNext(out seconds);
}
