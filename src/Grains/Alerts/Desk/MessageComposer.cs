using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using StatusMonitor.Storage.Alerts;

namespace StatusMonitor.Grains.Alerts.Desk;

/// <summary>Puts alerts into messages. Pure.</summary>
internal static class MessageComposer
{
    /// <summary>Alerts that a message lists; of more it says how many there are.</summary>
    public const int MostItems = 500;

    private const int MostTitle = 200;

    /// <summary>An alert of a message.</summary>
    /// <param name="transition">What happened.</param>
    /// <param name="incident">Its incident, if it was read.</param>
    /// <param name="processes">What ran, if that is known yet.</param>
    public static AlertMessageItem Item(AlertTransition transition, Incident? incident, ImmutableArray<ProcessSighting> processes)
    {
        var isOver = transition.Kind == TransitionKind.Resolved || transition.Rule.Kind == AlertKind.Rebooted || (transition.Kind == TransitionKind.FlappingEnded && !transition.IsOpen);
        var openedAt = incident?.OpenedAt ?? transition.At;
        return new AlertMessageItem(
            transition.IncidentId,
            transition.HostId,
            transition.HostName,
            transition.Rule.Name,
            transition.Rule.Severity,
            AlertWords.Of(transition.Kind, AlertFacts.Of(transition, openedAt), transition.IsOpen),
            openedAt,
            isOver ? transition.At : null,
            !isOver && transition.Kind != TransitionKind.Classic,
            incident?.AcknowledgedBy,
            processes);
    }

    /// <summary>An alert that goes on.</summary>
    public static AlertMessageItem Item(Incident incident, AlertRule rule) => new(
        incident.Id,
        incident.HostId,
        incident.HostName,
        incident.RuleName,
        (AlertSeverity)incident.Severity,
        AlertWords.Fired(new AlertFacts(rule, incident.Series, incident.Peak ?? incident.Value, incident.Peak, incident.OpenedAt)),
        incident.OpenedAt,
        null,
        true,
        incident.AcknowledgedBy,
        []);

    /// <summary>A message about alerts of one rule.</summary>
    /// <param name="kind">What it is about.</param>
    /// <param name="rule">The rule, as it was last.</param>
    /// <param name="place">Where the hosts are, such as <c>in Frankfurt</c>; or empty.</param>
    /// <param name="items">The alerts.</param>
    /// <param name="at">When it is decided.</param>
    /// <param name="stillOpen">Of hosts that are back, how many of the rule are still offline.</param>
    /// <param name="transition">Of a single alert, what happened.</param>
    public static AlertMessage Of(MessageKind kind, AlertRule rule, string place, IReadOnlyCollection<AlertMessageItem> items, DateTimeOffset at, int stillOpen = 0, AlertTransition? transition = null)
    {
        var hosts = items.Select(item => item.HostId).Distinct().Count();
        var listed = items.OrderByDescending(item => item.Severity).ThenBy(item => item.OpenedAt).Take(MostItems).ToImmutableArray();
        var title = items.Count == 1 ? Single(kind, rule, listed[0], transition) : hosts == 1 ? $"{listed[0].HostName}: {Many(kind, rule.Name)} ({items.Count})" : Several(kind, rule, hosts, items.Count, place);
        if (kind == MessageKind.Resolved && stillOpen > 0) title += $"; {stillOpen} still offline";
        return new AlertMessage
        {
            Kind = kind,
            Title = Cut(title, MostTitle),
            Severity = listed[0].Severity,
            At = at,
            Items = listed,
            Count = items.Count,
            Text = TextOf(kind, listed, at, items.Count, stillOpen),
            Path = items.Count == 1 && kind != MessageKind.Classic ? $"/alerts/{listed[0].IncidentId}" : "/alerts",
        };
    }

    /// <summary>Something about the server itself.</summary>
    public static AlertMessage Of(ServerNotice notice) => new() { Kind = MessageKind.Server, Title = Cut(notice.Title, MostTitle), At = notice.At, Text = notice.Text, Path = "/" };

    /// <summary>A test of a channel.</summary>
    public static AlertMessage Test(string channel, DateTimeOffset at) => new()
    {
        Kind = MessageKind.Test,
        Title = "A test message",
        At = at,
        Text = $"StatusMonitor can reach \"{channel}\". Alerts will look much like this.",
    };

    public static string Write(AlertMessage message) => JsonSerializer.Serialize(message, DeskJson.Default.AlertMessage);

    /// <summary>Reads what <see cref="Write"/> wrote. False if it is none.</summary>
    public static bool TryRead(string payload, [NotNullWhen(true)] out AlertMessage? message)
    {
        try
        {
            message = JsonSerializer.Deserialize(payload, DeskJson.Default.AlertMessage);
        }
        catch (JsonException)
        {
            message = null;
        }

        return message is not null;
    }

    private static string Single(MessageKind kind, AlertRule rule, AlertMessageItem item, AlertTransition? transition) => (kind, rule.Kind) switch
    {
        (MessageKind.Fired, AlertKind.Offline) => $"{item.HostName} is offline",
        (MessageKind.Fired, AlertKind.Rebooted) => $"{item.HostName} has rebooted",
        (MessageKind.Resolved, AlertKind.Offline) => $"{item.HostName} is back",
        (MessageKind.Repeated, AlertKind.Offline) => $"{item.HostName} is still offline",
        (MessageKind.Data, _) => $"{item.HostName}: {rule.Name} {(transition?.Kind == TransitionKind.DataBack ? "has values again" : "has no values any more")}",
        (MessageKind.Steady, _) => $"{item.HostName}: {rule.Name} keeps still again and {(item.IsOpen ? "goes on" : "is over")}",
        _ => $"{item.HostName}: {Many(kind, rule.Name)}",
    };

    private static string Several(MessageKind kind, AlertRule rule, int hosts, int count, string place)
    {
        var where = place.Length > 0 ? $" {place}" : "";
        return (kind, rule.Kind) switch
        {
            (MessageKind.Fired, AlertKind.Offline) => $"{Quantity.Count(hosts, "host")}{where} offline",
            (MessageKind.Fired, AlertKind.Rebooted) => $"{Quantity.Count(hosts, "host")}{where} rebooted",
            (MessageKind.Resolved, AlertKind.Offline) => $"{Quantity.Count(hosts, "host")}{where} back",
            (MessageKind.Repeated, AlertKind.Offline) => $"{Quantity.Count(hosts, "host")}{where} still offline",
            _ => count == hosts ? $"{Many(kind, rule.Name)} on {Quantity.Count(hosts, "host")}{where}" : $"{Many(kind, rule.Name)} on {Quantity.Count(hosts, "host")}{where} ({count})",
        };
    }

    private static string Many(MessageKind kind, string rule) => kind switch
    {
        MessageKind.Resolved => $"{rule} is over",
        MessageKind.Repeated => $"still {rule}",
        MessageKind.Escalated => $"nobody has taken up {rule}",
        MessageKind.Flapping => $"{rule} keeps changing",
        MessageKind.Steady => $"{rule} keeps still again",
        MessageKind.Data => $"{rule}: values lost or back",
        _ => rule,
    };

    private static string? TextOf(MessageKind kind, ImmutableArray<AlertMessageItem> items, DateTimeOffset at, int count, int stillOpen)
    {
        var sentences = new List<string>();
        switch (kind)
        {
            case MessageKind.Flapping:
                sentences.Add($"Nobody is told of it until it has kept still for {Quantity.Of(Flapping.QuietAfter)}.");
                break;
            case MessageKind.Repeated or MessageKind.Escalated:
                sentences.Add($"It began {Quantity.Of(at - items.Min(item => item.OpenedAt))} ago and nobody has taken it up.");
                break;
            case MessageKind.Resolved when stillOpen > 0:
                sentences.Add($"{Quantity.Count(stillOpen, "host")} {(stillOpen == 1 ? "is" : "are")} still offline.");
                break;
        }

        if (count > items.Length) sentences.Add($"{count - items.Length} more are on the dashboard.");
        return sentences.Count == 0 ? null : string.Join(' ', sentences);
    }

    private static string Cut(string text, int length) => text.Length <= length ? text : $"{text.AsSpan(0, length - 1)}…";
}
