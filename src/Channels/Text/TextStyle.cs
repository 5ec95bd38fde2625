using System.Text;

namespace StatusMonitor.Channels.Text;

/// <summary>How a channel writes: its markup, and what it counts.</summary>
/// <param name="MaxLength">The most of a message, in what <paramref name="Measure"/> counts.</param>
/// <param name="Escape">Makes a text mean itself.</param>
/// <param name="Strong">Marks an escaped text.</param>
/// <param name="Measure">How long a piece is.</param>
/// <param name="Link">An address on a line of its own, or empty to leave it out.</param>
internal sealed record TextStyle(int MaxLength, Func<string, string> Escape, Func<string, string> Strong, Func<string, int> Measure, Func<string, string> Link)
{
    /// <summary>Without markup, in UTF-16 units.</summary>
    public static TextStyle Plain(int maxLength) => new(maxLength, text => text, text => text, text => text.Length, url => url);

    /// <summary>Without markup, in bytes of UTF-8.</summary>
    public static TextStyle PlainBytes(int maxLength) => Plain(maxLength) with { Measure = Encoding.UTF8.GetByteCount };
}

/// <summary>Texts that others wrote, made fit for a line.</summary>
internal static class Texts
{
    /// <summary>A text on one line, at most so long; what is cut shows, and no character is cut in two.</summary>
    public static string Line(string text, int maxLength) => Cut(Flat(text), maxLength);

    /// <summary>A text at most so long in UTF-16 units.</summary>
    public static string Cut(string text, int maxLength)
    {
        if (text.Length <= maxLength) return text;
        var end = maxLength - 1;
        if (char.IsHighSurrogate(text[end - 1])) end--;
        return text[..end] + "…";
    }

    private static string Flat(string text)
    {
        if (!text.Any(IsUnfit)) return text;
        var flat = new StringBuilder(text.Length);
        foreach (var c in text) flat.Append(IsUnfit(c) ? ' ' : c);
        return flat.ToString();
    }

    // Also what turns the direction of the text round it, which could make a name look like another.
    private static bool IsUnfit(char c) => char.IsControl(c) || c is '\u2028' or '\u2029' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
