namespace StatusMonitor.Agent.Configuration;

/// <summary>
/// A file that is written aside of another and then put in its place, readable by its owner alone: a crash leaves the old one or the new
/// one, never half of it. It takes its place on the disk first, so that it is known whether it can be written at all.
/// </summary>
internal sealed class FileReplacement : IDisposable
{
    // More than what is ever written; the disk gives back what is not used.
    private const int ReservedBytes = 64 * 1024;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _path;
    private readonly FileStream _aside;
    private bool _isInPlace;

    private FileReplacement(string path, FileStream aside) => (_path, _aside) = (path, aside);

    /// <summary>Makes the file aside, and the folder if there is none.</summary>
    /// <param name="path">The file to be replaced or made; of a link, what it points to.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static FileReplacement Prepare(string path)
    {
        if (new FileInfo(path).LinkTarget is not null) path = File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Delete, BufferSize = 0, PreallocationSize = ReservedBytes };
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
            options.UnixCreateMode = OwnerOnly;
        }

        // A name of its own, so that neither a leftover of a crash nor another one at work is in the way.
        return new FileReplacement(path, new FileStream($"{path}.{Path.GetRandomFileName()}", options));
    }

    /// <summary>Writes, and puts it in its place for good.</summary>
    /// <exception cref="IOException">The disk does not have it for good.</exception>
    /// <exception cref="UnauthorizedAccessException">It may no longer be put there.</exception>
    public void Commit(ReadOnlySpan<byte> content)
    {
        _aside.Write(content);
        _aside.Flush(flushToDisk: true);
        File.Move(_aside.Name, _path, overwrite: true);
        _isInPlace = true;
        // A new name is a change of the file too: the disk has both after this.
        _aside.Flush(flushToDisk: true);
    }

    /// <summary>Leaves the old file as it is if there was no <see cref="Commit"/>.</summary>
    public void Dispose()
    {
        _aside.Dispose();
        if (!_isInPlace) File.Delete(_aside.Name);
    }
}
