namespace StatusMonitor.Gateway.Access;

/// <summary>Files with secrets: for their owner alone from the first byte on.</summary>
internal static class PrivateFile
{
    /// <summary>Writes a line. It is written aside, flushed to the disk and moved, so that a crash leaves the old file, the new one or none, never half of one.</summary>
    public static void Write(string path, string line)
    {
        var draft = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

        // Mode counts only for a file that is made; what a crash or somebody else left here may be open to others.
        File.Delete(draft);
        using (var stream = new FileStream(draft, options))
        {
            stream.Write(System.Text.Encoding.UTF8.GetBytes(line + "\n"));
            stream.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: true);
    }
}
