using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace StatusMonitor.Storage.Sqlite;

/// <summary>
/// Turns the rows that a version before the chunks has stored into pieces, some of a host in each transaction. Ended anywhere, the next start goes on with
/// what is left. The empty table stays.
/// </summary>
internal sealed partial class SqliteJournalConversion(SqliteStore store, SqliteChunks chunks, ILogger logger)
{
    private const int Rows = 8_192;

    private readonly SqliteStatement _delete = new("delete from journal where host_id = ?1 and at <= ?2");

    /// <summary>Ends when there are none left.</summary>
    /// <exception cref="StorageFailedException">The database cannot be read or written.</exception>
    public void Run()
    {
        var count = 0L;
        while (store.Read(ReadSome) is ({ } host, { Count: > 0 } rows))
        {
            if (count == 0) Log.Begun(logger);
            count += rows.Count;
            var pieces = ChunkPiece.Of(host, rows, row => Log.Damaged(logger, host, DateTimeOffset.FromUnixTimeMilliseconds(row.At))).ToList();
            var write = new Convert(this, pieces, host, rows[^1].At);
            store.Enqueue(write);
            write.Completion.GetAwaiter().GetResult();
        }

        if (count > 0) Log.Done(logger, count);
    }

    private static (long Host, List<JournalRow> Rows) ReadSome(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            select host_id, at, received, seq, interval_ms, samples from journal where host_id = (select host_id from journal order by host_id limit 1) order by at limit $limit
            """;
        command.Parameters.AddWithValue("$limit", Rows);
        using var reader = command.ExecuteReader();
        var host = 0L;
        var rows = new List<JournalRow>();
        while (reader.Read())
        {
            host = reader.GetInt64(0);
            rows.Add(new JournalRow(reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt32(4), reader.GetFieldValue<byte[]>(5)));
        }

        return (host, rows);
    }

    private sealed class Convert(SqliteJournalConversion conversion, List<ChunkPiece> pieces, long host, long upTo) : SqliteWrite<bool>
    {
        public override int Weight => 0;

        public override void Execute(SqliteStore store)
        {
            conversion.Insert(pieces);
            conversion._delete.Bind(store, 1, host).Bind(store, 2, upTo).Run(store);
        }
    }

    private void Insert(List<ChunkPiece> pieces) => chunks.Insert(pieces);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "The samples of an earlier version are being encoded; the server starts afterwards.")]
        public static partial void Begun(ILogger logger);

        [LoggerMessage(LogLevel.Information, "{Count} samples of an earlier version are encoded.")]
        public static partial void Done(ILogger logger, long count);

        [LoggerMessage(LogLevel.Error, "The sample of host {HostId} of {At:u} is damaged and cannot be kept.")]
        public static partial void Damaged(ILogger logger, long hostId, DateTimeOffset at);
    }
}
