namespace StatusMonitor.Storage;

/// <summary>One sample of a host as the journal keeps it.</summary>
/// <param name="At">Collection time, Unix milliseconds; with the host it identifies the sample.</param>
/// <param name="Received">When the server took it in, Unix milliseconds; 0 once that is no longer known.</param>
/// <param name="Sequence">The agent's sequence number; 0 once that is no longer known.</param>
/// <param name="IntervalMilliseconds">Time until the agent meant to report again.</param>
/// <param name="Values">The values, encoded by <see cref="Samples.SampleRow"/>.</param>
public readonly record struct JournalRow(long At, long Received, long Sequence, int IntervalMilliseconds, byte[] Values);

/// <summary>A series that a host uses for the first time, and the number its rows know it by.</summary>
public readonly record struct SeriesEntry(int Id, string Name);

/// <summary>What the journal knows of a host's recent past.</summary>
/// <param name="Series">The host's catalogue, by id.</param>
/// <param name="Rows">The asked rows, oldest first.</param>
/// <param name="Newest">The row with the newest collection time, or null if there never was one.</param>
public sealed record JournalTail(IReadOnlyList<SeriesEntry> Series, IReadOnlyList<JournalRow> Rows, JournalRow? Newest);

/// <summary>Level 0 of the history: every acknowledged sample as it came, durable before it is acknowledged.</summary>
public interface ISampleJournal
{
    /// <summary>
    /// Stores rows of one host, and the series they are the first to use, in one durable write.
    /// A row whose time is there already changes nothing.
    /// </summary>
    /// <returns>How many rows were new, once all of them are on disk.</returns>
    /// <exception cref="StorageBusyException">Too much is waiting to be written; nothing was stored.</exception>
    /// <exception cref="StorageFailedException">The write failed; nothing was stored.</exception>
    Task<int> AppendAsync(long hostId, IReadOnlyList<SeriesEntry> newSeries, IReadOnlyList<JournalRow> rows);

    /// <summary>
    /// Reads a host's catalogue and its newest rows: those collected at most <paramref name="window"/> before the newest, and at most
    /// <paramref name="maxRows"/>. It is the host's clock alone that counts; ours may say something else.
    /// </summary>
    /// <exception cref="StorageFailedException">The database cannot be read.</exception>
    Task<JournalTail> ReadTailAsync(long hostId, TimeSpan window, int maxRows, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes a part of what is stored of a host: its rows, and last its catalogue. True once nothing is left; until then it is called again. Killed at
    /// any point and called again it comes to the same end. Nothing may be appended for the host meanwhile or afterwards.
    /// </summary>
    /// <exception cref="StorageFailedException">The write failed; what is left can be deleted later.</exception>
    Task<bool> DeleteAsync(long hostId);
}
