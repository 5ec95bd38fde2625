using System.Collections.Immutable;

namespace StatusMonitor.Storage.History;

/// <summary>A series of a host.</summary>
/// <param name="Id">The host's number for it.</param>
/// <param name="Name">Its full name with labels.</param>
/// <param name="FirstAt">First collection time with a value, Unix milliseconds; to the hour if it is long ago.</param>
/// <param name="LastAt">Last collection time with a value, likewise.</param>
public readonly record struct StoredSeries(int Id, string Name, long FirstAt, long LastAt);

/// <summary>A stretch of time, Unix milliseconds; the end is not part of it.</summary>
public readonly record struct TimeRange(long From, long To);

/// <summary>How rollups are read.</summary>
/// <param name="Tier">Length of the buckets: a minute or a quarter of an hour.</param>
/// <param name="Range">Buckets that begin in it.</param>
/// <param name="Steps">What they are merged into.</param>
/// <param name="AreGauges">Whether no counter is among the series, for which there is a shorter way if the steps are long enough.</param>
public readonly record struct RollupReading(RollupTier Tier, TimeRange Range, RollupSteps Steps, bool AreGauges = false);

/// <summary>Which series of a host are read: some that are known, or what is chosen from its catalogue, which is then read along.</summary>
public sealed class RollupQuestion
{
    private readonly ImmutableArray<int> _known;
    private readonly Func<IReadOnlyList<StoredSeries>, ImmutableArray<int>>? _choose;

    /// <param name="hostId">The host.</param>
    /// <param name="seriesIds">Its series.</param>
    public RollupQuestion(long hostId, ImmutableArray<int> seriesIds) => (HostId, _known) = (hostId, seriesIds);

    /// <param name="hostId">The host.</param>
    /// <param name="choose">Says which series; is given the host's catalogue by id, once.</param>
    public RollupQuestion(long hostId, Func<IReadOnlyList<StoredSeries>, ImmutableArray<int>> choose) => (HostId, _choose) = (hostId, choose);

    public long HostId { get; }

    /// <summary>Whether the catalogue has to be read.</summary>
    public bool NeedsCatalogue => _choose is not null;

    /// <summary>The series, ascending and each once.</summary>
    /// <param name="catalogue">The host's catalogue; null if it is not needed.</param>
    internal ImmutableArray<int> Choose(IReadOnlyList<StoredSeries>? catalogue) => [.. (_choose is null ? _known : _choose(catalogue!)).Distinct().Order()];
}

/// <summary>
/// What is known of the past. All of it is one picture: what was acknowledged is there exactly once, whether it is in the journal, waits
/// to be compacted or is compacted. Times are Unix milliseconds, an end is not part of its range.
/// </summary>
public interface IHistory
{
    /// <summary>The host's catalogue, by id; empty for a host that never reported.</summary>
    /// <exception cref="StorageFailedException">The database cannot be read.</exception>
    Task<IReadOnlyList<StoredSeries>> ReadSeriesAsync(long hostId, CancellationToken cancellationToken);

    /// <summary>The samples of these series as they came; nothing for a time that is no longer kept in full. A sample that has none of them counts too: its column values are NaN.</summary>
    /// <exception cref="StorageFailedException">The database cannot be read.</exception>
    Task<SampleBlock> ReadSamplesAsync(long hostId, ImmutableArray<int> seriesIds, long from, long to, CancellationToken cancellationToken);

    /// <summary>The rollups of hosts whose buckets begin in the range, host by host; of what is not compacted yet they are made now. Several hosts at once cost much less than each alone.</summary>
    /// <param name="questions">Which hosts, and which of their series.</param>
    /// <param name="reading">What of those, and how.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="StorageFailedException">The database cannot be read.</exception>
    Task<IReadOnlyList<RollupBlock>> ReadRollupsAsync(IReadOnlyList<RollupQuestion> questions, RollupReading reading, CancellationToken cancellationToken);

    /// <summary>When within the range no server was there to hear a host, in ascending order. What lies before the first start is not among it.</summary>
    /// <exception cref="StorageFailedException">The database cannot be read.</exception>
    Task<IReadOnlyList<TimeRange>> ReadAwayAsync(long from, long to, CancellationToken cancellationToken);
}

/// <summary>Shorter ways to ask for history.</summary>
public static class HistoryReading
{
    /// <summary>The rollups of these series whose buckets begin in the range, as they are.</summary>
    /// <exception cref="StorageFailedException">The database cannot be read.</exception>
    public static async Task<RollupBlock> ReadRollupsAsync(
        this IHistory history, long hostId, ImmutableArray<int> seriesIds, RollupTier tier, long from, long to, CancellationToken cancellationToken) =>
        (await history.ReadRollupsAsync([new RollupQuestion(hostId, seriesIds)], new RollupReading(tier, new TimeRange(from, to), RollupSteps.None), cancellationToken))[0];
}

/// <summary>How long history is kept.</summary>
/// <param name="SamplesBefore">Samples before this time go, by whole hours. Unix milliseconds, like the others.</param>
/// <param name="MinutesBefore">Rollups of a minute before this time go, by whole hours.</param>
/// <param name="QuarterHoursBefore">Rollups of fifteen minutes before this time go, by whole days.</param>
public readonly record struct HistoryCutoffs(long SamplesBefore, long MinutesBefore, long QuarterHoursBefore);

/// <summary>What a compaction did.</summary>
public readonly record struct CompactionResult(int Hours, long Samples, long Values);

/// <summary>What history takes on disk, bytes; and what waits to be compacted, samples or pieces as the store counts them.</summary>
public readonly record struct HistorySize(long TotalBytes, long JournalBytes, long SampleBytes, long MinuteBytes, long QuarterHourBytes, long Waiting);

/// <summary>What history needs done in the background. Each may be interrupted anywhere and is taken up by the next call.</summary>
public interface IHistoryUpkeep
{
    /// <summary>
    /// Turns the hours that ended at least <see cref="HistoryOptions.CompactionDelay"/> before <paramref name="now"/> into compressed ones with their
    /// rollups, and merges what came late into theirs. Does nothing where somebody else has the partition's lease.
    /// </summary>
    /// <exception cref="StorageFailedException">The database failed; what is done stays done.</exception>
    Task<CompactionResult> CompactAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Drops what is kept no longer, some at a time; gives how many rows were changed or dropped.</summary>
    /// <exception cref="StorageFailedException">The database failed; what is gone stays gone.</exception>
    Task<int> SweepAsync(HistoryCutoffs cutoffs, CancellationToken cancellationToken);

    /// <summary>Notes that a server is there, at most every few seconds; the gaps between are when none was.</summary>
    /// <exception cref="StorageFailedException">It could not be written.</exception>
    Task NoteAliveAsync(DateTimeOffset now);

    /// <summary>What the store takes on disk.</summary>
    /// <exception cref="StorageFailedException">The database cannot be read.</exception>
    Task<HistorySize> MeasureAsync(CancellationToken cancellationToken);
}
