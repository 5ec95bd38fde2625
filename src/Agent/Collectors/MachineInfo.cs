using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using StatusMonitor.Protocol;

namespace StatusMonitor.Agent.Collectors;

/// <summary>What identifies the machine and does not change while the agent runs.</summary>
internal static class MachineInfo
{
    /// <summary>The agent's version, such as <c>0.1.0</c>.</summary>
    public static string Version { get; } =
        typeof(MachineInfo).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>
    /// The kernel's id of this boot. Where it is hidden, the time of the boot stands for it, which is as good; and where
    /// nothing is to be found, a constant: counters that begin anew are then only told by their falling.
    /// </summary>
    public static string BootId(SystemFiles files)
    {
        if (files.TryRead(files.PathOf("proc/sys/kernel/random/boot_id"), out var text))
        {
            var id = Clean(Encoding.UTF8.GetString(text), ReportLimits.MaxBootIdLength);
            if (id is not null) return id;
        }

        if (files.TryRead(files.PathOf("proc/stat"), out text))
        {
            foreach (var range in text.Split((byte)'\n'))
            {
                var fields = new FieldReader(text[range]);
                if (fields.TryNext(out ReadOnlySpan<byte> name) && name.SequenceEqual("btime"u8) && fields.TryNext(out ulong seconds)) return $"btime-{seconds}";
            }
        }

        return "unknown";
    }

    /// <summary>What a person wants to know of the machine; what is not to be found is null.</summary>
    public static AgentInfo Read(SystemFiles files) => new()
    {
        Version = Clean(Version),
        Hostname = Hostname(files),
        // The second place is the one the first is a link to.
        Os = PrettyName(files, "etc/os-release") ?? PrettyName(files, "usr/lib/os-release") ?? FirstLine(files, "proc/sys/kernel/ostype"),
        Kernel = FirstLine(files, "proc/sys/kernel/osrelease"),
        Architecture = RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant(),
        Cpu = CpuModel(files),
    };

    /// <summary>The machine's own name, or null if it has none.</summary>
    public static string? Hostname(SystemFiles files) => FirstLine(files, "proc/sys/kernel/hostname") ?? Clean(Environment.MachineName);

    /// <summary>The <c>PRETTY_NAME</c>, else <c>NAME</c>, of an os-release text; values may stand in quotes as in a shell.</summary>
    internal static string? ParsePrettyName(string osRelease)
    {
        string? name = null;
        foreach (var line in osRelease.Split('\n', StringSplitOptions.TrimEntries))
        {
            if (line.StartsWith("PRETTY_NAME=", StringComparison.Ordinal) && Unquote(line[12..]) is { Length: > 0 } pretty) return pretty;
            if (line.StartsWith("NAME=", StringComparison.Ordinal)) name = Unquote(line[5..]);
        }

        return name;
    }

    /// <summary>The processor's name in <c>/proc/cpuinfo</c>: x86 and most others write <c>model name</c>, ARM boards <c>Model</c> or <c>Hardware</c>, POWER <c>cpu</c>.</summary>
    internal static string? ParseCpuModel(string cpuInfo)
    {
        foreach (var wanted in (ReadOnlySpan<string>)["model name", "cpu model", "Model", "Hardware", "cpu"])
        {
            foreach (var line in cpuInfo.Split('\n'))
            {
                var colon = line.IndexOf(':', StringComparison.Ordinal);
                if (colon >= 0 && line.AsSpan(0, colon).Trim().SequenceEqual(wanted)) return Clean(line[(colon + 1)..]);
            }
        }

        return null;
    }

    /// <summary>A text as the server accepts it: without control characters, not too long, and null rather than empty.</summary>
    private static string? Clean(string text, int maxLength = ReportLimits.MaxAgentInfoLength)
    {
        var clean = string.Concat(text.Trim().Select(static c => char.IsControl(c) ? ' ' : c));
        return clean.Length == 0 ? null : clean.Length <= maxLength ? clean : clean[..maxLength];
    }

    private static string Unquote(string value)
    {
        if (value.Length >= 2 && value[0] is '"' or '\'' && value[^1] == value[0]) value = value[1..^1];
        return value.Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\$", "$", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal);
    }

    private static string? FirstLine(SystemFiles files, string path) =>
        files.TryRead(files.PathOf(path), out var text) ? Clean(Encoding.UTF8.GetString(text)) : null;

    private static string? PrettyName(SystemFiles files, string path) =>
        files.TryRead(files.PathOf(path), out var text) && ParsePrettyName(Encoding.UTF8.GetString(text)) is { } name ? Clean(name) : null;

    private static string? CpuModel(SystemFiles files)
    {
        if (!files.TryRead(files.PathOf("proc/cpuinfo"), out var text)) return null;
        // The first processor says it; boards of one model for all say it at the end.
        if (text.IndexOf("\n\n"u8) is var end and >= 0 && ParseCpuModel(Encoding.UTF8.GetString(text[..end])) is { } model) return model;
        return ParseCpuModel(Encoding.UTF8.GetString(text));
    }
}
