using System.Diagnostics.CodeAnalysis;

namespace StatusMonitor.Protocol;

/// <summary>
/// Picks series of a host: by the full name, by the name without labels, which stands for every set of them, or by labels whose values may have <c>*</c> for
/// anything: <c>disk.used.percent{mount=/data*}</c>. Labels that it does not name may be whatever they are.
/// </summary>
public sealed class SeriesSelector
{
    private const string AnyLabels = "{*}";
    private readonly SeriesName _pattern;
    private readonly string _text;

    private SeriesSelector(SeriesName pattern)
    {
        _pattern = pattern;
        _text = pattern.ToString();
    }

    /// <summary>The name without labels, which all that it picks have.</summary>
    public string Name => _pattern.Name;

    /// <summary>Reads one, or gives a sentence that goes on after its name and says what is wrong.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out SeriesSelector? selector, [NotNullWhen(false)] out string? error)
    {
        selector = null;
        text = text.Trim();
        if (text.EndsWith(AnyLabels, StringComparison.Ordinal)) text = text[..^AnyLabels.Length];
        if (!SeriesName.TryParse(text, out var pattern, out error)) return false;
        selector = new SeriesSelector(pattern);
        return true;
    }

    /// <summary>Whether it is the very name of a series that has labels; then it means no other.</summary>
    public bool IsNameOf(string series) => !_pattern.Labels.IsEmpty && series == _text;

    /// <summary>Whether it picks a series, given its canonical name.</summary>
    public bool Matches(string series)
    {
        var name = _pattern.Name;
        if (!series.StartsWith(name, StringComparison.Ordinal) || (series.Length > name.Length && series[name.Length] != '{')) return false;
        if (_pattern.Labels.IsEmpty || series == _text) return true;
        return SeriesName.TryParse(series, out var candidate, out _) && _pattern.Labels.All(label => candidate.Label(label.Name) is { } value && IsLike(value, label.Value));
    }

    /// <summary>Whether a text is like a pattern in which <c>*</c> stands for any characters, also for none.</summary>
    public static bool IsLike(ReadOnlySpan<char> text, ReadOnlySpan<char> pattern)
    {
        // On a mismatch only the last star need take one more character: it takes no more than a pass over the text for each star.
        var (at, place, star, starAt) = (0, 0, -1, 0);
        while (at < text.Length)
        {
            if (place < pattern.Length && pattern[place] == '*')
            {
                (star, starAt) = (place++, at);
            }
            else if (place < pattern.Length && pattern[place] == text[at])
            {
                at++;
                place++;
            }
            else if (star >= 0)
            {
                (place, at) = (star + 1, ++starAt);
            }
            else
            {
                return false;
            }
        }

        return pattern[place..].TrimStart('*').IsEmpty;
    }
}
