using Npgsql;
using StatusMonitor.Storage.History;

namespace StatusMonitor.Storage.Postgres;

/// <summary>The newest sample of a host that is compacted, and from when to when its series have values.</summary>
/// <remarks>
/// Series are stored as runs that have the same times, which nearly all have that a host always reports: number of the first, how many, first and last time.
/// </remarks>
internal sealed class HostTimes
{
    private readonly SortedDictionary<int, SeriesSpan> _spans = [];

    /// <summary>The newest sample but for its values, or null if none is compacted. It stays known when samples are kept no longer.</summary>
    public JournalRow? Newest { get; private set; }

    public static NpgsqlBatchCommand Select(long hostId) =>
        new("select newest_at, newest_received, newest_seq, newest_interval, series from statusmonitor.host_times where host_id = $1") { Parameters = { new() { Value = hostId } } };

    /// <summary>Reads what <see cref="Select"/> found.</summary>
    public static async Task<HostTimes> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        if (!await reader.ReadAsync(cancellationToken)) return new HostTimes();
        var times = OfRuns(reader.GetFieldValue<long[]>(4));
        times.Newest = new JournalRow(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt32(3), []);
        return times;
    }

    /// <summary>Those of series alone, as they are stored.</summary>
    public static HostTimes OfRuns(long[] runs)
    {
        var times = new HostTimes();
        foreach (var run in runs.Chunk(4))
        {
            for (var i = 0; i < run[1]; i++) times._spans.Add((int)run[0] + i, new SeriesSpan(run[2], run[3]));
        }

        return times;
    }

    /// <summary>Stores them, once there is a newest sample.</summary>
    public NpgsqlBatchCommand Upsert(long hostId) => new("""
        insert into statusmonitor.host_times (host_id, newest_at, newest_received, newest_seq, newest_interval, series) values ($1, $2, $3, $4, $5, $6)
        on conflict (host_id) do update set newest_at = excluded.newest_at, newest_received = excluded.newest_received, newest_seq = excluded.newest_seq,
            newest_interval = excluded.newest_interval, series = excluded.series
        """)
    {
        Parameters =
        {
            new() { Value = hostId },
            new() { Value = Newest!.Value.At },
            new() { Value = Newest.Value.Received },
            new() { Value = Newest.Value.Sequence },
            new() { Value = Newest.Value.IntervalMilliseconds },
            new() { Value = Runs().ToArray() },
        },
    };

    /// <summary>Of a series, or null if it has no value.</summary>
    public SeriesSpan? Of(int seriesId) => _spans.TryGetValue(seriesId, out var span) ? span : null;

    /// <summary>The series of a catalogue that have values. One without a value has no time either: it came with a row that was known already.</summary>
    public List<StoredSeries> Of(IEnumerable<SeriesEntry> catalogue)
    {
        var series = new List<StoredSeries>();
        foreach (var (id, name) in catalogue)
        {
            if (Of(id) is { } span) series.Add(new StoredSeries(id, name, span.FirstAt, span.LastAt));
        }

        return series;
    }

    /// <summary>Lengthens what the values of these samples lengthen.</summary>
    public void Add(SampleBlock block)
    {
        foreach (var column in block.Columns)
        {
            var (first, last) = (0, column.Values.Length - 1);
            while (first <= last && double.IsNaN(column.Values[first])) first++;
            while (first <= last && double.IsNaN(column.Values[last])) last--;
            if (first <= last) _spans[column.SeriesId] = (Of(column.SeriesId) ?? SeriesSpan.None).With(new SeriesSpan(block.Times[first], block.Times[last]));
        }
    }

    /// <summary>Takes the newest of these rows, ordered by time and then as they came. Of a time that is known the known one counts.</summary>
    public void Add(IReadOnlyList<JournalRow> rows)
    {
        var newest = rows.First(row => row.At == rows[^1].At);
        if (Newest is null || newest.At > Newest.Value.At) Newest = newest;
    }

    /// <summary>Lengthens the times of a series.</summary>
    public void Add(int seriesId, SeriesSpan span) => _spans[seriesId] = (Of(seriesId) ?? SeriesSpan.None).With(span);

    /// <summary>The times of the series, as they are stored.</summary>
    public List<long> Runs()
    {
        var runs = new List<long>();
        foreach (var (id, span) in _spans)
        {
            if (runs is [.., var first, var count, var firstAt, var lastAt] && id == first + count && span == new SeriesSpan(firstAt, lastAt)) runs[^3]++;
            else runs.AddRange([id, 1, span.FirstAt, span.LastAt]);
        }

        return runs;
    }
}
