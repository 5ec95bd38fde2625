using StatusMonitor.Storage;

namespace StatusMonitor.Grains.Hosts;

/// <summary>One sample of the ring, on its way to be judged.</summary>
/// <param name="series">Its series.</param>
/// <param name="at">Its collection time, Unix milliseconds.</param>
/// <param name="values">A value for each; valid during the call.</param>
internal delegate void RecentSample(SeriesSet series, long at, ReadOnlySpan<double> values);

/// <summary>A host's newest samples, for judging them again.</summary>
/// <param name="ring">The samples.</param>
/// <param name="catalogue">Their series.</param>
/// <param name="interval">The agent's interval.</param>
internal sealed class RecentSamples(SampleRing ring, SeriesCatalogue catalogue, TimeSpan interval)
{
    /// <summary>The agent's interval.</summary>
    public TimeSpan Interval => interval;

    /// <summary>
    /// Collection times of rows that came late, or null. Whether the agent said so is not stored; but those that took much longer than others from their collection to us were
    /// kept back by it, whatever its clock says. Of most rows in a chunk it is no longer known when they came; they are taken for rows that came in time.
    /// </summary>
    public static HashSet<long>? LateOf(IReadOnlyList<JournalRow> rows)
    {
        var known = rows.Where(row => row.Received > 0).ToList();
        if (known.Count == 0) return null;
        var soonest = known.Min(row => row.Received - row.At);
        HashSet<long> late = [.. known.Where(row => row.Received - row.At - soonest > SampleJudge.Patience(TimeSpan.FromMilliseconds(row.IntervalMilliseconds)).TotalMilliseconds).Select(row => row.At)];
        return late.Count > 0 ? late : null;
    }

    /// <summary>Reads them, oldest first.</summary>
    public void Read(RecentSample onSample)
    {
        int[]? ids = null;
        var series = new SeriesSet([]);
        ring.Read((at, seriesIds, values) =>
        {
            if (ids is null || (!ReferenceEquals(ids, seriesIds) && !ids.AsSpan().SequenceEqual(seriesIds))) series = new SeriesSet([.. seriesIds.Select(id => catalogue.Names[id])]);
            ids = seriesIds;
            onSample(series, at, values);
        });
    }
}
