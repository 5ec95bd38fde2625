using Microsoft.AspNetCore.Mvc;
using StatusMonitor.Gateway.OpenApi;
using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Gateway.Alerts;

/// <summary>What the API's document says of incidents.</summary>
internal static class IncidentDocs
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly IncidentView Open = new(
        "7-12", new IncidentHostView(7, "web-1"), new IncidentRuleView(2, "CPU busy", AlertKind.Threshold, AlertCondition.AtOrAbove, 90, 80, 300, "percent"), AlertSeverity.Warning, "cpu.percent",
        "open", Noon, null, null, null, 93.5, 98.25, false, false, false, 1, true);

    private static readonly IncidentStoryView Story = new(
        Open,
        [new IncidentEventView(Noon, "fired", null, "cpu.percent is 93.5 %, at or above 90 % for 5 min", 93.5), new IncidentEventView(Noon.AddMinutes(2), "comment", "alice", "It is the backup.", null)],
        [new ProcessView(4711, "restic", 187.5, 268_435_456)],
        [new IncidentNotificationView("On call", "web-1: CPU busy", "sent", Noon.AddSeconds(11), 1, null)],
        null);

    private static readonly IncidentStoryView Taken = new(
        Open with { State = "acknowledged", AcknowledgedAt = Noon.AddMinutes(3), AcknowledgedBy = "alice" },
        [.. Story.Events, new IncidentEventView(Noon.AddMinutes(3), "acknowledged", "alice", null, null)],
        Story.Processes,
        Story.Notifications,
        null);

    private static readonly ProblemDetails[] Changing = [Problems.IncidentNotFound("7-12"), Problems.NotAllowed()];

    public static ApiDoc List { get; } = new(
        "List incidents",
        "Of the account's own rules and of the hosts that it may see, newest first; administrators see all. `next` of a page, given as `after`, gets the page after it. The counts are of all that match, whatever the asked states.")
    {
        Answer = new IncidentPage([Open], new IncidentCountsView(1, 0), "MTc2NzI2ODgwMDAwMCA3LTEy"),
        Problems = [Problems.Invalid(new Dictionary<string, string[]> { ["state"] = ["must be open, acknowledged, resolved or active"] })],
    };

    public static ApiDoc Get { get; } = new("Get an incident", "With its story: what happened, what ran when it began, and who was told.") { Answer = Story, Problems = [Problems.IncidentNotFound("7-12")] };

    public static ApiDoc Acknowledge { get; } = new(
        "Take an incident up", "For whom the rule belongs to, and for whoever may change the host. Nobody is told of it again until it is over; everybody sees who has it.")
    {
        Answer = Taken,
        Problems = [.. Changing, Problems.IncidentOver("7-12")],
    };

    public static ApiDoc Unacknowledge { get; } = new("Hand an incident back", "It is open again, and told of again.") { Answer = Story, Problems = [.. Changing, Problems.IncidentOver("7-12")] };

    public static ApiDoc Comment { get; } = new("Comment on an incident", "For everybody who sees the incident, also when it is over.")
    {
        Request = new CommentRequest("It is the backup."),
        Answer = Story,
        Problems = [.. Changing, Problems.Invalid(new Dictionary<string, string[]> { ["text"] = ["must have 1 to 2000 characters"] }), Problems.TooMany("The incident has 500 comments.")],
    };
}
