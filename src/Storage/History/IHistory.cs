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

    /// <summary>The rollups of these series whose buckets begin in the range, merged into steps; of what is not compacted yet they are made now.</summary>
    /// <exception cref="StorageFailedException">The database cannot be read.</exception>
    Task<RollupBlock> ReadRollupsAsync(long hostId, ImmutableArray<int> seriesIds, RollupTier tier, TimeRange range, RollupSteps steps, CancellationToken cancellationToken);

    /// <summary>When within the range no server was there to hear a host, in ascending order. What lies before the first start is not among it.</summary>
    /// <exception cref="StorageFailedException">The database cannot be read.</exception>
    Task<IReadOnlyList<TimeRange>> ReadAwayAsync(long from, long to, CancellationToken cancellationToken);
}

/// <summary>Shorter ways to ask for history.</summary>
public static class HistoryReading
{
    /// <summary>The rollups of these series whose buckets begin in the range, as they are.</summary>
    /// <exception cref="StorageFailedException">The database cannot be read.</exception>
    public static Task<RollupBlock> ReadRollupsAsync(
        this IHistory history, long hostId, ImmutableArray<int> seriesIds, RollupTier tier, long from, long to, CancellationToken cancellationToken) =>
        history.ReadRollupsAsync(hostId, seriesIds, tier, new TimeRange(from, to), RollupSteps.None, cancellationToken);
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
