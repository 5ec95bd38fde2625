using System.Buffers.Binary;
using StatusMonitor.Storage.History.Coding;
using StatusMonitor.Storage.Samples;

namespace StatusMonitor.Storage.Tests.History.Coding;

public sealed class StoredBlockTests
{
    private const byte Format = 7;

    [Fact]
    public void TheChecksum_IsCrc32C()
    {
        Assert.Equal(0xE306_9283, StoredBlock.Checksum("123456789"u8));
        Assert.Equal(0U, StoredBlock.Checksum([]));
    }

    [Fact]
    public void Columns_AreFoundWithTheirSections()
    {
        StoredBlock.Column[] columns = [new(0, true, 1), new(5, false, 0), new(int.MaxValue, false, 2)];
        var reader = StoredBlock.Open(StoredBlock.Write(Format, 3, 1, columns, [9, 1, 2, 3]), Format);

        Assert.Equal((3, 3), (reader.Rows, reader.Columns));
        Assert.Equal([9], Bytes(reader.Shared, 1));
        foreach (var (expected, bytes) in columns.Zip<StoredBlock.Column, byte[]>([[1], [], [2, 3]]))
        {
            Assert.True(reader.Next(out var column, out var section));
            Assert.Equal(expected, column);
            Assert.Equal(bytes, Bytes(section, column.Length));
        }

        Assert.False(reader.Next(out _, out _));

        // And they end where they do, whatever comes behind.
        static byte[] Bytes(BitReader section, int length)
        {
            var bytes = new byte[length];
            for (var i = 0; i < length; i++) bytes[i] = (byte)section.Read(8);
            try
            {
                section.Skip(1);
            }
            catch (InvalidDataException)
            {
                return bytes;
            }

            throw new InvalidOperationException("A section goes on beyond its end.");
        }
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { Format })]
    [InlineData(new byte[] { Format + 1, 0, 0, 0, 0, 0, 0, 0 })]
    public void AnotherFormat_IsRefused(byte[] bytes) => Assert.Equal("Stored history has an unknown format.", Refused(bytes).Message);

    [Fact]
    public void WrongBytes_AreRefusedByTheirChecksum()
    {
        var block = StoredBlock.Write(Format, 0, 0, [], []);
        block[^1] ^= 1;

        Assert.Equal("Stored history is damaged: its checksum is wrong.", Refused(block).Message);
    }

    /// <summary>Head: rows, length of the shared section, columns, and two numbers each; then sections.</summary>
    [Theory]
    [InlineData(new ulong[] { StoredBlock.MaxRows + 1, 0, 0 }, 0)]
    [InlineData(new ulong[] { ulong.MaxValue, 0, 0 }, 0)]
    [InlineData(new ulong[] { 0, ulong.MaxValue, 0 }, 0)]
    [InlineData(new ulong[] { 0, 0, ulong.MaxValue }, 0)]
    [InlineData(new ulong[] { 0, 0, int.MaxValue }, 0)]
    [InlineData(new ulong[] { 0, 0, 2, 0, 0 }, 0)]
    [InlineData(new ulong[] { 0, 0, 1, 0, ulong.MaxValue }, 0)]
    [InlineData(new ulong[] { 0, 1, 1, 0, 1 }, 1)]
    [InlineData(new ulong[] { 0, 1, 1, 0, 1 }, 3)]
    [InlineData(new ulong[] { 0, 0, 1, (1UL << 31) << 1, 0 }, 0)]
    [InlineData(new ulong[] { 0, 0, 1, ulong.MaxValue, 0 }, 0)]
    public void AHeadThatCannotBe_IsRefusedBeforeAnythingIsMade(ulong[] head, int sections)
    {
        var bytes = new byte[5 + head.Length * VarInt.MaxBytes + sections];
        bytes[0] = Format;
        var at = 5;
        foreach (var number in head) at += VarInt.Write(bytes.AsSpan(at), number);
        var block = bytes[..(at + sections)];
        BinaryPrimitives.WriteUInt32LittleEndian(block.AsSpan(1), StoredBlock.Checksum(block.AsSpan(5)));

        Refused(block);
    }

    private static InvalidDataException Refused(byte[] block) => Assert.Throws<InvalidDataException>(() =>
    {
        var reader = StoredBlock.Open(block, Format);
        while (reader.Next(out _, out _))
        {
        }
    });
}
