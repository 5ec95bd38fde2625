using System.Collections.Immutable;
using System.Globalization;
using StatusMonitor.Grains.Alerts;
using StatusMonitor.Grains.Alerts.Desk;

namespace StatusMonitor.Gateway.Alerts;

/// <summary>A window that comes again.</summary>
/// <param name="Days"><c>mon</c> to <c>sun</c>; none is every day.</param>
/// <param name="Start">When it begins, by the clock of its zone: <c>22:00</c>.</param>
/// <param name="Minutes">How long it lasts.</param>
/// <param name="TimeZone">IANA name, such as <c>Europe/Berlin</c>.</param>
internal sealed record RecurrenceView(IReadOnlyList<string?>? Days, string? Start, int? Minutes, string? TimeZone)
{
    /// <summary>Words of the days, by their numbers.</summary>
    public static readonly ImmutableArray<string> Words = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    public static RecurrenceView? Of(Recurrence? recurrence) => recurrence is null ? null : new RecurrenceView(
        [.. recurrence.Days.Select(day => Words[(int)day])],
        recurrence.Start.ToString("HH:mm", CultureInfo.InvariantCulture),
        (int)recurrence.Length.TotalMinutes,
        recurrence.TimeZone);
}

/// <summary>A silence as people write it. What is empty matches all; without <c>from</c> it begins now.</summary>
internal sealed record SilenceRequest(
    string? Comment,
    IReadOnlyList<long>? Hosts,
    IReadOnlyList<string?>? Groups,
    IReadOnlyList<string?>? Tags,
    IReadOnlyList<long>? Rules,
    DateTimeOffset? From,
    DateTimeOffset? To,
    RecurrenceView? Recurrence);

/// <summary>A silence.</summary>
/// <param name="Id">Its number within the account.</param>
/// <param name="Comment">Why.</param>
/// <param name="Hosts">Of these hosts.</param>
/// <param name="Groups">Of hosts in these groups.</param>
/// <param name="Tags">Of hosts with one of these tags.</param>
/// <param name="Rules">Of these rules.</param>
/// <param name="From">Not before this.</param>
/// <param name="To">Until this; null for windows that come again for ever.</param>
/// <param name="Recurrence">The windows within that, or null for all of it.</param>
/// <param name="CreatedBy">Who made it.</param>
/// <param name="Active">Whether it holds now.</param>
/// <param name="Next">When it begins to hold next, or null.</param>
internal sealed record SilenceView(
    long Id,
    string Comment,
    IReadOnlyList<long> Hosts,
    IReadOnlyList<string> Groups,
    IReadOnlyList<string> Tags,
    IReadOnlyList<long> Rules,
    DateTimeOffset From,
    DateTimeOffset? To,
    RecurrenceView? Recurrence,
    string CreatedBy,
    bool Active,
    DateTimeOffset? Next)
{
    public static SilenceView Of(Silence silence, DateTimeOffset now) => new(
        silence.Id, silence.Comment, silence.Hosts, silence.Groups, silence.Tags, silence.Rules, silence.From, silence.To, RecurrenceView.Of(silence.Recurrence), silence.CreatedBy,
        silence.HoldsUntil(now) is not null, silence.NextAfter(now));
}

/// <summary>An account's silences.</summary>
internal sealed record SilencesView(IReadOnlyList<SilenceView> Silences);
