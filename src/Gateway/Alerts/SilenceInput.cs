using System.Collections.Immutable;
using System.Globalization;
using StatusMonitor.Grains.Alerts;
using StatusMonitor.Grains.Alerts.Desk;

namespace StatusMonitor.Gateway.Alerts;

/// <summary>Reads a silence that people wrote. What is wrong is noted by field.</summary>
internal static class SilenceInput
{
    public const int MaxComment = 200;

    // Longer ahead it is a slip of the pen.
    private static readonly TimeSpan MostAhead = TimeSpan.FromDays(366 * 5);

    /// <summary>The silence; null, with what is wrong by field, if it is none.</summary>
    /// <param name="request">What somebody sent.</param>
    /// <param name="before">The silence it takes the place of, or null.</param>
    /// <param name="picks">Reads what it is for.</param>
    /// <param name="now">The time.</param>
    /// <param name="errors">What is wrong.</param>
    public static async Task<Silence?> ReadAsync(SilenceRequest? request, Silence? before, AlertPicks picks, DateTimeOffset now, Dictionary<string, string[]> errors)
    {
        var comment = request?.Comment?.Trim() ?? "";
        if (comment.Length > MaxComment || comment.Any(char.IsControl)) errors["comment"] = [$"must have at most {MaxComment} characters and no control characters"];

        var recurrence = request?.Recurrence is { } windows ? Read(windows, errors) : null;
        var (from, to) = (Millisecond(request?.From ?? before?.From ?? now), request?.To is { } end ? Millisecond(end) : (DateTimeOffset?)null);
        if (from > now + MostAhead) errors["from"] = ["must be within five years"];
        if (to is null && request?.Recurrence is null) errors["to"] = ["is missing; only windows that come again may go on for ever"];
        else if (to <= now) errors["to"] = ["must be in the future"];
        else if (to <= from) errors["to"] = ["must be after from"];
        else if (to > now + MostAhead) errors["to"] = ["must be within five years"];

        var silence = new Silence
        {
            Id = before?.Id ?? 0,
            Comment = comment,
            Hosts = await picks.HostsAsync(request?.Hosts, before?.Hosts ?? [], "hosts"),
            Groups = picks.Groups(request?.Groups, "groups"),
            Tags = picks.Tags(request?.Tags, "tags"),
            Rules = await picks.RulesAsync(request?.Rules, before?.Rules ?? [], "rules"),
            From = from,
            To = to,
            Recurrence = recurrence,
            CreatedBy = before?.CreatedBy ?? "",
        };
        return errors.Count == 0 ? silence : null;
    }

    private static Recurrence? Read(RecurrenceView view, Dictionary<string, string[]> errors)
    {
        var days = (view.Days ?? []).Select(day => RecurrenceView.Words.IndexOf(day ?? "")).Distinct().ToImmutableArray();
        if (days.Contains(-1)) errors["recurrence.days"] = ["must be mon, tue, wed, thu, fri, sat or sun"];
        if (!TimeOnly.TryParseExact(view.Start, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var start)) errors["recurrence.start"] = ["must be a time such as 22:00"];
        var most = (int)SilenceWindows.MaxLength.TotalMinutes;
        if (view.Minutes is not { } minutes || minutes < 1 || minutes > most) errors["recurrence.minutes"] = [$"must be 1 to {most}"];
        if (view.TimeZone is not { } zone || SilenceWindows.ZoneOf(zone) is null) errors["recurrence.timeZone"] = ["must be the IANA name of a time zone, such as Europe/Berlin"];
        return errors.Keys.Any(field => field.StartsWith("recurrence.", StringComparison.Ordinal))
            ? null
            : new Recurrence([.. days.Order().Select(day => (DayOfWeek)day)], start, TimeSpan.FromMinutes(view.Minutes!.Value), view.TimeZone!);
    }

    private static DateTimeOffset Millisecond(DateTimeOffset at) => DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds());
}
