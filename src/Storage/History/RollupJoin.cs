using System.Collections.Immutable;
using System.Runtime.InteropServices;
using StatusMonitor.Storage.History.Coding;

namespace StatusMonitor.Storage.History;

/// <summary>
/// Puts blocks of one tier (and, in place of minutes, of five) and of different times, ascending, together, cuts them and merges buckets into longer ones: what is decoded goes to where it stays at once. Whether a series is a
/// counter is as the last block says.
/// </summary>
/// <param name="tier">Length of the buckets.</param>
/// <param name="from">Buckets that begin before it are left out.</param>
/// <param name="to">Buckets that begin then or later are left out; it is after <paramref name="from"/>.</param>
/// <param name="steps">Which buckets become one.</param>
internal sealed class RollupJoin(RollupTier tier, long from, long to, RollupSteps steps)
{
    /// <summary>Buckets that there is room for to begin with if the range is not shorter: a day of minutes.</summary>
    private const int MostRoom = 24 * 60;

    private readonly SortedList<int, (bool IsCounter, RollupPoint[] Points)> _columns = [];
    private readonly int _room = RoomFor(from, to, Math.Max(Rollups.Length(tier), steps.Length));
    private long[] _starts = [];
    private long[] _first = [];
    private long[] _last = [];
    private RollupInterval _interval;

    // Of the block that was begun: its runs of buckets that become one, and where they are here.
    private int[] _ends = [];
    private int _runs;
    private int _kept;
    private int _begin;
    private int _end;
    private bool _goesOn;

    // Buckets that begin before it become one with the last.
    private long _stepEnd = long.MinValue;

    /// <summary>Which buckets of the block that was begun become one.</summary>
    public BucketRuns Runs => new(_kept, _ends.AsSpan(0, _runs));

    /// <summary>Adds a block.</summary>
    /// <exception cref="ArgumentException">It is of another tier, or not later than the one before.</exception>
    public void Add(RollupBlock block)
    {
        var counts = new long[block.Starts.Length];
        foreach (var column in block.Columns)
        {
            for (var i = 0; i < counts.Length; i++) counts[i] = Math.Max(counts[i], column.Points[i].Count);
        }

        if (!TryBegin(block.Tier, block.Starts.AsSpan(), block.FirstAt.AsSpan(), block.LastAt.AsSpan(), counts)) return;
        var points = new RollupPoint[_runs];
        foreach (var column in block.Columns)
        {
            for (var (run, at) = (0, _kept); run < points.Length; run++)
            {
                var point = column.Points[at];
                while (++at < _ends[run]) point = Rollups.Merge(point, column.Points[at], column.IsCounter);
                points[run] = point;
            }

            AddMerged(column.SeriesId, column.IsCounter, points);
        }
    }

    /// <summary>Begins a block; false if nothing of it is in the range. Its columns are added after that.</summary>
    /// <exception cref="ArgumentException">It is of another tier, or not later than the one before.</exception>
    public bool TryBegin(RollupTier ofTier, ReadOnlySpan<long> starts, ReadOnlySpan<long> firstAt, ReadOnlySpan<long> lastAt, ReadOnlySpan<long> counts)
    {
        if (starts.IsEmpty) return false;
        _kept = IndexOf(starts, from);
        var end = IndexOf(starts, to);
        if ((ofTier != tier && (tier, ofTier) != (RollupTier.Minute, RollupTier.FiveMinutes)) || (_kept < end && _end > 0 && starts[_kept] <= _starts[_end - 1])) throw new ArgumentException("Rollups to be joined are of another tier, or not in order.", nameof(starts));
        if (_kept >= end) return false;

        _goesOn = _end > 0 && starts[_kept] < _stepEnd;
        if (_ends.Length < starts.Length) _ends = new int[starts.Length];
        _runs = 0;
        for (var i = _kept; i < end; i++)
        {
            _interval.Add(firstAt[i], lastAt[i], counts[i]);
            if (starts[i] >= _stepEnd) _stepEnd = steps.EndOf(starts[i]);
            else if (i > _kept) _runs--;
            _ends[_runs++] = i + 1;
        }

        _begin = _goesOn ? _end - 1 : _end;
        _end = _begin + _runs;
        if (_end > _starts.Length) Resize(_end <= _room ? _room : Math.Max(_end, 2 * _starts.Length));
        for (var (run, at) = (0, _kept); run < _runs; at = _ends[run++])
        {
            if (run > 0 || !_goesOn) (_starts[_begin + run], _first[_begin + run]) = (starts[at], firstAt[at]);
            _last[_begin + run] = lastAt[_ends[run] - 1];
        }

        return true;
    }

    /// <summary>Adds a series of the block that was begun, by its <see cref="Runs"/>.</summary>
    public void AddMerged(int seriesId, bool isCounter, ReadOnlySpan<RollupPoint> points)
    {
        var isKnown = _columns.TryGetValue(seriesId, out var column);
        if (!isKnown) column.Points = new RollupPoint[_starts.Length];
        if (!isKnown || column.IsCounter != isCounter) _columns[seriesId] = (isCounter, column.Points);
        var first = _goesOn ? Rollups.Merge(column.Points[_begin], points[0], isCounter) : points[0];
        points.CopyTo(column.Points.AsSpan(_begin));
        column.Points[_begin] = first;
    }

    /// <summary>All that was added.</summary>
    public RollupBlock ToBlock()
    {
        if (_end < _starts.Length) Resize(_end);
        return new RollupBlock(
            tier, Immutable(_starts), Immutable(_first), Immutable(_last), [.. _columns.Select(column => new RollupColumn(column.Key, column.Value.IsCounter, Immutable(column.Value.Points)))])
        {
            Interval = _interval.Milliseconds,
        };
    }

    /// <summary>As many buckets of a length as begin in the range, so that those of a host that was always there fit without being moved; at least one.</summary>
    private static int RoomFor(long from, long to, long length)
    {
        var whole = (ulong)length;
        var into = (ulong)(((from % length) + length) % length);
        var range = unchecked((ulong)(to - from));
        return (int)Math.Min((range - 1) / whole + (into > 0 && (range - 1) % whole + into >= whole ? 2UL : 1), MostRoom);
    }

    private void Resize(int room)
    {
        Array.Resize(ref _starts, room);
        Array.Resize(ref _first, room);
        Array.Resize(ref _last, room);
        for (var i = 0; i < _columns.Count; i++)
        {
            var (isCounter, points) = _columns.GetValueAtIndex(i);
            Array.Resize(ref points, room);
            _columns.SetValueAtIndex(i, (isCounter, points));
        }
    }

    private static int IndexOf(ReadOnlySpan<long> starts, long at) => starts.BinarySearch(at) is var index && index < 0 ? ~index : index;

    private static ImmutableArray<T> Immutable<T>(T[] array) => ImmutableCollectionsMarshal.AsImmutableArray(array);
}
