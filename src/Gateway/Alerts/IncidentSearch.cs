using System.Globalization;
using System.Text;
using StatusMonitor.Gateway.History;
using StatusMonitor.Grains.Alerts;
using StatusMonitor.Storage.Alerts;

namespace StatusMonitor.Gateway.Alerts;

/// <summary>Which incidents somebody looks for.</summary>
/// <param name="State">Any number of <c>open</c>, <c>acknowledged</c>, <c>resolved</c>, and <c>active</c>, which is the first two; none is all.</param>
/// <param name="Severity">Any number of <c>info</c>, <c>warning</c>, <c>critical</c>; none is all.</param>
/// <param name="Host">Of the host of this id.</param>
/// <param name="Rule">Of the rule of this id.</param>
/// <param name="Q">Whose host, rule or series has this in its name.</param>
/// <param name="From">That were open then or later: how long ago (<c>-7d</c>), ISO 8601, or Unix seconds or milliseconds.</param>
/// <param name="To">That began before then.</param>
/// <param name="After">Where the page before ended: its <c>next</c>.</param>
/// <param name="Limit">At most so many, 1 to 500; default 100.</param>
internal sealed record IncidentSearch(
    string[]? State = null, string[]? Severity = null, long? Host = null, long? Rule = null, string? Q = null, string? From = null, string? To = null, string? After = null, int Limit = 100)
{
    private const int MaxLimit = 500;
    private const int MaxText = 200;

    /// <summary>The query; null, with what is wrong by field, if there is none.</summary>
    public IncidentQuery? ToQuery(DateTimeOffset now, Dictionary<string, string[]> errors)
    {
        var states = new HashSet<IncidentState>();
        foreach (var word in State ?? [])
        {
            if (word == "active") states.UnionWith([IncidentState.Open, IncidentState.Acknowledged]);
            else if (TryWord<IncidentState>(word) is { } state) states.Add(state);
            else errors["state"] = ["must be open, acknowledged, resolved or active"];
        }

        var severities = new HashSet<int>();
        foreach (var word in Severity ?? [])
        {
            if (TryWord<AlertSeverity>(word) is { } severity) severities.Add((int)severity);
            else errors["severity"] = ["must be info, warning or critical"];
        }

        if (Q?.Length > MaxText) errors["q"] = [$"must have at most {MaxText} characters"];
        if (Limit is < 1 or > MaxLimit) errors["limit"] = [$"must be 1 to {MaxLimit}"];
        var query = new IncidentQuery
        {
            States = states.Count == 0 ? null : [.. states.Order()],
            Severities = severities.Count == 0 ? null : [.. severities.Order()],
            HostId = Host,
            RuleId = Rule,
            Text = string.IsNullOrWhiteSpace(Q) ? null : Q.Trim(),
            From = Time("from", From, now, errors),
            To = Time("to", To, now, errors),
            After = Place(After, errors),
            Limit = Limit,
        };
        return errors.Count > 0 ? null : query;
    }

    /// <summary>Where a page ends, as text that the next is asked for by.</summary>
    public static string Next(Incident last) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{last.OpenedAt.ToUnixTimeMilliseconds()} {last.Id}"))).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private static (DateTimeOffset, string)? Place(string? text, Dictionary<string, string[]> errors)
    {
        if (string.IsNullOrEmpty(text)) return null;
        var bytes = new byte[text.Length];
        var base64 = text.Replace('-', '+').Replace('_', '/').PadRight((text.Length + 3) / 4 * 4, '=');
        if (text.Length <= 400 && Convert.TryFromBase64String(base64, bytes, out var length)
            && Encoding.UTF8.GetString(bytes, 0, length).Split(' ', 2) is [var at, { Length: > 0 } id]
            && long.TryParse(at, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var milliseconds)
            && milliseconds >= DateTimeOffset.MinValue.ToUnixTimeMilliseconds() && milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            && !id.Contains('\0', StringComparison.Ordinal))
        {
            return (DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), id);
        }

        errors["after"] = ["must be the next of a page"];
        return null;
    }

    private static DateTimeOffset? Time(string field, string? text, DateTimeOffset now, Dictionary<string, string[]> errors)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        if (TimeExpression.TryParse(text, now, out var time)) return DateTimeOffset.FromUnixTimeMilliseconds(time);
        errors[field] = ["must be how long ago, such as -24h, or a time such as 2026-11-22T13:45:00Z"];
        return null;
    }

    // Not by Enum.TryParse alone, which takes numbers and any case.
    private static T? TryWord<T>(string word) where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            if (IncidentViews.Word(value) == word) return value;
        }

        return null;
    }
}
