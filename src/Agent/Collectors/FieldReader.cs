using System.Buffers.Text;

namespace StatusMonitor.Agent.Collectors;

/// <summary>Walks over the fields of one line, which blanks and tabs separate.</summary>
internal ref struct FieldReader(ReadOnlySpan<byte> line)
{
    private ReadOnlySpan<byte> _rest = line;

    /// <summary>The next field, or false at the end of the line.</summary>
    public bool TryNext(out ReadOnlySpan<byte> field)
    {
        var start = _rest.IndexOfAnyExcept((byte)' ', (byte)'\t');
        if (start < 0)
        {
            field = _rest = default;
            return false;
        }

        _rest = _rest[start..];
        var length = _rest.IndexOfAny((byte)' ', (byte)'\t');
        if (length < 0) length = _rest.Length;
        field = _rest[..length];
        _rest = _rest[length..];
        return true;
    }

    /// <summary>The next field as a whole number, or false if there is none.</summary>
    public bool TryNext(out ulong number)
    {
        number = 0;
        return TryNext(out ReadOnlySpan<byte> field) && TryParse(field, out number);
    }

    /// <summary>The next field as a decimal number, or false if there is none.</summary>
    public bool TryNext(out double number)
    {
        number = 0;
        return TryNext(out ReadOnlySpan<byte> field) && Utf8Parser.TryParse(field, out number, out var used) && used == field.Length;
    }

    /// <summary>Passes over fields; false if the line ends before.</summary>
    public bool Skip(int count)
    {
        while (count-- > 0)
        {
            if (!TryNext(out ReadOnlySpan<byte> _)) return false;
        }

        return true;
    }

    /// <summary>A whole text as a whole number.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out ulong number) =>
        Utf8Parser.TryParse(text, out number, out var used) && used == text.Length;
}
