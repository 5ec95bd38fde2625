using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans.Storage;
using StatusMonitor.Grains.Alerts;
using StatusMonitor.Storage;

namespace StatusMonitor.Grains.Hosts;

/// <summary>
/// The alerts of a host: judges its samples and its silence by the rules for it, stores what became of them together with what is to be told, and has that told.
/// </summary>
/// <remarks>
/// What is told is stored first, states and outbox in one write. What is not told of (pending, recovering, a higher peak) may wait a minute for its write: it follows from the
/// samples after <see cref="HostAlertsState.EvaluatedTo"/>, which an activation judges again from the ring, with the same outcome. So it is with a crash between the journal,
/// after which a report counts, and the write here. A write that fails leaves everything as it was; the samples are judged again with the next report, or soon.
/// Writes happen in turns of the grain that do not interleave.
/// </remarks>
internal sealed partial class HostAlerts
{
    private const int MaxOutbox = 200;
    private const long Unstored = 60_000;
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(30);

    private readonly IGrainBase _host;
    private readonly long _id;
    private readonly IPersistentState<HostAlertsState> _state;
    private readonly HostAlertServices _services;
    private readonly AlertBoard _board;
    private readonly SampleJudge _judge;
    private readonly Func<RecentSamples> _recent;
    private readonly Func<Task> _tallied;

    private HostRules _rules = HostRules.None;
    private long _generation = -1;
    private ImmutableArray<AlertTransition> _outbox = [];
    private AlertDelivery? _delivery;
    private LateRun? _late;

    // Collection times of samples that came late and may yet be read from the ring to be judged, or null.
    private HashSet<long>? _lateTimes;
    private Evidence? _evidence;
    private ForecastWatch? _forecast;
    private List<(PlannedCheck Check, Outlook Outlook)>? _outlooks;
    private IGrainTimer? _timer;
    private long? _evaluatedTo;
    private string? _bootId;

    // The same as of the last time that nothing was left to be stored, or could wait.
    private (long? EvaluatedTo, string? BootId) _kept;
    private DateTimeOffset? _offlineSince;
    private DateTimeOffset _graceEnds;

    // Unix milliseconds by our clock: when it was last stored or found to need no storing.
    private long _storedAt;

    // Samples of the ring are still to be judged.
    private bool _isBehind;
    private bool _isDeleted;
    private bool _hasSaidTooMany;

    /// <param name="host">The grain, whose timers it uses.</param>
    /// <param name="state">What is stored, read already.</param>
    /// <param name="line">The host as it is now.</param>
    /// <param name="recent">Gives the newest samples.</param>
    /// <param name="tallied">How many alerts fire has changed.</param>
    /// <param name="services">What all hosts of the silo share.</param>
    public HostAlerts(IGrainBase host, IPersistentState<HostAlertsState> state, HostSummary line, Func<RecentSamples> recent, Func<Task> tallied, HostAlertServices services)
    {
        (_host, _id, _state, _recent, _tallied, _services) = (host, line.Id, state, recent, tallied, services);
        var stored = state.State;
        _board = new AlertBoard(_id, services.Options.MaxAlerts) { Host = line };
        _board.Load(stored);
        _judge = new SampleJudge(_board);
        (_outbox, _evaluatedTo, _bootId) = (stored.Outbox, stored.EvaluatedTo, stored.BootId);
        (Firing, Severity) = _board.Tally();
        _storedAt = Now;
    }

    /// <summary>How many alerts fire, whoever's rules they are of.</summary>
    public int Firing { get; private set; }

    /// <summary>The worst severity of them, or null.</summary>
    public AlertSeverity? Severity { get; private set; }

    private long Now => _services.Time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>How many of its processes the agent is to tell of; 0 for none.</summary>
    public int Ask() => _evidence?.Ask(_services.Time.GetUtcNow()) ?? 0;

    /// <summary>Takes up where the activation before ended, in time or not.</summary>
    /// <param name="bootId">The boot id that is stored of the host.</param>
    /// <param name="offlineSince">Since when it is known to be offline, or null.</param>
    /// <param name="recent">The newest samples.</param>
    /// <param name="lateTimes">Collection times of those that came late, or null.</param>
    public async Task ActivateAsync(string? bootId, DateTimeOffset? offlineSince, RecentSamples recent, HashSet<long>? lateTimes)
    {
        _bootId ??= bootId;
        _lateTimes = lateTimes;
        _kept = (_evaluatedTo, _bootId);
        _offlineSince = offlineSince;

        // Whoever was offline before we were away may be back and about to say so: its agent tries again within a minute.
        _graceEnds = _services.Time.GetUtcNow() + _services.Options.RestartGrace;
        await RefreshRulesAsync();
        JudgeRecent(recent);
        await StoreAsync();
        if (!_outbox.IsEmpty) Deliver();
        if (_offlineSince is not null || _isBehind) Arm(NextLook());
    }

    /// <summary>Reports are durable: judges what they bring, and has it told.</summary>
    /// <param name="line">The host as it is now.</param>
    /// <param name="reports">The reports.</param>
    /// <param name="fresh">Those that are new.</param>
    /// <param name="catalogue">The host's series.</param>
    public async ValueTask HeardAsync(HostSummary line, HostReports reports, List<FreshSample> fresh, SeriesCatalogue catalogue)
    {
        _board.Host = line;
        _offlineSince = null;
        await RefreshRulesAsync();
        if (_isBehind) JudgeRecent(_recent());
        else JudgeFresh(reports, fresh);

        var now = Now;
        if (!_board.IsEmpty) JudgeOnline(now);
        ApplyOutlooks();
        if (reports.Processes is { IsEmpty: false } processes) (_evidence ??= new Evidence()).Take(processes, reports.Reports[^1].At);
        if (_board.WantsEvidence) (_evidence ??= new Evidence()).Want(_services.Time.GetUtcNow());
        _board.WantsEvidence = false;
        _evidence?.Note(_board, _evaluatedTo ?? 0);
        await StoreAsync();
        if (_judge.Plan is { Forecasts.Length: > 0 } && fresh.Count > 0) LookAhead(fresh[^1], catalogue);
    }

    /// <summary>The host has been found offline, and that is stored.</summary>
    public async Task OfflineAsync(HostSummary line, DateTimeOffset since)
    {
        (_board.Host, _offlineSince, _graceEnds) = (line, since, DateTimeOffset.MinValue);
        await LookAsync(CancellationToken.None);
    }

    /// <summary>People changed what the host is called, or which rules are for it.</summary>
    public async Task ChangedAsync(HostSummary line)
    {
        _board.Host = line;
        _generation = -1;
        var before = _rules;
        await RefreshRulesAsync();

        // An activation must not judge samples of before by rules that were not for the host then.
        if (_rules != before) _board.Mark();
        await StoreAsync();
    }

    /// <summary>The host's clock was set back: its samples go on from a time before those that were judged.</summary>
    public void ClockSetBack(long at)
    {
        if (_evaluatedTo is not { } to || to < at) return;
        _board.Shift(at - 1 - to);
        _judge.Forget();
        (_evaluatedTo, _late, _forecast, _outlooks) = (at - 1, null, null, null);
    }

    /// <summary>The host is deleted: nothing fires any more, and nobody is told of that. Stored when this returns, unless that fails.</summary>
    public async Task DeleteAsync()
    {
        _isDeleted = true;
        _timer?.Dispose();
        _timer = null;
        _rules = HostRules.None;
        foreach (var alert in _board.Alerts.ToList()) _board.End(alert, _evaluatedTo ?? Now, isTold: false);
        await StoreAsync();
    }

    /// <summary>Nothing of a deleted host's alerts is left here or with the desks when this returns; repeats are harmless.</summary>
    /// <exception cref="Exception">A desk or the store failed.</exception>
    public async Task EraseAsync()
    {
        // What a crash after the deletion left open, and what could not be stored then.
        if (!_board.IsEmpty) await DeleteAsync();
        if (!_board.IsEmpty) throw new StorageFailedException();
        await (_delivery ??= NewDelivery()).FlushAsync();
        await _services.Incidents.DeleteHostAsync(_id);
        if (_state.RecordExists) await _state.ClearStateAsync();
    }

    /// <summary>Takes the rules as they are now, if they have changed. What cannot be read is as it was.</summary>
    private ValueTask RefreshRulesAsync() => _generation == _services.Books.Generation ? ValueTask.CompletedTask : new ValueTask(ReadRulesAsync());

    private async Task ReadRulesAsync()
    {
        var generation = _services.Books.Generation;
        var (people, tags) = (_board.Host.People ?? HostPeople.Nobody, _board.Host.Tags ?? []);
        try
        {
            // A host of nobody's has no rules.
            var rules = people.OwnerId == 0 ? HostRules.None : (await _services.Books.GetAsync(_services.Grains, people.OwnerId)).OfOwn(_id, _board.Host.Group, tags);
            ImmutableArray<BoundRule> shared = [];
            foreach (var share in people.Shares) shared = shared.AddRange((await _services.Books.GetAsync(_services.Grains, share.AccountId)).OfShared(_id, _board.Host.Group, tags));
            SetRules(shared.IsEmpty ? rules : new HostRules(rules.All.AddRange(shared)));
            _generation = generation;
        }
        catch (Exception exception)
        {
            // Without its rules a host that was just activated must not pass over its samples.
            if (_generation < 0) _isBehind = true;
            Log.RulesNotRead(_services.Logger, exception, _id);
        }
    }

    private void SetRules(HostRules rules)
    {
        if (ReferenceEquals(rules, _rules)) return;
        _rules = rules;
        foreach (var alert in _board.Alerts.ToList())
        {
            var rule = rules.Find(alert.AccountId, alert.Rule.Id);
            var goesOn = rule is not null && rule.Rule.Kind == alert.Rule.Kind && rule.Rule.ClassicMetric == alert.Rule.ClassicMetric && (rule.Rule.Series is null || rule.Matches(alert.Series!));
            if (!goesOn) _board.End(alert, alert.Rule.Kind == AlertKind.Offline ? Now : _evaluatedTo ?? Now);
            else if (rule!.Rule != alert.Rule) _board.Rebind(alert, rule.Rule);
        }

        if (_offlineSince is not null) Arm(TimeSpan.Zero);
    }

    private void JudgeFresh(HostReports reports, List<FreshSample> fresh)
    {
        foreach (var (report, _, _) in fresh)
        {
            if (IsLate(report, reports.SentAt))
            {
                JudgeLate(report);
                continue;
            }

            EndLate();
            _judge.Judge(_rules, report.Series, report.At, report.Interval, report.Values.AsSpan(), isAgain: false);
            _evaluatedTo = report.At;
            JudgeBoot(report.BootId, report.At);
        }
    }

    /// <summary>A sample that does not follow those that were judged, or that the agent kept for long, is late. It pages nobody.</summary>
    private bool IsLate(HostReport report, long? sentAt) =>
        report.At <= _evaluatedTo || sentAt - report.At > SampleJudge.Patience(report.Interval).TotalMilliseconds;

    private void JudgeLate(HostReport report)
    {
        if (_late?.To >= report.At) EndLate();
        _late ??= new LateRun(_id, _services.Options.MaxAlerts, _board.Host);
        _late.Judge(_rules, report, _board);

        if (report.At <= _evaluatedTo) return;

        // Whoever judges again must not take it for one that came in time: not we, and no activation after a crash.
        (_lateTimes ??= []).Add(report.At);
        _evaluatedTo = report.At;
        _board.Mark(isUrgent: true);
    }

    private void EndLate()
    {
        _late?.End(_board);
        _late = null;
    }

    /// <summary>Judges the samples of the ring that have not been: those of a crash between journal and write, or of writes that failed.</summary>
    private void JudgeRecent(RecentSamples recent)
    {
        _isBehind = _generation < 0;
        if (_isBehind) return;
        var from = _evaluatedTo;
        recent.Read((series, at, values) =>
        {
            if (at <= from || _lateTimes?.Contains(at) == true)
            {
                _judge.Pass(_rules, series, at, values);
            }
            else
            {
                _judge.Judge(_rules, series, at, recent.Interval, values, isAgain: true);
            }

            if (!(at <= _evaluatedTo)) _evaluatedTo = at;
        });
        if (_lateTimes is not null) _board.Mark(isUrgent: true);
    }

    /// <summary>Classic agents know no boot id. Which one is known is stored with what it made fire, so that nobody is told twice of a machine that started anew.</summary>
    private void JudgeBoot(string bootId, long at)
    {
        if (bootId.Length == 0 || bootId == _bootId) return;
        if (_bootId is not null)
        {
            foreach (var rule in _rules.Rebooted) _board.Judge(rule, null, true, at);
            _board.Mark();
        }

        _bootId = bootId;
    }

    private void JudgeOnline(long now)
    {
        foreach (var rule in _rules.Offline) _board.Judge(rule, null, false, now);
    }

    /// <summary>Begins to read the past of what may be about to reach its threshold; the outcome is judged with the next report.</summary>
    private void LookAhead(FreshSample newest, SeriesCatalogue catalogue)
    {
        _forecast ??= new ForecastWatch();
        var at = newest.Report.At;
        if (at < _forecast.NextAt || at < _evaluatedTo || !newest.Report.Series.SameAs(_judge.Plan!.Series)) return;
        var due = _forecast.Due(_judge.Plan, newest.Report.Values.AsSpan(), at, _board).Select(check => (check, catalogue.Find(check.Series))).ToList();
        if (due.Count == 0) return;

        IGrainTimer? timer = null;
        timer = _host.RegisterGrainTimer(
            async cancellationToken =>
            {
                try
                {
                    _outlooks = await _services.Forecasts.LookAsync(_id, due, at, cancellationToken);
                }
                catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
                {
                    Log.NotForecast(_services.Logger, exception, _id);
                }
                finally
                {
                    timer!.Dispose();
                }
            },
            new GrainTimerCreationOptions(TimeSpan.Zero, Timeout.InfiniteTimeSpan) { Interleave = true });
    }

    private void ApplyOutlooks()
    {
        if (_outlooks is not { } outlooks || _evaluatedTo is not { } at) return;
        _outlooks = null;
        foreach (var (check, outlook) in outlooks)
        {
            // The rules may have changed meanwhile.
            if (_rules.Find(check.Rule.AccountId, check.Rule.Rule.Id) != check.Rule) continue;
            _board.Observe(check.Rule, check.Series, outlook.Value, at, outlook.ReachedAt is { } reached ? DateTimeOffset.FromUnixTimeMilliseconds(reached) : null);
        }
    }

    /// <summary>Whether its silence has made something fire. Looks again as long as it is silent: rules may change.</summary>
    private async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RefreshRulesAsync();
            if (_isBehind) JudgeRecent(_recent());
            var now = Now;
            if (_offlineSince is { } since && _services.Time.GetUtcNow() >= _graceEnds)
            {
                EndLate();
                foreach (var rule in _rules.Offline)
                {
                    _board.Judge(rule, null, true, since.ToUnixTimeMilliseconds());
                    if (_board.Find(new AlertKey(rule.AccountId, rule.Rule.Id, null)) is { } alert) _board.Tick(rule, alert, now);
                }
            }

            await StoreAsync();
        }
        catch (InconsistentStateException)
        {
            // Another activation has the host now; in a call the engine would see to it.
            _host.DeactivateOnIdle();
            return;
        }
        catch (Exception exception)
        {
            Log.NotLooked(_services.Logger, exception, _id);
        }

        if (_offlineSince is not null || _isBehind) Arm(NextLook());
    }

    /// <summary>Until when nothing happens without a report.</summary>
    private TimeSpan NextLook()
    {
        var now = _services.Time.GetUtcNow();
        var next = now + (_isBehind ? Retry : LookInterval);
        if (_offlineSince is not null)
        {
            if (now < _graceEnds && _graceEnds < next) next = _graceEnds;
            foreach (var alert in _board.Alerts)
            {
                if (alert.Rule.Kind != AlertKind.Offline || AlertMachine.DueAt(alert.Rule, alert.State) is not { } due) continue;
                var at = DateTimeOffset.FromUnixTimeMilliseconds(due);
                if (at > now && at < next) next = at;
            }
        }

        return next > now ? next - now : TimeSpan.Zero;
    }

    private void Arm(TimeSpan due)
    {
        if (_isDeleted) return;
        _timer ??= _host.RegisterGrainTimer(LookAsync, new GrainTimerCreationOptions(due, Timeout.InfiniteTimeSpan) { KeepAlive = true });
        _timer.Change(due, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Stores what has become of the alerts, if it must be or has waited for long enough; what is stored is handed on.</summary>
    private async Task StoreAsync()
    {
        var now = Now;
        if (!_board.IsEmpty && now - _storedAt >= Unstored) _board.Sweep(_evaluatedTo ?? now, now);
        if (!_board.MustStore && !(_board.IsChanged && now - _storedAt >= Unstored))
        {
            _board.Keep();
            Keep();
            return;
        }

        if (_board.LeftAway > 0 && !_hasSaidTooMany) Log.TooManyAlerts(_services.Logger, _id);
        _hasSaidTooMany |= _board.LeftAway > 0;
        var before = _outbox;
        var all = before.AddRange(_board.New);
        var outbox = AlertOutbox.Trim(all, MaxOutbox);
        _state.State = new HostAlertsState { Alerts = [.. _board.Alerts], Outbox = outbox, LastNumber = _board.LastNumber, EvaluatedTo = _evaluatedTo, BootId = _bootId };
        try
        {
            await _state.WriteStateAsync();
        }
        catch (Exception exception) when (exception is not InconsistentStateException)
        {
            // That somebody else has written must end this activation; everything else leaves things as they were, also which rules were judged by.
            Log.NotStored(_services.Logger, exception, _id);
            _board.Undo();
            (_evaluatedTo, _bootId) = _kept;
            (_rules, _generation, _isBehind) = (HostRules.None, -1, true);
            Arm(Retry);
            return;
        }

        if (outbox.Length < all.Length) Log.OutboxFull(_services.Logger, _id, all.Length - outbox.Length);
        _board.Commit();
        _storedAt = now;
        Keep();

        // A desk may have taken some of it while it was being written.
        var taken = before.Except(_outbox).Select(transition => transition.Id).ToHashSet();
        _outbox = taken.Count == 0 ? outbox : outbox.RemoveAll(transition => taken.Contains(transition.Id));
        if (!_outbox.IsEmpty) Deliver();

        var tally = _board.Tally();
        if (tally == (Firing, Severity)) return;
        (Firing, Severity) = tally;
        await _tallied();
    }

    /// <summary>Nothing up to here is judged again, unless a crash comes before it is stored.</summary>
    private void Keep()
    {
        _kept = (_evaluatedTo, _bootId);
        if (!_isBehind) _lateTimes = null;
    }

    private void Deliver() => (_delivery ??= NewDelivery()).Begin();

    private AlertDelivery NewDelivery() => new(_host, _id, _services.Grains, () => _outbox, Taken, _services.Logger);

    private void Taken(ImmutableArray<AlertTransition> transitions)
    {
        var ids = transitions.Select(transition => transition.Id).ToHashSet();
        _outbox = _outbox.RemoveAll(transition => ids.Contains(transition.Id));
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The alert rules for host {HostId} could not be read; trying again.")]
        public static partial void RulesNotRead(ILogger logger, Exception exception, long hostId);

        [LoggerMessage(LogLevel.Warning, "The alerts of host {HostId} could not be stored; trying again.")]
        public static partial void NotStored(ILogger logger, Exception exception, long hostId);

        [LoggerMessage(LogLevel.Warning, "The alerts of host {HostId} could not be looked at; trying again.")]
        public static partial void NotLooked(ILogger logger, Exception exception, long hostId);

        [LoggerMessage(LogLevel.Warning, "The past of host {HostId} could not be read for a forecast; trying again in a quarter of an hour.")]
        public static partial void NotForecast(ILogger logger, Exception exception, long hostId);

        [LoggerMessage(LogLevel.Warning, "Nobody takes the alerts of host {HostId}; {Count} that were over before anybody could be told are dropped.")]
        public static partial void OutboxFull(ILogger logger, long hostId, int count);

        [LoggerMessage(LogLevel.Warning, "Host {HostId} has as many alerts as it may; others are not looked at until some are over.")]
        public static partial void TooManyAlerts(ILogger logger, long hostId);
    }
}
