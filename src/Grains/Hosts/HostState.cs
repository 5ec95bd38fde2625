using System.Collections.Immutable;
using System.Text.Json.Serialization;
using StatusMonitor.Grains.Agents;

namespace StatusMonitor.Grains.Hosts;

/// <summary>What a host stores of itself. Samples are the journal's; this changes only now and then.</summary>
[GenerateSerializer, Alias("StatusMonitor.HostState")]
public sealed record HostState
{
    /// <summary>The name people gave it; empty if it was never registered.</summary>
    [Id(0)]
    public string Name { get; set; } = "";

    /// <summary>Tokens its agent may use, oldest first. A change is another list.</summary>
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

    /// <summary>Whose it is; nobody's if it is from before there were accounts. Kept when it is deleted.</summary>
    [Id(5)]
    public HostPeople People { get; set; } = HostPeople.Nobody;

    /// <summary>Its group, or null.</summary>
    [Id(6)]
    public string? Group { get; set; }

    /// <summary>Its tags.</summary>
    [Id(7)]
    public ImmutableArray<string> Tags { get; set; } = [];

    /// <summary>When it was registered; the epoch if it is from before this was kept.</summary>
    [Id(8)]
    public DateTimeOffset CreatedAt { get; set; } = DateTimeOffset.UnixEpoch;

    /// <summary>When it was deleted; null while it is not.</summary>
    [Id(9)]
    public DateTimeOffset? DeletedAt { get; set; }

    /// <summary>A sign of life that no sample tells of: when a token was validated for the first time, and the last one of a deleted host.</summary>
    [Id(10)]
    public DateTimeOffset? LastSeen { get; set; }

    /// <summary>Number of the newest token there ever was; none is given twice.</summary>
    [Id(11)]
    public int LastTokenId { get; set; }

    /// <summary>Tokens of a deleted host that the directory may still know; null once nothing is left to be done for it.</summary>
    [Id(12)]
    public List<TokenHash>? Erasing { get; set; }
}

/// <summary>One token of a host.</summary>
[GenerateSerializer, Alias("StatusMonitor.HostToken")]
public sealed record HostToken(
    [property: Id(0)] TokenHash Hash,
    [property: Id(1)] DateTimeOffset ExpiresAt,
    [property: Id(2)] bool IsActivated,
    [property: Id(3)] int Id,
    [property: Id(4)] DateTimeOffset CreatedAt)
{
    /// <summary>When it was last used. In memory alone, so that a report need not be followed by a write of the state.</summary>
    [JsonIgnore]
    [field: NonSerialized]
    public DateTimeOffset? LastUsedAt { get; set; }
}
