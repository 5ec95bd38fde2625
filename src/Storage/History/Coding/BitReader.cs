using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using StatusMonitor.Storage.Samples;

namespace StatusMonitor.Storage.History.Coding;

/// <summary>Reads what <see cref="BitWriter"/> wrote. Whatever the bytes are, it ends with <see cref="InvalidDataException"/> at their end.</summary>
/// <param name="source">The bytes, and maybe more behind them, with which the last ones are read faster.</param>
/// <param name="length">How many are to be read.</param>
internal ref struct BitReader(ReadOnlySpan<byte> source, int length)
{
    /// <summary>Bits that <see cref="Peek"/> shows, wherever in a byte it begins.</summary>
    public const int PeekBits = 57;

    private readonly ReadOnlySpan<byte> _source = source;
    private readonly long _end = length * 8L;
    private long _at;

    public BitReader(ReadOnlySpan<byte> source)
        : this(source, source.Length)
    {
    }

    /// <summary>The next bits, from the highest down; anything beyond the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly ulong Peek()
    {
        var index = (int)(_at >> 3);
        return index <= _source.Length - sizeof(ulong)
            ? BinaryPrimitives.ReadUInt64BigEndian(_source[index..]) << (int)(_at & 7)
            : PeekAtEnd(index);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Skip(int count)
    {
        _at += count;
        if (_at > _end) ThrowCutOff();
    }

    /// <summary>Reads a number of 0 to 64 bits.</summary>
    public ulong Read(int count)
    {
        if (count >= PeekBits)
        {
            var high = Read(count - 32);
            return high << 32 | Read(32);
        }

        // In two steps, because a shift by 64 is none.
        var value = Peek() >> 1 >> (63 - count);
        Skip(count);
        return value;
    }

    /// <summary>Reads a number that <see cref="BitWriter.WriteNumber"/> wrote.</summary>
    public ulong ReadNumber()
    {
        var length = (int)Read(6);
        return length switch
        {
            63 => Read(64),
            0 => 0,
            _ => 1UL << (length - 1) | Read(length - 1),
        };
    }

    /// <summary>Reads a number that <see cref="BitWriter.WriteSigned"/> wrote.</summary>
    public long ReadSigned() => VarInt.UnZigZag(ReadNumber());

    private readonly ulong PeekAtEnd(int index)
    {
        ulong value = 0;
        for (var i = 0; i < sizeof(ulong); i++) value = value << 8 | (index + i < _source.Length ? _source[index + i] : 0UL);
        return value << (int)(_at & 7);
    }

    private static void ThrowCutOff() => throw new InvalidDataException("Stored history is cut off.");
}
