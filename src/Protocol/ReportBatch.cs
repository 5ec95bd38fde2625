using System.Text.Json.Serialization;

namespace StatusMonitor.Protocol;

/// <summary>Body of <c>POST /api/v1/reports</c>: what an agent has not yet had acknowledged, oldest first.</summary>
public sealed record ReportBatch
{
    /// <summary>Who reports; sent with the first batch after a start and whenever it changes.</summary>
    public AgentInfo? Agent { get; init; }

    /// <summary>When it is sent, by the same clock as <see cref="Report.At"/>: what was kept back for long is known by it.</summary>
    public DateTimeOffset? SentAt { get; init; }

    /// <summary>What runs on the machine; only after an answer asked for it. At most <see cref="ReportLimits.MaxProcesses"/>.</summary>
    public IReadOnlyList<ProcessUsage>? Processes { get; init; }

    /// <summary>1 to <see cref="ReportLimits.MaxReportsPerBatch"/> reports.</summary>
    public required IReadOnlyList<Report> Reports { get; init; }
}

/// <summary>The values of one moment on one machine.</summary>
public sealed record Report
{
    /// <summary>Counts the agent's reports, also across its restarts; 0 or more.</summary>
    public required long Seq { get; init; }

    /// <summary>Changes when the machine boots (Linux: <c>/proc/sys/kernel/random/boot_id</c>).</summary>
    public required string BootId { get; init; }

    /// <summary>Collection time, UTC, to the millisecond. With the host it identifies the sample.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Seconds until the agent means to report again: 1 to 300.</summary>
    public required double Interval { get; init; }

    /// <summary>Value by series (<see cref="SeriesName"/>); finite numbers only.</summary>
    public required IReadOnlyDictionary<string, double> Samples { get; init; }
}

/// <summary>What a person wants to know of the machine and the program that reports for it. Any of them may be missing.</summary>
public sealed record AgentInfo
{
    /// <summary>Version of the agent, such as <c>0.1.0</c>.</summary>
    public string? Version { get; init; }

    /// <summary>The machine's own name.</summary>
    public string? Hostname { get; init; }

    /// <summary>Operating system, such as <c>Debian GNU/Linux 12 (bookworm)</c>.</summary>
    public string? Os { get; init; }

    /// <summary>Kernel release, such as <c>6.1.0-18-amd64</c>.</summary>
    public string? Kernel { get; init; }

    /// <summary>Machine architecture, such as <c>x64</c>.</summary>
    public string? Architecture { get; init; }

    /// <summary>Processor model.</summary>
    public string? Cpu { get; init; }
}

/// <summary>A process and what it takes.</summary>
public sealed record ProcessUsage
{
    /// <summary>Process id; 0 or more.</summary>
    public required int Id { get; init; }

    /// <summary>Its name as the kernel has it, 1 to <see cref="ReportLimits.MaxProcessNameLength"/> characters; never its arguments, which may hold secrets.</summary>
    public required string Name { get; init; }

    /// <summary>CPU time it took between two readings some seconds apart, in percent of one core; may exceed 100.</summary>
    public required double CpuPercent { get; init; }

    /// <summary>Resident memory.</summary>
    public required long MemoryBytes { get; init; }
}

/// <summary>Answer to a batch that is now durable.</summary>
/// <param name="Accepted">Reports that were new.</param>
/// <param name="Repeated">Reports that were there already; to the agent that is the same success.</param>
/// <param name="Ask">What the server would like to know with the next batch; null is nothing, and an agent may pass over it.</param>
public sealed record ReportAnswer(int Accepted, int Repeated, ReportAsk? Ask = null);

/// <summary>What a server would like to know.</summary>
/// <param name="Processes">The processes with the most CPU time, and as many with the most memory; 0 is none.</param>
public sealed record ReportAsk(int Processes);

/// <summary>RFC 9457 problem details, as far as an agent reads them.</summary>
public sealed record ProblemAnswer
{
    /// <summary>Stable path that names the kind of problem.</summary>
    public string? Type { get; init; }

    /// <summary>Short name of the problem.</summary>
    public string? Title { get; init; }

    /// <summary>The HTTP status code.</summary>
    public int? Status { get; init; }

    /// <summary>A sentence a person can act on.</summary>
    public string? Detail { get; init; }

    /// <summary>Messages by field, such as <c>reports[3].samples['cpu.percent']</c>.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }
}

/// <summary>Source-generated JSON of everything an agent sends and receives: camelCase, nulls left out.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ReportBatch))]
[JsonSerializable(typeof(Report))]
[JsonSerializable(typeof(AgentInfo))]
[JsonSerializable(typeof(ReportAnswer))]
[JsonSerializable(typeof(IReadOnlyList<ProcessUsage>))]
[JsonSerializable(typeof(EnrolmentRequest))]
[JsonSerializable(typeof(EnrolmentAnswer))]
[JsonSerializable(typeof(ProblemAnswer))]
public sealed partial class ProtocolJson : JsonSerializerContext;
