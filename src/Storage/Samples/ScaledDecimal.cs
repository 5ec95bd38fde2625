namespace StatusMonitor.Storage.Samples;

/// <summary>
/// Doubles as decimal integers. Most values on the wire are written with a few decimals, so they are an integer
/// divided by a power of ten; that integer, or its difference to the one before, takes one to three bytes
/// where the double takes eight.
/// </summary>
public static class ScaledDecimal
{
    /// <summary>Most decimals a value may have to be scaled.</summary>
    public const int MaxExponent = 6;

    private const double MaxMantissa = 1L << 53;

    private static readonly double[] Powers = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];

    /// <summary>
    /// Finds the smallest number of decimals, from <paramref name="exponent"/> on, that gives the value back exactly.
    /// False for values that need the whole double (and for minus zero, which an integer cannot hold).
    /// </summary>
    public static bool TryScale(double value, ref int exponent, out long mantissa)
    {
        for (var e = exponent; e <= MaxExponent; e++)
        {
            var scaled = Math.Round(value * Powers[e]);
            if (Math.Abs(scaled) >= MaxMantissa) break;
            if (scaled / Powers[e] != value) continue;
            if (scaled == 0 && double.IsNegative(value)) break;
            exponent = e;
            mantissa = (long)scaled;
            return true;
        }

        mantissa = 0;
        return false;
    }

    /// <summary>The value that was scaled.</summary>
    public static double Unscale(long mantissa, int exponent) => mantissa / Powers[exponent];
}
