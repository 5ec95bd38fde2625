namespace StatusMonitor.Protocol;

/// <summary>What a server accepts in one request. An agent keeps below these; a server names the one that was exceeded.</summary>
public static class ReportLimits
{
    /// <summary>Size of a request body in bytes, before and after decompression: 1 MiB.</summary>
    public const int MaxBodyBytes = 1024 * 1024;

    /// <summary>Reports in one batch.</summary>
    public const int MaxReportsPerBatch = 256;

    /// <summary>Series in one report.</summary>
    public const int MaxSeriesPerReport = 2_000;

    /// <summary>How far the collection time may lie ahead of the server's clock.</summary>
    public static readonly TimeSpan MaxAhead = TimeSpan.FromHours(24);

    /// <summary>Collection times before this are a clock that was never set.</summary>
    public static readonly DateTimeOffset Earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Shortest and longest time between two reports of one agent.</summary>
    public static readonly TimeSpan MinInterval = TimeSpan.FromSeconds(1);

    /// <inheritdoc cref="MinInterval"/>
    public static readonly TimeSpan MaxInterval = TimeSpan.FromSeconds(300);

    /// <summary>Characters of a boot id (the kernel's is a UUID of 36).</summary>
    public const int MaxBootIdLength = 64;

    /// <summary>Processes in one batch.</summary>
    public const int MaxProcesses = 40;

    /// <summary>Characters of a process's name; the kernel's own threads have the longest.</summary>
    public const int MaxProcessNameLength = 64;

    /// <summary>Characters of one text in <see cref="AgentInfo"/>.</summary>
    public const int MaxAgentInfoLength = 200;
}
