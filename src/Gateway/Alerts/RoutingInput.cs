using System.Collections.Immutable;
using System.Text.Json;
using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Gateway.Alerts;

/// <summary>Reads a routing that people wrote. What is wrong is noted by field.</summary>
internal static class RoutingInput
{
    private const int MaxRoutes = 50;
    private const int MaxEscalations = 5;
    private const double MaxGroupSeconds = 300;
    private const double MaxAfterSeconds = 7 * 86_400;

    private static readonly Dictionary<string, Grouping> Groupings = Enum.GetValues<Grouping>().ToDictionary(Word);
    private static readonly Dictionary<string, AlertSeverity> Severities = Enum.GetValues<AlertSeverity>().ToDictionary(Word);

    /// <summary>A value as the word people read.</summary>
    public static string Word<T>(T value) where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    /// <summary>The routing; null, with what is wrong by field, if it is none.</summary>
    public static async Task<AlertRouting?> ReadAsync(RoutingView? request, AlertRouting before, AlertPicks picks, Dictionary<string, string[]> errors)
    {
        if (!Groupings.TryGetValue(request?.GroupBy ?? "", out var groupBy)) errors["groupBy"] = [$"must be one of {string.Join(", ", Groupings.Keys)}"];
        if (request?.GroupSeconds is not (>= 0 and <= MaxGroupSeconds)) errors["groupSeconds"] = [$"must be 0 to {MaxGroupSeconds}"];
        if (request?.Routes is not { Count: <= MaxRoutes } routes)
        {
            errors["routes"] = [$"must be there, at most {MaxRoutes}"];
            return null;
        }

        ImmutableArray<long> knownRules = [.. before.Routes.SelectMany(route => route.Rules)];
        var read = ImmutableArray.CreateBuilder<AlertRoute>(routes.Count);
        for (var i = 0; i < routes.Count; i++)
        {
            var field = $"routes[{i}]";
            if (routes[i] is not { } route) errors[field] = ["must not be null"];
            else read.Add(await ReadAsync(route, knownRules, picks, field, errors));
        }

        return errors.Count == 0 ? new AlertRouting(groupBy, TimeSpan.FromMilliseconds(Math.Round(request.GroupSeconds!.Value * 1000)), read.ToImmutable()) : null;
    }

    private static async Task<AlertRoute> ReadAsync(RouteView route, ImmutableArray<long> knownRules, AlertPicks picks, string field, Dictionary<string, string[]> errors)
    {
        var severities = (route.Severities ?? []).Distinct().ToArray();
        if (severities.Any(severity => !Severities.ContainsKey(severity ?? ""))) errors[$"{field}.severities"] = [$"must be one of {string.Join(", ", Severities.Keys)}"];

        var escalations = new List<Escalation>();
        var steps = route.Escalations ?? [];
        if (steps.Count > MaxEscalations) errors[$"{field}.escalations"] = [$"must be at most {MaxEscalations}"];
        for (var i = 0; i < Math.Min(steps.Count, MaxEscalations); i++)
        {
            var place = $"{field}.escalations[{i}]";
            if (steps[i]?.AfterSeconds is not { } after || after is not (>= 1 and <= MaxAfterSeconds)) errors[$"{place}.afterSeconds"] = [$"must be 1 to {MaxAfterSeconds}"];
            else if (steps[i]!.Channels is not { Count: > 0 } channels) errors[$"{place}.channels"] = ["must be at least one"];
            else escalations.Add(new Escalation(TimeSpan.FromMilliseconds(Math.Round(after * 1000)), await picks.ChannelsAsync(channels, $"{place}.channels")));
        }

        return new AlertRoute(
            [.. severities.Where(severity => severity is not null && Severities.ContainsKey(severity)).Select(severity => Severities[severity!])],
            picks.Groups(route.Groups, $"{field}.groups"),
            picks.Tags(route.Tags, $"{field}.tags"),
            await picks.RulesAsync(route.Rules, knownRules, $"{field}.rules"),
            await picks.ChannelsAsync(route.Channels, $"{field}.channels"),
            [.. escalations.OrderBy(step => step.After)],
            route.Last ?? false);
    }
}
