using System.Text;

namespace Orleans.Runtime;

/// <summary>
/// A grain's key or type: text, hashed once. Orleans keeps it as UTF-8 bytes; here it stays the string it was made
/// from, because on one machine it is only looked up and shown.
/// </summary>
public readonly struct IdSpan : IEquatable<IdSpan>, IComparable<IdSpan>
{
    private readonly string? _text;
    private readonly int _hash;

    /// <summary>From UTF-8 bytes.</summary>
    public IdSpan(byte[] value) : this(Encoding.UTF8.GetString(value))
    {
    }

    private IdSpan(string text)
    {
        _text = text;
        _hash = text.GetHashCode(StringComparison.Ordinal);
    }

    /// <summary>From text.</summary>
    public static IdSpan Create(string id) => new(id);

    /// <summary>Whether it is empty.</summary>
    public bool IsDefault => string.IsNullOrEmpty(_text);

    /// <summary>The UTF-8 bytes, made anew each time.</summary>
    public ReadOnlyMemory<byte> Value => Encoding.UTF8.GetBytes(ToString());

    /// <inheritdoc cref="Value"/>
    public ReadOnlySpan<byte> AsSpan() => Value.Span;

    /// <summary>A hash that is the same in every process and version, for tables that keep it.</summary>
    public uint GetUniformHashCode() => StableHash.Compute(AsSpan());

    /// <inheritdoc/>
    public bool Equals(IdSpan obj) => _hash == obj._hash && string.Equals(_text, obj._text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is IdSpan other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    /// <inheritdoc/>
    public int CompareTo(IdSpan other) => string.CompareOrdinal(_text, other._text);

    /// <inheritdoc/>
    public override string ToString() => _text ?? "";

    /// <summary>Equality.</summary>
    public static bool operator ==(IdSpan left, IdSpan right) => left.Equals(right);

    /// <summary>Inequality.</summary>
    public static bool operator !=(IdSpan left, IdSpan right) => !left.Equals(right);
}

/// <summary>FNV-1a with a final mix: short, and the same everywhere.</summary>
internal static class StableHash
{
    public static uint Compute(ReadOnlySpan<byte> bytes)
    {
        var hash = 2166136261u;
        foreach (var b in bytes) hash = (hash ^ b) * 16777619u;

        hash ^= hash >> 16;
        hash *= 0x7feb352du;
        return hash ^ (hash >> 15);
    }
}
