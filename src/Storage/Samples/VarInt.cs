namespace StatusMonitor.Storage.Samples;

/// <summary>Unsigned LEB128: seven bits a byte, least significant first, the top bit set on all but the last byte.</summary>
public static class VarInt
{
    /// <summary>Bytes the longest 64-bit number takes.</summary>
    public const int MaxBytes = 10;

    /// <summary>Writes a number and returns the bytes it took; the target must have <see cref="MaxBytes"/> bytes of room.</summary>
    public static int Write(Span<byte> target, ulong value)
    {
        var at = 0;
        while (value >= 0x80)
        {
            target[at++] = (byte)(value | 0x80);
            value >>= 7;
        }

        target[at++] = (byte)value;
        return at;
    }

    /// <summary>Reads the number at <paramref name="at"/> and moves behind it.</summary>
    /// <exception cref="InvalidDataException">The bytes end or run on past 64 bits.</exception>
    public static ulong Read(ReadOnlySpan<byte> source, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (at >= source.Length) throw new InvalidDataException("A stored number is cut off.");
            var part = source[at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part >= 0x80) continue;
            if (shift == 63 && part > 1) break;
            return value;
        }

        throw new InvalidDataException("A stored number is longer than 64 bits.");
    }

    /// <summary>Maps signed numbers so that small ones of either sign stay small: 0, -1, 1, -2 … to 0, 1, 2, 3 …</summary>
    public static ulong ZigZag(long value) => (ulong)(value << 1 ^ value >> 63);

    /// <summary>Undoes <see cref="ZigZag"/>.</summary>
    public static long UnZigZag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);
}
