using StatusMonitor.Grains.Agents;

namespace StatusMonitor.Grains.Hosts;

/// <summary>What a host stores of itself. Samples are the journal's; this changes only now and then.</summary>
[GenerateSerializer, Alias("StatusMonitor.HostState")]
public sealed class HostState
{
    /// <summary>The name people gave it; empty if it was never registered.</summary>
    [Id(0)]
    public string Name { get; set; } = "";

    /// <summary>Tokens its agent may use.</summary>
    [Id(1)]
    public List<HostToken> Tokens { get; set; } = [];

    /// <summary>The machine's description.</summary>
    [Id(2)]
    public HostDescription? Agent { get; set; }

    /// <summary>Boot id of the newest report.</summary>
    [Id(3)]
    public string? BootId { get; set; }

    /// <summary>When it was found offline; null while it is not. Stored, so that a restart does not take it for online again.</summary>
    [Id(4)]
    public DateTimeOffset? OfflineSince { get; set; }
}

/// <summary>One token of a host.</summary>
[GenerateSerializer, Immutable, Alias("StatusMonitor.HostToken")]
public sealed record HostToken(
    [property: Id(0)] TokenHash Hash,
    [property: Id(1)] DateTimeOffset ExpiresAt,
    [property: Id(2)] bool IsActivated);
