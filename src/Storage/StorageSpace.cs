using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StatusMonitor.Storage.Sqlite;

namespace StatusMonitor.Storage;

/// <summary>How much room must stay on the disk of the data folder.</summary>
public sealed class StorageSpaceOptions
{
    /// <summary>
    /// Bytes that must be free for samples to be stored. More leaves more to the other programs that share the disk; the least that is safe is what is written
    /// in a few seconds, the write-ahead log and a checkpoint included. Default: 200 MB.
    /// </summary>
    public long MinFreeBytes { get; set; } = 200_000_000;
}

/// <summary>Watches the room on the disk of the data folder: asks the system when somebody wants to know, once a second at most, and says in the log when it changes.</summary>
/// <param name="folder">Whose data folder it is.</param>
/// <param name="options">How much must stay free.</param>
/// <param name="time">Says when a second is over.</param>
/// <param name="logger">Is told when the room becomes scarce, and when it no longer is.</param>
/// <param name="measure">Gives free and total bytes of the disk that a folder is on.</param>
public sealed partial class StorageSpace(
    IOptions<SqliteOptions> folder, IOptions<StorageSpaceOptions> options, TimeProvider time, ILogger<StorageSpace> logger, Func<string, (long Free, long Total)> measure) : IStorageSpace
{
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(1);

    private readonly string _path = Path.GetFullPath(folder.Value.Folder);
    private readonly Lock _gate = new();
    private long _readAt;
    private volatile StorageSpaceReading? _reading;

    /// <summary>Free and total bytes of the disk that a folder is on, for this program's user.</summary>
    /// <exception cref="IOException">The system does not say.</exception>
    public static (long Free, long Total) Measure(string path)
    {
        var drive = new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(path)! : path);
        return (drive.AvailableFreeSpace, drive.TotalSize);
    }

    /// <inheritdoc/>
    public StorageSpaceReading Read()
    {
        if (_reading is { } recent && time.GetElapsedTime(Volatile.Read(ref _readAt)) < Age) return recent;
        lock (_gate)
        {
            if (_reading is { } other && time.GetElapsedTime(_readAt) < Age) return other;
            var reading = Take();
            Tell(_reading?.State ?? StorageSpaceState.Ok, reading);
            Volatile.Write(ref _readAt, time.GetTimestamp());
            return _reading = reading;
        }
    }

    private StorageSpaceReading Take()
    {
        try
        {
            var (free, total) = measure(_path);
            var least = options.Value.MinFreeBytes;
            return new StorageSpaceReading(_path, free, total, free < least ? StorageSpaceState.Full : free < 2 * least ? StorageSpaceState.Low : StorageSpaceState.Ok);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Some file systems do not tell. What they refuse, the database will say.
            return _reading ?? new StorageSpaceReading(_path, 0, 0, StorageSpaceState.Ok);
        }
    }

    private void Tell(StorageSpaceState before, StorageSpaceReading reading)
    {
        const long Megabyte = 1_000_000;
        if (reading.State == before) return;
        if (reading.State == StorageSpaceState.Ok) Log.Enough(logger, _path, reading.FreeBytes / Megabyte);
        else if (reading.State == StorageSpaceState.Full) Log.Full(logger, _path, reading.FreeBytes / Megabyte, options.Value.MinFreeBytes / Megabyte);
        else Log.Low(logger, _path, reading.FreeBytes / Megabyte, options.Value.MinFreeBytes / Megabyte);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The disk of {Path} is getting full: {Free} MB are free. With less than {Least} MB no reports are taken in.")]
        public static partial void Low(ILogger logger, string path, long free, long least);

        [LoggerMessage(LogLevel.Error, "The disk of {Path} is nearly full: {Free} MB are free, {Least} MB must be. Reports are refused until there is room; agents keep theirs meanwhile.")]
        public static partial void Full(ILogger logger, string path, long free, long least);

        [LoggerMessage(LogLevel.Information, "The disk of {Path} has room again: {Free} MB are free.")]
        public static partial void Enough(ILogger logger, string path, long free);
    }
}
