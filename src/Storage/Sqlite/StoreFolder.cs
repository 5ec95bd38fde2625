using Microsoft.Extensions.Logging;

namespace StatusMonitor.Storage.Sqlite;

/// <summary>
/// The folder of the database while this server has it to itself. What is in it is nobody else's to read, hashes of passwords among it: the folder is
/// made for its owner alone, and so is the database; from one that is there already, rights of others on the machine are taken.
/// </summary>
internal sealed partial class StoreFolder : IDisposable
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private readonly FileStream _lock;

    /// <exception cref="StorageFailedException">The folder is in use by another server, or cannot be written.</exception>
    public StoreFolder(SqliteOptions options, ILogger logger)
    {
        var folder = Path.GetFullPath(options.Folder);
        try
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
            else Directory.CreateDirectory(folder, Owner | UnixFileMode.UserExecute);
            _lock = Open(Path.Combine(folder, "server.lock"), FileMode.OpenOrCreate);
        }
        catch (IOException exception) when (IsInUse(exception))
        {
            throw new StorageFailedException($"The data folder '{folder}' is in use by another server.", exception);
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            throw new StorageFailedException($"The data folder '{folder}' cannot be written: {exception.Message}", exception);
        }

        try
        {
            // SQLite makes its other files with the rights of the database, and takes an empty file for a new one.
            if (!File.Exists(options.DatabasePath)) Open(options.DatabasePath, FileMode.CreateNew).Dispose();
            if (!OperatingSystem.IsWindows()) CloseToOthers(options.DatabasePath);
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            // Somebody else's file that we may write is no reason not to start; if nothing can be done with it, SQLite says so.
            Log.NotPrivate(logger, options.DatabasePath, exception.Message);
        }
    }

    public void Dispose() => _lock.Dispose();

    private static FileStream Open(string path, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = Owner;
        return new FileStream(path, options);
    }

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static void CloseToOthers(string database)
    {
        foreach (var file in new[] { database, $"{database}-wal", $"{database}-shm" }.Where(File.Exists))
        {
            var mode = File.GetUnixFileMode(file);
            if ((mode & Others) != 0) File.SetUnixFileMode(file, mode & ~Others);
        }
    }

    /// <summary>Whether somebody else has the file, among all that can be wrong with it: what .NET leaves of that is the number of the system's own error.</summary>
    private static bool IsInUse(IOException exception)
    {
        const int LinuxWouldBlock = 11, MacWouldBlock = 35, WindowsSharingViolation = unchecked((int)0x80070020);
        return exception.HResult == (OperatingSystem.IsWindows() ? WindowsSharingViolation : OperatingSystem.IsMacOS() ? MacWouldBlock : LinuxWouldBlock);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Others on this machine may be able to read the database '{Path}': {Reason}")]
        public static partial void NotPrivate(ILogger logger, string path, string reason);
    }
}
