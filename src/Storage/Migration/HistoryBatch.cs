using StatusMonitor.Storage.History;
using StatusMonitor.Storage.Sqlite;

namespace StatusMonitor.Storage.Migration;

/// <summary>Encoded data of a host's hour or day.</summary>
internal readonly record struct EncodedPart(long HostId, long When, byte[] Data);

/// <summary>Some hours, on their way into PostgreSQL: samples and minutes of each; and days, of those hours that had to be put together.</summary>
/// <remarks>
/// A compacted hour is taken over byte for byte, since both stores encode alike. One with pieces that SQLite has not compacted yet, or with rows in a log, is
/// compacted on the way by the same rules, so that PostgreSQL's journal stays empty.
/// </remarks>
internal sealed class HistoryBatch(Func<long, Dictionary<int, string>> seriesOf, Func<long, long, byte[]?> dayOf)
{
    private readonly List<WaitingHour> _waiting = [];

    public List<EncodedPart> Samples { get; } = [];

    public List<EncodedPart> Minutes { get; } = [];

    public List<EncodedPart> Days { get; } = [];

    /// <summary>The last hour of them.</summary>
    public (long HostId, long Hour) Last { get; private set; }

    public int Hours { get; private set; }

    /// <summary>Bytes that were read.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether the day of the last hour has one that is to be put together: all such hours of a day must be in one batch, which writes the day.</summary>
    public bool IsWithinWaitingDay(long hostId, long hour) =>
        _waiting is [.., var last] && last.HostId == hostId && Sqlite.Hours.DayOf(last.Hour) == Sqlite.Hours.DayOf(hour);

    public void Add(long hostId, long hour, List<StoredChunk> chunks)
    {
        Last = (hostId, hour);
        Hours++;
        Bytes += chunks.Sum(chunk => (chunk.Samples?.Length ?? 0) + (chunk.Minutes?.Length ?? 0));
        if (chunks is [{ Part: 0 } whole]) AddAsIs(hostId, hour, whole);
        else _waiting.Add(new WaitingHour(hostId, hour, chunks, dayOf(hostId, Sqlite.Hours.DayOf(hour)), seriesOf(hostId)));
    }

    /// <summary>Puts together what is to be.</summary>
    public void Finish()
    {
        var days = _waiting.GroupBy(hour => (hour.HostId, Sqlite.Hours.DayOf(hour.Hour))).AsParallel().AsOrdered().Select(day => Compact([.. day])).ToList();
        foreach (var (host, asIs, day) in days)
        {
            foreach (var hour in asIs) AddAsIs(hour.HostId, hour.Hour, hour.Chunks[0]);
            if (host is null && day is { } unchanged) Days.Add(unchanged);
            if (host is null) continue;
            foreach (var hour in host.Hours)
            {
                if (hour.Samples is { } samples) Samples.Add(new EncodedPart(host.HostId, hour.From.Hour, samples));
                Minutes.Add(new EncodedPart(host.HostId, hour.From.Hour, hour.Minutes));
            }

            Days.AddRange(host.Days.Select(day => new EncodedPart(host.HostId, day.Day, day.Data)));
        }
    }

    /// <summary>
    /// The chunks of an hour that can be put together: all but the pieces that are damaged. If the compacted hour itself is, it stays as it is, without what came late for it.
    /// </summary>
    public static List<StoredChunk> Readable(List<StoredChunk> chunks)
    {
        if (chunks[0] is { Part: 0, Samples: not null } or { Part: 0, Minutes: not null } && !IsReadable(() => chunks[0].Samples is { } samples ? ChunkCodec.Decode(samples) : RollupCodec.Decode(chunks[0].Minutes!))) return [chunks[0]];
        return [.. chunks.Where(chunk => chunk.Part == 0 || IsReadable(() => ChunkCodec.Decode(chunk.Samples!)))];
    }

    private static (CompactedHost? Host, List<WaitingHour> AsIs, EncodedPart? Day) Compact(List<WaitingHour> day)
    {
        var isWhole = true;
        var host = CompactedHost.Of(day, _ => isWhole = false).FirstOrDefault();
        if (isWhole) return (host, [], null);

        // Only what is damaged is lost.
        var quarterHours = day[0].Day is { } data && IsReadable(() => RollupCodec.Decode(data)) ? data : null;
        var readable = day.ConvertAll(hour => hour with { Chunks = Readable(hour.Chunks), Day = quarterHours });
        host = CompactedHost.Of(readable.Where(hour => hour.Chunks.Exists(chunk => chunk.Part > 0)), _ => { }).FirstOrDefault();
        return (host, readable.FindAll(hour => hour.Chunks is [{ Part: 0 }]), day[0].Day is { } stored ? new EncodedPart(day[0].HostId, Sqlite.Hours.DayOf(day[0].Hour), stored) : null);
    }

    private static bool IsReadable(Func<object> decode)
    {
        try
        {
            decode();
            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private void AddAsIs(long hostId, long hour, StoredChunk whole)
    {
        if (whole.Samples is { } samples) Samples.Add(new EncodedPart(hostId, hour, samples));
        if (whole.Minutes is { } minutes) Minutes.Add(new EncodedPart(hostId, hour, minutes));
    }
}
