using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace StatusMonitor.Protocol;

/// <summary>One label of a series: <c>mount=/</c>.</summary>
public readonly record struct SeriesLabel(string Name, string Value);

/// <summary>
/// The identity of a series: a dotted name with labels, written <c>cpu.core.percent{core=3}</c>.
/// </summary>
/// <remarks>
/// The canonical text has its labels sorted by name and quotes a value only if it needs to be:
/// <c>disk.used.bytes{mount="/mnt/a,b"}</c>. Inside quotes <c>"</c> and <c>\</c> are written with a backslash.
/// Two texts name the same series exactly if their canonical texts are equal.
/// </remarks>
public sealed class SeriesName : IEquatable<SeriesName>
{
    /// <summary>Characters of the whole canonical text.</summary>
    public const int MaxLength = 512;

    /// <summary>Characters of the dotted name.</summary>
    public const int MaxNameLength = 128;

    /// <summary>Characters of one label's name.</summary>
    public const int MaxLabelNameLength = 64;

    /// <summary>Characters of one label's value.</summary>
    public const int MaxLabelValueLength = 256;

    /// <summary>Labels of one series.</summary>
    public const int MaxLabels = 8;

    /// <summary>Characters that end or would confuse an unquoted label value.</summary>
    private static readonly SearchValues<char> Special = SearchValues.Create(",{}=\"\\");

    private readonly string _text;

    private SeriesName(string name, ImmutableArray<SeriesLabel> labels)
    {
        Name = name;
        Labels = labels;
        _text = Format(name, labels);
    }

    /// <summary>The dotted name, such as <c>cpu.core.percent</c>.</summary>
    public string Name { get; }

    /// <summary>The labels, sorted by name.</summary>
    public ImmutableArray<SeriesLabel> Labels { get; }

    /// <summary>The value of one label, or null.</summary>
    public string? Label(string name)
    {
        foreach (var label in Labels)
        {
            if (label.Name == name) return label.Value;
        }

        return null;
    }

    /// <summary>Builds a series from its parts.</summary>
    /// <exception cref="FormatException">A part breaks the rules; the message says which.</exception>
    public static SeriesName Create(string name, params ReadOnlySpan<SeriesLabel> labels) =>
        TryCreate(name, labels, out var series, out var error) ? series : throw new FormatException(error);

    /// <summary>Builds a series from its parts, or gives a sentence that says what is wrong.</summary>
    public static bool TryCreate(string name, ReadOnlySpan<SeriesLabel> labels, [NotNullWhen(true)] out SeriesName? series, [NotNullWhen(false)] out string? error) =>
        TryCreate(name, labels.ToImmutableArray(), out series, out error);

    /// <summary>Reads any spelling of a series and gives its canonical form, or a sentence that says what is wrong.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out SeriesName? series, [NotNullWhen(false)] out string? error)
    {
        series = null;
        // A quoted spelling can be longer than its canonical form, but not without end.
        if (text.Length > 2 * MaxLength)
        {
            error = $"is longer than {MaxLength} characters";
            return false;
        }

        var brace = text.IndexOf('{', StringComparison.Ordinal);
        if (brace < 0) return TryCreate(text, ImmutableArray<SeriesLabel>.Empty, out series, out error);

        if (!TryParseLabels(text.AsSpan(brace), out var labels, out error)) return false;
        return TryCreate(text[..brace], labels, out series, out error);
    }

    /// <inheritdoc/>
    public bool Equals(SeriesName? other) => other is not null && _text == other._text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SeriesName);

    /// <inheritdoc/>
    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    /// <summary>The canonical text.</summary>
    public override string ToString() => _text;

    private static bool TryCreate(string name, ImmutableArray<SeriesLabel> labels, [NotNullWhen(true)] out SeriesName? series, [NotNullWhen(false)] out string? error)
    {
        series = null;
        error = NameError(name) ?? LabelsError(labels);
        if (error is not null) return false;

        var candidate = new SeriesName(name, labels.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name)));
        if (candidate._text.Length > MaxLength)
        {
            error = $"is longer than {MaxLength} characters";
            return false;
        }

        series = candidate;
        return true;
    }

    private static string? NameError(string name)
    {
        if (name.Length == 0) return "has no name";
        if (name.Length > MaxNameLength) return $"has a name of more than {MaxNameLength} characters";
        if (!char.IsAsciiLetter(name[0])) return "must have a name that begins with a letter";
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_')) return "must have a name of letters, digits, '.' and '_'";
        }

        return name[^1] == '.' || name.Contains("..", StringComparison.Ordinal) ? "has an empty part in its name" : null;
    }

    private static string? LabelsError(ImmutableArray<SeriesLabel> labels)
    {
        if (labels.Length > MaxLabels) return $"has more than {MaxLabels} labels";
        for (var i = 0; i < labels.Length; i++)
        {
            var (name, value) = labels[i];
            if (name.Length is 0 or > MaxLabelNameLength) return $"must have label names of 1 to {MaxLabelNameLength} characters";
            if (!char.IsAsciiLetter(name[0]) && name[0] != '_') return $"has a label name '{Shown(name)}' that does not begin with a letter";
            foreach (var c in name)
            {
                if (!char.IsAsciiLetterOrDigit(c) && c != '_') return $"has a label name '{Shown(name)}' with other characters than letters, digits and '_'";
            }

            if (value.Length > MaxLabelValueLength) return $"has a value of more than {MaxLabelValueLength} characters in label '{name}'";
            foreach (var c in value)
            {
                if (char.IsControl(c)) return $"has a control character in label '{name}'";
            }

            for (var j = 0; j < i; j++)
            {
                if (labels[j].Name == name) return $"has label '{name}' twice";
            }
        }

        return null;
    }

    /// <summary>A text from outside, fit to stand in an error message.</summary>
    private static string Shown(string text) => string.Concat(text.Select(static c => char.IsControl(c) ? '?' : c));

    private static bool TryParseLabels(ReadOnlySpan<char> text, out ImmutableArray<SeriesLabel> labels, [NotNullWhen(false)] out string? error)
    {
        var found = ImmutableArray.CreateBuilder<SeriesLabel>();
        labels = [];
        error = null;
        var at = 1;
        if (text is "{}") return true;

        while (true)
        {
            var equals = text[at..].IndexOf('=');
            if (equals < 0) return Fail("must write its labels as {name=value,…}", out error);
            var name = text.Slice(at, equals).ToString();
            at += equals + 1;

            if (!TryParseValue(text, ref at, out var value) || at >= text.Length)
            {
                return Fail("must write its labels as {name=value,…}", out error);
            }

            found.Add(new SeriesLabel(name, value));
            if (found.Count > MaxLabels) return Fail($"has more than {MaxLabels} labels", out error);

            var separator = text[at++];
            if (separator == ',') continue;
            if (separator != '}' || at != text.Length) return Fail("must end with its labels", out error);
            labels = found.ToImmutable();
            return true;
        }
    }

    private static bool TryParseValue(ReadOnlySpan<char> text, ref int at, [NotNullWhen(true)] out string? value)
    {
        value = null;
        if (at >= text.Length) return false;
        if (text[at] != '"')
        {
            var length = text[at..].IndexOfAny(Special);
            if (length < 0 || text[at + length] is not (',' or '}')) return false;
            value = text.Slice(at, length).ToString();
            at += length;
            return true;
        }

        var unquoted = new StringBuilder();
        for (at++; at < text.Length; at++)
        {
            var c = text[at];
            if (c == '"')
            {
                at++;
                value = unquoted.ToString();
                return true;
            }

            if (c == '\\' && (++at == text.Length || text[at] is not ('"' or '\\'))) return false;
            unquoted.Append(text[at]);
        }

        return false;
    }

    private static bool Fail(string message, out string? error)
    {
        error = message;
        return false;
    }

    private static string Format(string name, ImmutableArray<SeriesLabel> labels)
    {
        if (labels.Length == 0) return name;

        var text = new StringBuilder(name).Append('{');
        for (var i = 0; i < labels.Length; i++)
        {
            if (i > 0) text.Append(',');
            text.Append(labels[i].Name).Append('=');
            var value = labels[i].Value;
            if (value.AsSpan().IndexOfAny(Special) < 0)
            {
                text.Append(value);
                continue;
            }

            text.Append('"');
            foreach (var c in value)
            {
                if (c is '"' or '\\') text.Append('\\');
                text.Append(c);
            }

            text.Append('"');
        }

        return text.Append('}').ToString();
    }
}
