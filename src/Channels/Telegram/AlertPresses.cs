using System.Globalization;
using StatusMonitor.Grains.Accounts;
using StatusMonitor.Grains.Alerts;
using StatusMonitor.Storage.Alerts;

namespace StatusMonitor.Channels.Telegram;

/// <summary>
/// Does what a press of a button under an alert asks for. What a press carries may be made up, so it counts only if the alert's account has a channel for the very chat it came from; the message itself is
/// changed by the desk, like everybody's.
/// </summary>
internal sealed class AlertPresses(IGrainFactory grains, IAlertStore store, ChatAnswers answers, IChatAudit audit, BotApi api, TimeProvider time)
{
    private const int MaxAcknowledged = 500;
    private const int AtOnce = 20;

    // With more alerts, a mute is for their rules on whatever host.
    private const int MaxMutedOneByOne = 50;
    private static readonly TimeSpan Mute = TimeSpan.FromHours(1);

    public async Task HandleAsync(BotCallback callback, BotChat chat, CancellationToken cancellationToken)
    {
        var said = AlertPress.Parse(callback.Data) is { } press ? await DoAsync(press, callback, chat, cancellationToken) : "That button is not known any more.";
        // One that is pressed again gets its answer then; Telegram forgets a press within seconds.
        await api.AnswerAsync(new AnswerCallbackQuery(callback.Id, said), cancellationToken);
    }

    private async Task<string> DoAsync(AlertPress press, BotCallback callback, BotChat chat, CancellationToken cancellationToken)
    {
        if (await store.ReadStoryAsync(press.IncidentId, cancellationToken) is not { Incident: var incident }) return "That alert is not kept any more.";
        var name = BotUpdates.NameOf(callback.From);
        if (await ToldAccountAsync(incident.AccountId, chat) is not { } account)
        {
            await audit.RefusedAsync(name, incident, press.Action == AlertAction.Mute);
            return "This chat does not get the alerts of that account.";
        }

        var (who, incidents) = (new ChatPerson(account, name), await IncidentsAsync(press, incident, cancellationToken));
        return press.Action == AlertAction.Acknowledge
            ? await AcknowledgeAsync(who, incidents, cancellationToken)
            : await MuteAsync(who, incident, incidents, cancellationToken);
    }

    /// <summary>The account, if it stands and has a channel for the chat.</summary>
    private async Task<AccountInfo?> ToldAccountAsync(long accountId, BotChat chat)
    {
        if (await grains.GetGrain<IAccountGrain>(accountId).GetInfo() is not { IsDisabled: false } account) return null;
        var (id, name) = (chat.Id.ToString(CultureInfo.InvariantCulture), chat.Username is { } username ? $"@{username}" : null);
        var isTold = (await grains.GetGrain<IAlertDeskGrain>(accountId).GetChannels()).Any(channel =>
            channel.Kind == ChannelKind.Telegram && channel.Settings.GetValueOrDefault("chat") is { } told && (told == id || told.Equals(name, StringComparison.OrdinalIgnoreCase)));
        return isTold ? account : null;
    }

    private async Task<IReadOnlyList<string>> IncidentsAsync(AlertPress press, Incident incident, CancellationToken cancellationToken)
    {
        if (press.NotificationId is null) return [incident.Id];
        var notifications = await store.ReadNotificationsOfAsync(incident.Id, cancellationToken);
        return notifications.FirstOrDefault(told => told.Entry.Id == press.NotificationId && told.Entry.AccountId == incident.AccountId) is { Entry.Incidents: { Length: > 0 } all } ? all : [incident.Id];
    }

    private async Task<string> AcknowledgeAsync(ChatPerson who, IReadOnlyList<string> incidents, CancellationToken cancellationToken)
    {
        var (desk, actor) = (grains.GetGrain<IAlertDeskGrain>(who.Account.Id), new AlertActor(who.Account.Id, who.Name));
        var done = 0;
        foreach (var some in incidents.Take(MaxAcknowledged).Chunk(AtOnce)) done += (await Task.WhenAll(some.Select(AcknowledgeOneAsync))).Count(isDone => isDone);
        return done switch { 0 => "It is over already.", 1 => "Acknowledged.", _ => string.Create(CultureInfo.InvariantCulture, $"{done} alerts acknowledged.") };

        async Task<bool> AcknowledgeOneAsync(string id)
        {
            if (!await desk.Acknowledge(id, actor, true)) return false;
            if (await store.ReadStoryAsync(id, cancellationToken) is { } story) await audit.AcknowledgedAsync(who, story.Incident);
            return true;
        }
    }

    private async Task<string> MuteAsync(ChatPerson who, Incident first, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        List<Incident> incidents = [first];
        foreach (var id in ids.Where(id => id != first.Id).Take(MaxMutedOneByOne - 1))
        {
            if (await store.ReadStoryAsync(id, cancellationToken) is { Incident: var other } && other.AccountId == first.AccountId) incidents.Add(other);
        }

        // To the minute, so that a press that is heard twice makes one silence.
        var now = time.GetUtcNow();
        var from = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMinute));
        var isOneByOne = ids.Count <= MaxMutedOneByOne;
        var silence = new Silence
        {
            Comment = $"{ChatAnswers.MuteComment}: {(isOneByOne && incidents.Count == 1 ? $"{first.HostName}, " : "")}{first.RuleName}",
            Hosts = isOneByOne ? [.. incidents.Select(incident => incident.HostId).Distinct()] : [],
            Rules = [.. incidents.Select(incident => incident.RuleId).Distinct()],
            From = from,
            To = from + Mute + TimeSpan.FromMinutes(1),
            CreatedBy = who.Name,
        };
        return await answers.SilenceAsync(who, silence with { Comment = Text.Texts.Line(silence.Comment, 200) }) ? "Muted for an hour." : "There are as many silences as there may be.";
    }
}
