using System.Buffers;
using StatusMonitor.Storage.Samples;

namespace StatusMonitor.Storage.History.Coding;

/// <summary>Columns of doubles as bits, given back to the bit.</summary>
/// <remarks>
/// <code>
/// 3 bits  decimals   0 to 6: all are integers divided by that power of ten, and the integers follow (see IntegerCoder)
///                    7: they are written as doubles, and a bit says how: 0 for 64 bits each, 1 for XOR
/// </code>
/// XOR is that of Gorilla (Pelkonen et al., VLDB 2015, section 4.1.2): the first double is 64 bits; of each other only what differs from the one before, 0 if nothing does;
/// 10 and the bits within the last window if it covers them; 11, a new window as 5 bits of leading zeros and 6 of its length less 1, and its bits.
/// </remarks>
internal static class DoubleCoder
{
    public const int DecimalBits = 3;
    public const ulong AsDoubles = 7;

    public static void Write(BitWriter bits, IntegerEncoder integers, ReadOnlySpan<double> values)
    {
        if (values.IsEmpty) return;
        var mantissas = ArrayPool<long>.Shared.Rent(values.Length);
        if (DecimalColumn.TryScale(values, mantissas, out var exponent))
        {
            bits.Write((ulong)exponent, DecimalBits);
            integers.Write(bits, mantissas.AsSpan(0, values.Length));
        }
        else
        {
            bits.Write(AsDoubles, DecimalBits);
            WriteDoubles(bits, values);
        }

        ArrayPool<long>.Shared.Return(mantissas);
    }

    /// <summary>Reads a column of a known length.</summary>
    /// <exception cref="InvalidDataException">The bits are no column.</exception>
    public static void Read(ref BitReader bits, scoped Span<double> values)
    {
        if (values.IsEmpty) return;
        var exponent = bits.Read(DecimalBits);
        if (exponent == AsDoubles)
        {
            ReadDoubles(ref bits, values);
            return;
        }

        var mantissas = ArrayPool<long>.Shared.Rent(values.Length);
        try
        {
            IntegerCoder.Read(ref bits, mantissas.AsSpan(0, values.Length));
            DecimalColumn.Unscale(mantissas, (int)exponent, values);
        }
        finally
        {
            ArrayPool<long>.Shared.Return(mantissas);
        }
    }

    private static void WriteDoubles(BitWriter bits, ReadOnlySpan<double> values)
    {
        long xorBits = 64;
        var window = Window.None;
        for (var i = 1; i < values.Length; i++) xorBits += window.Take(Difference(values, i), out _);

        var isXor = xorBits < values.Length * 64L;
        bits.Write(isXor ? 1UL : 0, 1);
        bits.Write(BitConverter.DoubleToUInt64Bits(values[0]), 64);
        window = Window.None;
        for (var i = 1; i < values.Length; i++)
        {
            if (isXor) WriteXor(bits, ref window, Difference(values, i));
            else bits.Write(BitConverter.DoubleToUInt64Bits(values[i]), 64);
        }
    }

    private static void WriteXor(BitWriter bits, ref Window window, ulong difference)
    {
        window.Take(difference, out var isNew);
        if (difference == 0)
        {
            bits.Write(0, 1);
            return;
        }

        bits.Write(isNew ? 0b11UL : 0b10UL, 2);
        if (isNew)
        {
            bits.Write((ulong)window.Leading, 5);
            bits.Write((ulong)window.Length - 1, 6);
        }

        bits.Write(difference >> window.Trailing, window.Length);
    }

    private static void ReadDoubles(ref BitReader bits, scoped Span<double> values)
    {
        var isXor = bits.Read(1) != 0;
        var window = Window.None;
        ulong last = 0;
        for (var i = 0; i < values.Length; i++)
        {
            if (i == 0 || !isXor) last = bits.Read(64);
            else if (bits.Read(1) != 0)
            {
                if (bits.Read(1) != 0) window = new Window((int)bits.Read(5), (int)bits.Read(6) + 1);
                if (window.Trailing < 0 || window.Length == 0) throw new InvalidDataException("Stored history has a number of more than 64 bits.");
                last ^= bits.Read(window.Length) << window.Trailing;
            }

            values[i] = BitConverter.UInt64BitsToDouble(last);
        }
    }

    private static ulong Difference(ReadOnlySpan<double> values, int i) => BitConverter.DoubleToUInt64Bits(values[i]) ^ BitConverter.DoubleToUInt64Bits(values[i - 1]);

    /// <summary>The bits of a double that differences are written with.</summary>
    private struct Window(int leading, int length)
    {
        /// <summary>What five bits can say.</summary>
        private const int MaxLeading = 31;

        public static Window None => new(0, 0);

        public int Leading { get; private set; } = leading;

        public int Length { get; private set; } = length;

        public readonly int Trailing => 64 - Leading - Length;

        /// <summary>Moves so that it covers the difference; gives the bits that then takes.</summary>
        public int Take(ulong difference, out bool isNew)
        {
            isNew = false;
            if (difference == 0) return 1;
            var leading = Math.Min((int)ulong.LeadingZeroCount(difference), MaxLeading);
            var trailing = (int)ulong.TrailingZeroCount(difference);
            isNew = Length == 0 || leading < Leading || trailing < Trailing;
            if (!isNew) return 2 + Length;
            (Leading, Length) = (leading, 64 - leading - trailing);
            return 2 + 5 + 6 + Length;
        }
    }
}
