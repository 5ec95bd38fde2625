using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Storage;
using Orleans.Streams;
using StatusMonitor.Grains.Agents;
using StatusMonitor.Grains.Fleet;
using StatusMonitor.Storage;
using StatusMonitor.Storage.Samples;

namespace StatusMonitor.Grains.Hosts;

/// <summary>
/// One monitored host; the key is the host id. Samples go to the journal first and count only once they are there, so a
/// crash loses nothing that was acknowledged: the ring is read back from the journal, the rest from the stored state.
/// What a crash may lose is a line in the fleet summary, which the next report makes anew, and when a token was last used.
/// A deleted host is marked so, and what is left of it goes in the background, reminded of until it is gone.
/// </summary>
public sealed partial class HostGrain(
    [PersistentState("host")] IPersistentState<HostState> state,
    ISampleJournal journal,
    IOptions<HostOptions> options,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time,
    ILogger<HostGrain> logger) : Grain, IHostGrain, IRemindable
{
    private const string ErasureReminder = "erasure";

    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(5);

    private readonly HostOptions _options = options.Value;
    private readonly SeriesCatalogue _catalogue = new(options.Value.MaxSeries);
    private readonly SampleRing _ring = new(options.Value.RingWindow, options.Value.RingCapacity);
    private readonly SummaryTracker _tracker = new();

    private HostSummary _summary = null!;
    private IGrainTimer? _livenessTimer;
    private IGrainTimer? _erasure;
    private TimeSpan _interval;
    private TimeSpan? _clockOffset;
    private long _lastSequence = -1;

    // Monotonic, so that setting the wall clock takes no host offline.
    private long _heardAt;
    private long _summaryAt;
    private long? _watchedUntil;

    // The fleet could not be told of the last change.
    private bool _isFleetUntold;

    // Series that watchers have been told of.
    private int _announcedSeries;

    private long Id => this.GetPrimaryKeyLong();

    private bool Exists => state.State is { Name.Length: > 0, DeletedAt: null };

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _summary = new HostSummary(Id, "", HostStatus.Pending, state.State.LastSeen);
        UpdateSummary();

        // While we were away we could not have heard anything, and agents that noticed do not try again at once.
        _heardAt = time.GetTimestamp() + (long)(_options.RestartGrace.TotalSeconds * time.TimestampFrequency);
        if (state.State.Erasing is not null) Erase();
        if (!Exists) return;

        state.State.Tokens = HostTokens.Numbered(state.State.Tokens, _options.TokenActivationWindow);
        state.State.LastTokenId = Math.Max(state.State.LastTokenId, state.State.Tokens is [.., var last] ? last.Id : 0);

        var tail = await journal.ReadTailAsync(Id, _options.RingWindow, _options.RingCapacity, cancellationToken);
        _catalogue.Load(tail.Series);
        foreach (var row in tail.Rows) AddStored(row);
        if (tail.Newest is not { } newest) return;

        _lastSequence = newest.Sequence;
        _interval = TimeSpan.FromMilliseconds(newest.IntervalMilliseconds);
        var received = DateTimeOffset.FromUnixTimeMilliseconds(newest.Received);
        _summary = _summary with
        {
            Status = state.State.OfflineSince is null ? HostStatus.Online : HostStatus.Offline,
            LastSeen = received > _summary.LastSeen ? received : _summary.LastSeen ?? received,
        };
        if (state.State.OfflineSince is null) await CheckLiveness(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task Register(NewHost host)
    {
        ArgumentException.ThrowIfNullOrEmpty(host.Name);
        if (state.State.DeletedAt is not null) throw new InvalidOperationException($"Host {Id} is deleted.");
        if (!Exists)
        {
            await Save(state.State with { Name = host.Name, People = new HostPeople(host.OwnerId, []), Group = host.Group, Tags = host.Tags, CreatedAt = time.GetUtcNow() });
            UpdateSummary();
        }

        // Not as after other changes: a host that is in no list would be found by nobody, so it is not made until it is.
        await TellFleet(isRequired: true);
    }

    /// <inheritdoc/>
    public async Task<bool> Change(HostChange change)
    {
        if (!Exists) return false;

        if (change.Name is not null) ArgumentException.ThrowIfNullOrEmpty(change.Name);
        var saved = state.State;
        var group = change.Group is null ? saved.Group : change.Group is "" ? null : change.Group;
        await Save(saved with { Name = change.Name ?? saved.Name, Group = group, Tags = change.Tags ?? saved.Tags });
        UpdateSummary();
        await TellFleet();
        return true;
    }

    /// <inheritdoc/>
    public async Task<bool> Share(long accountId, HostAccess access)
    {
        if (!Exists || state.State.People.WithShare(accountId, access, _options.MaxShares) is not { } people) return false;
        await SetPeople(people);
        return true;
    }

    /// <inheritdoc/>
    public async Task<bool> SetOwner(long accountId)
    {
        if (!Exists) return false;
        await SetPeople(state.State.People.WithOwner(accountId));
        return true;
    }

    /// <inheritdoc/>
    public async Task<bool> Delete()
    {
        if (!Exists) return false;

        // Before the mark, so that it is never there without somebody who comes back to it.
        await this.RegisterOrUpdateReminder(ErasureReminder, _options.ErasureRetry, _options.ErasureRetry);
        await Save(state.State with
        {
            DeletedAt = time.GetUtcNow(),
            LastSeen = _summary.LastSeen,
            Tokens = [],
            Erasing = [.. state.State.Tokens.Select(token => token.Hash)],
        });

        Log.Deleted(logger, Id, state.State.Name);
        _livenessTimer?.Dispose();
        _livenessTimer = null;
        await TellFleet();
        if (IsWatched()) await Publish([], HostPeople.Nobody);
        Erase();
        return true;
    }

    /// <inheritdoc/>
    public async Task<IssuedToken?> IssueToken(bool replace)
    {
        if (!Exists) return null;

        var now = time.GetUtcNow();
        var previous = state.State.Tokens;
        var kept = replace ? [] : HostTokens.Alive(previous, now);
        if (kept.Count >= _options.MaxTokens) return null;

        var text = TokenHash.NewToken();
        if (!TokenHash.TryHash(text, out var hash)) throw new InvalidOperationException("A new token could not be hashed.");

        // The directory first: an entry there opens nothing until the host knows the token as well.
        await TokenDirectory.For(GrainFactory, hash).Add(hash, Id);
        var token = new HostToken(hash, now + _options.TokenActivationWindow, false, state.State.LastTokenId + 1, now);
        try
        {
            await Save(state.State with { Tokens = [.. kept, token], LastTokenId = token.Id });
        }
        catch (StorageFailedException)
        {
            await Forget([hash]);
            throw;
        }

        await Forget([.. previous.Except(kept).Select(gone => gone.Hash)]);
        return new IssuedToken(text, token.ExpiresAt, token.Id);
    }

    /// <inheritdoc/>
    public async Task<bool> RevokeToken(int tokenId)
    {
        if (!Exists || state.State.Tokens.Find(known => known.Id == tokenId) is not { } token) return false;

        await Save(state.State with { Tokens = state.State.Tokens.FindAll(known => known.Id != tokenId) });
        await Forget([token.Hash]);
        return true;
    }

    /// <inheritdoc/>
    public async Task<TokenOutcome> ValidateToken(TokenHash token)
    {
        var now = time.GetUtcNow();
        var known = HostTokens.Find(state.State.Tokens, token);
        var outcome = HostTokens.Judge(known, now);
        if (outcome != TokenOutcome.Valid) return outcome;

        known!.LastUsedAt = now;
        if (!known.IsActivated && !await TryActivate(known, now)) return TokenOutcome.StorageFailed;

        // A sign of life, but no report: the status tells of those.
        _summary = _summary with { LastSeen = now };
        await TellFleet();
        if (IsWatched()) await Publish([]);
        return TokenOutcome.Valid;
    }

    /// <inheritdoc/>
    public Task<HostPeople?> GetPeople() => Task.FromResult(Exists ? state.State.People : null);

    /// <inheritdoc/>
    public Task<HostRecord?> GetRecord()
    {
        var saved = state.State;
        return Task.FromResult(saved.Name.Length == 0 ? null : new HostRecord(
            Id,
            saved.Name,
            saved.Group,
            saved.Tags,
            saved.People,
            saved.CreatedAt,
            _summary.LastSeen,
            saved.DeletedAt,
            HostTokens.Describe(saved.Tokens, time.GetUtcNow())));
    }

    /// <inheritdoc/>
    public async Task<ReportResult> Report(HostReports reports)
    {
        var token = HostTokens.Find(state.State.Tokens, reports.Token);
        if (token is null) return new ReportResult(ReportOutcome.UnknownToken);

        var received = time.GetUtcNow();
        if (HostTokens.Judge(token, received) == TokenOutcome.Expired) return new ReportResult(ReportOutcome.ExpiredToken);

        if (!TryEncode(reports.Reports, received, out var fresh)) return new ReportResult(ReportOutcome.TooManySeries);

        var accepted = 0;
        if (fresh.Count > 0)
        {
            try
            {
                var newSeries = _catalogue.Unstored();
                accepted = await journal.AppendAsync(Id, newSeries, [.. fresh.Select(sample => sample.Row)]);
                _catalogue.Stored(newSeries);
            }
            catch (StorageBusyException)
            {
                return new ReportResult(ReportOutcome.Busy);
            }
            catch (StorageFailedException exception)
            {
                return Failed(exception);
            }
        }

        token.LastUsedAt = received;
        if (!token.IsActivated && !await TryActivate(token, state.State.LastSeen)) return new ReportResult(ReportOutcome.StorageFailed);

        await Heard(reports, fresh, received);
        return new ReportResult(ReportOutcome.Stored, accepted, reports.Reports.Length - accepted);
    }

    /// <inheritdoc/>
    public Task<HostSummary?> GetSummary() => Task.FromResult(Exists ? _summary : null);

    /// <inheritdoc/>
    public Task<HostSnapshot?> GetSnapshot() => Task.FromResult(Exists ? Snapshot() : null);

    /// <inheritdoc/>
    public Task Watch()
    {
        if (!IsWatched()) _announcedSeries = _catalogue.Names.Count;
        _watchedUntil = time.GetTimestamp() + (long)(_options.WatchLease.TotalSeconds * time.TimestampFrequency);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<double>> GetCpuSpark(int points) => Task.FromResult(
        Exists ? Sparkline.Of(_ring, _catalogue.Find(Protocol.KnownSeries.CpuPercent), _options.RingWindow, points) : []);

    /// <inheritdoc/>
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (state.State.Erasing is not null) Erase();
        else await Unremind();
    }

    /// <summary>Brings the line up to what people changed.</summary>
    private void UpdateSummary()
    {
        var saved = state.State;
        _summary = _summary with { Name = saved.Name, People = saved.People, Group = saved.Group, Tags = saved.Tags };
    }

    private async Task SetPeople(HostPeople people)
    {
        if (people == state.State.People) return;
        await Save(state.State with { People = people });
        UpdateSummary();
        await TellFleet();
        if (IsWatched()) await Publish([], people);
    }

    /// <summary>What is not taken out opens nothing; it only takes up room.</summary>
    private async Task Forget(ImmutableArray<TokenHash> tokens)
    {
        try
        {
            await TokenDirectory.ForgetAsync(GrainFactory, tokens);
        }
        catch (Exception exception)
        {
            Log.TokensNotForgotten(logger, exception, Id);
        }
    }

    /// <summary>Begins, or takes up again, what is left to do for a deleted host.</summary>
    private void Erase()
    {
        // A part at each tick: a server that stops waits for one. Interleaved: whoever asks meanwhile hears that there is no such host.
        _erasure ??= this.RegisterGrainTimer(
            EraseNext,
            new HostErasure(GrainFactory, journal, Id, [.. state.State.Erasing!]),
            new GrainTimerCreationOptions(TimeSpan.Zero, Timeout.InfiniteTimeSpan) { Interleave = true, KeepAlive = true });
    }

    private async Task EraseNext(HostErasure erasure, CancellationToken cancellationToken)
    {
        try
        {
            if (!await erasure.StepAsync())
            {
                _erasure?.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
                return;
            }

            await Save(state.State with { Erasing = null });
            await Unremind();
            Log.Erased(logger, Id);
            DeactivateOnIdle();
        }
        catch (InconsistentStateException)
        {
            // Another activation has the host now; in a call the engine would see to it.
            DeactivateOnIdle();
        }
        catch (Exception exception)
        {
            Log.ErasureFailed(logger, exception, Id);
        }

        _erasure?.Dispose();
        _erasure = null;
    }

    private async Task Unremind()
    {
        if (await this.GetReminder(ErasureReminder) is { } reminder) await this.UnregisterReminder(reminder);
    }

    /// <summary>Encodes the reports that are not in the ring; those the journal alone still has, it will recognise. False if there would be too many series.</summary>
    private bool TryEncode(ImmutableArray<HostReport> reports, DateTimeOffset received, out List<FreshSample> fresh)
    {
        fresh = new List<FreshSample>(reports.Length);
        foreach (var report in reports)
        {
            if (_ring.Contains(report.At)) continue;
            if (!_catalogue.TryMap(report.Series, out var ids)) return false;

            var row = new JournalRow(
                report.At,
                received.ToUnixTimeMilliseconds(),
                report.Sequence,
                (int)report.Interval.TotalMilliseconds,
                SampleRow.Encode(ids, report.Values.AsSpan()));
            fresh.Add(new FreshSample(report, ids, row));
        }

        return true;
    }

    /// <summary>The reports are durable: bring the live state up to them and tell whoever watches.</summary>
    private async Task Heard(HostReports reports, List<FreshSample> fresh, DateTimeOffset received)
    {
        var newest = reports.Reports[^1];
        var cameBack = _summary.Status != HostStatus.Online;
        var isNewInterval = _interval != newest.Interval;
        _heardAt = time.GetTimestamp();
        _interval = newest.Interval;

        foreach (var (report, ids, _) in fresh)
        {
            ForgetFuture(report);
            _ring.Add(report.At, ids, report.Values.AsSpan());
            _lastSequence = Math.Max(_lastSequence, report.Sequence);
        }

        _summary = _summary with { Status = HostStatus.Online, LastSeen = received };
        if (fresh.Count > 0)
        {
            _clockOffset = DateTimeOffset.FromUnixTimeMilliseconds(newest.At) - received;
            var isSummaryDue = cameBack || _heardAt - _summaryAt >= (long)(_options.SummaryInterval.TotalSeconds * time.TimestampFrequency);
            if (isSummaryDue)
            {
                _summaryAt = _heardAt;
                _summary = _tracker.Summarize(_summary, fresh[^1].Report);
            }
        }

        if (_summaryAt == _heardAt || cameBack) await TellFleet();

        await SaveWhatChanged(reports.Agent, newest.BootId);
        ArmLiveness(HostLiveness.Evaluate(TimeSpan.Zero, _interval, _options).ChangesIn!.Value, onlyIfIdle: !isNewInterval);
        if (IsWatched()) await Publish([.. fresh.Select(sample => sample.ToLive())]);
    }

    /// <summary>What is stored holds whether or not the fleet could be told. It is told again, and the erasure sees to a host that is deleted.</summary>
    private async Task TellFleet(bool isRequired = false)
    {
        var fleet = FleetGrain.For(GrainFactory, Id);
        try
        {
            await (Exists ? fleet.Update(_summary) : fleet.Remove(Id));
            _isFleetUntold = false;
        }
        catch (Exception exception)
        {
            Log.FleetNotTold(logger, exception, Id);
            _isFleetUntold = true;
            if (Exists) ArmLiveness(Retry, onlyIfIdle: false);
            if (isRequired) throw;
        }
    }

    /// <summary>
    /// A later report with an earlier time means that the agent's clock was set back. What the ring holds beyond it would stay the newest
    /// until the clock comes by again, so it goes; the journal keeps it.
    /// </summary>
    private void ForgetFuture(HostReport report)
    {
        const long Tolerated = 60_000;
        if (report.Sequence > _lastSequence && _ring.Newest - report.At > Tolerated) _ring.DropAfter(report.At);
    }

    private async Task SaveWhatChanged(HostDescription? agent, string bootId)
    {
        var saved = state.State;
        // Classic agents know no boot id.
        var isSameBoot = bootId.Length == 0 || saved.BootId == bootId;
        if (saved.OfflineSince is null && isSameBoot && (agent is null || agent == saved.Agent)) return;

        (saved.OfflineSince, saved.BootId, saved.Agent) = (null, isSameBoot ? saved.BootId : bootId, agent ?? saved.Agent);
        // Not stored is no harm to the samples: what is in memory holds, and the next change is stored with it.
        await TrySave();
    }

    private Task<bool> TryActivate(HostToken token, DateTimeOffset? lastSeen) =>
        TrySave(state.State with { Tokens = HostTokens.Activate(state.State.Tokens, token), LastSeen = lastSeen });

    /// <summary>Makes a change that holds only if it can be stored.</summary>
    /// <exception cref="StorageFailedException">It could not; everything is as before.</exception>
    private async Task Save(HostState changed)
    {
        if (!await TrySave(changed)) throw new StorageFailedException();
    }

    private async Task<bool> TrySave(HostState changed)
    {
        var previous = state.State;
        state.State = changed;
        if (await TrySave()) return true;
        state.State = previous;
        return false;
    }

    private async Task<bool> TrySave()
    {
        try
        {
            await state.WriteStateAsync();
            return true;
        }
        catch (OrleansException exception) when (exception is not InconsistentStateException)
        {
            // Whatever a store throws comes wrapped. That somebody else has written must end this activation.
            Log.StateNotSaved(logger, exception, Id);
            return false;
        }
    }

    private ReportResult Failed(StorageFailedException exception)
    {
        if (exception.InnerException is not null) Log.ReportNotStored(logger, exception.Message, Id);
        return new ReportResult(ReportOutcome.StorageFailed);
    }

    /// <summary>The status as silence makes it. Runs when it can have changed, and arms itself for the next time it can.</summary>
    private async Task CheckLiveness(CancellationToken cancellationToken)
    {
        try
        {
            var (status, changesIn) = _summary.Status == HostStatus.Pending
                ? (HostStatus.Pending, null)
                : HostLiveness.Evaluate(time.GetElapsedTime(_heardAt), _interval, _options);
            if (status == _summary.Status && !_isFleetUntold)
            {
                if (changesIn is { } due) ArmLiveness(due, onlyIfIdle: false);
                return;
            }

            if (status == HostStatus.Offline)
            {
                var isKnown = state.State.OfflineSince is not null;
                state.State.OfflineSince ??= time.GetUtcNow();
                if (!isKnown && !await TrySave())
                {
                    state.State.OfflineSince = null;
                    ArmLiveness(Retry, onlyIfIdle: false);
                    return;
                }

                _livenessTimer?.Dispose();
                _livenessTimer = null;
            }

            if (status != _summary.Status && status != HostStatus.Online) Log.StatusChanged(logger, Id, _summary.Name, status, _summary.LastSeen);
            _summary = _summary with { Status = status };
            _isFleetUntold = true;
            await FleetGrain.For(GrainFactory, Id).Update(_summary);
            _isFleetUntold = false;
            if (IsWatched()) await Publish([]);
            if (changesIn is { } next) ArmLiveness(next, onlyIfIdle: false);
        }
        catch (InconsistentStateException)
        {
            // Another activation has the host now; in a call the engine would see to it.
            DeactivateOnIdle();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The fleet could not be told; a status that nobody hears of must be told again.
            Log.LivenessFailed(logger, exception, Id);
            ArmLiveness(Retry, onlyIfIdle: false);
        }
    }

    /// <param name="due">When to look; a moment more, because silence must exceed the bound.</param>
    /// <param name="onlyIfIdle">Leave a timer that runs already: it will look at how long ago the last report was by then.</param>
    private void ArmLiveness(TimeSpan due, bool onlyIfIdle)
    {
        due += TimeSpan.FromMilliseconds(1);
        if (_livenessTimer is null)
        {
            // Kept alive: whether an online host falls silent must be noticed even if nobody asks.
            _livenessTimer = this.RegisterGrainTimer(CheckLiveness, new GrainTimerCreationOptions(due, Timeout.InfiniteTimeSpan) { KeepAlive = true });
        }
        else if (!onlyIfIdle)
        {
            _livenessTimer.Change(due, Timeout.InfiniteTimeSpan);
        }
    }

    private bool IsWatched()
    {
        if (_watchedUntil is not { } until) return false;
        if (time.GetTimestamp() <= until) return true;
        _watchedUntil = null;
        return false;
    }

    private async Task Publish(ImmutableArray<LiveSample> samples, HostPeople? people = null)
    {
        var first = _announcedSeries;
        _announcedSeries = _catalogue.Names.Count;
        try
        {
            var stream = this.GetStreamProvider(LiveStreams.Provider).GetStream<HostUpdate>(StreamId.Create(LiveStreams.Hosts, Id));
            await stream.OnNextAsync(new HostUpdate(_summary.Status, _summary.LastSeen, samples, first, [.. _catalogue.Names.Skip(first)], people));
        }
        catch (Exception exception)
        {
            // A watcher that missed something takes a new snapshot; the report is stored either way.
            Log.PublishFailed(logger, exception, Id);
        }
    }

    private void AddStored(JournalRow row)
    {
        var ids = new List<int>();
        var values = new List<double>();
        SampleRow.Decode(row.Values, (id, value) =>
        {
            ids.Add(id);
            values.Add(value);
        });
        _ring.Add(row.At, [.. ids], CollectionsMarshal.AsSpan(values));
    }

    private HostSnapshot Snapshot()
    {
        var times = ImmutableArray.CreateBuilder<long>(_ring.Count);
        var columns = new double[_catalogue.Names.Count][];
        _ring.Read((at, ids, values) =>
        {
            for (var i = 0; i < ids.Length; i++)
            {
                var column = columns[ids[i]];
                if (column is null)
                {
                    column = columns[ids[i]] = new double[_ring.Count];
                    Array.Fill(column, double.NaN);
                }

                column[times.Count] = values[i];
            }

            times.Add(at);
        });

        return new HostSnapshot(
            _summary,
            _interval > TimeSpan.Zero ? _interval : null,
            state.State.BootId,
            _clockOffset,
            state.State.Agent,
            [.. _catalogue.Names],
            times.ToImmutable(),
            [.. columns.Select(column => column is null ? [] : ImmutableArray.Create(column, 0, times.Count))]);
    }

    /// <summary>A report on its way into the ring, with what the journal gets of it.</summary>
    private readonly record struct FreshSample(HostReport Report, int[] SeriesIds, JournalRow Row)
    {
        public LiveSample ToLive() => new(Report.At, ImmutableCollectionsMarshal.AsImmutableArray(SeriesIds), Report.Values);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Host {HostId} ({Name}) is {Status}; last report at {LastSeen:u}.")]
        public static partial void StatusChanged(ILogger logger, long hostId, string name, HostStatus status, DateTimeOffset? lastSeen);

        [LoggerMessage(LogLevel.Information, "Host {HostId} ({Name}) is deleted; its history goes.")]
        public static partial void Deleted(ILogger logger, long hostId, string name);

        [LoggerMessage(LogLevel.Information, "Nothing is left of the deleted host {HostId}.")]
        public static partial void Erased(ILogger logger, long hostId);

        [LoggerMessage(LogLevel.Warning, "Not everything of the deleted host {HostId} could be erased; trying again.")]
        public static partial void ErasureFailed(ILogger logger, Exception exception, long hostId);

        [LoggerMessage(LogLevel.Warning, "Tokens of host {HostId} that are no longer good could not be taken out of the directory.")]
        public static partial void TokensNotForgotten(ILogger logger, Exception exception, long hostId);

        [LoggerMessage(LogLevel.Warning, "The state of host {HostId} could not be saved.")]
        public static partial void StateNotSaved(ILogger logger, Exception exception, long hostId);

        [LoggerMessage(LogLevel.Warning, "Reports of host {HostId} were not stored: {Reason}")]
        public static partial void ReportNotStored(ILogger logger, string reason, long hostId);

        [LoggerMessage(LogLevel.Warning, "The fleet could not be told of host {HostId}.")]
        public static partial void FleetNotTold(ILogger logger, Exception exception, long hostId);

        [LoggerMessage(LogLevel.Warning, "The status of host {HostId} could not be told to the fleet; trying again.")]
        public static partial void LivenessFailed(ILogger logger, Exception exception, long hostId);

        [LoggerMessage(LogLevel.Warning, "An update of host {HostId} could not be published.")]
        public static partial void PublishFailed(ILogger logger, Exception exception, long hostId);
    }
}
