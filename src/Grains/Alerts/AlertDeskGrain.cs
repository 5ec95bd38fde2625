using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Streams;
using StatusMonitor.Grains.Accounts;
using StatusMonitor.Grains.Alerts.Desk;
using StatusMonitor.Grains.Hosts;
using StatusMonitor.Storage.Alerts;

namespace StatusMonitor.Grains.Alerts;

/// <inheritdoc cref="IAlertDeskGrain"/>
/// <remarks>
/// A crash loses nothing: what is to be told and what is queued is in the store, and a reminder brings the desk back while there is any of it. In memory is what
/// can be read again, and when the last message of a kind was decided: after a restart one more may be sent within the window. All deciding is done by one
/// timer, so that nothing is decided twice; calls come and go meanwhile.
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

    /// <summary>Pending transitions in memory; what is beyond is read when there is room.</summary>
    private const int MostPending = 50_000;

    private const int MostQueued = 5_000;
    private const int MostDue = 200;
    private const string NoticePrefix = "notice:";

    private static readonly TimeSpan Heartbeat = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan FarAhead = TimeSpan.FromDays(400);

    private readonly StoredState<AlertDeskState> _state = new(state);
    private readonly PendingBoard _board = new();
    private readonly Dictionary<string, ServerNotice> _notices = [];
    private SilenceTable _silences = SilenceTable.Empty;
    private DeskDelivery _delivery = null!;
    private DeskReminder _reminder = null!;
    private IGrainTimer? _timer;

    // When an incident is to be told again or escalated; no later than the first is.
    private DateTimeOffset _lookAt = DateTimeOffset.MaxValue;
    private DateTimeOffset _pausedUntil = DateTimeOffset.MinValue;

    // Calls that are storing something, which the board does not have yet.
    private int _storing;
    private bool _isStale = true;
    private bool _isPartial;

    // When what is queued is to be read; never, while all of it is known.
    private DateTimeOffset _queueReadAt = DateTimeOffset.MinValue;

    private long Id => this.GetPrimaryKeyLong();

    private AlertDeskState Desk => _state.Value;

    private bool IsIdle => !_isStale && !_isPartial && _queueReadAt == DateTimeOffset.MaxValue && _storing == 0 && _board.Count == 0 && _notices.Count == 0 && _delivery.IsIdle && _lookAt == DateTimeOffset.MaxValue;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _reminder = new DeskReminder(this);
        _delivery = new DeskDelivery(store, senders, id => Desk.Channels.FirstOrDefault(channel => channel.Id == id), time, Arm, logger);
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
        foreach (var transition in transitions)
        {
            if (!TransitionStory.IsPending(transition)) continue;
            if (_board.Count < MostPending) _board.Add(transition, now);
            else _isPartial = true;
        }

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
        var key = $"{NoticePrefix}{Id}:{id}";
        await StoreAsync([new TransitionEntry(key, Id, null, IsPending: true, JsonSerializer.Serialize(notice, DeskJson.Default.ServerNotice))]);

        // Whether it is a repeat only the store knows.
        _isStale = true;
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

        if (!isAcknowledged && now < _lookAt) _lookAt = now;
        await AmendAsync(incidentId, item => item with { AcknowledgedBy = isAcknowledged ? actor.Name : null });
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
        _queueReadAt = DateTimeOffset.MinValue;
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
        _board.Configure(Desk.Routing, _silences, time.GetUtcNow());
    }

    /// <summary>Has the timer tick when there is next something to do.</summary>
    private void Arm()
    {
        var now = time.GetUtcNow();
        var next = IsIdle ? DateTimeOffset.MaxValue : now + Heartbeat;
        if (_isStale || _notices.Count > 0) next = now;
        foreach (var due in (ReadOnlySpan<DateTimeOffset>)[_board.NextAt, _delivery.NextAt, _lookAt, _queueReadAt])
        {
            if (due < next) next = due;
        }

        if (next < _pausedUntil) next = _pausedUntil;
        var wait = next == DateTimeOffset.MaxValue ? Timeout.InfiniteTimeSpan : next <= now ? TimeSpan.Zero : next - now + TimeSpan.FromMilliseconds(1);
        _timer?.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private async Task Work(CancellationToken cancellationToken)
    {
        try
        {
            if (time.GetUtcNow() >= _pausedUntil)
            {
                if (_isStale || (_isPartial && _board.Count < MostPending / 2)) await ReadPendingAsync(cancellationToken);
                if (time.GetUtcNow() >= _queueReadAt) await ReadQueueAsync(cancellationToken);
                await DecideAsync();
                await TellAgainAsync(cancellationToken);
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // What was decided may or may not be stored: the store is asked.
            Log.Failed(logger, exception, Id);
            _isStale = true;
            _queueReadAt = DateTimeOffset.MinValue;
            _pausedUntil = time.GetUtcNow() + RetryPause;
        }

        _delivery.Run();
        Arm();
    }

    private async Task ReadPendingAsync(CancellationToken cancellationToken)
    {
        // Emptied first: what is accepted while the store reads may be missing in its answer.
        _isStale = false;
        _board.Clear();
        _notices.Clear();
        var unreadable = new List<string>();
        var pending = await store.ReadPendingAsync(Id, MostPending, cancellationToken);
        var now = time.GetUtcNow();
        foreach (var (id, payload) in pending)
        {
            try
            {
                if (id.StartsWith(NoticePrefix, StringComparison.Ordinal)) _notices[id] = JsonSerializer.Deserialize(payload, DeskJson.Default.ServerNotice)!;
                else _board.Add(TransitionStory.Read(payload), now);
            }
            catch (JsonException exception)
            {
                Log.Unreadable(logger, exception, Id, id);
                unreadable.Add(id);
            }
        }

        _isPartial = pending.Count == MostPending;
        if (pending.Count > 0) await _reminder.SetAsync();

        // It would come again for ever.
        if (unreadable.Count > 0) await store.DecideAsync(Id, unreadable, [], []);
    }

    private async Task ReadQueueAsync(CancellationToken cancellationToken)
    {
        _queueReadAt = DateTimeOffset.MaxValue;
        var queued = await store.ReadQueuedAsync(Id, MostQueued, cancellationToken);
        _delivery.Offer(queued);
        if (queued.Count == MostQueued) _queueReadAt = time.GetUtcNow() + Heartbeat;
        await ReadLookAtAsync(cancellationToken);
        if (!IsIdle) await _reminder.SetAsync();
    }

    private async Task ReadLookAtAsync(CancellationToken cancellationToken)
    {
        // It may become earlier while the store reads.
        _lookAt = DateTimeOffset.MaxValue;
        if (await store.ReadDueAsync(Id, time.GetUtcNow() + FarAhead, 1, cancellationToken) is [{ NextAt: { } next }, ..] && next < _lookAt) _lookAt = next;
    }

    private async Task DecideAsync()
    {
        var now = time.GetUtcNow();
        if (_board.NextAt > now && _notices.Count == 0) return;

        var (decision, planner) = (new DeskDecision(), Planner(now));
        foreach (var (id, notice) in _notices) planner.Add(decision, id, notice);
        foreach (var batch in _board.TakeDue(now)) await planner.AddAsync(decision, batch);
        planner.Complete(decision);
        if (await StoreAsync(decision)) _notices.Clear();
        else _isStale = true;
    }

    private async Task TellAgainAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (_lookAt > now) return;

        var due = await store.ReadDueAsync(Id, now, MostDue, cancellationToken);
        if (due.Count > 0)
        {
            var (decision, planner) = (new DeskDecision(), Planner(now));
            await planner.AddAsync(decision, due);
            if (!await StoreAsync(decision)) return;
        }

        await ReadLookAtAsync(cancellationToken);
    }

    private async Task AmendAsync(string incidentId, Func<AlertMessageItem, AlertMessageItem> change)
    {
        try
        {
            var (decision, planner) = (new DeskDecision(), Planner(time.GetUtcNow()));
            await planner.AmendAsync(incidentId, change);
            planner.Complete(decision);
            if (decision.IsEmpty) return;
            await _reminder.SetAsync();
            await StoreAsync(decision);
        }
        catch (OrleansException exception)
        {
            // What was changed is stored; that messages show it is a courtesy.
            Log.NotAmended(logger, exception, Id);
        }
    }

    private DeskPlanner Planner(DateTimeOffset now) => new(Id, store, GrainFactory, Desk, _silences, now);

    /// <summary>Stores what is decided, and begins to send it. False if one of the transitions had been decided of already.</summary>
    private async Task<bool> StoreAsync(DeskDecision decision)
    {
        if (decision.IsEmpty) return true;
        if (!await store.DecideAsync(Id, decision.Transitions, decision.Notifications, decision.Changes)) return false;

        if (decision.LookAt < _lookAt) _lookAt = decision.LookAt;
        var now = time.GetUtcNow();
        _delivery.Offer(decision.Notifications.Select(entry => new StoredNotification(entry, NotificationState.Queued) { DueAt = now }));
        return true;
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
            await this.GetStreamProvider(LiveStreams.Provider).GetStream<AlertsChanged>(StreamId.Create(LiveStreams.Alerts, 0)).OnNextAsync(changed);
        }
        catch (Exception exception)
        {
            // The change is stored; whoever shows it reads it again sooner or later.
            Log.PublishFailed(logger, exception, Id);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The alerts of account {AccountId} could not be seen to; trying again.")]
        public static partial void Failed(ILogger logger, Exception exception, long accountId);

        [LoggerMessage(LogLevel.Error, "The stored transition {Transition} of account {AccountId} cannot be read; nobody is told of it.")]
        public static partial void Unreadable(ILogger logger, Exception exception, long accountId, string transition);

        [LoggerMessage(LogLevel.Warning, "Messages of account {AccountId} that were sent could not be changed.")]
        public static partial void NotAmended(ILogger logger, Exception exception, long accountId);

        [LoggerMessage(LogLevel.Warning, "A change of an incident of account {AccountId} could not be published.")]
        public static partial void PublishFailed(ILogger logger, Exception exception, long accountId);
    }
}
