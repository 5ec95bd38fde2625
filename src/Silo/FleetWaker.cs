using Microsoft.Extensions.Hosting;
using StatusMonitor.Grains.Fleet;

namespace StatusMonitor.Silo;

/// <summary>After a start nobody has asked for the fleet yet; without its shards awake, a host that fell silent meanwhile would not be missed.</summary>
internal sealed class FleetWaker(IGrainFactory grains) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, FleetGrain.Shards).Select(shard => grains.GetGrain<IFleetGrain>(shard).GetCounts()));

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
