using System.IO.Enumeration;
using System.Text;
using StatusMonitor.Protocol;

namespace StatusMonitor.Agent.Collectors;

/// <summary>
/// Finds the processes that take the most CPU time and the most memory, from two readings of <c>/proc/*/stat</c>. Only when the server asked: on a machine with many processes each
/// reading costs more than all collectors together. One thread at a time, and not that of the collectors' <see cref="SystemFiles"/>.
/// </summary>
internal sealed class ProcessTop(SystemFiles files, TimeProvider time)
{
    /// <summary>Processes that are looked at; beyond, the rest is left away.</summary>
    private const int MaxLooked = 20_000;

    // USER_HZ, which is 100 on every architecture that .NET runs on.
    private const double TicksPerSecond = 100;

    // Less between two readings says little.
    private static readonly TimeSpan MinWindow = TimeSpan.FromMilliseconds(500);

    // What a reading that nobody came back to would be compared with after this is not "now" any more.
    private static readonly TimeSpan MaxWindow = TimeSpan.FromMinutes(2);

    private readonly Dictionary<int, (ulong Started, ulong Ticks)> _before = [];
    private long _readAt;
    private int _count;

    /// <summary>The server would like to know of so many: takes the first reading.</summary>
    public void Prime(int count)
    {
        // Asked again before it could be told, the first reading stays.
        if (_count > 0 && time.GetElapsedTime(_readAt) < MaxWindow) return;
        _count = count;
        _readAt = time.GetTimestamp();
        _before.Clear();
        foreach (var process in Read()) _before[process.Id] = (process.Started, process.Ticks);
    }

    /// <summary>Those with the most CPU time since the first reading, and as many with the most memory, each once; null if nobody asked, or too little time has passed.</summary>
    public IReadOnlyList<ProcessUsage>? Take()
    {
        if (_count == 0) return null;
        var elapsed = time.GetElapsedTime(_readAt);
        if (elapsed < MinWindow) return null;

        var count = _count;
        _count = 0;
        List<ProcessUsage> all = elapsed > MaxWindow ? [] : [.. Read().Select(process => Usage(process, elapsed))];
        _before.Clear();
        return [.. all.OrderByDescending(process => process.CpuPercent).Take(count).Union(all.OrderByDescending(process => process.MemoryBytes).Take(count))];
    }

    /// <summary>Reads a line such as <c>1 (systemd) S 0 1 1 0 -1 4194560 ...</c>. The name is whatever its program calls itself, brackets included.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> line, out Reading reading)
    {
        reading = default;
        var (open, close) = (line.IndexOf((byte)'('), line.LastIndexOf((byte)')'));
        if (open < 1 || close < open || !FieldReader.TryParse(line[..(open - 1)], out var id) || id > int.MaxValue) return false;

        // Fields by proc(5): utime 14, stime 15, starttime 22, rss 24. The first after the name is 3.
        var fields = new FieldReader(line[(close + 1)..].TrimEnd((byte)'\n'));
        if (!fields.Skip(11) || !fields.TryNext(out ulong user) || !fields.TryNext(out ulong system)) return false;
        if (!fields.Skip(6) || !fields.TryNext(out ulong started) || !fields.Skip(1) || !fields.TryNext(out ulong pages)) return false;

        reading = new Reading((int)id, Name(line[(open + 1)..close]), started, user + system, (long)Math.Min(pages, long.MaxValue / (ulong)Environment.SystemPageSize) * Environment.SystemPageSize);
        return true;
    }

    private static string Name(ReadOnlySpan<byte> bytes)
    {
        var text = string.Concat(Encoding.UTF8.GetString(bytes).Select(static c => char.IsControl(c) ? '?' : c));
        if (text.Length > ReportLimits.MaxProcessNameLength) text = text[..ReportLimits.MaxProcessNameLength];
        return text.Length == 0 ? "?" : text;
    }

    private IEnumerable<Reading> Read()
    {
        var processes = new FileSystemEnumerable<string>(files.PathOf("proc"), static (ref entry) => entry.FileName.ToString())
        {
            ShouldIncludePredicate = static (ref entry) => char.IsAsciiDigit(entry.FileName[0]),
        };
        foreach (var id in processes.Take(MaxLooked))
        {
            // One that has ended meanwhile is none.
            if (files.TryRead(files.PathOf($"proc/{id}/stat"), out var line) && TryParse(line, out var reading)) yield return reading;
        }
    }

    private ProcessUsage Usage(Reading process, TimeSpan elapsed)
    {
        // One that began after the first reading has taken all its time since.
        var before = _before.TryGetValue(process.Id, out var known) && known.Started == process.Started ? known.Ticks : 0;
        var percent = Math.Round((process.Ticks - Math.Min(before, process.Ticks)) / TicksPerSecond / elapsed.TotalSeconds * 100, 1);
        return new ProcessUsage { Id = process.Id, Name = process.Name, CpuPercent = percent, MemoryBytes = process.MemoryBytes };
    }

    /// <summary>One process at one moment.</summary>
    internal readonly record struct Reading(int Id, string Name, ulong Started, ulong Ticks, long MemoryBytes);
}
