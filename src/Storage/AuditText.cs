using System.Globalization;
using System.Text;

namespace StatusMonitor.Storage;

/// <summary>The texts of an audit entry as they are kept: bounded, and safe to show on one line.</summary>
internal static class AuditText
{
    private const int MaxLength = 200;
    private const int MaxDetailLength = 1_000;

    public static AuditEntry Clean(AuditEntry entry) => entry with
    {
        ActorName = Clean(entry.ActorName),
        Action = Clean(entry.Action),
        TargetKind = Clean(entry.TargetKind),
        TargetId = Clean(entry.TargetId),
        TargetName = Clean(entry.TargetName),
        Address = Clean(entry.Address),
        Outcome = Clean(entry.Outcome),
        Detail = Clean(entry.Detail, MaxDetailLength),
    };

    /// <summary>How a text of an entry is kept, and so what a filter must look for.</summary>
    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(text))]
    public static string? Clean(string? text) => Clean(text, MaxLength);

    /// <summary>What names that differ in their case have in common.</summary>
    public static string? Key(string? name) => Clean(name)?.ToUpperInvariant();

    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(text))]
    private static string? Clean(string? text, int maxLength)
    {
        if (text is null) return null;
        var isCut = text.Length > maxLength;
        var room = isCut ? maxLength - 1 : maxLength;
        var clean = new StringBuilder(Math.Min(text.Length, maxLength));

        // By whole characters: half a surrogate pair comes out as U+FFFD, too.
        foreach (var rune in text.EnumerateRunes())
        {
            if (clean.Length + rune.Utf16SequenceLength > room) break;
            clean.Append(IsBreak(rune) ? Rune.ReplacementChar : rune);
        }

        return isCut ? clean.Append('…').ToString() : clean.ToString();
    }

    private static bool IsBreak(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
