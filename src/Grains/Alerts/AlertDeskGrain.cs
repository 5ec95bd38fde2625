using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StatusMonitor.Grains.Accounts;
using StatusMonitor.Grains.Alerts.Desk;
using StatusMonitor.Grains.Hosts;
using StatusMonitor.Grains.Live;
using StatusMonitor.Storage.Alerts;

namespace StatusMonitor.Grains.Alerts;

/// <inheritdoc cref="IAlertDeskGrain"/>
/// <remarks>
/// A crash loses nothing: what is to be told and what is queued is in the store, and a reminder brings the desk back while there is any of it. In memory is what
/// can be read again, and when the last message of a kind was decided: after a restart one more may be sent within the window. All deciding is done by one
/// timer (<see cref="DeskDecider"/>), so that nothing is decided twice; calls come and go meanwhile.
/// </remarks>
public sealed partial class AlertDeskGrain(
    [PersistentState("alert-desk")] IPersistentState<AlertDeskState> state,
    IAlertStore store,
    IEnumerable<IChannelSender> senders,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time,
    ILogger<AlertDeskGrain> logger) : Grain, IAlertDeskGrain, IRemindable
{
    private const int MaxChannels = 50;
    private const int MaxSilences = 200;

    private readonly StoredState<AlertDeskState> _state = new(state);
    private SilenceTable _silences = SilenceTable.Empty;
    private DeskDelivery _delivery = null!;
    private DeskDecider _decider = null!;
    private DeskReminder _reminder = null!;
    private IGrainTimer? _timer;

    // Calls that are storing something, of which the decider does not know yet.
    private int _storing;

    private long Id => this.GetPrimaryKeyLong();

    private AlertDeskState Desk => _state.Value;

    private bool IsIdle => _storing == 0 && _decider.IsIdle;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _reminder = new DeskReminder(this);
        _delivery = new DeskDelivery(store, senders, id => Desk.Channels.FirstOrDefault(channel => channel.Id == id), time, Arm, logger);
        _decider = new DeskDecider(Id, store, GrainFactory, () => (Desk, _silences), _delivery, _reminder, time, logger);
        Configure();

        // What is stored is read by the timer: a store that fails at the moment must not keep people from their channels.
        _timer = this.RegisterGrainTimer(Work, new GrainTimerCreationOptions(TimeSpan.Zero, Timeout.InfiniteTimeSpan) { Interleave = true, KeepAlive = true });
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => _delivery.StopAsync();

    /// <inheritdoc/>
    public async Task Accept(ImmutableArray<AlertTransition> transitions)
    {
        if (transitions.IsEmpty) return;

        var now = time.GetUtcNow();
        var entries = new List<TransitionEntry>(transitions.Length);
        foreach (var transition in transitions)
        {
            var entry = TransitionStory.EntryOf(transition);
            entries.Add(entry);
            if (entry is { IsPending: true, Change: not null } && transition.Kind != TransitionKind.Evidence
                && _silences.HeldUntil(now, transition) is { } until)
            {
                entries.Add(TransitionStory.Silenced(transition, until));
            }
        }

        await StoreAsync(entries);
        _decider.Add(transitions.Where(TransitionStory.IsPending), now);
        Arm();
        foreach (var transition in transitions.DistinctBy(transition => transition.IncidentId))
        {
            if (transition.Kind != TransitionKind.Classic) await PublishAsync(new AlertsChanged(Id, transition.People, transition.HostId, transition.IncidentId));
        }
    }

    /// <inheritdoc/>
    public async Task Notice(string id, string title, string text)
    {
        var notice = new ServerNotice(time.GetUtcNow(), title, text);

        // The account is part of the id: every desk is told.
        var key = $"{DeskDecider.NoticePrefix}{Id}:{id}";
        await StoreAsync([new TransitionEntry(key, Id, null, IsPending: true, JsonSerializer.Serialize(notice, DeskJson.Default.ServerNotice))]);

        // Whether it is a repeat only the store knows.
        _decider.ReadPendingAgain();
        Arm();
    }

    /// <inheritdoc/>
    public async Task<bool> Acknowledge(string incidentId, AlertActor actor, bool isAcknowledged)
    {
        if (await store.ReadStoryAsync(incidentId, CancellationToken.None) is not { } story || story.Incident.AccountId != Id || story.Incident.State == IncidentState.Resolved) return false;
        if (story.Incident.State == IncidentState.Acknowledged == isAcknowledged) return true;

        var now = time.GetUtcNow();
        if (!isAcknowledged) await _reminder.SetAsync();
        var changed = await store.ChangeAsync(new IncidentChange(incidentId, null, new IncidentEvent(now, isAcknowledged ? "acknowledged" : "unacknowledged", actor.Name))
        {
            AcknowledgedBy = isAcknowledged ? actor.Name : "",
            // Taken up, it is told no more; else it is worked out anew when.
            NextAt = isAcknowledged ? DateTimeOffset.MaxValue : now,
        });
        if (changed is null || changed.State == IncidentState.Resolved) return false;

        if (!isAcknowledged) _decider.LookAgain(now);
        await _decider.AmendAsync(incidentId, item => item with { AcknowledgedBy = isAcknowledged ? actor.Name : null });
        Arm();
        await PublishAsync(changed);
        return true;
    }

    /// <inheritdoc/>
    public async Task<bool> Comment(string incidentId, AlertActor actor, string text)
    {
        if (await store.ReadStoryAsync(incidentId, CancellationToken.None) is not { } story || story.Incident.AccountId != Id) return false;
        if (await store.ChangeAsync(new IncidentChange(incidentId, null, new IncidentEvent(time.GetUtcNow(), "comment", actor.Name, text))) is not { } changed) return false;
        await PublishAsync(changed);
        return true;
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<AlertChannel>> GetChannels() => Task.FromResult(Desk.Channels);

    /// <inheritdoc/>
    public async Task<AlertChannel?> AddChannel(AlertChannel channel)
    {
        if (Desk.Channels.Length >= MaxChannels || (channel.IsClassic && Desk.Channels.Any(other => other.IsClassic))) return null;

        var made = channel with { Id = Desk.LastChannel + 1, CreatedAt = time.GetUtcNow() };
        await ChangeAsync(Desk with { Channels = Desk.Channels.Add(made), LastChannel = made.Id });
        return made;
    }

    /// <inheritdoc/>
    public async Task<bool> ReplaceChannel(AlertChannel channel)
    {
        if (Desk.Channels.FirstOrDefault(other => other.Id == channel.Id) is not { } before) return false;

        await ChangeAsync(Desk with { Channels = Desk.Channels.Replace(before, channel with { CreatedAt = before.CreatedAt, IsClassic = before.IsClassic }) });
        _delivery.Retry(channel.Id);
        Arm();
        return true;
    }

    /// <inheritdoc/>
    public async Task<bool> RemoveChannel(long id)
    {
        var left = Desk.Channels.RemoveAll(channel => channel.Id == id);
        if (left.Length == Desk.Channels.Length) return false;

        await ChangeAsync(Desk with { Channels = left, Routing = RouteTable.Without(Desk.Routing, id) });
        _delivery.Retry(id);
        Arm();
        return true;
    }

    /// <inheritdoc/>
    public async Task Clear()
    {
        var channels = Desk.Channels;
        if (channels.IsEmpty && Desk.Silences.IsEmpty && Desk.Routing == AlertRouting.Default) return;

        await ChangeAsync(new AlertDeskState { LastChannel = Desk.LastChannel, LastSilence = Desk.LastSilence });
        foreach (var channel in channels) _delivery.Retry(channel.Id);
        Arm();
    }

    /// <inheritdoc/>
    public async Task<SendResult?> TestChannel(long id) =>
        Desk.Channels.FirstOrDefault(channel => channel.Id == id) is { } channel
            ? await _delivery.TryAsync(channel, MessageComposer.Test(channel.Name, time.GetUtcNow()), Guid.NewGuid().ToString("D"))
            : null;

    /// <inheritdoc/>
    public Task<AlertRouting> GetRouting() => Task.FromResult(Desk.Routing);

    /// <inheritdoc/>
    public Task SetRouting(AlertRouting routing) => ChangeAsync(Desk with { Routing = routing });

    /// <inheritdoc/>
    public Task<ImmutableArray<Silence>> GetSilences() => Task.FromResult(LiveSilences());

    /// <inheritdoc/>
    public async Task<Silence?> AddSilence(Silence silence)
    {
        var live = LiveSilences();
        if (live.Length >= MaxSilences) return null;

        var made = silence with { Id = Desk.LastSilence + 1 };
        await ChangeAsync(Desk with { Silences = live.Add(made), LastSilence = made.Id });
        return made;
    }

    /// <inheritdoc/>
    public async Task<bool> ReplaceSilence(Silence silence)
    {
        var live = LiveSilences();
        if (live.FirstOrDefault(other => other.Id == silence.Id) is not { } before) return false;

        await ChangeAsync(Desk with { Silences = live.Replace(before, silence) });
        return true;
    }

    /// <inheritdoc/>
    public async Task<bool> RemoveSilence(long id)
    {
        var live = LiveSilences();
        var left = live.RemoveAll(silence => silence.Id == id);
        if (left.Length == live.Length) return false;

        await ChangeAsync(Desk with { Silences = left });
        return true;
    }

    /// <inheritdoc/>
    public async Task Wake()
    {
        await _reminder.SetAsync();
        _decider.ReadQueueAgain();
        Arm();
    }

    /// <inheritdoc/>
    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        Arm();
        return IsIdle ? _reminder.DropAsync(() => IsIdle) : Task.CompletedTask;
    }

    private ImmutableArray<Silence> LiveSilences()
    {
        var now = time.GetUtcNow();
        return Desk.Silences.RemoveAll(silence => silence.IsOver(now));
    }

    /// <summary>Stores transitions; before that it is seen to that somebody comes back for them.</summary>
    private async Task StoreAsync(IReadOnlyList<TransitionEntry> entries)
    {
        _storing++;
        try
        {
            await _reminder.SetAsync();
            await store.AcceptAsync(entries);
        }
        finally
        {
            _storing--;
        }
    }

    private async Task ChangeAsync(AlertDeskState next)
    {
        await _state.Store(next);
        Configure();
        Arm();
    }

    private void Configure()
    {
        _silences = new SilenceTable(Desk.Silences);
        _decider.Configure();
    }

    /// <summary>Has the timer tick when there is next something to do.</summary>
    private void Arm()
    {
        var (now, next) = (time.GetUtcNow(), _decider.NextAt(IsIdle));
        var wait = next == DateTimeOffset.MaxValue ? Timeout.InfiniteTimeSpan : next <= now ? TimeSpan.Zero : next - now + TimeSpan.FromMilliseconds(1);
        _timer?.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private async Task Work(CancellationToken cancellationToken)
    {
        await _decider.RunAsync(cancellationToken);
        _delivery.Run();
        Arm();
    }

    private async Task PublishAsync(Incident incident)
    {
        var people = await GrainFactory.GetGrain<IHostGrain>(incident.HostId).GetPeople() ?? HostPeople.Nobody;
        await PublishAsync(new AlertsChanged(Id, people, incident.HostId, incident.Id));
    }

    private async Task PublishAsync(AlertsChanged changed)
    {
        try
        {
            await GrainFactory.GetGrain<ILiveTopicGrain>(LiveTopics.Alerts).Publish(changed);
        }
        catch (Exception exception)
        {
            // The change is stored; whoever shows it reads it again sooner or later.
            Log.PublishFailed(logger, exception, Id);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "A change of an incident of account {AccountId} could not be published.")]
        public static partial void PublishFailed(ILogger logger, Exception exception, long accountId);
    }
}
