using System.Diagnostics.CodeAnalysis;

namespace StatusMonitor.Gateway;

/// <summary>
/// Secrets that are given as files, which is how containers get them: <c>STATUSMONITOR_SECRETKEY_FILE</c> names the file that <c>STATUSMONITOR_SECRETKEY</c> would
/// otherwise be the text of. The environment of a process is inherited, shown by tools and written into reports of crashes; a file is not.
/// </summary>
internal static class SecretFiles
{
    private const string Suffix = "_FILE";

    // No secret is that long; somebody named the wrong file.
    private const int MaxBytes = 64 * 1024;

    /// <summary>Options that can be given so.</summary>
    internal static readonly string[] Names = [nameof(ServerOptions.Database), nameof(ServerOptions.DatabasePassword), nameof(ServerOptions.SecretKey), nameof(ServerOptions.TelegramBotToken)];

    /// <summary>Reads the files, without the line end that editors leave. A file that is empty, and a name that is, set nothing. False, with a sentence that holds no secret, if one cannot be read.</summary>
    public static bool TryRead(IConfiguration configuration, out Dictionary<string, string?> values, [NotNullWhen(false)] out string? problem)
    {
        values = [];
        problem = null;
        foreach (var name in Names)
        {
            if (configuration[name + Suffix] is not { Length: > 0 } path) continue;
            var variable = $"STATUSMONITOR_{name.ToUpperInvariant()}";
            if (!string.IsNullOrEmpty(configuration[name])) problem = $"{variable}{Suffix}: {variable} is given as well; give one of them.";
            else if (!TryReadFile(path, out var text, out var reason)) problem = $"{variable}{Suffix}: '{path}' cannot be read: {reason}";
            else if (text.Length > 0) values[name] = text;
            if (problem is not null) return false;
        }

        return true;
    }

    private static bool TryReadFile(string path, out string text, out string reason)
    {
        (text, reason) = ("", "");
        try
        {
            using var file = File.OpenRead(path);
            var bytes = new byte[MaxBytes + 1];
            var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (length > MaxBytes) reason = $"it has more than {MaxBytes / 1024} KiB.";
            else text = System.Text.Encoding.UTF8.GetString(bytes, 0, length).TrimEnd('\r', '\n');
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            reason = exception.Message;
        }

        return reason.Length == 0;
    }
}
