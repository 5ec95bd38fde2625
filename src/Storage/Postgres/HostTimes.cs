using Npgsql;
using StatusMonitor.Storage.History;

namespace StatusMonitor.Storage.Postgres;

/// <summary>From when to when the series of a host have values.</summary>
internal sealed class SeriesTimes
{
    private readonly SortedDictionary<int, (long FirstAt, long LastAt)> _extents = [];

    public static NpgsqlBatchCommand Select(long hostId) =>
        new("select series_ids, first_at, last_at from statusmonitor.series_times where host_id = $1") { Parameters = { new() { Value = hostId } } };

    /// <summary>Reads what <see cref="Select"/> found.</summary>
    public static async Task<SeriesTimes> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var times = new SeriesTimes();
        if (!await reader.ReadAsync(cancellationToken)) return times;
        var (ids, first, last) = (reader.GetFieldValue<int[]>(0), reader.GetFieldValue<long[]>(1), reader.GetFieldValue<long[]>(2));
        for (var i = 0; i < ids.Length; i++) times._extents.Add(ids[i], (first[i], last[i]));
        return times;
    }

    public NpgsqlBatchCommand Upsert(long hostId) => new("""
        insert into statusmonitor.series_times (host_id, series_ids, first_at, last_at) values ($1, $2, $3, $4)
        on conflict (host_id) do update set series_ids = excluded.series_ids, first_at = excluded.first_at, last_at = excluded.last_at
        """)
    {
        Parameters =
        {
            new() { Value = hostId },
            new() { Value = _extents.Keys.ToArray() },
            new() { Value = _extents.Values.Select(extent => extent.FirstAt).ToArray() },
            new() { Value = _extents.Values.Select(extent => extent.LastAt).ToArray() },
        },
    };

    /// <summary>Of a series, or null if it has no value.</summary>
    public (long FirstAt, long LastAt)? Of(int seriesId) => _extents.TryGetValue(seriesId, out var extent) ? extent : null;

    /// <summary>Lengthens what the values of these samples lengthen.</summary>
    public void Add(SampleBlock block)
    {
        foreach (var column in block.Columns)
        {
            var (first, last) = (0, column.Values.Length - 1);
            while (first <= last && double.IsNaN(column.Values[first])) first++;
            while (first <= last && double.IsNaN(column.Values[last])) last--;
            if (first > last) continue;
            var (firstAt, lastAt) = (block.Times[first], block.Times[last]);
            if (_extents.TryGetValue(column.SeriesId, out var known)) (firstAt, lastAt) = (Math.Min(known.FirstAt, firstAt), Math.Max(known.LastAt, lastAt));
            _extents[column.SeriesId] = (firstAt, lastAt);
        }
    }
}
