namespace StatusMonitor.Storage.Alerts;

/// <summary>What of an incident changes, and how: in one place for every store.</summary>
/// <param name="Events">Events so far, those that are dropped included: the number of the last.</param>
internal sealed record IncidentProgress(
    IncidentState State,
    DateTimeOffset? ResolvedAt,
    DateTimeOffset? AcknowledgedAt,
    string? AcknowledgedBy,
    double? Peak,
    bool IsFlapping,
    bool HasNoData,
    int Comments,
    DateTimeOffset? NextAt,
    int Step,
    int Events)
{
    /// <summary>Events that are kept of an incident: the first, and the newest. An alert that comes and goes for months must not fill the disk.</summary>
    public const int MaxEvents = 1_000;

    /// <summary>An incident that is opened.</summary>
    public static IncidentProgress Of(Incident opened) => new(
        opened.State, opened.ResolvedAt, opened.AcknowledgedAt, opened.AcknowledgedBy, opened.Peak, opened.IsFlapping, opened.HasNoData, opened.Comments, opened.NextAt, opened.Step, 0);

    /// <summary>The numbers of the events that have to go for the last one, from and to; none if they are the wrong way round.</summary>
    public (int From, int To) Surplus => (2, Events - MaxEvents + 1);

    /// <summary>What it is after a change; itself if nothing of it happens.</summary>
    /// <exception cref="ArgumentException">Somebody takes it up, and nothing says when.</exception>
    public IncidentProgress After(IncidentChange change)
    {
        var isResolved = change.ResolvedAt is not null && State != IncidentState.Resolved;
        var next = this with
        {
            State = isResolved ? IncidentState.Resolved : State,
            ResolvedAt = isResolved ? change.ResolvedAt : ResolvedAt,
            Peak = change.Peak ?? Peak,
            IsFlapping = change.IsFlapping ?? IsFlapping,
            HasNoData = change.HasNoData ?? HasNoData,
            Step = change.Step ?? Step,
        };
        if (change.AcknowledgedBy is { } by)
        {
            var name = AlertText.Name(by);
            var isSame = name.Length == 0 ? State == IncidentState.Open : State == IncidentState.Acknowledged && AcknowledgedBy == name;
            if (State == IncidentState.Resolved || isSame) return this;
            if (change.Event is null) throw new ArgumentException("Nothing says when it was taken up.", nameof(change));
            next = name.Length == 0
                ? next with { State = isResolved ? next.State : IncidentState.Open, AcknowledgedAt = null, AcknowledgedBy = null }
                : next with { State = isResolved ? next.State : IncidentState.Acknowledged, AcknowledgedAt = change.Event.At, AcknowledgedBy = name };
        }

        if (next.State == IncidentState.Resolved || change.NextAt == DateTimeOffset.MaxValue) next = next with { NextAt = null };
        else if (change.NextAt is { } at) next = next with { NextAt = at };
        if (change.Event is { } added) next = next with { Events = Events + 1, Comments = Comments + (added.Kind == "comment" ? 1 : 0) };
        return next;
    }
}
