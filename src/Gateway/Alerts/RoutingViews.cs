using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Gateway.Alerts;

/// <summary>Others who are told when nobody takes it up.</summary>
/// <param name="AfterSeconds">Since the incident began.</param>
/// <param name="Channels">Who.</param>
internal sealed record EscalationView(double? AfterSeconds, IReadOnlyList<long>? Channels);

/// <summary>Which alerts go where. What is empty matches all.</summary>
/// <param name="Severities"><c>info</c>, <c>warning</c>, <c>critical</c>.</param>
/// <param name="Groups">Groups of hosts.</param>
/// <param name="Tags">Tags of hosts.</param>
/// <param name="Rules">Rules of the account.</param>
/// <param name="Channels">Where they go; none is nowhere.</param>
/// <param name="Escalations">Who is told besides if nobody takes it up.</param>
/// <param name="Last">Whether routes after it are not looked at for what it matches.</param>
internal sealed record RouteView(
    IReadOnlyList<string?>? Severities,
    IReadOnlyList<string?>? Groups,
    IReadOnlyList<string?>? Tags,
    IReadOnlyList<long>? Rules,
    IReadOnlyList<long>? Channels,
    IReadOnlyList<EscalationView?>? Escalations,
    bool? Last);

/// <summary>How an account's notifications are put together and where they go.</summary>
/// <param name="GroupBy"><c>all</c>, <c>group</c>, <c>tag</c> or <c>none</c>.</param>
/// <param name="GroupSeconds">Within what time people are told, so about how long is waited for more.</param>
/// <param name="Routes">Looked at in order; without any everything goes to every channel.</param>
internal sealed record RoutingView(string? GroupBy, double? GroupSeconds, IReadOnlyList<RouteView?>? Routes)
{
    public static RoutingView Of(AlertRouting routing) => new(
        RoutingInput.Word(routing.GroupBy),
        routing.GroupWindow.TotalSeconds,
        [.. routing.Routes.Select(route => new RouteView(
            [.. route.Severities.Select(RoutingInput.Word)],
            route.Groups,
            route.Tags,
            route.Rules,
            route.Channels,
            [.. route.Escalations.Select(step => new EscalationView(step.After.TotalSeconds, step.Channels))],
            route.IsLast))]);
}
