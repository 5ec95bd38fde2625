using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Storage;
using StatusMonitor.Grains.Agents;
using StatusMonitor.Grains.Fleet;
using StatusMonitor.Grains.Live;
using StatusMonitor.Storage;

namespace StatusMonitor.Grains.Hosts;

/// <summary>
/// One monitored host; the key is the host id. Samples go to the journal first and count only once they are there, so a
/// crash loses nothing that was acknowledged: the ring is read back from the journal, the rest from the stored state.
/// What a crash may lose is a line in the fleet summary, which the next report makes anew, and when a token was last used.
/// A deleted host is marked so, and what is left of it goes in the background, reminded of until it is gone.
/// </summary>
public sealed partial class HostGrain(
    [PersistentState("host")] IPersistentState<HostState> state,
    [PersistentState("alerts")] IPersistentState<HostAlertsState> alerts,
    ISampleJournal journal,
    HostAlertServices alertServices,
    IOptions<HostOptions> options,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time,
    ILogger<HostGrain> logger) : Grain, IHostGrain, IRemindable
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(5);

    private readonly HostOptions _options = options.Value;
    private readonly SeriesCatalogue _catalogue = new(options.Value.MaxSeries);
    private readonly SampleRing _ring = new(options.Value.RingWindow, options.Value.RingCapacity);
    private readonly SummaryTracker _tracker = new();

    // What is stored. Calls that interleave with a write see what was before it, because it may yet fail.
    private HostState _saved = null!;
    private HostSummary _summary = null!;
    private HostSilence _silence = null!;
    private HostAlerts _alerts = null!;
    private HostFeed? _feed;
    private HostErasure? _erasure;
    private TimeSpan? _clockOffset;
    private long _lastSequence = -1;
    private long _summaryAt;

    // The fleet could not be told of the last change.
    private bool _isFleetUntold;

    private long Id => this.GetPrimaryKeyLong();

    [MemberNotNullWhen(true, nameof(_feed))]
    private bool IsWatched => _feed is { IsWatched: true };

    private bool Exists => _saved is { Name.Length: > 0, DeletedAt: null };

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _saved = state.State;
        _summary = new HostSummary(Id, "", HostStatus.Pending, _saved.LastSeen);
        UpdateSummary();
        _silence = new HostSilence(this, _options, time, CheckLiveness);
        _alerts = new HostAlerts(this, alerts, _summary, () => new RecentSamples(_ring, _catalogue, _silence.Interval), TellTally, alertServices);
        if (_saved.Erasing is not null) Erase();
        if (!Exists) return;

        _saved.Tokens = HostTokens.Numbered(_saved.Tokens, _options.TokenActivationWindow);
        _saved.LastTokenId = Math.Max(_saved.LastTokenId, _saved.Tokens is [.., var last] ? last.Id : 0);

        var tail = await journal.ReadTailAsync(Id, _options.RingWindow, _options.RingCapacity, cancellationToken);
        _catalogue.Load(tail.Series);
        foreach (var row in tail.Rows) _ring.Add(row);
        if (tail.Newest is not { } newest) return;

        _lastSequence = newest.Sequence;
        _silence.Interval = TimeSpan.FromMilliseconds(newest.IntervalMilliseconds);
        var received = DateTimeOffset.FromUnixTimeMilliseconds(newest.Received);

        // Heard of since, but a crash came before that was stored.
        if (received > _saved.OfflineSince) _saved.OfflineSince = null;
        _summary = _summary with
        {
            Status = _saved.OfflineSince is null ? HostStatus.Online : HostStatus.Offline,
            LastSeen = received > _summary.LastSeen ? received : _summary.LastSeen ?? received,
        };
        await _alerts.ActivateAsync(_saved.BootId, _saved.OfflineSince, new RecentSamples(_ring, _catalogue, _silence.Interval), RecentSamples.LateOf(tail.Rows));
        TakeTally();
        if (_saved.OfflineSince is null) await CheckLiveness(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task Register(NewHost host)
    {
        ArgumentException.ThrowIfNullOrEmpty(host.Name);
        if (_saved.DeletedAt is not null) throw new InvalidOperationException($"Host {Id} is deleted.");
        if (!Exists)
        {
            await Save(_saved with { Name = host.Name, People = new HostPeople(host.OwnerId, []), Group = host.Group, Tags = host.Tags, CreatedAt = time.GetUtcNow() });
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
        var group = change.Group is null ? _saved.Group : change.Group is "" ? null : change.Group;
        await Save(_saved with { Name = change.Name ?? _saved.Name, Group = group, Tags = change.Tags ?? _saved.Tags });
        UpdateSummary();
        await _alerts.ChangedAsync(_summary);
        await TellFleet();
        if (IsWatched) await _feed.PublishAsync(_summary, [], _saved.People);
        return true;
    }

    /// <inheritdoc/>
    public async Task<bool> Share(long accountId, HostAccess access)
    {
        if (!Exists || _saved.People.WithShare(accountId, access, _options.MaxShares) is not { } people) return false;
        await SetPeople(people);
        return true;
    }

    /// <inheritdoc/>
    public async Task<bool> SetOwner(long accountId)
    {
        if (!Exists) return false;
        await SetPeople(_saved.People.WithOwner(accountId));
        return true;
    }

    /// <inheritdoc/>
    public async Task<bool> Delete()
    {
        if (!Exists) return false;

        // Before the mark, so that it is never there without somebody who comes back to it.
        await HostErasure.RemindAsync(this, _options.ErasureRetry);
        await Save(_saved with
        {
            DeletedAt = time.GetUtcNow(),
            LastSeen = _summary.LastSeen,
            Tokens = [],
            Erasing = [.. _saved.Tokens.Select(token => token.Hash)],
        });

        Log.Deleted(logger, Id, _saved.Name);
        _silence.Stop();
        await _alerts.DeleteAsync();
        await TellFleet();
        if (IsWatched) await _feed.PublishAsync(_summary, [], HostPeople.Nobody);
        Erase();
        return true;
    }

    /// <inheritdoc/>
    public async Task<IssuedToken?> IssueToken(bool replace)
    {
        if (!Exists) return null;

        var now = time.GetUtcNow();
        var previous = _saved.Tokens;
        var kept = replace ? [] : HostTokens.Alive(previous, now);
        if (kept.Count >= _options.MaxTokens) return null;

        var text = TokenHash.NewToken();
        if (!TokenHash.TryHash(text, out var hash)) throw new InvalidOperationException("A new token could not be hashed.");

        // The directory first: an entry there opens nothing until the host knows the token as well.
        await TokenDirectory.For(GrainFactory, hash).Add(hash, Id);
        var token = new HostToken(hash, now + _options.TokenActivationWindow, false, _saved.LastTokenId + 1, now);
        try
        {
            await Save(_saved with { Tokens = [.. kept, token], LastTokenId = token.Id });
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
        if (!Exists || _saved.Tokens.Find(known => known.Id == tokenId) is not { } token) return false;

        await Save(_saved with { Tokens = _saved.Tokens.FindAll(known => known.Id != tokenId) });
        await Forget([token.Hash]);
        return true;
    }

    /// <inheritdoc/>
    public async Task<TokenOutcome> ValidateToken(TokenHash token)
    {
        var now = time.GetUtcNow();
        var known = HostTokens.Find(_saved.Tokens, token);
        var outcome = HostTokens.Judge(known, now);
        if (outcome != TokenOutcome.Valid) return outcome;

        known!.LastUsedAt = now;
        if (!known.IsActivated && !await TryActivate(known, now)) return TokenOutcome.StorageFailed;

        // A sign of life, but no report: the status tells of those.
        _summary = _summary with { LastSeen = now };
        await TellFleet();
        if (IsWatched) await _feed.PublishAsync(_summary, []);
        return TokenOutcome.Valid;
    }

    /// <inheritdoc/>
    public Task<HostPeople?> GetPeople() => Task.FromResult(Exists ? _saved.People : null);

    /// <inheritdoc/>
    public Task<HostRecord?> GetRecord() => Task.FromResult(_saved.Name.Length == 0 ? null : new HostRecord(
        Id,
        _saved.Name,
        _saved.Group,
        _saved.Tags,
        _saved.People,
        _saved.CreatedAt,
        _summary.LastSeen,
        _saved.DeletedAt,
        HostTokens.Describe(_saved.Tokens, time.GetUtcNow())));

    /// <inheritdoc/>
    public async Task<ReportResult> Report(HostReports reports)
    {
        var token = HostTokens.Find(_saved.Tokens, reports.Token);
        if (token is null) return new ReportResult(ReportOutcome.UnknownToken);

        var received = time.GetUtcNow();
        if (HostTokens.Judge(token, received) == TokenOutcome.Expired) return new ReportResult(ReportOutcome.ExpiredToken);

        if (!FreshSample.TryEncode(reports.Reports, _ring, _catalogue, received, out var fresh)) return new ReportResult(ReportOutcome.TooManySeries);

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
            catch (StorageFullException)
            {
                return new ReportResult(ReportOutcome.StorageFull);
            }
            catch (StorageFailedException exception)
            {
                return Failed(exception);
            }
        }

        token.LastUsedAt = received;
        if (!token.IsActivated && !await TryActivate(token, _saved.LastSeen)) return new ReportResult(ReportOutcome.StorageFailed);

        await Heard(reports, fresh, received);
        return new ReportResult(ReportOutcome.Stored, accepted, reports.Reports.Length - accepted, _alerts.Ask());
    }

    /// <inheritdoc/>
    public Task<HostSummary?> GetSummary() => Task.FromResult(Exists ? _summary : null);

    /// <inheritdoc/>
    public Task<HostSnapshot?> GetSnapshot() => Task.FromResult(Exists ? Snapshot() : null);

    /// <inheritdoc/>
    public Task<bool> Watch()
    {
        _feed ??= new HostFeed(
            Id,
            GrainFactory.GetGrain<ILiveTopicGrain>(LiveTopics.Host(Id)),
            _catalogue,
            time,
            logger);
        return Task.FromResult(_feed.Watch(_options.WatchLease));
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<double>> GetCpuSpark(int points) => Task.FromResult(
        Exists ? Sparkline.Of(_ring, _catalogue.Find(Protocol.KnownSeries.CpuPercent), _options.RingWindow, points) : []);

    /// <inheritdoc/>
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (_saved.Erasing is not null) Erase();
        else await HostErasure.UnremindAsync(this);
    }

    /// <summary>Brings the line up to what people changed.</summary>
    private void UpdateSummary() => _summary = _summary with { Name = _saved.Name, People = _saved.People, Group = _saved.Group, Tags = _saved.Tags };

    private async Task SetPeople(HostPeople people)
    {
        if (people == _saved.People) return;
        await Save(_saved with { People = people });
        UpdateSummary();
        await _alerts.ChangedAsync(_summary);
        await TellFleet();
        if (IsWatched) await _feed.PublishAsync(_summary, [], people);
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

    /// <summary>Begins, or after a failure takes up again, what is left to do for a deleted host.</summary>
    private void Erase()
    {
        _erasure ??= new HostErasure(this, Id, [.. _saved.Erasing!], GrainFactory, journal, _alerts, () => Save(_saved with { Erasing = null }), logger);
        _erasure.Begin();
    }

    /// <summary>The reports are durable: bring the live state up to them and tell whoever watches.</summary>
    private async Task Heard(HostReports reports, List<FreshSample> fresh, DateTimeOffset received)
    {
        var newest = reports.Reports[^1];
        var cameBack = _summary.Status != HostStatus.Online;
        var heardAt = _silence.Heard(newest.Interval);

        foreach (var (report, ids, _) in fresh)
        {
            ForgetFuture(report);
            _ring.Add(report.At, ids, report.Values.AsSpan());
            _lastSequence = Math.Max(_lastSequence, report.Sequence);
        }

        _summary = _summary with { Status = HostStatus.Online, LastSeen = received };
        if (fresh.Count > 0)
        {
            // What was kept back says nothing of the clock, unless the agent says when it was sent.
            _clockOffset = DateTimeOffset.FromUnixTimeMilliseconds(reports.SentAt ?? newest.At) - received;
            var isSummaryDue = cameBack || heardAt - _summaryAt >= (long)(_options.SummaryInterval.TotalSeconds * time.TimestampFrequency);

            // Others are filled in behind what is shown already.
            if (isSummaryDue && fresh[^1].Report.At == _ring.Newest)
            {
                _summaryAt = heardAt;
                _summary = _tracker.Summarize(_summary, fresh[^1].Report);
            }
        }

        await _alerts.HeardAsync(_summary, reports, fresh, _catalogue);
        if (_summaryAt == heardAt || cameBack) await TellFleet();

        await SaveWhatChanged(reports.Agent, newest.BootId);
        if (IsWatched) await _feed.PublishAsync(_summary, [.. fresh.Select(sample => sample.ToLive())]);
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
            if (Exists) _silence.Arm(Retry);
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
        if (report.Sequence <= _lastSequence || !(_ring.Newest - report.At > Tolerated)) return;
        _ring.DropAfter(report.At);
        _alerts.ClockSetBack(report.At);
    }

    private void TakeTally() => _summary = _summary with { Firing = _alerts.Firing, Severity = _alerts.Severity };

    private Task TellTally()
    {
        TakeTally();
        return TellFleet();
    }

    private async Task SaveWhatChanged(HostDescription? agent, string bootId)
    {
        var saved = _saved;
        // Classic agents know no boot id.
        var isSameBoot = bootId.Length == 0 || saved.BootId == bootId;
        if (saved.OfflineSince is null && isSameBoot && (agent is null || agent == saved.Agent)) return;

        (saved.OfflineSince, saved.BootId, saved.Agent) = (null, isSameBoot ? saved.BootId : bootId, agent ?? saved.Agent);
        // Not stored is no harm to the samples: what is in memory holds, and the next change is stored with it.
        await TryWrite();
    }

    private Task<bool> TryActivate(HostToken token, DateTimeOffset? lastSeen) =>
        TrySave(_saved with { Tokens = HostTokens.Activate(_saved.Tokens, token), LastSeen = lastSeen });

    /// <summary>Makes a change that holds only if it can be stored.</summary>
    /// <exception cref="StorageFailedException">It could not; everything is as before.</exception>
    private async Task Save(HostState changed)
    {
        if (!await TrySave(changed)) throw new StorageFailedException();
    }

    private async Task<bool> TrySave(HostState changed)
    {
        state.State = changed;
        if (await TryWrite())
        {
            _saved = changed;
            return true;
        }

        state.State = _saved;
        return false;
    }

    private async Task<bool> TryWrite()
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
            var (status, changesIn) = _silence.Evaluate(_summary.Status);
            if (status == _summary.Status && !_isFleetUntold)
            {
                if (changesIn is { } due) _silence.Arm(due);
                return;
            }

            if (status == HostStatus.Offline)
            {
                var isKnown = _saved.OfflineSince is not null;
                _saved.OfflineSince ??= time.GetUtcNow();
                if (!isKnown && !await TryWrite())
                {
                    _saved.OfflineSince = null;
                    _silence.Arm(Retry);
                    return;
                }

                _silence.Stop();
            }

            if (status != _summary.Status && status != HostStatus.Online) Log.StatusChanged(logger, Id, _summary.Name, status, _summary.LastSeen);
            _summary = _summary with { Status = status };
            _isFleetUntold = true;
            if (_saved.OfflineSince is { } since) await _alerts.OfflineAsync(_summary, since);
            await FleetGrain.For(GrainFactory, Id).Update(_summary);
            _isFleetUntold = false;
            if (IsWatched) await _feed.PublishAsync(_summary, []);
            if (changesIn is { } next) _silence.Arm(next);
        }
        catch (InconsistentStateException)
        {
            // Another activation has the host now; in a call the engine would see to it.
            DeactivateOnIdle();
        }
        catch (Exception exception)
        {
            // The fleet could not be told; a status that nobody hears of must be told again.
            Log.LivenessFailed(logger, exception, Id);
            _silence.Arm(Retry);
        }
    }

    private HostSnapshot Snapshot()
    {
        var (times, columns) = _ring.ToTable(_catalogue.Names.Count);
        return new HostSnapshot(
            _summary, _silence.Interval > TimeSpan.Zero ? _silence.Interval : null, _saved.BootId, _clockOffset, _saved.Agent, [.. _catalogue.Names], times, columns);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Host {HostId} ({Name}) is {Status}; last report at {LastSeen:u}.")]
        public static partial void StatusChanged(ILogger logger, long hostId, string name, HostStatus status, DateTimeOffset? lastSeen);

        [LoggerMessage(LogLevel.Information, "Host {HostId} ({Name}) is deleted; its history goes.")]
        public static partial void Deleted(ILogger logger, long hostId, string name);

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
    }
}
