using StatusMonitor.Gateway.Health;

namespace StatusMonitor.Gateway.Cluster;

/// <summary>A process of the server on the wire.</summary>
/// <param name="Name">Its name (<c>--server-name</c>).</param>
/// <param name="Address">Where it listens; with the name it tells it from the others.</param>
/// <param name="Role"><c>all</c>: a whole server; <c>silo</c> or <c>gateway</c>: a part of a cluster; <c>unknown</c> if its version says it in another way.</param>
/// <param name="State"><c>active</c>; <c>waiting</c> for the active server to go; <c>gone</c> if it has said nothing for 10 s and did not take its leave; <c>unknown</c> while the database is away.</param>
/// <param name="Since">When it started, by its own clock.</param>
/// <param name="HeardAt">When it last said how it is.</param>
/// <param name="Version">Its version.</param>
/// <param name="IsThis">Whether it is the one that answers.</param>
/// <param name="Figures">How it does; null of one that is not heard.</param>
internal sealed record MemberView(string Name, string Address, string Role, string State, DateTimeOffset Since, DateTimeOffset HeardAt, string? Version, bool IsThis, MemberFigures? Figures)
{
    public MemberSummary Summary => new(Name, Address, Role, State, Since, Version);
}

/// <summary>A process of the server as health tells it.</summary>
internal sealed record MemberSummary(string Name, string Address, string Role, string State, DateTimeOffset Since, string? Version);

/// <summary>Where everything is kept.</summary>
/// <param name="Kind"><c>sqlite</c> or <c>postgresql</c>.</param>
/// <param name="IsReachable">Whether the process that answers reaches it.</param>
/// <param name="AwaySince">Since when it does not.</param>
/// <param name="Milliseconds">How long PostgreSQL took to answer it; null with SQLite.</param>
/// <param name="Disk">The disk of the data folder; null with PostgreSQL, which does not tell of its own.</param>
/// <param name="History">What history takes; null if it could not be measured.</param>
internal sealed record ClusterStorage(string Kind, bool IsReachable, DateTimeOffset? AwaySince, double? Milliseconds, DiskHealth? Disk, HistoryHealth? History);

/// <summary>What waits in the database, for all processes together.</summary>
/// <param name="Transitions">Changes of alerts that are still to be told of.</param>
/// <param name="Notifications">Notifications that are still to be sent.</param>
/// <param name="BoundPerAccount">How many of each an account may have; more waits where it comes from.</param>
internal sealed record ClusterBacklog(long Transitions, long Notifications, long BoundPerAccount);

/// <summary>Answer of <c>GET /api/v1/cluster</c>.</summary>
/// <param name="Name">Name of the cluster.</param>
/// <param name="Shape"><c>single</c>: one server; <c>pair</c>: servers that stand by for each other; <c>cluster</c>: silos and gateways.</param>
/// <param name="Engine">What the grains run on.</param>
/// <param name="At">Now, by the clock of the process that answers.</param>
/// <param name="Members">The processes: the one that answers, then the others by name.</param>
/// <param name="Storage">Where everything is kept.</param>
/// <param name="Backlog">What waits there; null if it cannot be read.</param>
internal sealed record ClusterView(string Name, string Shape, string Engine, DateTimeOffset At, IReadOnlyList<MemberView> Members, ClusterStorage Storage, ClusterBacklog? Backlog);
