using System.Collections.Immutable;

namespace StatusMonitor.Grains.Alerts.Desk;

/// <summary>What an account's desk stores of itself. It has secrets: it is never logged, nor given to anybody but senders.</summary>
[GenerateSerializer, Immutable, Alias("StatusMonitor.AlertDeskState")]
public sealed record AlertDeskState
{
    /// <summary>Channels, by id.</summary>
    [Id(0)]
    public ImmutableArray<AlertChannel> Channels { get; init; } = [];

    /// <summary>Number of the channel that was made last.</summary>
    [Id(1)]
    public long LastChannel { get; init; }

    /// <summary>How notifications are put together and where they go.</summary>
    [Id(2)]
    public AlertRouting Routing { get; init; } = AlertRouting.Default;

    /// <summary>Silences, by id; some may be over.</summary>
    [Id(3)]
    public ImmutableArray<Silence> Silences { get; init; } = [];

    /// <summary>Number of the silence that was made last.</summary>
    [Id(4)]
    public long LastSilence { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Channels.Length} channels, {Silences.Length} silences";
}
