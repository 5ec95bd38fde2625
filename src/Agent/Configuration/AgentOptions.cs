using StatusMonitor.Protocol;

namespace StatusMonitor.Agent.Configuration;

/// <summary>How the agent is to run; valid once it exists.</summary>
internal sealed record AgentOptions
{
    /// <summary>Addresses of the server, <c>http</c> or <c>https</c>, in the order they are tried; at least one. They may have a path.</summary>
    public required IReadOnlyList<Uri> Servers { get; init; }

    /// <summary>The token that the dashboard gave for this machine.</summary>
    public required string Token { get; init; }

    /// <summary>Time between two samples. Shorter shows more and costs more on both sides. Default: 5 s.</summary>
    public TimeSpan Interval { get; init; } = DefaultInterval;

    /// <summary>Directory for reports that the server has not acknowledged. Default: <c>~/.statusmonitor/spool</c>.</summary>
    public required string SpoolDirectory { get; init; }

    /// <summary>Size of the spool at which the oldest reports are dropped: about a day at 5 s. Default: 64 MiB.</summary>
    public long SpoolBytes { get; init; } = DefaultSpoolMebibytes * 1024L * 1024L;

    /// <summary>More addresses than this are no cluster but a mistake.</summary>
    public const int MaxServers = 16;

    /// <inheritdoc cref="Interval"/>
    public static readonly TimeSpan DefaultInterval = TimeSpan.FromSeconds(5);

    /// <inheritdoc cref="SpoolBytes"/>
    public const int DefaultSpoolMebibytes = 64;

    /// <summary>Less than this has no room for the parts a spool is dropped in; more is a slip of the keyboard.</summary>
    public const int MinSpoolMebibytes = 1;

    /// <inheritdoc cref="MinSpoolMebibytes"/>
    public const int MaxSpoolMebibytes = 1024 * 1024;

    /// <summary>The limits of <see cref="Interval"/>.</summary>
    public static TimeSpan MinInterval => ReportLimits.MinInterval;

    /// <inheritdoc cref="MinInterval"/>
    public static TimeSpan MaxInterval => ReportLimits.MaxInterval;
}

/// <summary>How this machine is to be enrolled; valid once it exists.</summary>
internal sealed record EnrolmentOptions
{
    /// <inheritdoc cref="AgentOptions.Servers"/>
    public required IReadOnlyList<Uri> Servers { get; init; }

    /// <summary>The enrolment token from the dashboard.</summary>
    public required string Token { get; init; }

    /// <summary>The name the host is to have. Default: the machine's own.</summary>
    public required string Name { get; init; }

    /// <summary>The file that is to hold the server's addresses and the agent's token. Default: <c>~/.statusmonitor/agent_config.json</c>.</summary>
    public required string ConfigFile { get; init; }

    /// <summary>Whether that file was asked for, so that the agent has to be told of it too.</summary>
    public required bool HasOwnConfigFile { get; init; }

    /// <summary>Whether a token that is in the file may be replaced.</summary>
    public required bool IsForced { get; init; }
}

/// <summary>The user asked for something that cannot be; the message says what and where it was asked for.</summary>
internal sealed class UsageException(string message) : Exception(message);
