using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using StatusMonitor.Storage;
using StatusMonitor.Storage.Samples;

namespace StatusMonitor.Grains.Hosts;

/// <summary>
/// A host's newest samples, compactly, in order of collection time. Samples are encoded as they come into blocks of
/// <see cref="BlockRows"/>; the oldest block goes when all of it is older than the window, or there are too many rows.
/// </summary>
/// <remarks>
/// A row in a block: the milliseconds since the row before (varint); 0 if it has the same series as the row before,
/// else their number and ids (varints); then a varint token for each value, by its lowest two bits:
/// 0, the zigzag difference of the scaled value to the one before; 1, a new number of decimals, followed by the whole scaled value;
/// 2, followed by the eight bytes of a double. Each block can be read by itself.
/// </remarks>
public sealed class SampleRing(TimeSpan window, int capacity)
{
    private const int BlockRows = 32;
    private const int SmallestBuffer = 256;

    private readonly List<Block> _blocks = [];
    private readonly long _windowMilliseconds = (long)window.TotalMilliseconds;
    private Encoder? _encoder;

    /// <summary>Samples held.</summary>
    public int Count { get; private set; }

    /// <summary>Collection time of the newest sample, Unix milliseconds, or null.</summary>
    public long? Newest => _blocks.Count == 0 ? null : _blocks[^1].LastAt;

    /// <summary>Whether a sample of this collection time is held.</summary>
    public bool Contains(long at)
    {
        if (!(at <= Newest)) return false;

        foreach (var block in _blocks)
        {
            if (at < block.FirstAt || at > block.LastAt) continue;
            var reader = new BlockReader(block);
            while (reader.Next())
            {
                if (reader.At == at) return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Adds a sample. One that is older than others is put in its place; one that is there already, or too old for the window, is not
    /// added.
    /// </summary>
    /// <param name="at">Collection time, Unix milliseconds.</param>
    /// <param name="seriesIds">The host's ids of the series. Kept by reference; must not change.</param>
    /// <param name="values">A finite value for each.</param>
    /// <returns>Whether it was added.</returns>
    public bool Add(long at, int[] seriesIds, ReadOnlySpan<double> values)
    {
        if (Newest is { } newest && at <= newest) return Insert(at, seriesIds, values);
        Append(at, seriesIds, values);
        return true;
    }

    /// <summary>Drops every sample newer than a time. For a clock that was set back: what it called later never comes to pass.</summary>
    public void DropAfter(long at)
    {
        var kept = Rows().TakeWhile(row => row.At <= at).ToList();
        Rebuild(kept);
    }

    /// <summary>Reads the samples inside the window, oldest first. The arrays given to the callback are valid only during the call.</summary>
    public void Read(Action<long, int[], double[]> onSample)
    {
        var from = Newest - _windowMilliseconds;
        foreach (var block in _blocks)
        {
            if (block.LastAt < from) continue;
            var reader = new BlockReader(block);
            while (reader.Next())
            {
                if (reader.At >= from) onSample(reader.At, reader.SeriesIds, reader.Values);
            }
        }
    }

    /// <summary>Adds a sample as the journal keeps it.</summary>
    public void Add(JournalRow row)
    {
        var ids = new List<int>();
        var values = new List<double>();
        SampleRow.Decode(row.Values, (id, value) =>
        {
            ids.Add(id);
            values.Add(value);
        });
        Add(row.At, [.. ids], CollectionsMarshal.AsSpan(values));
    }

    /// <summary>
    /// The samples inside the window as a table: their times, and for each of the host's <paramref name="series"/> a column of as many values, NaN where a sample
    /// has none of it. A series without any has an empty column.
    /// </summary>
    public (ImmutableArray<long> Times, ImmutableArray<ImmutableArray<double>> Columns) ToTable(int series)
    {
        var times = ImmutableArray.CreateBuilder<long>(Count);
        var columns = new double[series][];
        Read((at, ids, values) =>
        {
            for (var i = 0; i < ids.Length; i++)
            {
                var column = columns[ids[i]];
                if (column is null)
                {
                    column = columns[ids[i]] = new double[Count];
                    Array.Fill(column, double.NaN);
                }

                column[times.Count] = values[i];
            }

            times.Add(at);
        });
        return (times.ToImmutable(), [.. columns.Select(column => column is null ? [] : ImmutableArray.Create(column, 0, times.Count))]);
    }

    private void Append(long at, int[] seriesIds, ReadOnlySpan<double> values)
    {
        if (_blocks.Count == 0 || _blocks[^1].Rows == BlockRows)
        {
            if (_blocks.Count > 0) _blocks[^1].Trim();
            _blocks.Add(new Block(at));
            _encoder = null;
        }

        _encoder ??= new Encoder();
        _encoder.Append(_blocks[^1], at, seriesIds, values);
        Count++;
        while (_blocks.Count > 1 && (_blocks[0].LastAt < at - _windowMilliseconds || Count - _blocks[0].Rows >= capacity))
        {
            Count -= _blocks[0].Rows;
            _blocks.RemoveAt(0);
        }
    }

    /// <summary>Late samples are rare, so their place is made by writing the ring anew.</summary>
    private bool Insert(long at, int[] seriesIds, ReadOnlySpan<double> values)
    {
        if (at < Newest - _windowMilliseconds || Contains(at)) return false;

        var rows = Rows();
        rows.Insert(rows.FindIndex(row => row.At > at), (at, seriesIds, values.ToArray()));
        Rebuild(rows);
        return true;
    }

    private List<(long At, int[] SeriesIds, double[] Values)> Rows()
    {
        var rows = new List<(long, int[], double[])>(Count + 1);
        foreach (var block in _blocks)
        {
            var reader = new BlockReader(block);
            while (reader.Next()) rows.Add((reader.At, reader.SeriesIds, reader.Values.ToArray()));
        }

        return rows;
    }

    private void Rebuild(List<(long At, int[] SeriesIds, double[] Values)> rows)
    {
        _blocks.Clear();
        _encoder = null;
        Count = 0;
        foreach (var (at, seriesIds, values) in rows) Append(at, seriesIds, values);
    }

    private sealed class Block(long firstAt)
    {
        public byte[] Bytes = [];

        public int Length { get; private set; }

        public int Rows { get; private set; }

        public long FirstAt { get; } = firstAt;

        public long LastAt { get; private set; } = firstAt;

        public Span<byte> Room(int bytes)
        {
            if (Bytes.Length - Length < bytes)
            {
                // By half, not double: the slack of the open block is a large part of an idle host's memory.
                Array.Resize(ref Bytes, Math.Max(SmallestBuffer, Math.Max(Length + bytes, Length + Length / 2)));
            }

            return Bytes.AsSpan(Length);
        }

        public void Wrote(int bytes) => Length += bytes;

        public void EndRow(long at)
        {
            LastAt = at;
            Rows++;
        }

        public void Trim()
        {
            if (Bytes.Length > Length) Array.Resize(ref Bytes, Length);
        }
    }

    /// <summary>What the next row of the open block is told apart from.</summary>
    private sealed class Encoder
    {
        private int[] _seriesIds = [];
        private long[] _mantissas = [];
        private sbyte[] _exponents = [];

        public void Append(Block block, long at, int[] seriesIds, ReadOnlySpan<double> values)
        {
            Span<byte> row = stackalloc byte[2 * VarInt.MaxBytes];
            var length = VarInt.Write(row, (ulong)(at - block.LastAt));
            var same = ReferenceEquals(seriesIds, _seriesIds) || seriesIds.AsSpan().SequenceEqual(_seriesIds);
            length += VarInt.Write(row[length..], same && block.Rows > 0 ? 0 : (ulong)seriesIds.Length + 1);
            Copy(block, row[..length]);
            if (!same || block.Rows == 0)
            {
                foreach (var id in seriesIds) block.Wrote(VarInt.Write(block.Room(VarInt.MaxBytes), (ulong)id));
                _seriesIds = seriesIds;
                if (_mantissas.Length != seriesIds.Length)
                {
                    _mantissas = new long[seriesIds.Length];
                    _exponents = new sbyte[seriesIds.Length];
                }

                Array.Fill(_exponents, (sbyte)-1);
            }

            Span<byte> token = stackalloc byte[2 * VarInt.MaxBytes];
            for (var i = 0; i < values.Length; i++) Copy(block, token[..Encode(token, values[i], ref _mantissas[i], ref _exponents[i])]);
            block.EndRow(at);
        }

        private static int Encode(Span<byte> target, double value, ref long mantissa, ref sbyte exponent)
        {
            var e = Math.Max(0, (int)exponent);
            if (!ScaledDecimal.TryScale(value, ref e, out var scaled))
            {
                target[0] = 2;
                BinaryPrimitives.WriteDoubleLittleEndian(target[1..], value);
                return 1 + sizeof(double);
            }

            if (e == exponent)
            {
                var length = VarInt.Write(target, VarInt.ZigZag(scaled - mantissa) << 2);
                mantissa = scaled;
                return length;
            }

            exponent = (sbyte)e;
            mantissa = scaled;
            var start = VarInt.Write(target, (ulong)e << 2 | 1);
            return start + VarInt.Write(target[start..], VarInt.ZigZag(scaled));
        }

        private static void Copy(Block block, ReadOnlySpan<byte> bytes)
        {
            bytes.CopyTo(block.Room(bytes.Length));
            block.Wrote(bytes.Length);
        }
    }

    private struct BlockReader(Block block)
    {
        private int _at;
        private int _row;
        private long[] _mantissas = [];
        private byte[] _exponents = [];

        public long At { get; private set; } = block.FirstAt;

        public int[] SeriesIds { get; private set; } = [];

        public double[] Values { get; private set; } = [];

        public bool Next()
        {
            if (_row == block.Rows) return false;
            _row++;
            ReadOnlySpan<byte> bytes = block.Bytes.AsSpan(0, block.Length);
            At += (long)VarInt.Read(bytes, ref _at);
            var shape = (int)VarInt.Read(bytes, ref _at);
            if (shape != 0)
            {
                var seriesIds = new int[shape - 1];
                for (var i = 0; i < seriesIds.Length; i++) seriesIds[i] = (int)VarInt.Read(bytes, ref _at);
                SeriesIds = seriesIds;
                Values = new double[seriesIds.Length];
                _mantissas = new long[seriesIds.Length];
                _exponents = new byte[seriesIds.Length];
            }

            for (var i = 0; i < Values.Length; i++)
            {
                var token = VarInt.Read(bytes, ref _at);
                switch (token & 3)
                {
                    case 0:
                        _mantissas[i] += VarInt.UnZigZag(token >> 2);
                        Values[i] = ScaledDecimal.Unscale(_mantissas[i], _exponents[i]);
                        break;
                    case 1:
                        _exponents[i] = (byte)(token >> 2);
                        _mantissas[i] = VarInt.UnZigZag(VarInt.Read(bytes, ref _at));
                        Values[i] = ScaledDecimal.Unscale(_mantissas[i], _exponents[i]);
                        break;
                    default:
                        Values[i] = BinaryPrimitives.ReadDoubleLittleEndian(bytes[_at..]);
                        _at += sizeof(double);
                        break;
                }
            }

            return true;
        }
    }
}
