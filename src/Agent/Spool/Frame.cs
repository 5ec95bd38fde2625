using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace StatusMonitor.Agent.Spool;

/// <summary>
/// One report in a spool file: length of the report (4 bytes), CRC-32C of all that follows (4), sequence number (8), the
/// report's JSON; numbers little-endian. A record of which not all was written, or which was damaged, does not match its CRC.
/// </summary>
internal static class Frame
{
    public const int HeaderBytes = 16;

    /// <summary>Above what 2,000 series of the longest names make; a longer length is a damaged one, and not to be allocated.</summary>
    public const int MaxReportBytes = 8 * 1024 * 1024;

    /// <summary>Writes a record into <paramref name="target"/>, which is exactly as long as it.</summary>
    public static void Write(Span<byte> target, long sequence, ReadOnlySpan<byte> report)
    {
        BinaryPrimitives.WriteInt32LittleEndian(target, report.Length);
        BinaryPrimitives.WriteInt64LittleEndian(target[8..], sequence);
        report.CopyTo(target[HeaderBytes..]);
        BinaryPrimitives.WriteUInt32LittleEndian(target[4..], Crc(target[8..]));
    }

    /// <summary>Reads a header; false if it cannot be one, as the zeros that a power cut leaves cannot.</summary>
    public static bool TryReadHeader(ReadOnlySpan<byte> header, out int reportBytes, out long sequence)
    {
        reportBytes = BinaryPrimitives.ReadInt32LittleEndian(header);
        sequence = BinaryPrimitives.ReadInt64LittleEndian(header[8..]);
        return reportBytes is > 0 and <= MaxReportBytes && sequence >= 0;
    }

    /// <summary>Whether a report is the one its header was written for.</summary>
    public static bool IsIntact(ReadOnlySpan<byte> header, ReadOnlySpan<byte> report) =>
        BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) == Crc(report, Crc(header[8..HeaderBytes], uint.MaxValue), isLast: true);

    /// <summary>CRC-32C, the one that processors have an instruction for.</summary>
    public static uint Crc(ReadOnlySpan<byte> bytes) => Crc(bytes, uint.MaxValue, isLast: true);

    private static uint Crc(ReadOnlySpan<byte> bytes, uint crc, bool isLast = false)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words) crc = BitOperations.Crc32C(crc, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));
        foreach (var rest in bytes[(words.Length * sizeof(ulong))..]) crc = BitOperations.Crc32C(crc, rest);
        return isLast ? ~crc : crc;
    }
}
