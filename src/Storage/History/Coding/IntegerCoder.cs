using System.Runtime.CompilerServices;
using StatusMonitor.Storage.Samples;

namespace StatusMonitor.Storage.History.Coding;

/// <summary>How the numbers of a column are written.</summary>
internal enum IntegerCoding
{
    /// <summary>All are the centre.</summary>
    Constant,

    /// <summary>Each with a <see cref="RiceCode"/>.</summary>
    Each,

    /// <summary>How many are the centre, then one that is not, and so on.</summary>
    Runs,
}

/// <summary>What is done to a column of integers, and what it then takes.</summary>
/// <param name="Order">How often each number is replaced by its difference to the one before.</param>
/// <param name="IsCentred">Whether numbers lie on both sides of the centre (zigzag), or all above.</param>
/// <param name="Centre">What is subtracted.</param>
/// <param name="Divisor">What divides the rest.</param>
/// <param name="Coding">How the result is written.</param>
/// <param name="Values">Code of the numbers.</param>
/// <param name="Runs">Code of the runs' lengths.</param>
internal readonly record struct IntegerPlan(int Order, bool IsCentred, long Centre, ulong Divisor, IntegerCoding Coding, RiceCode Values, RiceCode Runs);

/// <summary>
/// Columns of 64-bit integers as bits, in whichever way takes least.
/// </summary>
/// <remarks>
/// A column of which the reader knows the length <c>n</c> is, for <c>n &gt; 0</c>:
/// <code>
/// 2 bits  order        0: the numbers, 1: their differences, 2: the differences of those
/// 1 bit   is centred   0: all are above the centre, 1: on both sides of it, as zigzag
/// 2 bits  coding       0: constant, 1: each, 2: runs
/// 1 bit   + number     0: the centre is 0, 1: it follows, signed
/// 1 bit   + number     0: the divisor is 1, 1: it follows
/// order x number       the first number, signed; the first difference, signed
/// each:   Rice code, n - order numbers
/// runs:   Rice code of lengths, Rice code of numbers; then length, number less 1, length, number less 1 …, until there are n - order in all
/// </code>
/// A number is written as <see cref="BitWriter.WriteNumber"/> says. All arithmetic is that of 64 bits without overflow, so whatever is subtracted comes back.
/// </remarks>
internal static class IntegerCoder
{
    public const int MaxOrder = 2;

    /// <summary>Reads a column of a known length.</summary>
    /// <exception cref="InvalidDataException">The bits are no column.</exception>
    public static void Read(ref BitReader bits, scoped Span<long> values)
    {
        if (values.IsEmpty) return;
        var order = (int)bits.Read(2);
        var isCentred = bits.Read(1) != 0;
        var coding = (IntegerCoding)bits.Read(2);
        if (order > MaxOrder || order > values.Length || coding > IntegerCoding.Runs) throw new InvalidDataException("Stored history has a column of an unknown kind.");
        var centre = bits.Read(1) != 0 ? bits.ReadSigned() : 0;
        var divisor = bits.Read(1) != 0 ? (long)bits.ReadNumber() : 1;
        for (var i = 0; i < order; i++) values[i] = bits.ReadSigned();

        var rest = values[order..];
        switch (coding)
        {
            case IntegerCoding.Constant:
                rest.Fill(centre);
                break;
            case IntegerCoding.Each:
                ReadEach(ref bits, rest, centre, divisor, isCentred);
                break;
            case IntegerCoding.Runs:
                ReadRuns(ref bits, rest, centre, divisor, isCentred);
                break;
        }

        for (var from = order; from > 0; from--) Sum(values, from);
    }

    /// <summary>Replaces each number from <paramref name="order"/> on by its difference to the one before.</summary>
    public static void Subtract(Span<long> values, int order)
    {
        for (var i = values.Length - 1; i >= order; i--) values[i] = unchecked(values[i] - values[i - 1]);
    }

    private static void Sum(Span<long> values, int order)
    {
        var sum = values[order - 1];
        for (var i = order; i < values.Length; i++) values[i] = sum = unchecked(sum + values[i]);
    }

    private static void ReadEach(ref BitReader bits, scoped Span<long> values, long centre, long divisor, bool isCentred)
    {
        RiceCode.Read(ref bits).ReadNumbers(ref bits, values);
        if (isCentred)
        {
            foreach (ref var value in values) value = unchecked(centre + divisor * VarInt.UnZigZag((ulong)value));
        }
        else
        {
            foreach (ref var value in values) value = unchecked(centre + divisor * value);
        }
    }

    private static void ReadRuns(ref BitReader bits, scoped Span<long> values, long centre, long divisor, bool isCentred)
    {
        var lengths = RiceCode.Read(ref bits);
        var code = RiceCode.Read(ref bits);
        values.Fill(centre);
        for (var i = 0; i < values.Length; i++)
        {
            var run = lengths.ReadNumber(ref bits);
            if (run >= (ulong)(values.Length - i))
            {
                if (run > (ulong)(values.Length - i)) throw new InvalidDataException("Stored history has a run that is too long.");
                return;
            }

            i += (int)run;
            values[i] = At(centre, divisor, isCentred, unchecked(code.ReadNumber(ref bits) + 1));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long At(long centre, long divisor, bool isCentred, ulong number) =>
        unchecked(centre + divisor * (isCentred ? VarInt.UnZigZag(number) : (long)number));
}
