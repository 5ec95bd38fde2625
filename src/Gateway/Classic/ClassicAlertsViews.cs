using System.Globalization;
using System.Text.Json.Serialization;
using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Gateway.Classic;

/// <summary>A rule as the older StatusMonitor shows it. An agent's id is text there.</summary>
internal sealed record ClassicRule(string AgentId, string MetricType, string Condition, double Threshold, bool Enabled, long Id, long UserId, string CreatedAt)
{
    public const string Above = "gt";
    public const string Below = "lt";

    public static ClassicRule Of(AlertRule rule, long accountId) =>
        new(HostOf(rule), rule.ClassicMetric ?? "", ConditionOf(rule), rule.Threshold, rule.IsEnabled, rule.Id, accountId, ClassicTime.Of(rule.CreatedAt));

    public static string HostOf(AlertRule rule) => (rule.Scope.HostId ?? 0).ToString(CultureInfo.InvariantCulture);

    public static string ConditionOf(AlertRule rule) => rule.Condition == AlertCondition.Above ? Above : Below;
}

/// <summary>Where its alerts go: a chat of Telegram.</summary>
internal sealed record ClassicRecipient(string TelegramChatId, bool Enabled, long Id, long UserId, string CreatedAt)
{
    public static ClassicRecipient Of(AlertChannel channel, long accountId) =>
        new(channel.Settings.GetValueOrDefault(ClassicAlertText.ChatSetting) ?? "", channel.IsEnabled, channel.Id, accountId, ClassicTime.Of(channel.CreatedAt));
}

/// <summary>Something it told.</summary>
internal sealed record ClassicAlertRow(
    long Id, long? RuleId, string AgentId, string AgentName, string MetricType, string Condition, double Threshold, double Value, string Message, string TriggeredAt)
{
    /// <param name="id">Its number.</param>
    /// <param name="transition">What was told.</param>
    /// <param name="hasRule">Whether the rule is still there.</param>
    public static ClassicAlertRow Of(long id, AlertTransition transition, bool hasRule) => new(
        id,
        hasRule ? transition.Rule.Id : null,
        transition.HostId.ToString(CultureInfo.InvariantCulture),
        transition.HostName,
        transition.Rule.ClassicMetric ?? "",
        ClassicRule.ConditionOf(transition.Rule),
        transition.Rule.Threshold,
        transition.Value ?? 0,
        ClassicAlertText.Of(transition),
        ClassicTime.Of(transition.At));
}

internal sealed record ClassicStatus(string Status);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ClassicRule))]
[JsonSerializable(typeof(ClassicRule[]))]
[JsonSerializable(typeof(ClassicRecipient))]
[JsonSerializable(typeof(ClassicAlertRow[]))]
[JsonSerializable(typeof(ClassicStatus))]
internal sealed partial class ClassicAlertsJson : JsonSerializerContext;
