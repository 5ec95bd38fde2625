using StatusMonitor.Storage.Samples;

namespace StatusMonitor.Storage.History.Coding;

/// <summary>
/// Sums without binary dust: of decimals the sum is the double nearest to the exact one, so it is a decimal again, and adding up in parts gives the same.
/// </summary>
internal static class ExactSum
{
    private const long MaxMantissa = 1L << 53;

    /// <summary>The sum of those that are not NaN. Where a value needs the whole double, or the sum does, they are added as doubles.</summary>
    public static double Of(ReadOnlySpan<double> values)
    {
        var (sum, exponent) = (0L, 0);
        foreach (var value in values)
        {
            // Minus zero is no decimal, but adds nothing.
            if (double.IsNaN(value) || value == 0) continue;
            var before = exponent;
            if (!ScaledDecimal.TryScale(value, ref exponent, out var mantissa)) return AsDoubles(values);
            if (!TryRaise(ref sum, exponent - before)) return AsDoubles(values);
            sum += mantissa;
            if (Math.Abs(sum) >= MaxMantissa) return AsDoubles(values);
        }

        return ScaledDecimal.Unscale(sum, exponent);
    }

    private static bool TryRaise(ref long sum, int decimals)
    {
        for (; decimals > 0; decimals--)
        {
            sum *= 10;
            if (Math.Abs(sum) >= MaxMantissa) return false;
        }

        return true;
    }

    private static double AsDoubles(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            if (!double.IsNaN(value)) sum += value;
        }

        return sum;
    }
}
