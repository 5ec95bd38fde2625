using StatusMonitor.Gateway.OpenApi;

namespace StatusMonitor.Gateway.Alerts;

/// <summary>What the API's document says of routing.</summary>
internal static class RoutingDocs
{
    private const string Meaning =
        "Hosts that are lost within `groupSeconds` become one message, which is on its way by then, and so do those that come back; of other rules the first is told at once and the next together. Routes are looked at in " +
        "order; what is empty in one matches all. Without routes everything goes to every channel, with routes what none matches goes nowhere.";

    private static readonly RoutingView Stored = new(
        "group", 10, [new RouteView(["critical"], [], ["production"], [], [1, 2], [new EscalationView(900, [3])], true), new RouteView([], [], [], [], [1], [], false)]);

    public static ApiDoc Get { get; } = new("Get the routing", Meaning) { Answer = Stored };

    public static ApiDoc Replace { get; } = new("Change the routing", $"All of it. {Meaning}")
    {
        Request = Stored,
        Answer = Stored,
        Problems = [Problems.Invalid(new Dictionary<string, string[]> { ["routes[0].channels"] = ["names the channel 9, which your account does not have"] })],
    };
}
