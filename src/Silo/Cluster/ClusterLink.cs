namespace StatusMonitor.Silo.Cluster;

/// <summary>What binds this process to its cluster. There is none in a process that is a whole server.</summary>
/// <param name="findProblem">Why this process is not of the cluster now, or null if it is.</param>
public sealed class ClusterLink(Func<string?> findProblem)
{
    /// <inheritdoc cref="ClusterLink(Func{string?})" path="/param"/>
    public string? Problem => findProblem();
}
