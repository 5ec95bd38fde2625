using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StatusMonitor.Storage.Sqlite;

namespace StatusMonitor.Storage.Tests.Support;

/// <summary>A data folder of its own, gone after the test.</summary>
public sealed class DataFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("storage-tests-").FullName;

    public string Database => System.IO.Path.Combine(Path, "statusmonitor.db");

    /// <summary>Opens the store in it, as a server's start does.</summary>
    public SqliteStore Open(Action<SqliteOptions>? configure = null)
    {
        var options = new SqliteOptions { Folder = Path };
        configure?.Invoke(options);
        return new SqliteStore(Options.Create(options), NullLogger<SqliteStore>.Instance);
    }

    /// <summary>The folder as a crash at this moment would leave it.</summary>
    public DataFolder CopyAsAfterACrash()
    {
        var copy = new DataFolder();
        foreach (var file in Directory.GetFiles(Path, "statusmonitor.db*").Order(StringComparer.Ordinal))
        {
            // The index into the log is memory that a crash leaves unsaved; the log is read anew without it.
            if (!file.EndsWith("-shm", StringComparison.Ordinal)) File.Copy(file, System.IO.Path.Combine(copy.Path, System.IO.Path.GetFileName(file)));
        }

        return copy;
    }

    /// <summary>Runs SQL behind the store's back.</summary>
    public long Execute(string sql)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Database, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar() as long? ?? 0;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
