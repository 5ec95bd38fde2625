using Microsoft.Extensions.Hosting;

namespace StatusMonitor.Silo.Cluster;

/// <summary>The engine of one process has no cluster; <see cref="IsAvailable"/> says so before anybody asks for one.</summary>
public static class ClusterHosting
{
    /// <summary>Whether the engine can be one of several processes.</summary>
    public static bool IsAvailable => false;

    /// <exception cref="NotSupportedException">Always.</exception>
    public static IHostApplicationBuilder AddClusterSilo(this IHostApplicationBuilder builder, ClusterPlace place) => throw new NotSupportedException($"The embedded engine has no silo for {place.Name}.");

    /// <exception cref="NotSupportedException">Always.</exception>
    public static IHostApplicationBuilder AddClusterClient(this IHostApplicationBuilder builder, ClusterPlace place) => throw new NotSupportedException($"The embedded engine has no client of {place.Name}.");
}
