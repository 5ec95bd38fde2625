using System.Collections.Immutable;
using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Grains.Tests.Alerts.Desk;

/// <summary>Transitions as hosts hand them on, in short.</summary>
internal static class Transitions
{
    public const long Account = 1;

    public static readonly DateTimeOffset Noon = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly AlertRule Offline = new() { Id = 1, Name = "Host offline", Kind = AlertKind.Offline, Severity = AlertSeverity.Critical, For = TimeSpan.FromSeconds(30) };

    public static readonly AlertRule Cpu = new()
    {
        Id = 2, Name = "CPU busy", Kind = AlertKind.Threshold, Series = "cpu.percent", Condition = AlertCondition.AtOrAbove, Threshold = 90, For = TimeSpan.FromMinutes(5),
    };

    public static readonly AlertRule Rebooted = new() { Id = 6, Name = "Rebooted", Kind = AlertKind.Rebooted, Severity = AlertSeverity.Info };

    public static AlertTransition Fired(long host, int number, AlertRule rule, DateTimeOffset? at = null, double? value = null) => new()
    {
        Id = $"{host}-{number}",
        AccountId = Account,
        Kind = TransitionKind.Fired,
        At = at ?? Noon,
        IncidentId = $"{host}-{number}",
        HostId = host,
        HostName = $"web-{host}",
        Rule = rule,
        Series = rule.Series,
        Value = value,
        IsOpen = true,
    };

    /// <summary>What happens next to the alert of another transition.</summary>
    public static AlertTransition Then(this AlertTransition before, TransitionKind kind, int number, bool isOpen = false, DateTimeOffset? at = null) =>
        before with { Id = $"{before.HostId}-{number}", Kind = kind, IsOpen = isOpen, At = at ?? before.At.AddSeconds(1) };

    public static AlertTransition Resolved(this AlertTransition fired, int number, DateTimeOffset? at = null) => fired.Then(TransitionKind.Resolved, number, at: at);

    public static AlertTransition In(this AlertTransition transition, string? group, params string[] tags) => transition with { Group = group, Tags = [.. tags] };

    public static AlertRoute Route(params long[] channels) => new([], [], [], [], [.. channels], [], false);
}

internal static class Settings
{
    public static ImmutableDictionary<string, string> ToSettings(this Dictionary<string, string> settings) => settings.ToImmutableDictionary();
}
