using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;
using StatusMonitor.Storage.History.Coding;

namespace StatusMonitor.Storage.Tests.History;

/// <summary>What happens to bytes on disks that fail, and what should come of it.</summary>
internal static class Damage
{
    private const int ChecksumAt = 1;
    private const int ChecksumEnd = 5;

    /// <summary>Some bytes of a block changed, lost or added behind the checksum, and the checksum made to fit, so that the reader behind it sees them.</summary>
    public static Gen<byte[]> WithRightChecksum(byte[] block) => AnyBlock.Seeded(random =>
    {
        var bytes = block.ToList();
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            // Mostly near the front, where the lengths are.
            var at = ChecksumEnd + random.Next(random.Next(2) == 0 ? Math.Min(40, bytes.Count - ChecksumEnd) : bytes.Count - ChecksumEnd);
            switch (random.Next(4))
            {
                case 0: bytes.RemoveRange(at, random.Next(Math.Min(8, bytes.Count - at))); break;
                case 1: bytes.Insert(at, (byte)random.Next(256)); break;
                default: bytes[at] = (byte)random.Next(256); break;
            }

            if (bytes.Count == ChecksumEnd) bytes.Add(0);
        }

        var damaged = bytes.ToArray();
        BinaryPrimitives.WriteUInt32LittleEndian(damaged.AsSpan(ChecksumAt), StoredBlock.Checksum(damaged.AsSpan(ChecksumEnd)));
        return damaged;
    });

    public static bool IsRefused(byte[] bytes, Action<byte[]> read)
    {
        try
        {
            read(bytes);
            return false;
        }
        catch (InvalidDataException)
        {
            return true;
        }
    }

    /// <summary>True unless something else is thrown, which is let through.</summary>
    public static bool IsRefusedOrRead(byte[] bytes, Action<byte[]> read) => IsRefused(bytes, read) || true;
}
