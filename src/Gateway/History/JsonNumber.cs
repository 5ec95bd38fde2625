using System.Buffers.Text;

namespace StatusMonitor.Gateway.History;

/// <summary>Numbers as JSON.</summary>
internal static class JsonNumber
{
    /// <summary>Bytes of the longest number.</summary>
    public const int MaxLength = 24;

    /// <summary>From here on a double is written with an exponent.</summary>
    private const double MaxScaled = 1e15;

    /// <summary>And before here.</summary>
    private const double MinScaled = 0.0001;

    /// <summary>Writes the shortest text that gives the value back, <c>null</c> for one that is not finite; gives its length.</summary>
    /// <remarks>What is charted has two decimals at most, or as a mean six. As an integer with a point in it that is written several times as fast as by the general way, and is the same text.</remarks>
    public static int Write(double value, Span<byte> target)
    {
        if (!double.IsFinite(value))
        {
            "null"u8.CopyTo(target);
            return 4;
        }

        if (TryWrite(value, 100, 2, target, out var length) || (Math.Abs(value) >= MinScaled && TryWrite(value, 1_000_000, 6, target, out length))) return length;
        Utf8Formatter.TryFormat(value, target, out length);
        return length;
    }

    private static bool TryWrite(double value, double scale, int decimals, Span<byte> target, out int length)
    {
        length = 0;
        var scaled = Math.Round(value * scale);
        if (!(Math.Abs(scaled) < MaxScaled) || scaled / scale != value || (scaled == 0 && double.IsNegative(value))) return false;

        if (scaled < 0) target[length++] = (byte)'-';
        var (whole, part) = Math.DivRem((ulong)Math.Abs(scaled), (ulong)scale);
        Utf8Formatter.TryFormat(whole, target[length..], out var digits);
        length += digits;
        if (part == 0) return true;
        for (; part % 10 == 0; part /= 10) decimals--;
        target[length] = (byte)'.';
        for (var place = length + decimals; place > length; part /= 10) target[place--] = (byte)('0' + part % 10);
        length += decimals + 1;
        return true;
    }
}
