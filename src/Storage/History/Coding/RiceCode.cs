using System.Numerics;
using System.Runtime.CompilerServices;

namespace StatusMonitor.Storage.History.Coding;

/// <summary>
/// Golomb-Rice code of numbers that are not negative (Golomb, "Run-length encodings", 1966; Rice and Plaunt, 1971): a number is its <c>Shift</c> lowest bits,
/// and before them the rest as that many ones and a zero. The zero is left out after <c>Limit</c> ones, the most that any number has; so with a limit of 0
/// it is plain bits of one width.
/// </summary>
/// <param name="Shift">Bits that are written as they are.</param>
/// <param name="Limit">Most ones; if it is <see cref="MaxOnes"/>, so many ones mean that the whole number follows.</param>
/// <param name="Width">Bits of such a whole number.</param>
internal readonly record struct RiceCode(int Shift, int Limit, int Width)
{
    public const int MaxOnes = 31;
    private const int ShiftBits = 6;
    private const int LimitBits = 5;
    private const int WidthBits = 7;

    /// <summary>Bits that the code itself takes.</summary>
    public int HeaderBits => ShiftBits + LimitBits + (Limit == MaxOnes ? WidthBits : 0);

    /// <summary>The code that takes least for these numbers, and the bits it takes without the header.</summary>
    public static RiceCode Best(ReadOnlySpan<ulong> numbers, out long bits)
    {
        // By length in bits: how many there are and their sum. It tells well enough which shifts come into question.
        Span<int> counts = stackalloc int[65];
        Span<double> sums = stackalloc double[65];
        counts.Clear();
        sums.Clear();
        ulong max = 0;
        foreach (var number in numbers)
        {
            var length = 64 - BitOperations.LeadingZeroCount(number);
            counts[length]++;
            sums[length] += number;
            max = Math.Max(max, number);
        }

        var width = 64 - BitOperations.LeadingZeroCount(max);
        var (best, second) = (width, width);
        var (bestEstimate, secondEstimate) = ((double)numbers.Length * width, double.MaxValue);
        for (var shift = 0; shift < width; shift++)
        {
            var estimate = numbers.Length * (shift + 1.0);
            for (var length = shift + 1; length <= width; length++)
            {
                if (counts[length] == 0) continue;
                // What is cut off is half a unit on average; of one that is hardly longer than the shift it is known.
                var ones = shift == 0 ? sums[length] : Math.Max(counts[length], sums[length] / (1UL << shift) - counts[length] * 0.5);
                estimate += Math.Min(ones, counts[length] * (double)(MaxOnes + width));
            }

            if (estimate < bestEstimate) (best, bestEstimate, second, secondEstimate) = (shift, estimate, best, bestEstimate);
            else if (estimate < secondEstimate) (second, secondEstimate) = (shift, estimate);
        }

        var code = Of(best, max, width);
        bits = code.Cost(numbers);
        if (second == best) return code;
        var other = Of(second, max, width);
        var otherBits = other.Cost(numbers);
        if (otherBits >= bits) return code;
        bits = otherBits;
        return other;
    }

    /// <summary>Reads the code itself.</summary>
    /// <exception cref="InvalidDataException">There is no such code.</exception>
    public static RiceCode Read(ref BitReader bits)
    {
        var shift = (int)bits.Read(ShiftBits);
        var limit = (int)bits.Read(LimitBits);
        var width = limit == MaxOnes ? (int)bits.Read(WidthBits) : 0;
        return width <= 64 ? new RiceCode(shift, limit, width) : throw new InvalidDataException("Stored history has a number of more than 64 bits.");
    }

    /// <summary>Writes the code itself.</summary>
    public void Write(BitWriter bits)
    {
        bits.Write((ulong)Shift, ShiftBits);
        bits.Write((ulong)Limit, LimitBits);
        if (Limit == MaxOnes) bits.Write((ulong)Width, WidthBits);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong ReadNumber(ref BitReader bits)
    {
        var next = bits.Peek();
        var ones = BitOperations.LeadingZeroCount(~next);
        var used = ones + 1;
        if (ones >= Limit)
        {
            ones = used = Limit;
            if (Limit == MaxOnes) return ReadWhole(ref bits);
        }

        if (used + Shift > BitReader.PeekBits) return ReadLong(ref bits, ones, used);
        bits.Skip(used + Shift);
        return (ulong)ones << Shift | next << used >> 1 >> (63 - Shift);
    }

    /// <summary>Reads as many numbers as there is room for. Several are taken from what was looked at once: to look again for each would make each wait for the one before.</summary>
    public void ReadNumbers(ref BitReader bits, scoped Span<long> numbers)
    {
        // A copy of its own can stay in registers.
        var reader = bits;
        var (shift, limit) = (Shift, Limit);
        var (next, left) = (reader.Peek(), BitReader.PeekBits);
        foreach (ref var number in numbers)
        {
            var ones = BitOperations.LeadingZeroCount(~next);
            var used = ones + 1;
            if (ones >= limit) ones = used = limit;
            var length = used + shift;
            if (length > left || ones == MaxOnes)
            {
                reader.Skip(BitReader.PeekBits - left);
                number = (long)ReadNumber(ref reader);
                (next, left) = (reader.Peek(), BitReader.PeekBits);
                continue;
            }

            number = (long)((ulong)ones << shift | next << used >> 1 >> (63 - shift));
            next <<= length;
            left -= length;
        }

        reader.Skip(BitReader.PeekBits - left);
        bits = reader;
    }

    public void WriteNumber(BitWriter bits, ulong number)
    {
        var ones = number >> Shift;
        if (Limit == MaxOnes && ones >= MaxOnes)
        {
            bits.Write((1UL << MaxOnes) - 1, MaxOnes);
            bits.Write(number, Width);
            return;
        }

        if ((int)ones == Limit) bits.Write((1UL << Limit) - 1, Limit);
        else bits.Write((1UL << ((int)ones + 1)) - 2, (int)ones + 1);
        bits.Write(number & ((1UL << Shift) - 1), Shift);
    }

    private static RiceCode Of(int shift, ulong max, int width)
    {
        // 64 does not fit the header; 63 bits and at most one before them take the same.
        shift = Math.Min(shift, 63);
        var limit = Math.Min(max >> shift, MaxOnes);
        return new RiceCode(shift, (int)limit, limit == MaxOnes ? width : 0);
    }

    private long Cost(ReadOnlySpan<ulong> numbers)
    {
        if (Limit == 0) return (long)numbers.Length * Shift;
        long bits = (long)numbers.Length * Shift;
        var (shift, limit) = (Shift, (ulong)Limit);
        if (Limit < MaxOnes)
        {
            foreach (var number in numbers) bits += (long)Math.Min((number >> shift) + 1, limit);
            return bits;
        }

        foreach (var number in numbers)
        {
            var ones = number >> shift;
            bits += ones < MaxOnes ? (long)ones + 1 : MaxOnes + Width - shift;
        }

        return bits;
    }

    private ulong ReadWhole(ref BitReader bits)
    {
        bits.Skip(MaxOnes);
        return bits.Read(Width);
    }

    private ulong ReadLong(ref BitReader bits, int ones, int used)
    {
        bits.Skip(used);
        return (ulong)ones << Shift | bits.Read(Shift);
    }
}
