using System.Runtime.CompilerServices;
using Npgsql;

namespace StatusMonitor.Storage.Postgres;

/// <summary>Encoded hours and days, cut into rows that fill pages.</summary>
/// <remarks>
/// PostgreSQL itself cuts what is longer than 2 KB into pieces of that length, four to a page, and a rest which may be of a few bytes and for which one of the four
/// then has no room. Equal pieces of which a whole number fills a page take a tenth less, and neither a table nor an index beside their own.
/// </remarks>
internal static class Pieces
{
    /// <summary>Bytes of the longest piece; the column's table is told not to touch what is that long.</summary>
    private const int Longest = 8_100;

    /// <summary>Bytes that a page has for rows, and what a row takes beside its data: place on the page, header, key and length.</summary>
    private const int Page = 8_168, Row = 52;

    /// <summary>Cuts data into equal pieces: so many, from as few as can be to five more, that they take the smallest part of their pages.</summary>
    public static byte[][] Cut(byte[] data)
    {
        var fewest = Math.Max(1, (data.Length + Longest - 1) / Longest);
        var count = Enumerable.Range(fewest, 6).MinBy(count => (double)count / (Page / (Row + Aligned(SizeOf(count)))));
        return [.. data.Chunk(Math.Max(1, SizeOf(count))).DefaultIfEmpty([])];

        int SizeOf(int count) => (data.Length + count - 1) / count;

        static int Aligned(int size) => (size + 7) & ~7;
    }

    /// <summary>Stores the data of a host's hour or day in place of what is there.</summary>
    /// <param name="batch">The command is added to it.</param>
    /// <param name="table">The table.</param>
    /// <param name="when">Its column for the hour or day.</param>
    /// <param name="hostId">The host.</param>
    /// <param name="key">The hour or day.</param>
    /// <param name="data">Its data.</param>
    /// <param name="isThere">Whether there may be something already, which may have had more pieces.</param>
    public static void Store(NpgsqlBatch batch, string table, string when, long hostId, long key, byte[] data, bool isThere)
    {
        var pieces = Cut(data);
        if (isThere)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand($"delete from statusmonitor.{table} where host_id = $1 and {when} = $2 and piece >= $3")
            {
                Parameters = { new() { Value = hostId }, new() { Value = key }, new() { Value = (short)pieces.Length } },
            });
        }

        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            $"""
            insert into statusmonitor.{table} (host_id, {when}, piece, data) select $1, $2, place - 1, piece from unnest($3) with ordinality p (piece, place)
            on conflict (host_id, {when}, piece) do update set data = excluded.data
            """)
        {
            Parameters = { new() { Value = hostId }, new() { Value = key }, new() { Value = pieces } },
        });
    }

    /// <summary>Reads the rest of a result whose rows are an hour or day and a piece of its data, in order, and puts the pieces together.</summary>
    public static async IAsyncEnumerable<(long Key, byte[] Data)> ReadAsync(NpgsqlDataReader reader, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var (_, key, data) in ReadAsync(reader, first: 0, cancellationToken)) yield return (key, data);
    }

    /// <summary>The same of rows that have a host before that, and are together by host.</summary>
    public static IAsyncEnumerable<(long HostId, long Key, byte[] Data)> ReadHostsAsync(NpgsqlDataReader reader, CancellationToken cancellationToken) => ReadAsync(reader, first: 1, cancellationToken);

    /// <param name="reader">At the begin of the result.</param>
    /// <param name="first">Columns before the hour or day: 1 if there is a host.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    private static async IAsyncEnumerable<(long HostId, long Key, byte[] Data)> ReadAsync(NpgsqlDataReader reader, int first, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pieces = new List<byte[]>();
        for (var (host, key) = (0L, 0L); ;)
        {
            var isMore = await reader.ReadAsync(cancellationToken);
            var next = isMore ? (Host: first > 0 ? reader.GetInt64(0) : 0, Key: reader.GetInt64(first)) : default;
            if (pieces.Count > 0 && (!isMore || next != (host, key)))
            {
                yield return (host, key, pieces.Count == 1 ? pieces[0] : Join(pieces));
                pieces.Clear();
            }

            if (!isMore) yield break;
            (host, key) = next;
            pieces.Add(reader.GetFieldValue<byte[]>(first + 1));
        }
    }

    private static byte[] Join(List<byte[]> pieces)
    {
        var whole = new byte[pieces.Sum(piece => piece.Length)];
        var end = 0;
        foreach (var piece in pieces)
        {
            piece.CopyTo(whole, end);
            end += piece.Length;
        }

        return whole;
    }
}
