using System.Collections.Immutable;
using System.Runtime.InteropServices;
using StatusMonitor.Storage.Samples;

namespace StatusMonitor.Storage.History;

/// <summary>Blocks of one host put together and cut.</summary>
public static class SampleBlocks
{
    /// <summary>Journal rows, in whatever order, as a block. Of rows of the same time the first counts.</summary>
    /// <exception cref="InvalidDataException">A row is damaged.</exception>
    public static SampleBlock Of(IReadOnlyList<JournalRow> rows)
    {
        var order = InOrder(rows);
        var times = new long[order.Length];
        var intervals = new int[order.Length];
        var columns = new ColumnsByUse(order.Length);
        for (var i = 0; i < order.Length; i++)
        {
            var row = rows[order[i]];
            times[i] = row.At;
            intervals[i] = row.IntervalMilliseconds;
            columns.Begin(i);
            SampleRow.Decode(row.Values, columns.Set);
        }

        return new SampleBlock(Immutable(times), Immutable(intervals), columns.ToColumns());
    }

    /// <summary>The union by time. Where several blocks have a sample of the same time, the one of the first block counts, whole.</summary>
    public static SampleBlock Merge(IReadOnlyList<SampleBlock> blocks)
    {
        if (blocks.Count == 1) return blocks[0];
        var samples = UnionByTime(blocks);
        var times = new long[samples.Length];
        var intervals = new int[samples.Length];
        for (var i = 0; i < samples.Length; i++)
        {
            times[i] = samples[i].At;
            intervals[i] = blocks[samples[i].Block].Intervals[samples[i].Index];
        }

        // By block, where each of its samples goes.
        var targets = Array.ConvertAll([.. blocks], block => FilledWith(block.Times.Length, -1));
        for (var i = 0; i < samples.Length; i++) targets[samples[i].Block][samples[i].Index] = i;

        var columns = new SortedDictionary<int, double[]>();
        for (var i = 0; i < blocks.Count; i++)
        {
            foreach (var column in blocks[i].Columns)
            {
                if (!columns.TryGetValue(column.SeriesId, out var values)) columns.Add(column.SeriesId, values = FilledWith(samples.Length, double.NaN));
                Scatter(column.Values.AsSpan(), targets[i], values);
            }
        }

        return new SampleBlock(Immutable(times), Immutable(intervals), [.. columns.Select(column => new SampleColumn(column.Key, Immutable(column.Value)))]);
    }

    /// <summary>The samples of a range, <paramref name="to"/> not included.</summary>
    public static SampleBlock Slice(SampleBlock block, long from, long to)
    {
        var begin = IndexOf(block.Times, from);
        var end = Math.Max(begin, IndexOf(block.Times, to));
        if (begin == 0 && end == block.Times.Length) return block;
        return new SampleBlock(
            Cut(block.Times), Cut(block.Intervals), ImmutableArray.CreateRange(block.Columns, column => new SampleColumn(column.SeriesId, Cut(column.Values))));

        ImmutableArray<T> Cut<T>(ImmutableArray<T> values) => ImmutableArray.Create(values, begin, end - begin);
    }

    /// <summary>Rows by time, without those whose time an earlier one has.</summary>
    private static int[] InOrder(IReadOnlyList<JournalRow> rows)
    {
        var order = new int[rows.Count];
        var ascends = true;
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
            ascends &= i == 0 || rows[i].At > rows[i - 1].At;
        }

        if (ascends) return order;
        Array.Sort(order, (a, b) => rows[a].At.CompareTo(rows[b].At) is not 0 and var byTime ? byTime : a.CompareTo(b));
        return [.. order.Where((row, i) => i == 0 || rows[row].At != rows[order[i - 1]].At)];
    }

    private static (long At, int Block, int Index)[] UnionByTime(IReadOnlyList<SampleBlock> blocks)
    {
        var samples = new (long At, int Block, int Index)[blocks.Sum(block => block.Times.Length)];
        var count = 0;
        var ascends = true;
        for (var i = 0; i < blocks.Count; i++)
        {
            for (var j = 0; j < blocks[i].Times.Length; j++)
            {
                var at = blocks[i].Times[j];
                ascends &= count == 0 || at > samples[count - 1].At;
                samples[count++] = (at, i, j);
            }
        }

        // Pieces usually follow each other.
        if (ascends) return samples;
        Array.Sort(samples);
        var kept = 0;
        foreach (var sample in samples)
        {
            if (kept == 0 || sample.At != samples[kept - 1].At) samples[kept++] = sample;
        }

        return samples[..kept];
    }

    private static void Scatter(ReadOnlySpan<double> values, ReadOnlySpan<int> targets, Span<double> into)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (targets[i] >= 0) into[targets[i]] = values[i];
        }
    }

    /// <summary>Where the first time from this one on is.</summary>
    private static int IndexOf(ImmutableArray<long> times, long from)
    {
        var index = times.BinarySearch(from);
        return index >= 0 ? index : ~index;
    }

    private static T[] FilledWith<T>(int length, T value)
    {
        var array = new T[length];
        Array.Fill(array, value);
        return array;
    }

    private static ImmutableArray<T> Immutable<T>(T[] array) => ImmutableCollectionsMarshal.AsImmutableArray(array);

    /// <summary>Columns that come into being with their first value.</summary>
    private sealed class ColumnsByUse(int length)
    {
        private readonly Dictionary<int, int> _indexes = [];
        private readonly List<(int Id, double[] Values)> _columns = [];
        private int _row;
        private int _next;

        public void Begin(int row) => (_row, _next) = (row, 0);

        public void Set(int id, double value)
        {
            // Rows nearly always have the same series in the same order.
            if (_next >= _columns.Count || _columns[_next].Id != id) _next = IndexOf(id);
            _columns[_next++].Values[_row] = value;
        }

        public ImmutableArray<SampleColumn> ToColumns() =>
            [.. _columns.OrderBy(column => column.Id).Select(column => new SampleColumn(column.Id, Immutable(column.Values)))];

        private int IndexOf(int id)
        {
            if (_indexes.TryGetValue(id, out var index)) return index;
            _columns.Add((id, FilledWith(length, double.NaN)));
            _indexes.Add(id, _columns.Count - 1);
            return _columns.Count - 1;
        }
    }
}
