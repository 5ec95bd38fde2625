using System.Collections.Frozen;

namespace StatusMonitor.Gateway.Access;

/// <summary>What everybody tries first: passwords of at least eight characters that lists of stolen ones are full of, whatever their case.</summary>
internal static class CommonPasswords
{
    private static readonly FrozenSet<string> All = Read();

    public static bool Contains(string password) => All.Contains(password);

    private static FrozenSet<string> Read()
    {
        using var reader = new StreamReader(typeof(CommonPasswords).Assembly.GetManifestResourceStream("common-passwords.txt")!);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }
}
