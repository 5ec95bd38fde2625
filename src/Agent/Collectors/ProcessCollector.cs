using System.IO.Enumeration;
using StatusMonitor.Protocol;

namespace StatusMonitor.Agent.Collectors;

/// <summary>How many processes there are and how many of them want to run.</summary>
internal sealed class ProcessCollector : ICollector
{
    private readonly SystemFiles _files;
    private readonly string _loadavg;
    private readonly string _proc;
    private readonly string _firstProcess;

    public ProcessCollector(SystemFiles files)
    {
        _files = files;
        _loadavg = files.PathOf("proc/loadavg");
        _proc = files.PathOf("proc");
        _firstProcess = files.PathOf("proc/1");
    }

    public string Name => "processes";

    public Outcome Collect(SampleSet samples)
    {
        // Also in /proc/stat, which takes the kernel much longer to write on a machine with many cores.
        if (!_files.TryRead(_loadavg, out var text) || !TryParseRunning(text, out var running)) return Outcome.NoData;
        samples.Add(KnownSeries.ProcessesRunning, running);

        // With hidepid=2 we see our own processes only: no number is better than that one.
        if (!Directory.Exists(_firstProcess)) return Outcome.NoData;
        samples.Add(KnownSeries.Processes, Count());
        return Outcome.Collected;
    }

    /// <summary>The number before the slash in <c>0.20 0.18 0.12 1/80 11206</c>.</summary>
    internal static bool TryParseRunning(ReadOnlySpan<byte> text, out ulong running)
    {
        running = 0;
        var fields = new FieldReader(text);
        return fields.Skip(3)
            && fields.TryNext(out ReadOnlySpan<byte> field)
            && field.IndexOf((byte)'/') is var slash and > 0
            && FieldReader.TryParse(field[..slash], out running);
    }

    private int Count()
    {
        // An enumeration that makes no string per entry.
        var processes = new FileSystemEnumerable<byte>(_proc, static (ref entry) => 0)
        {
            ShouldIncludePredicate = static (ref entry) => char.IsAsciiDigit(entry.FileName[0]),
        };
        var count = 0;
        foreach (var _ in processes) count++;
        return count;
    }
}
