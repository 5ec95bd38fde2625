using StatusMonitor.Gateway.Enrolment;
using StatusMonitor.Gateway.Live;
using StatusMonitor.Gateway.OpenApi;
using StatusMonitor.Grains.Alerts;
using StatusMonitor.Grains.Hosts;

namespace StatusMonitor.Gateway.Hosts;

/// <summary>What the API's document says of hosts.</summary>
internal static class HostDocs
{
    private const string Token = "5f0d3c2e9b8a7f6e5d4c3b2a1908f7e6d5c4b3a29180f7e6d5c4b3a291807f6e";
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly NewHostView NewHost = new(7, "web-1", Token, Noon.AddMinutes(5));

    public static ApiDoc List { get; } = new(
        "List hosts",
        "The hosts that the account may see, filtered, sorted, and a part of them. The counts are of all that it may see, whatever the filter; so are the groups and tags.")
    {
        Answer = new FleetPage(
            new FleetCounts(1, 1, 0, 0, 0),
            1,
            [new HostRow(7, "web-1", HostStatus.Online, Noon, 12.5, 40.25, 61, 1024, 2048, 0.5, 86_400, "Frankfurt", ["web", "production"], HostAccess.Owner, 1, AlertSeverity.Warning, [10, null, 12.5])],
            ["Frankfurt"],
            ["production", "web"],
            Noon),
        Problems = [Invalid("limit", $"must be 1 to {FleetQuery.MaxLimit}")],
    };

    public static ApiDoc Create { get; } = new(
        "Add a host",
        "The account becomes its owner. The token for its agent is shown only here; it must be used within five minutes and is permanent after the first report.")
    {
        Request = new NewHostRequest("web-1", "Frankfurt", ["web", "production"]),
        Status = StatusCodes.Status201Created,
        Answer = NewHost,
        Problems = [Invalid("name", $"must have 1 to {HostInput.MaxNameLength} characters and no control characters")],
    };

    public static ApiDoc Get { get; } = new("Get a host", "With its newest samples: `values` has for each of `series` a value, or null, for each of `times` (Unix milliseconds).")
    {
        Answer = new HostView(
            7, "web-1", "Frankfurt", ["web"], HostAccess.Full, new OwnerView(1, "alice"), Noon.AddDays(-30), HostStatus.Online, Noon, 1, AlertSeverity.Warning, 5, "3b0b0b5e-6f0e-4a53-9f0f-2c1f7a1d3c55", -0.02,
            new HostDescription("0.1.0", "web-1", "Debian GNU/Linux 12 (bookworm)", "6.1.0-18-amd64", "x64", "AMD EPYC 7302P"),
            Noon, [SeriesView.Of("cpu.percent")], [1_767_268_795_000, 1_767_268_800_000], [[10, 12.5]]),
    };

    public static ApiDoc Change { get; } = new("Rename, group or tag a host", "What is not in the body stays as it is. Tags are replaced together; an empty group takes the host out of its group.")
    {
        Request = new HostChangeRequest("web-1", "", ["web"]),
        Answer = new HostNotesView(7, "web-1", null, ["web"]),
        Problems = [Invalid("tags", $"must be at most {HostInput.MaxTags}")],
    };

    public static ApiDoc Delete { get; } = new("Delete a host", "It and its tokens are gone at once, for whoever is watching too; its history goes in the background.") { Status = StatusCodes.Status204NoContent };

    public static ApiDoc Tokens { get; } = new("List a host's tokens", "Those that are good, or may still become so. Their text is not kept.")
    {
        Answer = new[] { new HostTokenView(1, Noon, Noon.AddMinutes(5), true, Noon.AddHours(1)) },
    };

    public static ApiDoc AddToken { get; } = new("Add a token to a host", "The host's other tokens stay. The text is shown only here.")
    {
        Status = StatusCodes.Status201Created,
        Answer = new NewTokenView(2, Token, Noon.AddMinutes(5)),
        Problems = [Problems.TooMany("The host has 10 tokens. Revoke one first.")],
    };

    public static ApiDoc RegenerateToken { get; } = new("Replace a host's tokens", "One new token; all others are dead at once. The text is shown only here.")
    {
        Answer = new NewTokenView(3, Token, Noon.AddMinutes(5)),
    };

    public static ApiDoc RevokeToken { get; } = new("Revoke a host's token", "It is dead at once.") { Status = StatusCodes.Status204NoContent, Problems = [Problems.TokenNotFound(2)] };

    public static ApiDoc Shares { get; } = new("List with whom a host is shared", "For its owner and administrators.")
    {
        Answer = new[] { new HostShareView(2, "bob", HostAccess.Read) },
    };

    public static ApiDoc Share { get; } = new(
        "Share a host", "`read` lets the account see the host; `full` also lets it rename and tag it and manage its tokens. Doing it again changes what the account may do.")
    {
        Request = new HostShareRequest("read"),
        Status = StatusCodes.Status204NoContent,
        Problems = [Invalid("access", "must be read or full"), Problems.UserNotFound("bob"), Problems.TooMany("The host is shared with 100 accounts. Stop sharing it with one first.")],
    };

    public static ApiDoc Unshare { get; } = new("Stop sharing a host", "For its owner and administrators, and for the account that gives its share up. It holds at once, for live connections too.")
    {
        Status = StatusCodes.Status204NoContent,
        Problems = [Problems.UserNotFound("bob"), Problems.NotAllowed()],
    };

    public static ApiDoc Enrol { get; } = new(
        "Let a machine add itself",
        "For agents, with an enrolment token, without an account. The host belongs to the account that made the token, in the group and with the tags that the token says.")
    {
        Request = new EnrolRequest($"sme_1_{Token}", "web-1"),
        Status = StatusCodes.Status201Created,
        Answer = NewHost,
        Problems = [Invalid("name", $"must have 1 to {HostInput.MaxNameLength} characters and no control characters"), Problems.UnknownEnrolmentToken()],
    };

    private static Microsoft.AspNetCore.Mvc.ProblemDetails Invalid(string field, string error) => Problems.Invalid(new Dictionary<string, string[]> { [field] = [error] });
}
