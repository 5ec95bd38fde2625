using System.Text.Json;
using Microsoft.Extensions.Logging;
using StatusMonitor.Storage.Alerts;

namespace StatusMonitor.Grains.Alerts.Desk;

/// <summary>
/// Decides who is told of what, in rounds of the desk's timer, one after the other, so that nothing is decided twice. What it has in memory it reads from the store, again whenever it may not know what is there;
/// calls of the desk come in between, and say what they have stored.
/// </summary>
/// <param name="accountId">The desk's account.</param>
/// <param name="store">Where everything is.</param>
/// <param name="grains">Where the hosts are.</param>
/// <param name="settings">Channels and routing, and the silences, as they are now.</param>
/// <param name="delivery">Sends what is decided.</param>
/// <param name="reminder">Brings the desk back while there is something to do.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The desk's.</param>
internal sealed partial class DeskDecider(
    long accountId, IAlertStore store, IGrainFactory grains, Func<(AlertDeskState Desk, SilenceTable Silences)> settings, DeskDelivery delivery, DeskReminder reminder, TimeProvider time, ILogger logger)
{
    /// <summary>What the ids of notices about the server begin with.</summary>
    public const string NoticePrefix = "notice:";

    /// <summary>Pending transitions in memory; what is beyond is read when there is room.</summary>
    private const int MostPending = 50_000;

    private const int MostQueued = 5_000;
    private const int MostDue = 200;

    private static readonly TimeSpan Heartbeat = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan FarAhead = TimeSpan.FromDays(400);

    private readonly PendingBoard _board = new();
    private readonly Dictionary<string, ServerNotice> _notices = [];

    // When an incident is to be told again or escalated; no later than the first is.
    private DateTimeOffset _lookAt = DateTimeOffset.MaxValue;
    private DateTimeOffset _pausedUntil = DateTimeOffset.MinValue;
    private bool _isStale = true;
    private bool _isPartial;

    // When what is queued is to be read; never, while all of it is known.
    private DateTimeOffset _queueReadAt = DateTimeOffset.MinValue;

    /// <summary>Whether there is nothing to decide and nothing to send, now or later.</summary>
    public bool IsIdle => !_isStale && !_isPartial && _queueReadAt == DateTimeOffset.MaxValue && _board.Count == 0 && _notices.Count == 0 && delivery.IsIdle && _lookAt == DateTimeOffset.MaxValue;

    /// <summary>When the next round is to be; <see cref="DateTimeOffset.MaxValue"/> if none is.</summary>
    /// <param name="isIdle">Whether the whole desk has nothing to do; while it has, there is a round every minute at least.</param>
    public DateTimeOffset NextAt(bool isIdle)
    {
        var now = time.GetUtcNow();
        var next = isIdle ? DateTimeOffset.MaxValue : now + Heartbeat;
        if (_isStale || _notices.Count > 0) next = now;
        foreach (var due in (ReadOnlySpan<DateTimeOffset>)[_board.NextAt, delivery.NextAt, _lookAt, _queueReadAt])
        {
            if (due < next) next = due;
        }

        return next < _pausedUntil ? _pausedUntil : next;
    }

    /// <summary>How things are put together and held back has changed.</summary>
    public void Configure()
    {
        var (desk, silences) = settings();
        _board.Configure(desk.Routing, silences, time.GetUtcNow());
    }

    /// <summary>These are stored, and pending.</summary>
    public void Add(IEnumerable<AlertTransition> transitions, DateTimeOffset now)
    {
        foreach (var transition in transitions)
        {
            if (_board.Count < MostPending) _board.Add(transition, now);
            else _isPartial = true;
        }
    }

    /// <summary>Something was stored of which only the store knows whether it is pending.</summary>
    public void ReadPendingAgain() => _isStale = true;

    /// <summary>Something may have been queued by others.</summary>
    public void ReadQueueAgain() => _queueReadAt = DateTimeOffset.MinValue;

    /// <summary>An incident is to be looked at no later than this.</summary>
    public void LookAgain(DateTimeOffset at)
    {
        if (at < _lookAt) _lookAt = at;
    }

    /// <summary>A round: decides what is due. What fails is tried again in a while.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (time.GetUtcNow() < _pausedUntil) return;
        try
        {
            if (_isStale || (_isPartial && _board.Count < MostPending / 2)) await ReadPendingAsync(cancellationToken);
            if (time.GetUtcNow() >= _queueReadAt) await ReadQueueAsync(cancellationToken);
            await DecideAsync();
            await TellAgainAsync(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // What was decided may or may not be stored: the store is asked.
            Log.Failed(logger, exception, accountId);
            _isStale = true;
            _queueReadAt = DateTimeOffset.MinValue;
            _pausedUntil = time.GetUtcNow() + RetryPause;
        }
    }

    /// <summary>Changes the messages that people have of an incident. A courtesy: what was changed is stored already.</summary>
    public async Task AmendAsync(string incidentId, Func<AlertMessageItem, AlertMessageItem> change)
    {
        try
        {
            var (decision, planner) = (new DeskDecision(), Planner(time.GetUtcNow()));
            await planner.AmendAsync(incidentId, change);
            planner.Complete(decision);
            if (decision.IsEmpty) return;
            await reminder.SetAsync();
            await StoreAsync(decision);
        }
        catch (Exception exception) when (exception is OrleansException or TimeoutException or OperationCanceledException)
        {
            Log.NotAmended(logger, exception, accountId);
        }
    }

    private async Task ReadPendingAsync(CancellationToken cancellationToken)
    {
        // Emptied first: what is accepted while the store reads may be missing in its answer.
        _isStale = false;
        _board.Clear();
        _notices.Clear();
        var unreadable = new List<string>();
        var pending = await store.ReadPendingAsync(accountId, MostPending, cancellationToken);
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
                Log.Unreadable(logger, exception, accountId, id);
                unreadable.Add(id);
            }
        }

        _isPartial = pending.Count == MostPending;
        if (pending.Count > 0) await reminder.SetAsync();

        // It would come again for ever.
        if (unreadable.Count > 0) await store.DecideAsync(accountId, unreadable, [], []);
    }

    private async Task ReadQueueAsync(CancellationToken cancellationToken)
    {
        _queueReadAt = DateTimeOffset.MaxValue;
        var queued = await store.ReadQueuedAsync(accountId, MostQueued, cancellationToken);
        delivery.Offer(queued);
        if (queued.Count == MostQueued) _queueReadAt = time.GetUtcNow() + Heartbeat;
        await ReadLookAtAsync(cancellationToken);
        if (!IsIdle) await reminder.SetAsync();
    }

    private async Task ReadLookAtAsync(CancellationToken cancellationToken)
    {
        // It may become earlier while the store reads.
        _lookAt = DateTimeOffset.MaxValue;
        if (await store.ReadDueAsync(accountId, time.GetUtcNow() + FarAhead, 1, cancellationToken) is [{ NextAt: { } next }, ..] && next < _lookAt) _lookAt = next;
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

        var due = await store.ReadDueAsync(accountId, now, MostDue, cancellationToken);
        if (due.Count > 0)
        {
            var (decision, planner) = (new DeskDecision(), Planner(now));
            await planner.AddAsync(decision, due);
            if (!await StoreAsync(decision)) return;
        }

        await ReadLookAtAsync(cancellationToken);
    }

    private DeskPlanner Planner(DateTimeOffset now)
    {
        var (desk, silences) = settings();
        return new(accountId, store, grains, desk, silences, now);
    }

    /// <summary>Stores what is decided, and begins to send it. False if one of the transitions had been decided of already.</summary>
    private async Task<bool> StoreAsync(DeskDecision decision)
    {
        if (decision.IsEmpty) return true;
        if (!await store.DecideAsync(accountId, decision.Transitions, decision.Notifications, decision.Changes)) return false;

        if (decision.LookAt < _lookAt) _lookAt = decision.LookAt;
        var now = time.GetUtcNow();
        delivery.Offer(decision.Notifications.Select(entry => new StoredNotification(entry, NotificationState.Queued) { DueAt = now }));
        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The alerts of account {AccountId} could not be seen to; trying again.")]
        public static partial void Failed(ILogger logger, Exception exception, long accountId);

        [LoggerMessage(LogLevel.Error, "The stored transition {Transition} of account {AccountId} cannot be read; nobody is told of it.")]
        public static partial void Unreadable(ILogger logger, Exception exception, long accountId, string transition);

        [LoggerMessage(LogLevel.Warning, "Messages of account {AccountId} that were sent could not be changed.")]
        public static partial void NotAmended(ILogger logger, Exception exception, long accountId);
    }
}
