using Microsoft.Data.Sqlite;

namespace StatusMonitor.Storage.Sqlite;

/// <summary>Queries on a reading connection.</summary>
internal static class SqliteQuery
{
    /// <summary>What <paramref name="map"/> makes of each row.</summary>
    public static List<T> Rows<T>(this SqliteConnection connection, string sql, (string Name, object Value)[] values, Func<SqliteDataReader, T> map)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values) command.Parameters.AddWithValue(name, value);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read()) rows.Add(map(reader));
        return rows;
    }

    public static byte[]? Blob(this SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<byte[]>(column);

    /// <summary>The names of a host's series by their ids.</summary>
    public static Dictionary<int, string> SeriesOf(this SqliteConnection connection, long hostId) =>
        connection.Rows("select series_id, name from series where host_id = $host", [("$host", hostId)], row => (Id: row.GetInt32(0), Name: row.GetString(1)))
            .ToDictionary(row => row.Id, row => row.Name);
}
