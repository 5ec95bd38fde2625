namespace StatusMonitor.Storage;

/// <summary>The data folder while this server has it to itself. It is made for its owner alone, because keys and perhaps a database are kept in it.</summary>
public sealed class ServerFolder : IDisposable
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly FileStream _lock;

    /// <exception cref="StorageFailedException">The folder is in use by another server, or cannot be written.</exception>
    public ServerFolder(string path)
    {
        var folder = Path.GetFullPath(path);
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
    }

    public void Dispose() => _lock.Dispose();

    /// <summary>Opens a file that nobody else has open, and makes it for its owner alone.</summary>
    internal static FileStream Open(string path, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = Owner;
        return new FileStream(path, options);
    }

    /// <summary>Whether somebody else has the file, among all that can be wrong with it: what .NET leaves of that is the number of the system's own error.</summary>
    private static bool IsInUse(IOException exception)
    {
        const int LinuxWouldBlock = 11, MacWouldBlock = 35, WindowsSharingViolation = unchecked((int)0x80070020);
        return exception.HResult == (OperatingSystem.IsWindows() ? WindowsSharingViolation : OperatingSystem.IsMacOS() ? MacWouldBlock : LinuxWouldBlock);
    }
}
