using StatusMonitor.Storage.History;

namespace StatusMonitor.Storage.Sqlite;

/// <summary>A chunk as it is stored.</summary>
internal sealed record StoredChunk(long Id, int Part, long FromAt, JournalRow Newest, int Count, byte[]? Minutes, byte[]? Samples);

/// <summary>An hour of a host that has pieces, with all that is stored of it.</summary>
/// <param name="HostId">The host.</param>
/// <param name="Hour">Hours since the Unix epoch.</param>
/// <param name="Chunks">By part.</param>
/// <param name="Day">The rollups of fifteen minutes of its day, or null.</param>
/// <param name="Series">Names of the host's series.</param>
/// <param name="Four">The four hours it is in, or null if they are not to be put together yet.</param>
internal sealed record WaitingHour(long HostId, long Hour, List<StoredChunk> Chunks, byte[]? Day, Dictionary<int, string> Series, WaitingFour? Four = null);

/// <summary>Four hours that have to be put together with one of them.</summary>
/// <param name="Hours">The minutes of the others.</param>
/// <param name="Before">How many bytes are stored of them.</param>
internal sealed record WaitingFour(List<(long Hour, byte[] Minutes)> Hours, int Before);

/// <summary>An hour as it is to be stored in place of the chunks it was made of.</summary>
internal sealed record CompactedHour(WaitingHour From, long FromAt, JournalRow Newest, int Count, byte[] Minutes, byte[]? Samples)
{
    /// <exception cref="InvalidDataException">A chunk is damaged.</exception>
    public static (CompactedHour Hour, HourMerge Merged) Of(WaitingHour hour)
    {
        var first = hour.Chunks[0];
        (SampleBlock?, RollupBlock?)? compacted = first.Part > 0
            ? null
            : (first.Samples is null ? null : ChunkCodec.Decode(first.Samples), first.Samples is not null || first.Minutes is null ? null : RollupCodec.Decode(first.Minutes));
        var late = hour.Chunks.Where(chunk => chunk.Part > 0).Select(chunk => ChunkCodec.Decode(chunk.Samples!)).ToList();
        var merged = HourMerge.Of(compacted, late, id => hour.Series.TryGetValue(id, out var name) && SeriesCounters.IsCounter(name));
        var made = new CompactedHour(
            hour,
            hour.Chunks.Min(chunk => chunk.FromAt),
            hour.Chunks.MaxBy(chunk => chunk.Newest.At)!.Newest,
            merged.Samples?.Times.Length ?? first.Count,
            RollupCodec.Encode(merged.Minutes),
            merged.Samples is null ? null : ChunkCodec.Encode(merged.Samples));
        return (made, merged);
    }
}

/// <summary>What compaction has made of some hours of one host.</summary>
/// <param name="HostId">The host.</param>
/// <param name="Hours">The hours.</param>
/// <param name="Days">The rollups of fifteen minutes of each of their days, and how many bytes those were before.</param>
/// <param name="Fours">The gauges of the four hours that are put together with them; null if that cannot be. And how many bytes those were before.</param>
/// <param name="Series">From when to when these hours have values of a series.</param>
/// <param name="Values">Values in these hours.</param>
internal sealed record CompactedHost(
    long HostId, List<CompactedHour> Hours, List<(long Day, byte[] Data, int Before)> Days, List<(long Four, byte[]? Data, int Before)> Fours, Dictionary<int, SeriesSpan> Series, long Values)
{
    /// <summary>Encodes hours. One that cannot be read is told and left out.</summary>
    public static List<CompactedHost> Of(IEnumerable<WaitingHour> waiting, Action<WaitingHour> onDamaged) =>
        [.. waiting.GroupBy(hour => hour.HostId).Select(hours => Of(hours.Key, hours, onDamaged)).Where(host => host.Hours.Count > 0)];

    private static CompactedHost Of(long hostId, IEnumerable<WaitingHour> waiting, Action<WaitingHour> onDamaged)
    {
        var hours = new List<CompactedHour>();
        var minutes = new List<(long Hour, RollupBlock Minutes)>();
        var days = new Dictionary<long, (RollupBlock Rollups, int Before)>();
        var series = new Dictionary<int, SeriesSpan>();
        var values = 0L;
        foreach (var hour in waiting)
        {
            try
            {
                var day = Sqlite.Hours.DayOf(hour.Hour);
                var (made, merged) = CompactedHour.Of(hour);
                var known = days.TryGetValue(day, out var earlier)
                    ? earlier
                    : (Rollups: hour.Day is null ? RollupBlocks.Empty(RollupTier.QuarterHour) : RollupCodec.Decode(hour.Day), Before: hour.Day?.Length ?? 0);
                days[day] = (merged.Into(known.Rollups), known.Before);
                values += SeriesSpan.Add(series, merged.Samples ?? merged.Late);
                hours.Add(made);
                minutes.Add((hour.Hour, merged.Minutes));
            }
            catch (InvalidDataException)
            {
                onDamaged(hour);
            }
        }

        return new CompactedHost(hostId, hours, [.. days.Select(day => (day.Key, RollupCodec.Encode(day.Value.Rollups), day.Value.Before))], FoursOf(hours, minutes), series, values);
    }

    private static List<(long Four, byte[]? Data, int Before)> FoursOf(List<CompactedHour> hours, List<(long Hour, RollupBlock Minutes)> made)
    {
        var fours = new List<(long, byte[]?, int)>();
        foreach (var (four, some) in hours.Where(hour => hour.From.Four is not null).GroupBy(hour => FourHours.Of(hour.From.Hour)).Select(some => (some.Key, some.First().From)))
        {
            fours.Add((four, FourHours.Encode(some.Four!.Hours, made.Where(hour => FourHours.Of(hour.Hour) == four)), some.Four.Before));
        }

        return fours;
    }
}
