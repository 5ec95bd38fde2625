using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using StatusMonitor.Grains.Alerts;

namespace StatusMonitor.Grains.Hosts;

/// <summary>
/// The alerts of one host that are not merely normal, and what became of them since the last write. Nothing of it is told or kept until <see cref="Commit"/>; what could not
/// be stored is taken back by <see cref="Undo"/>. No I/O.
/// </summary>
internal sealed class AlertBoard(long hostId, int maxAlerts)
{
    // Evaluation does not wait for anything, so one list serves all hosts of a thread.
    [ThreadStatic]
    private static List<AlertChange>? _scratch;

    private readonly List<AlertTransition> _new = [];
    private Dictionary<AlertKey, HostAlert> _alerts = [];
    private Dictionary<AlertKey, HostAlert>? _before;
    private long _lastNumber;
    private long _committedNumber;

    /// <summary>Whose alerts they are, for the transitions.</summary>
    public required HostSummary Host { get; set; }

    /// <summary>Whether a rule that just became pending or fired looks at a series whose processes one would like to know.</summary>
    public bool WantsEvidence { get; set; }

    /// <summary>Whether something has changed that is not stored, besides what is to be told.</summary>
    public bool IsChanged { get; private set; }

    /// <summary>Whether that cannot be found out again from the samples.</summary>
    public bool MustStore { get; private set; }

    /// <summary>Alerts that were left away because the host has as many as it may.</summary>
    public int LeftAway { get; private set; }

    public bool IsEmpty => _alerts.Count == 0;

    public IReadOnlyCollection<HostAlert> Alerts => _alerts.Values;

    /// <summary>What is to be told, and is not stored yet.</summary>
    public IReadOnlyList<AlertTransition> New => _new;

    public long LastNumber => _lastNumber;

    /// <summary>How many incidents are open, and the worst severity of them.</summary>
    public (int Firing, AlertSeverity? Severity) Tally()
    {
        var firing = 0;
        AlertSeverity? severity = null;
        foreach (var alert in _alerts.Values)
        {
            if (!alert.State.IsOpen) continue;
            firing++;
            if (severity is null || alert.Rule.Severity > severity) severity = alert.Rule.Severity;
        }

        return (firing, severity);
    }

    /// <summary>Takes over what is stored.</summary>
    public void Load(HostAlertsState state)
    {
        _alerts = state.Alerts.ToDictionary(alert => alert.Key);
        _lastNumber = _committedNumber = state.LastNumber;
    }

    public HostAlert? Find(AlertKey key) => _alerts.GetValueOrDefault(key);

    /// <summary>A value of a rule's series.</summary>
    public void Observe(BoundRule rule, string series, double value, long at, DateTimeOffset? until = null)
    {
        var known = _alerts.Count == 0 ? null : Find(new AlertKey(rule.AccountId, rule.Rule.Id, series));
        if (known is null && !AlertMachine.IsBroken(rule.Rule, value)) return;
        var before = known?.State ?? AlertState.Normal;
        Put(rule, series, before, AlertMachine.Observe(rule.Rule, before, value, at, Scratch()), at, value, until);
    }

    /// <summary>The series has had no value for longer than it may.</summary>
    public void Miss(BoundRule rule, string series, long at)
    {
        var before = Find(new AlertKey(rule.AccountId, rule.Rule.Id, series))?.State ?? AlertState.Normal;
        var changes = Scratch();

        // What has not fired and need not fire for want of values is as if there had never been any: the series may be gone for good.
        var after = !before.IsOpen && !before.IsFlapping && rule.Rule.MissingData != MissingData.Fire
            ? before with { Phase = AlertPhase.Normal, Since = at }
            : AlertMachine.Miss(rule.Rule, before, at, changes);
        Put(rule, series, before, after, at, null, null);
    }

    /// <summary>A condition that is no value.</summary>
    public void Judge(BoundRule rule, string? series, bool isBroken, long at)
    {
        var known = Find(new AlertKey(rule.AccountId, rule.Rule.Id, series));
        if (known is null && !isBroken) return;
        var before = known?.State ?? AlertState.Normal;
        at = Math.Max(at, before.Since);
        Put(rule, series, before, AlertMachine.Judge(rule.Rule, before, isBroken, at, Scratch()), at, null, null);
    }

    /// <summary>Time has passed for an alert.</summary>
    public void Tick(BoundRule rule, HostAlert alert, long at)
    {
        at = Math.Max(at, alert.State.Since);
        Put(rule, alert.Series, alert.State, AlertMachine.Tick(rule.Rule, alert.State, at, Scratch()), at, null, null);
    }

    /// <summary>An alert is over because its rule is no more, or not for it any more.</summary>
    /// <param name="alert">The alert.</param>
    /// <param name="at">When.</param>
    /// <param name="isTold">Whether somebody is told.</param>
    public void End(HostAlert alert, long at, bool isTold = true)
    {
        var changes = Scratch();
        AlertMachine.End(alert.State, Math.Max(at, alert.State.Since), changes);
        Touch();
        Tell(alert.AccountId, alert.Rule, alert.Series, alert.State, AlertState.Normal, changes, null, isTold);
        _alerts.Remove(alert.Key);
        MustStore = true;
    }

    /// <summary>The rule of an alert has changed, but it goes on.</summary>
    public void Rebind(HostAlert alert, AlertRule rule)
    {
        Touch();
        _alerts[alert.Key] = alert with { Rule = rule };
        MustStore = true;
    }

    /// <summary>Something beside it has changed that is stored with it: some time, or now if it is urgent.</summary>
    public void Mark(bool isUrgent = false)
    {
        IsChanged = true;
        MustStore |= isUrgent;
    }

    /// <summary>Times of before are moved: the host's clock was set, and its samples will not reach them for long.</summary>
    public void Shift(long by)
    {
        if (IsEmpty) return;
        Touch();
        foreach (var (key, alert) in _alerts.ToArray())
        {
            // These are by our own clock.
            if (alert.Rule.Kind == AlertKind.Offline) continue;
            var state = alert.State;
            _alerts[key] = alert with
            {
                State = state with
                {
                    Since = state.Since + by,
                    FiredAt = state.FiredAt + by,
                    LastToldAt = state.LastToldAt + by,
                    Changes = [.. state.Changes.Select(change => change + by)],
                },
            };
        }
    }

    /// <summary>Drops what says nothing any more. By the two clocks: that of the samples, and for what no sample tells our own.</summary>
    public void Sweep(long at, long now)
    {
        foreach (var (key, alert) in _alerts.ToArray())
        {
            if (!AlertMachine.IsIdle(alert.Rule, alert.State, alert.Rule.Kind == AlertKind.Offline ? now : at)) continue;
            Touch();
            _alerts.Remove(key);
        }
    }

    /// <summary>Notes something in the story of an incident, or in one of its own.</summary>
    public void Note(TransitionKind kind, HostAlert alert, string? incidentId, long at, double? value, double? peak, ImmutableArray<ProcessSighting> processes, DateTimeOffset? until)
    {
        Touch();
        MustStore = true;
        var id = NextId();
        _new.Add(new AlertTransition
        {
            Id = id,
            AccountId = alert.AccountId,
            Kind = kind,
            At = Time(at),
            IncidentId = incidentId ?? id,
            HostId = hostId,
            HostName = Host.Name,
            Group = Host.Group,
            Tags = Host.Tags ?? [],
            People = Host.People ?? HostPeople.Nobody,
            Rule = alert.Rule,
            Series = alert.Series,
            Value = value,
            Peak = peak,
            IsTold = false,
            IsOpen = incidentId is not null,
            Processes = processes,
            Until = until,
        });
    }

    /// <summary>All of it is stored. Gives what may be told now.</summary>
    public ImmutableArray<AlertTransition> Commit()
    {
        var told = _new.ToImmutableArray();
        _new.Clear();
        _before = null;
        _committedNumber = _lastNumber;
        (IsChanged, MustStore) = (false, false);
        return told;
    }

    /// <summary>It goes on without having been stored: nothing is to be told, and the samples lead to the same again.</summary>
    public void Keep() => _before = null;

    /// <summary>What has changed since <see cref="Keep"/> or <see cref="Commit"/> could not be stored: it is as it was.</summary>
    public void Undo()
    {
        if (_before is not null) _alerts = _before;
        _before = null;
        _new.Clear();
        _lastNumber = _committedNumber;
        MustStore = false;
    }

    private static List<AlertChange> Scratch()
    {
        var scratch = _scratch ??= [];
        scratch.Clear();
        return scratch;
    }

    private static DateTimeOffset Time(long at) => DateTimeOffset.FromUnixTimeMilliseconds(at);

    private void Touch()
    {
        _before ??= new Dictionary<AlertKey, HostAlert>(_alerts);
        IsChanged = true;
    }

    private void Put(BoundRule rule, string? series, AlertState before, AlertState after, long at, double? value, DateTimeOffset? until)
    {
        var changes = _scratch!;
        if (ReferenceEquals(before, after) && changes.Count == 0) return;

        var key = new AlertKey(rule.AccountId, rule.Rule.Id, series);
        var isIdle = AlertMachine.IsIdle(rule.Rule, after, at);
        var isKnown = _alerts.ContainsKey(key);
        if (!isKnown && isIdle && changes.Count == 0) return;
        if (!isKnown && _alerts.Count >= maxAlerts)
        {
            LeftAway++;
            return;
        }

        var isPeakAlone = changes.Count == 0 && before with { Peak = after.Peak } == after;
        var wasChanged = IsChanged;
        Touch();
        if (isPeakAlone) IsChanged = wasChanged;
        var incident = Tell(rule.AccountId, rule.Rule, series, before, after, changes, until, isTold: true);
        if (isIdle) _alerts.Remove(key);
        else _alerts[key] = new HostAlert(rule.AccountId, rule.Rule, series, after with { IncidentId = after.IsOpen || after.IsFlapping ? incident : null });

        // What an offline host waits for is in no sample.
        if (changes.Count > 0 || (rule.Rule.Kind == AlertKind.Offline && before.Phase != after.Phase)) MustStore = true;
        if (Evidence.IsOf(series) && after.Phase != before.Phase && after.Phase is AlertPhase.Pending or AlertPhase.Firing) WantsEvidence = true;
    }

    /// <summary>Makes transitions of changes, and gives the incident that the alert belongs to afterwards.</summary>
    private string? Tell(long accountId, AlertRule rule, string? series, AlertState before, AlertState after, List<AlertChange> changes, DateTimeOffset? until, bool isTold)
    {
        var incident = before.IncidentId;
        var isOpen = before.IsOpen;
        var peak = before.Peak;
        foreach (var change in CollectionsMarshal.AsSpan(changes))
        {
            var id = NextId();
            if (change.Kind == TransitionKind.Fired) (incident, isOpen, peak) = (id, true, change.Value);
            if (change.Kind == TransitionKind.Resolved) isOpen = false;
            _new.Add(new AlertTransition
            {
                Id = id,
                AccountId = accountId,
                Kind = change.Kind,
                At = Time(change.At),
                IncidentId = change.Kind == TransitionKind.Classic ? id : incident ?? id,
                HostId = hostId,
                HostName = Host.Name,
                Group = Host.Group,
                Tags = Host.Tags ?? [],
                People = Host.People ?? HostPeople.Nobody,
                Rule = rule,
                Series = series,
                Value = change.Value,
                Peak = isOpen ? after.Peak ?? peak : peak,
                IsTold = change.IsTold && isTold,
                IsOpen = isOpen,
                Until = change.Kind == TransitionKind.Fired ? until : null,
            });
        }

        return incident;
    }

    private string NextId() => string.Create(CultureInfo.InvariantCulture, $"{hostId}-{++_lastNumber}");
}
