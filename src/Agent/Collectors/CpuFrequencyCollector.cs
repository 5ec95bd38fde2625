using System.Buffers.Text;
using StatusMonitor.Protocol;

namespace StatusMonitor.Agent.Collectors;

/// <summary>Current clock frequency of the cores: from cpufreq in <c>/sys</c>, else from <c>/proc/cpuinfo</c>, else there is none.</summary>
internal sealed class CpuFrequencyCollector : ICollector
{
    // Some kernels (x86, 4.14 to 5.15) sleep some milliseconds in each of these reads; with many cores a sample would take seconds.
    private static readonly TimeSpan TooSlow = TimeSpan.FromMilliseconds(200);

    private readonly SystemFiles _files;
    private readonly TimeProvider _time;
    private readonly string _online;
    private readonly string _cpuInfo;
    private readonly SeriesByLabel _coreSeries = new("core", KnownSeries.CpuCoreFrequency);
    private readonly List<int> _cores = [];
    private readonly List<(int Core, double Megahertz)> _megahertz = [];
    private readonly Dictionary<int, string> _cpufreqPaths = [];
    private bool _isCpufreqUsed = true;

    public CpuFrequencyCollector(SystemFiles files, TimeProvider time)
    {
        _files = files;
        _time = time;
        _online = files.PathOf("sys/devices/system/cpu/online");
        _cpuInfo = files.PathOf("proc/cpuinfo");
    }

    public string Name => "CPU frequency";

    public Outcome Collect(SampleSet samples)
    {
        _megahertz.Clear();
        if (_isCpufreqUsed) ReadCpufreq();
        if (_megahertz.Count == 0)
        {
            // A machine without cpufreq does not get it later, and asking costs an exception per sample.
            _isCpufreqUsed = false;
            if (_files.TryRead(_cpuInfo, out var text)) ParseCpuInfo(text, _megahertz);
        }

        if (_megahertz.Count == 0) return Outcome.NoData;

        double sum = 0;
        foreach (var (_, megahertz) in _megahertz) sum += megahertz;
        samples.Add(KnownSeries.CpuFrequency, Math.Round(sum / _megahertz.Count));
        foreach (var (core, megahertz) in _megahertz)
        {
            foreach (var series in _coreSeries.For(core)) samples.Add(series, Math.Round(megahertz));
        }

        return Outcome.Collected;
    }

    /// <summary>Reads a list such as <c>0-3,8</c>.</summary>
    internal static void ParseCoreList(ReadOnlySpan<byte> text, List<int> cores)
    {
        cores.Clear();
        text = text.TrimEnd("\n "u8);
        foreach (var range in text.Split((byte)','))
        {
            var part = text[range];
            if (!Utf8Parser.TryParse(part, out int first, out var used)) continue;
            var last = first;
            if (used < part.Length && (part[used] != '-' || !Utf8Parser.TryParse(part[(used + 1)..], out last, out _))) continue;
            for (var core = first; core <= last && cores.Count < 65_536; core++) cores.Add(core);
        }
    }

    /// <summary>The number and MHz of each processor of <c>/proc/cpuinfo</c> that tells it.</summary>
    internal static void ParseCpuInfo(ReadOnlySpan<byte> text, List<(int Core, double Megahertz)> found)
    {
        var core = -1;
        foreach (var range in text.Split((byte)'\n'))
        {
            var line = text[range];
            if (line.StartsWith("processor"u8) && Utf8Parser.TryParse(ValueOf(line), out int parsed, out _))
            {
                core = parsed;
            }
            else if (line.StartsWith("cpu MHz"u8) && core >= 0 && Utf8Parser.TryParse(ValueOf(line), out double megahertz, out _) && megahertz > 0)
            {
                found.Add((core, megahertz));
            }
        }
    }

    private static ReadOnlySpan<byte> ValueOf(ReadOnlySpan<byte> line) =>
        line.IndexOf((byte)':') is var colon and >= 0 ? line[(colon + 1)..].Trim((byte)' ') : [];

    private void ReadCpufreq()
    {
        if (!_files.TryRead(_online, out var text)) return;
        ParseCoreList(text, _cores);

        var started = _time.GetTimestamp();
        foreach (var core in _cores)
        {
            if (!_cpufreqPaths.TryGetValue(core, out var path))
            {
                path = _files.PathOf($"sys/devices/system/cpu/cpu{core}/cpufreq/scaling_cur_freq");
                _cpufreqPaths.Add(core, path);
            }

            // "<unknown>" is what some drivers answer for a sleeping core.
            var isRead = _files.TryRead(path, out text);
            if (isRead && Utf8Parser.TryParse(text, out double kilohertz, out _) && kilohertz > 0) _megahertz.Add((core, kilohertz / 1_000));
            // The first core has no cpufreq: no core has.
            if (!isRead && _megahertz.Count == 0) return;
        }

        if (_time.GetElapsedTime(started) > TooSlow) _isCpufreqUsed = !(_files.TryRead(_cpuInfo, out text) && text.IndexOf("cpu MHz"u8) >= 0);
    }
}
