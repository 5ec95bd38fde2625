using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace StatusMonitor.Storage.History;

/// <summary>
/// Puts blocks of one tier and of different times, ascending, together, and cuts them: what is decoded goes to where it stays at once. Whether a series is a counter is as the last
/// block says.
/// </summary>
/// <param name="tier">Length of the buckets.</param>
/// <param name="from">Buckets that begin before it are left out.</param>
/// <param name="to">Buckets that begin then or later are left out; it is after <paramref name="from"/>.</param>
internal sealed class RollupJoin(RollupTier tier, long from, long to)
{
    /// <summary>Buckets that there is room for to begin with if the range is not shorter: a day of minutes.</summary>
    private const int MostRoom = 24 * 60;

    private readonly SortedList<int, (bool IsCounter, RollupPoint[] Points)> _columns = [];
    private readonly int _room = (int)Math.Min((unchecked((ulong)(to - from)) - 1) / (ulong)Rollups.Length(tier) + 1, MostRoom);
    private long[] _starts = [];
    private long[] _first = [];
    private long[] _last = [];
    private Range _kept;
    private int _begin;
    private int _end;

    /// <summary>Adds a block.</summary>
    /// <exception cref="ArgumentException">It is of another tier, or not later than the one before.</exception>
    public void Add(RollupBlock block)
    {
        if (!TryBegin(block.Tier, block.Starts.AsSpan(), block.FirstAt.AsSpan(), block.LastAt.AsSpan())) return;
        foreach (var column in block.Columns) Add(column.SeriesId, column.IsCounter, column.Points.AsSpan());
    }

    /// <summary>Begins a block; false if nothing of it is in the range. Its columns are added after that.</summary>
    /// <exception cref="ArgumentException">It is of another tier, or not later than the one before.</exception>
    public bool TryBegin(RollupTier ofTier, ReadOnlySpan<long> starts, ReadOnlySpan<long> firstAt, ReadOnlySpan<long> lastAt)
    {
        if (starts.IsEmpty) return false;
        _kept = IndexOf(starts, from)..IndexOf(starts, to);
        starts = starts[_kept];
        if (ofTier != tier || (!starts.IsEmpty && _end > 0 && starts[0] <= _starts[_end - 1])) throw new ArgumentException("Rollups to be joined are of another tier, or not in order.", nameof(starts));
        if (starts.IsEmpty) return false;

        (_begin, _end) = (_end, _end + starts.Length);
        if (_end > _starts.Length) Resize(_end <= _room ? _room : Math.Max(_end, 2 * _starts.Length));
        starts.CopyTo(_starts.AsSpan(_begin));
        firstAt[_kept].CopyTo(_first.AsSpan(_begin));
        lastAt[_kept].CopyTo(_last.AsSpan(_begin));
        return true;
    }

    /// <summary>Adds a series of the block that was begun.</summary>
    public void Add(int seriesId, bool isCounter, ReadOnlySpan<RollupPoint> points)
    {
        var isKnown = _columns.TryGetValue(seriesId, out var column);
        if (!isKnown) column.Points = new RollupPoint[_starts.Length];
        if (!isKnown || column.IsCounter != isCounter) _columns[seriesId] = (isCounter, column.Points);
        points[_kept].CopyTo(column.Points.AsSpan(_begin));
    }

    /// <summary>All that was added.</summary>
    public RollupBlock ToBlock()
    {
        if (_end < _starts.Length) Resize(_end);
        return new RollupBlock(
            tier, Immutable(_starts), Immutable(_first), Immutable(_last), [.. _columns.Select(column => new RollupColumn(column.Key, column.Value.IsCounter, Immutable(column.Value.Points)))]);
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
