using System.Collections.Immutable;

namespace StatusMonitor.Grains.Alerts.Desk;

/// <summary>What becomes of a transition that is still to be told.</summary>
internal enum PendingFate
{
    /// <summary>It is told, with the others of its group.</summary>
    Tell,

    /// <summary>It is not told: what it says was over before anybody heard of it, or it is of no matter after a silence.</summary>
    Drop,

    /// <summary>Nobody is told for its sake, but what was told before may be changed by it.</summary>
    Amend,
}

/// <summary>What is put together: the same of one rule, at hosts of one group or tag if the account wants that.</summary>
internal readonly record struct PendingGroup(PendingFate Fate, MessageKind Kind, long RuleId, string? Place, string? Alone);

/// <summary>Transitions of which it is decided together.</summary>
internal sealed record PendingBatch(PendingGroup Group, ImmutableArray<AlertTransition> Transitions);

/// <summary>
/// What is still to be told, and when. Lost hosts are waited for, so that they become one message, and so are those that come back. Of other rules the first is told
/// at once, and those that follow it when the window ends. A window is the time by which people are told, so it closes before, and the sooner the more there is to tell. What begins and is over before either was told cancels out. What is silenced is
/// kept until the silence ends. Pure but for what it remembers; it knows nothing that could not be read again.
/// </summary>
internal sealed class PendingBoard
{
    // What deciding and storing take: measured, with as much again for a machine that is busy.
    private static readonly TimeSpan Closing = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan ClosingOfEach = TimeSpan.FromMilliseconds(0.1);

    private readonly Dictionary<string, Entry> _entries = [];
    private readonly Dictionary<PendingGroup, Waiting> _groups = [];
    private readonly Dictionary<(long HostId, long RuleId, string? Series), List<Entry>> _alerts = [];
    private readonly Dictionary<PendingGroup, DateTimeOffset> _toldUntil = [];
    private readonly HashSet<Entry> _held = [];
    private AlertRouting _routing = AlertRouting.Default;
    private SilenceTable _silences = SilenceTable.Empty;
    private DateTimeOffset _heldUntil = DateTimeOffset.MaxValue;

    // Not after what is due first; before it where that was taken off.
    private DateTimeOffset _dueAt = DateTimeOffset.MaxValue;
    private long _last;

    /// <summary>Transitions on it.</summary>
    public int Count => _entries.Count;

    /// <summary>How many of them are silenced.</summary>
    public int Held => _held.Count;

    /// <summary>When something is due next; <see cref="DateTimeOffset.MaxValue"/> if nothing is.</summary>
    public DateTimeOffset NextAt => _dueAt < _heldUntil ? _dueAt : _heldUntil;

    /// <summary>How things are put together and held back from now on. What is silenced is looked at again.</summary>
    public void Configure(AlertRouting routing, SilenceTable silences, DateTimeOffset now)
    {
        (_routing, _silences) = (routing, silences);
        if (_held.Count > 0) _heldUntil = now;
    }

    /// <summary>Forgets what is to be told, but not what was told lately.</summary>
    public void Clear()
    {
        _entries.Clear();
        _groups.Clear();
        _alerts.Clear();
        _held.Clear();
        (_heldUntil, _dueAt) = (DateTimeOffset.MaxValue, DateTimeOffset.MaxValue);
    }

    /// <summary>Whether a transition is on it.</summary>
    public bool Contains(string id) => _entries.ContainsKey(id);

    /// <summary>Adds a transition; one that is on it already changes nothing. In the order they came.</summary>
    public void Add(AlertTransition transition, DateTimeOffset now)
    {
        var entry = new Entry(transition, ++_last);
        if (!_entries.TryAdd(transition.Id, entry)) return;

        var alert = AlertOf(transition);
        if (!_alerts.TryGetValue(alert, out var chain)) _alerts.Add(alert, chain = []);
        chain.Add(entry);
        Place(entry, now);
        if (chain.Count > 1) Cancel(chain, now);
    }

    /// <summary>Takes off what is due, a batch for each group, in the order it came.</summary>
    public List<PendingBatch> TakeDue(DateTimeOffset now)
    {
        if (_heldUntil <= now) Release(now);

        var batches = new List<PendingBatch>();
        foreach (var (group, waiting) in _groups.Where(group => group.Value.DueAt <= now).OrderBy(group => group.Value.DueAt).ToList())
        {
            _groups.Remove(group);
            foreach (var entry in waiting.Entries) Remove(entry);
            batches.Add(new PendingBatch(group, [.. waiting.Entries.Select(entry => entry.Transition)]));
            if (group is { Fate: PendingFate.Tell, Alone: null }) _toldUntil[group] = now + _routing.GroupWindow;
        }

        _dueAt = _groups.Count == 0 ? DateTimeOffset.MaxValue : _groups.Values.Min(waiting => waiting.DueAt);
        if (batches.Count > 0)
        {
            // What lies so far back holds nothing up any more.
            foreach (var (group, until) in _toldUntil.Where(told => told.Value <= now).ToList()) _toldUntil.Remove(group);
        }

        return batches;
    }

    /// <summary>Which of an alert's transitions, in order, say nothing to people who heard of none of them.</summary>
    public static HashSet<string> Untold(IReadOnlyList<AlertTransition> chain)
    {
        var untold = new HashSet<string>();
        foreach (var resolved in chain.Where(transition => transition.Kind == TransitionKind.Resolved))
        {
            if (chain.FirstOrDefault(transition => transition.Kind == TransitionKind.Fired && transition.IncidentId == resolved.IncidentId) is not { } fired) continue;
            untold.UnionWith([fired.Id, resolved.Id]);
            untold.UnionWith(chain.Where(transition => transition.IncidentId == fired.IncidentId && transition.Kind is TransitionKind.DataLost or TransitionKind.DataBack).Select(transition => transition.Id));
        }

        foreach (var back in chain.Where(transition => transition.Kind == TransitionKind.DataBack))
        {
            if (chain.FirstOrDefault(transition => transition.Kind == TransitionKind.DataLost && transition.IncidentId == back.IncidentId) is { } lost) untold.UnionWith([lost.Id, back.Id]);
        }

        var began = chain.FirstOrDefault(transition => transition.Kind == TransitionKind.FlappingBegan);
        var ended = chain.LastOrDefault(transition => transition.Kind == TransitionKind.FlappingEnded);
        if (began is null || ended is null) return untold;

        // That it flapped is of no matter any more; what it is now is, unless that is what people know.
        untold.Add(began.Id);
        var left = chain.Where(transition => !untold.Contains(transition.Id)).ToList();
        if (left.Find(transition => transition.Kind == TransitionKind.Fired) is { } first)
        {
            untold.Add(first.Id);
            if (!ended.IsOpen) untold.Add(ended.Id);
        }
        else if (!ended.IsOpen && left.Exists(transition => transition.Kind == TransitionKind.Resolved))
        {
            untold.Add(ended.Id);
        }

        return untold;
    }

    private static (long HostId, long RuleId, string? Series) AlertOf(AlertTransition transition) => (transition.HostId, transition.Rule.Id, transition.Series);

    private static MessageKind KindOf(AlertTransition transition) => transition.Kind switch
    {
        TransitionKind.Resolved => MessageKind.Resolved,
        TransitionKind.DataLost or TransitionKind.DataBack => MessageKind.Data,
        TransitionKind.FlappingBegan => MessageKind.Flapping,
        TransitionKind.FlappingEnded => MessageKind.Steady,
        TransitionKind.Classic => MessageKind.Classic,
        _ => MessageKind.Fired,
    };

    /// <summary>Whether it says something of a moment, and not that something goes on or is over.</summary>
    private static bool IsOfAMoment(AlertTransition transition) => transition.Kind == TransitionKind.Classic || transition.Rule.Kind == AlertKind.Rebooted;

    private void Place(Entry entry, DateTimeOffset now)
    {
        var transition = entry.Transition;
        if (_silences.HeldUntil(now, transition) is { } until)
        {
            if (IsOfAMoment(transition))
            {
                Put(entry, new PendingGroup(PendingFate.Drop, default, 0, null, null), now, now);
                return;
            }

            _held.Add(entry);
            if (until < _heldUntil) _heldUntil = until;
            return;
        }

        if (transition.Kind == TransitionKind.Evidence)
        {
            // It goes with what it is evidence of, if that has still to be told.
            var fired = _alerts[AlertOf(transition)].Find(other => other.Transition.Kind == TransitionKind.Fired && other.Transition.IncidentId == transition.IncidentId);
            if (fired is { Group: { } with }) Put(entry, with, now, now);
            else Put(entry, new PendingGroup(PendingFate.Amend, default, 0, null, null), now, now);
            return;
        }

        var group = GroupOf(transition);
        var due = group.Alone is not null ? now
            : transition.Rule.Kind == AlertKind.Offline && group.Kind is MessageKind.Fired or MessageKind.Resolved ? now + _routing.GroupWindow
            : _toldUntil.TryGetValue(group, out var told) && told > now ? told
            : now;
        Put(entry, group, now, due);
    }

    private PendingGroup GroupOf(AlertTransition transition)
    {
        var kind = KindOf(transition);
        var isAlone = _routing.GroupBy == Grouping.None || _routing.GroupWindow <= TimeSpan.Zero || kind == MessageKind.Classic;
        var place = _routing.GroupBy switch
        {
            Grouping.Group => transition.Group ?? "",
            Grouping.Tag => transition.Tags is [var tag, ..] ? tag : "",
            _ => null,
        };
        return new PendingGroup(PendingFate.Tell, kind, transition.Rule.Id, place, isAlone ? transition.Id : null);
    }

    private void Put(Entry entry, PendingGroup group, DateTimeOffset now, DateTimeOffset due)
    {
        if (!_groups.TryGetValue(group, out var waiting)) _groups.Add(group, waiting = new Waiting(now, due));
        waiting.Entries.Add(entry);
        entry.Group = group;
        if (waiting.DueAt < _dueAt) _dueAt = waiting.DueAt;
    }

    private void Take(Entry entry)
    {
        _held.Remove(entry);
        if (entry.Group is not { } group || !_groups.TryGetValue(group, out var waiting)) return;
        waiting.Entries.Remove(entry);
        if (waiting.Entries.Count == 0) _groups.Remove(group);
        entry.Group = null;
    }

    private void Remove(Entry entry)
    {
        _entries.Remove(entry.Transition.Id);
        var alert = AlertOf(entry.Transition);
        if (!_alerts.TryGetValue(alert, out var chain)) return;
        chain.Remove(entry);
        if (chain.Count == 0) _alerts.Remove(alert);
    }

    private void Cancel(List<Entry> chain, DateTimeOffset now)
    {
        var untold = Untold([.. chain.Select(entry => entry.Transition)]);
        if (untold.Count == 0) return;

        var incidents = chain.Where(entry => untold.Contains(entry.Transition.Id)).Select(entry => entry.Transition.IncidentId).ToHashSet();
        foreach (var entry in chain)
        {
            var isEvidence = entry.Transition.Kind == TransitionKind.Evidence && incidents.Contains(entry.Transition.IncidentId);
            if ((!isEvidence && !untold.Contains(entry.Transition.Id)) || entry.Group is { Fate: PendingFate.Drop }) continue;
            Take(entry);
            Put(entry, new PendingGroup(PendingFate.Drop, default, 0, null, null), now, now);
        }
    }

    private void Release(DateTimeOffset now)
    {
        var held = _held.OrderBy(entry => entry.Number).ToList();
        _held.Clear();
        _heldUntil = DateTimeOffset.MaxValue;
        foreach (var entry in held) Place(entry, now);
    }

    private sealed class Entry(AlertTransition transition, long number)
    {
        public AlertTransition Transition { get; } = transition;

        public long Number { get; } = number;

        public PendingGroup? Group { get; set; }
    }

    private sealed class Waiting(DateTimeOffset from, DateTimeOffset until)
    {
        public List<Entry> Entries { get; } = [];

        /// <summary>When it is decided of, so that they are told of it by its end.</summary>
        public DateTimeOffset DueAt
        {
            get
            {
                var (most, closing) = ((until - from) / 10, Closing + (Entries.Count * ClosingOfEach));
                return until - (closing < most ? closing : most);
            }
        }
    }
}
