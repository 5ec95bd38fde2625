using System.Globalization;
using StatusMonitor.Silo.Cluster;
using StatusMonitor.Storage.Tests.Postgres;

namespace StatusMonitor.Cluster.Tests.Support;

/// <summary>A test of silos and gateways: skipped, with the reason, where there can be none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public class ClusterFactAttribute : FactAttribute
{
    public ClusterFactAttribute() =>
        Skip = ClusterHosting.IsAvailable ? PostgresCluster.Missing : "This build is on the engine of one process; a cluster needs Microsoft Orleans (-p:Engine=Orleans).";
}

/// <summary>One that takes minutes: skipped unless it is asked for.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LongClusterFactAttribute : ClusterFactAttribute
{
    private const string Variable = "STATUSMONITOR_CHAOS_MINUTES";

    public LongClusterFactAttribute() => Skip ??= Length is null ? $"It takes minutes; set {Variable} to how many the longest of them is to take." : null;

    /// <summary>How long the longest is to take.</summary>
    public static TimeSpan? Length { get; } =
        double.TryParse(Environment.GetEnvironmentVariable(Variable), CultureInfo.InvariantCulture, out var minutes) && minutes > 0 ? TimeSpan.FromMinutes(minutes) : null;
}
