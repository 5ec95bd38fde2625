using System.Buffers.Binary;
using System.Numerics;
using StatusMonitor.Storage.Samples;

namespace StatusMonitor.Storage.History.Coding;

/// <summary>
/// Sections of bytes behind a head that says where they are, and a checksum over both, so that bytes that rotted are not taken for values.
/// </summary>
/// <remarks>
/// <code>
/// byte    format
/// 4 bytes CRC-32C of all that follows, little-endian
/// varint  rows
/// varint  length of the section that all columns share
/// varint  columns
/// column x (varint: series id less the one before less 1, twice, plus a flag; varint: length of its section)
/// the sections, in that order
/// </code>
/// </remarks>
internal static class StoredBlock
{
    /// <summary>Most rows: more than one a millisecond cannot be in an hour. Bounds what damaged bytes can have allocated.</summary>
    public const int MaxRows = 3_600_000;
    private const int ChecksumAt = 1;
    private const int HeadAt = ChecksumAt + sizeof(uint);

    /// <summary>A column and its section.</summary>
    public readonly record struct Column(int SeriesId, bool Flag, int Length);

    /// <param name="format">First byte.</param>
    /// <param name="rows">How many rows there are.</param>
    /// <param name="sharedLength">Length of the first section.</param>
    /// <param name="columns">The others.</param>
    /// <param name="sections">All sections.</param>
    public static byte[] Write(byte format, int rows, int sharedLength, ReadOnlySpan<Column> columns, ReadOnlySpan<byte> sections)
    {
        var head = new byte[HeadAt + VarInt.MaxBytes * (3 + 2 * columns.Length)];
        head[0] = format;
        var at = HeadAt;
        at += VarInt.Write(head.AsSpan(at), (ulong)rows);
        at += VarInt.Write(head.AsSpan(at), (ulong)sharedLength);
        at += VarInt.Write(head.AsSpan(at), (ulong)columns.Length);
        var previous = -1;
        foreach (var column in columns)
        {
            if (column.SeriesId <= previous) throw new ArgumentException("Columns are not in ascending order of their series.", nameof(columns));
            at += VarInt.Write(head.AsSpan(at), (ulong)(column.SeriesId - previous - 1) << 1 | (column.Flag ? 1UL : 0));
            at += VarInt.Write(head.AsSpan(at), (ulong)column.Length);
            previous = column.SeriesId;
        }

        var block = new byte[at + sections.Length];
        head.AsSpan(0, at).CopyTo(block);
        sections.CopyTo(block.AsSpan(at));
        BinaryPrimitives.WriteUInt32LittleEndian(block.AsSpan(ChecksumAt), Checksum(block.AsSpan(HeadAt)));
        return block;
    }

    /// <summary>Begins to read a block: checks it and reads the head up to the columns.</summary>
    /// <exception cref="InvalidDataException">It is of another format or damaged.</exception>
    public static Reader Open(ReadOnlySpan<byte> block, byte format)
    {
        if (block.Length < HeadAt || block[0] != format) throw new InvalidDataException("Stored history has an unknown format.");
        if (BinaryPrimitives.ReadUInt32LittleEndian(block[ChecksumAt..]) != Checksum(block[HeadAt..])) throw new InvalidDataException("Stored history is damaged: its checksum is wrong.");
        return new Reader(block);
    }

    internal static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = ~0U;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..]) crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var last in bytes) crc = BitOperations.Crc32C(crc, last);
        return ~crc;
    }

    /// <summary>Goes through the columns of a block.</summary>
    public ref struct Reader
    {
        private readonly ReadOnlySpan<byte> _block;
        private readonly int _sharedAt;
        private readonly int _sharedLength;
        private int _directoryAt;
        private int _sectionAt;
        private int _remaining;
        private long _id = -1;

        public Reader(ReadOnlySpan<byte> block)
        {
            _block = block;
            _directoryAt = HeadAt;
            var rows = VarInt.Read(block, ref _directoryAt);
            var shared = VarInt.Read(block, ref _directoryAt);
            var columns = VarInt.Read(block, ref _directoryAt);
            // An entry of the directory takes two bytes at least.
            if (rows > MaxRows || shared > (ulong)block.Length || columns > (ulong)block.Length / 2) throw new InvalidDataException("Stored history is longer than it can be.");
            (Rows, _sharedLength, Columns) = ((int)rows, (int)shared, (int)columns);

            // The sections begin where the directory ends, so it is walked once before.
            var (at, length) = (_directoryAt, shared);
            for (var i = 0; i < Columns; i++)
            {
                VarInt.Read(block, ref at);
                var column = VarInt.Read(block, ref at);
                if (column > (ulong)block.Length) throw new InvalidDataException("Stored history is longer than it can be.");
                length += column;
            }

            if (length != (ulong)(block.Length - at)) throw new InvalidDataException("Stored history is not as long as it says.");
            _sharedAt = at;
            _sectionAt = at + _sharedLength;
            _remaining = Columns;
        }

        public int Rows { get; }

        /// <summary>How many columns there are.</summary>
        public int Columns { get; }

        /// <summary>The section that all columns share.</summary>
        public readonly BitReader Shared => new(_block[_sharedAt..], _sharedLength);

        /// <summary>The next column with its section; false after the last.</summary>
        public bool Next(out Column column, out BitReader section)
        {
            column = default;
            section = default;
            if (_remaining-- == 0) return false;
            var step = VarInt.Read(_block, ref _directoryAt);
            var length = (int)VarInt.Read(_block, ref _directoryAt);
            if (step >> 1 > int.MaxValue || _id + 1 + (long)(step >> 1) > int.MaxValue) throw new InvalidDataException("Stored history has a series number that cannot be.");
            _id += 1 + (long)(step >> 1);
            column = new Column((int)_id, (step & 1) != 0, length);
            section = new BitReader(_block[_sectionAt..], length);
            _sectionAt += length;
            return true;
        }

        /// <summary>The next column that is among these, ascending, of which the first are taken away; false after the last.</summary>
        public bool Next(ref ReadOnlySpan<int> seriesIds, out Column column, out BitReader section)
        {
            while (!seriesIds.IsEmpty && Next(out column, out section))
            {
                while (!seriesIds.IsEmpty && seriesIds[0] < column.SeriesId) seriesIds = seriesIds[1..];
                if (seriesIds.IsEmpty || seriesIds[0] != column.SeriesId) continue;
                return true;
            }

            column = default;
            section = default;
            return false;
        }
    }
}
