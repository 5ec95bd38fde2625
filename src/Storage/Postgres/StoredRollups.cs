using System.Runtime.CompilerServices;
using Npgsql;
using StatusMonitor.Storage.History;

namespace StatusMonitor.Storage.Postgres;

/// <summary>What is stored of a range of a host: the rollups, and of the hours that rows of the journal wait for, everything that theirs are made from.</summary>
/// <remarks>
/// However many hosts are read, it is one way to the database and back, and another one for hours with waiting rows; those ways are most of what a question costs.
/// </remarks>
internal sealed class StoredRollups
{
    private const long Hour = JournalPartitions.Hour;

    private readonly RollupQuestion _question;

    /// <summary>The rows of the journal; of all time if the catalogue is needed, which says since when there are values.</summary>
    private readonly List<JournalRow> _rows = [];
    private readonly SortedDictionary<long, List<JournalRow>> _waiting = [];
    private readonly List<SeriesEntry> _names = [];

    /// <summary>The rollups as they are stored, by hour or, of a quarter of an hour, by day.</summary>
    private readonly SortedDictionary<long, byte[]> _compacted = [];

    /// <summary>The gauges of four hours as they are stored, by their first hour, if they are read; then what is compacted has none of the minutes of those.</summary>
    private readonly Dictionary<long, byte[]> _gauges = [];
    private readonly HashSet<int> _counters = [];
    private readonly Dictionary<long, SampleBlock> _samples = [];

    /// <summary>Of the hours that rows wait for, if rollups of a quarter of an hour are read.</summary>
    private readonly Dictionary<long, byte[]> _minutes = [];
    private HostTimes _times = new();
    private int[] _ids = [];

    private StoredRollups(RollupQuestion question) => _question = question;

    /// <summary>Reads hosts.</summary>
    public static async Task<List<StoredRollups>> ReadAsync(NpgsqlConnection connection, IReadOnlyList<RollupQuestion> questions, RollupReading reading, CancellationToken cancellationToken)
    {
        var hosts = questions.Select(question => new StoredRollups(question)).ToList();
        var byId = hosts.ToLookup(host => host._question.HostId);
        // By whole hours: a bucket is of all its samples, also of those outside the range.
        var (first, last) = (JournalPartitions.HourOf(reading.Range.From), JournalPartitions.HourOf(reading.Range.To - 1));
        var fours = FourHours.Serving(reading);
        await using (var batch = new NpgsqlBatch(connection))
        {
            long[] all = [.. byId.Select(host => host.Key)];
            long[] unknown = [.. byId.Where(host => host.Any(one => one._question.NeedsCatalogue)).Select(host => host.Key)];
            batch.BatchCommands.Add(unknown.Length > 0 ? Journal(all, long.MinValue, long.MaxValue) : Journal(all, first * Hour, last < long.MaxValue / Hour ? (last + 1) * Hour : long.MaxValue));
            if (unknown.Length > 0) batch.BatchCommands.Add(Catalogue.Select(unknown));
            batch.BatchCommands.Add((reading.Tier, fours.First <= fours.Last) switch
            {
                (RollupTier.Minute, true) => MinutesOrGauges(all, first, last, fours),
                (RollupTier.Minute, false) => Between("minutes", "hour << 1", "hour", all, first, last),
                _ => Between("days", "day << 1", "day", all, HourCompaction.DayOf(first), HourCompaction.DayOf(last)),
            });

            await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
            await foreach (var (hostId, row) in RowsAsync(reader, cancellationToken)) ForEach(hostId, host => host._rows.Add(row));
            if (unknown.Length > 0)
            {
                await reader.NextResultAsync(cancellationToken);
                await foreach (var (hostId, series, times) in Catalogue.ReadAllAsync(reader, cancellationToken))
                {
                    ForEach(hostId, host =>
                    {
                        if (host._names.Count == 0) host._times = HostTimes.OfRuns(times);
                        host._names.AddRange(series);
                    });
                }
            }

            await reader.NextResultAsync(cancellationToken);
            await foreach (var (hostId, key, data) in Pieces.ReadHostsAsync(reader, cancellationToken))
            {
                ForEach(hostId, host =>
                {
                    if ((key & 1) == 0) host._compacted.Add(key >> 1, data);
                    else host._gauges.Add(key >> 1, data);
                });
            }
        }

        foreach (var host in hosts) host.Choose(first, last);
        await ReadWaitingAsync(connection, hosts, reading.Tier, first, last, cancellationToken);
        return hosts;

        void ForEach(long hostId, Action<StoredRollups> act)
        {
            foreach (var host in byId[hostId]) act(host);
        }
    }

    /// <summary>The buckets that begin in the range.</summary>
    public RollupBlock ToBlock(RollupReading reading)
    {
        var (tier, (from, to), steps, _) = reading;
        if (_ids.Length == 0) return RollupBlocks.Empty(tier);
        var rollups = new RollupJoin(tier, from, to, steps);
        if (tier == RollupTier.Minute) AddMinutes(rollups);
        else AddQuarterHours(rollups);
        return rollups.ToBlock();
    }

    private static NpgsqlBatchCommand Journal(long[] hostIds, long from, long to) => new(
        $"""
        select h.id, j.* from unnest($1) h(id)
        cross join lateral (select {PostgresSampleJournal.Columns} from statusmonitor.journal where host_id = h.id and at >= $2 and at < $3 order by at, received, seq) j
        """)
    {
        Parameters = { new() { Value = hostIds }, new() { Value = from }, new() { Value = to } },
    };

    /// <summary>Each host's in order; sorting all of them together would be done on disk.</summary>
    private static NpgsqlBatchCommand Between(string table, string key, string when, long[] hostIds, long first, long last) => new(
        $"""
        select h.id, d.* from unnest($1) h(id)
        cross join lateral (select {key}, data from statusmonitor.{table} where host_id = h.id and {when} between $2 and $3 order by {when}, piece) d
        """)
    {
        Parameters = { new() { Value = hostIds }, new() { Value = first }, new() { Value = last } },
    };

    /// <summary>The gauges of four hours, and the minutes of hours that are in none. Both in one statement, which sees one moment: between two of them four hours could be put together.</summary>
    private static NpgsqlBatchCommand MinutesOrGauges(long[] hostIds, long first, long last, (long First, long Last) fours) => new(
        """
        select h.id, d.key, d.data from unnest($1) h(id)
        cross join lateral (
            select (g.four << 3) | 1 as key, g.piece, g.data from statusmonitor.gauges g where g.host_id = h.id and g.four between $4 and $5
            union all
            select m.hour << 1, m.piece, m.data from generate_series($2, $3) hours(hour)
            cross join lateral (select hour, piece, data from statusmonitor.minutes where host_id = h.id and hour = hours.hour order by piece) m
            where not exists (select 1 from statusmonitor.gauges g where g.host_id = h.id and g.four = hours.hour >> 2 and g.four between $4 and $5)
            order by 1, 2) d
        """)
    {
        Parameters = { new() { Value = hostIds }, new() { Value = first }, new() { Value = last }, new() { Value = fours.First }, new() { Value = fours.Last } },
    };

    private static NpgsqlBatchCommand OfHours(string table, (long HostId, long Hour)[] hours) => new(
        $"""
        select h.id, d.* from unnest($1, $2) h(id, hour)
        cross join lateral (select hour, data from statusmonitor.{table} where host_id = h.id and hour = h.hour order by piece) d
        """)
    {
        Parameters = { new() { Value = hours.Select(hour => hour.HostId).ToArray() }, new() { Value = hours.Select(hour => hour.Hour).ToArray() } },
    };

    private static async IAsyncEnumerable<(long HostId, JournalRow Row)> RowsAsync(NpgsqlDataReader reader, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await reader.ReadAsync(cancellationToken)) yield return (reader.GetInt64(0), PostgresSampleJournal.Row(reader, first: 1));
    }

    /// <summary>What hours that rows wait for are made from; the chunks and minutes were read too early for what has moved meanwhile, but that is among the rows.</summary>
    private static async Task ReadWaitingAsync(NpgsqlConnection connection, List<StoredRollups> hosts, RollupTier tier, long first, long last, CancellationToken cancellationToken)
    {
        var open = hosts.Where(host => host._waiting.Count > 0).DistinctBy(host => host._question.HostId).ToList();
        if (open.Count == 0) return;
        var byId = hosts.ToLookup(host => host._question.HostId);
        (long, long)[] hours = [.. open.SelectMany(host => host._waiting.Keys.Select(hour => (host._question.HostId, hour)))];
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { OfHours("chunks", hours), Catalogue.Select([.. open.Select(host => host._question.HostId)]) } };

        // Gauges do not have what waits for one of their hours, and are nothing that it could be merged into.
        var reopened = hosts.SelectMany(host => host.Reopen(first, last)).Distinct().ToArray();
        if (tier == RollupTier.QuarterHour) batch.BatchCommands.Add(OfHours("minutes", hours));
        else if (reopened.Length > 0) batch.BatchCommands.Add(OfHours("minutes", reopened));

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await foreach (var (hostId, hour, data) in Pieces.ReadHostsAsync(reader, cancellationToken))
        {
            foreach (var host in byId[hostId]) host._samples.Add(hour, ChunkCodec.Decode(data, host._ids));
        }

        await reader.NextResultAsync(cancellationToken);
        await foreach (var (hostId, series, _) in Catalogue.ReadAllAsync(reader, cancellationToken))
        {
            foreach (var host in byId[hostId]) host._counters.UnionWith(series.Where(one => SeriesCounters.IsCounter(one.Name)).Select(one => one.Id));
        }

        if (!await reader.NextResultAsync(cancellationToken)) return;
        await foreach (var (hostId, hour, data) in Pieces.ReadHostsAsync(reader, cancellationToken))
        {
            foreach (var host in byId[hostId]) (tier == RollupTier.QuarterHour ? host._minutes : (IDictionary<long, byte[]>)host._compacted).Add(hour, data);
        }
    }

    private void Choose(long first, long last)
    {
        _ids = [.. _question.Choose(_question.NeedsCatalogue ? Series() : null)];
        if (_ids.Length == 0) return;
        foreach (var hour in _rows.GroupBy(row => JournalPartitions.HourOf(row.At)))
        {
            if (hour.Key >= first && hour.Key <= last) _waiting.Add(hour.Key, [.. hour]);
        }
    }

    private List<StoredSeries> Series()
    {
        if (_rows.Count > 0) _times.Add(SampleBlocks.Of(_rows));
        return _times.Of(_names);
    }

    /// <summary>Forgets the gauges of four hours for which rows wait; gives those of their hours that are read.</summary>
    private IEnumerable<(long HostId, long Hour)> Reopen(long first, long last)
    {
        foreach (var four in _waiting.Keys.Select(FourHours.Of).Distinct())
        {
            if (!_gauges.Remove(FourHours.FirstHour(four))) continue;
            for (var hour = Math.Max(first, FourHours.FirstHour(four)); hour <= Math.Min(last, FourHours.LastHour(four)); hour++) yield return (_question.HostId, hour);
        }
    }

    private void AddMinutes(RollupJoin rollups)
    {
        foreach (var hour in _compacted.Keys.Concat(_waiting.Keys).Concat(_gauges.Keys).Distinct().Order())
        {
            if (_gauges.TryGetValue(hour, out var gauges))
            {
                RollupCodec.Decode(gauges, _ids, rollups);
                continue;
            }

            // What waits for an hour is not in its rollups yet.
            if (_waiting.ContainsKey(hour)) rollups.Add(Merge(hour, _compacted.GetValueOrDefault(hour)).Minutes);
            else RollupCodec.Decode(_compacted[hour], _ids, rollups);
        }
    }

    private void AddQuarterHours(RollupJoin rollups)
    {
        // Mostly only something of today waits; the days before that need not be put together first.
        var open = _waiting.Count == 0 ? long.MaxValue : HourCompaction.DayOf(_waiting.Keys.First());
        foreach (var (_, day) in _compacted.TakeWhile(day => day.Key < open)) RollupCodec.Decode(day, _ids, rollups);
        if (_waiting.Count == 0) return;
        var days = _compacted.SkipWhile(day => day.Key < open).Select(day => RollupCodec.Decode(day.Value, _ids)).ToList();
        rollups.Add(_waiting.Keys.Aggregate(Rollups.Join(RollupTier.QuarterHour, days), (quarterHours, hour) => Merge(hour, _minutes.GetValueOrDefault(hour)).Into(quarterHours)));
    }

    /// <summary>An hour with the rows that wait for it.</summary>
    /// <param name="hour">The hour.</param>
    /// <param name="stored">Its rollups of a minute, or null if there are none.</param>
    private HourMerge Merge(long hour, byte[]? stored)
    {
        var samples = _samples.GetValueOrDefault(hour);
        var minutes = stored is null ? null : RollupCodec.Decode(stored, _ids);
        var rows = SampleBlocks.Of(_waiting[hour]);
        var late = rows with { Columns = [.. rows.Columns.Where(column => Array.BinarySearch(_ids, column.SeriesId) >= 0)] };
        return HourMerge.Of(samples is null && minutes is null ? null : (samples, minutes), [late], _counters.Contains);
    }
}
