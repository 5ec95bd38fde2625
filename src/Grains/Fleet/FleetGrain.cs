using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Streams;
using StatusMonitor.Grains.Hosts;

namespace StatusMonitor.Grains.Fleet;

/// <summary>One part of the fleet: the lines of the hosts whose id leads to it. The key is the shard's number, 0 to <see cref="FleetGrain.Shards"/> - 1.</summary>
[Alias("StatusMonitor.IFleetGrain")]
public interface IFleetGrain : IGrainWithIntegerKey
{
    /// <summary>A host's line is this now. A host that was not known is stored before this returns.</summary>
    [Alias("Update")]
    Task Update(HostSummary summary);

    /// <summary>All lines of the shard. After a restart some say <see cref="HostStatus.Pending"/> until their host has been asked.</summary>
    [Alias("GetHosts"), AlwaysInterleave]
    Task<ImmutableArray<HostSummary>> GetHosts();

    /// <summary>How many hosts there are, and how many are online.</summary>
    [Alias("GetCounts"), AlwaysInterleave]
    Task<(int Total, int Online)> GetCounts();

    /// <summary>Publishes changes to the shard's stream until <see cref="FleetOptions.WatchLease"/> has passed without another call.</summary>
    [Alias("Watch"), AlwaysInterleave]
    Task Watch();
}

/// <inheritdoc cref="IFleetGrain"/>
/// <remarks>
/// Stored are only ids and names. The lines are the hosts' own; a shard that starts asks each of its hosts, which also wakes
/// them, so that a host that fell silent while nobody ran is found offline.
/// </remarks>
[KeepAlive]
public sealed partial class FleetGrain(
    [PersistentState("fleet")] IPersistentState<FleetState> state,
    IOptions<FleetOptions> options,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time,
    ILogger<FleetGrain> logger) : Grain, IFleetGrain
{
    /// <summary>Parts of the fleet. Fixed for good: stored members are found by it.</summary>
    public const int Shards = 16;

    private readonly FleetOptions _options = options.Value;
    private readonly Dictionary<long, HostSummary> _hosts = [];
    private readonly HashSet<long> _changed = [];

    // Hosts that have not spoken since this activation began.
    private readonly HashSet<long> _unheard = [];
    private IGrainTimer? _publishTimer;
    private long _watchedUntil;
    private int _online;

    /// <summary>The shard of a host.</summary>
    public static IFleetGrain For(IGrainFactory grains, long hostId) => grains.GetGrain<IFleetGrain>(hostId % Shards);

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        foreach (var (id, name) in state.State.Hosts) _hosts[id] = new HostSummary(id, name, HostStatus.Pending, null);
        _unheard.UnionWith(_hosts.Keys);
        if (_hosts.Count > 0)
        {
            // Interleaved: hosts report while others are still being woken.
            this.RegisterGrainTimer(Wake, new GrainTimerCreationOptions(TimeSpan.Zero, Timeout.InfiniteTimeSpan) { Interleave = true, KeepAlive = true });
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task Update(HostSummary summary)
    {
        var isKnown = state.State.Hosts.TryGetValue(summary.Id, out var name) && name == summary.Name;
        Set(summary);
        return isKnown ? Task.CompletedTask : Enter(summary);
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<HostSummary>> GetHosts() => Task.FromResult(_hosts.Values.ToImmutableArray());

    /// <inheritdoc/>
    public Task<(int Total, int Online)> GetCounts() => Task.FromResult((_hosts.Count, _online));

    /// <inheritdoc/>
    public Task Watch()
    {
        _watchedUntil = time.GetTimestamp() + (long)(_options.WatchLease.TotalSeconds * time.TimestampFrequency);
        _publishTimer ??= this.RegisterGrainTimer(Publish, new GrainTimerCreationOptions(_options.PublishInterval, _options.PublishInterval));
        return Task.CompletedTask;
    }

    private async Task Enter(HostSummary summary)
    {
        var isNew = !state.State.Hosts.TryGetValue(summary.Id, out var previous);
        state.State.Hosts[summary.Id] = summary.Name;
        try
        {
            await state.WriteStateAsync();
        }
        catch
        {
            if (isNew) state.State.Hosts.Remove(summary.Id);
            else state.State.Hosts[summary.Id] = previous!;
            throw;
        }
    }

    private void Set(HostSummary summary)
    {
        if (_hosts.TryGetValue(summary.Id, out var before) && before.Status == HostStatus.Online) _online--;
        if (summary.Status == HostStatus.Online) _online++;
        _hosts[summary.Id] = summary;
        _unheard.Remove(summary.Id);
        if (_publishTimer is not null) _changed.Add(summary.Id);
    }

    private async Task Wake(CancellationToken cancellationToken)
    {
        foreach (var ids in state.State.Hosts.Keys.ToArray().Chunk(_options.WakeConcurrency))
        {
            if (cancellationToken.IsCancellationRequested) return;
            try
            {
                await Task.WhenAll(ids.Select(Ask));
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // The others of the group are known; the failed host's line comes with its next report.
                Log.WakeFailed(logger, exception);
            }
        }
    }

    private async Task Ask(long id)
    {
        // A line the host sent by itself meanwhile may be newer than this answer.
        if (await GrainFactory.GetGrain<IHostGrain>(id).GetSummary() is { } summary && _unheard.Contains(id)) Set(summary);
    }

    private async Task Publish(CancellationToken cancellationToken)
    {
        if (time.GetTimestamp() > _watchedUntil)
        {
            _publishTimer?.Dispose();
            _publishTimer = null;
            _changed.Clear();
            return;
        }

        if (_changed.Count == 0) return;
        var update = new FleetUpdate([.. _changed.Select(id => _hosts[id])]);
        _changed.Clear();
        try
        {
            var stream = this.GetStreamProvider(LiveStreams.Provider).GetStream<FleetUpdate>(StreamId.Create(LiveStreams.Fleet, this.GetPrimaryKeyLong()));
            await stream.OnNextAsync(update);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Told again with the next update, so that no watcher is left with an old line.
            foreach (var summary in update.Changed) _changed.Add(summary.Id);
            Log.PublishFailed(logger, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "A host could not be asked for its line in the fleet.")]
        public static partial void WakeFailed(ILogger logger, Exception exception);

        [LoggerMessage(LogLevel.Warning, "An update of the fleet could not be published; trying again.")]
        public static partial void PublishFailed(ILogger logger, Exception exception);
    }
}

/// <summary>What a shard stores.</summary>
[GenerateSerializer, Alias("StatusMonitor.FleetState")]
public sealed class FleetState
{
    /// <summary>Name by host id.</summary>
    [Id(0)]
    public Dictionary<long, string> Hosts { get; set; } = [];
}
