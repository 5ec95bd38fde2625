using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace StatusMonitor.Storage.Sqlite;

/// <summary>
/// A connection for reading that keeps its statements. To open one of ADO.NET's pool, to build a command and to prepare it takes several times as long as most of what is read.
/// </summary>
internal sealed class SqliteReader : IDisposable
{
    private const int BusyMilliseconds = 30_000;
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, sqlite3_stmt> _statements = [];

    /// <exception cref="SqliteException">The database cannot be opened.</exception>
    public SqliteReader(string path)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        _connection.Open();
        raw.sqlite3_busy_timeout(_connection.Handle, BusyMilliseconds);
    }

    /// <summary>Runs a query, all of whose statements see the same moment. After an exception the connection is good for nothing more.</summary>
    public T Read<T>(Func<SqliteReader, T> query)
    {
        Each("begin", static _ => { });
        var result = query(this);
        Each("commit", static _ => { });
        return result;
    }

    /// <summary>Runs a statement and calls <paramref name="onRow"/> with each row, which is good during the call alone.</summary>
    /// <param name="sql">One of a few: each is kept.</param>
    /// <param name="onRow">May run other statements.</param>
    /// <param name="values">Of the parameters, in order.</param>
    public void Each(string sql, Action<SqliteRow> onRow, params ReadOnlySpan<long> values)
    {
        var statement = Prepared(sql);
        for (var i = 0; i < values.Length; i++) Check(raw.sqlite3_bind_int64(statement, i + 1, values[i]));
        var result = raw.sqlite3_step(statement);
        for (; result == raw.SQLITE_ROW; result = raw.sqlite3_step(statement)) onRow(new SqliteRow(statement));
        if (result != raw.SQLITE_DONE) Check(result);
        raw.sqlite3_reset(statement);
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values) statement.Dispose();
        _connection.Dispose();
    }

    private sqlite3_stmt Prepared(string sql)
    {
        if (_statements.TryGetValue(sql, out var statement)) return statement;
        Check(raw.sqlite3_prepare_v2(_connection.Handle, sql, out statement));
        _statements.Add(sql, statement);
        return statement;
    }

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, _connection.Handle);
}
