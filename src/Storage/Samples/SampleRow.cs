using System.Buffers.Binary;

namespace StatusMonitor.Storage.Samples;

/// <summary>
/// The values of one moment of one host as one compact, self-contained journal row.
/// </summary>
/// <remarks>
/// Format 1: a byte 1; the number of values as a varint; then for each value the difference of its series id to the one
/// before (zigzag varint) and the value: a varint of <c>zigzag(mantissa) * 8 + exponent</c> for
/// <c>mantissa / 10^exponent</c>, or the byte 7 and eight bytes of a little-endian double.
/// </remarks>
public static class SampleRow
{
    private const byte Format = 1;
    private const ulong RawDouble = 7;
    private const int MaxBytesPerValue = VarInt.MaxBytes + 1 + sizeof(double);

    /// <summary>Encodes values with the host's ids of their series.</summary>
    public static byte[] Encode(ReadOnlySpan<int> seriesIds, ReadOnlySpan<double> values)
    {
        var worst = 1 + VarInt.MaxBytes + values.Length * MaxBytesPerValue;
        var buffer = worst <= 4096 ? stackalloc byte[worst] : new byte[worst];
        buffer[0] = Format;
        var at = 1 + VarInt.Write(buffer[1..], (ulong)values.Length);
        var previous = -1;
        for (var i = 0; i < values.Length; i++)
        {
            // In the usual order the ids just count up, which makes this byte a constant.
            at += VarInt.Write(buffer[at..], VarInt.ZigZag(seriesIds[i] - previous - 1));
            previous = seriesIds[i];

            var exponent = 0;
            if (ScaledDecimal.TryScale(values[i], ref exponent, out var mantissa))
            {
                at += VarInt.Write(buffer[at..], VarInt.ZigZag(mantissa) << 3 | (uint)exponent);
            }
            else
            {
                buffer[at++] = (byte)RawDouble;
                BinaryPrimitives.WriteDoubleLittleEndian(buffer[at..], values[i]);
                at += sizeof(double);
            }
        }

        return buffer[..at].ToArray();
    }

    /// <summary>Decodes a row and calls <paramref name="onValue"/> with series id and value of each, in the order written.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a row of a known format.</exception>
    public static void Decode(ReadOnlySpan<byte> row, Action<int, double> onValue)
    {
        if (row.Length == 0 || row[0] != Format) throw new InvalidDataException("A journal row has an unknown format.");
        var at = 1;
        var count = VarInt.Read(row, ref at);
        var id = -1;
        for (ulong i = 0; i < count; i++)
        {
            var step = VarInt.UnZigZag(VarInt.Read(row, ref at)) + 1;
            if (step < -(long)id || step > int.MaxValue - (long)id) throw new InvalidDataException("A journal row has a series number that cannot be.");
            id += (int)step;
            var token = VarInt.Read(row, ref at);
            if ((token & 7) == RawDouble)
            {
                if (row.Length - at < sizeof(double)) throw new InvalidDataException("A stored number is cut off.");
                onValue(id, BinaryPrimitives.ReadDoubleLittleEndian(row[at..]));
                at += sizeof(double);
            }
            else
            {
                onValue(id, ScaledDecimal.Unscale(VarInt.UnZigZag(token >> 3), (int)(token & 7)));
            }
        }
    }
}
