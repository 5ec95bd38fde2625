using System.Runtime.InteropServices;
using StatusMonitor.Storage.History;

namespace StatusMonitor.Gateway.History;

/// <summary>
/// Which of a host's samples, or rollups, each point is made of. Points without a sample are left out, but where the host was silent for longer than it should one
/// empty point stands, so that a line breaks there.
/// </summary>
internal sealed class PointGrid
{
    /// <summary>Less than this is no silence, however often the host reports.</summary>
    public const long ShortestSilence = 15_000;

    /// <summary>Points that there is room for to begin with.</summary>
    private const int UsualPoints = 300;

    private readonly List<long> _times;
    private readonly List<int> _starts;
    private readonly List<TimeRange> _silences = [];

    /// <param name="lead">How many samples come before the first point.</param>
    /// <param name="count">How many samples, or rollups, there are: so many points at most, and some empty ones.</param>
    private PointGrid(int lead, int count)
    {
        Lead = lead;
        _times = new List<long>(Math.Min(count, UsualPoints));
        _starts = new List<int>(Math.Min(count, UsualPoints) + 1);
    }

    /// <summary>How many samples come before the first point; they only tell what a counter grew from.</summary>
    public int Lead { get; }

    /// <summary>Time of each point, Unix milliseconds.</summary>
    public ReadOnlySpan<long> Times => CollectionsMarshal.AsSpan(_times);

    /// <summary>By point: place of its first sample; and at the end how many there are. An empty point has the place of the next one's.</summary>
    public ReadOnlySpan<int> Starts => CollectionsMarshal.AsSpan(_starts);

    /// <summary>From the last sample before a silence to the first after it.</summary>
    public IReadOnlyList<TimeRange> Silences => _silences;

    /// <summary>Whether the samples before the first point are too long ago to go on from.</summary>
    public bool IsLeadCut { get; private set; }

    /// <summary>The points of samples.</summary>
    /// <param name="times">When each was collected.</param>
    /// <param name="intervals">Until when the agent meant to report again, milliseconds.</param>
    /// <param name="from">What is before it is lead.</param>
    /// <param name="step">From one point to the next; 0 makes one of each sample.</param>
    public static PointGrid Of(ReadOnlySpan<long> times, ReadOnlySpan<int> intervals, long from, long step)
    {
        var grid = new PointGrid(CountBefore(times, from), times.Length);
        for (var i = 0; i < times.Length; i++) grid.Add(i, times[i], times[i], i == 0 ? 0 : times[i - 1], i == 0 ? 0 : intervals[i - 1], step);
        grid._starts.Add(times.Length);
        return grid;
    }

    /// <summary>The points of rollups.</summary>
    /// <param name="block">The rollups.</param>
    /// <param name="interval">How often the host reports, milliseconds.</param>
    /// <param name="from">Buckets that begin before it are lead.</param>
    /// <param name="step">From one point to the next; a multiple of the buckets' length.</param>
    public static PointGrid Of(RollupBlock block, long interval, long from, long step)
    {
        var grid = new PointGrid(CountBefore(block.Starts.AsSpan(), from), block.Starts.Length);
        for (var i = 0; i < block.Starts.Length; i++) grid.Add(i, block.Starts[i], block.FirstAt[i], i == 0 ? 0 : block.LastAt[i - 1], interval, step);
        grid._starts.Add(block.Starts.Length);
        return grid;
    }

    /// <summary>How long a host must be silent to be noticed.</summary>
    public static long SilenceAfter(long interval, long step) => Math.Max(Math.Max(3 * interval, ShortestSilence), step);

    /// <param name="place">Place of the sample.</param>
    /// <param name="at">When it begins, which says to what point it belongs.</param>
    /// <param name="first">When it was collected.</param>
    /// <param name="last">When the one before it was collected.</param>
    /// <param name="interval">How long after that it was due.</param>
    /// <param name="step">From one point to the next.</param>
    private void Add(int place, long at, long first, long last, long interval, long step)
    {
        if (place < Lead) return;
        var time = step == 0 ? at : at - at % step;
        var isAfterSilence = place > 0 && first - last > SilenceAfter(interval, step);
        if (place == Lead)
        {
            IsLeadCut = isAfterSilence;
        }
        else if (time == _times[^1])
        {
            return;
        }
        else if (isAfterSilence && (step == 0 || time > _times[^1] + step))
        {
            _times.Add(step == 0 ? last + Math.Clamp(interval, 1, first - last - 1) : _times[^1] + step);
            _starts.Add(place);
            _silences.Add(new TimeRange(last, first));
        }

        _times.Add(time);
        _starts.Add(place);
    }

    private static int CountBefore(ReadOnlySpan<long> times, long from)
    {
        var place = times.BinarySearch(from);
        return place < 0 ? ~place : place;
    }
}
