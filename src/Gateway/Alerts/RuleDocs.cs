using Microsoft.AspNetCore.Mvc;
using StatusMonitor.Gateway.OpenApi;
using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Gateway.Alerts;

/// <summary>What the API's document says of alert rules.</summary>
internal static class RuleDocs
{
    private const string Kinds =
        "`threshold` looks at a series' values, `rate` at how fast a counter grows a second, `forecast` at whether a line through its recent past reaches the threshold within `withinSeconds`; " +
        "`noData` fires when the host reports but not this series, `offline` and `rebooted` look at the host itself and have neither series nor threshold.";

    private static readonly RuleRequest Disk = new(
        "Data disk nearly full", "threshold", new RuleScopeView("tag", "database"), "disk.used.percent{mount=/data*}", "atOrAbove", 90, 85, 300, 60, "critical", "keep", 0, 3600, null, true);

    private static readonly RuleView Stored = RuleView.Of(new AlertRule
    {
        Id = 12, Name = "Data disk nearly full", Kind = AlertKind.Threshold, Scope = new RuleScope(ScopeKind.Tag, "database"), Series = "disk.used.percent{mount=/data*}",
        Condition = AlertCondition.AtOrAbove, Threshold = 90, ClearThreshold = 85, For = TimeSpan.FromMinutes(5), KeepFiringFor = TimeSpan.FromMinutes(1), Severity = AlertSeverity.Critical,
        RepeatInterval = TimeSpan.FromHours(1), CreatedAt = new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero),
    });

    private static readonly ProblemDetails NotFound = Problems.RuleNotFound(12);
    private static readonly ProblemDetails Invalid = Problems.Invalid(new Dictionary<string, string[]> { ["clearThreshold"] = ["must not be greater than threshold"] });

    public static ApiDoc List { get; } = new("List alert rules", "The account's own, by id. An account that has changed none has the defaults: offline, CPU, memory, each disk, and a forecast of full disks.")
    {
        Answer = new RulesView([Stored]),
    };

    public static ApiDoc Create { get; } = new("Add an alert rule", $"{Kinds} Durations are seconds. A rule for all, a group or a tag is for hosts that the account owns; one for a single host also for a host that is shared with it.")
    {
        Request = Disk,
        Status = StatusCodes.Status201Created,
        Answer = Stored,
        Problems = [Invalid, Problems.TooMany($"Your account has {AlertRules.MaxRules} rules. Delete one first.")],
    };

    public static ApiDoc Get { get; } = new("Get an alert rule", "One of the account's own.") { Answer = Stored, Problems = [NotFound] };

    public static ApiDoc Replace { get; } = new("Change an alert rule", "All of it: what is not in the body has its usual value. A default stays one. Rules of the older StatusMonitor cannot be changed.")
    {
        Request = Disk,
        Answer = Stored,
        Problems = [Invalid, NotFound],
    };

    public static ApiDoc Change { get; } = new("Switch an alert rule on or off", "What it has fired ends when it is switched off.")
    {
        Request = new RuleChangeRequest(false),
        Answer = Stored with { Enabled = false },
        Problems = [Problems.Invalid(new Dictionary<string, string[]> { ["enabled"] = ["is missing"] }), NotFound],
    };

    public static ApiDoc Delete { get; } = new("Delete an alert rule", "What it has fired ends. A default can be brought back.") { Status = StatusCodes.Status204NoContent, Problems = [NotFound] };

    public static ApiDoc RestoreDefaults { get; } = new("Restore the default alert rules", "Brings back those that were deleted, and gives those that were changed their first values. Other rules stay.")
    {
        Answer = new RulesView([Stored]),
    };

    public static ApiDoc Preview { get; } = new(
        "Try an alert rule on the past",
        "What the rule would have made of a host's history: when it would have fired, beside the points to draw. It is tried on samples where they are kept and few enough, else on means; `resolution` says which.")
    {
        Request = new RulePreviewRequest(Disk, 7, "-7d"),
        Answer = new RulePreviewView(
            7, 1_766_664_000_000, 1_767_268_800_000, 1_800_000, "sample", 1,
            [new PreviewSeriesView("disk.used.percent{mount=/data}", "percent", [1_766_664_000_000], [80.5], [85.25], [92], [new EpisodeView(1_766_664_300_000, 1_766_667_600_000, 92)])]),
        Problems = [Invalid, Problems.HostNotFound(7)],
    };
}
