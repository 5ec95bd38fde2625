namespace StatusMonitor.Agent.Collectors;

/// <summary>
/// The files of <c>/proc</c> and <c>/sys</c> (and <c>/etc</c>), below a root that a test points at recorded ones.
/// </summary>
/// <remarks>
/// One buffer serves every read, so that a sample allocates next to nothing: a text is valid until the next read.
/// Hence one thread at a time.
/// </remarks>
internal sealed class SystemFiles(string root = "/")
{
    // Files of /proc say that they are 0 bytes long, so the length is only known at the end. /proc/stat of a usual machine fits at once.
    private byte[] _buffer = new byte[16 * 1024];

    /// <summary>The full path of a file given relative to the root: <c>proc/stat</c>.</summary>
    public string PathOf(string relative) => Path.Combine(root, relative);

    /// <summary>Reads a whole file.</summary>
    /// <param name="path">A path made by <see cref="PathOf"/>.</param>
    /// <param name="text">The content, until the next read.</param>
    /// <returns>False if the file is not there or cannot be read, for whatever reason: both mean "no data" to a collector.</returns>
    public bool TryRead(string path, out ReadOnlySpan<byte> text)
    {
        text = default;
        try
        {
            using var file = Open(path);
            var length = 0;
            while (true)
            {
                var read = RandomAccess.Read(file, _buffer.AsSpan(length), length);
                if (read == 0) break;
                length += read;
                if (length == _buffer.Length) Array.Resize(ref _buffer, 2 * length);
            }

            text = _buffer.AsSpan(0, length);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Hands a file to <paramref name="take"/> piece by piece, for those that can be many megabytes long.</summary>
    /// <returns>As <see cref="TryRead"/>; pieces read before a failure were handed over.</returns>
    public bool TryReadPieces(string path, Action<ReadOnlySpan<byte>> take)
    {
        try
        {
            using var file = Open(path);
            for (long at = 0; ;)
            {
                var read = RandomAccess.Read(file, _buffer, at);
                if (read == 0) return true;
                take(_buffer.AsSpan(0, read));
                at += read;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static Microsoft.Win32.SafeHandles.SafeFileHandle Open(string path) =>
        File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
}
