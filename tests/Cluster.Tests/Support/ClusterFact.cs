using StatusMonitor.Silo.Cluster;
using StatusMonitor.Storage.Tests.Postgres;

namespace StatusMonitor.Cluster.Tests.Support;

/// <summary>A test of silos and gateways: skipped, with the reason, where there can be none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ClusterFactAttribute : FactAttribute
{
    public ClusterFactAttribute() =>
        Skip = ClusterHosting.IsAvailable ? PostgresCluster.Missing : "This build is on the engine of one process; a cluster needs Microsoft Orleans (-p:Engine=Orleans).";
}
