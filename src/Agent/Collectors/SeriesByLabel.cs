using System.Globalization;
using System.Text;
using StatusMonitor.Protocol;

namespace StatusMonitor.Agent.Collectors;

/// <summary>
/// The canonical texts of series that differ by one label, made once per label value:
/// <c>net.rx.bytes{nic=eth0}</c>, <c>net.tx.bytes{nic=eth0}</c>, …
/// </summary>
internal sealed class SeriesByLabel
{
    // A machine that makes and drops interfaces all day must not make the agent grow.
    private const int MaxRemembered = 4_096;

    private readonly string _label;
    private readonly string[] _names;
    private readonly Dictionary<string, string[]> _remembered = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string[]>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    public SeriesByLabel(string label, params string[] names)
    {
        _label = label;
        _names = names;
        _lookup = _remembered.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>
    /// The series for a label value, in the order the names were given; empty if the value is too long for a series.
    /// A control character becomes <c>?</c>: series may not hold one, while a mount point may.
    /// </summary>
    /// <param name="value">UTF-8; what is not becomes replacement characters.</param>
    public ReadOnlySpan<string> For(ReadOnlySpan<byte> value)
    {
        // One UTF-8 byte makes at most one character, so longer values may still fit only if they hold multi-byte characters.
        if (value.Length > 4 * SeriesName.MaxLabelValueLength) return [];
        Span<char> characters = stackalloc char[value.Length];
        return For(characters[..Encoding.UTF8.GetChars(value, characters)]);
    }

    /// <summary>The series for a label value that is a number, such as that of a core.</summary>
    public ReadOnlySpan<string> For(int value)
    {
        Span<char> characters = stackalloc char[11];
        _ = value.TryFormat(characters, out var length, provider: CultureInfo.InvariantCulture);
        return For(characters[..length]);
    }

    /// <inheritdoc cref="For(ReadOnlySpan{byte})"/>
    public ReadOnlySpan<string> For(scoped ReadOnlySpan<char> value)
    {
        if (_lookup.TryGetValue(value, out var series)) return series;

        if (_remembered.Count >= MaxRemembered) _remembered.Clear();
        var text = string.Create(value.Length, value, static (target, source) =>
        {
            for (var i = 0; i < source.Length; i++) target[i] = char.IsControl(source[i]) ? '?' : source[i];
        });
        series = Make(text);
        _remembered[value.ToString()] = series;
        return series;
    }

    private string[] Make(string value)
    {
        try
        {
            return Array.ConvertAll(_names, name => SeriesName.Create(name, new SeriesLabel(_label, value)).ToString());
        }
        catch (FormatException)
        {
            return [];
        }
    }
}
