using Npgsql;
using StatusMonitor.Storage.Postgres;
using StatusMonitor.Storage.Tests.Support;

namespace StatusMonitor.Storage.Tests.Postgres;

/// <summary>Encoded data in rows that fill pages.</summary>
[NeedsPostgres]
public sealed class PiecesTests
{
    private readonly PostgresDatabase _database = new(nameof(PiecesTests));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(350, 1)]
    [InlineData(1_677, 2)] // nine halves to a page rather than four wholes
    [InlineData(4_000, 1)] // two to a page
    [InlineData(4_100, 6)]
    [InlineData(8_100, 1)]
    [InlineData(8_101, 7)] // two would be a page each
    [InlineData(100_000, 13)]
    public void Data_IsCutIntoEqualPieces_ThatFillTheirPages(int length, int count)
    {
        var data = Bytes(length);
        var pieces = Pieces.Cut(data);

        Assert.Equal(data, pieces.SelectMany(piece => piece));
        Assert.Equal(count, pieces.Length);
        Assert.All(pieces, piece => Assert.InRange(piece.Length, 1, 8_100));
        Assert.All(pieces.SkipLast(1), piece => Assert.Equal(pieces[0].Length, piece.Length));
    }

    [SuiteFact]
    public async Task Pieces_AreReadBackWhole_AndNoneIsCutByPostgres()
    {
        int[] lengths = [1, 2_040, 4_036, 4_100, 8_100, 8_101, 16_200, 70_000];
        await using var store = _database.Open();
        await StoreAsync(store, [.. lengths.Select(Bytes)], isThere: false);

        Assert.Equal(lengths.Select((length, hour) => ((long)hour, Convert.ToHexString(Bytes(length)))), await ReadAsync(store));
        Assert.Equal(0, _database.Count("select pg_relation_size(reltoastrelid) from pg_class where oid = 'statusmonitor.chunks'::regclass"));
        Assert.Equal(70_000, _database.Count("select sum(length(data)) from statusmonitor.chunks where hour = 7"));
    }

    [SuiteFact]
    public async Task WhatIsStoredAnew_LeavesNothingOfWhatWasLonger()
    {
        await using var store = _database.Open();
        await StoreAsync(store, [Bytes(70_000), Bytes(300), Bytes(9_000)], isThere: false);
        await StoreAsync(store, [Bytes(300), Bytes(70_000), Bytes(9_001)], isThere: true);

        Assert.Equal([(0L, Convert.ToHexString(Bytes(300))), (1L, Convert.ToHexString(Bytes(70_000))), (2L, Convert.ToHexString(Bytes(9_001)))], await ReadAsync(store));
    }

    private static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    private static Task<int> StoreAsync(PostgresStore store, byte[][] data, bool isThere) => store.WriteAsync(
        async connection =>
        {
            await using var batch = new NpgsqlBatch(connection);
            for (var hour = 0; hour < data.Length; hour++) Pieces.Store(batch, "chunks", "hour", 1, hour, data[hour], isThere);
            return await batch.ExecuteNonQueryAsync();
        },
        default);

    private static Task<List<(long Hour, string Data)>> ReadAsync(PostgresStore store) => store.ReadAsync(
        async connection =>
        {
            await using var command = new NpgsqlCommand("select hour, data from statusmonitor.chunks where host_id = 1 order by hour, piece", connection);
            await using var reader = await command.ExecuteReaderAsync();
            var found = new List<(long Hour, string Data)>();
            await foreach (var (hour, data) in Pieces.ReadAsync(reader, default)) found.Add((hour, Convert.ToHexString(data)));
            return found;
        },
        default);
}
