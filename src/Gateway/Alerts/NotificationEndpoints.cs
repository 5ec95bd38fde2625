using System.Globalization;
using StatusMonitor.Gateway.Access;
using StatusMonitor.Gateway.Audit;
using StatusMonitor.Gateway.OpenApi;
using StatusMonitor.Grains.Alerts;
using StatusMonitor.Storage.Alerts;

namespace StatusMonitor.Gateway.Alerts;

/// <summary>Which notifications somebody looks for.</summary>
/// <param name="State">Any number of <c>queued</c>, <c>sent</c>, <c>dead</c>; none is all.</param>
/// <param name="Before">Where the page before ended: its <c>next</c>.</param>
/// <param name="Limit">At most so many, 1 to 500; default 100.</param>
internal sealed record NotificationSearch(string[]? State = null, string? Before = null, int Limit = 100);

/// <summary>Where a notification goes.</summary>
internal sealed record NotificationChannelView(long Id, string Name, ChannelKind Kind);

/// <summary>A message to a channel, and what became of it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Channel">Where it goes; null if the channel is gone.</param>
/// <param name="Title">What it says, in a line.</param>
/// <param name="State"><c>queued</c>, <c>sent</c>, or <c>dead</c>: it will never be accepted.</param>
/// <param name="CreatedAt">When it was queued.</param>
/// <param name="DueAt">When it is tried next; of one that is sent or dead, when that happened.</param>
/// <param name="Attempts">Tries so far.</param>
/// <param name="Error">Why the last one failed.</param>
/// <param name="Incidents">The incidents it tells of.</param>
internal sealed record NotificationView(
    string Id, NotificationChannelView? Channel, string Title, string State, DateTimeOffset CreatedAt, DateTimeOffset DueAt, int Attempts, string? Error, IReadOnlyList<string> Incidents);

/// <summary>A page of notifications, newest first.</summary>
/// <param name="Notifications">Its notifications.</param>
/// <param name="Dead">How many of the account are dead.</param>
/// <param name="Next">What to ask for as <c>before</c> to get the next page; null if there is none.</param>
internal sealed record NotificationPage(IReadOnlyList<NotificationView> Notifications, int Dead, string? Next);

/// <summary>What an account is told, and what could not be told.</summary>
internal static class NotificationEndpoints
{
    private const int MaxLimit = 500;

    private static readonly ApiDoc ListDoc = new("List notifications", "Of the account's own channels, newest first; `next` of a page, given as `before`, gets the page after it.")
    {
        Answer = new NotificationPage(
            [new NotificationView("n-42", new NotificationChannelView(1, "On call", ChannelKind.Telegram), "web-1: CPU busy", "dead", Noon, Noon.AddSeconds(9), 1, "The bot was blocked by the user.", ["7-12"])], 1, "42"),
        Problems = [Problems.Invalid(new Dictionary<string, string[]> { ["state"] = ["must be queued, sent or dead"] })],
    };

    private static readonly ApiDoc RetryDoc = new("Send a dead notification again", "It is queued, and tried at once.") { Status = StatusCodes.Status204NoContent, Problems = [Problems.NotificationNotFound("n-42")] };

    private static readonly ApiDoc DismissDoc = new("Dismiss a dead notification", "It is gone.") { Status = StatusCodes.Status204NoContent, Problems = [Problems.NotificationNotFound("n-42")] };

    private static DateTimeOffset Noon => new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static void MapNotifications(this IEndpointRouteBuilder routes)
    {
        var notifications = routes.MapGroup("/api/v1/notifications").WithTags("Incidents").RequireAuthorization(AccessPolicy.SignedIn).WithSmallBodies();

        notifications.MapGet("", List).Documented(ListDoc);
        notifications.MapPost("{id}/retry", Retry).Documented(RetryDoc);
        notifications.MapDelete("{id}", Dismiss).Documented(DismissDoc);
    }

    private static async Task<IResult> List([AsParameters] NotificationSearch search, HttpContext context, IGrainFactory grains, IAlertStore store, CancellationToken cancellationToken)
    {
        var errors = new Dictionary<string, string[]>();
        var all = Enum.GetValues<NotificationState>();
        if (search.State is { } words && words.Any(word => all.All(state => IncidentViews.Word(state) != word))) errors["state"] = ["must be queued, sent or dead"];
        long before = 0;
        if (search.Before is { } text && !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out before)) errors["before"] = ["must be the next of a page"];
        if (search.Limit is < 1 or > MaxLimit) errors["limit"] = [$"must be 1 to {MaxLimit}"];
        if (errors.Count > 0) return Problems.Invalid(errors).ToResult();

        var account = context.Account().Id;
        var states = search.State is { Length: > 0 } asked ? all.Where(state => asked.Contains(IncidentViews.Word(state))) : all;
        var found = await store.ReadNotificationsAsync(account, [.. states], search.Before is null ? null : before, search.Limit, cancellationToken);
        var channels = (await grains.GetGrain<IAlertDeskGrain>(account).GetChannels()).ToDictionary(channel => channel.Id);
        return Results.Ok(new NotificationPage(
            [.. found.Select(notification => Of(notification, channels.GetValueOrDefault(notification.Entry.ChannelId)))],
            await store.CountNotificationsAsync(account, NotificationState.Dead, cancellationToken),
            found.Count == search.Limit ? found[^1].Number.ToString(CultureInfo.InvariantCulture) : null));
    }

    private static async Task<IResult> Retry(string id, HttpContext context, IGrainFactory grains, IAlertStore store, TimeProvider time, AuditTrail audit)
    {
        var account = context.Account().Id;
        if (!await store.RequeueAsync(account, id, time.GetUtcNow())) return Problems.NotificationNotFound(id).ToResult();
        await grains.GetGrain<IAlertDeskGrain>(account).Wake();
        await audit.WriteAsync(context, AuditActions.NotificationRetry, AuditOutcomes.Ok, AuditTarget.Notification(id));
        return Results.NoContent();
    }

    private static async Task<IResult> Dismiss(string id, HttpContext context, IAlertStore store, AuditTrail audit)
    {
        if (!await store.DismissAsync(context.Account().Id, id)) return Problems.NotificationNotFound(id).ToResult();
        await audit.WriteAsync(context, AuditActions.NotificationDismiss, AuditOutcomes.Ok, AuditTarget.Notification(id));
        return Results.NoContent();
    }

    private static NotificationView Of(StoredNotification notification, AlertChannel? channel) => new(
        notification.Entry.Id,
        channel is null ? null : new NotificationChannelView(channel.Id, channel.Name, channel.Kind),
        notification.Entry.Title,
        IncidentViews.Word(notification.State),
        notification.Entry.CreatedAt,
        notification.DueAt,
        notification.Attempts,
        notification.Error,
        notification.Entry.Incidents);
}
