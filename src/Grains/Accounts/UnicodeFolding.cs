using System.Globalization;
using System.Text;

namespace StatusMonitor.Grains.Accounts;

/// <summary>
/// Unicode's compatibility decomposition (NFKD), without characters that show nothing: texts that are written differently and mean the same come out
/// the same. .NET has it from the operating system's tables, which this build does without (InvariantGlobalization), and then gives texts back as they
/// were; so the tables are our own (eng/unicode-folding.mjs).
/// </summary>
internal static class UnicodeFolding
{
    private const int FirstSyllable = 0xAC00, LastSyllable = 0xD7A3, Leads = 0x1100, Vowels = 0x1161, Trails = 0x11A7, VowelCount = 21, TrailCount = 28;

    // Read when the first name comes that is not plain ASCII.
    private static readonly Lazy<Tables> Unicode = new(Read);

    /// <summary>The text's decomposition.</summary>
    public static string Decompose(string text)
    {
        if (Ascii.IsValid(text)) return text;

        var tables = Unicode.Value;
        var runes = new List<Rune>(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is >= FirstSyllable and <= LastSyllable) AddSyllable(runes, rune.Value - FirstSyllable);
            else if (tables.Decompositions.TryGetValue(rune.Value, out var parts)) runes.AddRange(parts);
            else runes.Add(rune);
        }

        Sort(runes, tables.MarkOrder);
        var builder = new StringBuilder(text.Length);
        foreach (var rune in runes) builder.Append(rune);
        return builder.ToString();
    }

    /// <summary>A syllable of Hangul is made of two or three letters; there are too many for a table.</summary>
    private static void AddSyllable(List<Rune> runes, int index)
    {
        runes.Add(new Rune(Leads + index / (VowelCount * TrailCount)));
        runes.Add(new Rune(Vowels + index % (VowelCount * TrailCount) / TrailCount));
        if (index % TrailCount != 0) runes.Add(new Rune(Trails + index % TrailCount));
    }

    /// <summary>Marks after the same letter go in the order of their classes; those of one class stay as they are.</summary>
    private static void Sort(List<Rune> runes, Dictionary<int, int> order)
    {
        for (var i = 1; i < runes.Count; i++)
        {
            if (!order.TryGetValue(runes[i].Value, out var rank)) continue;
            for (var at = i; at > 0 && order.TryGetValue(runes[at - 1].Value, out var before) && before > rank; at--)
            {
                (runes[at - 1], runes[at]) = (runes[at], runes[at - 1]);
            }
        }
    }

    private static Tables Read()
    {
        using var stream = typeof(UnicodeFolding).Assembly.GetManifestResourceStream("UnicodeFolding.txt")!;
        using var reader = new StreamReader(stream);
        var tables = new Tables([], []);
        var headings = 0;
        while (reader.ReadLine() is { } line)
        {
            // Two lines say what the file is and begin its first part, the third begins its second.
            if (line.StartsWith('#'))
            {
                headings++;
                continue;
            }

            var (range, value) = (line[..line.IndexOf('=')], line[(line.IndexOf('=') + 1)..]);
            var ends = range.Split('-');
            for (var codePoint = CodePoint(ends[0]); codePoint <= CodePoint(ends[^1]); codePoint++)
            {
                if (headings < 3) tables.Decompositions[codePoint] = [.. value.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(part => new Rune(CodePoint(part)))];
                else tables.MarkOrder[codePoint] = int.Parse(value, CultureInfo.InvariantCulture);
            }
        }

        return tables;
    }

    private static int CodePoint(string text) => int.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private sealed record Tables(Dictionary<int, Rune[]> Decompositions, Dictionary<int, int> MarkOrder);
}
