using System.Text.Json;
using StatusMonitor.Storage.Alerts;

namespace StatusMonitor.Grains.Alerts.Desk;

/// <summary>Transitions as the store takes them in: what they change of their incidents, and whether they are still to be told. Pure.</summary>
internal static class TransitionStory
{
    /// <summary>What somebody is told by. Nobody is told twice of a reboot, nor of values that come and go where the rule does not care.</summary>
    public static bool IsPending(AlertTransition transition) => transition.Kind switch
    {
        TransitionKind.FoundLate => false,
        TransitionKind.Evidence => true,
        TransitionKind.Resolved => transition.IsTold && transition.Rule.Kind != AlertKind.Rebooted,
        TransitionKind.DataLost or TransitionKind.DataBack => transition.IsTold && transition.Rule.MissingData == MissingData.Fire,
        _ => transition.IsTold,
    };

    /// <summary>The transition for the store.</summary>
    public static TransitionEntry EntryOf(AlertTransition transition) => new(
        transition.Id,
        transition.AccountId,
        transition.Kind == TransitionKind.Classic ? null : ChangeOf(transition),
        IsPending(transition),
        JsonSerializer.Serialize(transition, DeskJson.Default.AlertTransition))
    {
        Classic = transition is { Kind: TransitionKind.Classic, Rule.ClassicMetric: { } metric } ? new ClassicAlert(transition.HostId, metric) : null,
    };

    /// <summary>Notes that nobody is told for now; known by the transition, so that it is noted once.</summary>
    public static TransitionEntry Silenced(AlertTransition transition, DateTimeOffset until) => new(
        $"{transition.Id}:silenced",
        transition.AccountId,
        new IncidentChange(transition.IncidentId, null, new IncidentEvent(transition.At, "silenced", Text: until == DateTimeOffset.MaxValue ? "nobody is told of it" : $"nobody is told of it before {Quantity.Moment(until)}")),
        IsPending: false,
        "");

    /// <summary>Reads what <see cref="EntryOf"/> wrote.</summary>
    public static AlertTransition Read(string payload) => JsonSerializer.Deserialize(payload, DeskJson.Default.AlertTransition) ?? throw new JsonException("A stored transition is null.");

    /// <summary>A kind as the word of the story.</summary>
    public static string Word(TransitionKind kind) => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());

    private static IncidentChange ChangeOf(AlertTransition transition)
    {
        var opens = transition.Kind is TransitionKind.Fired or TransitionKind.FoundLate && transition.Id == transition.IncidentId ? Opened(transition) : null;
        var change = new IncidentChange(transition.IncidentId, opens, EventOf(transition)) { Peak = transition.Peak };
        return transition.Kind switch
        {
            TransitionKind.Resolved => change with { ResolvedAt = transition.At, HasNoData = false },
            TransitionKind.DataLost => change with { HasNoData = true },
            TransitionKind.DataBack => change with { HasNoData = false },
            TransitionKind.FlappingBegan => change with { IsFlapping = true },
            TransitionKind.FlappingEnded => change with { IsFlapping = false },
            _ => change,
        };
    }

    private static Incident Opened(AlertTransition transition)
    {
        var incident = new Incident(
            transition.IncidentId,
            transition.AccountId,
            transition.HostId,
            transition.HostName,
            transition.Rule.Id,
            transition.Rule.Name,
            (int)transition.Rule.Severity,
            transition.Series,
            transition.At,
            transition.Value,
            JsonSerializer.Serialize(transition.Rule, DeskJson.Default.AlertRule)) { OwnerId = transition.People.OwnerId, Peak = transition.Peak ?? transition.Value };
        return transition.Kind == TransitionKind.FoundLate
            ? incident with { State = IncidentState.Resolved, ResolvedAt = transition.Until ?? transition.At, IsFoundLate = true }
            : incident;
    }

    private static IncidentEvent EventOf(AlertTransition transition)
    {
        var data = transition switch
        {
            { Kind: TransitionKind.Evidence } => JsonSerializer.Serialize(transition.Processes, DeskJson.Default.ImmutableArrayProcessSighting),
            { Kind: TransitionKind.Fired, Until: { } until } => JsonSerializer.Serialize(new ForecastNote(until), DeskJson.Default.ForecastNote),
            _ => null,
        };
        return new IncidentEvent(transition.At, Word(transition.Kind), Text: AlertWords.Of(transition.Kind, AlertFacts.Of(transition), transition.IsOpen), Value: transition.Value, Data: data);
    }
}
