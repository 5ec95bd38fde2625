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
/// What a crash may lose is a line in the fleet summary, which the next report makes anew.
/// </summary>
public sealed partial class HostGrain(
    [PersistentState("host")] IPersistentState<HostState> state,
    ISampleJournal journal,
    IOptions<HostOptions> options,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time,
    ILogger<HostGrain> logger) : Grain, IHostGrain
{
    private readonly HostOptions _options = options.Value;
    private readonly SeriesCatalogue _catalogue = new(options.Value.MaxSeries);
    private readonly SampleRing _ring = new(options.Value.RingWindow, options.Value.RingCapacity);
    private readonly SummaryTracker _tracker = new();

    private HostSummary _summary = null!;
    private IGrainTimer? _livenessTimer;
    private TimeSpan _interval;
    private TimeSpan? _clockOffset;
    private long _lastSequence = -1;

    // Monotonic, so that setting the wall clock takes no host offline.
    private long _heardAt;
    private long _summaryAt;
    private long? _watchedUntil;

    // The fleet could not be told of the last change of status.
    private bool _isFleetUntold;

    // Series that watchers have been told of.
    private int _announcedSeries;

    private long Id => this.GetPrimaryKeyLong();

    private bool IsRegistered => state.State.Name.Length > 0;

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _summary = new HostSummary(Id, state.State.Name, HostStatus.Pending, null);

        // While we were away we could not have heard anything, and agents that noticed do not try again at once.
        _heardAt = time.GetTimestamp() + (long)(_options.RestartGrace.TotalSeconds * time.TimestampFrequency);
        if (!IsRegistered) return;

        var tail = await journal.ReadTailAsync(Id, _options.RingWindow, _options.RingCapacity, cancellationToken);
        _catalogue.Load(tail.Series);
        foreach (var row in tail.Rows) AddStored(row);
        if (tail.Newest is not { } newest) return;

        _lastSequence = newest.Sequence;
        _interval = TimeSpan.FromMilliseconds(newest.IntervalMilliseconds);
        _summary = _summary with
        {
            Status = state.State.OfflineSince is null ? HostStatus.Online : HostStatus.Offline,
            LastSeen = DateTimeOffset.FromUnixTimeMilliseconds(newest.Received),
        };
        if (state.State.OfflineSince is null) await CheckLiveness(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task Register(string name)
    {
        var previous = state.State.Name;
        state.State.Name = name;
        if (!await TrySave()) state.State.Name = previous;
        if (state.State.Name != name) throw new StorageFailedException();

        _summary = _summary with { Name = name };
        await FleetGrain.For(GrainFactory, Id).Update(_summary);
    }

    /// <inheritdoc/>
    public async Task<IssuedToken> IssueToken()
    {
        if (!IsRegistered) throw new InvalidOperationException($"Host {Id} is not registered.");

        var now = time.GetUtcNow();
        var token = TokenHash.NewToken();
        if (!TokenHash.TryHash(token, out var hash)) throw new InvalidOperationException("A new token could not be hashed.");

        // The directory first: an entry there opens nothing until the host knows the token as well.
        await TokenDirectory.For(GrainFactory, hash).Add(hash, Id);
        var previous = state.State.Tokens;
        state.State.Tokens = [.. previous.Where(known => known.IsActivated || known.ExpiresAt >= now), new HostToken(hash, now + _options.TokenActivationWindow, false)];
        if (!await TrySave())
        {
            state.State.Tokens = previous;
            throw new StorageFailedException();
        }

        return new IssuedToken(token, now + _options.TokenActivationWindow);
    }

    /// <inheritdoc/>
    public async Task<ReportResult> Report(HostReports reports)
    {
        var token = state.State.Tokens.Find(known => known.Hash == reports.Token);
        if (token is null) return new ReportResult(ReportOutcome.UnknownToken);

        var received = time.GetUtcNow();
        if (!token.IsActivated && received > token.ExpiresAt) return new ReportResult(ReportOutcome.ExpiredToken);

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

        if (!token.IsActivated && !await TryActivate(token)) return new ReportResult(ReportOutcome.StorageFailed);

        await Heard(reports, fresh, received);
        return new ReportResult(ReportOutcome.Stored, accepted, reports.Reports.Length - accepted);
    }

    /// <inheritdoc/>
    public Task<HostSummary?> GetSummary() => Task.FromResult(IsRegistered ? _summary : null);

    /// <inheritdoc/>
    public Task<HostSnapshot?> GetSnapshot() => Task.FromResult(IsRegistered ? Snapshot() : null);

    /// <inheritdoc/>
    public Task Watch()
    {
        if (!IsWatched()) _announcedSeries = _catalogue.Names.Count;
        _watchedUntil = time.GetTimestamp() + (long)(_options.WatchLease.TotalSeconds * time.TimestampFrequency);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<double>> GetCpuSpark(int points) => Task.FromResult(
        Sparkline.Of(_ring, _catalogue.Find(Protocol.KnownSeries.CpuPercent), _options.RingWindow, points));

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

    /// <summary>A report is stored whether or not the fleet could be told; the next one tells it again.</summary>
    private async Task TellFleet()
    {
        try
        {
            await FleetGrain.For(GrainFactory, Id).Update(_summary);
        }
        catch (Exception exception)
        {
            Log.FleetNotTold(logger, exception, Id);
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

    private async Task<bool> TryActivate(HostToken token)
    {
        var previous = state.State.Tokens;
        state.State.Tokens = [.. previous.Select(known => known == token ? known with { IsActivated = true } : known)];
        if (await TrySave()) return true;
        state.State.Tokens = previous;
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
            var (status, changesIn) = HostLiveness.Evaluate(time.GetElapsedTime(_heardAt), _interval, _options);
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
                    ArmLiveness(TimeSpan.FromSeconds(5), onlyIfIdle: false);
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
            ArmLiveness(TimeSpan.FromSeconds(5), onlyIfIdle: false);
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

    private async Task Publish(ImmutableArray<LiveSample> samples)
    {
        var first = _announcedSeries;
        _announcedSeries = _catalogue.Names.Count;
        try
        {
            var stream = this.GetStreamProvider(LiveStreams.Provider).GetStream<HostUpdate>(StreamId.Create(LiveStreams.Hosts, Id));
            await stream.OnNextAsync(new HostUpdate(_summary.Status, _summary.LastSeen, samples, first, [.. _catalogue.Names.Skip(first)]));
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
