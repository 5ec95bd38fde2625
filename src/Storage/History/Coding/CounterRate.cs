namespace StatusMonitor.Storage.History.Coding;

/// <summary>What a counter did between two samples.</summary>
internal static class CounterRate
{
    private const int Digits = 4;
    private const double HighestMantissa = 10_000;

    /// <summary>Decimal logarithm of 2.</summary>
    private const double Log2 = 0.301_029_995_663_981_2;

    /// <summary>Powers of ten that a double holds exactly.</summary>
    private static readonly double[] Powers = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22];

    /// <summary>How much it grew; one that is lower than before started from 0.</summary>
    public static double Increase(double from, double to)
    {
        if (to < from) return Math.Max(to, 0);
        // What was a few decimals stays so.
        return ExactSum.Of([to, -from]);
    }

    /// <summary>Per second.</summary>
    public static double Of(double increase, long milliseconds) => increase * 1000 / milliseconds;

    /// <summary>To four digits; beyond powers of ten that a double holds as it is.</summary>
    public static double Round(double rate) => TryDigits(rate, out var mantissa, out var exponent) ? Of(mantissa, exponent) : rate;

    /// <summary>A rate above 0 as four digits and the power of ten they count.</summary>
    public static bool TryDigits(double rate, out int mantissa, out int exponent)
    {
        (mantissa, exponent) = (0, 0);
        if (!(rate > 0) || !double.IsFinite(rate)) return false;
        // From the binary exponent, which is faster than a logarithm, and at most one too low.
        exponent = (int)Math.Floor(Math.ILogB(rate) * Log2) - (Digits - 1);
        if (Math.Abs(exponent) >= Powers.Length - 1) return false;
        var rounded = Scaled(rate, exponent);
        if (rounded >= HighestMantissa) rounded = Scaled(rate, ++exponent);
        mantissa = (int)rounded;
        return true;
    }

    /// <summary>Undoes <see cref="TryDigits"/>.</summary>
    public static double Of(long mantissa, int exponent) => exponent >= 0 ? mantissa * Powers[exponent] : mantissa / Powers[-exponent];

    private static double Scaled(double rate, int exponent) => Math.Round(exponent >= 0 ? rate / Powers[exponent] : rate * Powers[-exponent]);
}
