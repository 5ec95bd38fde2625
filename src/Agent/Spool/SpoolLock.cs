using System.Globalization;

namespace StatusMonitor.Agent.Spool;

/// <summary>Another process works with the spool directory; the message says which.</summary>
internal sealed class SpoolInUseException(string message) : Exception(message);

/// <summary>Keeps a second agent out of a spool. The kernel lets go of it when the process ends, however it ends.</summary>
internal sealed class SpoolLock : IDisposable
{
    // EAGAIN, the answer of flock(2) to who comes second.
    private const int WouldBlock = 11;

    private const string OwnerFile = "owner";

    private readonly FileStream _file;

    private SpoolLock(FileStream file) => _file = file;

    /// <exception cref="SpoolInUseException">Another process holds it.</exception>
    /// <exception cref="IOException">The directory cannot be written to.</exception>
    public static SpoolLock Take(string directory)
    {
        var path = Path.Combine(directory, "lock");
        try
        {
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            WriteOwner(directory);
            return new SpoolLock(file);
        }
        catch (IOException exception) when (exception.HResult == WouldBlock)
        {
            throw new SpoolInUseException($"Another agent{Owner(directory)} uses the spool directory {directory}. Stop it, or give this one its own with --spool.");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    // In a file of its own, because nobody can open a locked one.
    private static void WriteOwner(string directory)
    {
        try
        {
            File.WriteAllText(Path.Combine(directory, OwnerFile), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            // A full disk: the lock holds without a name on it.
        }
    }

    private static string Owner(string directory)
    {
        try
        {
            return int.TryParse(File.ReadAllText(Path.Combine(directory, OwnerFile)), CultureInfo.InvariantCulture, out var process) ? $" (process {process})" : "";
        }
        catch (IOException)
        {
            return "";
        }
    }
}
