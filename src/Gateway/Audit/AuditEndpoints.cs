using System.Globalization;
using StatusMonitor.Gateway.Access;
using StatusMonitor.Gateway.OpenApi;
using StatusMonitor.Storage;

namespace StatusMonitor.Gateway.Audit;

/// <summary>What an administrator looks for in the audit log.</summary>
/// <param name="Actor">User name of who did it.</param>
/// <param name="Action">Beginning of the action, such as <c>account.</c>.</param>
/// <param name="TargetKind">Kind of what it was done to.</param>
/// <param name="TargetId">Id of what it was done to.</param>
/// <param name="Outcome">One outcome, or <c>failed</c> for all but <c>ok</c>.</param>
/// <param name="From">Not before this time.</param>
/// <param name="To">Before this time.</param>
/// <param name="Before">Only entries stored before the one of this id: the <c>next</c> of a page.</param>
/// <param name="Limit">At most so many.</param>
internal sealed record AuditSearch(
    string? Actor = null,
    string? Action = null,
    string? TargetKind = null,
    string? TargetId = null,
    string? Outcome = null,
    string? From = null,
    string? To = null,
    long? Before = null,
    int Limit = 100)
{
    public const int MaxLimit = 500;
    private const int MaxTextLength = 200;

    /// <summary>The query of the log, for one entry more than is asked for, if it gives so many: it tells whether there is a next page. Null, with what is wrong by field, if there is none.</summary>
    public AuditQuery? ToQuery(Dictionary<string, string[]> errors)
    {
        foreach (var (field, text) in new[] { ("actor", Actor), ("action", Action), ("targetKind", TargetKind), ("targetId", TargetId), ("outcome", Outcome) })
        {
            if (text?.Length > MaxTextLength) errors[field] = [$"must have at most {MaxTextLength} characters"];
        }

        var from = Time("from", From, errors);
        var to = Time("to", To, errors);
        if (Before <= 0) errors["before"] = ["must be positive"];
        if (Limit is < 1 or > MaxLimit) errors["limit"] = [$"must be 1 to {MaxLimit}"];
        return errors.Count > 0 ? null : new AuditQuery(Given(Actor), Given(Action), Given(TargetKind), Given(TargetId), Given(Outcome), from, to, Before, Math.Min(Limit + 1, MaxLimit));
    }

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static DateTimeOffset? Time(string field, string? text, Dictionary<string, string[]> errors)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)) return time;
        errors[field] = ["must be a time such as 2026-11-22T13:45:00Z"];
        return null;
    }
}

/// <summary>Who did something; the id is missing if the name was only claimed.</summary>
internal sealed record AuditActorView(long? Id, string? Name);

/// <summary>What it was done to.</summary>
internal sealed record AuditTargetView(string Kind, string? Id, string? Name);

/// <summary>An entry of the audit log on the wire.</summary>
internal sealed record AuditEntryView(long Id, DateTimeOffset At, AuditActorView? Actor, string Action, AuditTargetView? Target, string? Address, string Outcome, string? Detail)
{
    public static AuditEntryView Of(AuditRecord record)
    {
        var entry = record.Entry;
        return new(
            record.Id,
            entry.At,
            entry.ActorId is null && entry.ActorName is null ? null : new AuditActorView(entry.ActorId, entry.ActorName),
            entry.Action,
            entry.TargetKind is null ? null : new AuditTargetView(entry.TargetKind, entry.TargetId, entry.TargetName),
            entry.Address,
            entry.Outcome,
            entry.Detail);
    }
}

/// <summary>A page of the audit log, newest first.</summary>
/// <param name="Entries">Its entries.</param>
/// <param name="Next">What to ask for as <c>before</c> to get the next page; null if there is none.</param>
internal sealed record AuditPage(IReadOnlyList<AuditEntryView> Entries, long? Next);

/// <summary>The audit log, for administrators.</summary>
internal static class AuditEndpoints
{
    private static readonly ApiDoc Doc = new("Read the audit log", "For administrators. Newest first; `next` of a page, given as `before`, gets the page after it.")
    {
        Answer = new AuditPage(
            [new AuditEntryView(42, new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero), new AuditActorView(1, "alice"), AuditActions.HostCreate, new AuditTargetView("host", "7", "web-1"), "192.0.2.7", AuditOutcomes.Ok, null)],
            42),
        Problems = [Problems.Invalid(new Dictionary<string, string[]> { ["limit"] = ["must be 1 to 500"] })],
    };

    public static void AddAudit(this IServiceCollection services) => services.AddSingleton<AuditTrail>();

    public static void MapAudit(this IEndpointRouteBuilder routes) =>
        routes.MapGroup("/api/v1/audit").WithTags("Audit").RequireAuthorization(AccessPolicy.Administrator).MapGet("", List).Documented(Doc);

    private static async Task<IResult> List([AsParameters] AuditSearch search, IAuditLog log, CancellationToken cancellationToken)
    {
        var errors = new Dictionary<string, string[]>();
        if (search.ToQuery(errors) is not { } query) return Problems.Invalid(errors).ToResult();

        var found = await log.ReadAsync(query, cancellationToken);
        AuditEntryView[] entries = [.. found.Take(search.Limit).Select(AuditEntryView.Of)];
        // After as many as the log gives at once there may be another page, if an empty one.
        return Results.Ok(new AuditPage(entries, found.Count > search.Limit || found.Count == AuditSearch.MaxLimit ? entries[^1].Id : null));
    }
}
