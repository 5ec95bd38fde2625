using System.Buffers;
using System.Numerics;
using StatusMonitor.Storage.Samples;

namespace StatusMonitor.Storage.History.Coding;

/// <summary>Writes columns as <see cref="IntegerCoder"/> reads them. Tries every order, centre and coding, and takes what is smallest.</summary>
/// <param name="capacity">Numbers of the longest column.</param>
internal sealed class IntegerEncoder(int capacity) : IDisposable
{
    /// <summary>Of how many numbers the middle one is taken for the middle of all.</summary>
    private const int SampleSize = 31;
    private const int FixedBits = 2 + 1 + 2 + 1 + 1;

    private readonly long[] _differences = ArrayPool<long>.Shared.Rent(capacity);
    private readonly ulong[] _steps = ArrayPool<ulong>.Shared.Rent(capacity);
    private readonly ulong[] _numbers = ArrayPool<ulong>.Shared.Rent(capacity);
    private readonly ulong[] _runs = ArrayPool<ulong>.Shared.Rent(capacity);
    private readonly ulong[] _others = ArrayPool<ulong>.Shared.Rent(capacity);
    private IntegerPlan _best;
    private long _bestBits;

    /// <summary>Writes a column in the smallest way.</summary>
    public void Write(BitWriter bits, ReadOnlySpan<long> values)
    {
        if (!values.IsEmpty) Write(bits, values, Plan(values, out _));
    }

    /// <summary>Writes a column as planned for it.</summary>
    public void Write(BitWriter bits, ReadOnlySpan<long> values, IntegerPlan plan)
    {
        bits.Write((ulong)plan.Order, 2);
        bits.Write(plan.IsCentred ? 1UL : 0, 1);
        bits.Write((ulong)plan.Coding, 2);
        bits.Write(plan.Centre != 0 ? 1UL : 0, 1);
        if (plan.Centre != 0) bits.WriteSigned(plan.Centre);
        bits.Write(plan.Divisor != 1 ? 1UL : 0, 1);
        if (plan.Divisor != 1) bits.WriteNumber(plan.Divisor);

        var differences = _differences.AsSpan(0, values.Length);
        values.CopyTo(differences);
        for (var order = 1; order <= plan.Order; order++) IntegerCoder.Subtract(differences, order);
        foreach (var first in differences[..plan.Order]) bits.WriteSigned(first);

        if (plan.Coding == IntegerCoding.Constant) return;
        var numbers = _numbers.AsSpan(0, values.Length - plan.Order);
        Number(plan, differences[plan.Order..], numbers);
        if (plan.Coding == IntegerCoding.Each)
        {
            plan.Values.Write(bits);
            foreach (var number in numbers) plan.Values.WriteNumber(bits, number);
            return;
        }

        plan.Runs.Write(bits);
        plan.Values.Write(bits);
        var run = 0UL;
        foreach (var number in numbers)
        {
            if (number == 0)
            {
                run++;
                continue;
            }

            plan.Runs.WriteNumber(bits, run);
            plan.Values.WriteNumber(bits, number - 1);
            run = 0;
        }

        if (run > 0) plan.Runs.WriteNumber(bits, run);
    }

    /// <summary>The smallest way to write a column that is not empty, and the bits it takes.</summary>
    public IntegerPlan Plan(ReadOnlySpan<long> values, out long bits)
    {
        _bestBits = long.MaxValue;
        var differences = _differences.AsSpan(0, values.Length);
        values.CopyTo(differences);
        var firstBits = 0L;
        for (var order = 0; order <= IntegerCoder.MaxOrder && order < values.Length; order++)
        {
            if (order > 0)
            {
                IntegerCoder.Subtract(differences, order);
                firstBits += NumberBits(VarInt.ZigZag(differences[order - 1]));
            }

            // Differences of differences help only where differences do.
            var before = _bestBits;
            if (Try(order, differences[order..], FixedBits + firstBits) || _bestBits == before) break;
        }

        bits = _bestBits;
        return _best;
    }

    public void Dispose()
    {
        ArrayPool<long>.Shared.Return(_differences);
        foreach (var array in new[] { _steps, _numbers, _runs, _others }) ArrayPool<ulong>.Shared.Return(array);
    }

    private static int NumberBits(ulong value)
    {
        var length = 64 - BitOperations.LeadingZeroCount(value);
        return length >= 63 ? 6 + 64 : 6 + Math.Max(length - 1, 0);
    }

    private static int SignedBits(long value) => value == 0 ? 0 : NumberBits(VarInt.ZigZag(value));

    /// <summary>Numbers as the plan has them written.</summary>
    private static void Number(IntegerPlan plan, ReadOnlySpan<long> differences, Span<ulong> numbers)
    {
        for (var i = 0; i < numbers.Length; i++)
        {
            var above = unchecked(differences[i] - plan.Centre);
            // Below the centre the quotient is negative; without a sign it is of 64 bits.
            numbers[i] = plan.IsCentred ? VarInt.ZigZag(plan.Divisor == 1 ? above : above / (long)plan.Divisor)
                : plan.Divisor == 1 ? (ulong)above : (ulong)above / plan.Divisor;
        }
    }

    /// <summary>Tries the ways of one order; true if no further order can be smaller.</summary>
    private bool Try(int order, ReadOnlySpan<long> differences, long bits)
    {
        var (min, max) = (differences[0], differences[0]);
        foreach (var difference in differences)
        {
            min = Math.Min(min, difference);
            max = Math.Max(max, difference);
        }

        if (min == max)
        {
            Offer(new IntegerPlan(order, false, min, 1, IntegerCoding.Constant, default, default), bits + SignedBits(min));
            return true;
        }

        var divisor = Divisor(differences, min);
        var steps = _steps.AsSpan(0, differences.Length);
        if (divisor == 1)
        {
            for (var i = 0; i < steps.Length; i++) steps[i] = unchecked((ulong)(differences[i] - min));
        }
        else
        {
            for (var i = 0; i < steps.Length; i++) steps[i] = unchecked((ulong)(differences[i] - min)) / divisor;
        }

        if (divisor > 1) bits += NumberBits(divisor);
        Try(new IntegerPlan(order, false, min, divisor, default, default, default), steps, bits);

        // Beyond that a quotient does not fit a sign; such columns are noise anyhow.
        if (unchecked((ulong)(max - min)) > long.MaxValue) return false;
        var middle = Middle(steps, min, divisor);
        var numbers = _numbers.AsSpan(0, steps.Length);
        for (var i = 0; i < numbers.Length; i++) numbers[i] = VarInt.ZigZag(unchecked((long)(steps[i] - middle)));
        Try(new IntegerPlan(order, true, unchecked(min + (long)(middle * divisor)), divisor, default, default, default), numbers, bits);
        return false;
    }

    private void Try(IntegerPlan plan, ReadOnlySpan<ulong> numbers, long bits)
    {
        bits += SignedBits(plan.Centre);
        if (bits >= _bestBits) return;
        var values = RiceCode.Best(numbers, out var valueBits);
        Offer(plan with { Coding = IntegerCoding.Each, Values = values }, bits + values.HeaderBits + valueBits);

        var (run, runs, others) = (0UL, 0, 0);
        foreach (var number in numbers)
        {
            if (number == 0)
            {
                run++;
                continue;
            }

            _runs[runs++] = run;
            _others[others++] = number - 1;
            run = 0;
            // Where the centre is rare its runs cost more than they save.
            if (others * 4 > numbers.Length * 3) return;
        }

        if (run > 0) _runs[runs++] = run;
        var lengths = RiceCode.Best(_runs.AsSpan(0, runs), out var lengthBits);
        values = RiceCode.Best(_others.AsSpan(0, others), out valueBits);
        Offer(plan with { Coding = IntegerCoding.Runs, Values = values, Runs = lengths }, bits + lengths.HeaderBits + lengthBits + values.HeaderBits + valueBits);
    }

    private void Offer(IntegerPlan plan, long bits)
    {
        if (bits < _bestBits) (_best, _bestBits) = (plan, bits);
    }

    /// <summary>The greatest number that divides all distances from the lowest; not beyond what a sign leaves room for.</summary>
    private static ulong Divisor(ReadOnlySpan<long> differences, long min)
    {
        ulong divisor = 0;
        foreach (var difference in differences)
        {
            var distance = unchecked((ulong)(difference - min));
            while (distance != 0) (divisor, distance) = (distance, divisor % distance);
            if (divisor == 1) break;
        }

        return divisor > long.MaxValue ? 1 : divisor;
    }

    /// <summary>About the middle of the numbers; 0 where it is not far from it, as in a walk at random.</summary>
    private static ulong Middle(ReadOnlySpan<ulong> steps, long min, ulong divisor)
    {
        Span<ulong> sample = stackalloc ulong[Math.Min(SampleSize, steps.Length)];
        for (var i = 0; i < sample.Length; i++) sample[i] = steps[(int)((long)i * steps.Length / sample.Length)];
        sample.Sort();
        var below = unchecked((ulong)-min);
        if (min <= 0 && below % divisor == 0 && below / divisor is var zero && zero >= sample[sample.Length / 4] && zero <= sample[sample.Length * 3 / 4]) return zero;
        return sample[sample.Length / 2];
    }
}
