using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Storage;
using StatusMonitor.Grains.Hosts;
using StatusMonitor.Grains.Live;

namespace StatusMonitor.Grains.Fleet;

/// <summary>One part of the fleet: the lines of the hosts whose id leads to it. The key is the shard's number, 0 to <see cref="FleetGrain.Shards"/> - 1.</summary>
[Alias("StatusMonitor.IFleetGrain")]
public interface IFleetGrain : IGrainWithIntegerKey
{
    /// <summary>A host's line is this now. A host that was not known is stored before this returns.</summary>
    [Alias("Update")]
    Task Update(HostSummary summary);

    /// <summary>A host is no more. It leaves the shard, and watchers are told.</summary>
    [Alias("Remove")]
    Task Remove(long hostId);

    /// <summary>
    /// The lines of the shard that somebody may see; null sees all. After a restart some say <see cref="HostStatus.Pending"/> until their host has been asked.
    /// </summary>
    [Alias("GetHosts"), AlwaysInterleave]
    Task<ImmutableArray<HostSummary>> GetHosts(Viewer? viewer);

    /// <summary>A stretch of the lines of the shard that somebody asks for and may see, from the place <paramref name="first"/> on, with what there is beside it.</summary>
    [Alias("Select"), AlwaysInterleave]
    Task<FleetPart> Select(FleetQuestion question, Viewer viewer, int first, int count);

    /// <summary>Ids of the hosts an account owns.</summary>
    [Alias("GetOwned"), AlwaysInterleave]
    Task<ImmutableArray<long>> GetOwned(long accountId);

    /// <summary>How many hosts there are, and how many are online.</summary>
    [Alias("GetCounts"), AlwaysInterleave]
    Task<(int Total, int Online)> GetCounts();

    /// <summary>How many hosts each account owns.</summary>
    [Alias("CountByOwner"), AlwaysInterleave]
    Task<ImmutableArray<KeyValuePair<long, int>>> CountByOwner();

    /// <summary>
    /// Has each host asked for its line, in the background, and again those that cannot answer. A part of the hosts went with a silo; who does not report any more would be missed by nobody.
    /// </summary>
    [Alias("AskHosts"), AlwaysInterleave]
    Task AskHosts();

    /// <summary>
    /// Publishes to those who are subscribed (<see cref="LiveTopics.Fleet"/>) what becomes of hosts (new ones, other people, names, groups, tags, statuses, removals), until <see cref="FleetOptions.WatchLease"/> has passed without another call.
    /// False if it did not publish until now.
    /// </summary>
    [Alias("Watch"), AlwaysInterleave]
    Task<bool> Watch();

    /// <summary>
    /// From now on, for as long, changed values of these hosts are published too, and gives their lines as they are: of others nobody sees them. A page that somebody looks at has few hosts, and
    /// a fleet reports thousands of times a second. Hosts that are not here are left out.
    /// </summary>
    [Alias("Show"), AlwaysInterleave]
    Task<ImmutableArray<HostSummary>> Show(ImmutableArray<long> hostIds);
}

/// <inheritdoc cref="IFleetGrain"/>
/// <remarks>
/// Stored is what a line needs before its host has been asked: nobody may see another's host, not even in the first moment after a restart. The lines are the
/// hosts' own; a shard that starts asks each of its hosts, which also wakes them, so that a host that fell silent while nobody ran is found offline, and one
/// that was changed or deleted just before a crash is shown as it is.
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

    /// <summary>Removed hosts that are remembered. A line is under way for moments; so many are not removed meanwhile.</summary>
    private const int MostRemoved = 10_000;

    private readonly FleetOptions _options = options.Value;
    private readonly FleetLines _lines = new();
    private readonly HashSet<long> _changed = [];
    private readonly HashSet<long> _gone = [];

    // Hosts whose entry in the state differs from their line, or from there being none.
    private readonly HashSet<long> _unstored = [];

    // A line that was under way when its host was deleted must not bring it back.
    private readonly HashSet<long> _removed = [];

    // Hosts that are to be asked, and have not spoken since.
    private readonly HashSet<long> _unheard = [];
    private bool _isWaking;
    private IGrainTimer? _publishTimer;
    private long _watchedUntil;

    // Hosts that somebody looks at, and until when. Bounded by the hosts there are.
    private readonly Dictionary<long, long> _shownUntil = [];

    /// <summary>The shard of a host.</summary>
    public static IFleetGrain For(IGrainFactory grains, long hostId) => grains.GetGrain<IFleetGrain>(hostId % Shards);

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        foreach (var (id, name) in state.State.Hosts) state.State.Members.TryAdd(id, new FleetMember(name, HostPeople.Nobody, null, []));
        state.State.Hosts.Clear();

        foreach (var (id, member) in state.State.Members) _lines.Set(member.ToLine(id));
        AskAll();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task Update(HostSummary summary)
    {
        Set(summary);
        return _unstored.Count == 0 ? Task.CompletedTask : Store();
    }

    /// <inheritdoc/>
    public Task Remove(long hostId)
    {
        Drop(hostId);
        return _unstored.Count == 0 ? Task.CompletedTask : Store();
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<HostSummary>> GetHosts(Viewer? viewer) => Task.FromResult<ImmutableArray<HostSummary>>([.. viewer is null ? _lines.All : _lines.VisibleTo(viewer)]);

    /// <inheritdoc/>
    public Task<FleetPart> Select(FleetQuestion question, Viewer viewer, int first, int count) => Task.FromResult(_lines.Select(question, viewer, first, count));

    /// <inheritdoc/>
    public Task<ImmutableArray<long>> GetOwned(long accountId) => Task.FromResult<ImmutableArray<long>>([.. _lines.OwnedBy(accountId).Select(line => line.Id)]);

    /// <inheritdoc/>
    public Task<(int Total, int Online)> GetCounts() => Task.FromResult((_lines.Count, _lines.Online));

    /// <inheritdoc/>
    public Task<ImmutableArray<KeyValuePair<long, int>>> CountByOwner() => Task.FromResult<ImmutableArray<KeyValuePair<long, int>>>([.. _lines.CountByOwner()]);

    /// <inheritdoc/>
    public Task AskHosts()
    {
        AskAll();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<bool> Watch()
    {
        var wasWatched = _publishTimer is not null;
        _watchedUntil = LeaseEnd();
        _publishTimer ??= this.RegisterGrainTimer(Publish, new GrainTimerCreationOptions(_options.PublishInterval, _options.PublishInterval));
        return Task.FromResult(wasWatched);
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<HostSummary>> Show(ImmutableArray<long> hostIds)
    {
        var until = LeaseEnd();
        HostSummary[] lines = [.. hostIds.Select(_lines.Find).OfType<HostSummary>()];
        foreach (var line in lines) _shownUntil[line.Id] = until;
        return Task.FromResult<ImmutableArray<HostSummary>>([.. lines]);
    }

    private long LeaseEnd() => time.GetTimestamp() + (long)(_options.WatchLease.TotalSeconds * time.TimestampFrequency);

    /// <summary>Brings the stored members up to the lines. Only in turns that do not interleave: two writes at once would spoil each other.</summary>
    private async Task Store()
    {
        var ids = _unstored.ToArray();
        _unstored.Clear();
        foreach (var id in ids)
        {
            if (_lines.Find(id) is { } line) state.State.Members[id] = FleetMember.Of(line);
            else state.State.Members.Remove(id);
        }

        try
        {
            await state.WriteStateAsync();
        }
        catch
        {
            // The next update, whosever it is, tries again.
            _unstored.UnionWith(ids);
            throw;
        }
    }

    private void Set(HostSummary summary)
    {
        if (_removed.Contains(summary.Id)) return;
        var before = _lines.Set(summary);
        _unheard.Remove(summary.Id);
        if (!state.State.Members.TryGetValue(summary.Id, out var member) || !member.IsOf(summary)) _unstored.Add(summary.Id);
        if (_publishTimer is not null && (before is null || IsOtherwise(before, summary) || IsShown(summary.Id))) _changed.Add(summary.Id);
    }

    /// <summary>Whether more is different than what a host reports all the time: what decides who sees it, and on which pages it is.</summary>
    private static bool IsOtherwise(HostSummary before, HostSummary now) =>
        (before.Status, before.Firing, before.Severity, before.Name, before.Group) != (now.Status, now.Firing, now.Severity, now.Name, now.Group)
        || !FleetLines.PeopleOf(before).Equals(FleetLines.PeopleOf(now))
        || !before.Tags.GetValueOrDefault().AsSpan().SequenceEqual(now.Tags.GetValueOrDefault().AsSpan());

    private bool IsShown(long id) => _shownUntil.TryGetValue(id, out var until) && time.GetTimestamp() <= until;

    private void Drop(long id)
    {
        if (_removed.Count >= MostRemoved) _removed.Clear();
        _removed.Add(id);
        _unheard.Remove(id);
        _changed.Remove(id);
        if (state.State.Members.ContainsKey(id)) _unstored.Add(id);
        _shownUntil.Remove(id);
        if (_lines.Remove(id) is null) return;

        if (_publishTimer is not null) _gone.Add(id);
    }

    private void AskAll()
    {
        _unheard.UnionWith(_lines.Ids);
        if (_unheard.Count > 0 && !_isWaking) WakeAfter(TimeSpan.Zero);
    }

    /// <summary>Interleaved: hosts report while others are still being woken.</summary>
    private void WakeAfter(TimeSpan wait)
    {
        _isWaking = true;
        this.RegisterGrainTimer(Wake, new GrainTimerCreationOptions(wait, Timeout.InfiniteTimeSpan) { Interleave = true, KeepAlive = true });
    }

    private async Task Wake(CancellationToken cancellationToken)
    {
        foreach (var ids in _unheard.ToArray().Chunk(_options.WakeConcurrency))
        {
            if (cancellationToken.IsCancellationRequested) return;
            try
            {
                await Task.WhenAll(ids.Select(Ask));
            }
            catch (Exception exception)
            {
                // The others of the group are known; the failed host is asked again, unless it reports before.
                Log.WakeFailed(logger, exception);
            }
        }

        _isWaking = false;
        if (_unheard.Count > 0) WakeAfter(_options.WakeRetry);
        if (_unstored.Count > 0) this.RegisterGrainTimer(StoreAnswers, new GrainTimerCreationOptions(TimeSpan.Zero, Timeout.InfiniteTimeSpan) { KeepAlive = true });
    }

    private async Task Ask(long id)
    {
        var summary = await GrainFactory.GetGrain<IHostGrain>(id).GetSummary();

        // A line the host sent by itself meanwhile may be newer than this answer.
        if (!_unheard.Contains(id)) return;
        if (summary is null) Drop(id);
        else Set(summary);
    }

    /// <summary>What hosts answered otherwise than it was stored: we were not told before a crash.</summary>
    private async Task StoreAnswers(CancellationToken cancellationToken)
    {
        try
        {
            if (_unstored.Count > 0) await Store();
        }
        catch (InconsistentStateException)
        {
            // Another activation has the shard now; in a call the engine would see to it.
            DeactivateOnIdle();
        }
        catch (Exception exception)
        {
            Log.AnswersNotStored(logger, exception);
        }
    }

    private async Task Publish(CancellationToken cancellationToken)
    {
        if (time.GetTimestamp() > _watchedUntil)
        {
            _publishTimer?.Dispose();
            _publishTimer = null;
            _changed.Clear();
            _gone.Clear();
            _shownUntil.Clear();
            return;
        }

        if (_changed.Count == 0 && _gone.Count == 0) return;
        var update = new FleetUpdate([.. _changed.Select(id => _lines.Find(id)!)], [.. _gone]);
        _changed.Clear();
        _gone.Clear();
        try
        {
            await GrainFactory.GetGrain<ILiveTopicGrain>(LiveTopics.Fleet(this.GetPrimaryKeyLong())).Publish(update);
        }
        catch (Exception exception)
        {
            // Told again with the next update, so that no watcher is left with an old line.
            _changed.UnionWith(update.Changed.Select(line => line.Id).Where(id => _lines.Find(id) is not null));
            _gone.UnionWith(update.Removed);
            Log.PublishFailed(logger, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "A host could not be asked for its line in the fleet.")]
        public static partial void WakeFailed(ILogger logger, Exception exception);

        [LoggerMessage(LogLevel.Warning, "What the hosts answered could not be stored; the next update of the shard tries again.")]
        public static partial void AnswersNotStored(ILogger logger, Exception exception);

        [LoggerMessage(LogLevel.Warning, "An update of the fleet could not be published; trying again.")]
        public static partial void PublishFailed(ILogger logger, Exception exception);
    }
}
