using StatusMonitor.Grains.Live;

namespace StatusMonitor.Gateway.Health;

/// <summary>
/// Whether this process should be left to run. One that answers no request is found by that alone; here it is found whether a whole server still runs its grains. What they need from
/// elsewhere does not count, since starting the process again would not bring it. Members of a cluster watch each other, and one that is given up by the others ends itself.
/// </summary>
internal sealed class Liveness(IGrainFactory grains, ServerOptions options, IHostApplicationLifetime lifetime, TimeProvider time)
{
    /// <summary>A grain that does nothing else answers at once on a server that is merely busy.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public async Task<bool> IsAliveAsync()
    {
        if (options.Role != ServerRole.All || lifetime.ApplicationStopping.IsCancellationRequested) return true;
        try
        {
            await grains.GetGrain<ILiveTopicGrain>("liveness").CountSubscriptions().WaitAsync(Patience, time);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
