using Orleans.Configuration;

namespace StatusMonitor.Silo.Cluster;

/// <summary>How long members of a cluster wait for each other. What was measured with them is in docs/decisions/0010-cluster.md.</summary>
internal static class ClusterTimes
{
    /// <summary>
    /// Longest time a call may take. Whoever calls a silo that has just died waits as long at most, so it is shorter than an agent's patience (10 s), and longer than
    /// what a grain does in a turn, a write to the database included.
    /// </summary>
    public static readonly TimeSpan Response = TimeSpan.FromSeconds(5);

    /// <summary>A machine that is gone answers no attempt to connect.</summary>
    public static readonly TimeSpan Connect = TimeSpan.FromSeconds(2);

    /// <summary>How soon a gateway hears of a silo that is new.</summary>
    public static readonly TimeSpan SilosRefresh = TimeSpan.FromSeconds(5);

    /// <summary>As long as a grain that nobody called stays in memory; as with the engine of one process.</summary>
    public static readonly TimeSpan CollectionAge = TimeSpan.FromMinutes(15);

    /// <summary>
    /// A silo that does not answer three probes is dead: after some 5 s if its machine still refuses connections, and up to 7 s if it is merely silent. The price of less would be
    /// a silo that is declared dead because its machine was busy; its hosts then start anew elsewhere.
    /// </summary>
    public static void Detect(ClusterMembershipOptions membership)
    {
        membership.ProbeTimeout = TimeSpan.FromSeconds(1.5);
        membership.MinProbeTimeout = TimeSpan.FromSeconds(1);

        // Also bounds for how long a connection on which something was heard keeps a silo that answers no probe alive.
        membership.MaxProbeTimeout = TimeSpan.FromSeconds(2);
        membership.NumMissedProbesLimit = 3;

        // Of two silos the one that is left decides alone: Orleans asks for no more votes than half of the silos.
        membership.NumVotesForDeathDeclaration = 2;

        // What a silo missed that heard no gossip, such as its own death while it was frozen.
        membership.TableRefreshTimeout = TimeSpan.FromSeconds(10);

        // After all were killed, the entries of the old ones keep the new ones from joining for three of these.
        membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
        membership.NumMissedTableIAmAliveLimit = 3;
        membership.DefunctSiloExpiration = TimeSpan.FromDays(1);
    }
}
