using StatusMonitor.Storage.History;

namespace StatusMonitor.Storage.Sqlite;

/// <summary>Samples of one host and hour as one row of the chunk table.</summary>
/// <param name="HostId">The host.</param>
/// <param name="Hour">Hours since the Unix epoch.</param>
/// <param name="FromAt">Collection time of the oldest sample, Unix milliseconds.</param>
/// <param name="Newest">The newest sample, without its values.</param>
/// <param name="Count">Samples.</param>
/// <param name="Samples">All of them, encoded by <see cref="ChunkCodec"/>.</param>
internal sealed record ChunkPiece(long HostId, long Hour, long FromAt, JournalRow Newest, int Count, byte[] Samples)
{
    /// <summary>Rows of one host, in the order they came, as a piece for each hour. A damaged row is told and left out.</summary>
    public static IEnumerable<ChunkPiece> Of(long hostId, IReadOnlyList<JournalRow> rows, Action<JournalRow> onDamaged)
    {
        foreach (var block in LoggedSamples.Of(rows, long.MinValue, long.MaxValue, onDamaged))
        {
            var newest = rows.First(row => row.At == block.Times[^1]) with { Values = [] };
            yield return new ChunkPiece(hostId, Hours.Of(block.Times[0]), block.Times[0], newest, block.Times.Length, ChunkCodec.Encode(block));
        }
    }
}
