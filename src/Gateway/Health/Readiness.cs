using StatusMonitor.Silo.Cluster;
using StatusMonitor.Storage;

namespace StatusMonitor.Gateway.Health;

/// <summary>Whether requests are to be sent to this process: not while it ends, is not of its cluster, or cannot reach the database.</summary>
internal sealed class Readiness(IEnumerable<IStoreState> stores, IServiceProvider services, IHostApplicationLifetime lifetime, TimeProvider time)
{
    /// <summary>A database that answers later is as good as away.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    // None in a process that is a whole server.
    private readonly ClusterLink? _link = services.GetService<ClusterLink>();

    /// <summary>Why not, or null.</summary>
    public async Task<string?> FindProblemAsync(CancellationToken cancellationToken)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested) return "This process is ending.";
        if (_link?.Problem is { } problem) return problem;

        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            foreach (var store in stores)
            {
                if (await store.CheckAsync(either.Token) is { } failure) return $"The database cannot be reached: {failure}";
            }

            return null;
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            return $"The database has not answered for {Patience.TotalSeconds:0} s.";
        }
    }
}
