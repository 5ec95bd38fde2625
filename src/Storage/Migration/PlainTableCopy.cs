using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Npgsql;
using NpgsqlTypes;

namespace StatusMonitor.Storage.Migration;

/// <summary>Takes over the rows of a table that both stores have with the same columns, some in each transaction, in the order of their key.</summary>
internal sealed class PlainTableCopy(SqliteSource source, MigrationTarget target, int batchBytes)
{
    /// <summary>Bytes that a row is counted with beside its texts.</summary>
    private const int RowBytes = 100;

    /// <param name="table">The table.</param>
    /// <param name="report">Is told how many rows are there, after each transaction.</param>
    /// <param name="cancellationToken">Ends it between two transactions.</param>
    /// <returns>How many rows this run has brought.</returns>
    public async Task<long> RunAsync(PlainTable table, Action<long> report, CancellationToken cancellationToken)
    {
        var (last, done, isDone) = await target.ProgressAsync(table.Name, cancellationToken);
        report(done);
        if (isDone) return 0;
        var columns = await ColumnsAsync(table.Name, cancellationToken);
        using var connection = source.Open();
        using var command = Query(connection, table, [.. columns.Select(column => column.Name)], last);
        using var reader = command.ExecuteReader();
        var copied = 0L;
        for (var isMore = true; isMore;)
        {
            var (rows, lastRow) = (new List<object?[]>(), last);
            for (var bytes = 0; bytes < batchBytes && (isMore = reader.Read()); bytes += RowBytes)
            {
                var row = columns.Select((column, i) => column.Read(reader, i)).ToArray();
                bytes += row.Sum(value => value switch { string text => text.Length, byte[] data => data.Length, _ => 0 });
                rows.Add(row);
            }

            if (rows.Count > 0) lastRow = KeyOf(table, columns, rows[^1]);
            await target.AddAsync(table.Name, last, lastRow, rows.Count, !isMore, connection => WriteAsync(connection, table.Name, columns, rows, cancellationToken), cancellationToken);
            last = lastRow;
            copied += rows.Count;
            report(done + copied);
        }

        return copied;
    }

    /// <summary>Columns of a table, and how their values go from one store to the other.</summary>
    private async Task<ImmutableArray<Column>> ColumnsAsync(string table, CancellationToken cancellationToken) =>
    [
        .. await target.ReadAsync(
            $"select attname, atttypid::regtype::text from pg_attribute where attrelid = 'statusmonitor.{table}'::regclass and attnum > 0 and not attisdropped order by attnum",
            [],
            row => Column.Of(row.GetString(0), row.GetString(1)),
            cancellationToken),
    ];

    private static SqliteCommand Query(SqliteConnection connection, PlainTable table, IEnumerable<string> columns, string? last)
    {
        var command = connection.CreateCommand();
        var key = string.Join(", ", table.Key);
        var after = "";
        if (last is not null)
        {
            var values = JsonDocument.Parse(last).RootElement.EnumerateArray().ToList();
            after = $"where ({key}) > ({string.Join(", ", values.Select((_, i) => $"$k{i}"))})";
            foreach (var (value, i) in values.Select((value, i) => (value, i))) command.Parameters.AddWithValue($"$k{i}", value.ValueKind == JsonValueKind.Number ? value.GetInt64() : value.GetString());
        }

        command.CommandText = $"select {string.Join(", ", columns)} from {table.Name} {after} order by {key}";
        return command;
    }

    private static string KeyOf(PlainTable table, ImmutableArray<Column> columns, object?[] row) =>
        JsonSerializer.Serialize(table.Key.Select(key => row[columns.Select(column => column.Name).ToList().IndexOf(key)]));

    private static async Task WriteAsync(NpgsqlConnection connection, string table, ImmutableArray<Column> columns, List<object?[]> rows, CancellationToken cancellationToken)
    {
        if (rows.Count == 0) return;
        await using var copy = await connection.BeginBinaryImportAsync($"copy statusmonitor.{table} ({string.Join(", ", columns.Select(column => column.Name))}) from stdin (format binary)", cancellationToken);
        foreach (var row in rows)
        {
            await copy.StartRowAsync(cancellationToken);
            for (var i = 0; i < row.Length; i++)
            {
                if (row[i] is null) await copy.WriteNullAsync(cancellationToken);
                else await copy.WriteAsync(row[i], columns[i].Type, cancellationToken);
            }
        }

        await copy.CompleteAsync(cancellationToken);
    }

    private sealed record Column(string Name, NpgsqlDbType Type, Func<SqliteDataReader, int, object> Value)
    {
        public static Column Of(string name, string type) => type switch
        {
            "bigint" => new(name, NpgsqlDbType.Bigint, static (row, i) => row.GetInt64(i)),
            "integer" => new(name, NpgsqlDbType.Integer, static (row, i) => row.GetInt32(i)),
            "boolean" => new(name, NpgsqlDbType.Boolean, static (row, i) => row.GetInt64(i) != 0),
            "double precision" => new(name, NpgsqlDbType.Double, static (row, i) => row.GetDouble(i)),
            "text" => new(name, NpgsqlDbType.Text, static (row, i) => row.GetString(i)),
            "bytea" => new(name, NpgsqlDbType.Bytea, static (row, i) => row.GetFieldValue<byte[]>(i)),
            _ => throw new NotSupportedException($"Column {name} is {type}, which no rule says how to take over."),
        };

        public object? Read(SqliteDataReader row, int i) => row.IsDBNull(i) ? null : Value(row, i);
    }
}
