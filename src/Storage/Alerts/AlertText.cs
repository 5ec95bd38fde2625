using System.Text;

namespace StatusMonitor.Storage.Alerts;

/// <summary>Texts as they are kept with alerts: bounded, and of characters that every database takes. Line breaks stay: people write them.</summary>
internal static class AlertText
{
    private const int MaxName = 200;
    private const int MaxText = 2_000;

    /// <summary>A name or a line; at most 200 characters.</summary>
    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(text))]
    public static string? Name(string? text) => Clean(text, MaxName);

    /// <summary>What somebody wrote, or an error said; at most 2,000 characters.</summary>
    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(text))]
    public static string? Text(string? text) => Clean(text, MaxText);

    /// <summary>What an incident is found by, whatever the case.</summary>
    public static string Key(Incident incident) => Key($"{Name(incident.HostName)}\n{Name(incident.RuleName)}\n{Text(incident.Series)}");

    /// <inheritdoc cref="Key(Incident)"/>
    public static string Key(string text) => text.ToUpperInvariant();

    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(text))]
    private static string? Clean(string? text, int maxLength)
    {
        if (text is null || (text.Length <= maxLength && !text.AsSpan().ContainsAny('\0', '\uFFFD') && !text.Any(char.IsSurrogate))) return text;
        var isCut = text.Length > maxLength;
        var room = isCut ? maxLength - 1 : maxLength;
        var clean = new StringBuilder(Math.Min(text.Length, maxLength));

        // By whole characters: half a surrogate pair comes out as U+FFFD, too.
        foreach (var rune in text.EnumerateRunes())
        {
            if (clean.Length + rune.Utf16SequenceLength > room) break;
            clean.Append(rune.Value == 0 ? Rune.ReplacementChar : rune);
        }

        return isCut ? clean.Append('…').ToString() : clean.ToString();
    }
}
