using System.Collections.Immutable;

namespace StatusMonitor.Grains.Alerts.Desk;

/// <summary>An account's silences, asked about many alerts: when each holds is worked out once for each of its windows.</summary>
internal sealed class SilenceTable(ImmutableArray<Silence> silences)
{
    private readonly Line[] _lines = [.. silences.Select(silence => new Line(silence))];

    public static SilenceTable Empty { get; } = new([]);

    /// <summary>Until when the silences that are for an alert hold it back; null if none does. Where one ends another may begin: it is looked again then.</summary>
    public DateTimeOffset? HeldUntil(DateTimeOffset now, long hostId, string? group, ImmutableArray<string> tags, long ruleId)
    {
        DateTimeOffset? until = null;
        foreach (var line in _lines)
        {
            if (line.At(now) is { } end && (until is null || end > until) && line.Silence.IsFor(hostId, group, tags, ruleId)) until = end;
        }

        return until;
    }

    /// <summary>Likewise, of a transition.</summary>
    public DateTimeOffset? HeldUntil(DateTimeOffset now, AlertTransition transition) =>
        _lines.Length == 0 ? null : HeldUntil(now, transition.HostId, transition.Group, transition.Tags, transition.Rule.Id);

    private sealed class Line(Silence silence)
    {
        private DateTimeOffset _from = DateTimeOffset.MaxValue;
        private DateTimeOffset _to = DateTimeOffset.MinValue;
        private DateTimeOffset? _until;

        public Silence Silence { get; } = silence;

        /// <summary>Until when it holds, or null.</summary>
        public DateTimeOffset? At(DateTimeOffset now)
        {
            if (now >= _from && now < _to) return _until;
            _until = Silence.HoldsUntil(now);
            (_from, _to) = (now, _until ?? Silence.NextAfter(now) ?? DateTimeOffset.MaxValue);
            return _until;
        }
    }
}
