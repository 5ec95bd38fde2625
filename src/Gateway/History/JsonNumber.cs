using System.Buffers.Text;

namespace StatusMonitor.Gateway.History;

/// <summary>Numbers as JSON.</summary>
internal static class JsonNumber
{
    /// <summary>Bytes of the longest number.</summary>
    public const int MaxLength = 24;

    /// <summary>From here on a double is written with an exponent.</summary>
    private const double MaxScaled = 1e15;

    /// <summary>Writes the shortest text that gives the value back, <c>null</c> for one that is not finite; gives its length.</summary>
    /// <remarks>Much of what is charted has two decimals at most. As an integer with a point in it that is written several times as fast as by the general way, and is the same text.</remarks>
    public static int Write(double value, Span<byte> target)
    {
        if (!double.IsFinite(value))
        {
            "null"u8.CopyTo(target);
            return 4;
        }

        var scaled = Math.Round(value * 100);
        if (!(Math.Abs(scaled) < MaxScaled) || scaled / 100 != value || (scaled == 0 && double.IsNegative(value)))
        {
            Utf8Formatter.TryFormat(value, target, out var general);
            return general;
        }

        var length = 0;
        if (scaled < 0) target[length++] = (byte)'-';
        var (whole, part) = Math.DivRem((ulong)Math.Abs(scaled), 100UL);
        Utf8Formatter.TryFormat(whole, target[length..], out var digits);
        length += digits;
        if (part == 0) return length;
        target[length++] = (byte)'.';
        target[length++] = (byte)('0' + part / 10);
        if (part % 10 != 0) target[length++] = (byte)('0' + part % 10);
        return length;
    }
}
