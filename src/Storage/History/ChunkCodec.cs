using System.Collections.Immutable;
using System.Runtime.InteropServices;
using StatusMonitor.Storage.History.Coding;

namespace StatusMonitor.Storage.History;

/// <summary>Samples of one host as compressed bytes. Encoding and decoding gives back every time, interval and value to the bit.</summary>
/// <remarks>
/// Format 1, laid out as <see cref="StoredBlock"/> says; its rows are samples, and the flag of a column says that some sample lacks the series. Each section is bits, from the highest
/// of each byte down, filled with zeros to a whole byte; its parts are columns as <see cref="IntegerCoder"/> and <see cref="DoubleCoder"/> say.
/// <code>
/// shared section    integers: times; integers: intervals
/// section of series if flagged, integers: 1 where the sample lacks it, else 0; then doubles: the values that are there
/// </code>
/// </remarks>
public static class ChunkCodec
{
    private const byte Format = 1;

    /// <summary>Most samples of a chunk: an hour of one a millisecond.</summary>
    public const int MaxSamples = StoredBlock.MaxRows;

    /// <exception cref="ArgumentException">It is no block: times do not ascend, lengths differ, or it has more than <see cref="MaxSamples"/>.</exception>
    public static byte[] Encode(SampleBlock block)
    {
        var times = block.Times.AsSpan();
        if (times.Length > MaxSamples || block.Intervals.Length != times.Length) throw new ArgumentException("A block has too many samples, or not as many intervals as times.", nameof(block));
        for (var i = 1; i < times.Length; i++)
        {
            if (times[i] <= times[i - 1]) throw new ArgumentException("The times of a block do not ascend.", nameof(block));
        }

        using var bits = new BitWriter();
        using var integers = new IntegerEncoder(times.Length);
        var scratch = new long[times.Length];
        var present = new double[times.Length];
        integers.Write(bits, times);
        for (var i = 0; i < scratch.Length; i++) scratch[i] = block.Intervals[i];
        integers.Write(bits, scratch);
        var shared = bits.EndByte();

        var columns = new StoredBlock.Column[block.Columns.Length];
        var end = shared;
        for (var i = 0; i < columns.Length; i++)
        {
            var column = block.Columns[i];
            if (column.Values.Length != times.Length) throw new ArgumentException("A column of a block has not as many values as there are times.", nameof(block));
            var isSparse = WriteValues(bits, integers, column.Values.AsSpan(), scratch, present);
            var begin = end;
            end = bits.EndByte();
            columns[i] = new StoredBlock.Column(column.SeriesId, isSparse, end - begin);
        }

        return StoredBlock.Write(Format, times.Length, shared, columns, bits.Written);
    }

    /// <summary>All of it.</summary>
    /// <exception cref="InvalidDataException">The bytes are no chunk of a known format, or damaged.</exception>
    public static SampleBlock Decode(ReadOnlySpan<byte> chunk)
    {
        var reader = StoredBlock.Open(chunk, Format);
        var times = ReadTimes(reader, out var intervals);
        var columns = ImmutableArray.CreateBuilder<SampleColumn>(reader.Columns);
        while (reader.Next(out var column, out var section)) columns.Add(ReadValues(column, section, times.Length));
        return new SampleBlock(times, intervals, columns.MoveToImmutable());
    }

    /// <summary>All times, and of the columns only these (ascending); what the chunk does not have is left out.</summary>
    /// <exception cref="InvalidDataException">The bytes are no chunk of a known format, or damaged.</exception>
    public static SampleBlock Decode(ReadOnlySpan<byte> chunk, ReadOnlySpan<int> seriesIds)
    {
        var reader = StoredBlock.Open(chunk, Format);
        var times = ReadTimes(reader, out var intervals);
        var columns = ImmutableArray.CreateBuilder<SampleColumn>(Math.Min(reader.Columns, seriesIds.Length));
        while (reader.Next(ref seriesIds, out var column, out var section)) columns.Add(ReadValues(column, section, times.Length));
        return new SampleBlock(times, intervals, columns.DrainToImmutable());
    }

    /// <summary>The collection times alone.</summary>
    /// <exception cref="InvalidDataException">The bytes are no chunk of a known format, or damaged.</exception>
    public static ImmutableArray<long> DecodeTimes(ReadOnlySpan<byte> chunk)
    {
        var reader = StoredBlock.Open(chunk, Format);
        var bits = reader.Shared;
        return ReadTimes(ref bits, reader.Rows);
    }

    private static bool WriteValues(BitWriter bits, IntegerEncoder integers, ReadOnlySpan<double> values, Span<long> absences, Span<double> present)
    {
        var count = 0;
        for (var i = 0; i < values.Length; i++)
        {
            var isAbsent = double.IsNaN(values[i]);
            absences[i] = isAbsent ? 1 : 0;
            if (!isAbsent) present[count++] = values[i];
        }

        var isSparse = count < values.Length;
        if (isSparse) integers.Write(bits, absences);
        DoubleCoder.Write(bits, integers, present[..count]);
        return isSparse;
    }

    private static ImmutableArray<long> ReadTimes(StoredBlock.Reader reader, out ImmutableArray<int> intervals)
    {
        var bits = reader.Shared;
        var times = ReadTimes(ref bits, reader.Rows);
        var read = new long[reader.Rows];
        IntegerCoder.Read(ref bits, read);
        var narrow = new int[read.Length];
        for (var i = 0; i < read.Length; i++)
        {
            narrow[i] = (int)read[i];
            if (narrow[i] != read[i]) throw new InvalidDataException("A chunk has an interval that cannot be.");
        }

        intervals = ImmutableCollectionsMarshal.AsImmutableArray(narrow);
        return times;
    }

    private static ImmutableArray<long> ReadTimes(ref BitReader bits, int count)
    {
        var times = new long[count];
        IntegerCoder.Read(ref bits, times);
        for (var i = 1; i < times.Length; i++)
        {
            if (times[i] <= times[i - 1]) throw new InvalidDataException("The times of a chunk do not ascend.");
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(times);
    }

    private static SampleColumn ReadValues(StoredBlock.Column column, BitReader bits, int count)
    {
        var values = new double[count];
        if (column.Flag) ReadSparse(ref bits, values);
        else DoubleCoder.Read(ref bits, values);
        return new SampleColumn(column.SeriesId, ImmutableCollectionsMarshal.AsImmutableArray(values));
    }

    private static void ReadSparse(ref BitReader bits, Span<double> values)
    {
        var absences = new long[values.Length];
        IntegerCoder.Read(ref bits, absences);
        var present = values.Length;
        foreach (var absence in absences) present -= absence == 0 ? 0 : 1;

        // From the end on, so that no value is overwritten before it is moved.
        DoubleCoder.Read(ref bits, values[..present]);
        for (var i = values.Length - 1; i >= 0; i--) values[i] = absences[i] == 0 ? values[--present] : double.NaN;
    }
}
