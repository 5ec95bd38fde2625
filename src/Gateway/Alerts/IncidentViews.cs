using System.Text.Json;
using StatusMonitor.Gateway.Hosts;
using StatusMonitor.Grains.Alerts;
using StatusMonitor.Grains.Alerts.Desk;
using StatusMonitor.Storage.Alerts;

namespace StatusMonitor.Gateway.Alerts;

/// <summary>The host of an incident, with its name then.</summary>
internal sealed record IncidentHostView(long Id, string Name);

/// <summary>The rule of an incident, as it was when it began.</summary>
/// <param name="Id">Its number within its account.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it looks at.</param>
/// <param name="Condition">How a value breaks it.</param>
/// <param name="Threshold">The bound.</param>
/// <param name="ClearThreshold">Where it is over again, if that is not the bound.</param>
/// <param name="ForSeconds">How long it must be broken.</param>
/// <param name="Unit">Of the series' values.</param>
internal sealed record IncidentRuleView(long Id, string Name, AlertKind Kind, AlertCondition Condition, double Threshold, double? ClearThreshold, double ForSeconds, string? Unit);

/// <summary>An incident.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Host">The host.</param>
/// <param name="Rule">The rule, as it was then.</param>
/// <param name="Severity"><c>info</c>, <c>warning</c> or <c>critical</c>.</param>
/// <param name="Series">The series, if the rule has one.</param>
/// <param name="State"><c>open</c>, <c>acknowledged</c> or <c>resolved</c>.</param>
/// <param name="OpenedAt">When it began.</param>
/// <param name="ResolvedAt">When it was over.</param>
/// <param name="AcknowledgedAt">When somebody took it up.</param>
/// <param name="AcknowledgedBy">Who.</param>
/// <param name="Value">What it began with.</param>
/// <param name="Peak">The worst value so far.</param>
/// <param name="Flapping">Whether its alert changes so often that it is told of no more.</param>
/// <param name="NoData">Whether its series has no values at the moment.</param>
/// <param name="FoundLate">Whether only samples that came late tell of it; nobody was told.</param>
/// <param name="Comments">How many comments there are.</param>
/// <param name="MayChange">Whether whoever asked may take it up and comment on it.</param>
internal record IncidentView(
    string Id,
    IncidentHostView Host,
    IncidentRuleView Rule,
    AlertSeverity Severity,
    string? Series,
    string State,
    DateTimeOffset OpenedAt,
    DateTimeOffset? ResolvedAt,
    DateTimeOffset? AcknowledgedAt,
    string? AcknowledgedBy,
    double? Value,
    double? Peak,
    bool Flapping,
    bool NoData,
    bool FoundLate,
    int Comments,
    bool MayChange);

/// <summary>How many of what was asked for go on.</summary>
internal sealed record IncidentCountsView(int Open, int Acknowledged);

/// <summary>A page of incidents, newest first.</summary>
/// <param name="Incidents">Its incidents.</param>
/// <param name="Counts">Of all that match, whatever their state.</param>
/// <param name="Next">What to ask for as <c>after</c> to get the next page; null if there is none.</param>
internal sealed record IncidentPage(IReadOnlyList<IncidentView> Incidents, IncidentCountsView Counts, string? Next);

/// <summary>One thing in an incident's story. <paramref name="Actor"/> is null for what the server did.</summary>
internal sealed record IncidentEventView(DateTimeOffset At, string Kind, string? Actor, string? Text, double? Value);

/// <summary>A process as the agent saw it when it began.</summary>
internal sealed record ProcessView(int Id, string Name, double CpuPercent, long MemoryBytes);

/// <summary>A message that told of an incident, and what became of it at <paramref name="At"/>.</summary>
internal sealed record IncidentNotificationView(string? Channel, string Title, string State, DateTimeOffset At, int Attempts, string? Error);

/// <summary>An incident with its story.</summary>
/// <param name="Incident">The incident.</param>
/// <param name="Events">What happened, in order; of more than 1,000 the first and the newest.</param>
/// <param name="Processes">What ran when it began, if the agent could tell.</param>
/// <param name="Notifications">Who was told, newest first; for whom the rule belongs to and administrators.</param>
/// <param name="ForecastAt">Of a forecast, when the bound will be reached.</param>
internal sealed record IncidentStoryView(
    IncidentView Incident,
    IReadOnlyList<IncidentEventView> Events,
    IReadOnlyList<ProcessView> Processes,
    IReadOnlyList<IncidentNotificationView> Notifications,
    DateTimeOffset? ForecastAt) : IncidentView(Incident)
{
    /// <summary>Its own members say it.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public IncidentView Incident { get; } = Incident;
}

/// <summary>What somebody has to say about an incident.</summary>
internal sealed record CommentRequest(string? Text);

/// <summary>Puts the views of incidents together.</summary>
internal static class IncidentViews
{
    public static IncidentView Of(Incident incident, bool mayChange) => new(
        incident.Id,
        new IncidentHostView(incident.HostId, incident.HostName),
        RuleOf(incident),
        (AlertSeverity)incident.Severity,
        incident.Series,
        Word(incident.State),
        incident.OpenedAt,
        incident.ResolvedAt,
        incident.AcknowledgedAt,
        incident.AcknowledgedBy,
        Finite(incident.Value),
        Finite(incident.Peak),
        incident.IsFlapping,
        incident.HasNoData,
        incident.IsFoundLate,
        incident.Comments,
        mayChange);

    /// <param name="story">The story.</param>
    /// <param name="mayChange">Whether whoever asked may change it.</param>
    /// <param name="channels">The channels by id whose notifications whoever asked may see; null if none.</param>
    public static IncidentStoryView Of(IncidentStory story, bool mayChange, IReadOnlyDictionary<long, AlertChannel>? channels) => new(
        Of(story.Incident, mayChange),
        [.. story.Events.Select(happened => new IncidentEventView(happened.At, happened.Kind, happened.Actor, happened.Text, Finite(happened.Value)))],
        Processes(story),
        channels is null ? [] : [.. story.Notifications.Select(notification => new IncidentNotificationView(
            channels.GetValueOrDefault(notification.Entry.ChannelId)?.Name,
            notification.Entry.Title,
            Word(notification.State),
            notification.State == NotificationState.Queued ? notification.Entry.CreatedAt : notification.DueAt,
            notification.Attempts,
            notification.Error))],
        story.Events.Select(happened => happened.Kind == "fired" ? Read(happened.Data, DeskJson.Default.ForecastNote)?.Until : null).FirstOrDefault(until => until is not null));

    /// <summary>A state as the word of the API.</summary>
    public static string Word<T>(T state) where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(state.ToString());

    private static IncidentRuleView RuleOf(Incident incident)
    {
        var rule = Read(incident.Rule, DeskJson.Default.AlertRule) ?? new AlertRule { Name = incident.RuleName, Kind = AlertKind.Threshold };
        return new IncidentRuleView(
            incident.RuleId, incident.RuleName, rule.Kind, rule.Condition, rule.Threshold, rule.ClearThreshold, rule.For.TotalSeconds, incident.Series is { } series ? SeriesView.Of(series).Unit : null);
    }

    private static ProcessView[] Processes(IncidentStory story) =>
        story.Events.LastOrDefault(happened => happened.Kind == "evidence") is { Data: { } data } && Read(data, DeskJson.Default.ImmutableArrayProcessSighting) is { IsDefaultOrEmpty: false } seen
            ? [.. seen.Select(process => new ProcessView(process.Id, process.Name, Finite(process.CpuPercent) ?? 0, process.MemoryBytes))]
            : [];

    /// <summary>What the desk has stored; nothing if a later program has changed how.</summary>
    private static T? Read<T>(string? json, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
    {
        if (json is null) return default;
        try
        {
            return JsonSerializer.Deserialize(json, type);
        }
        catch (JsonException)
        {
            return default;
        }
    }

    // JSON has no other numbers.
    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;
}
