using Npgsql;
using NpgsqlTypes;

namespace StatusMonitor.Storage.Postgres;

/// <summary>Statements on a connection, with values by position or by name.</summary>
internal static class PostgresQuery
{
    /// <summary>What <paramref name="map"/> makes of each row.</summary>
    public static async Task<List<T>> RowsAsync<T>(this NpgsqlConnection connection, string sql, IEnumerable<NpgsqlParameter> values, Func<NpgsqlDataReader, T> map, CancellationToken cancellationToken = default)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values) command.Parameters.Add(value);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken)) rows.Add(map(reader));
        return rows;
    }

    /// <summary>Runs a statement; gives how many rows it changed.</summary>
    public static async Task<int> RunAsync(this NpgsqlConnection connection, string sql, IEnumerable<NpgsqlParameter> values, CancellationToken cancellationToken = default)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values) command.Parameters.Add(value);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public static NpgsqlParameter Value(object value) => new() { Value = value };

    /// <summary>One column of many rows, for <c>unnest</c>.</summary>
    public static NpgsqlParameter Column<TRow, T>(this IEnumerable<TRow> rows, NpgsqlDbType type, Func<TRow, T> value) =>
        new() { NpgsqlDbType = NpgsqlDbType.Array | type, Value = rows.Select(value).ToArray() };
}
