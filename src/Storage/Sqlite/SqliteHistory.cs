using System.Collections.Immutable;
using StatusMonitor.Storage.History;

namespace StatusMonitor.Storage.Sqlite;

/// <summary>The history in SQLite: what is in the journal's logs, in pieces and in compacted hours, as one.</summary>
/// <remarks>
/// A row leaves a log only once it is in a chunk, and a piece goes in the transaction that brings it into its hour; so whoever looks into the logs first and then
/// reads the rest in one transaction misses nothing, and what it sees twice is of the same host and time.
/// </remarks>
public sealed class SqliteHistory(SqliteStore store, SqliteSampleJournal journal) : IHistory
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<StoredSeries>> ReadSeriesAsync(long hostId, CancellationToken cancellationToken)
    {
        var logged = LoggedSamples.Of(journal.LoggedOf(hostId), long.MinValue, long.MaxValue);
        return await store.ReadHereAsync(reader => ReadSeries(reader, hostId, logged), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<SampleBlock> ReadSamplesAsync(long hostId, ImmutableArray<int> seriesIds, long from, long to, CancellationToken cancellationToken)
    {
        var ids = seriesIds.Sort();
        var logged = LoggedSamples.Of(journal.LoggedOf(hostId), from, to).Select(block => block.Only(ids)).ToList();
        return await store.ReadHereAsync(reader => SampleBlocks.Merge([.. ReadSamples(reader, hostId, ids, from, to), .. logged]), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RollupBlock>> ReadRollupsAsync(IReadOnlyList<RollupQuestion> questions, RollupReading reading, CancellationToken cancellationToken)
    {
        var range = reading.Range;
        if (range.From >= range.To) return [.. questions.Select(_ => RollupBlocks.Empty(reading.Tier))];
        var logged = questions.Select(question => LoggedSamples.Of(
            journal.LoggedOf(question.HostId), question.NeedsCatalogue ? long.MinValue : Hours.Begin(Hours.Of(range.From)), question.NeedsCatalogue ? long.MaxValue : Hours.End(Hours.Of(range.To - 1)))).ToList();
        return await store.ReadHereAsync(reader => questions.Zip(logged, (question, rows) => ReadRollups(reader, question, rows, reading)).ToList(), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<TimeRange>> ReadAwayAsync(long from, long to, CancellationToken cancellationToken)
    {
        var runs = new List<TimeRange>();
        return await store.ReadHereAsync(
            reader =>
            {
                reader.Each("select from_at, to_at from server_runs order by from_at", row => runs.Add(new TimeRange(row.Number(0), row.Number(1))));
                return runs.Zip(runs.Skip(1), (before, after) => new TimeRange(Math.Max(before.To, from), Math.Min(after.From, to))).Where(gap => gap.From < gap.To).ToList();
            },
            cancellationToken);
    }

    private static List<StoredSeries> ReadSeries(SqliteReader reader, long hostId, List<SampleBlock> logged)
    {
        var spans = new Dictionary<int, SeriesSpan>();
        foreach (var block in logged) SeriesSpan.Add(spans, block);
        reader.Each(
            "select samples from chunks indexed by chunks_place where host_id = ?1 and part > 0 and samples is not null", row => SeriesSpan.Add(spans, ChunkCodec.Decode(row.Blob(0))), hostId);

        var series = new List<StoredSeries>();
        reader.Each(
            "select series_id, name, first_at, last_at from series where host_id = ?1 order by series_id",
            row =>
            {
                var id = (int)row.Number(0);
                var span = spans.GetValueOrDefault(id, SeriesSpan.None);
                if (!row.IsNull(2)) span = span.With(new SeriesSpan(row.Number(2), row.Number(3)));
                if (span != SeriesSpan.None) series.Add(new StoredSeries(id, row.Text(1), span.FirstAt, span.LastAt));
            },
            hostId);
        return series;
    }

    private static RollupBlock ReadRollups(SqliteReader reader, RollupQuestion question, List<SampleBlock> logged, RollupReading reading)
    {
        var (tier, (from, to), steps, _) = reading;
        var ids = question.Choose(question.NeedsCatalogue ? ReadSeries(reader, question.HostId, logged) : null);
        if (ids.IsEmpty) return RollupBlocks.Empty(tier);

        // Whole hours, whose first and last buckets are cut off in the end: a bucket needs all of its samples.
        var (first, last) = (Hours.Of(from), Hours.Of(to - 1));
        var open = new OpenHours(reader, question.HostId, ids, logged.Where(block => Hours.Of(block.Times[0]) is var hour && hour >= first && hour <= last).ToDictionary(block => Hours.Of(block.Times[0]), block => block.Only(ids)));
        var rollups = new RollupJoin(tier, from, to, steps);
        if (tier == RollupTier.Minute) AddMinutes(reader, question.HostId, ids, first, last, open, FourHours.Serving(reading), rollups);
        else AddQuarterHours(reader, question.HostId, ids, first, last, open, rollups);
        return rollups.ToBlock();
    }

    private static List<SampleBlock> ReadSamples(SqliteReader reader, long hostId, ImmutableArray<int> ids, long from, long to)
    {
        var blocks = new List<SampleBlock>();
        reader.Each(
            """
            select samples from chunks
            where host_id = ?1 and hour between ?2 and ?3 and to_at >= ?4 and from_at < ?5 and samples is not null order by hour, part
            """,
            row => blocks.Add(SampleBlocks.Slice(ChunkCodec.Decode(row.Blob(0), ids.AsSpan()), from, to)),
            hostId,
            Hours.Of(from),
            Hours.Of(to),
            from,
            to);
        return blocks;
    }

    private static void AddMinutes(
        SqliteReader reader, long hostId, ImmutableArray<int> ids, long first, long last, OpenHours open, (long First, long Last) fours, RollupJoin rollups)
    {
        var waiting = open.Between(first, last);
        var next = first;
        if (fours.First <= fours.Last)
        {
            reader.Each(
                "select four, data from gauges where host_id = ?1 and four between ?2 and ?3 order by four",
                row =>
                {
                    var (begin, end) = (FourHours.FirstHour(row.Number(0)), FourHours.LastHour(row.Number(0)));
                    if (waiting.GetViewBetween(begin, end).Count > 0) return;
                    AddUpTo(begin - 1);
                    RollupCodec.Decode(row.Blob(1), ids.AsSpan(), rollups);
                    next = end + 1;
                },
                hostId,
                fours.First,
                fours.Last);
        }

        AddUpTo(last);

        void AddUpTo(long hour)
        {
            if (next <= hour) AddMinutes(reader, hostId, ids, next, hour, open, new Queue<long>(waiting.GetViewBetween(next, hour)), rollups);
        }
    }

    private static void AddMinutes(SqliteReader reader, long hostId, ImmutableArray<int> ids, long first, long last, OpenHours open, Queue<long> waiting, RollupJoin rollups)
    {
        reader.Each(
            "select hour, minutes from chunks where host_id = ?1 and hour between ?2 and ?3 and part = 0 and minutes is not null order by hour",
            row =>
            {
                var hour = row.Number(0);
                while (waiting.TryPeek(out var earlier) && earlier < hour) rollups.Add(open.Merge(waiting.Dequeue()).Minutes);
                if (waiting.TryPeek(out var same) && same == hour) rollups.Add(open.Merge(waiting.Dequeue()).Minutes);
                else RollupCodec.Decode(row.Blob(1), ids.AsSpan(), rollups);
            },
            hostId,
            first,
            last);
        while (waiting.TryDequeue(out var hour)) rollups.Add(open.Merge(hour).Minutes);
    }

    private static void AddQuarterHours(SqliteReader reader, long hostId, ImmutableArray<int> ids, long first, long last, OpenHours open, RollupJoin rollups)
    {
        const string Days = "select data from days where host_id = ?1 and day between ?2 and ?3 order by day";
        var waiting = open.Between(first, last);
        // Mostly only something of today waits; the days before that need not be put together first.
        var day = waiting.Count == 0 ? Hours.DayOf(last) + 1 : Hours.DayOf(waiting.Min);
        reader.Each(Days, row => RollupCodec.Decode(row.Blob(0), ids.AsSpan(), rollups), hostId, Hours.DayOf(first), day - 1);
        if (waiting.Count == 0) return;

        var days = new List<RollupBlock>();
        reader.Each(Days, row => days.Add(RollupCodec.Decode(row.Blob(0), ids.AsSpan())), hostId, day, Hours.DayOf(last));
        rollups.Add(waiting.Aggregate(Rollups.Join(RollupTier.QuarterHour, days), (quarterHours, hour) => open.Merge(hour).Into(quarterHours)));
    }

    /// <summary>Hours of a host that something came for which is not compacted yet.</summary>
    private sealed class OpenHours(SqliteReader reader, long hostId, ImmutableArray<int> ids, Dictionary<long, SampleBlock> logged)
    {
        private Dictionary<int, string>? _names;

        /// <summary>Those in a range, both ends included, ascending.</summary>
        public SortedSet<long> Between(long first, long last)
        {
            var hours = new SortedSet<long>(logged.Keys);
            reader.Each(
                "select distinct hour from chunks indexed by chunks_place where host_id = ?1 and hour between ?2 and ?3 and part > 0", row => hours.Add(row.Number(0)), hostId, first, last);
            return hours;
        }

        public HourMerge Merge(long hour)
        {
            if (_names is null)
            {
                _names = [];
                reader.Each("select series_id, name from series where host_id = ?1", row => _names.Add((int)row.Number(0), row.Text(1)), hostId);
            }

            (SampleBlock?, RollupBlock?)? compacted = null;
            var late = new List<SampleBlock>();
            reader.Each(
                "select part, minutes, samples from chunks where host_id = ?1 and hour = ?2 order by part",
                row =>
                {
                    if (row.Number(0) > 0) late.Add(ChunkCodec.Decode(row.Blob(2), ids.AsSpan()));
                    else compacted = (row.IsNull(2) ? null : ChunkCodec.Decode(row.Blob(2), ids.AsSpan()), row.IsNull(1) ? null : RollupCodec.Decode(row.Blob(1), ids.AsSpan()));
                },
                hostId,
                hour);
            if (logged.TryGetValue(hour, out var newest)) late.Add(newest);
            return HourMerge.Of(compacted, late, IsCounter);
        }

        private bool IsCounter(int seriesId) => _names!.TryGetValue(seriesId, out var name) && SeriesCounters.IsCounter(name);
    }
}
