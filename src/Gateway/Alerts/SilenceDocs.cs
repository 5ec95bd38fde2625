using Microsoft.AspNetCore.Mvc;
using StatusMonitor.Gateway.OpenApi;

namespace StatusMonitor.Gateway.Alerts;

/// <summary>What the API's document says of silences.</summary>
internal static class SilenceDocs
{
    private const string Meaning =
        "What is empty matches all; what is named must all fit. Alerts change as ever: who would be told is told when the silence ends, if it still matters. A window that begins when " +
        "the clock skips that hour begins when the clock goes on; one whose hour comes twice, at the first.";

    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly SilenceRequest Nightly = new("nightly backup", [], ["Frankfurt"], ["database"], [], Noon, null, new RecurrenceView(["mon", "fri"], "22:00", 480, "Europe/Berlin"));

    private static readonly SilenceView Stored = new(
        3, "nightly backup", [], ["Frankfurt"], ["database"], [], Noon, null, Nightly.Recurrence, "alice", false, new DateTimeOffset(2026, 1, 2, 21, 0, 0, TimeSpan.Zero));

    private static readonly ProblemDetails Invalid = Problems.Invalid(new Dictionary<string, string[]> { ["recurrence.timeZone"] = ["must be the IANA name of a time zone, such as Europe/Berlin"] });
    private static readonly ProblemDetails NotFound = Problems.SilenceNotFound(3);

    public static ApiDoc List { get; } = new("List silences", "The account's own that are not over, by id.") { Answer = new SilencesView([Stored]) };

    public static ApiDoc Create { get; } = new("Add a silence", $"One stretch of time, or with `recurrence` windows that come again, for maintenance. {Meaning}")
    {
        Request = Nightly,
        Status = StatusCodes.Status201Created,
        Answer = Stored,
        Problems = [Invalid, Problems.TooMany("Your account has as many silences as it may. End one first.")],
    };

    public static ApiDoc Replace { get; } = new("Change a silence", $"All of it. {Meaning}") { Request = Nightly, Answer = Stored, Problems = [Invalid, NotFound] };

    public static ApiDoc Delete { get; } = new("End a silence", "What it held back is told now, if it still matters.") { Status = StatusCodes.Status204NoContent, Problems = [NotFound] };
}
