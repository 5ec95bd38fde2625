using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using StatusMonitor.Storage.Samples;

namespace StatusMonitor.Storage.History.Coding;

/// <summary>Bits one after the other, from the highest of each byte down, into a buffer that grows.</summary>
internal sealed class BitWriter : IDisposable
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(8192);
    private int _length;

    /// <summary>Bits that are not in the buffer yet, from the highest down.</summary>
    private ulong _pending;
    private int _free = 64;

    /// <summary>What was written; only after <see cref="EndByte"/>.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    /// <summary>Writes the <paramref name="count"/> lowest bits of a number that has no others; 0 to 64.</summary>
    public void Write(ulong value, int count)
    {
        if (count < _free)
        {
            _pending |= value << (_free - count);
            _free -= count;
            return;
        }

        var over = count - _free;
        Reserve(sizeof(ulong));
        BinaryPrimitives.WriteUInt64BigEndian(_buffer.AsSpan(_length), _pending | value >> over);
        _length += sizeof(ulong);
        _free = 64 - over;
        _pending = over == 0 ? 0 : value << _free;
    }

    /// <summary>Writes a number of which nothing is known: six bits for its length, then its bits without the first, which is always 1.</summary>
    public void WriteNumber(ulong value)
    {
        var length = 64 - BitOperations.LeadingZeroCount(value);
        if (length >= 63)
        {
            Write(63, 6);
            Write(value, 64);
            return;
        }

        Write((ulong)length, 6);
        if (length > 1) Write(value & ((1UL << (length - 1)) - 1), length - 1);
    }

    /// <summary>Likewise a signed number.</summary>
    public void WriteSigned(long value) => WriteNumber(VarInt.ZigZag(value));

    /// <summary>Fills the last byte with zeros and gives how many bytes there are.</summary>
    public int EndByte()
    {
        Reserve(sizeof(ulong));
        BinaryPrimitives.WriteUInt64BigEndian(_buffer.AsSpan(_length), _pending);
        _length += (64 - _free + 7) >> 3;
        _pending = 0;
        _free = 64;
        return _length;
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private void Reserve(int bytes)
    {
        if (_buffer.Length - _length >= bytes) return;
        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
