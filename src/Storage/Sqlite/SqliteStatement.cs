using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace StatusMonitor.Storage.Sqlite;

/// <summary>
/// A statement prepared once on the writing connection and used for every write.
/// The ADO.NET command boxes each parameter and looks it up by name, which at journal speed is most of the cost.
/// </summary>
internal sealed class SqliteStatement(string sql)
{
    private sqlite3_stmt? _statement;
    private sqlite3? _database;

    public SqliteStatement Bind(SqliteStore store, int index, long value)
    {
        Check(raw.sqlite3_bind_int64(Prepared(store), index, value));
        return this;
    }

    public SqliteStatement Bind(SqliteStore store, int index, long? value)
    {
        Check(value is { } number ? raw.sqlite3_bind_int64(Prepared(store), index, number) : raw.sqlite3_bind_null(Prepared(store), index));
        return this;
    }

    public SqliteStatement Bind(SqliteStore store, int index, double? value)
    {
        Check(value is { } number ? raw.sqlite3_bind_double(Prepared(store), index, number) : raw.sqlite3_bind_null(Prepared(store), index));
        return this;
    }

    public SqliteStatement Bind(SqliteStore store, int index, string? value)
    {
        Check(value is null ? raw.sqlite3_bind_null(Prepared(store), index) : raw.sqlite3_bind_text(Prepared(store), index, value));
        return this;
    }

    public SqliteStatement Bind(SqliteStore store, int index, byte[]? value)
    {
        Check(value is null ? raw.sqlite3_bind_null(Prepared(store), index) : raw.sqlite3_bind_blob(Prepared(store), index, value));
        return this;
    }

    /// <summary>Runs the statement and returns how many rows it changed.</summary>
    public int Run(SqliteStore store)
    {
        var statement = Prepared(store);
        var result = raw.sqlite3_step(statement);
        raw.sqlite3_reset(statement);
        if (result != raw.SQLITE_DONE) Check(result);
        return raw.sqlite3_changes(_database);
    }

    /// <summary>Runs a query and returns the first column of its first row, or null if there is none.</summary>
    public long? First(SqliteStore store)
    {
        var statement = Prepared(store);
        var result = raw.sqlite3_step(statement);
        var value = result == raw.SQLITE_ROW && raw.sqlite3_column_type(statement, 0) != raw.SQLITE_NULL ? raw.sqlite3_column_int64(statement, 0) : (long?)null;
        raw.sqlite3_reset(statement);
        if (result is not (raw.SQLITE_ROW or raw.SQLITE_DONE)) Check(result);
        return value;
    }

    /// <summary>Runs a query and calls <paramref name="onRow"/> with each row, which is good during the call alone.</summary>
    public void Each(SqliteStore store, Action<SqliteRow> onRow)
    {
        var statement = Prepared(store);
        var result = raw.sqlite3_step(statement);
        try
        {
            for (; result == raw.SQLITE_ROW; result = raw.sqlite3_step(statement)) onRow(new SqliteRow(statement));
        }
        finally
        {
            raw.sqlite3_reset(statement);
        }

        if (result != raw.SQLITE_DONE) Check(result);
    }

    private sqlite3_stmt Prepared(SqliteStore store)
    {
        if (_statement is not null && ReferenceEquals(_database, store.Handle)) return _statement;
        _database = store.Handle;
        Check(raw.sqlite3_prepare_v2(_database, sql, out _statement));
        store.CloseAtTheEnd(_statement);
        return _statement;
    }

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, _database);
}

/// <summary>The row that a statement stands on.</summary>
internal readonly struct SqliteRow(sqlite3_stmt statement)
{
    public long Number(int column) => raw.sqlite3_column_int64(statement, column);

    public long? NumberOrNull(int column) => IsNull(column) ? null : Number(column);

    public double? RealOrNull(int column) => IsNull(column) ? null : raw.sqlite3_column_double(statement, column);

    public string Text(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string();

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    /// <summary>Empty if it is null.</summary>
    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(statement, column);

    public bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;
}
