using Microsoft.Extensions.Logging;

namespace StatusMonitor.Storage.Sqlite;

/// <summary>
/// The data folder with the database in it. What is in that is nobody else's to read, hashes of passwords among it: it is made for its owner alone; from one
/// that is there already, rights of others on the machine are taken.
/// </summary>
internal sealed partial class StoreFolder : IDisposable
{
    private const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <exception cref="StorageFailedException">The folder is in use by another server, or cannot be written.</exception>
    public StoreFolder(SqliteOptions options, ILogger logger)
    {
        Folder = new ServerFolder(options.Folder);
        try
        {
            // SQLite makes its other files with the rights of the database, and takes an empty file for a new one.
            if (!File.Exists(options.DatabasePath)) ServerFolder.Open(options.DatabasePath, FileMode.CreateNew).Dispose();
            if (!OperatingSystem.IsWindows()) CloseToOthers(options.DatabasePath);
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            // Somebody else's file that we may write is no reason not to start; if nothing can be done with it, SQLite says so.
            Log.NotPrivate(logger, options.DatabasePath, exception.Message);
        }
    }

    public ServerFolder Folder { get; }

    public void Dispose() => Folder.Dispose();

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static void CloseToOthers(string database)
    {
        foreach (var file in new[] { database, $"{database}-wal", $"{database}-shm" }.Where(File.Exists))
        {
            var mode = File.GetUnixFileMode(file);
            if ((mode & Others) != 0) File.SetUnixFileMode(file, mode & ~Others);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Others on this machine may be able to read the database '{Path}': {Reason}")]
        public static partial void NotPrivate(ILogger logger, string path, string reason);
    }
}
