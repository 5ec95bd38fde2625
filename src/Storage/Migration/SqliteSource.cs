using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using StatusMonitor.Storage.Sqlite;

namespace StatusMonitor.Storage.Migration;

/// <summary>The data folder that is moved. It is locked against servers and only read.</summary>
internal sealed class SqliteSource : IDisposable
{
    /// <summary>What changes whenever a server has run on the folder: when it was there, what it wrote last and how much there is.</summary>
    private const string FingerprintSql = """
        select 'runs', count(*), max(to_at) from server_runs union all
        select 'state', count(*), total(etag) from grain_state union all
        select 'reminders', count(*), total(etag) from reminders union all
        select 'chunks', count(*), max(id) from chunks union all
        select 'series', count(*), max(host_id) from series union all
        select 'log 0', count(*), total(received) from journal_log_0 union all
        select 'log 1', count(*), total(received) from journal_log_1 union all
        select name, 0, seq from (select name, seq from sqlite_sequence order by name)
        """;

    private readonly ServerFolder _lock;
    private readonly string _connectionString;
    private readonly SqliteConnection _connection;

    /// <exception cref="StorageFailedException">There is no database, a server runs on it, or its schema is not this program's.</exception>
    public SqliteSource(string folder)
    {
        Folder = Path.GetFullPath(folder);
        var path = new SqliteOptions { Folder = Folder }.DatabasePath;
        if (!File.Exists(path)) throw new StorageFailedException($"There is no database of a server in '{Folder}': '{Path.GetFileName(path)}' is missing.");
        _lock = new ServerFolder(Folder);
        _connectionString = new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString();
        SqliteConnection? connection = null;
        try
        {
            _connection = connection = Open();
            CheckSchema();
            var parts = Rows(FingerprintSql, row => string.Join(' ', row.GetString(0), row.GetInt64(1), row.IsDBNull(2) ? "" : row.GetDouble(2).ToString("R", CultureInfo.InvariantCulture)));
            Fingerprint = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))));
        }
        catch (Exception exception)
        {
            connection?.Dispose();
            _lock.Dispose();
            if (exception is SqliteException) throw new StorageFailedException($"The database '{path}' cannot be read: {exception.Message}", exception);
            throw;
        }
    }

    public string Folder { get; }

    /// <summary>The machine and the folder, for people.</summary>
    public string Name => $"{Environment.MachineName}:{Folder}";

    /// <summary>As long as it is the same, nothing in the folder has changed.</summary>
    public string Fingerprint { get; }

    /// <summary>Another connection: one query at a time runs on each.</summary>
    public SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connectionString);
        connection.Open();
        return connection;
    }

    public long Number(string sql) => Rows(sql, row => row.IsDBNull(0) ? 0 : row.GetInt64(0))[0];

    public List<T> Rows<T>(string sql, Func<SqliteDataReader, T> map) => _connection.Rows(sql, [], map);

    /// <summary>Pieces of what is in the logs, which is in no chunk yet; as the server would make them at its next move.</summary>
    /// <param name="onDamaged">Is called for each row that nobody can read any more.</param>
    public ImmutableDictionary<(long HostId, long Hour), ChunkPiece> ReadLogged(Action onDamaged)
    {
        // In the order in which a start takes them up.
        var rows = Rows(
            "select host_id, at, received, seq, interval_ms, samples from (select *, 1 as log, rowid as n from journal_log_1 union all select *, 2, rowid from journal_log_0) order by log, n",
            row => (HostId: row.GetInt64(0), Row: new JournalRow(row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt32(4), row.GetFieldValue<byte[]>(5))));
        return rows.GroupBy(row => row.HostId, row => row.Row)
            .SelectMany(host => ChunkPiece.Of(host.Key, [.. host], _ => onDamaged()))
            .ToImmutableDictionary(piece => (piece.HostId, piece.Hour));
    }

    public void Dispose()
    {
        _connection.Dispose();
        _lock.Dispose();
    }

    private void CheckSchema()
    {
        var (version, known) = (Number("select user_version from pragma_user_version"), SqliteMigrations.Newest);
        if (version > known)
        {
            throw new StorageFailedException($"The database in '{Folder}' has schema {version}, made by a newer StatusMonitor; this one knows schema {known}. Migrate with the newer version.");
        }

        if (version < known || Number("select count(*) from (select 1 from journal limit 1)") > 0)
        {
            throw new StorageFailedException(
                $"The database in '{Folder}' was made by an earlier StatusMonitor and is not converted yet. Start the server of this version on it once, without --database, and stop it; then migrate.");
        }
    }
}
