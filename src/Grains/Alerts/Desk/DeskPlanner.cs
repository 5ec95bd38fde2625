using System.Collections.Immutable;
using System.Text.Json;
using StatusMonitor.Grains.Hosts;
using StatusMonitor.Storage.Alerts;

namespace StatusMonitor.Grains.Alerts.Desk;

/// <summary>What is decided: stored in one transaction, or not at all.</summary>
internal sealed class DeskDecision
{
    /// <summary>Pending transitions that are done with.</summary>
    public List<string> Transitions { get; } = [];

    /// <summary>What is queued by it.</summary>
    public List<NotificationEntry> Notifications { get; } = [];

    /// <summary>What is noted in the incidents.</summary>
    public List<IncidentChange> Changes { get; } = [];

    /// <summary>The earliest time at which an incident is to be looked at again.</summary>
    public DateTimeOffset LookAt { get; set; } = DateTimeOffset.MaxValue;

    public bool IsEmpty => Transitions.Count + Notifications.Count + Changes.Count == 0;
}

/// <summary>Works out what is told to whom, reading of the incidents what the messages need. Changes nothing.</summary>
/// <param name="accountId">The desk's account.</param>
/// <param name="store">Where the incidents are.</param>
/// <param name="grains">Where the hosts are.</param>
/// <param name="desk">Channels and routing as they are now.</param>
/// <param name="silences">Silences likewise.</param>
/// <param name="now">The time.</param>
internal sealed class DeskPlanner(long accountId, IAlertStore store, IGrainFactory grains, AlertDeskState desk, SilenceTable silences, DateTimeOffset now)
{
    /// <summary>Alerts of one message up to which the incidents are read one by one, and messages that were sent are changed: long lists are not.</summary>
    private const int MostSingly = 20;

    private const int Page = 500;
    private const int MostPages = 40;

    private readonly RouteTable _routes = new(desk.Routing, desk.Channels);
    private readonly MessageAmendments _amendments = new(accountId, store, desk.Channels, now);

    /// <summary>Decides of transitions that are due together.</summary>
    public async Task AddAsync(DeskDecision decision, PendingBatch batch)
    {
        decision.Transitions.AddRange(batch.Transitions.Select(transition => transition.Id));
        switch (batch.Group.Fate)
        {
            case PendingFate.Drop:
                decision.Changes.AddRange(batch.Transitions.Where(transition => transition.Kind == TransitionKind.Fired).Select(Untold));
                break;
            case PendingFate.Amend:
                foreach (var evidence in batch.Transitions) await AmendAsync(evidence.IncidentId, item => item with { Processes = evidence.Processes });
                break;
            default:
                await TellAsync(decision, batch);
                break;
        }
    }

    /// <summary>Tells every channel something about the server.</summary>
    public void Add(DeskDecision decision, string id, ServerNotice notice)
    {
        decision.Transitions.Add(id);
        var message = MessageComposer.Of(notice);
        decision.Notifications.AddRange(_routes.All.Select(channel => Entry(channel, message, [])));
    }

    /// <summary>Decides of incidents whose time to be told again or escalated has come.</summary>
    public async Task AddAsync(DeskDecision decision, IReadOnlyList<Incident> due)
    {
        var hosts = new Dictionary<long, HostRecord?>();
        foreach (var ids in due.Select(incident => incident.HostId).Distinct().Chunk(MostSingly))
        {
            foreach (var record in await Task.WhenAll(ids.Select(async id => (id, Record: await grains.GetGrain<IHostGrain>(id).GetRecord())))) hosts[record.id] = record.Record;
        }

        var messages = new Dictionary<(long Channel, MessageKind Kind, long RuleId), List<(AlertRule Rule, AlertMessageItem Item)>>();
        foreach (var incident in due)
        {
            if (incident.State != IncidentState.Open || hosts[incident.HostId] is not { DeletedAt: null } host || RuleOf(incident) is not { } rule)
            {
                decision.Changes.Add(new IncidentChange(incident.Id, null, null) { NextAt = DateTimeOffset.MaxValue });
                continue;
            }

            if (silences.HeldUntil(now, incident.HostId, host.Group, host.Tags, incident.RuleId) is { } until)
            {
                // Not for ever, because silences can be taken back.
                Later(decision, incident, until < now.AddHours(1) ? until : now.AddHours(1));
                continue;
            }

            var to = _routes.Of(rule.Severity, host.Group, host.Tags, rule.Id);
            var again = TellingTimes.Due(incident.OpenedAt, incident.NextAt ?? now, incident.IsFlapping ? TimeSpan.Zero : rule.RepeatInterval, to.Escalations, incident.Step, now);
            var item = (rule, MessageComposer.Item(incident, rule));
            foreach (var channel in again.Escalate) Put(messages, (channel, MessageKind.Escalated, rule.Id), item);
            if (again.Repeat)
            {
                foreach (var channel in Told(to, incident.Step).Except(again.Escalate)) Put(messages, (channel, MessageKind.Repeated, rule.Id), item);
            }

            var word = again.Escalate.IsEmpty ? again.Repeat ? "repeated" : null : "escalated";
            decision.Changes.Add(new IncidentChange(incident.Id, null, word is null ? null : new IncidentEvent(now, word)) { NextAt = again.NextAt, Step = again.Step });
            if (again.NextAt < decision.LookAt) decision.LookAt = again.NextAt;
        }

        foreach (var (key, items) in messages)
        {
            var message = MessageComposer.Of(key.Kind, items[^1].Rule, "", [.. items.Select(item => item.Item)], now);
            decision.Notifications.Add(Entry(key.Channel, message, [.. items.Select(item => item.Item.IncidentId)]));
        }
    }

    /// <summary>Changes the messages that were sent of an incident, where a channel can do that.</summary>
    public Task AmendAsync(string incidentId, Func<AlertMessageItem, AlertMessageItem> change) => _amendments.ChangeAsync(incidentId, change);

    /// <summary>Adds what all of it together makes.</summary>
    public void Complete(DeskDecision decision) => decision.Notifications.AddRange(_amendments.Entries());

    private static IncidentChange Untold(AlertTransition fired) => new(
        fired.IncidentId,
        null,
        new IncidentEvent(fired.At, "untold", Text: fired.Rule.Kind == AlertKind.Rebooted ? "it was silenced; nobody is told of it afterwards" : "it was over before anybody was told of it"));

    private static AlertRule? RuleOf(Incident incident)
    {
        try
        {
            return JsonSerializer.Deserialize(incident.Rule, DeskJson.Default.AlertRule);
        }
        catch (JsonException)
        {
            // Of a version to come; it is told when it is over.
            return null;
        }
    }

    private static void Put<TKey, TItem>(Dictionary<TKey, List<TItem>> lists, TKey key, TItem item) where TKey : notnull
    {
        if (!lists.TryGetValue(key, out var list)) lists.Add(key, list = []);
        list.Add(item);
    }

    /// <summary>Whoever has heard of an alert: those it goes to, and those it was escalated to.</summary>
    private static ImmutableArray<long> Told(AlertDestinations to, int step) =>
        step == 0 ? to.Channels : [.. to.Channels.Concat(to.Escalations.Take(step).SelectMany(escalation => escalation.Channels)).Distinct()];

    private static void Later(DeskDecision decision, Incident incident, DateTimeOffset at)
    {
        decision.Changes.Add(new IncidentChange(incident.Id, null, null) { NextAt = at });
        if (at < decision.LookAt) decision.LookAt = at;
    }

    private async Task TellAsync(DeskDecision decision, PendingBatch batch)
    {
        var told = batch.Transitions.Where(transition => transition.Kind != TransitionKind.Evidence).ToList();
        if (told.Count == 0) return;
        if (batch.Group.Kind == MessageKind.Classic)
        {
            foreach (var transition in told) Tell(decision, transition);
            return;
        }

        var evidence = batch.Transitions.Where(transition => transition.Kind == TransitionKind.Evidence).DistinctBy(transition => transition.IncidentId).ToDictionary(transition => transition.IncidentId, transition => transition.Processes);
        var incidents = await IncidentsAsync(batch.Group, told);
        var items = new Dictionary<long, List<(AlertTransition Transition, AlertMessageItem Item)>>();
        foreach (var transition in told)
        {
            var incident = incidents.GetValueOrDefault(transition.IncidentId);
            var to = _routes.Of(transition.Rule.Severity, transition.Group, transition.Tags, transition.Rule.Id);
            var item = MessageComposer.Item(transition, incident, evidence.GetValueOrDefault(transition.IncidentId, []));
            foreach (var channel in Told(to, incident?.Step ?? 0)) Put(items, channel, (transition, item));
            if (item.IsOpen && batch.Group.Kind is MessageKind.Fired or MessageKind.Steady && incident?.State is not IncidentState.Acknowledged) LookAgain(decision, transition, item.OpenedAt, to);
        }

        var stillOpen = batch.Group.Kind == MessageKind.Resolved && told[0].Rule.Kind == AlertKind.Offline && items.Count > 0 ? await StillOpenAsync(told[0].Rule.Id) : 0;
        foreach (var (channel, list) in items)
        {
            var message = MessageComposer.Of(batch.Group.Kind, list[^1].Transition.Rule, PlaceOf(batch.Group), [.. list.Select(item => item.Item)], now, stillOpen, list.Count == 1 ? list[0].Transition : null);
            decision.Notifications.Add(Entry(channel, message, [.. list.Select(item => item.Item.IncidentId).Distinct()]));
        }

        if (batch.Group.Kind is not (MessageKind.Resolved or MessageKind.Steady) || told.Count > MostSingly) return;
        foreach (var over in told.Where(transition => !transition.IsOpen))
        {
            await AmendAsync(over.IncidentId, item => item with { IsOpen = false, ResolvedAt = over.At });
        }
    }

    /// <summary>A rule of the older StatusMonitor: its recipient alone, in its words.</summary>
    private void Tell(DeskDecision decision, AlertTransition transition)
    {
        if (_routes.Classic is not { } channel) return;
        var message = MessageComposer.Of(MessageKind.Classic, transition.Rule, "", [MessageComposer.Item(transition, null, [])], now, transition: transition) with { Text = ClassicAlertText.Of(transition) };
        decision.Notifications.Add(Entry(channel, message, []));
    }

    private void LookAgain(DeskDecision decision, AlertTransition transition, DateTimeOffset openedAt, AlertDestinations to)
    {
        var next = TellingTimes.First(openedAt, transition.Rule.RepeatInterval, to.Escalations, now);
        if (next == DateTimeOffset.MaxValue) return;
        decision.Changes.Add(new IncidentChange(transition.IncidentId, null, null) { NextAt = next });
        if (next < decision.LookAt) decision.LookAt = next;
    }

    /// <summary>What is known of the incidents, where a message says more than the transition: when they began, and who has taken them up.</summary>
    private async Task<Dictionary<string, Incident>> IncidentsAsync(PendingGroup group, List<AlertTransition> told)
    {
        var found = new Dictionary<string, Incident>();

        // One that is told of at once has nothing to add.
        if (group.Kind == MessageKind.Fired && (told.Count > MostSingly || told.All(transition => now - transition.At < TimeSpan.FromMinutes(1)))) return found;
        if (told.Count <= MostSingly)
        {
            foreach (var id in told.Select(transition => transition.IncidentId).Distinct())
            {
                if (await store.ReadStoryAsync(id, CancellationToken.None) is { } story && story.Incident.AccountId == accountId) found[id] = story.Incident;
            }

            return found;
        }

        var wanted = told.Select(transition => transition.IncidentId).ToHashSet();
        var query = new IncidentQuery(accountId) { RuleId = group.RuleId, From = told.Min(transition => transition.At), Limit = Page };
        for (var page = 0; page < MostPages && found.Count < wanted.Count; page++)
        {
            var incidents = await store.ReadAsync(query, CancellationToken.None);
            foreach (var incident in incidents.Where(incident => wanted.Contains(incident.Id))) found[incident.Id] = incident;
            if (incidents.Count < Page) break;
            query = query with { After = (incidents[^1].OpenedAt, incidents[^1].Id) };
        }

        return found;
    }

    private async Task<int> StillOpenAsync(long ruleId)
    {
        var (open, acknowledged) = await store.CountAsync(new IncidentQuery(accountId) { RuleId = ruleId }, CancellationToken.None);
        return open + acknowledged;
    }

    private string PlaceOf(PendingGroup group) => (desk.Routing.GroupBy, group.Place) switch
    {
        (Grouping.Group, { Length: > 0 } name) => $"in {name}",
        (Grouping.Tag, { Length: > 0 } name) => $"tagged {name}",
        _ => "",
    };

    private NotificationEntry Entry(long channel, AlertMessage message, ImmutableArray<string> incidents) => Notification.Of(accountId, channel, message, incidents, now);
}
