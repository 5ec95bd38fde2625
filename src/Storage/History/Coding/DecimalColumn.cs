using StatusMonitor.Storage.Samples;

namespace StatusMonitor.Storage.History.Coding;

/// <summary>Columns of doubles as decimal integers of one common number of decimals.</summary>
internal static class DecimalColumn
{
    /// <summary>Scales all values by the smallest power of ten that makes each of them an integer; false if one needs the whole double.</summary>
    public static bool TryScale(ReadOnlySpan<double> values, Span<long> mantissas, out int exponent)
    {
        exponent = 0;
        var since = 0;
        for (var i = 0; i < values.Length; i++)
        {
            var before = exponent;
            if (!ScaledDecimal.TryScale(values[i], ref exponent, out mantissas[i])) return false;
            if (exponent != before) since = i;
        }

        // Those before the one with the most decimals anew.
        for (var i = 0; i < since; i++)
        {
            var same = exponent;
            if (!ScaledDecimal.TryScale(values[i], ref same, out mantissas[i]) || same != exponent) return false;
        }

        return true;
    }

    /// <summary>Undoes <see cref="TryScale"/>.</summary>
    public static double Unscale(long mantissa, int exponent) => ScaledDecimal.Unscale(mantissa, exponent);

    /// <summary>Undoes <see cref="TryScale"/>.</summary>
    public static void Unscale(ReadOnlySpan<long> mantissas, int exponent, Span<double> values)
    {
        for (var i = 0; i < values.Length; i++) values[i] = Unscale(mantissas[i], exponent);
    }
}
